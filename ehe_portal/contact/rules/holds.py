"""Holding a clock: for which reasons, until when, how often. Pure.

A hold gives time, and nothing else: it moves no due date, and stops no reminder of the day on which it ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.codes import Code
from ehe_portal.core.days import add_months

LONGEST_HOLD: Final = 60
"""Days of one hold, its first and last included."""
MOST_HELD: Final = 120
"""Days of all holds in any 12 months."""


class HoldReason(Code):
    """Why a clock is held."""

    ABROAD = "abroad", "The family is abroad, and the address there has been confirmed"
    BEREAVEMENT = "bereavement", "A bereavement"
    HOSPITAL = "hospital", "The child or a parent is in hospital"
    OTHER = "other", "Another reason"


@dataclass(frozen=True, slots=True)
class Hold:
    """A clock is held from one day to another, both included. `ended_on` is its last day where it was ended early."""

    from_on: date
    until_on: date
    ended_on: date | None = None

    def last_on(self, as_of: date) -> date:
        """Its last day, as known on a day."""
        return self.until_on if self.ended_on is None or self.ended_on > as_of else self.ended_on


@dataclass(frozen=True, slots=True)
class Span:
    """From a day on, and `before` another; without that, until further notice."""

    from_on: date
    before: date | None


@dataclass(frozen=True, slots=True)
class HoldProblem:
    """Why a clock cannot be held as asked, and the field that it is about, if any."""

    message: str
    field: str | None = None


def last_day_held(holds: Iterable[Hold], protection_plans: Sequence[Span], as_of: date) -> date | None:
    """The last day of the holds known on a day; None without any.

    A child protection plan allows no hold: one that runs ends on the first day of a plan.
    """
    last: date | None = None
    for hold in holds:
        if hold.from_on > as_of:
            continue
        ends = hold.last_on(as_of)
        for plan in protection_plans:
            if plan.from_on <= ends and (plan.before is None or plan.before > hold.from_on):
                ends = max(plan.from_on, hold.from_on)
        last = ends if last is None else max(last, ends)
    return last


def days_held(holds: Iterable[Hold], first: date, last: date) -> int:
    """On how many days from `first` to `last`, both included, a clock was held; a day of two holds counts once."""
    counted, reached = 0, first
    for hold in sorted(holds, key=lambda hold: (hold.from_on, hold.until_on)):
        begins, ends = max(hold.from_on, reached), min(hold.ended_on or hold.until_on, last)
        if begins <= ends:
            counted += (ends - begins).days + 1
            reached = ends + timedelta(days=1)
    return counted


def is_in_a_row(earlier: Iterable[Hold], last_contact: date | None) -> bool:
    """Whether a hold begun now follows another one, with nothing heard from the family since that began."""
    return any(last_contact is None or last_contact < hold.from_on for hold in earlier)


def hold_problem(
    until_on: date,
    earlier: Sequence[Hold],
    last_contact: date | None,
    *,
    today: date,
    protection_plan: bool,
    may_hold_again: bool,
) -> HoldProblem | None:
    """What keeps a clock from being held from today until a day; None where nothing does."""
    if protection_plan:
        return HoldProblem("The clock of a child with a child protection plan cannot be held")
    if until_on <= today:
        return HoldProblem("Enter a date after today", "until_on")
    if (until_on - today).days + 1 > LONGEST_HOLD:
        latest = today + timedelta(days=LONGEST_HOLD - 1)
        return HoldProblem(
            f"Enter a date on or before {latest.day} {latest:%B %Y}: a hold lasts {LONGEST_HOLD} days at most",
            "until_on",
        )
    if is_in_a_row(earlier, last_contact) and not may_hold_again:
        return HoldProblem(
            "This would be a second hold in a row, with no contact between: only the CME manager can allow that"
        )
    held = [Hold(hold.from_on, hold.ended_on or hold.until_on) for hold in earlier]
    year_from = add_months(until_on, -12) + timedelta(days=1)
    if days_held([*held, Hold(today, until_on)], year_from, until_on) > MOST_HELD:
        return HoldProblem(
            f"Enter an earlier date: in any 12 months a clock is held for {MOST_HELD} days at most", "until_on"
        )
    return None
