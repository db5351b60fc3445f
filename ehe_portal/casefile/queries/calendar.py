"""The calendar: what stands in somebody's diary in a stretch of days. Never an address that is protected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select, union_all

from ehe_portal.accounts.models import CalendarFeed
from ehe_portal.contact.models import Visit, VisitChild, VisitSlot, VisitState, status_of
from ehe_portal.contact.queries import on_offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.hours import ends_at
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

NAME = func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname
MOST: Final = 2000
MOST_IN_FEED: Final = 500
FEED_BACK, FEED_AHEAD = timedelta(days=28), timedelta(days=366)
"""Which days somebody's own calendar is told of."""

ASKED_OTHERWISE: Final = (VisitState.ANOTHER_TIME, VisitState.ANOTHER_WAY)
IN_DIARY: Final = tuple(
    state for state in VisitState if status_of(state) is not Status.CANCELLED or state in ASKED_OTHERWISE
)
"""The states in which a visit is shown: it is to be, has been, or waits to be offered otherwise."""
IN_FEED: Final = tuple(state for state in VisitState if status_of(state) is not Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit or call in a diary, about `children`. `place` is None where none was entered, or it may not be told.

    With `choice` it is one of several times among which the family picks.
    """

    reference: str
    child_reference: str
    children: tuple[str, ...]
    adviser_id: int
    kind: ContactKind
    on_date: date
    at_time: time
    minutes: int
    state: VisitState
    choice: bool
    place: str | None
    place_is_doubtful: bool
    protected: bool

    @property
    def ends(self) -> time:
        """When it is over; the last minute of the day for what would go beyond it."""
        return ends_at(self.at_time, self.minutes)


def booked(work: Work, adviser_ids: Collection[int], first: date, last: date) -> Sequence[Booked]:
    """The visits and calls of these people in scope in a stretch of days, in order, and the times that are still to be
    chosen: one query by index, and one for whom they are about.
    """
    fixed = in_diary(work, adviser_ids, Visit).where(Visit.choice.is_(False), Visit.on_date.between(first, last))
    to_be_chosen = (
        in_diary(work, adviser_ids, VisitSlot)
        .join(VisitSlot, VisitSlot.visit_id == Visit.id)
        .where(Visit.choice, Visit.on_date >= first, on_offer(), VisitSlot.on_date.between(first, last))
    )
    rows = work.session.execute(
        union_all(fixed, to_be_chosen).order_by("on_date", "at_time", "id").limit(MOST)  # the day first
    ).all()
    about = children_of(work, {row.id for row in rows})
    found = []
    for row in rows:
        children = about[row.id]
        # Whoever looks over a shoulder, or finds the printed page, learns no place of a child who is hidden.
        protected = any(child.protected for child in children)
        found.append(
            Booked(
                reference=row.reference,
                child_reference=children[0].reference,
                children=tuple(child.name for child in children),
                adviser_id=row.adviser_id,
                kind=row.kind,
                on_date=row.on_date,
                at_time=row.at_time,
                minutes=row.minutes,
                state=row.state,
                choice=row.choice,
                place=None if protected or row.doubtful else row.place,
                place_is_doubtful=row.doubtful,
                protected=protected,
            )
        )
    return found


def in_diary(work: Work, adviser_ids: Collection[int], at: type[Visit | VisitSlot]) -> Select[Any]:
    """The visits of these people that are shown, at their own time or at each of the times on offer."""
    found: Any = select(
        Visit.id,
        Visit.reference,
        Visit.adviser_id,
        Visit.kind,
        at.on_date.label("on_date"),
        at.at_time.label("at_time"),
        Visit.minutes,
        Visit.state,
        Visit.choice,
        Visit.place,
        Visit.place_doubtful_since.is_not(None).label("doubtful"),
    )
    shown: Select[Any] = found.where(
        Visit.authority_id == work.scope.authority_id,
        Visit.adviser_id.in_(adviser_ids),
        Visit.state.in_(IN_DIARY),
    )
    return shown


@dataclass(frozen=True, slots=True)
class About:
    """A child whom a visit is about."""

    reference: str
    name: str
    protected: bool


def children_of(work: Work, visit_ids: Collection[int]) -> dict[int, list[About]]:
    """Whom visits in scope are about, by visit; the child first for whom each was offered."""
    found: dict[int, list[About]] = {}
    for visit_id, reference, name, protected in work.session.execute(
        select(VisitChild.visit_id, Child.reference, NAME, Child.protected)
        .join(Child, Child.id == VisitChild.child_id)
        .where(VisitChild.visit_id.in_(visit_ids))
        .order_by(VisitChild.visit_id, VisitChild.id)
    ):
        found.setdefault(visit_id, []).append(About(reference, name, protected))
    return found


@dataclass(frozen=True, slots=True)
class Fed:
    """A visit as somebody's own calendar is told of it: nothing of whom it is about."""

    reference: str
    child_reference: str
    kind: ContactKind
    on_date: date
    at_time: time
    minutes: int
    state: VisitState
    version: int
    offered_at: datetime


def fed(work: Work, feed: CalendarFeed) -> Sequence[Fed]:
    """What the calendar behind a private address is told. Not scoped by the reader, whom nobody knows, but by whose it
    is. What is still to be chosen has no time yet.
    """
    rows = work.session.execute(
        select(
            Visit.reference,
            Child.reference,
            Visit.kind,
            Visit.on_date,
            Visit.at_time,
            Visit.minutes,
            Visit.state,
            Visit.version,
            Visit.offered_at,
        )
        .join(Child, Child.id == Visit.child_id)
        .where(
            Visit.authority_id == feed.authority_id,
            Visit.adviser_id == feed.account_id,
            Visit.on_date.between(work.today - FEED_BACK, work.today + FEED_AHEAD),
            Visit.state.in_(IN_FEED),
            Visit.choice.is_(False),
        )
        .order_by(Visit.on_date, Visit.at_time, Visit.id)
        .limit(MOST_IN_FEED)
    )
    return [Fed(*row) for row in rows]
