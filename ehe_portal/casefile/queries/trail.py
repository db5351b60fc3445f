"""Reading the audit trail."""

from sqlalchemy import Row, select

from ehe_portal.accounts.models import Account
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

PAGE = 100


def trail(work: Work, before: int | None = None) -> tuple[list[Row[AuditEntry, str, str]], int | None]:
    """What happened in this authority, the latest first, with who did it, about which child; the next page's key."""
    found = (
        select(AuditEntry, Account.name, Child.reference)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Child, Child.id == AuditEntry.child_id)
        .where(AuditEntry.authority_id == work.scope.authority_id)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        found = found.where(AuditEntry.id < before)
    rows = list(work.session.execute(found).all())
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None
