"""The trail, for those who check."""

from typing import Any

from flask import render_template

from ehe_portal.accounts.policy import Permission
from ehe_portal.audit import queries
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work

pages = Pages("audit", __name__)
ALL_PAGES = (pages,)


@pages.page("/audit", needs=Permission.AUDIT_READ)
def trail(work: Work) -> Any:
    """What happened, who did it, when."""
    entries, more = queries.trail(work, key_asked("before"))
    return render_template("audit/trail.html", entries=entries, more=more)
