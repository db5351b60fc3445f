"""Is any child out of sight? The invariant, as one query for each of its parts."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Arrangement, Destination
from ehe_portal.core.days import add_working_days, bank_holidays_end_soon
from ehe_portal.core.health import InSight
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.notices.service import LADDER
from ehe_portal.policy.models import MOST_WITH_TEAM
from ehe_portal.register.models import Child, Episode

MOST_NAMED = 50


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


def team_from(today: date, days: int = MOST_WITH_TEAM) -> date:
    """The earliest day since which an episode may be with the team and not yet with a named adviser."""
    day = today
    while add_working_days(day, days) >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return date.fromordinal(day.toordinal() + 1)


def states(today: date) -> dict[str, ColumnElement[bool]]:
    """The four states of the invariant as conditions on a child's latest episode (see contact-clock: the invariant)
    and its clock, which the statement has joined. The child is of compulsory school age: one whose episode was closed
    as over it is in none of them, unless a person looks into that or has done so. Of one who comes of school age while
    with the team, the team's days begin then."""
    since = team_from(today)
    someone = or_(Episode.adviser_id.is_not(None), Episode.team_since >= since, Child.age_starts >= since)
    enquiry = exists().where(
        Escalation.child_id == Child.id,
        Escalation.state == State.ENQUIRY,
        Escalation.owner_id.is_not(None),
        Escalation.next_on.is_not(None),
    )
    is_open = Episode.closed_on.is_(None)
    tracing = Episode.destination == Destination.CME_ENQUIRY
    unseen = and_(
        Episode.destination == Destination.OVER_AGE,
        Episode.to_review_since.is_(None),
        Episode.destination_confirmed_by_id.is_(None),
    )
    named = or_(Episode.destination != Destination.DUPLICATE, Episode.duplicate_of_id.is_not(None))
    return {
        "episode": and_(is_open, Episode.arrangement == Arrangement.EHE, ContactClock.is_running, someone),
        "enquiry": and_(~is_open, tracing, enquiry),
        "other": and_(
            is_open,
            Episode.arrangement != Arrangement.EHE,
            Episode.service_name.is_not(None),
            Episode.review_on >= today,
        ),
        "closed": and_(~is_open, ~tracing, ~unseen, named),
    }


def is_latest() -> ColumnElement[bool]:
    """Whether an episode is the child's latest: the open one, of which there is one at most, or else the one that
    closed last."""
    later = aliased(Episode)
    return ~exists().where(
        later.child_id == Episode.child_id,
        or_(
            and_(later.closed_on.is_(None), Episode.closed_on.is_not(None)),
            and_(later.closed_on.is_not(None), later.closed_on > Episode.closed_on),
            and_(later.closed_on == Episode.closed_on, later.id > Episode.id),
        ),
    )


def counted(work: Work) -> Select[int, str, int]:
    """Each child of compulsory school age in scope with the number of states that it is in, when that is not one."""
    how_many = func.coalesce(
        func.sum(sum((case((state, 1), else_=0) for state in states(work.today).values()), literal(0))), 0
    )
    return (
        select(Child.id, Child.reference, how_many)
        .outerjoin(Episode, and_(Episode.child_id == Child.id, is_latest()))
        .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
        .where(within(work, Child.authority_id), Child.age_starts <= work.today, Child.age_ends >= work.today)
        .group_by(Child.id, Child.reference)
        .having(how_many != 1)
        .order_by(Child.reference)
    )


def out_of_sight(work: Work) -> Select[int]:
    """The children in no state, or in two."""
    found = counted(work).subquery()
    return select(found.c.id).order_by(found.c.id)


def how_many_out_of_sight(work: Work) -> int:
    """The number that must be 0."""
    return work.session.scalar(select(func.count()).select_from(out_of_sight(work).subquery())) or 0


def unanswered_lapses(work: Work) -> Select[str]:
    """References of children whose clock has lapsed while no escalation of the lapse is open."""
    answered_by = exists().where(
        Escalation.episode_id == ContactClock.episode_id,
        Escalation.reason == Reason.CONTACT_LAPSE,
        Escalation.state != State.CLOSED,
    )
    return (
        select(Child.reference)
        .join(ContactClock, ContactClock.child_id == Child.id)
        .where(
            within(work, ContactClock.authority_id),
            ContactClock.is_running,
            ContactClock.lapsed_on.is_not(None),
            ~answered_by,
        )
        .order_by(Child.reference)
    )


def authorities_with_nobody_to_tell(work: Work) -> Select[int]:
    """Authorities in which an escalation waits and nobody is there who could be alerted."""
    someone = exists().where(
        Account.authority_id == Escalation.authority_id, Account.is_active, Account.role.in_(LADDER)
    )
    return (
        select(Escalation.authority_id)
        .distinct()
        .where(within(work, Escalation.authority_id), Escalation.state == State.RAISED, ~someone)
        .order_by(Escalation.authority_id)
    )


def in_sight(work: Work) -> InSight:
    """The numbers that must be 0."""
    unanswered, nobody = unanswered_lapses(work).subquery(), authorities_with_nobody_to_tell(work).subquery()
    return InSight(
        out_of_sight=how_many_out_of_sight(work),
        lapses_unanswered=work.session.scalar(select(func.count()).select_from(unanswered)) or 0,
        nobody_to_tell=work.session.scalar(select(func.count()).select_from(nobody)) or 0,
    )


def to_look_at(work: Work) -> list[tuple[str, str]]:
    """The first children behind those numbers, as (reference, why)."""
    rows = work.session.execute(counted(work).limit(MOST_NAMED)).all()
    found = [(reference, "in two states" if how_many else "in no state") for _, reference, how_many in rows]
    lapsed = work.session.scalars(unanswered_lapses(work).limit(MOST_NAMED)).all()
    return found + [(reference, "lapsed without an open escalation") for reference in lapsed]


def examine(work: Work) -> Sight:
    """Everything that `doctor` looks at."""
    rows = work.session.execute(counted(work)).all()
    of_age = (within(work, Child.authority_id), Child.age_starts <= work.today, Child.age_ends >= work.today)
    children = work.session.scalar(select(func.count(Child.id)).where(*of_age))
    return Sight(
        children=children or 0,
        in_no_state=[reference for _, reference, how_many in rows if how_many == 0],
        in_two_states=[reference for _, reference, how_many in rows if how_many > 1],
        lapsed_without_escalation=list(work.session.scalars(unanswered_lapses(work))),
        bank_holidays_end_soon=bank_holidays_end_soon(work.today),
    )
