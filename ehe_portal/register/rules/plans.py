"""Decisions about education, health and care plans: the last day for the yearly review, and which dates can be so."""

from datetime import date, timedelta
from typing import Final

from ehe_portal.core.days import add_months
from ehe_portal.register.rules.closing import Problem

A_YEAR: Final = 12  # months


def review_by(made_on: date, reviewed_on: date | None) -> date:
    """The last day on which the next review is in time.

    An authority must review a plan "in the period of 12 months starting with the date on which the plan was first
    made", and in each such period starting with the date of the last review (Children and Families Act 2014,
    s.44(1)): the first day counts, so that the period that starts on 3 March ends on 2 March.
    """
    since = reviewed_on or made_on
    ends = add_months(since, A_YEAR)
    # What starts on 29 February has no such day a year later: it runs to the end of that February.
    return ends if ends.day != since.day else ends - timedelta(days=1)


def plan_problem(made_on: date, reviewed_on: date | None, born: date, today: date) -> Problem | None:
    """What is wrong with the dates of a plan; None where nothing is."""
    if made_on > today:
        return Problem("made_on", "Enter a date that is not in the future")
    if made_on < born:
        return Problem("made_on", "Enter a date that is not before the child was born")
    return None if reviewed_on is None else review_problem(reviewed_on, made_on, None, today)


def review_problem(held_on: date, made_on: date, before_on: date | None, today: date) -> Problem | None:
    """What is wrong with the day on which a review was held; None where nothing is. `before_on` is the last one's."""
    if held_on > today:
        return Problem("reviewed_on", "Enter a date that is not in the future: note the review once it has been held")
    if held_on < made_on:
        return Problem("reviewed_on", "Enter a date that is not before the plan was made")
    if before_on is not None and held_on <= before_on:
        return Problem("reviewed_on", "Enter a date after the last review, or put the dates right")
    return None


def ending_problem(ended_on: date, made_on: date, today: date) -> Problem | None:
    """What is wrong with the day from which the authority keeps a plan no longer; None where nothing is."""
    if ended_on > today:
        return Problem("ended_on", "Enter a date that is not in the future")
    if ended_on < made_on:
        return Problem("ended_on", "Enter a date that is not before the plan was made")
    return None
