"""The pages about contact, as an adviser meets them."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import Contact, SafeguardingObservation, Visit, VisitState, WelfareCheck
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from tests.contact.stories import CHECK, HELD, WORRY, day, latest, text_of
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]


# History


def test_the_history_tells_what_was_recorded(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    happened = service.Happened(
        kind=ContactKind.PHONE_CALL,
        outcome=ContactOutcome.NO_ANSWER,
        happened_on=date(2026, 3, 2),
        summary="Left a message",
    )
    service.record_contact(work, village["Ada"], happened)
    page = text_of(adviser, home)
    assert "Home visit: took place" in page
    assert "Phone call: no answer" in page
    assert "Left a message" in page
    assert "Record a contact" in page
    assert "Offer a visit or call" in page


def test_an_empty_history_says_what_will_be_there(village: Village, adviser: LintingClient) -> None:
    page = text_of(adviser, f"/children/{village['Ivo'].reference}/contact")
    assert "will appear here" in page


def test_who_only_reads_is_offered_nothing(village: Village, client_as: SignIn, home: str) -> None:
    page = text_of(client_as(village.staff[Role.AUDITOR]), home)
    assert "Home visit: took place" in page
    assert "Record a contact" not in page
    assert "Offer a visit" not in page


def test_writing_that_waits_shows_whose_delay_it_is(
    village: Village, work: Work, adviser: LintingClient, home: str
) -> None:
    waiting = Contact(
        authority_id=village.authority.id,
        child_id=village["Ada"].id,
        happened_on=date(2026, 3, 3),
        kind=ContactKind.WRITTEN_REPORT,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
    )
    work.session.add(waiting)
    work.session.flush()
    page = text_of(adviser, home)
    assert "To confirm" in page
    assert "Our delay: 2 working days" in page
    assert "Our delay" in text_of(adviser, f"{home}/{waiting.reference}")


# Offering


def offer(home: str, adviser: LintingClient, **changes: str) -> str:
    values = {"kind": "meeting", **day("on_date", "2026-03-20"), "at_time": "2:30pm", "place": "The library"}
    answer = adviser.submit(f"{home}/offer", {**values, **changes})
    return answer.location if answer.status_code == 302 else answer.get_data(as_text=True)


def test_a_visit_is_offered_and_shown(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    assert offer(home, adviser) == home
    visit = work.session.scalars(select(Visit)).one()
    assert (visit.kind, visit.on_date, visit.at_time, visit.place) == (
        ContactKind.MEETING,
        date(2026, 3, 20),
        time(14, 30),
        "The library",
    )
    assert visit.adviser_id == village.adviser.id
    page = text_of(adviser, home)
    assert "Meeting on 20 March 2026 at 2:30pm, The library" in page
    assert "in 8 days" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ""}, "Select what you want to offer"),
        ({"kind": "letter"}, "Select"),
        (day("on_date", "2026-03-11"), "Enter a date and time in the future"),
        (day("on_date", "2026-02-30"), "Enter the date as a real date"),
        ({"on_date-day": "", "on_date-month": "", "on_date-year": ""}, "Enter the date"),
        ({"at_time": "half past"}, "Enter a time, like 2:30pm"),
        ({"at_time": ""}, "Enter the time, like 2:30pm"),
        ({"place": ""}, "Enter where you would meet"),
    ],
)
def test_an_offer_with_something_missing_is_kept_and_explained(
    village: Village, work: Work, adviser: LintingClient, home: str, changes: dict[str, str], message: str
) -> None:
    page = offer(home, adviser, **changes)
    assert message in page
    assert changes.get("place") == "" or "The library" in page
    assert work.session.scalars(select(Visit)).all() == []


def test_a_visit_leads_to_what_came_of_it(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    offer(home, adviser, **day("on_date", "2026-03-12"))
    visit = work.session.scalars(select(Visit)).one()
    first = f"{home}/record?visit={visit.reference}"
    page = text_of(adviser, first)
    assert 'value="meeting" checked' in page
    answer = adviser.submit(first, {"outcome": "cancelled-by-family"})
    assert answer.location == f"{home}/record/meeting/cancelled-by-family/2026-03-12?visit={visit.reference}"
    assert adviser.submit(answer.location, {"summary": "They are ill"}).status_code == 302
    contact = latest(work, village["Ada"])
    assert (contact.visit_id, contact.summary) == (visit.id, "They are ill")
    work.session.refresh(visit)
    assert visit.state is VisitState.RECORDED
    assert "Offered as" in text_of(adviser, f"{home}/{contact.reference}")


def test_a_visit_whose_day_is_over_waits_to_be_recorded(
    village: Village, work: Work, adviser: LintingClient, home: str
) -> None:
    offer(home, adviser)
    work.session.scalars(select(Visit)).one().on_date = date(2026, 3, 9)
    work.session.flush()
    page = text_of(adviser, home)
    assert "Waiting to be recorded" in page
    assert "3 days ago" in page


# Recording, first page


def first_page(home: str, client: LintingClient, **changes: str) -> str:
    values = {"kind": "home-visit", "outcome": "held", **day("happened_on", "2026-03-11")}
    answer = client.submit(f"{home}/record", {**values, **changes})
    return answer.location if answer.status_code == 302 else answer.get_data(as_text=True)


def test_three_answers_lead_to_the_rest(village: Village, adviser: LintingClient, home: str) -> None:
    assert first_page(home, adviser) == home + HELD
    back = f"{home}/record?kind=home-visit&amp;outcome=held&amp;happened_on=2026-03-11"
    assert back in text_of(adviser, home + HELD)
    again = adviser.submit(back.replace("&amp;", "&"), {"outcome": "no-access"})
    assert again.location == f"{home}/record/home-visit/no-access/2026-03-11"
    assert adviser.get(f"{home}/record?kind=walk&outcome=&happened_on=soon&visit=none").status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": ""}, "Select what kind of contact it was"),
        ({"outcome": ""}, "Select what came of it"),
        ({"kind": "letter"}, "Select an outcome that goes with “Letter”"),
        ({"kind": "phone-call", "outcome": "no-access"}, "Select an outcome that goes with “Phone call”"),
        (day("happened_on", "2026-03-13"), "Enter a date that is today or earlier"),
        (day("happened_on", "2015-05-03"), "Enter a date after the child was born"),
        ({"happened_on-day": "32"}, "Enter the date as a real date"),
    ],
)
def test_answers_that_do_not_fit(
    village: Village, adviser: LintingClient, home: str, changes: dict[str, str], message: str
) -> None:
    assert message in first_page(home, adviser, **changes)


@pytest.mark.parametrize(
    "address",
    [
        "/record/home-visit/received/2026-03-11",
        "/record/home-visit/held/2026-03-13",
        "/record/home-visit/held/tomorrow",
        "/record/walk/held/2026-03-11",
        "/0000000000",
    ],
)
def test_addresses_that_no_page_leads_to(village: Village, adviser: LintingClient, home: str, address: str) -> None:
    assert adviser.get(home + address).status_code == 404


# Recording, second page


def test_a_welfare_check_is_kept_whole(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    answer = adviser.submit(home + HELD, {**CHECK, **WORRY})
    contact = latest(work, village["Ada"])
    assert answer.location == f"{home}/{contact.reference}"
    assert (contact.kind, contact.outcome, contact.happened_on) == (
        ContactKind.HOME_VISIT,
        ContactOutcome.HELD,
        date(2026, 3, 11),
    )
    assert (contact.child_seen, contact.agreed_next_on) == (ChildSeen.YES, date(2026, 6, 1))
    check = work.session.scalars(select(WelfareCheck).where(WelfareCheck.contact_id == contact.id)).one()
    assert (check.childs_words, check.address_confirmed) == ("I like\nthe river", False)
    page = text_of(adviser, answer.location)
    for words in ("Ada and her father", "Maps", "We talked about maps", "1 June 2026", "No, or not certain"):
        assert words in page
    for words in WORRY.values():
        assert words in page


def test_an_attempt_is_short(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    url = f"{home}/record/home-visit/no-access/2026-03-11"
    page = text_of(adviser, url)
    assert "Who was there?" not in page
    assert "Date agreed" not in page
    assert adviser.submit(url).status_code == 302
    contact = latest(work, village["Ada"])
    assert (contact.outcome, contact.summary, contact.substantive) == (ContactOutcome.NO_ACCESS, None, None)
    assert work.session.scalars(select(SafeguardingObservation)).all() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"persons_present": ""}, "Enter who was there"),
        ({"child_seen": ""}, "Select whether you saw the child"),
        ({"child_seen": "maybe"}, "Select"),
        (day("agreed_next_on", "2026-03-11"), "Enter a date that is later than this contact"),
        ({"agreed_next_on-year": ""}, "Enter the date agreed including a year"),
        ({"fact": "", "opinion": "Odd"}, "Enter what was seen or heard"),
        ({"summary": "x" * 10_001}, "Enter 10,000 characters or fewer"),
    ],
)
def test_a_welfare_check_with_something_missing(
    village: Village, work: Work, adviser: LintingClient, home: str, changes: dict[str, str], message: str
) -> None:
    before = latest(work, village["Ada"]).id
    answer = adviser.submit(home + HELD, {**CHECK, **WORRY, **changes})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert message in page
    assert "Maps" in page
    assert latest(work, village["Ada"]).id == before


def test_writing_asks_whether_it_is_about_education(
    village: Village, work: Work, adviser: LintingClient, home: str
) -> None:
    url = f"{home}/record/letter/received/2026-03-11"
    refused = adviser.submit(url).get_data(as_text=True)
    assert "Select whether it tells about this child’s education" in refused
    assert adviser.submit(url, {"substantive": "yes", **day("agreed_next_on", "2026-06-01")}).status_code == 302
    contact = latest(work, village["Ada"])
    assert (contact.substantive, contact.agreed_next_on) == (True, date(2026, 6, 1))
    assert contact.confirmed_by_id == village.adviser.id
    assert adviser.submit(url, {"substantive": "no", **day("agreed_next_on", "2026-06-02")}).status_code == 302
    contact = latest(work, village["Ada"])
    assert (contact.substantive, contact.agreed_next_on) == (False, None), "a date is asked for with yes only"


def test_the_same_press_twice_records_once(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    data = {**CHECK, "once": "a-press-that-comes-twice"}
    first = adviser.submit(home + HELD, data)
    second = adviser.submit(home + HELD, data)
    assert first.location == second.location
    assert len(queries.history(work, village["Ada"].id)) == 2


def test_hostile_words_are_only_words(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    words = "<script>alert(1)</script> ' -- \" onclick=x"
    answer = adviser.submit(home + HELD, {**CHECK, "persons_present": words, "summary": words})
    page = adviser.get(answer.location).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert latest(work, village["Ada"]).summary == words
