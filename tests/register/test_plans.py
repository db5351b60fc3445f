"""EHC plans: the last day by section 44, on whose day it stands, who is told; home education changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import today as day
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, DetailChange, EhcPlan
from ehe_portal.register.rules.plans import ending_problem, plan_problem, review_by, review_problem
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
MADE, HELD = date(2024, 5, 20), date(2025, 5, 14)
TODAY = date(2026, 3, 12)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("made_on", "reviewed_on", "by"),
    [
        # s.44(1)(a): in the period of 12 months starting with the date on which the plan was first made
        ("2025-03-12", None, "2026-03-11"),
        ("2025-01-01", None, "2025-12-31"),
        ("2024-02-29", None, "2025-02-28"),
        ("2023-03-01", None, "2024-02-29"),
        ("2023-02-28", None, "2024-02-27"),
        ("2025-08-31", None, "2026-08-30"),
        # s.44(1)(b): in each period of 12 months starting with the date on which it was last reviewed
        ("2024-05-20", "2025-05-14", "2026-05-13"),
    ],
)
def test_the_last_day_for_a_review(made_on: str, reviewed_on: str | None, by: str) -> None:
    assert review_by(d(made_on), d(reviewed_on) if reviewed_on else None) == d(by)


@pytest.mark.parametrize(
    ("made_on", "reviewed_on", "field"),
    [
        (MADE, None, None),
        (MADE, HELD, None),
        (TODAY, TODAY, None),
        (TODAY + timedelta(days=1), None, "made_on"),
        (date(2015, 5, 3), None, "made_on"),
        (MADE, MADE - timedelta(days=1), "reviewed_on"),
        (MADE, TODAY + timedelta(days=1), "reviewed_on"),
    ],
)
def test_which_dates_a_plan_can_have(made_on: date, reviewed_on: date | None, field: str | None) -> None:
    problem = plan_problem(made_on, reviewed_on, date(2015, 5, 4), TODAY)
    assert (problem.field if problem else None) == field


def test_which_days_a_review_or_an_end_can_have() -> None:
    assert review_problem(HELD, MADE, None, TODAY) is None
    assert review_problem(HELD, MADE, HELD, TODAY) is not None
    assert ending_problem(TODAY, MADE, TODAY) is None
    assert ending_problem(MADE - timedelta(days=1), MADE, TODAY) is not None
    assert ending_problem(TODAY + timedelta(days=1), MADE, TODAY) is not None


def plans_on_the_day(work: Work, whose: int | None) -> Any:
    found = {one.kind.key: one for one in day.day(day.desk(work, whose), day.kinds_of(work))}
    return [(one.child_reference, one.by, one.why) for one in found["plan"].items] if "plan" in found else []


def test_a_plan_is_written_down_and_a_review_moves_it_on(client_as: ClientAs, village: Village, work: Work) -> None:
    ada = f"/children/{village['Ada'].reference}"
    client = client_as(village.adviser)
    assert client.get(f"{ada}/plan/review").status_code == 404
    wrong = client.submit(f"{ada}/plan", {"made_on-day": "20", "made_on-month": "5", "made_on-year": "2027"})
    assert "Enter a date that is not in the future" in wrong.text
    filled = {"made_on-day": "20", "made_on-month": "5", "made_on-year": "2025"}
    assert client.submit(f"{ada}/plan", filled).location == ada
    page = client.get(ada).text
    assert "Annual review by 19 May 2026, in 68 days. Made 20 May 2025, not reviewed yet" in page
    held = {"reviewed_on-day": "10", "reviewed_on-month": "3", "reviewed_on-year": "2026"}
    assert client.submit(f"{ada}/plan/review", held).location == ada
    plan = work.session.scalars(select(EhcPlan)).one()
    assert (plan.reviewed_on, plan.due_on) == (date(2026, 3, 10), date(2027, 3, 9))
    ended = {"ended_on-day": "12", "ended_on-month": "3", "ended_on-year": "2026"}
    assert client.submit(f"{ada}/plan/ended", ended).location == ada
    assert "Not kept since 12 March 2026" in client.get(ada).text
    assert client.get(f"{ada}/plan/ended").status_code == 404


def test_the_record_says_that_the_child_has_a_plan(village: Village, new_work: Callable[..., Work]) -> None:
    work = new_work(village.adviser)
    service.record_plan(work, village["Ada"], MADE, None, 0)
    assert village["Ada"].sen_status is SenStatus.EHCP
    kept = work.session.scalars(select(DetailChange).where(DetailChange.child_id == village["Ada"].id)).one()
    assert kept.before == {"sen_status": SenStatus.UNKNOWN.value}
    with pytest.raises(ChangedMeanwhile):
        service.record_plan(work, village["Ada"], MADE, HELD, 0)
    with pytest.raises(Refusal):
        service.hold_review(work, village["Ben"], HELD, 0)


def test_it_is_on_the_advisers_day_eight_weeks_before_and_until_a_review_is_held(
    village: Village, new_work: Callable[..., Work], clock: Any
) -> None:
    plan = service.record_plan(new_work(village.adviser), village["Ada"], MADE, HELD, 0)
    assert plan.due_on == date(2026, 5, 13)
    adviser, ada = village.adviser, village["Ada"]
    clock.at = clock.at.replace(month=3, day=17)
    assert plans_on_the_day(new_work(adviser), adviser.id) == []
    clock.at += timedelta(days=1)  # eight weeks before
    expected = [(ada.reference, plan.due_on, "Annual review of the EHC plan")]
    assert plans_on_the_day(new_work(adviser), adviser.id) == expected
    clock.at = clock.at.replace(month=6, day=1)
    assert plans_on_the_day(new_work(village.staff[Role.EHE_MANAGER]), None) == expected
    service.hold_review(new_work(adviser), ada, date(2026, 5, 28), plan.version)
    assert plans_on_the_day(new_work(adviser), adviser.id) == []


def test_a_plan_of_which_nobody_knows_when_is_asked_for(village: Village, new_work: Callable[..., Work]) -> None:
    work = new_work(village.adviser)
    work.session.get_one(Child, village["Ben"].id).sen_status = SenStatus.EHCP
    work.session.flush()
    (found,) = plans_on_the_day(work, village.adviser.id)
    assert found[0] == village["Ben"].reference
    assert found[2] == "Write down when the EHC plan was made and last reviewed"


def test_the_managers_are_told_once_that_it_is_late(
    village: Village, new_work: Callable[..., Work], clock: Any
) -> None:
    plan = service.record_plan(new_work(village.adviser), village["Ada"], MADE, HELD, 0)
    service.record_plan(new_work(village.adviser), village["Hana"], MADE, HELD, 0)  # her episode is closed

    def told() -> list[tuple[str, Any]]:
        work = new_work()
        service.report_late_plans(work, list(work.session.scalars(queries.plans_late(work))))
        found = select(OutgoingMessage).where(OutgoingMessage.template == "plan-reviews-late")
        rows = new_work().session.scalars(found.order_by(OutgoingMessage.id))
        return [(one.to_address, one.context["how_many"]) for one in rows]

    manager = village.staff[Role.EHE_MANAGER].email
    clock.at = clock.at.replace(month=5, day=13)
    assert told() == []
    clock.at += timedelta(days=1)
    assert told() == [(manager, 1)]
    assert told() == [(manager, 1)]
    version = new_work().session.get_one(EhcPlan, plan.id).version
    service.hold_review(new_work(village.adviser), village["Ada"], date(2026, 5, 14), version)
    clock.at = clock.at.replace(year=2027, day=14)
    assert told() == [(manager, 1), (manager, 1)]


def test_only_those_who_change_a_record_change_its_plan(client_as: ClientAs, village: Village) -> None:
    url = f"/children/{village['Ada'].reference}/plan"
    for role in (Role.CME_OFFICER, Role.HEAD_OF_SERVICE, Role.AUDITOR):
        assert client_as(village.staff[role]).get(url).status_code == 403
    assert client_as(village.stranger[Role.ADVISER]).get(url).status_code == 404
