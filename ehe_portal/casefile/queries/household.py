"""The children of one family, as each one's pages list the others: never with a word about where anybody lives."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from ehe_portal.casefile import rules
from ehe_portal.casefile.queries.sight import within
from ehe_portal.casefile.rules import Badge
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Episode, HouseholdVerdict

ENQUIRY = exists().where(Escalation.child_id == Child.id, Escalation.state == State.ENQUIRY)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A line about another child of the family."""

    reference: str
    name: str
    age: int
    badge: Badge
    due_on: date | None
    protected: bool


def siblings(work: Work, child: Child) -> list[Sibling]:
    """The other children of a child's family, the eldest first. The child has been found in scope."""
    rows = work.session.execute(
        select(Child, Episode, ContactClock, ENQUIRY)
        .outerjoin(Episode, Episode.child_id == Child.id)
        .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
        .where(Child.id.in_(register.others_of(child.id, HouseholdVerdict.LINKED)), within(work, Child.authority_id))
        .order_by(
            Child.date_of_birth, Child.id, Episode.closed_on.is_not(None), Episode.opened_on.desc(), Episode.id.desc()
        )
    )
    found: dict[int, Sibling] = {}
    for other, episode, clock, enquiry in rows:
        if other.id not in found:
            found[other.id] = sibling(work, other, episode, clock, enquiry)
    return list(found.values())


def sibling(work: Work, child: Child, episode: Episode | None, clock: ContactClock | None, enquiry: bool) -> Sibling:
    """One line."""
    running = clock if clock is not None and clock.is_running else None
    return Sibling(
        reference=child.reference,
        name=child.name,
        age=rules.age(child.date_of_birth, work.today),
        badge=rules.badge_of(episode, lapsed=running is not None and running.lapsed_on is not None, enquiry=enquiry),
        due_on=running.due_on if running is not None else None,
        protected=child.protected,
    )
