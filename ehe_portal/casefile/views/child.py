"""One child's whole story."""

from typing import Any

from flask import render_template

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries import child as queries
from ehe_portal.contact import queries as contact
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence

LATEST = 5
pages = Pages("child", __name__, url_prefix="/children/<string:reference>")


@pages.page("", needs=Permission.CHILD_READ, on=queries.visible_standing)
def overview(work: Work, standing: queries.Standing) -> Any:
    """Where the child stands, what cannot wait, and what to do next."""
    child = standing.child
    return render_template(
        "casefile/overview.html",
        child=child,
        standing=standing,
        visits=contact.upcoming_visits(work, child.id) if standing.offered else (),
        contacts=contact.latest_contacts(work, child.id, LATEST),
        assessment=evidence.latest_assessment(work, child.id) if standing.assessed else None,
    )


@pages.page("/chronology", needs=Permission.CHILD_READ, on=queries.visible_standing)
def chronology(work: Work, standing: queries.Standing) -> Any:
    """Everything that happened, the latest first."""
    happenings, more = queries.chronology(work, standing.child, key_asked("before"))
    return render_template("casefile/chronology.html", child=standing.child, happenings=happenings, more=more)


@pages.page("/people", needs=Permission.CHILD_READ, on=queries.visible_standing)
def people(work: Work, standing: queries.Standing) -> Any:
    """Who cares for the child, and where they live and lived."""
    return render_template("casefile/people.html", child=standing.child)
