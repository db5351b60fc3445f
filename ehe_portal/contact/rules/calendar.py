"""What to think of before a visit is offered, and a round of visits laid out over a day. All times are London's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from ehe_portal.core.codes import Code, ContactKind
from ehe_portal.core.days import BANK_HOLIDAYS
from ehe_portal.core.govuk.words import clock_time
from ehe_portal.core.hours import MIDDAY, DayPart, DaysOff, Hours, minutes_of, parts_off, time_of

USUAL_MINUTES: Final = 60
SHORTEST_MINUTES: Final = 5
LONGEST_MINUTES: Final = 480
IN_PERSON: Final = frozenset({ContactKind.HOME_VISIT, ContactKind.MEETING})
"""Where the adviser has to travel."""


class Caution(Code):
    """Something to think of before a visit is offered. None of them forbids it."""

    AWAY = "away", "Marked away on that day"
    LEAVE = "leave", "On leave on that day"
    BANK_HOLIDAY = "bank-holiday", "A bank holiday"
    WEEKEND = "weekend", "A Saturday or Sunday"
    OUTSIDE_HOURS = "outside-hours", "Outside working hours"
    CLASH = "clash", "At the same time as another visit or call"
    TRAVEL = "travel", "Little time to travel"


@dataclass(frozen=True, slots=True)
class Warned:
    """A caution and what it is about."""

    caution: Caution
    words: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A visit or call at a time of one day. `district` is the postcode district where it is, None where that is not
    known or not to be told.
    """

    at_time: time
    minutes: int
    kind: ContactKind
    district: str | None = None

    @property
    def begins(self) -> int:
        """Its beginning, in minutes since midnight."""
        return minutes_of(self.at_time)

    @property
    def ends(self) -> int:
        """Its end, in minutes since midnight."""
        return self.begins + self.minutes


@dataclass(frozen=True, slots=True)
class Gaps:
    """Minutes from one visit to the next: in the same postcode district, and elsewhere."""

    near: int = 15
    far: int = 30

    def between(self, one: Slot, other: Slot) -> int:
        """How long the way is; nothing where either is a call."""
        if not {one.kind, other.kind} <= IN_PERSON:
            return 0
        return self.near if one.district is not None and one.district == other.district else self.far


@dataclass(frozen=True, slots=True)
class Attendance:
    """When an officer is at work, as far as it bears on one day."""

    hours: Hours
    leave: Sequence[DaysOff] = ()
    away: bool = False


def district_of(postcode: str | None) -> str | None:
    """The first half of a postcode, "BH16"; None without one."""
    parts = (postcode or "").split()
    return parts[0] if len(parts) == 2 else None


def sector_of(postcode: str | None) -> str | None:
    """A postcode's district and the figure after it, "BH16 6"; None without one."""
    parts = (postcode or "").split()
    return f"{parts[0]} {parts[1][0]}" if len(parts) == 2 else None


# Before a visit is offered


def warnings(on: date, wanted: Slot, officer: Attendance, others: Iterable[Slot], gaps: Gaps) -> list[Warned]:
    """What to think of before this is offered; `others` are the officer's standing visits of that day."""
    return [*of_the_day(on, officer), *of_the_time(on, wanted, officer), *of_the_others(wanted, others, gaps)]


def of_the_day(on: date, officer: Attendance) -> list[Warned]:
    """What speaks against the day as a whole."""
    found = []
    if officer.away:
        found.append(Warned(Caution.AWAY, "Whoever makes the visit is marked as away on that day"))
    if DayPart.WHOLE in parts_off(on, officer.leave):
        found.append(Warned(Caution.LEAVE, "Whoever makes the visit is on leave on that day"))
    if on in BANK_HOLIDAYS:
        found.append(Warned(Caution.BANK_HOLIDAY, "That day is a bank holiday"))
    elif on.weekday() >= 5:
        found.append(Warned(Caution.WEEKEND, f"That day is a {on:%A}"))
    return found


