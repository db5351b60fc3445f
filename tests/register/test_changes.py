"""Changes that a family tells us of: nothing happens by itself; an officer takes each up, or sets it aside."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import ContactOutcome, Destination, Responsibility
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import ChangeKind, ChangeState, Parent, ReportedChange
from ehe_portal.register.service import Carer, Closing, Place
from tests.desks import waits
from tests.pages import LintingClient
from tests.register.conftest import As, ClientAs, child_of, clock_of, episode_of, words
from tests.village import Village

Tell = Callable[..., ReportedChange]
TOLD = {
    ChangeKind.ADDRESS: {"address": "9 Secret Lane\nPoole", "postcode": "BH15 1HJ"},
    ChangeKind.SCHOOL: {"school": "Hillside School"},
    ChangeKind.MOVING_AWAY: {"where": "Northumberland"},
    ChangeKind.NEW_PARENT: {"name": "Jo Byrne", "phone": "01632 960 009", "email": "Jo@Home.example"},
    ChangeKind.SOMETHING_ELSE: {"words": "My name has changed"},
}


@pytest.fixture
def tell(as_account: As, village: Village) -> Tell:
    """Ada's parent tells of a change."""

    def told(kind: ChangeKind, from_on: date | None = None) -> ReportedChange:
        work = as_account(village.parents["Ada"])
        return service.report_change(work, child_of(work, village["Ada"]), kind, TOLD[kind], from_on)

    return told


def seen(work: Work, village: Village, told: ReportedChange) -> ReportedChange:
    found = queries.reported_change(work, village["Ada"].reference, told.reference)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ChangeKind)
def test_nothing_changes_by_itself(tell: Tell, adviser: Work, village: Village, kind: ChangeKind) -> None:
    ada = child_of(adviser, village["Ada"])
    before = (ada.version, [one.line for one in ada.addresses], [one.name for one in ada.parents])
    told = tell(kind, date(2026, 3, 20))
    adviser.session.expire_all()
    ada = child_of(adviser, village["Ada"])
    assert (ada.version, [one.line for one in ada.addresses], [one.name for one in ada.parents]) == before
    assert episode_of(adviser, village["Ada"]).is_open
    assert seen(adviser, village, told).state is ChangeState.WAITING


def test_the_adviser_is_mailed_without_a_word_and_the_clock_counts_a_reply(
    tell: Tell, work: Work, village: Village
) -> None:
    tell(ChangeKind.ADDRESS)
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "from-family")).one()
    assert (mail.to_address, mail.context) == (
        village.adviser.email,
        {"what": "change", "child_reference": village["Ada"].reference},
    )
    reply = work.session.scalars(select(Contact).where(Contact.outcome == ContactOutcome.RECEIVED)).one()
    assert reply.substantive is False
    assert "Secret" not in (reply.summary or "")
    work.session.expire_all()
    assert clock_of(work, village["Ada"]).last_reply_on == work.today


def test_a_new_address_is_put_on_the_record_with_dates(tell: Tell, adviser: Work, village: Village) -> None:
    change = seen(adviser, village, tell(ChangeKind.ADDRESS, date(2026, 3, 2)))
    place, on = Place("9 Secret Lane, Poole", "BH15 1HJ"), date(2026, 3, 2)
    service.take_up_address(adviser, change, place, on, "Thank you", version=change.version)
    old, now = child_of(adviser, village["Ada"]).addresses
    assert (old.line, old.until_on) == ("3 Mill Lane, Sturminster", date(2026, 3, 2))
    assert (now.line, now.from_on, now.until_on, now.confirmed_on) == (place.line, on, None, None)
    assert (change.state, change.answer) == (ChangeState.TAKEN_UP, "Thank you")
    mails = select(OutgoingMessage.to_address).where(OutgoingMessage.template == "change-decided")
    assert adviser.session.scalars(mails).all() == [village.parents["Ada"].email]
    with pytest.raises(Refusal, match="decided already"):
        service.take_up_address(adviser, change, place, on, "", version=change.version)


