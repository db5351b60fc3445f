"""Is any child out of sight? The invariant, as one query for each of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Arrangement, Destination
from ehe_portal.core.days import add_working_days, bank_holidays_end_soon
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.models import Child, Episode


@dataclass(frozen=True)
class Sight:
    """What `flask register doctor` says. `out_of_sight` is the number that must be 0; the rest explains or warns."""

    children: int
    in_no_state: list[str] = field(default_factory=list)
    in_two_states: list[str] = field(default_factory=list)
    lapsed_without_escalation: list[str] = field(default_factory=list)
    bank_holidays_end_soon: bool = False

    @property
    def out_of_sight(self) -> int:
        """How many children nobody can be said to see."""
        return len(self.in_no_state) + len(self.in_two_states)

    @property
    def is_well(self) -> bool:
        """Whether nobody is out of sight and no lapse stands without its escalation."""
        return not self.out_of_sight and not self.lapsed_without_escalation


def within(work: Work, column: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Limit to the authority of this work; everything for jobs and commands, nothing for a family."""
    if work.scope.everything:
        return literal(True)
    return false() if work.scope.authority_id is None else column == work.scope.authority_id


def team_since_at_least(today: date, team_queue_days: int) -> date:
    """The earliest day since which an episode may be with the team and not yet with a named adviser."""
    day = today
    while add_working_days(day, team_queue_days) >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return date.fromordinal(day.toordinal() + 1)


def states(today: date, team_from: date) -> dict[str, ColumnElement[bool]]:
    """The four states of the invariant as conditions on a child's latest episode (see contact-clock: the invariant).

    The latest episode is the open one, or else the one that closed last; a child has at most one open.
    """
    someone = or_(Episode.adviser_id.is_not(None), Episode.team_since >= team_from)
    running = exists().where(ContactClock.episode_id == Episode.id, ContactClock.is_running)
    enquiry = exists().where(
        Escalation.child_id == Child.id,
        Escalation.state == State.ENQUIRY,
        Escalation.owner_id.is_not(None),
        Escalation.next_on.is_not(None),
    )
    is_open = Episode.closed_on.is_(None)
    tracing = Episode.destination == Destination.CME_ENQUIRY
    named = or_(Episode.destination != Destination.DUPLICATE, Episode.duplicate_of_id.is_not(None))
    return {
        "episode": and_(is_open, Episode.arrangement == Arrangement.EHE, running, someone),
        "enquiry": and_(~is_open, tracing, enquiry),
        "other": and_(
            is_open,
            Episode.arrangement != Arrangement.EHE,
            Episode.service_name.is_not(None),
            Episode.review_on >= today,
        ),
        "closed": and_(~is_open, ~tracing, named),
    }


def counted(work: Work, team_from: date) -> Select[int, str, int]:
    """Each child of compulsory school age in scope with the number of states that it is in, when that is not one."""
    later = aliased(Episode)
    superseded = exists().where(
        later.child_id == Episode.child_id,
        or_(
            and_(later.closed_on.is_(None), Episode.closed_on.is_not(None)),
            and_(later.closed_on.is_not(None), later.closed_on > Episode.closed_on),
            and_(later.closed_on == Episode.closed_on, later.id > Episode.id),
        ),
    )
    how_many = func.coalesce(
        func.sum(sum((case((state, 1), else_=0) for state in states(work.today, team_from).values()), literal(0))), 0
    )
    return (
        select(Child.id, Child.reference, how_many)
        .outerjoin(Episode, and_(Episode.child_id == Child.id, ~superseded))
        .where(within(work, Child.authority_id), Child.age_starts <= work.today, Child.age_ends >= work.today)
        .group_by(Child.id, Child.reference)
        .having(how_many != 1)
        .order_by(Child.reference)
    )


def team_queue_days(work: Work) -> int:
    """How long the team may hold an episode; across several authorities, the shortest that the defaults allow."""
    if work.scope.authority_id is None:
        return PolicyValues.team_queue_days
    return policy.in_force(work, work.scope.authority_id, work.today).values.team_queue_days


def out_of_sight(work: Work) -> Select[int]:
    """The children in no state, or in two."""
    found = counted(work, team_since_at_least(work.today, team_queue_days(work))).subquery()
    return select(found.c.id).order_by(found.c.id)


def how_many_out_of_sight(work: Work) -> int:
    """The number that must be 0."""
    return work.session.scalar(select(func.count()).select_from(out_of_sight(work).subquery())) or 0


def lapses_without_escalation(work: Work) -> Sequence[str]:
    """References of children whose clock has lapsed while no escalation of the lapse is open."""
    answered_by = exists().where(
        Escalation.episode_id == ContactClock.episode_id,
        Escalation.reason == Reason.CONTACT_LAPSE,
        Escalation.state != State.CLOSED,
    )
    return work.session.scalars(
        select(Child.reference)
        .join(ContactClock, ContactClock.child_id == Child.id)
        .where(
            within(work, ContactClock.authority_id),
            ContactClock.is_running,
            ContactClock.lapsed_on.is_not(None),
            ~answered_by,
        )
        .order_by(Child.reference)
    ).all()


def examine(work: Work) -> Sight:
    """Everything that `doctor` looks at."""
    rows = work.session.execute(counted(work, team_since_at_least(work.today, team_queue_days(work)))).all()
    of_age = (within(work, Child.authority_id), Child.age_starts <= work.today, Child.age_ends >= work.today)
    children = work.session.scalar(select(func.count(Child.id)).where(*of_age))
    return Sight(
        children=children or 0,
        in_no_state=[reference for _, reference, how_many in rows if how_many == 0],
        in_two_states=[reference for _, reference, how_many in rows if how_many > 1],
        lapsed_without_escalation=list(lapses_without_escalation(work)),
        bank_holidays_end_soon=bank_holidays_end_soon(work.today),
    )
