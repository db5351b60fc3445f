"""Decisions about a child's details, addresses and carers: what can be so, and what has become different."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from ehe_portal.core.days import add_months
from ehe_portal.register.rules.answers import NO_FIXED_ADDRESS
from ehe_portal.register.rules.closing import Problem
from ehe_portal.register.rules.names import fold
from ehe_portal.register.rules.rows import YEARS_OLD

NOT_KNOWN: Final = "Address not known"


class Whereabouts(StrEnum):
    """What is known of where a child lives."""

    ADDRESS = "address"
    NO_FIXED_ADDRESS = "no-fixed-address"
    NOT_KNOWN = "not-known"


INSTEAD_OF_A_LINE: Final = {Whereabouts.NO_FIXED_ADDRESS: NO_FIXED_ADDRESS, Whereabouts.NOT_KNOWN: NOT_KNOWN}
"""What stands in the place of an address where there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child lives, as it is written down."""

    line: str
    postcode: str | None = None
    uprn: str | None = None

    @property
    def whereabouts(self) -> Whereabouts:
        """Whether it is an address."""
        return next((kind for kind, line in INSTEAD_OF_A_LINE.items() if line == self.line), Whereabouts.ADDRESS)

    @classmethod
    def of(cls, whereabouts: Whereabouts, line: str = "", postcode: str = "", uprn: str = "") -> "Place":
        """A place as it was typed; nothing is kept of an address where there is none."""
        if whereabouts in INSTEAD_OF_A_LINE:
            return cls(INSTEAD_OF_A_LINE[whereabouts])
        return cls(one_line(line), postcode or None, uprn or None)


def one_line(typed: str) -> str:
    """An address on one line, its parts separated by a comma and a space, whether typed so or line by line."""
    parts = (" ".join(part.split()) for part in re.split(r"[,\n]", typed))
    return ", ".join(part for part in parts if part)


def same_place(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    """Whether two addresses, as (line, postcode), are one real place; having none is no place to share."""
    known = one[1] is not None and one[0] not in INSTEAD_OF_A_LINE.values()
    return known and one[1] == other[1] and fold(one[0]) == fold(other[0])


def moving_problem(from_on: date, lived_from: date | None, today: date) -> Problem | None:
    """What keeps a child from living somewhere else from a day on; None where nothing does."""
    if from_on > today:
        return Problem("from_on", "Enter a date that is not in the future: record the move once it has happened")
    if lived_from is not None and from_on <= lived_from:
        return Problem(
            "from_on", "Enter a date after the present address began, or correct that one if it was never right"
        )
    return None


def span_problem(field: str, on: date, began_on: date | None, today: date) -> Problem | None:
    """What is wrong with a day on which something was confirmed, changed or ended; None where nothing is."""
    if on > today:
        return Problem(field, "Enter a date that is not in the future")
    if began_on is not None and on < began_on:
        return Problem(field, "Enter a date that is not before this began")
    return None


def start_problem(
    from_on: date, until_on: date | None, next_to: tuple[date | None, date | None], today: date
) -> Problem | None:
    """What is wrong with the corrected first day of an address. `next_to`: when the ones before and after began."""
    earlier, later = next_to
    if from_on > today:
        return Problem("from_on", "Enter a date that is not in the future")
    if earlier is not None and from_on <= earlier:
        return Problem("from_on", "Enter a date after the address before this one began")
    end = until_on or later
    if end is not None and from_on >= end:
        return Problem("from_on", "Enter a date before this address ended")
    return None


def birth_problem(born: date, today: date) -> Problem | None:
    """What is wrong with a child's date of birth; None where nothing is."""
    if born > today:
        return Problem("date_of_birth", "Enter a date of birth that is in the past")
    if born < add_months(today, -12 * YEARS_OLD):
        return Problem("date_of_birth", f"Enter a date of birth that is not over {YEARS_OLD} years ago")
    return None


def differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """The values of now that would become different, by name."""
    return {name: value for name, value in now.items() if then[name] != value}
