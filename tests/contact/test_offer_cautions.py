"""Before a visit is offered the adviser is told what speaks against it, and may offer it all the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service
from ehe_portal.contact.models import Visit, VisitState
from ehe_portal.contact.rules import Caution
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.hours import DaysOff
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from tests.pages import LintingClient, form_of
from tests.village import Village

FRIDAY = date(2026, 3, 20)
VISIT = Offer(kind=ContactKind.HOME_VISIT, on_date=FRIDAY, at_time=time(10))
SAID = {"kind": "home-visit", "on_date-day": "20", "on_date-month": "3", "on_date-year": "2026", "at_time": "10am"}


def cautions(work: Work, village: Village, offer: Offer = VISIT, name: str = "Ben", **more: Any) -> list[Caution]:
    found = service.warnings_about(work, village[name], offer, village.adviser.id, **more)
    return [one.caution for one in found]


def stands(work: Work, village: Village, name: str = "Ada", at: time = time(10)) -> Visit:
    offer = Offer(kind=ContactKind.HOME_VISIT, on_date=FRIDAY, at_time=at)
    (visit,) = service.offer_visits(work, [(village[name], offer)], village.adviser.id)
    return visit


def test_nothing_is_said_of_a_free_time_in_working_hours(work: Work, village: Village) -> None:
    assert cautions(work, village) == []


def test_leave_and_days_away_are_known(work: Work, village: Village) -> None:
    accounts.add_leave(work, village.adviser, DaysOff(FRIDAY, FRIDAY))
    village.adviser.away_from = FRIDAY
    work.session.flush()
    assert cautions(work, village) == [Caution.AWAY, Caution.LEAVE]


def test_a_visit_that_stands_clashes_and_one_that_does_not_stand_does_not(work: Work, village: Village) -> None:
    visit = stands(work, village)
    assert cautions(work, village) == [Caution.CLASH]
    assert cautions(work, village, instead_of=visit) == []
    visit.state = VisitState.DECLINED
    work.session.flush()
    assert cautions(work, village) == []


def test_visits_of_others_do_not_clash(work: Work, village: Village) -> None:
    visit = stands(work, village)
    visit.adviser_id = village.staff[Role.EHE_MANAGER].id
    work.session.flush()
    assert cautions(work, village) == []


def test_the_way_is_short_in_one_district_and_the_minutes_are_the_authoritys(work: Work, village: Village) -> None:
    stands(work, village, at=time(11, 15))
    assert cautions(work, village) == []
    set_values(work, village.authority.id, PolicyValues(travel_minutes_near=20), work.today)
    assert cautions(work, village) == [Caution.TRAVEL]


def test_the_district_of_a_hidden_address_is_not_used(work: Work, village: Village) -> None:
    """A quarter of an hour would tell that the hidden family lives round the corner."""
    stands(work, village, at=time(11, 15))
    village["Ada"].protected = True
    work.session.flush()
    assert cautions(work, village) == [Caution.TRAVEL]


# Several times


LATER = (date(2026, 3, 24), time(14))


def test_every_time_on_offer_is_looked_at_and_named(work: Work, village: Village) -> None:
    stands(work, village)
    accounts.add_leave(work, village.adviser, DaysOff(LATER[0], LATER[0]))
    found = service.warnings_about(work, village["Ben"], replace(VISIT, or_at=(LATER,)), village.adviser.id)
    assert [one.words for one in found] == [
        "20 March 2026 at 10am: there is another visit or call at 10am, for 60 minutes",
        "24 March 2026 at 2pm: whoever makes the visit is on leave on that day",
    ]


def test_a_time_that_a_family_may_still_choose_clashes(work: Work, village: Village) -> None:
    (visit,) = service.offer_visits(work, [(village["Ada"], replace(VISIT, or_at=(LATER,)))], village.adviser.id)
    assert cautions(work, village) == [Caution.CLASH]
    assert cautions(work, village, replace(VISIT, on_date=LATER[0], at_time=LATER[1])) == [Caution.CLASH]
    assert cautions(work, village, replace(VISIT, on_date=LATER[0])) == []
    assert cautions(work, village, instead_of=visit) == []


def test_the_way_to_a_place_in_doubt_is_not_reckoned_as_near(work: Work, village: Village) -> None:
    visit = stands(work, village, at=time(11, 15))
    visit.place_doubtful_since = work.at
    work.session.flush()
    assert cautions(work, village) == [Caution.TRAVEL]


# The page


@pytest.fixture
def address(village: Village) -> str:
    return f"/children/{village['Ben'].reference}/contact/offer"


def offered(work: Work, village: Village) -> list[Visit]:
    return list(work.session.scalars(select(Visit).where(Visit.child_id == village["Ben"].id).order_by(Visit.id)))


def pressed_again(client: LintingClient, address: str, page: Any, **changes: str) -> Any:
    _, fields = form_of(page.get_data(as_text=True), "Offer all the same")
    return client.post(address, data={**fields, **changes})


def test_without_warnings_one_press_is_enough(work: Work, village: Village, adviser: Any, address: str) -> None:
    assert adviser.submit(address, {**SAID, "minutes": "45"}).status_code == 302
    (visit,) = offered(work, village)
    assert visit.minutes == 45


def test_with_warnings_a_second_press_offers_it_all_the_same(
    work: Work, village: Village, adviser: Any, address: str
) -> None:
    page = adviser.submit(address, {**SAID, "on_date-day": "21"})
    assert page.status_code == 200
    assert "That day is a Saturday." in page.get_data(as_text=True)
    assert offered(work, village) == []
    assert pressed_again(adviser, address, page).status_code == 302
    assert len(offered(work, village)) == 1


def test_several_times_are_warned_of_together_and_anew_when_one_changes(
    work: Work, village: Village, adviser: Any, address: str
) -> None:
    second = {"or_on_1-day": "22", "or_on_1-month": "3", "or_on_1-year": "2026", "or_at_1": "2pm"}
    page = adviser.submit(address, {**SAID, **second})
    assert "22 March 2026 at 2pm: that day is a Sunday." in page.get_data(as_text=True)
    again = pressed_again(adviser, address, page, or_at_1="3pm")
    assert again.status_code == 200
    assert pressed_again(adviser, address, again).status_code == 302
    (visit,) = offered(work, village)
    assert visit.choice


def test_another_time_with_other_warnings_is_told_anew(
    work: Work, village: Village, adviser: Any, address: str
) -> None:
    stands(work, village)
    page = adviser.submit(address, SAID)
    assert "There is another visit or call at 10am, for 60 minutes." in page.get_data(as_text=True)
    again = pressed_again(adviser, address, page, at_time="10:30am")
    assert again.status_code == 200
    assert offered(work, village) == []
    free = pressed_again(adviser, address, again, at_time="2pm")
    assert free.status_code == 302


def test_what_is_refused_is_refused_before_anything_is_warned_of(adviser: Any, address: str) -> None:
    page = adviser.submit(address, {**SAID, "on_date-day": "7", "on_date-month": "3"})
    assert "Enter a date and time in the future" in page.get_data(as_text=True)
    assert "Before you offer this" not in page.get_data(as_text=True)


def test_a_change_is_warned_of_for_whoever_makes_the_visit(
    work: Work, village: Village, client_as: Callable[[Account], LintingClient]
) -> None:
    visit = stands(work, village)
    other = stands(work, village, "Ben", time(14))
    client = client_as(village.staff[Role.EHE_MANAGER])
    address = f"/children/{village['Ada'].reference}/offers/{visit.reference}/change"
    page = client.submit(address, {"at_time": "2:30pm"})
    assert "There is another visit or call at 2pm" in page.get_data(as_text=True)
    assert pressed_again(client, address, page).status_code == 302
    work.session.refresh(visit)
    assert (visit.at_time, other.at_time) == (time(14, 30), time(14))


@pytest.mark.parametrize("minutes", ["", "4", "481", "an hour"])
def test_how_long_it_takes_is_a_likely_number(village: Village, adviser: Any, address: str, minutes: str) -> None:
    page = adviser.submit(address, {**SAID, "minutes": minutes})
    assert page.status_code == 200
    assert "Enter " in page.get_data(as_text=True)
