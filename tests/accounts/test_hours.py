"""Working hours, leave and the private calendar address: set, shown, private, and each of them audited."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.events import CalendarFeedMade, CalendarFeedRevoked, LeaveAdded, LeaveRemoved, WorkingHoursSet
from ehe_portal.accounts.models import Account, CalendarFeed, Leave
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import Refusal
from ehe_portal.core.hours import USUAL_HOURS, DayPart, DaysOff, parts_off
from ehe_portal.core.work import Work
from tests.pages import LintingClient, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
TODAY = date(2026, 3, 12)


def audited(work: Work) -> list[str]:
    return list(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def officer_of(work: Work, account: Account, on: date = TODAY) -> queries.Officer:
    found = queries.officer(work, account.id, on, on)
    assert found is not None
    return found


# Rules


@pytest.mark.parametrize(
    ("leave", "parts"),
    [
        ([], set()),
        ([DaysOff(TODAY, TODAY)], {DayPart.WHOLE}),
        ([DaysOff(TODAY, TODAY, DayPart.MORNING)], {DayPart.MORNING}),
        ([DaysOff(TODAY, TODAY, DayPart.MORNING), DaysOff(TODAY, TODAY, DayPart.AFTERNOON)], {DayPart.WHOLE}),
        ([DaysOff(TODAY - timedelta(days=3), TODAY)], {DayPart.WHOLE}),
        ([DaysOff(TODAY, TODAY + timedelta(days=3))], {DayPart.WHOLE}),
        ([DaysOff(TODAY - timedelta(days=3), TODAY - timedelta(days=1))], set()),
    ],
)
def test_parts_of_a_day_that_are_leave(leave: list[DaysOff], parts: set[DayPart]) -> None:
    assert parts_off(TODAY, leave) == parts


@pytest.mark.parametrize(
    ("hours", "wrong"),
    [
        ({}, None),
        ({0: (time(9), time(9))}, 0),
        ({0: (time(9), time(17)), 4: (time(13), time(12))}, 4),
    ],
)
def test_hours_that_cannot_be(hours: Any, wrong: int | None) -> None:
    problem = rules.hours_problem(hours)
    assert problem is not None
    assert problem[0] == wrong


# Use-cases


def test_hours_are_the_usual_ones_until_someone_enters_their_own(work: Work, village: Village) -> None:
    assert officer_of(work, village.adviser).hours == USUAL_HOURS
    own = {1: (time(9, 30), time(14)), 5: (time(10), time(12))}
    service.set_hours(work, village.adviser, own)
    assert officer_of(work, village.adviser).hours == own
    service.set_hours(work, village.adviser, {2: (time(8), time(12))})
    assert officer_of(work, village.adviser).hours == {2: (time(8), time(12))}
    assert audited(work)[-2:] == [WorkingHoursSet.__name__] * 2


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (DaysOff(TODAY, TODAY - timedelta(days=1)), "last_on"),
        (DaysOff(TODAY - timedelta(days=9), TODAY - timedelta(days=1)), "last_on"),
        (DaysOff(TODAY, TODAY + timedelta(days=366)), "last_on"),
        (DaysOff(TODAY + timedelta(days=800), TODAY + timedelta(days=801)), "last_on"),
        (DaysOff(TODAY, TODAY + timedelta(days=1), DayPart.MORNING), "part"),
    ],
)
def test_leave_that_cannot_be_is_refused(work: Work, village: Village, wanted: DaysOff, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        service.add_leave(work, village.adviser, wanted)
    assert refused.value.field == field


def test_leave_comes_and_goes_and_the_trail_never_says_why(work: Work, village: Village) -> None:
    added = service.add_leave(work, village.adviser, DaysOff(TODAY, TODAY, DayPart.AFTERNOON), "CANARY at the dentist")
    assert officer_of(work, village.adviser).leave == [DaysOff(TODAY, TODAY, DayPart.AFTERNOON)]
    service.remove_leave(work, added)
    assert officer_of(work, village.adviser).leave == ()
    entries = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-2:]
    assert [entry.kind for entry in entries] == [LeaveAdded.__name__, LeaveRemoved.__name__]
    assert "CANARY" not in str([entry.details for entry in entries])


def test_leave_of_others_is_not_mine(work: Work, village: Village) -> None:
    service.add_leave(work, village.staff[Role.EHE_MANAGER], DaysOff(TODAY, TODAY))
    assert officer_of(work, village.adviser).leave == ()


# Pages


def test_an_adviser_sets_their_own_hours(work: Work, client_as: ClientAs, village: Village) -> None:
    client = client_as(village.adviser)
    home = client.get("/account").get_data(as_text=True)
    address = f"/staff/{village.adviser.reference}/hours"
    assert address in home
    said = {"from_4": "9am", "until_4": "1pm"}
    assert client.submit(address, said, "Save working hours").status_code == 302
    work.session.expire_all()
    assert officer_of(work, village.adviser).hours[4] == (time(9), time(13))
    assert officer_of(work, village.adviser).hours[0] == (time(9), time(17))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"from_0": ""}, "Enter both times for Monday, or leave both empty"),
        ({"from_0": "6pm"}, "Enter an end on Monday that is later than the beginning"),
        ({f"{end}_{day}": "" for end in ("from", "until") for day in range(7)}, "Enter the hours of at least one day"),
    ],
)
def test_hours_that_make_no_sense_are_asked_again(
    client_as: ClientAs, village: Village, said: dict[str, str], words: str
) -> None:
    page = client_as(village.adviser).submit(f"/staff/{village.adviser.reference}/hours", said, "Save working hours")
    assert page.status_code == 200
    assert words in page.get_data(as_text=True)


def test_leave_is_entered_and_removed_on_pages(work: Work, client_as: ClientAs, village: Village) -> None:
    client, address = client_as(village.adviser), f"/staff/{village.adviser.reference}/hours"
    day = {"first_on-day": "20", "first_on-month": "3", "first_on-year": "2026", "part": "morning"}
    assert client.submit(f"{address}/leave", {**day, "reason": "Dentist"}).location.endswith(address)
    page = client.get(address).get_data(as_text=True)
    assert "20 March 2026" in page
    assert "The morning" in page
    assert "Dentist" in page
    leave = work.session.scalars(select(Leave)).one()
    assert client.submit(f"{address}/leave/{leave.reference}/remove").status_code == 302
    assert work.session.scalars(select(Leave)).all() == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.EHE_MANAGER, 200),
        (Role.HEAD_OF_SERVICE, 200),
        (Role.CME_MANAGER, 200),
        (Role.CME_OFFICER, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_only_managers_set_the_hours_of_others(client_as: ClientAs, village: Village, role: Role, status: int) -> None:
    assert client_as(village.staff[role]).get(f"/staff/{village.adviser.reference}/hours").status_code == status


def test_an_adviser_does_not_open_the_hours_of_a_colleague(client_as: ClientAs, village: Village) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    assert client_as(village.adviser).get(f"/staff/{manager.reference}/hours").status_code == 404


# The private address


def made_on_page(client: LintingClient) -> str:
    """Make an address; gives it as the page shows it."""
    assert client.submit("/account/calendar", button="Make a private address").status_code == 302
    shown = client.get("/account/calendar").get_data(as_text=True)
    return shown.partition('<code class="portal-code">')[2].partition("</code>")[0]


def test_an_address_is_shown_once_and_only_its_hash_is_kept(work: Work, client_as: ClientAs, village: Village) -> None:
    client = client_as(village.adviser)
    address = made_on_page(client)
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43
    kept = work.session.scalars(select(CalendarFeed)).one()
    assert kept.token_hash == rules.hashed_token(token)
    assert token not in str(vars(kept))
    assert token not in client.get("/account/calendar").get_data(as_text=True)
    assert token not in str([entry.details for entry in work.session.scalars(select(AuditEntry))])


def test_two_addresses_have_nothing_in_common(work: Work, village: Village) -> None:
    tokens = {service.make_feed(work, village.adviser) for _ in range(20)}
    assert len(tokens) == 20
    assert len(work.session.scalars(select(CalendarFeed)).all()) == 1


def test_an_address_made_anew_or_revoked_takes_the_old_one_away(
    work: Work, client_as: ClientAs, village: Village
) -> None:
    first = service.make_feed(work, village.adviser)
    second = service.make_feed(work, village.adviser)
    assert queries.feed_behind(work, first) is None
    assert queries.feed_behind(work, second) is not None
    client = client_as(village.adviser)
    assert client.submit("/account/calendar", button="Revoke the address").status_code == 302
    assert queries.feed_behind(work, second) is None
    kinds = [kind for kind in audited(work) if kind.startswith("CalendarFeed")]
    assert kinds == [CalendarFeedMade.__name__, CalendarFeedMade.__name__, CalendarFeedRevoked.__name__]


def test_what_is_read_is_counted_by_the_hour(work: Work, new_work: NewWork, village: Village, clock: Any) -> None:
    token = service.make_feed(work, village.adviser)
    found = queries.feed_behind(work, token)
    assert found is not None
    feed, _ = found
    for _ in range(rules.FEED_READS_AN_HOUR):
        assert not queries.was_read_too_often(work, feed)
        reading = new_work()
        service.note_feed_read(reading, feed)
        for deed in reading.later:
            deed(work.session)
    assert queries.was_read_too_often(work, feed)
    work.at = datetime(2026, 3, 12, 13, 1, tzinfo=UTC)
    assert not queries.was_read_too_often(work, feed)


def test_the_page_says_when_the_address_was_read_last(work: Work, client_as: ClientAs, village: Village) -> None:
    token = service.make_feed(work, village.adviser)
    client = client_as(village.adviser)
    assert "It has not been read yet" in words_of_page(client)
    assert client.get(f"/calendar/feed/{token}.ics").status_code == 200
    assert "It was read last on 12 March 2026, midday" in words_of_page(client)


def words_of_page(client: LintingClient) -> str:
    from tests.pages import tree_of

    return words_of(tree_of(client.get("/account/calendar").get_data(as_text=True)))
