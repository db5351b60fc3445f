"""Entries for people's own calendars, in the mails about visits: kept with a message as they stood, made as it leaves.

An entry names nobody and says no place: when, how long, and a link.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from ehe_portal.core.codes import ContactKind
from ehe_portal.core.invitations import Entry, Status
from ehe_portal.core.mail import page_address
from ehe_portal.notices.service.writing import AboutChild

CALLS: Final = frozenset({ContactKind.PHONE_CALL, ContactKind.VIDEO_CALL})
FAMILY_PAGE, STAFF_PAGE = "family.offers", "offers.one"
"""The pages that say the rest of an entry, to a family and to an adviser."""


class InCalendars(AboutChild, Protocol):
    """Something happened to a visit that stands in calendars."""

    @property
    def visit_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def adviser_id(self) -> int | None: ...
    @property
    def kind(self) -> ContactKind: ...
    @property
    def on_date(self) -> date: ...
    @property
    def at_time(self) -> time: ...
    @property
    def minutes(self) -> int: ...
    @property
    def status(self) -> Status: ...
    @property
    def round(self) -> int: ...
    @property
    def choice(self) -> bool: ...
    @property
    def stood(self) -> bool: ...


def summary_of(kind: ContactKind) -> str:
    """What an entry is called in a calendar that others may look into: never whom it is about."""
    return f"Home education {called(kind)}"


def called(kind: ContactKind) -> str:
    """What is to take place, in a word."""
    if kind in CALLS:
        return "call"
    return "meeting" if kind is ContactKind.MEETING else "visit"


def uid_of(visit_reference: str) -> str:
    """What a visit's entry is known by in every calendar: always the same, and no other portal's."""
    return f"visit-{visit_reference.lower()}@{urlsplit(page_address('public.start')).hostname}"


def has_entry(event: InCalendars) -> bool:
    """Whether calendars are to be told: that a visit stands, or no longer stands. What never stood is not taken out."""
    return event.stood or event.status is not Status.CANCELLED


def kept(event: InCalendars, page: str, status: Status | None = None) -> dict[str, Any] | None:
    """An entry as a message keeps it until it leaves; a `status` where its reader's is not the visit's own. None where
    there is none.
    """
    if not has_entry(event):
        return None
    return {
        "reference": event.reference,
        "page": page,
        "kind": event.kind.value,
        "on_date": event.on_date.isoformat(),
        "at_time": event.at_time.isoformat(),
        "minutes": event.minutes,
        "status": (status or event.status).value,
        "round": event.round,
    }


def entries_of(context: Mapping[str, Any], at: datetime) -> list[Entry]:
    """The entries that a message carries, said at a moment: most carry one or none."""
    one = context.get("entry")
    told = context.get("entries", []) if one is None else [one]
    return [entry_of(each, each.get("child_reference") or context["child_reference"], at) for each in told]


def entry_of(told: Mapping[str, Any], child_reference: str, at: datetime) -> Entry:
    """One entry as it was kept, said at a moment."""
    named = {"reference": child_reference}
    if told["page"] == STAFF_PAGE:
        named["visit_reference"] = told["reference"]
    return Entry(
        uid=uid_of(told["reference"]),
        sequence=told["round"],
        status=Status(told["status"]),
        summary=summary_of(ContactKind(told["kind"])),
        on_date=date.fromisoformat(told["on_date"]),
        at_time=time.fromisoformat(told["at_time"]),
        minutes=told["minutes"],
        link=page_address(told["page"], **named),
        stamped_at=at,
    )
