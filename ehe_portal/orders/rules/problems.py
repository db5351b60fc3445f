"""What keeps a step from being taken, or a document from counting as served. Pure: (field, message), or None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ehe_portal.core.days import add_months
from ehe_portal.core.govuk.words import long_date
from ehe_portal.orders.rules.codes import (
    LONGEST_REASONS,
    LONGEST_SCHOOL,
    Document,
    Ground,
    Method,
    Plan,
    StepCode,
)
from ehe_portal.orders.rules.law import Step, Way

Problem = tuple[str, str] | None
DAYS = {
    "appeared_on": "the day on which it appeared so",
    "determined_on": "the day on which the school was determined",
    "applied_on": "the day on which the application came",
}
CHOICES = {
    "plan": "Select whether there is an EHC plan, and whether it names a school",
    "grounds": "Select what the notice rests on",
    "condition": "Select why consent is needed",
    "refusal": "Select on what the refusal rests",
    "considered": "Select that all of it was considered",
}


@dataclass(frozen=True)
class Wanted:
    """A step that someone wants to take. `said` are the answers to what the step asks; `parents` whom it is to be
    served on, by their references."""

    code: StepCode
    reasons: str
    said: Mapping[str, str] = field(default_factory=dict)
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of the child: whether the latest decision that stands is that the education appears not to be
    suitable, and whether there is an EHC plan on record; of the case, when its first step was taken, if it was."""

    unsuitable: bool
    has_plan: bool
    begun_on: date | None = None


def step_problem(step: Step, wanted: Wanted, known: Known, today: date) -> Problem:
    """What is wrong with a step as it was filled in."""
    if not wanted.reasons.strip():
        return "reasons", "Enter the reasons"
    if len(wanted.reasons) > LONGEST_REASONS:
        return "reasons", f"Enter {LONGEST_REASONS:,} characters or fewer"
    for name in step.asks:
        problem = answer_problem(name, wanted.said.get(name, ""), step, known, today)
        if problem:
            return problem
    if "parents" in step.served and not wanted.parents:
        return "parents", "Select on whom it is to be served"
    return None


def answer_problem(name: str, answer: str, step: Step, known: Known, today: date) -> Problem:
    """What is wrong with one answer."""
    if name in DAYS:
        return day_problem(name, answer, known.begun_on, today)
    if name == "school" and not 0 < len(answer.strip()) <= LONGEST_SCHOOL:
        return name, f"Enter the school’s name, in {LONGEST_SCHOOL} characters or fewer"
    if name == "excluded":
        return exclusion_problem(answer, step)
    if name in CHOICES and not answer:
        return name, CHOICES[name]
    if name == "considered" and not set(step.considers) <= set(answer.split(",")):
        return name, CHOICES[name]
    if name == "plan" and known.has_plan and answer == Plan.NONE:
        return name, "Select what the EHC plan says: the child’s record says that there is one"
    if name == "grounds" and Ground.UNSUITABLE in answer.split(",") and not known.unsuitable:
        return name, UNFOUNDED
    return None


UNFOUNDED = (
    "Choose this once a decision stands that the education appears not to be suitable: "
    "silence, or a visit that was not wanted, is no ground"
)


def day_problem(name: str, answer: str, begun_on: date | None, today: date) -> Problem:
    """What is wrong with a day: a clock runs from it, so that a year mistyped would say that all time is over."""
    if not answer:
        return name, f"Enter {DAYS[name]}"
    day = date.fromisoformat(answer)
    if day > today:
        return name, "Enter a date that is not in the future"
    earliest = begun_on or add_months(today, -12)
    if day < earliest:
        return name, f"Enter a date from {long_date(earliest)} on"
    return None


def exclusion_problem(answer: str, step: Step) -> Problem:
    """What keeps a school from being named."""
    if answer == "no":
        return None
    if answer == "yes":
        return (
            "school",
            f"Enter another school: one that has permanently excluded the child is never named ({step.section})",
        )
    return "excluded", "Select whether this school has permanently excluded the child"


def serving_problem(
    way: Way, step: Step, method: Method, on: date, taken_on: date, today: date, *, to_school: bool, consented: bool
) -> Problem:
    """What keeps a document from counting as served so (section 572)."""
    if on > today:
        return "on", "Enter a date that is not in the future"
    if on < taken_on:
        return "on", f"Enter a date from {long_date(taken_on)} on, when this was decided"
    free = to_school or step.document is Document.SCHOOL or way.electronic == "any"
    if method is Method.ELECTRONIC and not (free or consented):
        return "method", (
            "Choose another way: section 572 allows electronic service on a parent only where they have "
            "agreed to it in writing, for this kind of document and at a stated address"
        )
    if method is Method.OTHER and not free:
        return "method", "Choose one of the ways of section 572: by hand, left at the home, or by prepaid post"
    return None
