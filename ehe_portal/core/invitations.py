"""Visits as entries in people's own calendars: iCalendar (RFC 5545) and its invitations by mail (RFC 5546).

Pure: values in, bytes out. An entry names nobody and says no place: it has its times and a link to the portal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

from ehe_portal.core.days import LONDON

PRODUCT: Final = "-//ehe_portal//Home education//EN"
READ_AGAIN_AFTER: Final = timedelta(minutes=30)


class Method(StrEnum):
    """What a calendar is to do with an entry that comes by mail."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class Status(StrEnum):
    """How a visit stands in a calendar: offered, agreed, or not to be."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One visit in a calendar. `uid` is the same, and `sequence` rises, as it changes; the time is London's.

    `link` is the page that says the rest; `stamped_at` when this was said.
    """

    uid: str
    sequence: int
    status: Status
    summary: str
    on_date: date
    at_time: time
    minutes: int
    link: str
    stamped_at: datetime


def invitation(entry: Entry, *, organiser: str, attendee: str) -> bytes:
    """An entry for one person by mail: a request to take it in or change it, or to take it out where it is cancelled.

    `organiser` and `attendee` are addresses. No answer is asked for by mail: families answer on their own page.
    """
    made = an_event(entry)
    made.add("organizer", vCalAddress(f"mailto:{organiser}"))
    invited = vCalAddress(f"mailto:{attendee}")
    invited.params["RSVP"] = vText("FALSE")
    invited.params["PARTSTAT"] = vText("NEEDS-ACTION" if entry.status is Status.TENTATIVE else "ACCEPTED")
    made.add("attendee", invited)
    calendar = a_calendar()
    calendar.add("method", method_of(entry.status).value)
    calendar.add_component(made)
    written: bytes = calendar.to_ical()
    return written


def published(entries: Iterable[Entry], *, organiser: str) -> bytes:
    """Several entries in one mail, to be taken in; each may be changed or taken out by an invitation later."""
    calendar = a_calendar()
    calendar.add("method", Method.PUBLISH.value)
    for entry in entries:
        made = an_event(entry)
        made.add("organizer", vCalAddress(f"mailto:{organiser}"))
        calendar.add_component(made)
    written: bytes = calendar.to_ical()
    return written


def method_of(status: Status) -> Method:
    """What a mail with an entry that stands so asks of a calendar."""
    return Method.CANCEL if status is Status.CANCELLED else Method.REQUEST


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """All entries of one person, for a calendar that reads them again and again."""
    calendar = a_calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(an_event(entry))
    written: bytes = calendar.to_ical()
    return written


def a_calendar() -> Calendar:
    """A calendar that knows London's clock and has no entries."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(london())
    return calendar


def an_event(entry: Entry) -> Event:
    """An entry as an event. Its end is so many minutes later, whatever the clocks do meanwhile."""
    begins = datetime.combine(entry.on_date, entry.at_time, LONDON)
    ends = (begins.astimezone(UTC) + timedelta(minutes=entry.minutes)).astimezone(LONDON)
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.stamped_at.astimezone(UTC).replace(microsecond=0))
    made.add("sequence", entry.sequence)
    made.add("dtstart", begins)
    made.add("dtend", ends)
    made.add("summary", entry.summary)
    made.add("location", f"See the portal: {entry.link}")
    made.add("description", f"See the portal: {entry.link}")
    made.add("url", entry.link)
    made.add("status", entry.status.value)
    made.add("class", "PRIVATE")
    return made


def london() -> Timezone:
    """London's clock as every calendar program understands it: since 1996 it changes on the last Sundays of March and
    October, at one o'clock Greenwich time.
    """
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    for part, named, month, local, before, after in (
        (TimezoneDaylight(), "BST", 3, time(1), timedelta(0), timedelta(hours=1)),
        (TimezoneStandard(), "GMT", 10, time(2), timedelta(hours=1), timedelta(0)),
    ):
        part.add("dtstart", datetime.combine(last_sunday(1996, month), local))
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", named)
        zone.add_component(part)
    return zone


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
