"""A family's own page."""

from typing import Any

from flask import render_template

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries import family as queries
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("family", __name__, url_prefix="/family")


@pages.page("", needs=Permission.FAMILY_READ)
def home(work: Work) -> Any:
    """The children of this account."""
    return render_template("casefile/family_home.html", children=queries.our_children(work))


@pages.page("/children/<string:reference>", needs=Permission.FAMILY_READ, on=queries.our_child)
def child(work: Work, ours: queries.Ours) -> Any:
    """Where things stand, what happens next and when, and what the family can do."""
    return render_template("casefile/family_child.html", ours=ours)
