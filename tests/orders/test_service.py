"""Cases from their first step to their last, under either law: who may, what rests on what, on which days."""

from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.codes import Destination, SenStatus
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Outcome
from ehe_portal.orders import queries, service
from ehe_portal.orders.models import (
    Closing,
    Method,
    OrderCase,
    OrderStep,
    Route,
    StepCode,
    StepState,
    Whose,
)
from ehe_portal.orders.rules import Wanted
from ehe_portal.orders.service import Serving
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child, Parent
from tests.orders.conftest import Acting, Decide
from tests.village import Village

NOON = date(2026, 3, 12)


def everyone(child: Child) -> tuple[str, ...]:
    return tuple(one.reference for one in child.carers)


def begin(work: Work, child: Child, **said: str) -> OrderCase:
    return service.begin(work, child, Route.ATTENDANCE, Wanted(StepCode.NOTICE, "What we saw.", said, everyone(child)))


def take(work: Work, case: OrderCase, code: StepCode, **said: str) -> OrderStep:
    return service.put_down(work, case, Wanted(code, "For these reasons.", said, everyone(case.child)), case.version)


def running(case: OrderCase) -> date | None:
    """The last day that is waited for."""
    return case.clock_on


def serve(work: Work, step: OrderStep, method: Method, on: date) -> None:
    for one in step.sendings:
        if one.struck_out_at is None and one.served_on is None:
            service.serve(work, one, Serving(method, on, "Receipt 1"))


def second_parent(work: Work, child: Child) -> Parent:
    other = Parent(authority_id=child.authority_id, child_id=child.id, position=2, name="Oz Byrne")
    work.session.add(other)
    work.session.flush()
    work.session.expire(child, ["parents"])
    return other


# On what a case rests


def test_silence_and_an_unwanted_visit_begin_nothing(village: Village, acting: Acting, manager: Account) -> None:
    """Cleo's family has not been heard of for long, and nobody has decided about the education."""
    with pytest.raises(Refusal, match="silence, or a visit that was not wanted, is no ground"):
        begin(acting(manager), village["Cleo"])


@pytest.mark.parametrize("outcome", [Outcome.SUITABLE, Outcome.ADVICE, Outcome.INSUFFICIENT])
def test_another_decision_ends_what_a_notice_can_rest_on(
    village: Village, acting: Acting, manager: Account, decide: Decide, outcome: Outcome
) -> None:
    decide(village["Ada"])
    decide(village["Ada"], outcome)
    with pytest.raises(Refusal, match="silence"):
        begin(acting(manager), village["Ada"])


