"""Which children are wanted on the list."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select, union_all

from ehe_portal.casefile.queries import marks
from ehe_portal.casefile.queries.register.columns import BEGINS_WITH
from ehe_portal.casefile.rules.sight import BANDS, DRAWN, Stand
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import SenStatus, SocialCare, Tier
from ehe_portal.core.school_age import year_born
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, DoubleVerdict, Episode, PossibleDouble

STATES: Final = {
    "open": "Open",
    "waiting": "Waiting to be checked",
    "closed": "Closed",
    "all": "Open or closed",
}
DUE_WINDOWS: Final = {
    "overdue": "Overdue",
    "4-weeks": "In the next 4 weeks",
    "3-months": "In the next 3 months",
    "lapsed": "Lapsed",
    "none": "No contact clock",
}
ANYONE: Final = "any"
STANDS: Final = {ANYONE: "Anyone who has a mark", **{stand.value: stand.label for stand in DRAWN}}
SINCE: Final = {band.key: band for band in BANDS}
AHEAD: Final = {"4-weeks": timedelta(days=28), "3-months": timedelta(days=91)}


@dataclass(frozen=True)
class Wanted:
    """Which children to list, in which columns and order. `adviser` is an account's number, or `team` for nobody's."""

    search: register.Search | None = None
    adviser: int | str | None = None
    tier: Tier | None = None
    social_care: SocialCare | None = None
    sen: SenStatus | None = None
    year: int | None = None
    due: str | None = None
    never_seen: bool = False
    double: bool = False
    stand: str | None = None
    since: str | None = None
    state: str = "open"
    sort: str = "name"
    columns: tuple[str, ...] = BEGINS_WITH

    @property
    def needs_clock(self) -> bool:
        """Whether a filter asks about the contact clock."""
        return self.never_seen or any(one is not None for one in (self.due, self.stand, self.since))


def conditions(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a child and its episode must be."""
    found = [
        register.within(work, Child.id, Child.authority_id),
        register.within(work, Episode.child_id, Episode.authority_id),
        register.in_state(wanted.state),
    ]
    if wanted.adviser is not None:
        found.append(
            Episode.adviser_id.is_(None) if wanted.adviser == register.TEAM else Episode.adviser_id == wanted.adviser
        )
    if wanted.tier is not None:
        found.append(Episode.tier == wanted.tier)
    if wanted.social_care is not None:
        found.append(Episode.social_care == wanted.social_care)
    if wanted.sen is not None:
        found.append(Child.sen_status == wanted.sen)
    if wanted.year is not None:
        found.append(Child.date_of_birth.between(*year_born(wanted.year, work.today)))
    if wanted.due is not None:
        found.append(in_window(work, wanted.due))
    if wanted.never_seen:
        found.append(ContactClock.last_seen_on.is_(None))
    if wanted.double:
        found.append(Child.id.in_(possible_doubles(work)))
    found += in_picture(work, wanted)
    if wanted.search is not None:
        found += searched(work, wanted.search)
    return found


def in_picture(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What the picture of the invariant says of a child: where it stands, how long since the last contact."""
    found: list[ColumnElement[bool]] = []
    if wanted.stand is not None:
        stands = Stand.CLOSED if wanted.stand == ANYONE else Stand(wanted.stand)
        as_asked = marks.standing_as(work, stands)
        found += [marks.in_picture(work.today), ~as_asked if wanted.stand == ANYONE else as_asked]
    if wanted.since is not None:
        found.append(marks.in_band(SINCE[wanted.since], work.today))
    return found


def in_window(work: Work, window: str) -> ColumnElement[bool]:
    """Whether the next contact falls due in a window. A clock that has lapsed is no longer only overdue.

    Nothing falls due any more after the end of compulsory school age.
    """
    in_age = ContactClock.age_ends >= work.today
    running = and_(ContactClock.is_running, ContactClock.lapsed_on.is_(None), in_age)
    if window == "none":
        return or_(ContactClock.id.is_(None), ContactClock.is_running.is_(False))
    if window == "lapsed":
        return and_(ContactClock.is_running, ContactClock.lapsed_on.is_not(None))
    if window == "overdue":
        return and_(running, ContactClock.due_on < work.today)
    return and_(running, ContactClock.due_on.between(work.today, work.today + AHEAD[window]))


def possible_doubles(work: Work) -> Any:
    """The children, earlier and later, of whom nobody has said yet whether they are one."""
    undecided = and_(
        PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
        register.within(work, PossibleDouble.child_id, PossibleDouble.authority_id),
    )
    return union_all(
        select(PossibleDouble.child_id).where(undecided), select(PossibleDouble.other_child_id).where(undecided)
    )


def searched(work: Work, search: register.Search) -> list[ColumnElement[bool]]:
    """What was searched for: first of all a reference of anything about a child; only then names and numbers."""
    if ids := register.ids_by_reference(work, search) or of_escalation(work, search):
        return [Child.id.in_(ids)]
    return register.searched(work, search) or [false()]


def of_escalation(work: Work, search: register.Search) -> list[int]:
    """The child whom an escalation is about, by the reference that its mails carry."""
    if search.reference is None:
        return []
    return list(
        work.session.scalars(
            select(Escalation.child_id)
            .where(
                Escalation.reference == search.reference,
                register.within(work, Escalation.child_id, Escalation.authority_id),
            )
            .order_by(Escalation.id)
        )
    )