def of_the_time(on: date, wanted: Slot, officer: Attendance) -> list[Warned]:
    """What speaks against the time: half a day's leave, and working hours."""
    found = []
    parts, midday = parts_off(on, officer.leave), minutes_of(MIDDAY)
    if DayPart.MORNING in parts and wanted.begins < midday:
        found.append(Warned(Caution.LEAVE, "Whoever makes the visit is on leave that morning"))
    if DayPart.AFTERNOON in parts and wanted.ends > midday:
        found.append(Warned(Caution.LEAVE, "Whoever makes the visit is on leave that afternoon"))
    hours = officer.hours.get(on.weekday())
    if hours is None and on.weekday() < 5:
        found.append(Warned(Caution.OUTSIDE_HOURS, f"Whoever makes the visit does not work on {on:%A}s"))
    elif hours is not None and not (minutes_of(hours[0]) <= wanted.begins and wanted.ends <= minutes_of(hours[1])):
        told = f"{clock_time(hours[0])} to {clock_time(hours[1])}"
        found.append(Warned(Caution.OUTSIDE_HOURS, f"It is outside working hours on that day, {told}"))
    return found


def of_the_others(wanted: Slot, others: Iterable[Slot], gaps: Gaps) -> list[Warned]:
    """Clashes with standing visits, and ways that are too short."""
    found = []
    for other in sorted(others, key=lambda one: (one.at_time, one.minutes)):
        at = clock_time(other.at_time)
        between = max(other.begins - wanted.ends, wanted.begins - other.ends)
        if between < 0:
            found.append(Warned(Caution.CLASH, f"There is another visit or call at {at}, for {other.minutes} minutes"))
        elif between < (needed := gaps.between(wanted, other)):
            words = f"There are {between} minutes between this and the visit at {at}: the way may take {needed}"
            found.append(Warned(Caution.TRAVEL, words))
    return found


# A round of visits


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """How a round is laid out: the first visit's beginning, each one's length, the gap after it, lunch, and the end of
    the day by which the last one is over. `busy` are visits that stand already.
    """

    begins: time
    minutes: int
    gap: int
    ends: time
    lunch: tuple[time, time] | None = None
    busy: tuple[Slot, ...] = ()


def lay_out(plan: RoundPlan, how_many: int) -> list[time]:
    """The beginnings of so many visits, one after the other, around lunch and what stands already; fewer where the day
    is not long enough.
    """
    taken = [(one.begins - plan.gap, one.ends + plan.gap) for one in plan.busy]
    if plan.lunch is not None:
        taken.append((minutes_of(plan.lunch[0]), minutes_of(plan.lunch[1])))
    taken.sort()
    found: list[time] = []
    at, last = minutes_of(plan.begins), minutes_of(plan.ends) - plan.minutes
    while len(found) < how_many:
        for begins, ends in taken:
            if at < ends and begins < at + plan.minutes:
                at = ends
        if at > last:
            break
        found.append(time_of(at))
        at += plan.minutes + plan.gap
    return found


@dataclass(frozen=True, slots=True)
class Near:
    """A child to be put into a round: where, by when, and something of its own to tell it from others."""

    key: int
    postcode: str
    due_on: date


def in_order(children: Iterable[Near]) -> list[int]:
    """The keys of children in the order of a round: the district with most of them first, then the next by name; in a
    district sector by sector, each by postcode, so that neighbours and siblings follow each other.
    """
    listed = list(children)
    counts: dict[str | None, int] = {}
    for child in listed:
        counts[district_of(child.postcode)] = counts.get(district_of(child.postcode), 0) + 1

    def place(child: Near) -> tuple[int, str, str, str, date, int]:
        district = district_of(child.postcode)
        sector = sector_of(child.postcode) or ""
        return (-counts[district], district or "", sector, child.postcode, child.due_on, child.key)

    return [child.key for child in sorted(listed, key=place)]
