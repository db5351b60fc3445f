"""The ladder's rules: which rung is due on which working day, over weekends, Easter and Christmas; who is told."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import SocialCare
from ehe_portal.escalation import rules
from ehe_portal.escalation.models import Rung, State
from ehe_portal.escalation.rules import Counts, Place, Step, Told

d = date.fromisoformat
COUNTS = Counts(manager=1, head=2, undecided=5, undecided_cp=1)


def place(alerted_on: str, state: State = State.RAISED, **more: Any) -> Place:
    return Place(
        **{
            "state": state,
            "alerted_on": d(alerted_on),
            "social_care": SocialCare.NONE,
            "next_on": None,
            "told": {},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("alerted_on", "manager", "head", "undecided", "undecided_cp"),
    [
        ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-16", "2026-03-10"),  # an ordinary Monday
        ("2026-03-13", "2026-03-16", "2026-03-17", "2026-03-20", "2026-03-16"),  # a Friday
        ("2026-03-14", "2026-03-16", "2026-03-17", "2026-03-20", "2026-03-16"),  # a Saturday
        ("2026-03-15", "2026-03-16", "2026-03-17", "2026-03-20", "2026-03-16"),  # a Sunday
        ("2026-04-02", "2026-04-07", "2026-04-08", "2026-04-13", "2026-04-07"),  # Maundy Thursday
        ("2026-04-04", "2026-04-07", "2026-04-08", "2026-04-13", "2026-04-07"),  # Easter Saturday
        ("2026-05-01", "2026-05-05", "2026-05-06", "2026-05-11", "2026-05-05"),  # before a bank holiday
        ("2026-12-23", "2026-12-24", "2026-12-29", "2027-01-04", "2026-12-24"),
        ("2026-12-24", "2026-12-29", "2026-12-30", "2027-01-05", "2026-12-29"),  # Boxing Day is kept on the Monday
        ("2026-12-25", "2026-12-29", "2026-12-30", "2027-01-05", "2026-12-29"),
        ("2026-12-31", "2027-01-04", "2027-01-05", "2027-01-08", "2027-01-04"),
    ],
)
def test_each_rung_is_so_many_working_days_after_the_alert(
    alerted_on: str, manager: str, head: str, undecided: str, undecided_cp: str
) -> None:
    raised = rules.coming(place(alerted_on), COUNTS)
    assert raised == [Step(d(manager), Rung.MANAGER), Step(d(head), Rung.HEAD)]
    acknowledged = place(alerted_on, State.ACKNOWLEDGED)
    assert rules.coming(acknowledged, COUNTS) == [Step(d(undecided), Rung.UNDECIDED)]
    protected = place(alerted_on, State.ACKNOWLEDGED, social_care=SocialCare.CP)
    assert rules.coming(protected, COUNTS) == [Step(d(undecided_cp), Rung.UNDECIDED)]


@pytest.mark.parametrize(
    ("told_on", "again"),
    [
        ("2026-12-23", "2026-12-24"),
        ("2026-12-24", "2026-12-29"),
        ("2026-12-26", "2026-12-29"),  # told late, on a Saturday
        ("2026-04-02", "2026-04-07"),
    ],
)
def test_the_head_of_service_is_told_again_each_working_day(told_on: str, again: str) -> None:
    told = {rung: Told(d("2026-03-02"), d(told_on)) for rung in (Rung.MANAGER, Rung.HEAD)}
    assert rules.coming(place("2026-02-25", told=told), COUNTS) == [Step(d(again), Rung.HEAD)]


@pytest.mark.parametrize(
    ("next_on", "past_on"),
    [("2026-03-12", "2026-03-13"), ("2026-03-13", "2026-03-16"), ("2026-12-24", "2026-12-29")],
)
@pytest.mark.parametrize("state", [State.TRIAGED, State.ENQUIRY])
def test_a_next_date_is_past_on_the_next_working_day(state: State, next_on: str, past_on: str) -> None:
    decided = place("2026-03-02", state, next_on=d(next_on))
    assert rules.coming(decided, COUNTS) == [Step(d(past_on), Rung.NEXT_DATE)]
    told = decided.after(Step(d(past_on), Rung.NEXT_DATE), d(past_on))
    assert rules.coming(told, COUNTS) == [], "told once of this date"
    later = place("2026-03-02", state, next_on=d(next_on) + timedelta(days=30), told=told.told)
    assert [step.rung for step in rules.coming(later, COUNTS)] == [Rung.NEXT_DATE], "another date is another matter"


def test_nothing_comes_of_what_is_closed() -> None:
    assert rules.coming(place("2026-03-02", State.CLOSED), COUNTS) == []


@pytest.mark.parametrize("weeks", [1, 5, 50])
def test_after_downtime_each_rung_is_told_once(weeks: int) -> None:
    raised, today = place("2026-03-02"), d("2026-03-02") + timedelta(weeks=weeks)
    steps = rules.due(raised, COUNTS, today)
    assert [step.rung for step in steps] == [Rung.MANAGER, Rung.HEAD]
    for step in steps:
        raised = raised.after(step, today)
    assert rules.due(raised, COUNTS, today) == []


@pytest.mark.parametrize(
    ("here", "everyone", "chosen"),
    [
        (["cme-manager", "head-of-service"], [], ["cme-manager"]),
        (["head-of-service"], ["cme-manager", "head-of-service"], ["head-of-service"]),
        ([], ["cme-manager", "head-of-service"], ["cme-manager"]),
        (["cme-manager", "cme-manager"], [], ["cme-manager", "cme-manager"]),
        ([], [], []),
    ],
)
def test_the_first_role_in_which_someone_is_at_work_is_told(
    here: list[str], everyone: list[str], chosen: list[str]
) -> None:
    def people(roles: list[str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(role=Role(role)) for role in roles]

    found = rules.whom((Role.CME_MANAGER, Role.HEAD_OF_SERVICE), people(here), people(everyone))
    assert [one.role.value for one in found] == chosen
