"""Compulsory school age and expected year group in England. Pure.

Education Act 1996 s.8; prescribed days 31 August, 31 December and 31 March (SI 1998/1607); the school leaving date is
the last Friday in June (SI 1997/1970).
"""

from datetime import date, timedelta
from typing import Final

from ehe_portal.core.days import add_months

_PRESCRIBED_DAYS: Final = ((3, 31), (8, 31), (12, 31))  # Month and day, in the order of the calendar year.

_EDGE_DAYS: Final = 7
"""How many of the first days of September are the edge where no term is known: most autumn terms begin in them."""


def compulsory_school_age(date_of_birth: date) -> tuple[date, date]:
    """The first and the last day of compulsory school age.

    It starts on the 5th birthday if that is a prescribed day, otherwise on the next prescribed day (s.8(2)). It ends
    with the last Friday in June of the school year, 1 September to 31 August, of the 16th birthday (s.8(3)).
    """
    fifth_birthday = add_months(date_of_birth, 5 * 12)
    month, day = next(end for end in _PRESCRIBED_DAYS if end >= (fifth_birthday.month, fifth_birthday.day))
    starts = date(fifth_birthday.year, month, day)
    return starts, school_leaving_date(academic_year(add_months(date_of_birth, 16 * 12)) + 1)


def school_leaving_date(year: int) -> date:
    """The last Friday in June of a calendar year."""
    end_of_june = date(year, 6, 30)
    return end_of_june - timedelta(days=(end_of_june.weekday() - 4) % 7)


def academic_year(on: date) -> int:
    """The calendar year in which the school year (1 September to 31 August) containing this day began."""
    return on.year if on.month >= 9 else on.year - 1


def year_group(date_of_birth: date, on: date) -> int:
    """The expected national curriculum year on a day: 0 is Reception, 1 to 11 are Year 1 to Year 11.

    Age on the 31 August before the school year, less 4: below 0 before Reception, above 11 after Year 11. It is
    expected only: a child may be taught out of cohort.
    """
    reckoned_on_year = academic_year(on)
    born_after_august = (date_of_birth.month, date_of_birth.day) > (8, 31)
    return reckoned_on_year - date_of_birth.year - born_after_august - 4


def year_born(group: int, on: date) -> tuple[date, date]:
    """The first and the last day of birth of those in a year group on a day: the reverse of `year_group`."""
    year = academic_year(on) - group - 5
    return date(year, 9, 1), date(year + 1, 8, 31)


def year_group_name(group: int) -> str:
    """A year group in words: "Reception", "Year 9", "Before Reception" or "After Year 11"."""
    if group < 0:
        return "Before Reception"
    if group > 11:
        return "After Year 11"
    return f"Year {group}" if group else "Reception"


def last_edge_day(year: int, autumn_begins: date | None = None) -> date:
    """The last day of September of a year whose 16th birthdays leave open in which June compulsory school age ends.

    s.8(3) turns on whether 16 is reached before the next school year begins, and a school's year begins with its first
    term after July (s.579): some days into September with most. A child without a school has no such day. The edge
    runs from 1 September to the day before `autumn_begins`, the first day of the authority's autumn term; where that is
    not known, to 7 September. Where that term begins on 1 September there is no edge: the answer is 31 August.
    """
    return date(year, 9, _EDGE_DAYS) if autumn_begins is None else autumn_begins - timedelta(days=1)


def leaving_dates(date_of_birth: date, autumn_begins: date | None = None) -> list[date]:
    """The days with which compulsory school age may end, the earlier first: two for a 16th birthday on the edge.

    The last of them is that of `compulsory_school_age`, which goes by 1 September and holds until someone says
    otherwise. `autumn_begins` as in `last_edge_day`, for the year of the 16th birthday.
    """
    sixteen = add_months(date_of_birth, 16 * 12)
    _, usual = compulsory_school_age(date_of_birth)
    if date(sixteen.year, 9, 1) <= sixteen <= last_edge_day(sixteen.year, autumn_begins):
        return [school_leaving_date(sixteen.year), usual]
    return [usual]
