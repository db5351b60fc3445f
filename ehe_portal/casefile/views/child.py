"""One child's whole story."""

from typing import Any

from flask import render_template

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.audit.service import note_reading
from ehe_portal.casefile.queries import child as queries
from ehe_portal.casefile.queries import household
from ehe_portal.casefile.rules import history
from ehe_portal.contact import queries as contact
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child

LATEST = 5
pages = Pages("child", __name__, url_prefix="/children/<string:reference>")


@pages.page("", needs=Permission.CHILD_READ, on=queries.visible_standing)
def overview(work: Work, standing: queries.Standing) -> Any:
    """Where the child stands, what cannot wait, and what to do next."""
    child = standing.child
    return render_template(
        "casefile/overview.html",
        child=child,
        edge=edge_asked(work, standing),
        standing=standing,
        visits=contact.upcoming_visits(work, child.id) if standing.offered else (),
        contacts=contact.latest_contacts(work, child.id, LATEST),
        assessment=evidence.latest_assessment(work, child.id) if standing.assessed else None,
        review=evidence.review_of(work, child) if standing.assessed else None,
        plan=register.plan_of(work, child) if child.sen_status is SenStatus.EHCP else None,
        siblings=household.siblings(work, child) if standing.in_a_family else (),
    )


def edge_asked(work: Work, standing: queries.Standing) -> Any:
    """Between which two days someone is to say, now, with which the child's school age ends; None for most."""
    child, episode = standing.child, standing.episode
    if episode is None or not episode.is_open or child.age_ends_said_on is not None:
        return None
    edge = register.edge_of(work, child)
    return edge if edge is not None and edge.is_asked(work.today) else None


@pages.page("/people", needs=Permission.CHILD_READ, on=queries.visible_standing)
def people(work: Work, standing: queries.Standing) -> Any:
    """Who cares for the child, where they live and lived, and who belongs to the family; of a protected child, not
    where it is."""
    return show_people(work, standing.child, whereabouts=not standing.child.protected)


@pages.page("/people/protected-address", needs=Permission.CHILD_READ_PROTECTED, on=queries.visible_standing)
def protected_address(work: Work, standing: queries.Standing) -> Any:
    """The same with where a protected child is, for those who may know; each time it is noted who asked."""
    child = standing.child
    if child.protected:
        note_reading(work, "protected-address", authority_id=child.authority_id, child_id=child.id)
    return show_people(work, child, whereabouts=True)


def show_people(work: Work, child: Child, *, whereabouts: bool) -> Any:
    """The page of people and addresses, with what was written down before."""
    reasons = permits(work.actor, Permission.CHILD_READ_PROTECTED)
    before = register.earlier_details(work, child, whereabouts=whereabouts, reasons=reasons)
    named = accounts.names_of(work, {*(one.by_id for one in before), *(one.confirmed_by_id for one in child.addresses)})
    may_change = permits(work.actor, Permission.CHILD_CHANGE)
    return render_template(
        "casefile/people.html",
        child=child,
        whereabouts=whereabouts,
        earlier=history.earlier(before, named, whereabouts=whereabouts),
        names=named,
        edge=register.edge_of(work, child) if register.episode_of_age(work, child) else None,
        siblings=household.siblings(work, child),
        proposals=register.household_proposals(work, child) if may_change else [],
    )
