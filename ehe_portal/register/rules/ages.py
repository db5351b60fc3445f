"""A 16th birthday in the first days of September: between which two days an officer chooses, and when that is asked."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.days import add_months
from ehe_portal.core.school_age import last_edge_day, leaving_dates, school_leaving_date
from ehe_portal.register.rules.closing import Problem

ASKED_BEFORE: Final = timedelta(days=56)
"""How long before the earlier of the two days an officer is asked: the half term in which the family plans what comes
after."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A child of whom an officer is to say with which of two days compulsory school age ends.

    `autumn_begins` is the first day of the authority's autumn term in the year of the 16th birthday, where it is known.
    """

    sixteen_on: date
    earlier: date
    later: date
    autumn_begins: date | None = None

    def is_asked(self, today: date) -> bool:
        """Whether it is time to say so."""
        return self.earlier - ASKED_BEFORE <= today <= self.later


def edge(date_of_birth: date, autumn_begins: date | None, *, said: bool = False) -> Edge | None:
    """The edge that a date of birth lies on; None for most. With `said` somebody has answered, so that it stays one."""
    sixteen_on = add_months(date_of_birth, 16 * 12)
    earlier, *later = leaving_dates(date_of_birth, autumn_begins)
    if later:
        return Edge(sixteen_on, earlier, later[0], autumn_begins)
    return Edge(sixteen_on, school_leaving_date(sixteen_on.year), earlier, autumn_begins) if said else None


def years_asked(today: date) -> list[int]:
    """The years of whose Septembers' 16th birthdays it is asked today."""
    return [
        year
        for year in (today.year - 1, today.year)
        if school_leaving_date(year) - ASKED_BEFORE <= today <= school_leaving_date(year + 1)
    ]


def births_of(year: int, autumn_begins: date | None) -> list[date]:
    """The days of birth of those whose 16th birthday is on the edge in a year."""
    last = last_edge_day(year, autumn_begins)
    return [date(year - 16, 9, day) for day in range(1, last.day + 1)] if last.month == 9 else []


def saying_problem(edge: Edge | None, ends_on: date, now: date, why: str, *, said: bool) -> Problem | None:
    """What keeps a day from being said; None where nothing does. `now` is what the record says, `said` that someone
    has said so.
    """
    if edge is None:
        return Problem("ends_on", "Choose another child: of this one the law leaves only one day")
    if ends_on not in (edge.earlier, edge.later):
        return Problem("ends_on", "Select one of the two days")
    if said and ends_on == now:
        return Problem("ends_on", "Select the other day, or leave what was said as it is")
    if not why.strip():
        return Problem("why", "Enter your reasons")
    return None
