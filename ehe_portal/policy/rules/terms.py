"""The school calendar: what a term or a holiday is, and when one fits in beside the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TermKind(StrEnum):
    """What a stretch of the school calendar is."""

    TERM = "term"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        """As people say it."""
        return "Term" if self is TermKind.TERM else "Holiday"


LONGEST_TERM_NAME = 60


@dataclass(frozen=True)
class Stretch:
    """A term or a holiday, both days included."""

    kind: TermKind
    first_on: date
    last_on: date


def school_year_name(year: int) -> str:
    """A school year as people write it: 2026 to 2027."""
    return f"{year} to {year + 1}"


def school_year_of(day: date) -> int:
    """The calendar year in which the school year (1 September to 31 August) of a day began."""
    return day.year if day.month >= 9 else day.year - 1


def stretch_problem(wanted: Stretch, known: Iterable[Stretch]) -> tuple[str, str] | None:
    """Why a term or holiday does not fit into the calendar beside the others, as (field, message); None if it does."""
    if wanted.last_on < wanted.first_on:
        return "last_on", "Enter a last day that is not before the first"
    if school_year_of(wanted.first_on) != school_year_of(wanted.last_on):
        return "last_on", "Enter days of one school year, which runs from 1 September to 31 August"
    for other in known:
        if other.kind is wanted.kind and other.first_on <= wanted.last_on and wanted.first_on <= other.last_on:
            return "first_on", f"Enter other days: another {other.kind.value} covers some of these"
    return None
