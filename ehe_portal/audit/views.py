"""The trail, for those who check."""

from typing import Any

from flask import render_template, request

from ehe_portal.accounts.policy import Permission
from ehe_portal.audit import queries
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("audit", __name__)
ALL_PAGES = (pages,)


@pages.page("/audit", needs=Permission.AUDIT_READ)
def trail(work: Work) -> Any:
    """What happened, who did it, when."""
    entries, more = queries.trail(work, request.args.get("before", type=int))
    return render_template("audit/trail.html", entries=entries, more=more)
