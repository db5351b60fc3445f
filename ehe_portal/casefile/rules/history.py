"""What a child's record said before, in words. Plain values in, answers out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from ehe_portal.core.codes import Responsibility, SenStatus, Sex
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.languages import language_name

LABELS: Final = {
    "legal_forename": "Legal first name",
    "legal_surname": "Legal last name",
    "preferred_name": "Preferred name",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "sen_status": "Special educational needs",
    "upn": "UPN",
    "nhs_number": "NHS number",
    "language": "Language of letters",
    "line": "Address",
    "postcode": "Postcode",
    "uprn": "UPRN",
    "from_on": "From",
    "name": "Name",
    "relationship_": "Relationship",
    "responsibility": "Parental responsibility",
    "email": "Email",
    "phone": "Phone",
    "address": "Address",
    "age_ends": "Compulsory school age until",
}
CODED: Final = {"sex": Sex, "sen_status": SenStatus, "responsibility": Responsibility}
DATES: Final = {"date_of_birth", "from_on", "age_ends"}


class Change(Protocol):
    """What is read of an entry about what a record said before."""

    @property
    def subject(self) -> str: ...
    @property
    def nature(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by_id(self) -> int | None: ...
    @property
    def address_id(self) -> int | None: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def changed_on(self) -> date | None: ...
    @property
    def why(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Earlier:
    """One time that a record was put right or changed: what was done, what it had said, and why."""

    words: str
    said: list[tuple[str, str]]
    why: str | None


@dataclass(frozen=True, slots=True)
class History:
    """All of it, by what it is about."""

    child: list[Earlier]
    protection: list[Earlier]
    addresses: dict[int, list[Earlier]]
    parents: dict[int, list[Earlier]]


def earlier(changes: Iterable[Change], names: Mapping[int, str], *, whereabouts: bool) -> History:
    """What a child's record said before, the latest first; without `whereabouts` no word of where anyone lives."""
    found = History([], [], {}, {})
    for change in changes:
        hidden = set() if whereabouts else {"address"}
        said = [
            (LABELS.get(name, name), value_in_words(name, value))
            for name, value in change.before.items()
            if name not in hidden and change.subject != "protection"
        ]
        entry = Earlier(in_words(change, names), said, change.why)
        place_for(found, change).append(entry)
    return found


def place_for(found: History, change: Change) -> list[Earlier]:
    """Where an entry belongs."""
    if change.address_id is not None:
        return found.addresses.setdefault(change.address_id, [])
    if change.parent_id is not None:
        return found.parents.setdefault(change.parent_id, [])
    return found.protection if change.subject == "protection" else found.child


def in_words(change: Change, names: Mapping[int, str]) -> str:
    """What was done, when and by whom."""
    by = names.get(change.by_id or 0)
    signed = f"{long_date(change.at)}" + (f", by {by}" if by else "")
    if change.subject == "protection":
        return ("No longer hidden" if change.before.get("protected") else "Hidden") + f" since {signed}"
    if change.subject == "school-age":
        return f"End of school age said on {signed}. Until then it said"
    if change.nature == "ending":
        return f"Ended, written down on {signed}"
    if change.nature == "change":
        return f"Changed from {long_date(change.changed_on)}, written down on {signed}. Before that it said"
    return f"Put right on {signed}. It had said"


def value_in_words(name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return "Not given"
    if name in CODED:
        return CODED[name](str(value)).label
    if name == "language":
        return language_name(str(value))
    if name in DATES:
        return long_date(date.fromisoformat(str(value)))
    return str(value)
