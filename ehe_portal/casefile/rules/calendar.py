"""Days as the calendar shows them: weeks and months, and why somebody may not be there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.codes import Code
from ehe_portal.core.days import BANK_HOLIDAYS, add_months
from ehe_portal.core.govuk.words import clock_time, long_date
from ehe_portal.core.hours import DayPart, DaysOff, Hours, parts_off

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""What the calendar shows; an address that asks for another year is answered with today."""

WEEK: Final = timedelta(days=7)
OFF: Final = {
    DayPart.WHOLE: "On leave",
    DayPart.MORNING: "On leave in the morning",
    DayPart.AFTERNOON: "On leave in the afternoon",
}


class Shown(Code):
    """How much the calendar shows."""

    WEEK = "week", "Week"
    MONTH = "month", "Month"
    TEAM = "team", "Team’s week"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that a page of the calendar shows, and one day of those beside it."""

    first: date
    last: date
    title: str
    before: date
    after: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        """Its days by weeks, from Monday."""
        days = self.days
        return [days[start : start + 7] for start in range(0, len(days), 7)]


def asked_day(typed: str | None, today: date) -> date:
    """The day that an address asks for, today where it asks for none that the calendar shows."""
    try:
        found = date.fromisoformat(typed or "")
    except ValueError:
        return today
    return found if FIRST_YEAR < found.year < LAST_YEAR else today


def week_of(on: date) -> Stretch:
    """The week of a day, from Monday."""
    first = on - timedelta(days=on.weekday())
    last = first + WEEK - timedelta(days=1)
    return Stretch(first, last, f"{as_beginning(first, last)} to {long_date(last)}", first - WEEK, first + WEEK)


def as_beginning(first: date, last: date) -> str:
    """The first of two days without what it shares with the last: "23", "30 November", "28 December 2026"."""
    if first.year != last.year:
        return long_date(first)
    return f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"


def month_of(on: date) -> Stretch:
    """The month of a day, in whole weeks."""
    first = on.replace(day=1)
    after = add_months(first, 1)
    end = week_of(after - timedelta(days=1)).last
    return Stretch(week_of(first).first, end, f"{first:%B %Y}", add_months(first, -1), after)


def stretch_of(shown: Shown, on: date) -> Stretch:
    """The days of a page of the calendar."""
    return month_of(on) if shown is Shown.MONTH else week_of(on)


def absence_words(on: date, hours: Hours, leave: Sequence[DaysOff], *, away: bool) -> list[str]:
    """Why somebody is not there on a day, or on a part of it; nothing where they are."""
    found = ["Away"] if away else []
    found += [OFF[part] for part in DayPart if part in parts_off(on, leave)]
    if on in BANK_HOLIDAYS:
        found.append("Bank holiday")
    if on.weekday() not in hours and on not in BANK_HOLIDAYS:
        found.append("Not a working day")
    return found


def hours_words(on: date, hours: Hours) -> str:
    """The working hours of a day, "9am to 5pm"; nothing where it is not worked."""
    worked = hours.get(on.weekday())
    return "" if worked is None else f"{clock_time(worked[0])} to {clock_time(worked[1])}"