@pytest.mark.parametrize(("days", "message"), [(1, "not in the future"), (-4000, "after the present address began")])
def test_dates_of_an_address_that_do_not_fit(
    tell: Tell, adviser: Work, village: Village, days: int, message: str
) -> None:
    change = seen(adviser, village, tell(ChangeKind.ADDRESS))
    new = Place("9 Secret Lane"), adviser.today + timedelta(days=days)
    with pytest.raises(Refusal, match=message):
        service.take_up_address(adviser, change, *new, "", version=change.version)


def test_a_new_parent_is_added_unverified_and_sees_nothing(tell: Tell, adviser: Work, village: Village) -> None:
    change = seen(adviser, village, tell(ChangeKind.NEW_PARENT))
    told = Carer(name="Jo Byrne", responsibility=Responsibility.YES, email=" Jo@Home.example", phone="01632 960 009")
    service.take_up_parent(adviser, change, told, "", version=change.version)
    added = child_of(adviser, village["Ada"]).parents[-1]
    assert (added.position, added.name, added.email) == (2, "Jo Byrne", "jo@home.example")
    assert (added.account_id, added.verified_at) == (None, None)


@pytest.mark.parametrize(
    ("kind", "destination"),
    [(ChangeKind.SCHOOL, Destination.SCHOOL), (ChangeKind.MOVING_AWAY, Destination.OTHER_AUTHORITY)],
)
def test_leaving_is_taken_up_by_closing_with_what_was_confirmed(
    tell: Tell, adviser: Work, village: Village, kind: ChangeKind, destination: Destination
) -> None:
    change = seen(adviser, village, tell(kind, date(2026, 3, 2)))
    with pytest.raises(Refusal):
        service.take_up(adviser, change, "Done", version=change.version)
    episode = episode_of(adviser, village["Ada"])
    unconfirmed = Closing(destination, date(2026, 3, 2), "Hillside School")
    with pytest.raises(Refusal):
        service.close_episode(adviser, episode, unconfirmed, change=change)
    assert seen(adviser, village, change).state is ChangeState.WAITING
    confirmed = Closing(destination, date(2026, 3, 2), "Hillside School", confirmed=True)
    service.close_episode(adviser, episode, confirmed, change=change)
    assert seen(adviser, village, change).state is ChangeState.TAKEN_UP
    assert not episode.is_open


def test_what_is_set_aside_says_why(tell: Tell, adviser: Work, village: Village) -> None:
    change = seen(adviser, village, tell(ChangeKind.SOMETHING_ELSE))
    with pytest.raises(Refusal):
        service.set_aside(adviser, change, " ", version=change.version)
    with pytest.raises(ChangedMeanwhile):
        service.set_aside(adviser, change, "It is so already", version=change.version + 1)
    service.set_aside(adviser, change, "It is so already", version=change.version)
    assert (change.state, change.answer) == (ChangeState.SET_ASIDE, "It is so already")


def test_a_kind_is_taken_up_in_its_own_way(tell: Tell, adviser: Work, village: Village) -> None:
    change = seen(adviser, village, tell(ChangeKind.SOMETHING_ELSE))
    new = Place("9 Secret Lane"), adviser.today
    with pytest.raises(Refusal, match="something else"):
        service.take_up_address(adviser, change, *new, "", version=change.version)
    with pytest.raises(Refusal, match="something else"):
        service.take_up_parent(adviser, change, Carer(name="Jo"), "", version=change.version)


def test_what_waits_is_scoped_and_ordered(tell: Tell, adviser: Work, village: Village, as_account: As) -> None:
    first, second = tell(ChangeKind.SCHOOL), tell(ChangeKind.ADDRESS)
    waiting = waits(adviser, "change", village.adviser.id)
    assert [one.address["change_reference"] for one in waiting] == [first.reference, second.reference]
    assert (waiting[0].child_name, waiting[0].why) == ("Ada Byrne", "Read what the family told: Going back to school")
    assert waits(adviser, "change", village.staff[Role.EHE_MANAGER].id) == []
    assert len(waits(adviser, "change")) == 2
    assert waits(as_account(village.stranger[Role.ADVISER]), "change") == []
    change = seen(adviser, village, first)
    service.set_aside(adviser, change, "Not now", version=change.version)
    assert len(waits(adviser, "change")) == 1


