"""The calendar: whose, which days and what stands in them; a private address that tells no more than times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import event, update

from ehe_portal.accounts import rules as account_rules
from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account, CalendarFeedReading
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import calendar as queries
from ehe_portal.casefile.rules.calendar import absence_words, asked_day, month_of, week_of
from ehe_portal.contact import service
from ehe_portal.contact.models import Visit, VisitChild, VisitState
from ehe_portal.contact.service import Offer
from ehe_portal.core import db
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.hours import USUAL_HOURS, DayPart, DaysOff
from ehe_portal.core.work import Work
from tests.conftest import Clock
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, a_child, an_account

ClientAs = Callable[[Account | None], LintingClient]
FRIDAY = date(2026, 3, 20)


def stands(work: Work, village: Village, name: str = "Ada", **changes: Any) -> Visit:
    said = {"kind": ContactKind.HOME_VISIT, "on_date": FRIDAY, "at_time": time(10), **changes}
    (visit,) = service.offer_visits(work, [(village[name], Offer(**said))], village.adviser.id)
    return visit


def words(client: LintingClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return words_of(tree_of(page.get_data(as_text=True)).find(".//{*}main"))


# Rules


def test_weeks_begin_on_monday_and_say_what_they_are() -> None:
    week = week_of(date(2026, 3, 12))
    assert (week.first, week.last, len(week.days)) == (date(2026, 3, 9), date(2026, 3, 15), 7)
    assert (week.before, week.after) == (date(2026, 3, 2), date(2026, 3, 16))
    assert week.title == "9 to 15 March 2026"
    assert week_of(date(2026, 4, 1)).title == "30 March to 5 April 2026"
    assert week_of(date(2026, 12, 30)).title == "28 December 2026 to 3 January 2027"


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_whole_weeks_round_every_day_of_them(month: int) -> None:
    stretch = month_of(date(2026, month, 17))
    assert stretch.first.weekday() == 0
    assert all(len(week) == 7 for week in stretch.weeks)
    assert {on.day for on in stretch.days if on.month == month} == set(
        range(1, (stretch.after - timedelta(days=1)).day + 1)
    )
    assert month_of(stretch.before).after == date(2026, month, 1)


@pytest.mark.parametrize("typed", [None, "", "soon", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_address_without_a_real_day_means_today(typed: str | None) -> None:
    assert asked_day(typed, FRIDAY) == FRIDAY


@pytest.mark.parametrize(
    ("on", "leave", "away", "said"),
    [
        (FRIDAY, [], False, []),
        (FRIDAY, [DaysOff(FRIDAY, FRIDAY)], False, ["On leave"]),
        (FRIDAY, [DaysOff(FRIDAY, FRIDAY, DayPart.MORNING)], False, ["On leave in the morning"]),
        (FRIDAY, [], True, ["Away"]),
        (date(2026, 4, 3), [], False, ["Bank holiday"]),
        (date(2026, 3, 21), [], False, ["Not a working day"]),
    ],
)
def test_why_somebody_is_not_there(on: date, leave: list[DaysOff], away: bool, said: list[str]) -> None:
    assert absence_words(on, USUAL_HOURS, leave, away=away) == said


# Pages


def test_an_advisers_week_shows_time_kind_child_place_and_state(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    stands(work, village, kind=ContactKind.MEETING, place="The library", minutes=45)
    said = words(client_as(village.adviser), "/calendar?on=2026-03-17")
    assert "16 to 22 March 2026" in said
    assert "10am to 10:45am Ada Byrne Meeting, The library No answer yet" in said
    assert "Works 9am to 5pm" in said
    assert "Saturday 21 March Not a working day" in said


def test_leave_bank_holidays_and_days_away_are_said_in_words(work: Work, village: Village, client_as: ClientAs) -> None:
    accounts.add_leave(work, village.adviser, DaysOff(date(2026, 4, 1), date(2026, 4, 1), DayPart.AFTERNOON))
    village.adviser.away_from = village.adviser.away_until = date(2026, 4, 2)
    work.session.flush()
    said = words(client_as(village.adviser), "/calendar?on=2026-04-01")
    assert "Wednesday 1 April Works 9am to 5pm On leave in the afternoon" in said
    assert "Thursday 2 April Works 9am to 5pm Away" in said
    assert "Friday 3 April Works 9am to 5pm Bank holiday" in said


def test_previous_next_and_today_keep_whose_calendar_it_is(village: Village, client_as: ClientAs) -> None:
    page = client_as(village.staff[Role.EHE_MANAGER]).get(
        f"/calendar?view=month&on=2026-01-15&adviser={village.adviser.reference}"
    )
    addresses = [link.get("href") for link in tree_of(page.get_data(as_text=True)).findall(".//{*}a")]
    for on in ("2025-12-01", "2026-02-01", "2026-03-12"):
        assert f"/calendar?view=month&on={on}&adviser={village.adviser.reference}" in addresses


def test_a_month_has_every_visit_of_it(work: Work, village: Village, client_as: ClientAs) -> None:
    stands(work, village)
    stands(work, village, "Ben", on_date=date(2026, 3, 31), at_time=time(14))
    said = words(client_as(village.adviser), "/calendar?view=month")
    assert "March 2026" in said
    assert "Ada Byrne" in said
    assert "Ben Carter" in said


def test_the_teams_week_has_a_row_for_each_who_offers_visits(work: Work, village: Village, client_as: ClientAs) -> None:
    stands(work, village)
    said = words(client_as(village.staff[Role.EHE_MANAGER]), "/calendar?on=2026-03-20")
    assert village.adviser.name in said
    assert village.staff[Role.EHE_MANAGER].name in said
    assert village.staff[Role.AUDITOR].name not in said
    assert "Ada Byrne" in said


def test_an_adviser_sees_their_own_calendar_whatever_the_address_asks(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    colleague = an_account(work, village.authority, Role.ADVISER, "second@wessex.example", "Second Adviser")
    stands(work, village)
    client = client_as(colleague)
    for address in (
        "/calendar?view=team&on=2026-03-20",
        f"/calendar?on=2026-03-20&adviser={village.adviser.reference}",
    ):
        said = words(client, address)
        assert "Ada Byrne" not in said
        assert village.adviser.name not in said


def test_a_manager_of_another_council_sees_nobody_of_ours(work: Work, village: Village, client_as: ClientAs) -> None:
    stands(work, village)
    client = client_as(village.stranger[Role.EHE_MANAGER])
    for view in ("week", "month", "team"):
        said = words(client, f"/calendar?view={view}&on=2026-03-20&adviser={village.adviser.reference}")
        assert "Byrne" not in said
        assert village.adviser.name not in said


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (VisitState.ACCEPTED, True),
        (VisitState.ANOTHER_TIME, True),
        (VisitState.RECORDED, True),
        (VisitState.DECLINED, False),
        (VisitState.WITHDRAWN, False),
    ],
)
def test_what_is_not_to_be_is_not_shown(
    work: Work, village: Village, client_as: ClientAs, state: VisitState, shown: bool
) -> None:
    stands(work, village).state = state
    work.session.flush()
    said = words(client_as(village.adviser), "/calendar?on=2026-03-20")
    assert ("Ada Byrne" in said) is shown
    assert (state.label in said) is shown


@pytest.mark.parametrize("view", ["week", "month", "team"])
def test_no_place_of_a_hidden_child_is_shown(work: Work, village: Village, client_as: ClientAs, view: str) -> None:
    stands(work, village, place="CANARY, 3 Mill Lane")
    client = client_as(village.staff[Role.EHE_MANAGER])
    address = f"/calendar?view={view}&on=2026-03-20&adviser={village.adviser.reference}"
    assert "CANARY" in words(client, address)
    village["Ada"].protected = True
    work.session.flush()
    said = words(client, address)
    assert "CANARY" not in said
    assert "place on the record" in said


def test_the_query_itself_leaves_the_place_of_a_hidden_child_out(
    work: Work, village: Village, new_work: Callable[..., Work]
) -> None:
    """Fails when the query tells it, though the page would keep it back."""
    stands(work, village, place="CANARY")
    seen = new_work(village.adviser)
    assert [one.place for one in queries.booked(seen, [village.adviser.id], FRIDAY, FRIDAY)] == ["CANARY"]
    village["Ada"].protected = True
    work.session.flush()
    assert [one.place for one in queries.booked(seen, [village.adviser.id], FRIDAY, FRIDAY)] == [None]


@contextmanager
def counted() -> Iterator[list[str]]:
    told: list[str] = []

    def note(_c: Any, _cu: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            told.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("view", ["week", "month", "team"])
def test_a_page_is_four_queries_however_much_stands_in_it(
    work: Work, village: Village, client_as: ClientAs, view: str
) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    address = f"/calendar?view={view}&on=2026-03-20&adviser={village.adviser.reference}"
    with counted() as before:
        client.get(address)
    for number in range(12):
        name = f"Child{number}"
        village.children[name] = a_child(work, village.authority, name, "Many", date(2014, 1, 1), date(2025, 1, 1))
        stands(work, village, name, at_time=time(9 + number % 8))
    colleague = an_account(work, village.authority, Role.ADVISER, "second@wessex.example", "Second Adviser")
    accounts.add_leave(work, colleague, DaysOff(FRIDAY, FRIDAY))
    with counted() as after:
        client.get(address)
    assert len(after) == len(before)
    ours = [one for one in after if any(table in one for table in ("FROM visit", "staff_leave", "working_day"))]
    assert len(ours) == 4


# What stands at no time yet, is about several, or whose place is in doubt


def test_each_time_to_choose_from_is_shown_on_its_day_and_told_to_no_other_calendar(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    token = accounts.make_feed(work, village.adviser)
    stands(work, village, or_at=((date(2026, 3, 24), time(14)),))
    for on, said in (("2026-03-20", "10am to 11am"), ("2026-03-24", "2pm to 3pm")):
        shown = words(client_as(village.adviser), f"/calendar?on={on}")
        assert f"{said} Ada Byrne Home visit, at home To be chosen" in shown
        assert shown.count("Ada Byrne") == 1
    assert Calendar.from_ical(read(client_as(None), token).data).walk("VEVENT") == []


def test_a_visit_says_all_its_children_and_no_place_where_one_is_hidden(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    visit = stands(work, village, kind=ContactKind.MEETING, place="The library")
    visit.children.append(VisitChild(authority_id=visit.authority_id, child_id=village["Ben"].id))
    work.session.flush()
    assert "Ada Byrne, Ben Carter Meeting, The library" in words(client_as(village.adviser), "/calendar?on=2026-03-20")
    village["Ben"].protected = True
    work.session.flush()
    said = words(client_as(village.adviser), "/calendar?on=2026-03-20")
    assert "Ada Byrne, Ben Carter Meeting, place on the record" in said
    assert "library" not in said


def test_a_place_in_doubt_is_said_to_be(work: Work, village: Village, client_as: ClientAs) -> None:
    visit = stands(work, village, place="3 Mill Lane")
    visit.place_doubtful_since = work.at
    work.session.flush()
    said = words(client_as(village.adviser), "/calendar?on=2026-03-20")
    assert "Home visit, place to be confirmed" in said
    assert "Mill Lane" not in said


# The private address


@pytest.fixture
def token(work: Work, village: Village) -> str:
    return accounts.make_feed(work, village.adviser)


def read(client: LintingClient, token: str) -> Any:
    return client.get(f"/calendar/feed/{token}.ics")


def test_the_address_tells_times_and_links_and_nobody(
    work: Work, village: Village, client_as: ClientAs, token: str
) -> None:
    """Fails when a name, a place, a note or an address of anybody finds its way into it."""
    visit = stands(work, village, place="CANARY, 3 Mill Lane", note="CANARY words")
    answer = read(client_as(None), token)
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    unfolded = text.replace("\r\n ", "")
    for word in ("CANARY", "Ada", "Byrne", "BH16", "Mill", "Wessex", village.adviser.name, "@wessex"):
        assert word not in unfolded, word
    entry: Any
    (entry,) = Calendar.from_ical(text).walk("VEVENT")
    assert entry["SUMMARY"] == "Home education visit"
    assert f"/children/{village['Ada'].reference}/offers/{visit.reference}" in entry["DESCRIPTION"]
    assert entry.decoded("DTSTART").isoformat() == "2026-03-20T10:00:00+00:00"


def test_only_ones_own_visits_are_told(work: Work, village: Village, client_as: ClientAs, token: str) -> None:
    stands(work, village)
    stands(work, village, "Ben", at_time=time(14)).adviser_id = village.staff[Role.EHE_MANAGER].id
    stands(work, village, "Cleo", at_time=time(16)).state = VisitState.WITHDRAWN
    work.session.flush()
    assert len(Calendar.from_ical(read(client_as(None), token).data).walk("VEVENT")) == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "../../etc/passwd", "%2e%2e", "é" * 20])
def test_an_address_that_nobody_made_is_no_page(client_as: ClientAs, token: str) -> None:
    assert read(client_as(None), token).status_code in (404, 308)


def test_a_revoked_address_tells_nothing(work: Work, village: Village, client_as: ClientAs, token: str) -> None:
    """Fails when the address is looked up without its hash being there."""
    client = client_as(None)
    assert read(client, token).status_code == 200
    accounts.revoke_feed(work, village.adviser)
    assert read(client, token).status_code == 404


def test_the_address_of_somebody_who_may_not_sign_in_tells_nothing(
    work: Work, village: Village, client_as: ClientAs, token: str
) -> None:
    """Fails when `is_active` is no longer asked."""
    village.adviser.is_active = False
    work.session.flush()
    assert read(client_as(None), token).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CME_OFFICER])
def test_the_address_of_somebody_without_a_calendar_tells_nothing(
    work: Work, village: Village, client_as: ClientAs, token: str, role: Role
) -> None:
    """Fails when the role's grants are no longer asked."""
    village.adviser.role = role
    work.session.flush()
    assert read(client_as(None), token).status_code == 404


def test_the_hash_of_an_address_is_no_address(client_as: ClientAs, token: str) -> None:
    assert read(client_as(None), account_rules.hashed_token(token)).status_code == 404


def test_reading_too_often_is_put_off(
    work: Work, village: Village, client_as: ClientAs, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when readings are no longer counted, or the count no longer asked."""
    client = client_as(None)
    assert read(client, token).status_code == 200
    work.session.execute(update(CalendarFeedReading).values(reads=account_rules.FEED_READS_AN_HOUR))
    assert read(client, token).status_code == 429


def test_the_answer_is_private_and_sets_no_cookie(app: Flask, village: Village, clock: Clock, token: str) -> None:
    answer = app.test_client().get(f"/calendar/feed/{token}.ics")  # as the real switchboard identifies a visitor
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_the_address_is_bounded(
    work: Work, village: Village, client_as: ClientAs, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_IN_FEED", 2)
    for number, name in enumerate(("Ada", "Ben", "Cleo")):
        stands(work, village, name, at_time=time(9 + number))
    assert len(Calendar.from_ical(read(client_as(None), token).data).walk("VEVENT")) == 2
