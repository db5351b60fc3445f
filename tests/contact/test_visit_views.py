"""Times, suggestions, cancelling and both versions of an offer, as officers and families meet the pages."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.contact import service
from ehe_portal.contact.models import Visit, VisitReply, VisitSlot, VisitState
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from tests.contact.stories import day, text_of
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]


@pytest.fixture
def ours(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}"


def latest(work: Work) -> Visit:
    found = select(Visit).order_by(Visit.id.desc()).limit(1)
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def test_several_times_are_offered_and_one_is_picked(
    village: Village, work: Work, client_as: SignIn, home: str, ours: str
) -> None:
    officer = client_as(village.adviser)
    said = {
        "kind": "phone-call",
        **day("on_date", "2026-03-20"),
        "at_time": "10am",
        **day("or_on_1", "2026-03-24"),
        "or_at_1": "2pm",
    }
    half = officer.submit(f"{home}/offer", {**said, "or_at_1": ""}).get_data(as_text=True)
    assert "Enter both a date and a time" in half
    assert officer.submit(f"{home}/offer", said).location == home
    visit = latest(work)
    one = f"/children/{village['Ada'].reference}/offers/{visit.reference}"
    page = text_of(officer, one)
    assert "Times on offer" in page
    assert "20 March 2026 at 10am" in page
    assert "Several times offered" in page, "its history"
    family = client_as(village.parents["Ada"])
    assert "at a time that you choose" in text_of(family, ours)
    assert "Pick the one that suits you" in text_of(family, f"{ours}/visits")
    form = f"{ours}/offers/{visit.reference}"
    assert "Select the time that suits you" in family.submit(form, {"reply": "accepted"}).get_data(as_text=True)
    assert family.submit(form, {"reply": "accepted", "picked": "2026-03-20T10:00"}).location == f"{ours}/visits"
    visit = latest(work)
    assert (visit.state, visit.on_date, visit.at_time) == (VisitState.ACCEPTED, date(2026, 3, 20), time(10))
    assert "Confirmed" in text_of(family, f"{ours}/visits")
    assert "Ask for another time, or cancel" in text_of(family, f"{ours}/visits")
    assert "We have to cancel" in text_of(family, form)
    assert family.submit(form, {"reply": "cancelled"}).location == f"{ours}/visits"
    page = text_of(family, f"{ours}/visits")
    assert "That is fine" in page
    for other_way in ("in writing", "phone call", "video call", "somewhere else", "on paper"):
        assert other_way in page
    assert latest(work).state is VisitState.CANCELLED
    assert "Offer another visit or call" in text_of(client_as(village.adviser), one)


def test_a_family_suggests_days_and_the_officer_agrees(
    village: Village, work: Work, new_work: Callable[..., Work], client_as: SignIn, ours: str
) -> None:
    adviser = new_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    made = service.offer_visit(
        adviser, ada, Offer(kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 20), at_time=time(10))
    )
    family = client_as(village.parents["Ada"])
    form = f"{ours}/offers/{made.reference}"
    days = {**day("day_1", "2026-03-24"), "time_1": "2pm", **day("day_2", "2026-03-26")}
    lost = family.submit(form, {"reply": "another-time", "time_1": "2pm"}).get_data(as_text=True)
    assert "Enter the day to which this time belongs" in lost
    past = family.submit(form, {"reply": "another-time", **day("day_1", "2026-03-11")}).get_data(as_text=True)
    assert "Enter a day that is today or later" in past
    assert family.submit(form, {"reply": "another-time", **days}).location == f"{ours}/visits"
    assert len(work.session.scalars(select(VisitSlot)).all()) == 2
    officer = client_as(village.adviser)
    one = f"/children/{village['Ada'].reference}/offers/{made.reference}"
    page = text_of(officer, one)
    assert "Days that the family suggests" in page
    assert "Offer a time on this day" in page
    prefilled = officer.get(f"{one}/change?on=2026-03-26").get_data(as_text=True)
    assert 'value="26"' in prefilled
    assert officer.submit(one, button="Agree to this time: 24 March 2026 at 2pm").location == one
    visit = latest(work)
    assert (visit.state, visit.on_date, visit.at_time) == (VisitState.ACCEPTED, date(2026, 3, 24), time(14))


@pytest.mark.parametrize("deed", ["change", "withdraw"])
def test_the_second_of_two_sees_both_versions_and_loses_nothing(
    village: Village, work: Work, new_work: Callable[..., Work], client_as: SignIn, deed: str
) -> None:
    adviser = new_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    made = service.offer_visit(
        adviser, ada, Offer(kind=ContactKind.MEETING, on_date=date(2026, 3, 20), at_time=time(10), place="The café")
    )
    officer = client_as(village.adviser)
    url = f"/children/{village['Ada'].reference}/offers/{made.reference}/{deed}"
    officer.get(url)
    stale = {"version": str(made.version), "note": "My own words", **day("on_date", "2026-03-25")}
    service.change_offer(
        adviser,
        made,
        Offer(kind=ContactKind.MEETING, on_date=date(2026, 3, 27), at_time=time(15), place="The library"),
        version=made.version,
    )
    adviser.session.flush()
    if deed == "withdraw":
        stale = {name: said for name, said in stale.items() if not name.startswith("on_date")}
    page = " ".join(officer.submit(url, stale).get_data(as_text=True).split())
    assert "was changed by someone else" in page
    for heading in ("What it says now", "What you wrote"):
        assert heading in page
    assert "The library" in page
    assert "27 March 2026" in page
    assert page.count("My own words") == 2, "beside what it says now, and still in the form"
    assert officer.submit(url, {"note": "Meant", "at_time": "3pm"} if deed == "change" else {}).status_code == 302


def test_a_parent_who_comes_second_sees_both(
    village: Village, work: Work, new_work: Callable[..., Work], client_as: SignIn, ours: str
) -> None:
    adviser = new_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    made = service.offer_visit(
        adviser, ada, Offer(kind=ContactKind.PHONE_CALL, on_date=date(2026, 3, 20), at_time=time(10))
    )
    before = str(made.version)
    parent = new_work(village.parents["Ada"])
    service.answer_offer(
        parent, parent.session.get_one(Visit, made.id), Answer(reply=VisitReply.ACCEPTED), version=made.version
    )
    parent.session.flush()
    family = client_as(village.parents["Ada"])
    stale = family.submit(
        f"{ours}/offers/{made.reference}",
        {"reply": "another-time", "times": "Any Tuesday", "version": before},
    ).get_data(as_text=True)
    assert "Someone changed this while you were writing" in stale
    assert "Any Tuesday" in stale
