"""The ladder by itself: who is told on which day, each rung once, whatever runs twice. The village: 12 March 2026."""

from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.models import Escalation, EscalationRung, Rung, State
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from tests.conftest import Clock
from tests.escalation.climbing import Heard, Lapse, Run, acting, at, d, decided, rung_rows
from tests.escalation.conftest import DUE, about
from tests.village import Village, a_child


def test_unacknowledged_it_climbs_to_the_manager_then_daily_to_the_head_of_service(
    raised: Escalation, run: Run, told: Heard
) -> None:
    for day in ("2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16", "2026-03-17", "2026-03-18"):
        run(day)
        run(day)  # whatever runs twice
    assert told() == [
        ("2026-03-13", "manager", "cme-manager"),
        ("2026-03-16", "head", "head-of-service"),
        ("2026-03-17", "head", "head-of-service"),
        ("2026-03-18", "head", "head-of-service"),
    ]
    assert (raised.rung, raised.next_rung_on) == (Rung.HEAD, d("2026-03-19"))


def test_a_run_that_changes_nothing_writes_nothing(
    work: Work, raised: Escalation, run: Run, happened: Callable[[], list[str]]
) -> None:
    run("2026-03-13")
    before, rows = happened(), rung_rows(work)
    version = raised.version
    run("2026-03-13")
    assert (happened(), rung_rows(work)) == (before, rows)
    assert before == ["EscalationRaised", "EscalationRungReached"]
    assert raised.version == version, "an officer who has it open is not turned away"


def test_what_was_missed_is_told_once_and_late(work: Work, raised: Escalation, run: Run, told: Heard) -> None:
    run("2026-06-01")
    run("2026-06-01")
    assert told() == [
        ("2026-06-01", "manager", "cme-manager"),
        ("2026-06-01", "head", "head-of-service"),
    ]
    assert rung_rows(work) == [
        ("manager", 1, "2026-03-13", "2026-06-01", 1),
        ("head", 1, "2026-03-16", "2026-06-01", 1),
    ]
    run("2026-06-02")
    assert told()[2:] == [("2026-06-02", "head", "head-of-service")]


def test_a_broken_run_leaves_nothing_and_is_made_up_for(
    work: Work, raised: Escalation, run: Run, told: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise OSError("the machine goes down")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "put", dies)
        with pytest.raises(AssertionError):
            run("2026-03-13", "climb-ladders")
    work.session.expire_all()
    assert (told(), rung_rows(work), raised.rung) == ([], [], Rung.RAISED)
    run("2026-03-13", "climb-ladders-again")
    assert told() == [("2026-03-13", "manager", "cme-manager")]


def test_the_database_allows_no_rung_twice(work: Work, raised: Escalation, village: Village) -> None:
    about_it: dict[str, Any] = {
        "authority_id": raised.authority_id,
        "escalation_id": raised.id,
        "alert": 1,
        "due_on": d("2026-03-13"),
        "told_on": work.today,
        "at_work": 1,
    }
    person = {"rung": Rung.ABSENT, "person_id": village.cme_officer.id}
    for more in ({"rung": Rung.MANAGER}, person):
        work.session.add(EscalationRung(**about_it, **more))
        work.session.flush()
        with pytest.raises(IntegrityError), work.session.begin_nested():
            work.session.add(EscalationRung(**about_it, **more))
    for broken in (
        {"rung": Rung.RAISED},
        {"rung": Rung.ANSWERED},
        {"rung": Rung.ABSENT},
        {**person, "rung": Rung.HEAD},
    ):
        with pytest.raises(IntegrityError), work.session.begin_nested():
            work.session.add(EscalationRung(**{**about_it, "due_on": d("2026-03-20")}, **broken))


