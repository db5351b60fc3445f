"""Decisions about complaints: what one needs, who may answer it, which of its days has passed. Pure."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from ehe_portal.core.codes import Code

LONGEST: Final = 10_000


class About(Code):
    """What a complaint is about."""

    DECISION = "decision", "A decision about the education"
    VISIT = "visit", "A visit, a meeting or a call"
    TREATMENT = "treatment", "How I was treated"
    DATA = "data", "What is kept about us, or how it is used"
    OTHER = "other", "Something else"


class Finding(Code):
    """What whoever answered it found."""

    UPHELD = "upheld", "We agree with you"
    PARTLY = "partly-upheld", "We agree with part of it"
    NOT_UPHELD = "not-upheld", "We do not agree"


class Late(Code):
    """Of which of its days the next person has been told that it has passed."""

    NOT_ACKNOWLEDGED = "not-acknowledged", "Not acknowledged in time"
    NOT_ANSWERED = "not-answered", "Not answered in time"


Problem = tuple[str, str] | None


def complaint_problem(about: About | None, words: str) -> Problem:
    """What is missing from a complaint, as (field, message); None if nothing is."""
    if about is None:
        return "about", "Select what it is about"
    if not words.strip():
        return "words", "Enter what happened"
    return None


def answer_problem(finding: Finding | None, answer: str) -> Problem:
    """What is missing from an answer, as (field, message); None if nothing is."""
    if finding is None:
        return "finding", "Select what you found"
    if not answer.strip():
        return "answer", "Enter your answer with the reasons: the parent reads it"
    return None


def first_free(ladder: Sequence[Sequence[int]], concerned: Collection[int]) -> int | None:
    """Who answers: the first whom it is not about, of the lowest step of the ladder that has any; None if nobody is.

    `ladder` has the accounts of each step, those with the fewest open complaints first.
    """
    return next((one for step in ladder for one in step if one not in concerned), None)


def what_is_late(
    acknowledge_by: date, answer_by: date, *, acknowledged: bool, answered: bool, today: date
) -> Late | None:
    """Which of its days has passed; a last day is whole, so that it has passed on the day after."""
    if answered:
        return None
    if today > answer_by:
        return Late.NOT_ANSWERED
    return Late.NOT_ACKNOWLEDGED if not acknowledged and today > acknowledge_by else None
