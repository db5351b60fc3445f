"""register.csv: what each column may hold, and a row as values. What is read can be written, and gives the same row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.codes import (
    Arrangement,
    Destination,
    PreviousSchoolType,
    PrimaryReason,
    Responsibility,
    SenStatus,
    Sex,
    SocialCare,
    Tier,
)
from ehe_portal.core.csvfiles import BadCell, Cells, Row, Unexpected, a_date, one_of, text, yes_or_no
from ehe_portal.core.days import add_months
from ehe_portal.register.rules import identifiers

MUST: Final = ("child_ref", "legal_forename", "legal_surname", "date_of_birth", "address", "opened_on")
PARENT: Final = ("name", "relationship", "responsibility", "email", "phone", "address")
COLUMNS: Final = (
    "child_ref",
    "legal_forename",
    "legal_surname",
    "preferred_name",
    "date_of_birth",
    "sex",
    "upn",
    "nhs_number",
    "address",
    "postcode",
    "uprn",
    "sen_status",
    "social_care",
    "opened_on",
    "arrangement",
    "ehe_started_on",
    "closed_on",
    "destination",
    "primary_reason",
    "previous_school_type",
    "tier",
    "adviser_email",
    *(f"parent{number}_{part}" for number in (1, 2) for part in PARENT),
    "protected",
    "language",
)
MAY: Final = tuple(column for column in COLUMNS if column not in MUST)

OLDEST: Final = date(1900, 1, 1)  # no policy, and no bank holidays, are known before
YEARS_OLD: Final = 25
NAME_LENGTH: Final = 100
LINE_LENGTH: Final = 500
REFERENCE_LENGTH: Final = 100
LONGEST_PHONE: Final = 200  # what a form takes, blanks and all, so that what was typed there can be brought back

_NOT_IN_FILES: Final = {Destination.CME_ENQUIRY, Destination.DUPLICATE}
FILE_DESTINATIONS: Final = tuple(code for code in Destination if code not in _NOT_IN_FILES)


@dataclass(frozen=True, slots=True)
class ParentRow:
    """One adult of a row."""

    name: str
    relationship: str | None
    responsibility: Responsibility
    email: str | None
    phone: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One child with the latest episode, as the file has it. `parents` are those at position 1 and 2."""

    child_ref: str
    legal_forename: str
    legal_surname: str
    preferred_name: str | None
    date_of_birth: date
    sex: Sex
    upn: str | None
    nhs_number: str | None
    address: str
    postcode: str | None
    uprn: str | None
    sen_status: SenStatus
    social_care: SocialCare
    opened_on: date
    arrangement: Arrangement
    ehe_started_on: date | None
    closed_on: date | None
    destination: Destination | None
    primary_reason: PrimaryReason
    previous_school_type: PreviousSchoolType
    tier: Tier
    adviser_email: str | None
    parents: tuple[ParentRow | None, ParentRow | None]
    protected: bool
    language: str

    def cells(self) -> list[str]:
        """The row as it is written, in the order of `COLUMNS`."""
        return [self.cell(column) for column in COLUMNS]

    def cell(self, column: str) -> str:
        """One column's cell as it is written."""
        if column.startswith("parent"):
            parent = self.parents[int(column[6]) - 1]
            return "" if parent is None else written(getattr(parent, column[8:]))
        return written(getattr(self, column))