def test_acknowledged_without_a_decision_the_manager_is_told_once(
    work: Work,
    new_work: Callable[..., Work],
    village: Village,
    clock: Clock,
    raised: Escalation,
    run: Run,
    told: Heard,
) -> None:
    service.acknowledge(acting(new_work, work, village.cme_officer, clock), raised)
    assert raised.next_rung_on == d("2026-03-19"), "five working days after Thursday 12 March"
    for day in ("2026-03-13", "2026-03-16", "2026-03-18", "2026-03-19", "2026-03-20", "2026-04-20"):
        run(day)
    assert told() == [("2026-03-19", "undecided", "cme-manager")]
    assert raised.rung is Rung.UNDECIDED
    assert raised.next_rung_on is None


def test_with_a_protection_plan_the_decision_is_due_in_one_day(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, lapse: Lapse, run: Run, told: Heard
) -> None:
    lapse(village["Esi"])
    (raised,) = work.session.scalars(select(Escalation))
    service.acknowledge(acting(new_work, work, village.cme_officer, clock), raised)
    run("2026-03-13")
    assert told() == [("2026-03-13", "undecided", "cme-manager")]


def test_a_plan_made_while_it_is_open_shortens_the_wait(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, raised: Escalation
) -> None:
    from ehe_portal.core.codes import Tier

    service.acknowledge(acting(new_work, work, village.cme_officer, clock), raised)
    register.set_tier(work, village["Ben"].episodes[0], Tier.CLOSE, SocialCare.CP)
    assert (raised.social_care, raised.next_rung_on) == (SocialCare.CP, d("2026-03-13"))


def test_a_decision_in_time_ends_the_telling_until_its_next_date_is_past(
    work: Work,
    new_work: Callable[..., Work],
    village: Village,
    clock: Clock,
    raised: Escalation,
    run: Run,
    told: Heard,
) -> None:
    doing = acting(new_work, work, village.cme_officer, clock)
    service.triage(doing, raised, decided(village, "2026-03-20"), raised.version)
    for day in ("2026-03-13", "2026-03-19", "2026-03-20", "2026-03-21", "2026-03-23", "2026-03-24", "2026-04-24"):
        run(day)
    assert told() == [("2026-03-23", "next-date", "cme-officer"), ("2026-03-23", "next-date", "cme-manager")]
    clock.at = at("2026-04-24")
    doing = acting(new_work, work, village.cme_officer, clock)
    service.triage(doing, raised, decided(village, "2026-04-30"), raised.version)
    assert (raised.rung, raised.next_rung_on) == (Rung.ANSWERED, d("2026-05-01"))
    run("2026-05-01")
    assert [one[0] for one in told()[2:]] == ["2026-05-01", "2026-05-01"], "a new date is told of anew"


def test_an_owner_who_is_the_manager_is_told_once(
    work: Work,
    new_work: Callable[..., Work],
    village: Village,
    clock: Clock,
    raised: Escalation,
    run: Run,
    told: Heard,
) -> None:
    manager = village.staff[Role.CME_MANAGER]
    doing = acting(new_work, work, manager, clock)
    service.triage(doing, raised, decided(village, "2026-03-13", manager), raised.version)
    run("2026-03-16")
    assert told() == [("2026-03-16", "next-date", "cme-manager")]


def test_an_acknowledgement_stops_the_climb(
    work: Work,
    new_work: Callable[..., Work],
    village: Village,
    clock: Clock,
    raised: Escalation,
    run: Run,
    told: Heard,
) -> None:
    run("2026-03-13")
    run("2026-03-16")
    assert raised.rung.value == "head"
    service.acknowledge(acting(new_work, work, village.cme_officer, clock), raised)
    assert raised.rung is Rung.ANSWERED, "nobody above waits for an answer now"
    run("2026-03-17")
    run("2026-03-18")
    assert [one[1] for one in told()] == ["manager", "head"]


def test_what_is_closed_climbs_no_more(work: Work, village: Village, raised: Escalation, run: Run, told: Heard) -> None:
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    assert raised.next_rung_on is None
    run("2026-06-01")
    assert told() == []


