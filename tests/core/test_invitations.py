"""Visits as calendar entries: at the right London time whatever the clocks do, changed, cancelled, and nameless."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from ehe_portal.core.days import LONDON
from ehe_portal.core.invitations import Entry, Status, feed, invitation, london

ENTRY: dict[str, Any] = {
    "uid": "visit-7k2mxq0r4t@portal.example",
    "sequence": 3,
    "status": Status.TENTATIVE,
    "summary": "Home education visit",
    "on_date": date(2027, 3, 17),
    "at_time": time(10),
    "minutes": 60,
    "link": "https://portal.example/children/7K2MXQ0R4T/offers/4T7K2MXQ0R",
    "stamped_at": datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
}


def entry(**changes: Any) -> Entry:
    return Entry(**{**ENTRY, **changes})


def read(written: bytes) -> tuple[Any, Any]:
    """The calendar that was written, and its first event."""
    calendar = Calendar.from_ical(written)
    return calendar, calendar.walk("VEVENT")[0]


def invited(**changes: Any) -> tuple[Any, Any]:
    return read(invitation(entry(**changes), organiser="team@council.example", attendee="parent@home.example"))


def test_a_request_says_when_and_how_long_and_where_to_read_on() -> None:
    calendar, event = invited()
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == "visit-7k2mxq0r4t@portal.example"
    assert event["SEQUENCE"] == 3
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.decoded("DTSTART").replace(tzinfo=None) == datetime(2027, 3, 17, 10)  # noqa: DTZ001
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)
    assert event["SUMMARY"] == "Home education visit"
    assert event["STATUS"] == "TENTATIVE"
    for name in ("LOCATION", "DESCRIPTION"):
        assert event[name] == f"See the portal: {ENTRY['link']}"
    assert event["ORGANIZER"] == "mailto:team@council.example"
    assert event["ATTENDEE"] == "mailto:parent@home.example"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


@pytest.mark.parametrize(
    ("status", "method"),
    [(Status.TENTATIVE, "REQUEST"), (Status.CONFIRMED, "REQUEST"), (Status.CANCELLED, "CANCEL")],
)
def test_what_no_longer_stands_is_cancelled_under_the_same_name(status: Status, method: str) -> None:
    calendar, event = invited(status=status, sequence=4)
    assert (calendar["METHOD"], event["STATUS"]) == (method, status.value)
    assert (event["UID"], event["SEQUENCE"]) == (ENTRY["uid"], 4)


@pytest.mark.parametrize(
    ("on_date", "at_time", "minutes", "begins", "ends"),
    [
        # The last day of winter time and the first of summer time, 2027.
        (date(2027, 3, 27), time(10), 60, "2027-03-27T10:00+00:00", "2027-03-27T11:00+00:00"),
        (date(2027, 3, 28), time(10), 60, "2027-03-28T09:00+00:00", "2027-03-28T10:00+00:00"),
        # Over the hour that is left out: an hour later the clocks show half past two.
        (date(2027, 3, 28), time(0, 30), 60, "2027-03-28T00:30+00:00", "2027-03-28T01:30+00:00"),
        # The last day of summer time and the first of winter time.
        (date(2027, 10, 30), time(10), 60, "2027-10-30T09:00+00:00", "2027-10-30T10:00+00:00"),
        (date(2027, 10, 31), time(10), 60, "2027-10-31T10:00+00:00", "2027-10-31T11:00+00:00"),
        # Over the hour that comes twice.
        (date(2027, 10, 31), time(0, 30), 180, "2027-10-30T23:30+00:00", "2027-10-31T02:30+00:00"),
    ],
)
def test_times_are_londons_when_the_clocks_change(
    on_date: date, at_time: time, minutes: int, begins: str, ends: str
) -> None:
    _, event = invited(on_date=on_date, at_time=at_time, minutes=minutes)
    assert event.decoded("DTSTART").astimezone(UTC) == datetime.fromisoformat(begins)
    assert event.decoded("DTEND").astimezone(UTC) == datetime.fromisoformat(ends)


@pytest.mark.parametrize("year", range(2024, 2040))
def test_the_zone_written_out_changes_its_clock_when_london_does(year: int) -> None:
    zone = london().to_tz()
    for day in range(366):
        noon = datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        local = noon.astimezone(LONDON).replace(tzinfo=None)
        assert local.replace(tzinfo=zone).utcoffset() == noon.astimezone(LONDON).utcoffset(), noon


def test_the_zone_stands_before_the_event_that_speaks_of_it() -> None:
    calendar, _ = invited()
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert calendar.subcomponents[0]["TZID"] == "Europe/London"


def test_a_feed_has_every_entry_and_asks_nothing_of_anybody() -> None:
    calendar, first = read(feed("Visits", [entry(), entry(uid="visit-2@portal.example", minutes=30)]))
    assert "METHOD" not in calendar
    assert len(calendar.walk("VEVENT")) == 2
    assert "ATTENDEE" not in first
    assert "ORGANIZER" not in first


def test_a_link_cannot_write_another_line() -> None:
    """What comes from an address is escaped: it stays one value."""
    _, event = invited(summary="Visit\r\nATTENDEE:mailto:x@y.example")
    assert event["ATTENDEE"] == "mailto:parent@home.example"