def written(value: object) -> str:
    """A value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def differing(one: RegisterRow, other: RegisterRow, columns: Iterable[str]) -> list[str]:
    """The columns, of those given, in which two rows of one child differ."""
    return [column for column in columns if one.cell(column) != other.cell(column)]


def checked(tidy: Callable[[str], str | None], expected: str) -> Callable[[str], str]:
    """A parser from a function that gives None for what cannot be."""

    def parse(cell: str) -> str:
        found = tidy(cell)
        if found is None:
            raise Unexpected(expected)
        return found

    return parse


NAME: Final = text(NAME_LENGTH)
LINE: Final = text(LINE_LENGTH)
PHONE: Final = text(LONGEST_PHONE)
UPN: Final = checked(identifiers.upn, "a UPN: 13 characters, the first of which is the right check letter")
NHS_NUMBER: Final = checked(identifiers.nhs_number, "an NHS number: 10 digits, the last of which checks the others")
POSTCODE: Final = checked(identifiers.postcode, "a postcode, like LS1 4AP")
UPRN: Final = checked(identifiers.uprn, "a UPRN: 1 to 12 digits")
EMAIL: Final = checked(identifiers.email, "an email address, like name@example.com")
LANGUAGE: Final = checked(identifiers.language, "a language tag (BCP 47), like en, cy or pl")
SEX, SEN_STATUS, SOCIAL_CARE = one_of(Sex), one_of(SenStatus), one_of(SocialCare)
ARRANGEMENT, TIER, RESPONSIBILITY = one_of(Arrangement), one_of(Tier), one_of(Responsibility)
REASON, PREVIOUS = one_of(PrimaryReason), one_of(PreviousSchoolType)


def destination(cell: str) -> Destination:
    """A destination that a file may bring: not an enquiry or a duplicate, which only the portal itself can find."""
    if cell not in FILE_DESTINATIONS:
        raise Unexpected("one of " + ", ".join(code.value for code in FILE_DESTINATIONS))
    return Destination(cell)


def born(today: date) -> Callable[[str], date]:
    """A parser for a date of birth: not in the future and not over 25 years ago."""
    earliest = add_months(today, -12 * YEARS_OLD)

    def parse(cell: str) -> date:
        found = a_date(cell)
        if found > today:
            raise Unexpected("a date that is not in the future")
        if found < earliest:
            raise Unexpected(f"a date not over {YEARS_OLD} years ago")
        return found

    return parse


def past(today: date) -> Callable[[str], date]:
    """A parser for a day that has come."""

    def parse(cell: str) -> date:
        found = a_date(cell)
        if found > today:
            raise Unexpected("a date not after today")
        if found < OLDEST:
            raise Unexpected(f"a date not before {OLDEST.year}")
        return found

    return parse


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one file on one day."""

    today: date
    bad: list[BadCell]

    def read(self, row: Row) -> RegisterRow | None:
        """One row as values; None where something on it does not fit, which is then noted."""
        before = len(self.bad)
        cells = Cells(row, self.bad)
        must, may = cells.must, cells.may
        opened_on = must("opened_on", past(self.today))
        closed_on, gone_to = self.closing(cells, opened_on)
        found = RegisterRow(
            child_ref=must("child_ref", text(REFERENCE_LENGTH)) or "",
            legal_forename=must("legal_forename", NAME) or "",
            legal_surname=must("legal_surname", NAME) or "",
            preferred_name=may("preferred_name", NAME, default=None),
            date_of_birth=must("date_of_birth", born(self.today)) or self.today,
            sex=may("sex", SEX, default=Sex.UNKNOWN),
            upn=may("upn", UPN, default=None),
            nhs_number=may("nhs_number", NHS_NUMBER, default=None),
            address=must("address", LINE) or "",
            postcode=may("postcode", POSTCODE, default=None),
            uprn=may("uprn", UPRN, default=None),
            sen_status=may("sen_status", SEN_STATUS, default=SenStatus.UNKNOWN),
            social_care=may("social_care", SOCIAL_CARE, default=SocialCare.UNKNOWN),
            opened_on=opened_on or self.today,
            arrangement=may("arrangement", ARRANGEMENT, default=Arrangement.EHE),
            ehe_started_on=may("ehe_started_on", a_date, default=None),
            closed_on=closed_on,
            destination=gone_to,
            primary_reason=may("primary_reason", REASON, default=PrimaryReason.UNKNOWN),
            previous_school_type=may("previous_school_type", PREVIOUS, default=PreviousSchoolType.ELSEWHERE_OR_UNKNOWN),
            tier=may("tier", TIER, default=Tier.ANNUAL),
            adviser_email=may("adviser_email", str.lower, default=None),
            parents=(self.parent(cells, 1), self.parent(cells, 2)),
            protected=may("protected", yes_or_no, default=False),
            language=may("language", LANGUAGE, default="en"),
        )
        return found if len(self.bad) == before else None

    def closing(self, cells: Cells, opened_on: date | None) -> tuple[date | None, Destination | None]:
        """The day an episode was closed and the destination: both or neither, and not before it opened."""
        closed_on = cells.may("closed_on", past(self.today), default=None)
        gone_to = cells.may("destination", destination, default=None)
        given = cells.row.cells
        if given.get("closed_on") and not given.get("destination"):
            cells.complain("destination", "a destination, because closed_on is filled")
        elif given.get("destination") and not given.get("closed_on"):
            cells.complain("closed_on", "a date, because destination is filled")
        elif closed_on and opened_on and closed_on < opened_on:
            cells.complain("closed_on", f"a date not before opened_on, {opened_on.isoformat()}")
        return closed_on, gone_to

    @staticmethod
    def parent(cells: Cells, number: int) -> ParentRow | None:
        """The first or the second adult of a row; one without a name is an error where anything else is known."""
        prefix = f"parent{number}_"
        responsibility = cells.may(prefix + "responsibility", RESPONSIBILITY, default=Responsibility.UNKNOWN)
        found = ParentRow(
            name=cells.may(prefix + "name", NAME, default=""),
            relationship=cells.may(prefix + "relationship", NAME, default=None),
            responsibility=responsibility,
            email=cells.may(prefix + "email", EMAIL, default=None),
            phone=cells.may(prefix + "phone", PHONE, default=None),
            address=cells.may(prefix + "address", LINE, default=None),
        )
        if cells.row.cells.get(prefix + "name"):
            return found
        told = (found.relationship, found.email, found.phone, found.address)
        if any(told) or responsibility is not Responsibility.UNKNOWN:
            cells.complain(prefix + "name", "a name, because more is told about this parent")
        return None


def repeated(rows: Iterable[Row]) -> list[BadCell]:
    """The rows whose reference stands on an earlier row already, whatever else is wrong with either."""
    first: dict[str, int] = {}
    bad = []
    for row in rows:
        reference = row.cells["child_ref"]
        line = first.setdefault(reference, row.line)
        if reference and line != row.line:
            bad.append(BadCell(row.line, "child_ref", reference, f"each child once; line {line} has it too"))
    return bad
