"""When a person looks again at an education, and by when a family that is asked may answer. Pure."""

from datetime import date, timedelta
from typing import Final, Protocol

from ehe_portal.core.days import add_months, roll_forward, working_days_between
from ehe_portal.core.govuk.words import long_date
from ehe_portal.evidence.rules.deciding import Outcome, Problem

TOGETHER_WITHIN: Final = timedelta(weeks=8)
"""How far ahead a review may be, to be offered together with a brother's or sister's."""

MOST_TIME: Final = timedelta(weeks=26)
"""How far from today a family that is asked for information may be given time, at most: its child is not forgotten."""


class Intervals(Protocol):
    """An authority's values by which a person looks again at a child's education."""

    @property
    def review_months_suitable(self) -> int: ...
    @property
    def review_weeks_advice(self) -> int: ...
    @property
    def review_weeks_unsuitable(self) -> int: ...
    @property
    def information_weeks(self) -> int: ...


def last_day(asked_on: date, weeks: int) -> date:
    """The last day to answer a request for information: whole weeks later, or the first working day after that."""
    return roll_forward(asked_on + timedelta(weeks=weeks))


def review_on(outcome: Outcome, stood_on: date, intervals: Intervals) -> date:
    """When a person is to look again at an education about which was decided so; no clock of contact moves by it.

    Where more was asked, with the last day to answer.
    """
    if outcome is Outcome.SUITABLE:
        return roll_forward(add_months(stood_on, intervals.review_months_suitable))
    weeks = {
        Outcome.ADVICE: intervals.review_weeks_advice,
        Outcome.UNSUITABLE: intervals.review_weeks_unsuitable,
        Outcome.INSUFFICIENT: intervals.information_weeks,
    }
    return last_day(stood_on, weeks[outcome])


def review_is_late(due_on: date, today: date, days: int) -> bool:
    """Whether more than so many working days have gone by since a review was due."""
    return working_days_between(due_on, today) > days


def near(due_on: date, today: date) -> bool:
    """Whether a review may be done now with a brother's or sister's: it is due, or will be soon."""
    return due_on <= today + TOGETHER_WITHIN


def more_time_problem(last_on: date, wanted: date | None, today: date) -> Problem:
    """What is wrong with a later last day, as (field, message); None if nothing is."""
    if wanted is None:
        return "last_on", "Enter the new last day"
    if wanted <= last_on or wanted <= today:
        return "last_on", f"Enter a day after {long_date(max(last_on, today))}"
    if wanted > today + MOST_TIME:
        return "last_on", f"Enter a day no later than {long_date(today + MOST_TIME)}"
    return None
