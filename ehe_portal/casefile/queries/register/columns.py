"""What can stand in the columns of the register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, case, func, literal

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.queries.turning import AnyRow
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.school_age import year_group, year_group_name
from ehe_portal.register.models import Address, Child, Episode

Cell = str | date | None
NOT_SHOWN: Final = "Not shown"
SEN_WORDS: Final = {
    SenStatus.NONE: "None on record",
    SenStatus.SUPPORT: "SEN support",
    SenStatus.EHCP: "EHC plan",
    SenStatus.UNKNOWN: "Not known",
}


@dataclass(frozen=True)
class Column:
    """One column: what it reads of a child, episode, clock, adviser or address, and what is said of that.

    `of_clock` and `of_address` say what has to be joined for it; `has_distance` that its day is
    said with how far away it is.
    """

    key: str
    label: str
    reads: tuple[SQLColumnExpression[Any], ...]
    cell: Callable[[AnyRow, date], Cell]
    of_clock: bool = False
    of_address: bool = False
    of_adviser: bool = False
    has_distance: bool = False


# A protected address never leaves the database for a list. Nothing is told of whether there is one.
POSTCODE: Final = case((Child.protected, literal(NOT_SHOWN)), else_=Address.postcode).label("postcode")
REFERENCE: Final = func.coalesce(Child.authority_ref, Child.reference).label("known_by")

NAME_COLUMNS: Final[tuple[SQLColumnExpression[Any], ...]] = (
    Child.reference,
    Child.legal_forename,
    Child.legal_surname,
    Child.preferred_name,
    Child.sort_name,
    Child.id,
)


def status(row: AnyRow, _today: date) -> Cell:
    """Where the episode stands, in a word or two."""
    if row.closed_on is not None:
        return f"Closed: {row.destination.label.lower()}"
    if row.accepted_at is None:
        return "Waiting to be checked"
    if row.lapsed_on is not None:
        return "Contact lapsed"
    label: str = row.arrangement.label
    return label


ALL: Final = (
    Column("preferred", "Preferred name", (), lambda row, _: row.preferred_name),
    Column("born", "Date of birth", (Child.date_of_birth,), lambda row, _: row.date_of_birth),
    Column(
        "year",
        "School year",
        (Child.date_of_birth,),
        lambda row, today: year_group_name(year_group(row.date_of_birth, today)),
    ),
    Column("opened", "Opened", (Episode.opened_on,), lambda row, _: row.opened_on),
    Column("tier", "Tier", (Episode.tier,), lambda row, _: row.tier.label),
    Column("social-care", "Social care", (Episode.social_care,), lambda row, _: row.social_care.label),
    Column(
        "adviser",
        "Adviser",
        (Account.name.label("adviser"),),
        lambda row, _: row.adviser or "With the team",
        of_adviser=True,
    ),
    Column(
        "due",
        "Next contact due",
        (ContactClock.due_on, ContactClock.is_running),
        lambda row, _: row.due_on if row.is_running else None,
        of_clock=True,
        has_distance=True,
    ),
    Column(
        "last-contact",
        "Last contact",
        (ContactClock.last_contact_on,),
        lambda row, _: row.last_contact_on,
        of_clock=True,
    ),
    Column("last-seen", "Last seen", (ContactClock.last_seen_on,), lambda row, _: row.last_seen_on, of_clock=True),
    Column(
        "status",
        "Status",
        (Episode.closed_on, Episode.destination, Episode.accepted_at, Episode.arrangement, ContactClock.lapsed_on),
        status,
        of_clock=True,
    ),
    Column("sen", "SEN", (Child.sen_status,), lambda row, _: SEN_WORDS[row.sen_status]),
    Column("reference", "Reference", (REFERENCE,), lambda row, _: row.known_by),
    Column("postcode", "Postcode", (POSTCODE,), lambda row, _: row.postcode, of_address=True),
)
COLUMNS: Final = {column.key: column for column in ALL}
BEGINS_WITH: Final = ("born", "opened", "tier", "adviser", "due", "status")
