"""Counting days: London dates, working days, months, inclusive periods and school days.

Pure: nothing here reads the clock. The words are those of the contact clock: a *working day* is Monday to Friday and
not a bank holiday of England and Wales; `add_working_days(d, n)` is the n-th working day strictly after `d`.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays

LONDON: Final = ZoneInfo("Europe/London")

BANK_HOLIDAYS_KNOWN_UNTIL: Final = date(2028, 12, 31)
"""The last day for which bank holidays are counted.

GOV.UK publishes them about two years ahead, and each year may still gain or move one by proclamation. The package
goes on by rule for decades; a date that far off would look exact and not be, so a year beyond this one has none.
To move it on: take a newer release of the package, compare it with GOV.UK's list, change the year here.
"""

_KNOWN_FROM_YEAR: Final = 1990  # Older than any child the portal can hold; earlier years have none either.


def _published_bank_holidays() -> frozenset[date]:
    """The days on which a bank holiday of England and Wales is kept, from the first known year to the last.

    The package names the original day beside its substitute where a holiday falls on a weekend; only the weekday
    is kept here, for the other is no working day anyhow.
    """
    years = range(_KNOWN_FROM_YEAR, BANK_HOLIDAYS_KNOWN_UNTIL.year + 1)
    listed = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return frozenset(day for day in listed if day.weekday() < 5)


BANK_HOLIDAYS: Final = _published_bank_holidays()
"""Bank holidays of England and Wales, substitute days in place of weekends."""

# Working days are numbered from 1 on Monday 1 January of the year 1, so that counting needs no walking. A date's
# number is its weekday number less the bank holidays up to it; the second list turns a number back into a date.
_HOLIDAY_ORDINALS: Final = sorted(day.toordinal() for day in BANK_HOLIDAYS)


def _count_up_to(ordinal: int) -> int:
    """How many working days there are up to and including the day with this ordinal."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5) - bisect_right(_HOLIDAY_ORDINALS, ordinal)


_COUNTS_AT_HOLIDAYS: Final = [_count_up_to(ordinal) for ordinal in _HOLIDAY_ORDINALS]


def _nth_working_day(number: int) -> date:
    """The date of the working day with this number; OverflowError or ValueError past the year 9999."""
    weekday_number = number + bisect_left(_COUNTS_AT_HOLIDAYS, number)
    weeks, rest = divmod(weekday_number - 1, 5)
    return date.fromordinal(weeks * 7 + rest + 1)


def london_date(moment: datetime) -> date:
    """The calendar date in Europe/London at an aware moment; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no London date")
    return moment.astimezone(LONDON).date()


def is_working_day(day: date) -> bool:
    """Whether the day is Monday to Friday and not a bank holiday of England and Wales."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; with a count of 0, `day` itself. ValueError below 0."""
    if count <= 0:
        if count == 0:
            return day
        raise ValueError("working days are counted forwards")
    return _nth_working_day(_count_up_to(day.toordinal()) + count)


def roll_forward(day: date) -> date:
    """`day` if it is a working day, otherwise the next one."""
    return _nth_working_day(_count_up_to(day.toordinal() - 1) + 1)


def working_days_between(earlier: date, later: date) -> int:
    """How many working days have gone by: those after `earlier`, up to and including `later`.

    Negative where `later` is the earlier of the two.
    """
    return _count_up_to(later.toordinal()) - _count_up_to(earlier.toordinal())


def bank_holidays_end_soon(today: date) -> bool:
    """Whether the list of bank holidays ends within 12 months, so that it is time for a newer one."""
    return add_months(today, 12) >= BANK_HOLIDAYS_KNOWN_UNTIL


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), clamped to the month's end: 31 August + 6 = 28 or 29 February."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= 28:
        return date(year, month_index + 1, day.day)
    return date(year, month_index + 1, min(day.day, monthrange(year, month_index + 1)[1]))


def last_day_beginning_with(first: date, days: int) -> date:
    """The last day of a period of calendar days "beginning with" its first: 15 days from the 1st end on the 15th.

    Statutory periods are counted so (Education Act 1996 s.437(2), s.438, s.439). ValueError below 1 day.
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    return first + timedelta(days=days - 1)


@dataclass(frozen=True, slots=True)
class TermTime:
    """A stretch of an authority's school calendar without a break, both days included: a half term is two of them."""

    first: date
    last: date


def is_school_day(day: date, terms: Iterable[TermTime], closed: Collection[date] = ()) -> bool:
    """Whether the authority's schools are open to pupils: a working day in term, not one of the `closed` days."""
    return is_working_day(day) and day not in closed and any(term.first <= day <= term.last for term in terms)


def add_school_days(day: date, count: int, terms: Iterable[TermTime], closed: Collection[date] = ()) -> date | None:
    """The `count`-th school day strictly after `day`; None where the calendar does not reach so far.

    Terms may come in any order and may overlap. ValueError below 1.
    """
    if count < 1:
        raise ValueError("school days are counted forwards")
    left = count
    reached = day
    for term in sorted(terms, key=lambda term: (term.first, term.last)):
        candidate = max(term.first, reached + timedelta(days=1))
        while candidate <= term.last:
            reached = candidate
            if is_working_day(candidate) and candidate not in closed:
                left -= 1
                if left == 0:
                    return candidate
            candidate += timedelta(days=1)
    return None


def school_days_between(earlier: date, later: date, terms: Iterable[TermTime], closed: Collection[date] = ()) -> int:
    """How many school days have gone by: those after `earlier`, up to and including `later`; none if that is before.

    Days that the calendar does not reach are no school days. Terms may come in any order and may overlap.
    """
    counted = 0
    reached = earlier
    for term in sorted(terms, key=lambda term: (term.first, term.last)):
        first, last = max(term.first, reached + timedelta(days=1)), min(term.last, later)
        if first <= last:
            shut = sum(1 for day in set(closed) if first <= day <= last and is_working_day(day))
            counted += working_days_between(first - timedelta(days=1), last) - shut
            reached = last
    return counted
