"""What an authority's values are called, in what they are counted and where they come from; when a term fits. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

GUIDANCE = "The Department’s guidance of April 2019 asks councils to be in contact at least once a year"
CLOCK = "The portal’s own default; the council may set another"
PRACTICE = "Local practice: no section of the law gives a number of days"
CARE = "Local practice, with children’s social care; no section of the law gives a number of days"


@dataclass(frozen=True)
class Named:
    """One value in words: what it is, its unit, and where the number comes from."""

    label: str
    unit: str
    source: str = PRACTICE


CONTACT, GRACE, FIRST, REPLIES, OFFICE = (
    "How often to be in contact",
    "Days of grace after the due date",
    "A child who is new to the council",
    "Replies from families",
    "The council’s own work",
)

GROUPS: Final[dict[str, dict[str, Named]]] = {
    CONTACT: {
        "interval_months_annual": Named("Annual tier", "months", GUIDANCE),
        "interval_months_half_yearly": Named("Half-yearly tier", "months", CLOCK),
        "interval_weeks_close": Named("Close tier", "weeks", CARE),
    },
    GRACE: {
        "grace_days_annual": Named("Annual tier", "working days", CLOCK),
        "grace_days_half_yearly": Named("Half-yearly tier", "working days", CLOCK),
        "grace_days_close": Named("Close tier", "working days", CARE),
    },
    FIRST: {
        "first_contact_days": Named("First contact is due after", "working days", PRACTICE),
        "first_contact_days_social_care": Named(
            "With a social worker, first contact is due after", "working days", CARE
        ),
        "first_contact_grace": Named("Days of grace after that", "working days", CLOCK),
    },
    REPLIES: {
        "reply_days": Named("A reply moves the due date by at most", "working days", CLOCK),
        "reply_days_cp": Named("With a child protection plan, by at most", "working days", CARE),
    },
    OFFICE: {
        "acknowledge_days": Named("A registration is answered within", "working days", PRACTICE),
        "confirm_writing_days": Named("Writing from a family is read within", "working days", CLOCK),
        "team_queue_days": Named("The team may hold a child without a named adviser for", "working days", CLOCK),
        "other_arrangement_review_months": Named("Other arrangements are reviewed after", "months", PRACTICE),
        "backlog_digest_over": Named("Alerts to one person become one list when there are more than", "alerts", CLOCK),
    },
}
NAMED: Final = {name: named for group in GROUPS.values() for name, named in group.items()}


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
