"""Cases under the Act of 2026, once it is in force for an authority: each route with its own clocks."""

from datetime import date

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.orders import service
from ehe_portal.orders.models import (
    Closing,
    Method,
    OrderCase,
    Route,
    StepCode,
    Whose,
)
from ehe_portal.orders.rules import Wanted
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, everyone, running, serve, take
from tests.village import Village

GROUND_A = {"grounds": "a", "appeared_on": "2026-03-11", "considered": "settings,home"}


@pytest.mark.usefixtures("law_to_come", "terms")
def test_a_whole_case_under_the_act_of_2026(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    child = village["Ada"]
    with pytest.raises(Refusal, match="is no ground"):
        service.begin(
            acting(manager), child, Route.ATTENDANCE,
            Wanted(StepCode.PRELIMINARY, "Why.", GROUND_A, everyone(child)),
        )  # fmt: skip
    decide(child)
    case = service.begin(
        acting(manager), child, Route.ATTENDANCE,
        Wanted(StepCode.PRELIMINARY, "Why.", GROUND_A, everyone(child)),
    )  # fmt: skip
    assert case.profile == "cnis2026"
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, date(2026, 3, 15))  # 5 days beginning with the 11th
    serve(acting(manager), case.taken[-1], Method.OTHER, NOON)
    assert (case.clock_whose, case.clock_on) == (Whose.PARENT, date(2026, 3, 26))
    with pytest.raises(Refusal, match=r"section 436H\(10\)\(c\) gives the family until the end of 26 March 2026"):
        take(acting(manager, date(2026, 3, 26)), case, StepCode.CONDITIONS_NOT_MET)
    take(acting(manager, date(2026, 3, 27)), case, StepCode.CONDITIONS_NOT_MET)
    take(acting(manager), case, StepCode.EXPEDIENT, plan="none", considered="settings,home,learning")
    assert case.clock_on == date(2026, 4, 10)  # 15 days from the day after the notice ended
    with pytest.raises(Refusal, match="one of the steps that may come next"):  # s.436N(1): consulted first
        take(acting(manager), case, StepCode.SCHOOL_DECISION, school="Elm School", excluded="no")
    take(acting(manager), case, StepCode.CONSULT, school="Elm School", excluded="no")
    assert case.clock_on == date(2026, 4, 10)
    told = take(acting(manager), case, StepCode.SCHOOL_DECISION, school="Elm School", excluded="no")
    serve(acting(manager), told, Method.ELECTRONIC, date(2026, 3, 27))
    # The last day of term, and the first of the ten; the next term begins on 13 April.
    assert (case.clock_whose, case.clock_on) == (Whose.SCHOOL, date(2026, 4, 23))
    with pytest.raises(Refusal, match="section 436N"):
        take(acting(manager, date(2026, 4, 23)), case, StepCode.NOMINATION, school="Elm School", excluded="no")
    nominated = take(acting(manager, date(2026, 4, 24)), case, StepCode.NOMINATION, school="Elm School", excluded="no")
    assert case.clock_on == date(2026, 4, 28)
    serve(acting(manager), nominated, Method.BY_HAND, date(2026, 4, 24))
    assert case.clock_on == date(2026, 5, 8)
    take(
        acting(manager, date(2026, 5, 11)), case, StepCode.DETERMINED, school="Elm School", excluded="no",
        determined_on="2026-05-10",
    )  # fmt: skip
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, date(2026, 5, 14))
    order = take(acting(manager), case, StepCode.ORDER, school="Elm School", excluded="no")
    assert len(order.sendings) == 2  # the parent, and the school's governors
    serve(acting(manager), order, Method.BY_HAND, date(2026, 5, 11))
    assert running(case) is None
    revoked = take(acting(manager, date(2026, 7, 1)), case, StepCode.REVOKE)
    serve(acting(manager), revoked, Method.BY_HAND, date(2026, 7, 1))
    assert (case.closing, running(case)) == (Closing.DONE, None)


@pytest.mark.usefixtures("law_to_come")
def test_without_a_school_calendar_no_day_is_guessed(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    child = village["Ada"]
    decide(child)
    case = service.begin(
        acting(manager), child, Route.ATTENDANCE,
        Wanted(StepCode.PRELIMINARY, "Why.", GROUND_A, everyone(child)),
    )  # fmt: skip
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    take(acting(manager, date(2026, 3, 27)), case, StepCode.CONDITIONS_NOT_MET)
    take(acting(manager), case, StepCode.EXPEDIENT, plan="none", considered="settings,home,learning")
    take(acting(manager), case, StepCode.CONSULT, school="Elm School", excluded="no")
    told = take(acting(manager), case, StepCode.SCHOOL_DECISION, school="Elm School", excluded="no")
    serve(acting(manager), told, Method.BY_HAND, date(2026, 3, 27))
    with pytest.raises(Refusal, match="Enter the school terms first"):
        take(acting(manager, date(2026, 6, 1)), case, StepCode.NOMINATION, school="Elm School", excluded="no")


@pytest.mark.usefixtures("law_to_come")
def test_consent_to_withdraw_is_not_decided_again_within_six_months(
    village: Village, acting: Acting, manager: Account
) -> None:
    """Section 434A."""
    child = village["Ada"]

    def apply(work: Work, on: str) -> OrderCase:
        said = {"condition": "a", "applied_on": on}
        return service.begin(work, child, Route.CONSENT, Wanted(StepCode.APPLICATION, "It came.", said))

    case = apply(acting(manager), "2026-03-10")
    refused = take(acting(manager), case, StepCode.REFUSE_CONSENT, refusal="no-arrangements")
    assert [one.parent_id is None for one in refused.sendings] == [False, True]
    assert case.closing is Closing.DONE
    with pytest.raises(Refusal, match=r"from 10 September 2026 on: section 434A\(12\) allows it once in 6 months"):
        apply(acting(manager, date(2026, 9, 9)), "2026-09-09")
    again = apply(acting(manager, date(2026, 9, 10)), "2026-09-10")
    assert again.id != case.id
    take(acting(manager), again, StepCode.CONSENT)
    # Only a refusal lets six months go by (s.434A(12)): after consent there is a decision without undue delay.
    assert apply(acting(manager, date(2026, 10, 1)), "2026-10-01").ended_at is None


@pytest.mark.usefixtures("law_to_come")
def test_information_is_not_asked_for_more_often_than_every_three_months(
    village: Village, acting: Acting, manager: Account
) -> None:
    """Section 436D."""
    child = village["Ada"]

    def ask(work: Work) -> OrderCase:
        return service.begin(
            work, child, Route.INFORMATION, Wanted(StepCode.REQUEST, "To update it.", {}, everyone(child))
        )

    case = ask(acting(manager))
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    assert case.clock_on == date(2026, 3, 26)
    take(acting(manager, date(2026, 3, 20)), case, StepCode.GIVEN)
    with pytest.raises(Refusal, match="from 12 June 2026 on: section 436D"):
        ask(acting(manager, date(2026, 6, 11)))
    assert ask(acting(manager, date(2026, 6, 12))).id != case.id