def test_reopened_it_begins_anew(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, raised: Escalation, lapse: Lapse,
    run: Run, told: Heard,
) -> None:  # fmt: skip
    run("2026-03-13")
    run("2026-03-16")
    doing = acting(new_work, work, village.cme_officer, clock)
    service.triage(doing, raised, decided(village, "2026-03-20"), raised.version)
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    work.at = clock.at = at("2026-03-18")
    lapse(village["Ben"])
    assert (raised.state, raised.alerts, raised.alerted_on) == (State.RAISED, 2, d("2026-03-18"))
    assert (raised.owner_id, raised.next_on, raised.acknowledged_by_id) == (None, None, None), "nobody has it in hand"
    assert (raised.rung, raised.next_rung_on) == (Rung.RAISED, d("2026-03-19"))
    run("2026-03-19")
    run("2026-03-20")
    assert told()[2:] == [
        ("2026-03-19", "manager", "cme-manager"),
        ("2026-03-20", "head", "head-of-service"),
    ]
    assert [row[:2] for row in rung_rows(work)] == [("manager", 1), ("head", 1), ("manager", 2), ("head", 2)]


# Values, and speed


def test_the_counts_are_the_authoritys_own_as_they_held_on_the_day_of_the_alert(
    work: Work, village: Village, lapse: Lapse, clock: Clock
) -> None:
    lapse(village["Ben"])
    values = PolicyValues(unacknowledged_manager_days=3, unacknowledged_head_days=6, undecided_days=8)
    set_values(work, village.authority.id, values, d("2026-03-16"))
    work.at = clock.at = at("2026-03-16")
    lapse(village["Cleo"])
    found = work.session.scalars(select(Escalation).order_by(Escalation.id)).all()
    assert [one.next_rung_on for one in found] == [d("2026-03-13"), d("2026-03-19")]
    steps = service.Ladders(work).coming(found[1], {})
    assert [(one.rung, one.on) for one in steps] == [(Rung.MANAGER, d("2026-03-19")), (Rung.HEAD, d("2026-03-24"))]
    earlier = service.Ladders(work).coming(found[0], {})
    assert [(one.rung, one.on) for one in earlier] == [(Rung.MANAGER, d("2026-03-13")), (Rung.HEAD, d("2026-03-16"))]


def test_a_run_takes_as_many_statements_for_many_as_for_a_few(
    work: Work, village: Village, lapse: Lapse, clock: Clock
) -> None:
    children = [
        a_child(work, village.authority, f"N{n}", "Quiet", date(2014, 1, 1), date(2025, 1, 6)) for n in range(18)
    ]
    lapse(*children)
    work.at = clock.at = at("2026-03-13")
    ids: Sequence[int] = work.session.scalars(queries.ladder_due(work)).all()
    assert len(ids) == 18
    counted: list[int] = []

    def count(*_: object) -> None:
        counted[-1] += 1

    event.listen(work.session.get_bind(), "before_cursor_execute", count)
    try:
        for some in (ids[:3], ids[3:]):
            counted.append(0)
            service.climb(work, some)
    finally:
        event.remove(work.session.get_bind(), "before_cursor_execute", count)
    assert counted[1] <= counted[0] < 15
    assert work.session.scalar(select(func.count(EscalationRung.id))) == 18


def test_what_an_older_version_left_is_reckoned_without_telling_anyone(
    work: Work, new_work: Callable[..., Work], village: Village, clock: Clock, raised: Escalation, run: Run,
    told: Heard, happened: Callable[[], list[str]],
) -> None:  # fmt: skip
    doing = acting(new_work, work, village.cme_officer, clock)
    service.triage(doing, raised, decided(village, "2026-03-20"), raised.version)
    work.session.execute(update(Escalation).values(next_rung_on=raised.raised_on))
    run("2026-03-12")
    assert (told(), raised.next_rung_on) == ([], d("2026-03-23"))
    assert happened()[-1] == "EscalationLadderReckoned"
