"""Notices and orders as officers and families see them."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Outcome
from ehe_portal.orders.models import Method, OrderCase, StepCode, Whose
from ehe_portal.register.models import Parent
from tests.conftest import Clock
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, begin, second_parent, serve, take
from tests.pages import LintingClient, tree_of, words_of
from tests.village import LONG_AGO, Village, an_account

ClientAs = Callable[[Account | None], LintingClient]


def read(client: LintingClient, url: str) -> str:
    return words_of(tree_of(client.get(url, follow_redirects=True).get_data(as_text=True)))


@pytest.fixture
def orders_url(village: Village) -> str:
    return f"/children/{village['Ada'].reference}/orders"


@pytest.fixture
def served(village: Village, acting: Acting, manager: Account, decide: Decide) -> OrderCase:
    """A notice that was served on Ada's parent by hand."""
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    return case


def test_nothing_can_be_begun_without_a_decision(client_as: ClientAs, village: Village, orders_url: str) -> None:
    client = client_as(village.adviser)
    said = read(client, orders_url)
    assert "There are none" in said
    assert "never on silence, and never on a visit that was not wanted" in said
    assert f"{orders_url}/new/attendance" not in client.get(orders_url).text
    assert "is no ground" in read(client, f"{orders_url}/new/attendance")
    assert client.get(f"{orders_url}/new/nothing").status_code == 404


@pytest.mark.usefixtures("clock")
def test_from_an_advisers_proposal_to_the_last_day(
    client_as: ClientAs, village: Village, decide: Decide, work: Work, manager: Account, orders_url: str
) -> None:
    decide(village["Ada"])
    adviser = client_as(village.adviser)
    assert "Put it forward" in read(adviser, f"{orders_url}/new/attendance")
    empty = adviser.submit(f"{orders_url}/new/attendance", {"reasons": ""})
    assert "Enter the reasons" in words_of(tree_of(empty.get_data(as_text=True)))
    begun = adviser.submit(f"{orders_url}/new/attendance", {"reasons": "What we <saw>."})
    assert begun.status_code == 302
    assert "waiting to be decided" in read(adviser, begun.location)
    assert "Take it, or return it" not in read(adviser, begun.location)
    boss = client_as(manager)
    answer = re.search(rf'href="({orders_url}/steps/\w+/answer)"', boss.get(begun.location).text)
    assert answer is not None
    assert "What we <saw>." in read(boss, answer[1])
    assert "Enter why it is returned" in words_of(
        tree_of(boss.submit(answer[1], {"verdict": "return", "answer": ""}).get_data(as_text=True))
    )
    assert boss.submit(answer[1], {"verdict": "take"}).location == begun.location
    adviser = client_as(village.adviser)
    serving = re.search(rf'href="({orders_url}/sendings/\w+/serve)"', adviser.get(begun.location).text)
    assert serving is not None
    day = {"on-day": "12", "on-month": "3", "on-year": "2026"}
    refused = adviser.submit(serving[1], {"method": "electronic", **day})
    assert "section 572" in words_of(tree_of(refused.get_data(as_text=True)))
    assert adviser.submit(serving[1], {"method": "post", **day, "note": "RM 1"}).location == begun.location
    said = read(adviser, begun.location)
    assert "The family has until the end of 30 March 2026 (in 18 days)" in said
    assert "Counts as served on 16 March 2026" in said
    assert "Choose this step from 31 March 2026 on: section 437(2)" in said
    assert "2. Not satisfied within the time of the notice Section 437(3)(a) Not yet From 31 March 2026" in said
    case = work.session.scalars(select(OrderCase)).one()
    assert (case.clock_whose, case.clock_on) == (Whose.PARENT, date(2026, 3, 30))
    looked = work.session.scalars(select(AccessEntry).where(AccessEntry.what == "orders")).all()
    assert {one.child_id for one in looked} == {village["Ada"].id}


def test_a_step_a_day_early_is_refused_on_its_page(
    client_as: ClientAs, village: Village, served: OrderCase, manager: Account, clock: Clock, orders_url: str
) -> None:
    url = f"{orders_url}/{served.reference}/steps/not-satisfied"
    client = client_as(manager)
    clock.at = clock.at.replace(day=26)
    page = client.submit(url, {"reasons": "Kept as typed"})
    said = words_of(tree_of(page.get_data(as_text=True)))
    assert "Choose this step from 27 March 2026 on: section 437(2)" in said
    assert "Kept as typed" in page.get_data(as_text=True)
    clock.at = clock.at.replace(day=27)
    assert client.submit(url, {"reasons": "Now"}).status_code == 302
    for gone in ("order", "nothing"):  # what may not come next has no page
        answer = client.get(f"{orders_url}/{served.reference}/steps/{gone}")
        assert answer.status_code in (302, 404), gone


def test_the_picture_says_in_words_what_it_shows(
    client_as: ClientAs, village: Village, served: OrderCase, orders_url: str
) -> None:
    page = client_as(village.adviser).get(f"{orders_url}/{served.reference}").text
    assert re.search(r'<svg class="order-route"\s+role="img"\s+aria-labelledby="route-\w+-title route-\w+-words"', page)
    assert "The route of this case: Notice to satisfy the council" in page
    assert "1: Notice to satisfy the council, we are here. 2: Not satisfied" in page


