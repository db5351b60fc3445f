"""A child's whole story: what belongs together in it, where each part leads, what is withheld from whom. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from ehe_portal.casefile.rules import TITLES, title_of
from ehe_portal.core.codes import ChildSeen, Code, ContactKind, ContactOutcome
from ehe_portal.core.days import LONDON, london_date
from ehe_portal.core.govuk.words import long_date

WITHHELD: Final = "Restricted: withheld"
MIDDAY: Final = time(12)


class Group(Code):
    """What of a story to show."""

    CONTACT = "contact", "Contacts, visits and calls"
    MESSAGES = "messages", "Messages and letters"
    EVIDENCE = "evidence", "Evidence and decisions"
    CONCERNS = "concerns", "Lapses, escalations and concerns"
    PEOPLE = "people", "Addresses and people"
    ORDERS = "orders", "Notices and orders"
    NOTES = "notes", "Notes"
    REGISTER = "register", "Registration, adviser and tier"
    FAMILY = "family", "What the family told us, and its access"


# By the beginning of an event's name, the longest first; so a new event of a kind that is known finds its place.
BEGINNINGS: Final = (
    ("ContactLapsed", Group.CONCERNS),
    ("ContactStruckOut", Group.CONTACT),
    ("ChildRegistered", Group.REGISTER),
    ("ChildDetails", Group.PEOPLE),
    ("ChildMoved", Group.PEOPLE),
    ("Change", Group.FAMILY),
    ("RecordCommented", Group.FAMILY),
    ("RecordsJoined", Group.REGISTER),
    ("ParentInvited", Group.FAMILY),
    ("ParentVerified", Group.FAMILY),
    ("ParentAccess", Group.FAMILY),
    ("Invitation", Group.FAMILY),
    ("Parent", Group.PEOPLE),
    ("Address", Group.PEOPLE),
    ("Protection", Group.PEOPLE),
    ("Household", Group.PEOPLE),
    ("Message", Group.MESSAGES),
    ("Answers", Group.CONTACT),
    ("AnswerNotNeeded", Group.MESSAGES),
    ("Letter", Group.MESSAGES),
    ("Reminder", Group.MESSAGES),
    ("Family", Group.MESSAGES),
    ("Evidence", Group.EVIDENCE),
    ("Education", Group.EVIDENCE),
    ("Decision", Group.EVIDENCE),
    ("Information", Group.EVIDENCE),
    ("Escalation", Group.CONCERNS),
    ("Lapse", Group.CONCERNS),
    ("Order", Group.ORDERS),
    ("DocumentServed", Group.ORDERS),
    ("ServiceProof", Group.ORDERS),
    ("ServiceConsent", Group.ORDERS),
    ("Note", Group.NOTES),
    ("Visit", Group.CONTACT),
    ("Contact", Group.CONTACT),
    ("WelfareCheck", Group.CONTACT),
    ("Observation", Group.CONTACT),
    ("Writing", Group.CONTACT),
    ("NextContact", Group.CONTACT),
    ("Hold", Group.CONTACT),
    ("Clock", Group.CONTACT),
)


def group_of(kind: str) -> Group:
    """To what an event belongs; what belongs to nothing else, to the register."""
    return next((group for beginning, group in BEGINNINGS if kind.startswith(beginning)), Group.REGISTER)


def kinds_of(group: Group) -> list[str]:
    """The events that belong to a group."""
    return sorted(kind for kind in TITLES if group_of(kind) is group)


AS_CONTACTS: Final = ("ContactRecorded", "ContactsImported")
"""Events of which the contacts themselves tell, each on the day on which it happened."""


def title_of_event(kind: str, details: Mapping[str, Any]) -> str:
    """What happened, in words. What a file brought began earlier than it was noted."""
    return "Entered from earlier records" if kind == "EpisodeOpened" and details.get("imported") else title_of(kind)


# Order: by moment, the latest first; a contact, of which only the day is known, stands at midday of it


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the story. At the same moment a contact comes later than what was noted then."""

    at: datetime
    of_contact: bool
    id: int

    @property
    def order(self) -> tuple[datetime, bool, int]:
        """By which places are compared."""
        return self.at, self.of_contact, self.id


def midday(day: date) -> datetime:
    """The moment for which a day stands."""
    return datetime.combine(day, MIDDAY, LONDON)


def last_midday_before(at: datetime) -> date:
    """The latest day whose midday is earlier than a moment."""
    day = london_date(at)
    return day if midday(day) < at else day - timedelta(days=1)


def words_of_contact(
    seen: ChildSeen | None, agreed_next_on: date | None, substantive: bool | None, struck_out: bool
) -> str:
    """What is said of a contact beside its kind and outcome."""
    said = []
    if struck_out:
        said.append("Struck out: recorded in error")
    if seen is not None:
        said.append(f"Child {seen.label[:1].lower()}{seen.label[1:]}")
    if substantive is not None:
        said.append("Tells about the education" if substantive else "A reply")
    if agreed_next_on is not None:
        said.append(f"Next contact agreed for {long_date(agreed_next_on)}")
    return "; ".join(said)


def title_of_contact(kind: ContactKind, outcome: ContactOutcome) -> str:
    """What happened, in words."""
    return f"{kind.label}: {outcome.label.lower()}"


# What is withheld


class Secret(Code):
    """Why something is not for everyone who may read of a child."""

    SAFEGUARDING = "safeguarding", "Safeguarding"
    WHEREABOUTS = "whereabouts", "Where a protected child is"


SAFEGUARDING_KINDS: Final = frozenset({"ObservationNoted"})
WHEREABOUTS_KINDS: Final = frozenset({"ChildMoved", "AddressCorrected", "AddressConfirmed"})
WHEREABOUTS_PARTS: Final = frozenset({"address", "line", "postcode", "uprn", "place"})
WHEREABOUTS_CHANGES: Final = frozenset({"address", "moving-away"})


def secret_of(
    kind: str, details: Mapping[str, Any], *, protected: bool, restricted_notes: Collection[int]
) -> Secret | None:
    """Why an entry is not for everyone; None where it is.

    `protected`: the child's address is. `restricted_notes` are the row numbers of notes that are safeguarding records.
    """
    if kind in SAFEGUARDING_KINDS or details.get("note_id") in restricted_notes:
        return Secret.SAFEGUARDING
    if not protected:
        return None
    parts = details.get("parts")
    tells = (
        kind in WHEREABOUTS_KINDS
        or (isinstance(parts, list) and not WHEREABOUTS_PARTS.isdisjoint(map(str, parts)))
        or (group_of(kind) is Group.FAMILY and details.get("kind") in WHEREABOUTS_CHANGES)
    )
    return Secret.WHEREABOUTS if tells else None