def test_a_case_is_stamped_with_the_law_and_the_decision(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    found = decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    assert (case.profile, case.assessment_id, case.begun_by_id) == ("ea1996", found.id, manager.id)
    assert case.taken[0].state is StepState.TAKEN
    assert [one.parent_id for one in case.taken[0].sendings] == [village["Ada"].carers[0].id]
    with pytest.raises(Refusal, match="there is one about this child already"):
        begin(acting(manager), village["Ada"])


@pytest.mark.parametrize("route", [Route.CONSENT, Route.INFORMATION])
def test_the_law_to_come_is_out_of_reach_until_it_is_in_force(
    village: Village, acting: Acting, manager: Account, route: Route
) -> None:
    wanted = Wanted(StepCode.REQUEST, "Why.", {}, everyone(village["Ada"]))
    with pytest.raises(Refusal, match="the law in force does not have this one"):
        service.begin(acting(manager), village["Ada"], route, wanted)


def test_a_closed_episode_begins_nothing(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    closed = next(child for child in village.children.values() if child.episode and not child.episode.is_open)
    decide(closed)
    with pytest.raises(Refusal, match="closed"):
        begin(acting(manager), closed)


def test_what_was_put_forward_is_not_taken_once_the_episode_has_closed(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    """The child went to school while the notice waited."""
    child = village["Ada"]
    decide(child)
    case = begin(acting(village.adviser), child)
    assert child.episode is not None
    child.episode.closed_on, child.episode.destination = NOON, Destination.SCHOOL
    acting(manager).session.flush()
    with pytest.raises(Refusal, match="episode: this child’s is closed"):
        service.issue(acting(manager), case.steps[0])
    service.return_step(acting(manager), case.steps[0], "At school now.")
    assert case.closing is Closing.WITHDRAWN


@pytest.mark.parametrize(
    ("starts", "ends"), [(date(2026, 3, 31), date(2037, 6, 26)), (date(2015, 3, 31), date(2026, 3, 11))]
)
def test_a_child_who_is_not_of_compulsory_school_age_is_in_no_case(
    village: Village, acting: Acting, manager: Account, decide: Decide, starts: date, ends: date
) -> None:
    decide(village["Ada"])
    village["Ada"].age_starts, village["Ada"].age_ends = starts, ends
    with pytest.raises(Refusal, match=r"of compulsory school age.*section 8"):
        begin(acting(manager), village["Ada"])


# Who


def test_an_adviser_puts_forward_and_a_manager_takes(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    adviser = acting(village.adviser)
    case = begin(adviser, village["Ada"])
    waiting = case.steps[0]
    assert (waiting.state, waiting.sendings, case.clock_on) == (StepState.PROPOSED, [], None)
    with pytest.raises(Refusal, match="Only EHE managers"):
        service.issue(adviser, waiting)
    with pytest.raises(Refusal, match="the step that waits first"):
        take(acting(manager), case, StepCode.SATISFIED)
    service.issue(acting(manager), waiting, "Agreed.")
    assert (waiting.state, waiting.taken_by_id, waiting.answer) == (StepState.TAKEN, manager.id, "Agreed.")
    assert len(waiting.sendings) == 1
    with pytest.raises(Refusal, match="already"):
        service.issue(acting(manager), waiting)


def test_what_is_returned_never_had_an_effect(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(village.adviser), village["Ada"])
    with pytest.raises(Refusal, match="Enter why"):
        service.return_step(acting(manager), case.steps[0], " ")
    service.return_step(acting(manager), case.steps[0], "Meet the family first.")
    assert (case.steps[0].state, case.closing) == (StepState.RETURNED, Closing.WITHDRAWN)
    assert begin(acting(manager), village["Ada"]).id != case.id


def test_a_step_that_waited_too_long_is_judged_on_the_day_on_which_it_is_taken(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(village.adviser), village["Ada"])
    decide(village["Ada"], Outcome.SUITABLE)
    with pytest.raises(Refusal, match="silence"):  # what it rested on no longer stands
        service.issue(acting(manager), case.steps[0])
    decide(village["Ada"])
    service.issue(acting(manager), case.steps[0])
    serve(acting(manager), case.steps[0], Method.BY_HAND, NOON)
    later = acting(village.adviser, date(2026, 3, 27))
    put_forward = take(later, case, StepCode.NOT_SATISFIED)
    with pytest.raises(Refusal, match="from 27 March 2026 on"):
        service.issue(acting(manager, date(2026, 3, 26)), put_forward)


def test_a_change_meanwhile_is_not_lost(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    with pytest.raises(ChangedMeanwhile):
        service.put_down(acting(manager), case, Wanted(StepCode.SATISFIED, "Why"), case.version + 1)
    with pytest.raises(ChangedMeanwhile):
        service.withdraw(acting(manager), case, "Why", case.version + 1)


# The whole of it, under the law in force


def test_a_whole_case_under_the_act_of_1996(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    child = village["Ada"]
    decide(child)
    case = begin(acting(manager), child)
    serve(acting(manager), case.taken[-1], Method.POST, NOON)  # a Thursday: it comes on Monday
    assert case.taken[-1].sendings[0].served_on == date(2026, 3, 16)
    assert (case.clock_whose, case.clock_on) == (Whose.PARENT, date(2026, 3, 30))
    with pytest.raises(Refusal, match=r"section 437\(2\) gives the family until the end of 30 March 2026"):
        take(acting(manager, date(2026, 3, 30)), case, StepCode.NOT_SATISFIED)
    take(acting(manager, date(2026, 3, 31)), case, StepCode.NOT_SATISFIED)
    with pytest.raises(Refusal, match="Choose one of the steps that may come next"):
        take(acting(manager), case, StepCode.ORDER)
    take(acting(manager), case, StepCode.EXPEDIENT, plan="none")
    take(acting(manager), case, StepCode.CONSULT, school="Elm School", excluded="no")
    with pytest.raises(Refusal, match="permanently excluded the child is never named"):
        take(acting(manager), case, StepCode.TELL_SCHOOL, school="Elm School", excluded="yes")
    told = take(acting(manager), case, StepCode.TELL_SCHOOL, school="Elm School", excluded="no")
    serve(acting(manager), told, Method.ELECTRONIC, date(2026, 3, 31))
    assert (case.clock_whose, case.clock_on) == (Whose.SCHOOL, date(2026, 4, 14))
    with pytest.raises(Refusal, match="section 439 gives the school until the end of 14 April 2026"):
        take(acting(manager, date(2026, 4, 14)), case, StepCode.INTENTION, school="Elm School", excluded="no")
    intention = take(
        acting(manager, date(2026, 4, 15)), case, StepCode.INTENTION, school="Elm School", excluded="no",
        alternatives="Oak School",
    )  # fmt: skip
    serve(acting(manager), intention, Method.BY_HAND, date(2026, 4, 15))
    assert case.clock_on == date(2026, 4, 29)
    with pytest.raises(Refusal, match="section 438"):
        take(acting(manager, date(2026, 4, 29)), case, StepCode.ORDER, school="Oak School", excluded="no")
    order = take(acting(manager, date(2026, 4, 30)), case, StepCode.ORDER, school="Oak School", excluded="no")
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, date(2026, 4, 30))  # it is still to be served
    serve(acting(manager), order, Method.LEFT, date(2026, 4, 30))
    assert running(case) is None
    take(acting(manager, date(2026, 6, 1)), case, StepCode.BREACH)
    with pytest.raises(Refusal, match="may come next"):
        take(acting(manager), case, StepCode.PROSECUTE)
    take(acting(manager), case, StepCode.SUPERVISION)
    take(acting(manager), case, StepCode.NO_PROSECUTION)
    revoked = take(acting(manager, date(2026, 6, 2)), case, StepCode.REVOKE)
    assert (case.closing, case.ended_by_id) == (Closing.DONE, manager.id)
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, date(2026, 6, 2))
    serve(acting(manager), revoked, Method.BY_HAND, date(2026, 6, 2))
    assert running(case) is None
    with pytest.raises(Refusal, match="over"):
        take(acting(manager), case, StepCode.AMEND)


def test_a_plan_that_names_a_school_leads_to_the_order_at_once(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    """Section 441."""
    child = village["Ada"]
    child.sen_status = SenStatus.EHCP
    decide(child)
    case = begin(acting(manager), child)
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    take(acting(manager, date(2026, 3, 27)), case, StepCode.NOT_SATISFIED)
    with pytest.raises(Refusal, match="says that there is one"):
        take(acting(manager), case, StepCode.EXPEDIENT, plan="none")
    take(acting(manager), case, StepCode.EXPEDIENT, plan="named")
    order = take(acting(manager), case, StepCode.ORDER, school="Elm School", excluded="no")
    serve(acting(manager), order, Method.BY_HAND, date(2026, 3, 27))
    with pytest.raises(Refusal, match="may come next"):
        take(acting(manager), case, StepCode.REVOKE)


def test_each_parent_has_their_own_last_day_and_the_latest_holds(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    child = village["Ada"]
    second_parent(work, child)
    decide(child)
    case = begin(acting(manager), child)
    first, second = case.taken[-1].sendings
    service.serve(acting(manager), first, Serving(Method.BY_HAND, NOON))
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, NOON)  # the other one is still to be served
    service.serve(acting(manager, date(2026, 3, 18)), second, Serving(Method.LEFT, date(2026, 3, 17)))
    assert (case.clock_whose, case.clock_on) == (Whose.PARENT, date(2026, 3, 31))
    days = [
        entry.details["last_on"]
        for entry in work.session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "DocumentServed").order_by(AuditEntry.id)
        )
    ]
    assert days == ["2026-03-26", "2026-03-31"]


# Ending it


def test_a_case_ends_at_any_time_with_reasons(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    take(acting(village.adviser), case, StepCode.SATISFIED)
    with pytest.raises(Refusal, match="Enter why"):
        service.withdraw(acting(manager), case, " ", case.version)
    service.withdraw(acting(manager), case, "The family moved away.", case.version)
    assert (case.closing, case.clock_on, case.proposed) == (Closing.WITHDRAWN, None, None)
    with pytest.raises(Refusal, match="over"):
        service.withdraw(acting(manager), case, "Again", case.version)


def test_to_be_satisfied_ends_it_before_the_last_day(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    take(acting(manager, date(2026, 3, 15)), case, StepCode.SATISFIED)
    assert (case.closing, running(case)) == (Closing.DONE, None)


# Records that were joined, and other authorities


def test_cases_follow_a_child_whose_records_were_joined(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    ada, ben = village["Ada"], village["Ben"]
    for child in (ada, ben):
        decide(child)
    ours, theirs = begin(acting(manager), ada), begin(acting(manager), ben)
    service.move_to_joined(
        acting(manager),
        [
            RecordsJoined(
                authority_id=ada.authority_id,
                child_id=ada.id,
                registration_id=None,
                account_id=None,
                duplicate_child_id=ben.id,
            )
        ],
    )
    assert {case.id for case in queries.cases_about(acting(manager), ada.id)} == {ours.id, theirs.id}
    work.session.refresh(theirs)
    assert (theirs.closing, ours.closing) == (Closing.WITHDRAWN, None)


def test_another_authority_finds_nothing(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    stranger = acting(village.stranger[Role.EHE_MANAGER])
    assert queries.cases_about(stranger, village["Ada"].id) == []
    assert queries.case_on(stranger, village["Ada"].reference, case.reference) is None
    assert queries.clocks(stranger, None, None) == ([], None)
    assert queries.finding_of(stranger, village["Ada"].id) is None


def test_the_audit_trail_has_codes_and_days_and_no_words(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.POST, NOON)
    kinds = ("OrderCaseBegun", "OrderStepTaken", "DocumentServed")
    entries = work.session.scalars(select(AuditEntry).where(AuditEntry.kind.in_(kinds)).order_by(AuditEntry.id)).all()
    assert [one.kind for one in entries] == list(kinds)
    told = " ".join(str(one.details) for one in entries)
    assert "2026-03-16" in told
    for word in ("What we saw", "Receipt", "Byrne"):
        assert word not in told
