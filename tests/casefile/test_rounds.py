"""Planning a round: who is proposed and who is not, in which order and when; offered in one go, once."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import rounds as queries
from ehe_portal.casefile.rules.rounds import Situation, together, why_apart
from ehe_portal.contact import service
from ehe_portal.contact.models import Visit, VisitState
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind, ContactOutcome, ContactWay
from ehe_portal.core.hours import DaysOff
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, FamilyWishes
from tests.casefile.test_calendar import counted, words
from tests.contact.test_households import link
from tests.pages import LintingClient, form_of
from tests.village import Village, a_child, an_account

ClientAs = Callable[[Account | None], LintingClient]
FRIDAY = date(2026, 3, 20)
PLAN = "/calendar/round?on=2026-03-20"
BOOK = "Offer these visits"


@pytest.fixture
def adviser(village: Village, client_as: ClientAs) -> LintingClient:
    return client_as(village.adviser)


def offers(work: Work) -> dict[str, Visit]:
    work.session.expire_all()
    found = work.session.scalars(select(Visit).order_by(Visit.at_time, Visit.id))
    return {visit.child.legal_forename: visit for visit in found}


def fields_of(client: LintingClient, address: str = PLAN) -> dict[str, Any]:
    _, fields = form_of(client.get(address).get_data(as_text=True), BOOK)
    return fields


# Who is not proposed


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({}, None),
        ({"ways": [ContactWay.HOME_VISIT, ContactWay.PHONE]}, None),
        ({"ways": [ContactWay.PHONE]}, "The family would like to be in contact otherwise: by phone"),
        ({"ways": [ContactWay.WRITING, ContactWay.MEETING]}, "The family would like to be in contact otherwise"),
        ({"protected": True, "standing_on": FRIDAY}, "Address and whereabouts are hidden"),
        ({"standing_on": FRIDAY}, "A visit or call stands already, on 20 March 2026"),
        ({"asked_otherwise_on": FRIDAY}, "The family has asked for something else"),
        ({"declined_on": FRIDAY}, "The family did not want what was offered"),
        ({"postcode": None}, "No postcode is known"),
        ({"stopped": True}, "Messages to the family are stopped"),
        ({"stopped": True, "protected": True}, "Messages to the family are stopped"),
    ],
)
def test_why_a_family_is_not_proposed(changes: dict[str, Any], begins: str | None) -> None:
    reason = why_apart(Situation(**{"protected": False, "postcode": "BH16 6AA", **changes}))
    assert (reason is None) if begins is None else (reason or "").startswith(begins)


def test_who_is_due_is_proposed_and_who_is_not_is_not(village: Village, adviser: LintingClient) -> None:
    said = words(adviser, PLAN)
    assert "Offer Ben Carter a visit" in said
    assert "Offer Cleo Dunn a visit" in said
    assert "Offer Esi Fraser a visit" in said  # due on 7 April, within four weeks
    assert "Ada Byrne" not in said  # due in December
    assert "Esi Fraser" not in words(adviser, f"{PLAN}&weeks=1")


def test_wishes_and_what_stands_already_are_respected(work: Work, village: Village, adviser: LintingClient) -> None:
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ben"].id}
    work.session.add(FamilyWishes(**keys, said_on=work.today, ways=["writing"]))
    call = Offer(kind=ContactKind.PHONE_CALL, on_date=FRIDAY, at_time=time(16))
    service.offer_visits(work, [(village["Cleo"], call)], village.adviser.id)
    said = words(adviser, PLAN)
    assert "Ben Carter, due 15 January 2026. The family would like to be in contact otherwise: in writing." in said
    assert "Cleo Dunn, due 5 March 2026. A visit or call stands already, on 20 March 2026." in said
    assert "Offer Ben" not in said
    assert "Offer Cleo" not in said
    assert "Offer Esi Fraser a visit" in said


def test_a_hidden_child_is_never_proposed_and_no_district_tells_where_it_lives(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    """Fails when a list by district is silent, or speaks, according to where a hidden child lives."""
    village["Ben"].protected = True
    work.session.flush()
    for area in ("BH16", "BH1", "ZZ9"):
        said = words(adviser, f"{PLAN}&weeks=4&postcode={area}")
        assert "Offer Ben Carter" not in said
        assert "Ben Carter, due 15 January 2026. Address and whereabouts are hidden" in said
        assert "BH16 6AA" not in said.partition("Due, but not proposed")[2]


def test_a_district_limits_who_is_proposed(work: Work, village: Village, adviser: LintingClient) -> None:
    address = work.session.scalars(select(Address).where(Address.child_id == village["Ben"].id)).one()
    address.postcode = "BH1 1AA"
    work.session.flush()
    said = words(adviser, f"{PLAN}&weeks=4&postcode=BH1")
    assert "Ben" in said
    assert "Ben Carter" not in words(adviser, f"{PLAN}&weeks=4&postcode=BH16")


# Who is visited together


@pytest.mark.parametrize(
    ("homes", "linked", "visits"),
    [
        ("aab", "12", [[1, 2], [3]]),
        ("aaa", "12 13 23", [[1, 2, 3]]),
        ("aaa", "12 13", [[1, 2], [3]]),  # two who are not of one family are not brought together by a third
        ("aba", "12 13", [[1, 3], [2]]),  # of one family, but not in one home
        ("aaa", "", [[1], [2], [3]]),  # neighbours in one house
        ("--a", "12", [[1], [2], [3]]),  # nobody knows whether their homes are one
    ],
)
def test_who_is_visited_together(homes: str, linked: str, visits: list[list[int]]) -> None:
    at = {number: None if home == "-" else home for number, home in enumerate(homes, 1)}
    pairs = {frozenset(int(one) for one in pair) for pair in linked.split()}
    assert together([1, 2, 3], at, pairs) == visits


@pytest.fixture
def siblings(work: Work, village: Village) -> Village:
    """Ben and Esi are of one family; like others of the village they live at 3 Mill Lane."""
    link(work, village["Ben"], village["Esi"])
    work.session.flush()
    return village


def test_brothers_and_sisters_get_one_visit_which_says_so_before_it_is_offered(
    work: Work, siblings: Village, adviser: LintingClient
) -> None:
    """Fails when a round sends an offer for each child of one home."""
    said = words(adviser, PLAN)
    assert "9:30am One visit about 2 children, BH16 6AA Ben Carter, due 15 January 2026 Esi Fraser, due" in said
    assert "Offer Ben Carter and Esi Fraser a visit" in said
    assert adviser.submit(PLAN, {}, BOOK).status_code == 302
    made = offers(work)
    assert [[one.child.legal_forename for one in visit.children] for visit in made.values()] == [
        ["Ben", "Esi"],
        ["Cleo"],
    ]
    assert [f"{visit.at_time:%H:%M}" for visit in made.values()] == ["09:30", "10:45"]


def test_a_family_of_two_is_told_of_one_visit_once(work: Work, siblings: Village, adviser: LintingClient) -> None:
    account = an_account(work, siblings.authority, Role.PARENT, "both@home.example", "Sam Carter")
    for name in ("Ben", "Esi"):
        parent = siblings[name].parents[0]
        parent.account_id, parent.verified_at = account.id, work.at
    work.session.flush()
    adviser.submit(PLAN, {}, BOOK)
    told = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.to_address == "both@home.example")).all()
    assert [one.template for one in told] == ["visit-offered"]


def test_whoever_plans_a_round_gets_one_message_of_it(work: Work, village: Village, adviser: LintingClient) -> None:
    adviser.submit(PLAN, {}, BOOK)
    told = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.account_id == village.adviser.id)).all()
    assert [(one.template, one.context["how_many"], one.context["by_other"]) for one in told] == [
        ("visits-of-yours", 3, False)
    ]


def test_who_lives_elsewhere_or_is_hidden_is_not_visited_with_the_others(
    work: Work, siblings: Village, adviser: LintingClient
) -> None:
    esis = work.session.scalars(select(Address).where(Address.child_id == siblings["Esi"].id)).one()
    esis.line = "99 Elsewhere Road"
    work.session.flush()
    assert "One visit about" not in words(adviser, PLAN)
    esis.line = siblings["Ben"].address.line if siblings["Ben"].address else ""
    siblings["Esi"].protected = True
    work.session.flush()
    said = words(adviser, PLAN)
    assert "One visit about" not in said
    assert "Esi Fraser, due 7 April 2026. Address and whereabouts are hidden" in said


def test_whoever_stopped_being_visited_together_meanwhile_is_looked_at_again(
    work: Work, siblings: Village, adviser: LintingClient
) -> None:
    """The first child and the time are as they were on the page, but it was about two children."""
    fields = fields_of(adviser)
    call = Offer(kind=ContactKind.PHONE_CALL, on_date=date(2026, 3, 24), at_time=time(16))
    service.offer_visits(work, [(siblings["Esi"], call)], siblings.adviser.id)
    page = adviser.post(PLAN, data=fields)
    assert page.status_code == 200
    assert "The times have been worked out again" in page.get_data(as_text=True)
    assert len(offers(work)) == 1


# Offering


def test_all_who_are_ticked_are_offered_a_visit_in_one_go(work: Work, village: Village, adviser: LintingClient) -> None:
    page = adviser.submit(PLAN, {"book-note": "Looking forward to it"}, BOOK)
    assert page.status_code == 302
    made = offers(work)
    assert [f"{visit.at_time:%H:%M}" for visit in made.values()] == ["09:30", "10:45", "13:15"]
    assert {visit.adviser_id for visit in made.values()} == {village.adviser.id}
    assert {(visit.on_date, visit.kind, visit.note) for visit in made.values()} == {
        (FRIDAY, ContactKind.HOME_VISIT, "Looking forward to it")
    }


def test_each_family_is_told_by_a_message_of_its_own(work: Work, village: Village, adviser: LintingClient) -> None:
    for name in ("Ben", "Cleo"):
        account = an_account(work, village.authority, Role.PARENT, f"{name.lower()}@home.example", f"{name}’s parent")
        village[name].parents[0].account_id, village[name].parents[0].verified_at = account.id, work.at
    work.session.flush()
    adviser.submit(PLAN, {}, BOOK)
    told = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "visit-offered")).all()
    assert sorted(one.to_address for one in told) == ["ben@home.example", "cleo@home.example"]


def test_a_double_press_offers_once(work: Work, adviser: LintingClient) -> None:
    fields = fields_of(adviser)
    first, second = (adviser.post(PLAN, data=fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(offers(work)) == 3


def test_another_order_makes_other_times_which_are_shown_before_they_are_offered(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    places = {"Ben": "3", "Cleo": "2", "Esi": "1"}
    changed = {f"book-place_{village[name].reference}": place for name, place in places.items()}
    page = adviser.submit(PLAN, changed, BOOK)
    assert page.status_code == 200
    assert "The times have been worked out again" in page.get_data(as_text=True)
    assert offers(work) == {}
    _, fields = form_of(page.get_data(as_text=True), BOOK)
    assert adviser.post(PLAN, data=fields).status_code == 302
    assert {name: f"{visit.at_time:%H:%M}" for name, visit in offers(work).items()} == {
        "Esi": "09:30",
        "Cleo": "10:45",
        "Ben": "13:15",
    }


def test_who_is_not_ticked_is_not_offered_anything(work: Work, village: Village, adviser: LintingClient) -> None:
    without = {f"book-in_{village['Cleo'].reference}": None}
    page = adviser.submit(PLAN, without, BOOK)
    _, fields = form_of(page.get_data(as_text=True), BOOK)
    adviser.post(PLAN, data=fields)
    assert sorted(offers(work)) == ["Ben", "Esi"]


def test_nobody_ticked_is_asked_again(work: Work, village: Village, adviser: LintingClient) -> None:
    nobody = {f"book-in_{village[name].reference}": None for name in ("Ben", "Cleo", "Esi")}
    page = adviser.submit(PLAN, nobody, BOOK)
    assert "Select at least one child" in page.get_data(as_text=True)


def test_more_than_the_day_is_long_enough_for_is_asked_again(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    address = f"{PLAN}&weeks=4&minutes=180&gap=15&begins=9am"
    fields = fields_of(adviser, address)
    fields |= {f"book-in_{village[name].reference}": "on" for name in ("Ben", "Cleo", "Esi")}
    page = adviser.post(address, data=fields)
    assert "Select 2 or fewer visits" in page.get_data(as_text=True)
    assert offers(work) == {}


def test_who_has_been_offered_something_meanwhile_is_looked_at_again(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    fields = fields_of(adviser)
    call = Offer(kind=ContactKind.PHONE_CALL, on_date=date(2026, 3, 24), at_time=time(16))
    service.offer_visits(work, [(village["Cleo"], call)], village.adviser.id)
    page = adviser.post(PLAN, data=fields)
    assert page.status_code == 200
    assert len(offers(work)) == 1


def test_the_round_goes_round_what_stands_and_says_what_speaks_against_the_day(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    visit = Offer(kind=ContactKind.HOME_VISIT, on_date=FRIDAY, at_time=time(10))
    service.offer_visits(work, [(village["Ada"], visit)], village.adviser.id)
    accounts.add_leave(work, village.adviser, DaysOff(FRIDAY, FRIDAY))
    said = words(adviser, PLAN)
    assert "Planned already on that day: 10am." in said
    assert "11:15am Ben Carter" in said
    assert "Whoever makes the visit is on leave on that day." in said
    assert adviser.submit(PLAN, {}, "Offer these visits all the same").status_code == 302


def test_a_manager_plans_for_an_adviser_who_gets_the_visits(work: Work, village: Village, client_as: ClientAs) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    client.submit(f"{PLAN}&adviser={village.adviser.reference}", {}, BOOK)
    assert {visit.adviser_id for visit in offers(work).values()} == {village.adviser.id}


def test_an_adviser_plans_for_nobody_else(work: Work, village: Village, client_as: ClientAs) -> None:
    colleague = an_account(work, village.authority, Role.ADVISER, "second@wessex.example", "Second Adviser")
    said = words(client_as(colleague), f"{PLAN}&adviser={village.adviser.reference}")
    assert "Ben Carter" not in said


def test_a_round_is_of_thirty_at_most_and_asks_as_much_for_many_as_for_few(
    work: Work, village: Village, adviser: LintingClient
) -> None:
    with counted() as before:
        adviser.get(PLAN)
    contact = (date(2025, 3, 1), ContactKind.HOME_VISIT, ContactOutcome.HELD)
    for number in range(35):
        a_child(work, village.authority, f"Child{number}", "Many", date(2014, 1, 1), date(2024, 1, 1),
                adviser=village.adviser, contacts=(contact,))  # fmt: skip
    with counted() as after:
        page = adviser.get(PLAN)
    assert len(after) == len(before)
    assert page.get_data(as_text=True).count('class="round__child"') == 30


def test_an_answer_given_otherwise_is_remembered_for_a_while(work: Work, village: Village) -> None:
    visit = Offer(kind=ContactKind.HOME_VISIT, on_date=FRIDAY, at_time=time(10))
    (made,) = service.offer_visits(work, [(village["Ben"], visit)], village.adviser.id)
    for state, named in ((VisitState.DECLINED, "declined_on"), (VisitState.ANOTHER_WAY, "asked_otherwise_on")):
        made.state = state
        work.session.flush()
        assert queries.latest_offers(work, [village["Ben"].id]) == {village["Ben"].id: {named: FRIDAY}}
    made.on_date = date(2025, 12, 1)
    work.session.flush()
    assert queries.latest_offers(work, [village["Ben"].id]) == {}
