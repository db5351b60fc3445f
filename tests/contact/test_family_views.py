"""A family answers an offer and comments on its record, as it meets the pages; and an officer reads it."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service
from ehe_portal.contact.models import Contact, ContactComment, OtherWay, Visit, VisitAnswer, VisitReply, VisitState
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from tests.contact.stories import day, text_of
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]


@pytest.fixture
def offered(work: Work, village: Village) -> Visit:
    offer = service.Offer(
        kind=ContactKind.MEETING,
        on_date=date(2026, 3, 20),
        at_time=time(10),
        place="The library",
        note="Bring it",
    )
    return service.offer_visit(work, village["Ada"], offer)


@pytest.fixture
def family(client_as: SignIn, village: Village) -> LintingClient:
    return client_as(village.parents["Ada"])


@pytest.fixture
def ours(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}"


@pytest.fixture
def form(ours: str, offered: Visit) -> str:
    return f"{ours}/offers/{offered.reference}"


def answers(work: Work) -> list[VisitAnswer]:
    found = select(VisitAnswer).order_by(VisitAnswer.id)
    return list(work.session.scalars(found, execution_options={"populate_existing": True}))


def test_the_offer_is_shown_and_answered(
    family: LintingClient, ours: str, form: str, work: Work, offered: Visit
) -> None:
    assert "Waiting for your answer" in text_of(family, ours)
    page = text_of(family, form)
    assert "Meeting on 20 March 2026 at 10am, The library" in page
    assert "Bring it" in page
    sent = family.submit(form, {"reply": "another-time", "times": "Any Tuesday", "words": "Thanks"})
    assert sent.location == f"{ours}/visits"
    (given,) = answers(work)
    assert (given.answer, given.words) == (VisitReply.ANOTHER_TIME, "Any Tuesday\n\nThanks")
    page = text_of(family, f"{ours}/visits")
    assert "Another time asked for" in page
    assert "Any Tuesday" in page
    assert "suggest another time" in page


def test_another_way_is_kept(family: LintingClient, form: str, work: Work) -> None:
    assert family.submit(form, {"reply": "another-way", "way": "video"}).status_code == 302
    (given,) = answers(work)
    assert (given.answer, given.way, given.words) == (VisitReply.ANOTHER_WAY, OtherWay.VIDEO, None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Select what would suit you"),
        ({"reply": "another-time"}, "Enter the days or times"),
        ({"reply": "another-way"}, "Select the way"),
        ({"reply": "another-way", "way": "smoke signals"}, "Select one of the answers"),
    ],
)
def test_what_is_missing_is_said_and_nothing_lost(
    family: LintingClient, form: str, work: Work, typed: dict[str, str], message: str
) -> None:
    page = family.submit(form, {**typed, "words": "Kept as typed"}).get_data(as_text=True)
    assert message in page
    assert "Kept as typed" in page
    assert answers(work) == []


def test_a_no_is_thanked_for_and_says_what_else_there_is(family: LintingClient, ours: str, form: str) -> None:
    assert "nobody will hold it against you" in text_of(family, form)
    family.submit(form, {"reply": "declined"})
    page = text_of(family, f"{ours}/visits")
    assert "That is fine" in page
    assert "tell us about the education in writing" in page
    for blame in ("refus", "fail", "must", "concern"):
        assert blame not in page.partition("<main")[2].partition("</main")[0].lower()


def test_two_tabs_meet_the_version(family: LintingClient, form: str, work: Work, offered: Visit) -> None:
    page = family.get(form).get_data(as_text=True)
    assert 'name="version" value="1"' in page
    assert family.submit(form, {"reply": "accepted"}).status_code == 302
    stale = family.submit(form, {"reply": "declined", "version": "1", "words": "Kept"})
    source = stale.get_data(as_text=True)
    assert "was changed by someone else" in source
    assert "Kept" in source
    assert [one.answer for one in answers(work)] == [VisitReply.ACCEPTED]
    assert 'name="version" value="2"' in source, "saving again is meant"


def test_an_offer_that_is_over_leads_back(
    family: LintingClient, ours: str, form: str, work: Work, offered: Visit
) -> None:
    service.withdraw_offer(work, offered, "I am ill", version=offered.version)
    assert family.get(form).location == f"{ours}/visits"
    page = text_of(family, f"{ours}/visits")
    assert "Cancelled by us" in page
    assert "I am ill" in page


def test_the_officer_reads_changes_and_withdraws(
    family: LintingClient, form: str, client_as: SignIn, village: Village, work: Work, offered: Visit
) -> None:
    family.submit(form, {"reply": "another-way", "way": "elsewhere", "words": "The café?"})
    officer = client_as(village.adviser)
    home, one = (
        f"/children/{village['Ada'].reference}/{place}" for place in ("contact", f"offers/{offered.reference}")
    )
    assert "The family has answered" in text_of(officer, home)
    page = text_of(officer, one)
    assert "The café?" in page
    assert "Not read yet" in page
    assert officer.submit(one, button="I have read this").location == one
    assert "The family has answered" not in text_of(officer, home)
    changed = {**day("on_date", "2026-03-24"), "place": "The café"}
    assert "Enter the date" in officer.submit(f"{one}/change", day("on_date", "--")).get_data(as_text=True)
    assert officer.submit(f"{one}/change", changed).location == one
    page = text_of(officer, one)
    assert "Offered then" in page
    assert "Meeting on 20 March 2026" in page
    assert officer.submit(f"{one}/withdraw", {"note": "I am away"}).location == home
    work.session.refresh(offered)
    assert offered.state is VisitState.WITHDRAWN
    assert officer.get(f"{one}/change").location == one


def test_who_only_reads_changes_no_offer(client_as: SignIn, village: Village, offered: Visit) -> None:
    auditor = client_as(village.staff[Role.AUDITOR])
    one = f"/children/{village['Ada'].reference}/offers/{offered.reference}"
    page = text_of(auditor, one)
    assert "Withdraw" not in page
    assert "I have read this" not in page
    assert {auditor.get(f"{one}/{deed}").status_code for deed in ("change", "withdraw")} == {403}


def test_a_comment_stands_beside_the_record(
    family: LintingClient, ours: str, client_as: SignIn, village: Village, work: Work
) -> None:
    record = work.session.scalars(select(Contact).where(Contact.child_id == village["Ada"].id)).one()
    mine = f"{ours}/records/{record.reference}"
    assert "Enter what you would like to add" in family.submit(f"{mine}/comment").get_data(as_text=True)
    assert family.submit(f"{mine}/comment", {"words": "We met at ten."}).location == mine
    assert family.submit(f"{mine}/comment", {"words": "Not at nine."}).location == mine
    page = text_of(family, mine)
    assert page.index("We met at ten.") < page.index("Not at nine.")
    assert len(work.session.scalars(select(ContactComment)).all()) == 2
    assert "We met at ten." in text_of(
        client_as(village.adviser), f"/children/{village['Ada'].reference}/contact/{record.reference}"
    )
