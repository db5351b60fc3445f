"""A person looks again at the education: when, who is told where that is late, and that no clock and no family is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import today as day
from ehe_portal.contact.queries import clock_of
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.models import EducationReview, Outcome
from ehe_portal.evidence.service import Criterion, Finding, Judged, Standing, all_satisfied
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Child
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
SUITABLE = Finding(Outcome.SUITABLE, "Lively.", criteria=all_satisfied(), other_grounds="A tutor’s report")
ADVICE = replace(SUITABLE, outcome=Outcome.ADVICE, advice="Try the library.")
UNCLEAR = tuple(
    replace(one, standing=Standing.UNCLEAR) if one.criterion is Criterion.EFFICIENT else one for one in all_satisfied()
)
ASKING = Finding(Outcome.INSUFFICIENT, "We cannot tell.", criteria=UNCLEAR, wanted="Some writing")


def decide(village: Village, work: Work, finding: Finding = SUITABLE, child: str = "Ada") -> Any:
    return service.assess(work, village[child], finding)


def due(work: Work, village: Village, child: str = "Ada") -> date | None:
    review = queries.review_of(work, village[child])
    return review.due_on if review else None


def on_the_day(work: Work, whose: int | None) -> dict[str, Any]:
    return {one.kind.key: one for one in day.day(day.desk(work, whose), day.kinds_of(work))}


def mails(work: Work) -> list[tuple[str, dict[str, Any]]]:
    found = select(OutgoingMessage).where(OutgoingMessage.template == "reviews-late").order_by(OutgoingMessage.id)
    return [(one.to_address, one.context) for one in work.session.scalars(found)]


@pytest.mark.parametrize(
    ("outcome", "stood_on", "expected"),
    [
        (Outcome.SUITABLE, date(2026, 3, 12), date(2027, 3, 12)),
        (Outcome.SUITABLE, date(2026, 3, 13), date(2027, 3, 15)),  # a Saturday: the Monday after
        (Outcome.SUITABLE, date(2024, 2, 29), date(2025, 2, 28)),
        (Outcome.ADVICE, date(2026, 3, 12), date(2026, 9, 10)),
        (Outcome.UNSUITABLE, date(2026, 3, 12), date(2026, 4, 9)),
        (Outcome.INSUFFICIENT, date(2026, 3, 12), date(2026, 4, 16)),
        (Outcome.UNSUITABLE, date(2026, 3, 6), date(2026, 4, 7)),  # Good Friday: the Tuesday after Easter
    ],
)
def test_when_a_person_looks_again(outcome: Outcome, stood_on: date, expected: date) -> None:
    assert rules.review_on(outcome, stood_on, PolicyValues()) == expected


def test_the_authority_sets_the_interval(village: Village, work: Work, new_work: NewWork) -> None:
    values = replace(PolicyValues(), review_months_suitable=6, review_weeks_advice=6)
    set_values(work, village.authority.id, values, work.today)
    decide(village, new_work(village.adviser))
    assert due(new_work(), village) == date(2026, 9, 14)  # the 12th is a Saturday
    decide(village, new_work(village.adviser), ADVICE)
    assert due(new_work(), village) == date(2026, 4, 23)


def test_a_decision_ends_the_review_before_it_and_moves_no_clock(
    village: Village, work: Work, new_work: NewWork, clock: Any
) -> None:
    before = clock_of(work, village["Ada"].id)
    assert before is not None
    contact_due = before.due_on
    decide(village, new_work(village.adviser))
    clock.at += timedelta(days=400)
    decide(village, new_work(village.adviser))
    found = work.session.scalars(select(EducationReview).order_by(EducationReview.id)).all()
    assert [one.ended_at for one in found] == [clock.at, None]
    after = clock_of(new_work(), village["Ada"].id)
    assert after is not None
    assert after.due_on == contact_due


def test_what_waits_for_a_second_person_is_no_review_done(village: Village, new_work: NewWork) -> None:
    decide(village, new_work(village.adviser))
    sent = service.submit(new_work(village.parents["Ada"]), village["Ada"], "An hour a week.")
    against = Judged(Criterion.FULL_TIME, Standing.NOT_SATISFIED, "One hour", (sent.reference,))
    judged = tuple(against if one.criterion is Criterion.FULL_TIME else one for one in all_satisfied())
    waiting = decide(village, new_work(village.adviser), Finding(Outcome.UNSUITABLE, "So.", criteria=judged))
    assert due(new_work(), village) == date(2027, 3, 12)
    service.approve(new_work(village.staff[Role.EHE_MANAGER]), waiting)
    assert due(new_work(), village) == date(2026, 4, 9)


def test_it_is_on_the_advisers_day_when_it_is_due_and_on_the_childs_page(
    client_as: ClientAs, village: Village, new_work: NewWork, clock: Any
) -> None:
    decide(village, new_work(village.adviser))
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}").text
    assert "To be looked at again on <strong>12 March 2027</strong>" in page
    clock.at += timedelta(days=364)
    assert "review" not in on_the_day(new_work(village.adviser), village.adviser.id)
    clock.at += timedelta(days=1)
    waiting = on_the_day(new_work(village.adviser), village.adviser.id)["review"]
    assert [item.child_reference for item in waiting.items] == [village["Ada"].reference]
    assert waiting.items[0].detail == "Last decision: suitable, 12 March 2026"


def test_while_a_family_is_asked_nothing_else_is_due_and_once_withdrawn_it_is(
    village: Village, new_work: NewWork, clock: Any
) -> None:
    decide(village, new_work(village.adviser), ASKING)
    clock.at += timedelta(weeks=10)
    assert "review" not in on_the_day(new_work(village.adviser), village.adviser.id)
    work = new_work(village.adviser)
    (request,) = queries.open_requests(work, [village["Ada"].id])
    service.withdraw(work, request, "We met instead.")
    assert on_the_day(new_work(village.adviser), village.adviser.id)["review"].count == 1


def test_the_managers_are_told_once_and_the_family_never(village: Village, new_work: NewWork, clock: Any) -> None:
    """Due on 12 March 2027: 20 working days later is 13 April, as Easter lies between."""
    for name in ("Ada", "Cleo"):
        decide(village, new_work(village.adviser), child=name)

    def night() -> None:
        work = new_work()
        ids = list(work.session.scalars(queries.late_reviews(work)))
        service.report_late_reviews(work, ids)

    clock.at = clock.at.replace(year=2027, month=4, day=13)
    night()
    assert mails(new_work()) == []
    clock.at += timedelta(days=1)
    night()
    night()
    manager = village.staff[Role.EHE_MANAGER]
    assert mails(new_work()) == [(manager.email, {"how_many": 2})]
    assert "The managers were told on 14 April 2027" in (
        on_the_day(new_work(village.adviser), village.adviser.id)["review"].items[0].detail
    )
    sent = new_work().session.scalars(select(OutgoingMessage.to_address)).all()
    assert village.parents["Ada"].email not in sent[1:], "but for the decision itself"
    late = select(AuditEntry.child_id).where(AuditEntry.kind == "EducationReviewLate").order_by(AuditEntry.id)
    assert set(new_work().session.scalars(late)) == {village["Ada"].id, village["Cleo"].id}


def test_the_parent_reads_when_it_is_looked_at_again(client_as: ClientAs, village: Village, new_work: NewWork) -> None:
    decide(village, new_work(village.adviser))
    page = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text
    assert "Someone looks at this again around 12 March 2027" in page
    assert "asks nothing of you" in page
    assert "/complaints" in page


def test_two_decisions_stand_side_by_side(client_as: ClientAs, village: Village, new_work: NewWork, clock: Any) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.adviser)
    assert "will be shown here side by side" in client.get(f"{base}/compare").text
    sent = service.submit(new_work(village.parents["Ada"]), village["Ada"], "We read about owls.")
    first = Finding(Outcome.SUITABLE, "Owls.", criteria=all_satisfied(evidence=[sent.reference]))
    decide(village, new_work(village.adviser), first)
    clock.at += timedelta(days=360)
    decide(village, new_work(village.adviser), ASKING)
    page = client.get(f"{base}/compare").text
    for words in ("7 March 2027: not enough information yet", "12 March 2026: suitable", "What was sent on 12 March",
                  "We read about owls.", "We cannot tell."):  # fmt: skip
        assert words in page
    assert "Compare with the last decision, 7 March 2027" in client.get(f"{base}/assess").text


@pytest.mark.parametrize("status", [SenStatus.SUPPORT, SenStatus.EHCP])
def test_where_needs_are_on_record_nobody_says_that_none_are_known(
    client_as: ClientAs, village: Village, new_work: NewWork, status: SenStatus
) -> None:
    work = new_work(village.adviser)
    work.session.get_one(Child, village["Ada"].id).sen_status = status
    work.session.flush()
    with pytest.raises(Refusal) as refused:
        service.assess(work, work.session.get_one(Child, village["Ada"].id), SUITABLE)
    assert refused.value.field == "special_needs"
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence/assess").text
    assert "no special educational needs are known" not in page
    judged = all_satisfied(needs=True)
    service.assess(work, work.session.get_one(Child, village["Ada"].id), replace(SUITABLE, criteria=judged))
