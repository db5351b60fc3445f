"""Our invitations in a calendar server that is not ours (Radicale): one entry, changed, then cancelled, in London time.

A mail program takes an invitation in by putting its event, without the method, under its name into the calendar.
"""

import base64
import socket
import subprocess
import sys
import time as clock
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.contact import service as contact
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.notices.service import uid_of
from ehe_portal.register.models import Child
from tests.notices.conftest import Post
from tests.notices.test_invitations import calendar_of, seen
from tests.pages import LintingClient
from tests.village import Village

CALDAV = "{urn:ietf:params:xml:ns:caldav}"
WHO = {"Authorization": f"Basic {base64.b64encode(b'parent:any').decode()}"}
WINTER = Offer(kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 27), at_time=time(10))
SUMMER = Offer(kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 30), at_time=time(10), minutes=90)


class Server:
    """A calendar on a running Radicale."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/parent/visits/"

    def ask(self, method: str, name: str = "", body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """One request; its status and its body."""
        named = {header.replace("_", "-"): value for header, value in headers.items()} | WHO
        request = urllib.request.Request(self.address + name, data=body or None, method=method, headers=named)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def take_in(self, calendar: Any) -> int:
        """What a mail program does with an invitation. 201 for an entry that is new, 204 for one that was changed."""
        (status,) = self.take_in_each(calendar)
        return status

    def take_in_each(self, calendar: Any) -> list[int]:
        """The same with all the entries that were published in one mail."""
        found = []
        for event in calendar.walk("VEVENT"):
            stored = Calendar.from_ical(calendar.to_ical())
            del stored["METHOD"]
            stored.subcomponents = [*stored.walk("VTIMEZONE"), event]
            status, said = self.ask("PUT", f"{event['UID']}.ics", stored.to_ical(), Content_Type="text/calendar")
            assert status in (201, 204), said
            found.append(status)
        return found

    def between(self, begins: str, ends: str) -> list[Any]:
        """The events that the server itself finds between two moments in UTC."""
        query = f"""<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
            <d:prop><c:calendar-data/></d:prop>
            <c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
            <c:time-range start="{begins}" end="{ends}"/></c:comp-filter></c:comp-filter></c:filter>
            </c:calendar-query>"""
        status, said = self.ask("REPORT", "", query.encode(), Depth="1", Content_Type="application/xml")
        assert status == 207, said
        found = ElementTree.fromstring(said).iter(f"{CALDAV}calendar-data")  # noqa: S314 - our own server's answer
        return [event for data in found for event in Calendar.from_ical(data.text or "").walk("VEVENT")]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Server]:
    """A Radicale of its own for each test, with an empty calendar."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = {"server-hosts": f"127.0.0.1:{port}", "auth-type": "none", "storage-filesystem-folder": str(tmp_path / "c")}
    options = [part for name, value in said.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", "", *options], stderr=subprocess.PIPE, text=True
    )
    server = Server(port)
    try:
        wait_for(server, process)
        body = (
            b'<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
            b"<d:displayname>Visits</d:displayname></d:prop></d:set></c:mkcalendar>"
        )
        status, told = server.ask("MKCALENDAR", "", body, Content_Type="application/xml")
        assert status == 201, told
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)


def wait_for(server: Server, process: "subprocess.Popen[str]") -> None:
    """Wait until the server answers."""
    until = clock.monotonic() + 30
    while clock.monotonic() < until:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        try:
            server.ask("OPTIONS")
        except OSError:
            clock.sleep(0.1)
        else:
            return
    raise AssertionError("Radicale did not answer")


def test_one_entry_is_taken_in_changed_and_cancelled_at_the_right_london_time(
    radicale: Server, village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    work, parent = at_work(village.adviser), village.parents["Ada"].email
    visit = contact.offer_visit(work, work.session.get_one(Child, village["Ada"].id), WINTER)

    def taken_in(expected: int) -> Any:
        (letter,) = post()[parent]
        calendar, event = calendar_of(letter)
        assert radicale.take_in(calendar) == expected
        return event

    uid = str(taken_in(201)["UID"])
    # The day before the clocks change, ten in London is ten in Greenwich.
    (event,) = radicale.between("20260327T100000Z", "20260327T100100Z")
    assert (event["UID"], event["STATUS"]) == (uid, "TENTATIVE")
    assert radicale.between("20260327T110000Z", "20260327T120000Z") == []

    found = seen(work, village, visit)
    contact.change_offer(work, found, SUMMER, version=found.version)
    taken_in(204)
    assert radicale.between("20260327T000000Z", "20260328T000000Z") == []
    # From then on it is nine in Greenwich, and it takes an hour and a half.
    (event,) = radicale.between("20260330T102900Z", "20260330T103000Z")
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert radicale.between("20260330T103000Z", "20260330T120000Z") == []
    assert radicale.between("20260330T080000Z", "20260330T090000Z") == []

    found = seen(work, village, visit)
    contact.withdraw_offer(work, found, "", version=found.version)
    taken_in(204)
    (event,) = radicale.between("20260101T000000Z", "20270101T000000Z")
    assert (event["UID"], event["STATUS"]) == (uid, "CANCELLED")
    assert int(event["SEQUENCE"]) == 3


def test_a_whole_private_address_is_understood_by_the_server(
    radicale: Server,
    village: Village,
    work: Work,
    client_as: Callable[[Account | None], LintingClient],
) -> None:
    offers: list[Any] = [(village["Ada"], WINTER), (village["Ben"], SUMMER)]
    contact.offer_visits(work, offers, village.adviser.id)
    token = accounts.make_feed(work, village.adviser)
    whole = client_as(None).get(f"/calendar/feed/{token}.ics").data
    status, said = radicale.ask("PUT", "", whole, Content_Type="text/calendar")
    assert status == 201, said
    (winter,) = radicale.between("20260327T100000Z", "20260327T100100Z")
    (summer,) = radicale.between("20260330T090000Z", "20260330T090100Z")
    assert {winter["SUMMARY"], summer["SUMMARY"]} == {"Home education visit"}


def test_the_entries_of_a_round_are_taken_in_from_one_mail_and_one_of_them_is_cancelled(
    radicale: Server, village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    work, whose = at_work(village.adviser), village.adviser.email
    offers = [
        (work.session.get_one(Child, village[name].id), replace(WINTER, at_time=time(hour)))
        for name, hour in (("Ada", 10), ("Ben", 14))
    ]
    first, second = contact.offer_visits(work, offers, village.adviser.id)
    (letter,) = post()[whose]
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert radicale.take_in_each(Calendar.from_ical(str(part.get_content()))) == [201, 201]
    day = ("20260327T000000Z", "20260328T000000Z")
    assert {event["UID"]: event["STATUS"] for event in radicale.between(*day)} == {
        uid_of(one.reference): "TENTATIVE" for one in (first, second)
    }
    contact.withdraw_offer(work, second, "", version=second.version)
    (letter,) = post()[whose]
    assert radicale.take_in(calendar_of(letter)[0]) == 204, "the entry that was published is the one that is cancelled"
    assert {event["UID"]: event["STATUS"] for event in radicale.between(*day)} == {
        uid_of(first.reference): "TENTATIVE",
        uid_of(second.reference): "CANCELLED",
    }
