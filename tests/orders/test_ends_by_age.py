"""The end of an order with compulsory school age (section 437(4)), and what is asked at least once a year (436D)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Work
from ehe_portal.orders import queries, rules, service
from ehe_portal.orders.models import Method, OrderCase, Route, StepCode
from ehe_portal.orders.rules import Schools, Story, Taken
from tests.conftest import Clock
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, begin, serve, take
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
A_DAY = timedelta(days=1)
LATER, NOW = rules.LAWS["cnis2026"], rules.LAWS["ea1996"]

# Section and what it is about, date of birth, the last day on which an order holds
LASTS = [
    ("s437(4), s8(3): 16 after the leaving date, before term", date(2010, 8, 31), date(2026, 6, 26)),
    ("s437(4), s8(3): 16 on the first day of the school year", date(2010, 9, 1), date(2027, 6, 25)),
    ("s437(4), s8(3): 16 on the leaving date itself", date(2011, 6, 25), date(2027, 6, 25)),
    ("s437(4), s8(3): a leap year", date(2012, 2, 29), date(2028, 6, 30)),
]


def order_of(law: rules.Law, age_ends: date, *more: StepCode) -> Story:
    steps = (StepCode.ORDER, *more)
    return Story(law.ways[Route.ATTENDANCE], [Taken(code, date(2026, 3, 2)) for code in steps], Schools(), age_ends)


@pytest.mark.parametrize(("section", "born_on", "last_on"), LASTS)
@pytest.mark.parametrize("law", [NOW, LATER], ids=["ea1996", "cnis2026"])
def test_the_last_day_of_an_order(section: str, born_on: date, last_on: date, law: rules.Law) -> None:
    _, age_ends = compulsory_school_age(born_on)
    assert age_ends == last_on, section
    story = order_of(law, age_ends)
    assert story.order_holds(last_on), section
    assert not story.order_holds(last_on + A_DAY), section
    assert law.ways[Route.ATTENDANCE].lasts == {"ea1996": "section 437(4)", "cnis2026": "section 436I(7)"}[law.code]


def test_a_revoked_order_holds_no_longer() -> None:
    assert not order_of(NOW, date(2030, 6, 28), StepCode.REVOKE).order_holds(date(2026, 3, 3))
    assert order_of(NOW, date(2030, 6, 28), StepCode.AMEND).order_holds(date(2026, 3, 3))
    assert not replace(order_of(NOW, date(2030, 6, 28)), taken=[]).order_holds(date(2026, 3, 3))


def test_after_it_only_a_breach_that_was_may_be_decided() -> None:
    """Sections 443, 446, 447: it happened while the order held."""
    age_ends = date(2026, 6, 26)
    order, breach = order_of(NOW, age_ends), order_of(NOW, age_ends, StepCode.BREACH)
    on_the_day = {one.step.code for one in rules.possible(order, age_ends)}
    assert on_the_day == {StepCode.AMEND, StepCode.REVOKE, StepCode.REFUSE_REVOCATION, StepCode.BREACH}
    assert rules.possible(order, age_ends + A_DAY) == []
    assert [one.step.code for one in rules.possible(breach, age_ends + A_DAY)] == [StepCode.SUPERVISION]


# Last asked, since when there is somebody to ask, the last day to ask again
YEARLY = [
    ("s436D: at least once a year", date(2026, 3, 3), date(2025, 9, 1), date(2027, 3, 3)),
    ("s436D: leap day", date(2028, 2, 29), date(2025, 9, 1), date(2029, 2, 28)),
    ("s436D: not asked yet", None, date(2025, 9, 1), date(2026, 9, 1)),
]


@pytest.mark.parametrize(("section", "asked_on", "since", "last_on"), YEARLY)
def test_the_last_day_to_ask_again(section: str, asked_on: date | None, since: date, last_on: date) -> None:
    assert rules.ask_by(LATER.ways[Route.INFORMATION].yearly, asked_on, since) == last_on, section
    assert rules.ask_by(None, asked_on, since) is None, "the Education Act 1996 says no such thing"


@pytest.fixture
def ordered(village: Village, acting: Acting, manager: Account, decide: Decide) -> OrderCase:
    """An order about Ada; the plan names the school, so that it follows at once."""
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    later = acting(manager, date(2026, 3, 31))
    take(later, case, StepCode.NOT_SATISFIED)
    take(later, case, StepCode.EXPEDIENT, plan="named")
    take(later, case, StepCode.ORDER, school="Fordwell Academy", excluded="no")
    serve(later, case.taken[-1], Method.BY_HAND, date(2026, 3, 31))
    return case


def said(client: LintingClient, url: str) -> str:
    return words_of(tree_of(client.get(url).text))


def test_the_page_says_until_when_and_that_it_ended(
    client_as: ClientAs,
    village: Village,
    manager: Account,
    ordered: OrderCase,
    clock: Clock,
    acting: Acting,
    work: Work,
) -> None:
    ada = village["Ada"]
    url = f"/children/{ada.reference}/orders"
    boss, family = client_as(manager), f"/family/children/{ada.reference}/notices"
    assert "The order is in force until the end of" in said(boss, f"{url}/{ordered.reference}")
    assert "section 437(4)" in said(boss, f"{url}/{ordered.reference}")
    assert "It is in force until the end of" in said(client_as(village.parents["Ada"]), family)
    ada.age_ends = date(2026, 3, 31)
    work.session.flush()
    assert "The order is in force" in said(client_as(manager), f"{url}/{ordered.reference}"), "on its last day"
    acting(manager, date(2026, 4, 1))
    ended = said(client_as(manager), f"{url}/{ordered.reference}")
    assert "Ended by age" in ended
    assert "Compulsory school age ended on 31 March 2026, and with it the order" in " ".join(ended.split())
    assert "What may come next" not in ended
    assert "Ended by age" in said(client_as(manager), url)
    past = said(client_as(village.parents["Ada"]), family)
    assert "It is in force" not in past
    assert "This is past" in past
    with pytest.raises(Refusal, match="compulsory school age ended on 31 March 2026"):
        take(acting(manager, date(2026, 4, 1)), ordered, StepCode.AMEND, school="Other", excluded="no")


def test_clocks_end_with_it_and_a_first_step_that_waited_is_not_taken(
    village: Village, acting: Acting, manager: Account, decide: Decide, client_as: ClientAs, work: Work
) -> None:
    ada = village["Ada"]
    decide(ada)
    case = begin(acting(village.adviser, NOON), ada)
    ben = village["Ben"]
    decide(ben)
    running = begin(acting(manager), ben)
    lines, _ = queries.clocks(acting(manager), None, None)
    assert [one.case.id for one in lines] == [running.id]
    for child in (ada, ben):
        child.age_ends = NOON - A_DAY
    work.session.flush()
    assert queries.clocks(acting(manager), None, None)[0] == []
    assert f"/orders/{running.reference}" not in client_as(village.adviser).get("/my-day").text
    assert case.proposed is not None
    with pytest.raises(Refusal, match="compulsory school age ended"):
        service.issue(acting(manager), case.proposed)


@pytest.mark.usefixtures("law_to_come")
def test_a_family_is_asked_again_within_a_year(
    village: Village, acting: Acting, manager: Account, client_as: ClientAs, work: Work
) -> None:
    ada = village["Ada"]
    (first,) = service.asking(acting(manager, NOON), ada)
    assert (first.asked_on, first.from_on) == (None, None)
    assert "not asked yet" in said(client_as(manager), f"/children/{ada.reference}/orders")
    carers = tuple(one.reference for one in ada.carers)
    service.begin(
        acting(manager, NOON), ada, Route.INFORMATION, rules.Wanted(StepCode.REQUEST, "For the register.", {}, carers)
    )
    (again,) = service.asking(acting(manager), ada)
    assert (again.asked_on, again.from_on, again.last_on) == (NOON, date(2026, 6, 12), date(2027, 3, 12))
    page = " ".join(said(client_as(manager), f"/children/{ada.reference}/orders").split())
    assert "last asked 12 March 2026. Ask again by 12 March 2027" in page
    assert "not before 12 June 2026" in page
    ada.age_ends = NOON - A_DAY
    work.session.flush()
    assert service.asking(acting(manager), ada) == []


def test_nothing_is_asked_yearly_today(village: Village, acting: Acting, manager: Account) -> None:
    assert service.asking(acting(manager), village["Ada"]) == []


def test_the_header_of_a_child_says_what_runs_and_what_is_in_force(
    village: Village, acting: Acting, manager: Account, decide: Decide, client_as: ClientAs, work: Work
) -> None:
    ada = village["Ada"]
    decide(ada)
    case = begin(acting(manager, NOON), ada)
    page, link = f"/children/{ada.reference}/notes", f'href="/children/{ada.reference}/orders/{case.reference}"'
    assert link not in client_as(village.adviser).get(page).text, "not served yet"
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    running = client_as(village.adviser).get(page)
    assert link in running.text
    assert "A notice is running: the family has until the end of 26 March 2026" in said(client_as(manager), page)
    assert link not in client_as(manager).get(f"/children/{village['Ben'].reference}/notes").text
    later = acting(manager, date(2026, 3, 31))
    assert link not in client_as(village.adviser).get(page).text, "a day that passed says nothing about a family"
    take(later, case, StepCode.NOT_SATISFIED)
    take(later, case, StepCode.EXPEDIENT, plan="named")
    take(later, case, StepCode.ORDER, school="Fordwell Academy", excluded="no")
    assert "A school attendance order is in force" in said(client_as(village.adviser), page)
    assert "order is in force" not in said(client_as(village.parents["Ada"]), f"/family/children/{ada.reference}")
    ada.age_ends = date(2026, 3, 30)
    work.session.flush()
    assert "order is in force" not in said(client_as(village.adviser), page)
    ada.age_ends = date(2030, 6, 28)
    serve(later, case.taken[-1], Method.BY_HAND, date(2026, 3, 31))
    service.withdraw(later, case, "A court said so.", case.version)
    assert "order is in force" not in said(client_as(village.adviser), page)
