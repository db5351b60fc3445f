"""The pages of a welfare check: a few questions at the door, the rest at the desk, two people at once, drafts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact, SafeguardingObservation, WelfareCheck
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.work import Work
from tests.contact.stories import CHECK, HELD, WORRY, day, latest, text_of
from tests.desks import waits
from tests.pages import LintingClient, form_of
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
SAVE = "Save contact"


@pytest.fixture
def recorded(village: Village, work: Work, adviser: LintingClient, home: str) -> Contact:
    """A home visit of which only the few things are there that are asked at the door."""
    assert adviser.submit(home + HELD, CHECK).status_code == 302
    return latest(work, village["Ada"])


def check_of(work: Work, contact: Contact) -> WelfareCheck:
    found = select(WelfareCheck).where(WelfareCheck.contact_id == contact.id)
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


# At the door


def test_the_rest_is_folded_away_until_it_holds_something(adviser: LintingClient, home: str) -> None:
    page = adviser.get(home + HELD).get_data(as_text=True)
    assert page.count('<details class="portal-fold"') == 5
    assert 'portal-fold" open' not in page
    wrong = adviser.submit(home + HELD, {**CHECK, "minutes": "many"}).get_data(as_text=True)
    assert wrong.count('portal-fold" open') == 1, "what has to be put right can be seen"
    assert "Enter a whole number" in wrong


def test_what_is_said_of_a_child_who_was_not_seen_is_not_kept(work: Work, adviser: LintingClient, home: str) -> None:
    answer = adviser.submit(home + HELD, {**CHECK, "child_seen": "declined", "alone": "yes"})
    assert answer.status_code == 302
    check = work.session.scalars(select(WelfareCheck).order_by(WelfareCheck.id.desc())).first()
    assert check is not None
    assert (check.childs_words, check.alone) == (None, None)


def test_on_the_telephone_a_child_is_heard_without_being_seen(work: Work, adviser: LintingClient, home: str) -> None:
    url = f"{home}/record/phone-call/held/2026-03-11"
    assert "Where was it?" not in adviser.get(url).get_data(as_text=True)
    heard = {**CHECK, "child_seen": "no", "spoken_to": "yes", "childs_words": "I like maps"}
    assert adviser.submit(url, heard).status_code == 302
    check = work.session.scalars(select(WelfareCheck).order_by(WelfareCheck.id.desc())).first()
    assert check is not None
    assert (check.spoken_to, check.childs_words) == (True, "I like maps")


def test_a_door_where_nobody_came_in_asks_little(
    village: Village, work: Work, adviser: LintingClient, home: str
) -> None:
    url = f"{home}/record/home-visit/no-access/2026-03-11"
    page = text_of(adviser, url)
    assert "Who came to the door?" in page
    assert "Do they live at the address we have?" in page
    for words in ("Did you see the child", "How home education began", "The education", "sign it"):
        assert words not in page
    assert adviser.submit(url, {"address_confirmed": "no", "at_time": "10am"}).status_code == 302
    contact = latest(work, village["Ada"])
    assert check_of(work, contact).address_confirmed is False
    assert "No, or not certain" in text_of(adviser, f"{home}/{contact.reference}")


def test_a_whole_record_is_signed_at_once(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    more = {"signed": "yes", "minutes": "45", "styles": ["project", "exams"], "main_reason": "lifestyle",
            "school_suggested": "no", "next_kind": "video-call", "first_visit": "no"}  # fmt: skip
    assert adviser.submit(home + HELD, {**CHECK, **more}).status_code == 302
    contact = latest(work, village["Ada"])
    check = check_of(work, contact)
    assert (check.minutes, check.styles, check.signed_by_id) == (45, ["project", "exams"], village.adviser.id)
    page = text_of(adviser, f"{home}/{contact.reference}")
    for words in (
        "Projects and topics; Working towards exams",
        "45 minutes",
        "Lifestyle",
        "Video call",
        "12 March 2026",
    ):
        assert words in page
    assert "Sign this record" not in page


# At the desk


def test_each_part_is_completed_on_its_own_page(
    village: Village, work: Work, adviser: LintingClient, home: str, recorded: Contact
) -> None:
    one = f"{home}/{recorded.reference}"
    page = text_of(adviser, one)
    assert "Nothing is written here. It may stay so." in page
    url = f"{one}/check/origin"
    answer = adviser.submit(url, {"school_suggested": "unsure", "reasons": ["religious", "other"]})
    assert answer.location == one
    check = check_of(work, recorded)
    assert (check.reasons, check.childs_words) == (["religious", "other"], "I like\nthe river")
    again = form_of(adviser.get(url).get_data(as_text=True), "Save")[1]
    assert (again["school_suggested"], again["reasons"]) == ("unsure", ["religious", "other"])
    assert "Religious; Another reason" in text_of(adviser, one)


def test_every_section_can_be_saved_as_it_stands(
    work: Work, adviser: LintingClient, home: str, recorded: Contact
) -> None:
    before = {name: value for name, value in vars(check_of(work, recorded)).items() if name[0] != "_"}
    for section in ("visit", "child", "education", "origin", "needs", "next"):
        url = f"{home}/{recorded.reference}/check/{section}"
        assert adviser.submit(url).status_code == 302, section
    after = {name: value for name, value in vars(check_of(work, recorded)).items() if name[0] != "_"}
    assert {**after, "version": 0} == {**before, "version": 0}


def test_the_second_of_two_sees_both_versions_and_loses_nothing(
    village: Village, client_as: SignIn, work: Work, home: str, recorded: Contact
) -> None:
    url = f"{home}/{recorded.reference}/check/needs"
    adviser = client_as(village.adviser)
    mine = form_of(adviser.get(url).get_data(as_text=True), "Save")[1]
    client_as(village.staff[Role.EHE_MANAGER]).submit(url, {"health": "Hers: asthma"})
    client_as(village.adviser)
    answer = adviser.post(url, data={**mine, "health": "Mine: well", "support": "A list"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("was changed by someone else", "What the record says now", "Hers: asthma", "Mine: well", "A list"):
        assert words in page
    assert check_of(work, recorded).health == "Hers: asthma"
    knowingly = form_of(page, "Save")[1]
    assert adviser.post(url, data=knowingly).status_code == 302
    assert check_of(work, recorded).health == "Mine: well"


def test_signing_and_changing(
    village: Village, work: Work, adviser: LintingClient, home: str, recorded: Contact
) -> None:
    one = f"{home}/{recorded.reference}"
    action, fields = form_of(adviser.get(one).get_data(as_text=True), "Sign this record")
    assert adviser.post(action, data=fields).location == one
    assert f"By {village.adviser.name}, 12 March 2026" in text_of(adviser, one)
    assert check_of(work, recorded).signed_by_id == village.adviser.id
    late = adviser.submit(f"{one}/check/needs", {"health": "Well, written too late"}).get_data(as_text=True)
    assert "says for good what it says" in late
    assert "Well, written too late" in late, "nothing typed is lost"
    assert check_of(work, recorded).health is None
    stale = adviser.post(action, data={**fields, "once": "pressed-in-an-older-tab"})
    assert stale.location == one
    assert "It was not signed" in text_of(adviser, one)


@pytest.mark.parametrize("place", ["check/nothing", "check/", "check/EDUCATION"])
def test_there_is_no_other_section(adviser: LintingClient, home: str, recorded: Contact, place: str) -> None:
    assert adviser.get(f"{home}/{recorded.reference}/{place}").status_code == 404


def test_who_only_reads_changes_nothing(village: Village, client_as: SignIn, home: str, recorded: Contact) -> None:
    auditor = client_as(village.staff[Role.AUDITOR])
    page = text_of(auditor, f"{home}/{recorded.reference}")
    for words in ("Change", "Sign this record", "Add a safeguarding note"):
        assert words not in page
    for place in ("check/needs", "safeguarding"):
        assert auditor.get(f"{home}/{recorded.reference}/{place}").status_code == 403


def test_a_note_is_added_for_safeguarding_alone(
    village: Village, client_as: SignIn, work: Work, home: str, recorded: Contact
) -> None:
    adviser = client_as(village.adviser)
    url = f"{home}/{recorded.reference}/safeguarding"
    assert "Enter what was seen or heard" in adviser.submit(url, {"opinion": "Odd"}).get_data(as_text=True)
    assert adviser.submit(url, {**WORRY, "consulted": "My manager", "done_time": "4:05pm"}).status_code == 302
    assert work.session.scalars(select(SafeguardingObservation.consulted)).all() == ["My manager"]
    one = f"{home}/{recorded.reference}"
    assert "4:05pm" in text_of(adviser, one)
    assert "bruise" not in text_of(client_as(village.staff[Role.AUDITOR]), one)
    family = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}")
    assert "bruise" not in family.get_data(as_text=True)
    assert "I like\nthe river" not in family.get_data(as_text=True)


# Unfinished


def test_a_record_begun_is_listed_until_it_is_finished(
    village: Village, client_as: SignIn, work: Work, new_work: NewWork, home: str
) -> None:
    adviser = client_as(village.adviser)
    fields = form_of(adviser.get(home + HELD).get_data(as_text=True), SAVE)[1]
    adviser.post(home + HELD, data={**fields, "persons_present": "Ada", "later": "keep"})
    page = text_of(adviser, home)
    assert "You began, and have not finished" in page
    assert "Home visit on 11 March 2026" in page
    (mine,) = waits(new_work(village.adviser), "unfinished", village.adviser.id)
    assert (mine.child_reference, mine.why) == (village["Ada"].reference, "Finish: Home visit on 11 March 2026")
    assert mine.url is not None
    assert form_of(adviser.get(mine.url).get_data(as_text=True), SAVE)[1]["persons_present"] == "Ada"
    assert waits(new_work(village.adviser), "unfinished") == [], "a draft is its owner's, not the team's"
    for other in (village.staff[Role.EHE_MANAGER], village.stranger[Role.ADVISER]):
        assert waits(new_work(other), "unfinished", other.id) == []
        found = client_as(other).get(mine.url)
        assert found.status_code == 404 or form_of(found.get_data(as_text=True), SAVE)[1]["persons_present"] == ""
    assert "You began" not in text_of(client_as(village.staff[Role.EHE_MANAGER]), home)
    adviser = client_as(village.adviser)
    again = form_of(adviser.get(home + HELD).get_data(as_text=True), SAVE)[1]
    assert adviser.post(home + HELD, data={**again, **CHECK}).status_code == 302
    assert waits(new_work(village.adviser), "unfinished", village.adviser.id) == []
    assert work.session.scalars(select(FormDraft)).all() == []


def test_a_child_who_moved_out_of_sight_is_not_listed(village: Village, work: Work, new_work: NewWork) -> None:
    """A draft about another authority's child, however it came there, is not shown."""
    zoe = village["Zoe"]
    work.session.add(
        FormDraft(
            account_id=village.adviser.id, path=f"/children/{zoe.reference}/concerns/new", sealed=b"",
            form="concerns.raise_concern", about=zoe.reference, title="Concern", began_at=work.at, saved_at=work.at,
            kept_until=work.at.replace(year=2027),
        )
    )  # fmt: skip
    work.session.flush()
    assert waits(new_work(village.adviser), "unfinished", village.adviser.id) == []


def test_the_date_agreed_travels_with_the_last_section(
    village: Village, work: Work, adviser: LintingClient, home: str, recorded: Contact
) -> None:
    url = f"{home}/{recorded.reference}/check/next"
    late = adviser.submit(url, day("agreed_next_on", "2026-03-10")).get_data(as_text=True)
    assert "Enter a date that is later than this contact" in late
    assert adviser.submit(url, {**day("agreed_next_on", "2026-07-01"), "next_kind": ""}).status_code == 302
    assert "1 July 2026" in text_of(adviser, f"{home}/{recorded.reference}")
