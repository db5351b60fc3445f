"""Whom the ladder tells where people are away or have left, and of an escalation whose owner is not at work."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation import service
from ehe_portal.escalation.models import Escalation, Rung
from tests.conftest import Clock
from tests.escalation.climbing import Heard, Lapse, Run, acting, away, decided, gone, rung_rows
from tests.village import Village, an_account


@pytest.mark.parametrize(
    ("missing", "on_leave", "expected", "at_work"),
    [
        ([], [], ["cme-manager"], 1),
        ([], [Role.CME_MANAGER], ["head-of-service"], 1),
        ([Role.CME_MANAGER], [], ["head-of-service"], 1),
        ([], [Role.CME_MANAGER, Role.HEAD_OF_SERVICE], ["cme-manager"], 0),
        ([Role.CME_MANAGER], [Role.HEAD_OF_SERVICE], ["head-of-service"], 0),
        ([Role.CME_MANAGER, Role.HEAD_OF_SERVICE], [], [], 0),
    ],
)
def test_the_next_higher_person_is_told_and_that_nobody_is_at_work_is_kept(
    work: Work, village: Village, raised: Escalation, run: Run, told: Heard,
    missing: list[Role], on_leave: list[Role], expected: list[str], at_work: int,
) -> None:  # fmt: skip
    gone(work, *(village.staff[role] for role in missing))
    for role in on_leave:
        away(work, village.staff[role], "2026-03-01")
    run("2026-03-13")
    assert [one[2] for one in told()] == expected
    assert rung_rows(work) == [("manager", 1, "2026-03-13", "2026-03-13", at_work)]
    assert raised.rung is Rung.MANAGER, "reached all the same"


def test_managers_of_another_authority_hear_nothing(work: Work, village: Village, lapse: Lapse, run: Run) -> None:
    lapse(village["Zoe"])
    run("2026-03-13")
    addresses = work.session.scalars(
        select(OutgoingMessage.to_address).where(OutgoingMessage.template == "escalation-rung")
    )
    assert list(addresses) == ["cme-manager@mercia.example"]


def test_of_an_owner_who_goes_away_the_manager_is_told_once(
    work: Work,
    new_work: Callable[..., Work],
    village: Village,
    clock: Clock,
    raised: Escalation,
    run: Run,
    told: Heard,
) -> None:
    second = an_account(work, village.authority, Role.CME_OFFICER, "second@wessex.example", "Second Officer")
    doing = acting(new_work, work, village.cme_officer, clock)
    service.triage(doing, raised, decided(village, "2026-04-30"), raised.version)
    away(work, village.cme_officer, "2026-03-16", "2026-03-20")
    for day in ("2026-03-13", "2026-03-16", "2026-03-17", "2026-03-20", "2026-03-23"):
        run(day)
        run(day)
    assert told() == [("2026-03-16", "absent", "cme-manager")]
    away(work, village.cme_officer, "2026-04-01", "2026-04-02")
    run("2026-04-01")
    assert told()[1:] == [("2026-04-01", "absent", "cme-manager")], "another absence"
    doing = acting(new_work, work, village.cme_officer, clock)
    away(work, second, "2026-04-01")
    service.triage(doing, raised, decided(village, "2026-04-30", second), raised.version)
    run("2026-04-02")
    assert told()[2:] == [("2026-04-02", "absent", "cme-manager")], "another person, away since the same day"


@pytest.mark.parametrize("acknowledged_only", [True, False])
def test_of_an_owner_who_left_the_manager_is_told_once(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, raised: Escalation, run: Run,
    told: Heard, acknowledged_only: bool,
) -> None:  # fmt: skip
    doing = acting(new_work, work, village.cme_officer, clock)
    if acknowledged_only:
        service.acknowledge(doing, raised)
    else:
        service.triage(doing, raised, decided(village, "2026-04-30"), raised.version)
    gone(work, village.cme_officer)
    for day in ("2026-03-13", "2026-03-16"):
        run(day)
    assert told() == [("2026-03-13", "absent", "cme-manager")]


@pytest.mark.parametrize("head_is_here", [True, False])
def test_a_manager_who_has_it_in_hand_and_goes_away_is_not_told_of_that(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, raised: Escalation, run: Run,
    told: Heard, head_is_here: bool,
) -> None:  # fmt: skip
    """The head of service is, here or away: it is never sent to nobody while there is somebody."""
    manager = village.staff[Role.CME_MANAGER]
    if not head_is_here:
        away(work, village.staff[Role.HEAD_OF_SERVICE], "2026-03-13")
    doing = acting(new_work, work, manager, clock)
    service.triage(doing, raised, decided(village, "2026-04-30", manager), raised.version)
    away(work, manager, "2026-03-13")
    run("2026-03-13")
    assert told() == [("2026-03-13", "absent", "head-of-service")]
