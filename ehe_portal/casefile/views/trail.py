"""The audit trail, for those who check."""

from typing import Any, Final

from flask import render_template

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import trail as queries
from ehe_portal.casefile.rules import trail as rules
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import VISITOR, Work

pages = Pages("audit", __name__)
ROLES: Final = {role.value: role.label for role in Role}


def whose(entry: AuditEntry, holders: dict[int, str]) -> str | None:
    """The name of the holder of the account that a visitor used."""
    return holders.get(entry.details.get("account_id", 0)) if entry.actor == VISITOR.label else None


@pages.page("/audit", needs=Permission.AUDIT_READ)
def trail(work: Work) -> Any:
    """What happened, who did it, when."""
    rows, more = queries.trail(work, key_asked("before"))
    # Whoever signs in is nobody yet at that moment; the entry says whose account it was.
    holders = accounts.names_of(work, [entry.details.get("account_id") for entry, name, _ in rows if not name])
    entries = [
        (
            entry.at,
            rules.by(name or whose(entry, holders), entry.actor, ROLES),
            rules.title(entry.kind),
            child,
            rules.details(entry.details, ROLES),
        )
        for entry, name, child in rows
    ]
    return render_template("casefile/trail.html", entries=entries, more=more)
