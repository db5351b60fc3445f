"""When a child was last seen, by whom, and when not having been seen is to be looked into. Pure.

A parent may lawfully decline that the child is seen. Then somebody asks elsewhere, and writes down what they decided:
never an escalation for declining.
"""

from datetime import date
from typing import Final

from ehe_portal.core.codes import Code
from ehe_portal.core.days import add_months

SEEN_WITHIN_MONTHS: Final = 12
FIRST_SEEN_WITHIN_MONTHS: Final = 6
LONGEST_TO_NEXT_REVIEW: Final = 12
"""Months to the next review, at most."""


class SeenBy(Code):
    """Which professional outside the team saw a child."""

    HEALTH = "health", "A doctor, nurse, health visitor or dentist"
    SOCIAL_CARE = "social-care", "A social worker or family support worker"
    SCHOOL = "school", "A school or college"
    POLICE = "police", "The police"
    OTHER_AUTHORITY = "other-authority", "Another authority"
    OTHER = "other", "Someone else who works with children"


def see_by(opened_on: date, starts_on: date, last_seen: date | None, next_review: date | None) -> date:
    """The last day before it is looked into that a child has not been seen; nothing is due before `starts_on`.

    A recorded review puts it off to the day that it named; to be seen counts for more than either.
    """
    if last_seen is None:
        found = add_months(opened_on, FIRST_SEEN_WITHIN_MONTHS)
    else:
        found = add_months(last_seen, SEEN_WITHIN_MONTHS)
    return max(found, starts_on, next_review or starts_on)


def review_problem(next_review_on: date, today: date) -> str | None:
    """Why a review cannot name this day for the next one; None where it can."""
    if next_review_on <= today:
        return "Enter a date after today"
    if next_review_on > add_months(today, LONGEST_TO_NEXT_REVIEW):
        return f"Enter a date within the next {LONGEST_TO_NEXT_REVIEW} months"
    return None
