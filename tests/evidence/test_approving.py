"""A second person approves what appears unsuitable: until then it does not stand, and the family sees nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import today as day
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, service
from ehe_portal.evidence.models import Assessment, DecisionState, Evidence, Outcome
from ehe_portal.evidence.rules import needs_approval
from ehe_portal.evidence.service import Criterion, Finding, Judged, Standing, all_satisfied
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from tests.casefile.test_stops import as_the_family_sees_it
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]
REASONS = "One hour a week was described."


def unsuitable(sent: Evidence) -> Finding:
    """What appears unsuitable, from what was sent."""
    fine = all_satisfied(evidence=[sent.reference])
    against = Judged(Criterion.FULL_TIME, Standing.NOT_SATISFIED, "One hour a week", (sent.reference,))
    judged = tuple(against if one.criterion is Criterion.FULL_TIME else one for one in fine)
    return Finding(Outcome.UNSUITABLE, REASONS, criteria=judged)


@pytest.fixture
def sent(village: Village, new_work: NewWork) -> Evidence:
    return service.submit(new_work(village.parents["Ada"]), village["Ada"], "An hour a week.")


@pytest.fixture
def put_forward(village: Village, new_work: NewWork, sent: Evidence) -> Assessment:
    """The adviser has decided about Ada; it waits."""
    return service.assess(new_work(village.adviser), village["Ada"], unsuitable(sent))


def manager(village: Village) -> Account:
    return village.staff[Role.EHE_MANAGER]


def now(new_work: NewWork, assessment: Assessment) -> Assessment:
    """The decision as it stands in the database."""
    return new_work().session.get_one(Assessment, assessment.id)


def mails(work: Work) -> list[str]:
    found = select(OutgoingMessage.template).where(OutgoingMessage.template == "education-assessed")
    return list(work.session.scalars(found))


def on_the_day(work: Work, whose: int | None) -> dict[str, Any]:
    return {one.kind.key: one for one in day.day(day.desk(work, whose), day.kinds_of(work))}


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("people", [1, 2])
def test_only_what_appears_unsuitable_needs_a_second_person(outcome: Outcome, people: int) -> None:
    assert needs_approval(outcome, people) is (outcome is Outcome.UNSUITABLE and people == 2)


def test_it_waits_and_the_family_sees_nothing(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, sent: Evidence
) -> None:
    before = as_the_family_sees_it(village, client_as)
    service.assess(new_work(village.adviser), village["Ada"], unsuitable(sent))
    assert as_the_family_sees_it(village, client_as) == before
    assert mails(work) == []
    assert queries.latest_assessment(work, village["Ada"].id) is None
    assert queries.assessments(new_work(village.parents["Ada"]), village["Ada"].id) == []
    kinds = work.session.scalars(select(AuditEntry.kind)).all()
    assert "EducationPutForward" in kinds
    assert "EducationAssessed" not in kinds


def test_once_approved_it_stands_and_the_family_is_told(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, put_forward: Assessment, clock: Any
) -> None:
    clock.at += timedelta(days=2)
    service.approve(new_work(manager(village)), put_forward, "Agreed after reading it all.")
    decided = now(new_work, put_forward)
    assert (decided.state, decided.stands_since) == (DecisionState.STANDS, clock.at)
    assert mails(work) == ["education-assessed"]
    page = as_the_family_sees_it(village, client_as)[0]
    assert REASONS in page
    assert "at least 15 days to answer" in page
    assert "Agreed after reading" not in page
    staff = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence").text
    assert "Agreed after reading it all." in staff


def test_returned_it_never_stands_and_waits_to_be_looked_at_again(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, sent: Evidence, put_forward: Assessment
) -> None:
    service.return_it(new_work(manager(village)), put_forward, "Ask them about the clubs first.")
    assert now(new_work, put_forward).state is DecisionState.RETURNED
    assert new_work().session.get_one(Evidence, sent.id).decided_in_id is None
    assert mails(work) == []
    assert REASONS not in "".join(as_the_family_sees_it(village, client_as))
    waiting = on_the_day(new_work(village.adviser), village.adviser.id)
    assert waiting["returned"].count == waiting["evidence"].count == 1
    assert "Ask them about the clubs" in client_as(village.adviser).get(
        f"/children/{village['Ada'].reference}/evidence"
    ).text  # fmt: skip
    service.assess(new_work(village.adviser), village["Ada"], suitable(sent))
    assert "returned" not in on_the_day(new_work(village.adviser), village.adviser.id)


def suitable(sent: Evidence) -> Finding:
    return Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(evidence=[sent.reference]))


def test_reasons_are_needed_to_return_it(village: Village, new_work: NewWork, put_forward: Assessment) -> None:
    with pytest.raises(Refusal) as refused:
        service.return_it(new_work(manager(village)), put_forward, "  ")
    assert refused.value.field == "reasons"
    assert now(new_work, put_forward).state is DecisionState.WAITING


@pytest.mark.parametrize("answer", [service.approve, service.return_it])
def test_nobody_answers_their_own_decision(
    village: Village, new_work: NewWork, sent: Evidence, answer: Callable[..., None]
) -> None:
    boss = manager(village)
    own = service.assess(new_work(boss), village["Ada"], unsuitable(sent))
    with pytest.raises(Refusal, match="You decided this yourself"):
        answer(new_work(boss), own, "Because.")
    assert now(new_work, own).state is DecisionState.WAITING
    service.approve(new_work(village.staff[Role.HEAD_OF_SERVICE]), own)
    assert now(new_work, own).state is DecisionState.STANDS


def test_the_database_refuses_the_same_person_too(new_work: NewWork, put_forward: Assessment) -> None:
    work = new_work()
    decided = work.session.get_one(Assessment, put_forward.id)
    decided.answered_by_id = decided.decided_by_id
    with pytest.raises(IntegrityError, match="another_answers"):
        work.session.flush()
    work.session.rollback()


def test_only_those_who_may_answer(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, put_forward: Assessment
) -> None:
    colleague = an_account(work, village.authority, Role.ADVISER, "col@wessex.example", "Col Wessex")
    with pytest.raises(Refusal, match="Only managers"):
        service.approve(new_work(colleague), put_forward)
    url = f"/children/{village['Ada'].reference}/evidence/decisions/{put_forward.reference}/approve"
    for account in (colleague, village.staff[Role.CME_MANAGER], village.staff[Role.AUDITOR]):
        assert client_as(account).get(url).status_code == 403
    assert client_as(village.stranger[Role.EHE_MANAGER]).get(url).status_code == 404
    assert client_as(village.parents["Ada"]).get(url).status_code == 403


def test_of_two_who_answer_the_second_is_refused(
    village: Village, new_work: NewWork, put_forward: Assessment, work: Work
) -> None:
    service.approve(new_work(manager(village)), put_forward)
    for answer in (service.approve, service.return_it):
        with pytest.raises(Refusal, match="approved or returned already"):
            answer(new_work(village.staff[Role.HEAD_OF_SERVICE]), put_forward, "Because.")
    assert now(new_work, put_forward).answered_by_id == manager(village).id
    assert mails(work) == ["education-assessed"]


def test_nothing_else_is_decided_while_one_waits(
    village: Village, new_work: NewWork, sent: Evidence, put_forward: Assessment
) -> None:
    with pytest.raises(Refusal, match="waits for a second person"):
        service.assess(new_work(village.adviser), village["Ada"], suitable(sent))
    service.return_it(new_work(manager(village)), put_forward, "Ask again.")
    service.assess(new_work(village.adviser), village["Ada"], suitable(sent))


def test_an_authority_may_let_one_person_decide(
    village: Village, work: Work, new_work: NewWork, sent: Evidence
) -> None:
    set_values(work, village.authority.id, replace(PolicyValues(), unsuitable_people=1), work.today)
    decided = service.assess(new_work(village.adviser), village["Ada"], unsuitable(sent))
    assert decided.state is DecisionState.STANDS
    with pytest.raises(Refusal, match="from 1 to 2"):
        later = work.today + timedelta(days=1)
        set_values(work, village.authority.id, replace(PolicyValues(), unsuitable_people=3), later)


def test_it_stands_on_the_day_of_everyone_who_may_approve_but_the_decider(
    village: Village, work: Work, new_work: NewWork, sent: Evidence
) -> None:
    boss, head = manager(village), village.staff[Role.HEAD_OF_SERVICE]
    service.assess(new_work(boss), village["Ada"], unsuitable(sent))
    assert on_the_day(new_work(head), head.id)["approval"].items[0].child_name == "Ada Byrne"
    for whose in (boss.id, None):
        assert "approval" not in on_the_day(new_work(boss), whose)
    assert "approval" not in on_the_day(new_work(village.adviser), village.adviser.id)
    assert "approval" not in on_the_day(new_work(village.stranger[Role.EHE_MANAGER]), None)


def test_the_pages(client_as: ClientAs, village: Village, put_forward: Assessment) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    url = f"{base}/decisions/{put_forward.reference}/approve"
    own = client_as(village.adviser).get(base).text
    assert "Waits for a second person" in own
    assert "Approve or return it" not in own
    client = client_as(manager(village))
    assert "Approve or return it" in client.get(base).text
    page = client.get(url).text
    assert REASONS in page
    assert "An hour a week." in page
    missing = client.submit(url, {"verdict": "return", "reasons": ""}, "Save")
    assert "Enter why you return it" in missing.text
    assert client.submit(url, {"verdict": "approve"}, "Save").location == base
    assert client.get(url).location == base