def test_who_finds_a_change(tell: Tell, as_account: As, village: Village) -> None:
    told = tell(ChangeKind.ADDRESS)
    ada = village["Ada"].reference
    assert queries.reported_change(as_account(village.stranger[Role.ADVISER]), ada, told.reference) is None
    assert queries.reported_change(as_account(village.parents["Ada"]), ada, told.reference) is None
    assert queries.verified_child(as_account(village.parents["Zoe"]), ada) is None


def test_an_unverified_account_tells_nothing(work: Work, as_account: As, village: Village) -> None:
    work.session.scalars(select(Parent).where(Parent.child_id == village["Ada"].id)).one().verified_at = None
    work.session.flush()
    assert queries.verified_child(as_account(village.parents["Ada"]), village["Ada"].reference) is None


# Pages


@pytest.fixture
def family(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.parents["Ada"])


def test_a_parent_tells_and_sees_what_became_of_it(
    family: LintingClient, village: Village, client_as: ClientAs, work: Work
) -> None:
    mine, theirs = (
        f"/family/children/{village['Ada'].reference}/changes",
        f"/children/{village['Ada'].reference}/changes",
    )
    assert "Enter the new address" in words(family.submit(f"{mine}/address"))
    date_ = {"from_on-day": "2", "from_on-month": "3", "from_on-year": "2026"}
    assert family.submit(f"{mine}/address", {"address": "9 Secret Lane\nPoole", **date_}).location == mine
    assert "Waiting to be read" in words(family.get(mine))
    told = work.session.scalars(select(ReportedChange)).one()
    officer = client_as(village.adviser)
    assert "9 Secret Lane" in words(officer.get(theirs))
    page = officer.get(f"{theirs}/{told.reference}").get_data(as_text=True)
    assert 'value="9 Secret Lane, Poole"' in page
    assert officer.submit(f"{theirs}/{told.reference}", {"answer": "It is on the record"}).location == theirs
    assert "3 Mill Lane" in words(officer.get(f"/children/{village['Ada'].reference}/people"))
    family = client_as(village.parents["Ada"])
    assert "It is on the record" in words(family.get(mine))


def test_the_closing_page_begins_with_what_was_told(tell: Tell, client_as: ClientAs, village: Village) -> None:
    told = tell(ChangeKind.SCHOOL, date(2026, 3, 2))
    ada = f"/children/{village['Ada'].reference}"
    officer = client_as(village.adviser)
    page = words(officer.get(f"{ada}/changes/{told.reference}"))
    assert "an offered place is not enough" in page
    form = f"{ada}/episode/close?change={told.reference}"
    assert 'value="Hillside School"' in officer.get(form).get_data(as_text=True)
    assert "Select that the school has confirmed" in words(officer.submit(form))
    assert officer.submit(form, {"on_roll": "yes"}).status_code == 302
    assert "Taken up" in words(officer.get(f"{ada}/changes"))


def test_an_unknown_kind_is_no_page(family: LintingClient, village: Village) -> None:
    assert family.get(f"/family/children/{village['Ada'].reference}/changes/divorce").status_code == 404


def test_who_only_reads_takes_nothing_up(tell: Tell, client_as: ClientAs, village: Village) -> None:
    told = tell(ChangeKind.ADDRESS)
    auditor = client_as(village.staff[Role.AUDITOR])
    page = auditor.get(f"/children/{village['Ada'].reference}/changes")
    assert "Take it up" not in words(page)
    assert auditor.get(f"/children/{village['Ada'].reference}/changes/{told.reference}").status_code == 403


def test_a_stranger_is_told_nothing(client_as: ClientAs, village: Village) -> None:
    stranger: Account = village.parents["Zoe"]
    assert client_as(stranger).get(f"/family/children/{village['Ada'].reference}/changes").status_code == 404