def test_a_case_is_ended_and_a_service_struck_out(
    client_as: ClientAs, village: Village, served: OrderCase, manager: Account, orders_url: str
) -> None:
    client = client_as(manager)
    url = f"{orders_url}/{served.reference}"
    strike = re.search(rf'href="({orders_url}/sendings/\w+/strike-out)"', client.get(url).text)
    assert strike is not None
    assert client.submit(strike[1], {"why": "It was another day"}).location == url
    assert "It was another day" in read(client, url)
    assert "not served yet" in read(client, url)
    assert client.submit(f"{url}/withdraw", {"why": "They moved away"}).location == url
    said = read(client, url)
    assert "withdrawn. They moved away" in said
    assert "What may come next" not in said


def test_a_case_says_when_it_no_longer_rests_on_the_latest_decision(
    client_as: ClientAs, village: Village, served: OrderCase, decide: Decide, orders_url: str
) -> None:
    client = client_as(village.adviser)
    assert "Look again" not in read(client, f"{orders_url}/{served.reference}")
    decide(village["Ada"], Outcome.SUITABLE)
    assert "Look again at whether this case should go on" in read(client, f"{orders_url}/{served.reference}")


def test_consent_to_electronic_service(client_as: ClientAs, village: Village, orders_url: str) -> None:
    client = client_as(village.adviser)
    filled = {
        "parent": village["Ada"].carers[0].reference,
        "document": "notice",
        "address": "ada@home.example",
        "given_on-day": "2",
        "given_on-month": "3",
        "given_on-year": "2026",
    }
    assert client.submit(f"{orders_url}/consents/new", filled).location == orders_url
    assert "notices, at ada@home.example, agreed 2 March 2026" in read(client, orders_url)
    withdraw = re.search(rf'href="({orders_url}/consents/\w+/withdraw)"', client.get(orders_url).text)
    assert withdraw is not None
    assert client.submit(withdraw[1]).location == orders_url
    assert "Withdrawn 12 March 2026" in read(client, orders_url)


def test_the_clocks_that_run_by_their_last_day(
    client_as: ClientAs, village: Village, served: OrderCase, decide: Decide, acting: Acting, manager: Account
) -> None:
    decide(village["Ben"])
    begin(acting(manager), village["Ben"])
    client = client_as(village.staff[Role.AUDITOR])
    said = read(client, "/orders")
    assert said.index("Ben Carter") < said.index("Ada Byrne")  # to be served since today; to be answered until the 26th
    assert "The family has until the end of 26 March 2026" in said
    assert "Ada Byrne" not in read(client, "/orders?whose=council")
    assert "Ben Carter" not in read(client, "/orders?whose=parent")
    assert "No clock runs" in read(client, "/orders?after=2026-03-26.999999")
    assert "Ada Byrne" in read(client, "/orders?after=nonsense")
    assert "Ada" not in read(client_as(village.stranger[Role.AUDITOR]), "/orders")


def test_my_day_has_what_is_the_councils_turn_and_what_waits_for_a_manager(
    client_as: ClientAs, village: Village, served: OrderCase, acting: Acting, manager: Account, clock: Clock
) -> None:
    assert "time to answer ended" not in read(client_as(village.adviser), "/my-day")
    take(acting(village.adviser), served, StepCode.SATISFIED)
    assert "Satisfied: the education is suitable" in read(client_as(manager), "/my-day")
    clock.at = clock.at.replace(day=27)
    assert "The time to answer ended on 26 March 2026: decide" in read(client_as(village.adviser), "/my-day")


def test_the_chronology_has_each_step(
    client_as: ClientAs, village: Village, served: OrderCase, orders_url: str
) -> None:
    said = read(client_as(village.adviser), f"/children/{village['Ada'].reference}/chronology")
    assert "Notices and orders: step taken" in said
    assert "Step: notice to satisfy the council" in said
    assert "Notices and orders: served" in said


# The family


def test_a_parent_sees_what_was_served_on_them_in_plain_words(
    client_as: ClientAs, village: Village, served: OrderCase
) -> None:
    ada = village["Ada"].reference
    client = client_as(village.parents["Ada"])
    said = read(client, f"/family/children/{ada}")
    assert "You have until the end of 26 March 2026 to answer (in 14 days)" in said
    said = read(client, f"/family/children/{ada}/notices")
    for words in (
        "It counts as served on 12 March 2026",
        "You have until the end of 26 March 2026",
        "no timetable, no curriculum and no hours",
        "Nothing happens by itself when the day has passed",
        "What we saw.",
    ):
        assert words in said, words


def test_what_was_served_on_one_parent_is_not_the_others_to_see(
    client_as: ClientAs, village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    ada = village["Ada"]
    other = second_parent(work, ada)
    account = an_account(work, village.authority, Role.PARENT, "oz@home.example", "Oz Byrne")
    other.account_id, other.verified_at = account.id, LONG_AGO
    decide(ada)
    case = begin(acting(manager), ada)
    mine = next(one for one in case.taken[-1].sendings if one.parent_id != other.id)
    from ehe_portal.orders import service

    service.serve(acting(manager), mine, service.Serving(Method.POST, NOON))
    url = f"/family/children/{ada.reference}/notices"
    assert "It counts as served on 16 March 2026: we posted it on 12 March 2026" in read(
        client_as(village.parents["Ada"]), url
    )
    assert "Nothing has been served on you" in read(client_as(account), url)
    verified = work.session.scalars(select(Parent).where(Parent.id == other.id)).one()
    assert verified.account_id == account.id


def test_a_family_whose_messages_are_stopped_is_shown_nothing_new(
    client_as: ClientAs, village: Village, work: Work, served: OrderCase
) -> None:
    ada = village["Ada"]
    ada.messages_stopped_at = LONG_AGO
    work.session.flush()
    assert "Nothing has been served on you" in read(
        client_as(village.parents["Ada"]), f"/family/children/{ada.reference}/notices"
    )
