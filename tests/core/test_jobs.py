"""Running jobs: batches, failures, claims, the lead, a clock that jumps. The jobs here mark authorities."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from ehe_portal.accounts.models import Authority
from ehe_portal.core import db, jobs
from ehe_portal.core.jobs import Daily, Every, Job, JobRun
from ehe_portal.core.jobs.claims import LEASE, ClaimLost, ClockJumped
from ehe_portal.core.jobs.leader import LEADS_FOR, Leadership
from ehe_portal.core.jobs.plan import Slot
from ehe_portal.core.jobs.runner import Outcome, Report
from ehe_portal.core.jobs.scheduler import Serving
from ehe_portal.core.jobs.standing import standing
from ehe_portal.core.presses import HandledForm
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests.conftest import Clock

SECRET = "Ada Byrne of Mill Lane"


class Failure(Exception):
    """What goes wrong in a case, with words that must not be kept."""


class Marking:
    """A job that leaves a mark for each authority in each run, and can be told to fail or to do something first."""

    def __init__(self, house: Portal, batch: int = 4) -> None:
        self.house = house
        self.broken: set[int] = set()
        self.first: Callable[[Sequence[int]], None] = lambda _: None
        self.rounds: list[list[int]] = []
        self.job = Job(
            "marking", lambda _: select(Authority.id).order_by(Authority.id), self.mark, Daily(time(5)), batch
        )

    def mark(self, work: Work, ids: Sequence[int]) -> None:
        self.rounds.append(list(ids))
        self.first(ids)
        rows = [{"once": f"{len(self.rounds)}-{one}", "location": str(one), "at": work.at} for one in ids]
        work.session.execute(insert(HandledForm), rows)
        if self.broken & set(ids):
            raise Failure(SECRET)

    def run(self, slot: str | None = None) -> Report:
        return jobs.run(self.job, self.house, slot)


@pytest.fixture
def ids(work: Work) -> list[int]:
    """Ten authorities."""
    added = [Authority(code=f"A{number}", name="Somewhere", created_at=work.at) for number in range(10)]
    work.session.add_all(added)
    work.session.flush()
    return [one.id for one in added]


@pytest.fixture
def marking(house: Portal, clock: Clock, ids: list[int]) -> Marking:
    return Marking(house)


def marked() -> list[int]:
    with db.new_session(writing=False) as session:
        return sorted(int(place) for place in session.scalars(select(HandledForm.location)))


def runs() -> Sequence[JobRun]:
    with db.new_session(writing=False) as session:
        return session.scalars(select(JobRun).order_by(JobRun.id).execution_options(populate_existing=True)).all()


def alter_last_run(**values: object) -> None:
    with db.new_session(writing=True) as session:
        last = session.scalar(select(func.max(JobRun.id)))
        session.execute(update(JobRun).where(JobRun.id == last).values(**values))
        session.commit()


# Batches and failures


def test_work_is_done_in_batches_and_counted(marking: Marking, ids: list[int]) -> None:
    report = marking.run()
    assert [len(ids) for ids in marking.rounds] == [4, 4, 2]
    assert (report.outcome, report.done, report.failed) == (Outcome.DONE, 10, 0)
    assert marked() == ids
    (row,) = runs()
    assert (row.slot, row.done, row.failed, row.problem) == (None, 10, 0, None)
    assert row.finished_at is not None


def test_what_is_broken_is_left_and_the_others_go_on(
    marking: Marking, ids: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    marking.broken = {ids[1], ids[9]}
    with caplog.at_level(logging.INFO):
        report = marking.run()
    assert marked() == sorted(set(ids) - marking.broken)
    assert (report.done, report.failed) == (8, 2)
    (row,) = runs()
    assert (row.done, row.failed) == (8, 2)
    assert row.finished_at is not None
    assert row.problem is not None
    assert row.problem.startswith("Failure, reference ")
    reference = row.problem.rpartition(" ")[2]
    assert reference in caplog.text
    assert f"case {ids[9]}" in caplog.text
    assert "at core/jobs/runner.py:" in caplog.text
    assert SECRET not in caplog.text + row.problem


def test_a_broken_finding_is_one_failure(marking: Marking, house: Portal) -> None:
    def broken(work: Work) -> None:
        raise Failure(SECRET)

    report = jobs.run(Job("broken", broken, marking.mark, Every(1)), house)  # type: ignore[arg-type]
    assert (report.done, report.failed) == (0, 1)
    assert runs()[-1].finished_at is not None


def test_stopping_finishes_the_batch_and_leaves_the_rest_to_the_next(
    marking: Marking, house: Portal, ids: list[int]
) -> None:
    stopped = jobs.run(marking.job, house, "2026-03-12", stopping=lambda: len(marking.rounds) == 2)
    assert (stopped.outcome, stopped.done) == (Outcome.STOPPED, 8)
    assert marked() == ids[:8]
    marking.job = Job("marking", lambda _: select(Authority.id).where(Authority.id > ids[7]), marking.mark, Every(1))
    assert marking.run("2026-03-12").outcome is Outcome.DONE
    assert marked() == ids
    assert [run.fence for run in runs()] == [2]


# Claims


def test_a_slot_is_run_once_and_by_hand_as_often_as_asked(marking: Marking, ids: list[int]) -> None:
    assert marking.run("2026-03-12").outcome is Outcome.DONE
    assert marking.run("2026-03-12").outcome is Outcome.NOT_OURS
    assert marked() == ids
    assert [marking.run().outcome for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    assert len(marked()) == 30


def test_an_unfinished_claim_is_taken_over_when_it_has_run_out(marking: Marking, clock: Clock, ids: list[int]) -> None:
    marking.run("2026-03-12")
    alter_last_run(finished_at=None, leased_until=clock.at + LEASE)
    assert marking.run("2026-03-12").outcome is Outcome.NOT_OURS
    clock.at += LEASE
    assert marking.run("2026-03-12").outcome is Outcome.DONE
    assert [run.fence for run in runs()] == [2]


def test_a_claim_is_renewed_with_every_batch(marking: Marking, clock: Clock) -> None:
    seen = []

    def work_long(_: Sequence[int]) -> None:
        seen.append(runs()[-1].leased_until)
        clock.at += timedelta(minutes=9)

    marking.first = work_long
    assert marking.run("2026-03-12").done == 10
    assert [later - earlier for earlier, later in pairwise(seen)] == [timedelta(minutes=9)] * 2


def test_a_holder_who_was_thought_dead_keeps_nothing(marking: Marking, ids: list[int]) -> None:
    """The fence is checked in the transaction of the batch: what was done meanwhile is rolled back."""

    def taken_over(batch: Sequence[int]) -> None:
        if batch[0] == ids[4]:
            alter_last_run(fence=7)

    marking.first = taken_over
    with pytest.raises(ClaimLost):
        marking.run("2026-03-12")
    assert marked() == ids[:4]


# A clock that jumps


def test_a_clock_before_the_last_run_is_refused_until_someone_says_it_is_right(marking: Marking, clock: Clock) -> None:
    marking.run("2026-03-12")
    clock.at -= timedelta(hours=1)
    with pytest.raises(ClockJumped, match="flask jobs run marking"):
        marking.run("2026-03-12")
    with pytest.raises(ClockJumped):
        marking.run("2026-03-11")
    assert len(marked()) == 10
    assert marking.run().outcome is Outcome.DONE
    assert marking.run("2026-03-11").outcome is Outcome.DONE


def test_a_slot_that_was_run_by_a_clock_far_ahead_is_run_again_when_its_day_comes(
    marking: Marking, clock: Clock
) -> None:
    now = clock.at
    clock.at = now + timedelta(days=20)
    marking.run("2026-04-01")
    clock.at = now
    marking.run()  # the clock has been put right
    clock.at = now + timedelta(days=19, hours=17)
    assert marking.run("2026-04-01").outcome is Outcome.DONE


def test_two_machines_need_not_agree_to_the_second(marking: Marking, clock: Clock) -> None:
    marking.run("2026-03-12T12:00Z")
    clock.at -= timedelta(minutes=4)
    assert marking.run("2026-03-12T11:56Z").outcome is Outcome.DONE


def test_a_clock_a_year_ahead_alerts_nobody(marking: Marking, clock: Clock) -> None:
    marking.run("2026-03-12")
    clock.at += timedelta(days=365)
    with pytest.raises(ClockJumped, match="If the clock is right"):
        marking.run("2027-03-12")
    assert len(marked()) == 10


# The lead


def test_one_leads_and_another_takes_over_when_it_is_silent(app: Flask, clock: Clock) -> None:
    one, other = Leadership(), Leadership()
    assert one.keep(clock.at)
    assert not other.keep(clock.at)
    clock.at += LEADS_FOR - timedelta(seconds=1)
    assert one.keep(clock.at)
    assert not other.keep(clock.at)
    clock.at += LEADS_FOR
    assert not one.is_ours(clock.at)
    assert other.keep(clock.at)
    assert not one.keep(clock.at)


def test_who_resigns_is_followed_at_once(app: Flask, clock: Clock) -> None:
    one, other = Leadership(), Leadership()
    assert one.keep(clock.at)
    one.resign(clock.at)
    assert other.keep(clock.at)


def test_a_lease_from_a_clock_far_ahead_holds_nobody_back(app: Flask, clock: Clock) -> None:
    one, other = Leadership(), Leadership()
    assert one.keep(clock.at + timedelta(hours=1))
    assert other.keep(clock.at)


def test_a_new_leader_need_not_wait_for_what_the_last_one_left(marking: Marking, clock: Clock, app: Flask) -> None:
    marking.run("2026-03-12")
    alter_last_run(finished_at=None, leased_until=clock.at + LEASE)
    Leadership().keep(clock.at)
    assert marking.run("2026-03-12").outcome is Outcome.DONE


# Ticking


@pytest.fixture
def serving(app: Flask, house: Portal, marking: Marking) -> Serving:
    return Serving(app, house, [marking.job])


def ticks(serving: Serving, clock: Clock, until: datetime, step: timedelta) -> None:
    while clock.at < until:
        serving.renew()
        serving.tick(serving.jobs[0])
        clock.at += step


@pytest.mark.parametrize(
    ("start", "days"),
    [(datetime(2026, 10, 23, 12, tzinfo=UTC), 5), (datetime(2027, 3, 26, 12, tzinfo=UTC), 5)],
    ids=["the clocks go back", "the clocks go forward"],
)
def test_each_london_day_is_run_once(
    serving: Serving, marking: Marking, clock: Clock, start: datetime, days: int
) -> None:
    clock.at = start
    ticks(serving, clock, start + timedelta(days=days), timedelta(minutes=30))
    slots = [run.slot for run in runs()]
    assert slots == [(start.date() + timedelta(days=day)).isoformat() for day in range(days + 1)]
    assert all(run.done == 10 for run in runs())


def test_after_ten_days_without_a_process_there_is_one_run_at_once(
    serving: Serving, marking: Marking, clock: Clock
) -> None:
    ticks(serving, clock, clock.at + timedelta(minutes=1), timedelta(seconds=30))
    clock.at = datetime(2026, 3, 22, 1, 15, tzinfo=UTC)  # in the middle of the night
    ticks(serving, clock, clock.at + timedelta(minutes=1), timedelta(seconds=30))
    assert [run.slot for run in runs()] == ["2026-03-12", "2026-03-21"]


def test_who_stands_by_does_nothing(serving: Serving, marking: Marking, clock: Clock, app: Flask) -> None:
    Leadership().keep(clock.at)
    serving.renew()
    serving.tick(marking.job)
    assert marked() == []


def test_a_refused_clock_is_complained_of(
    serving: Serving, marking: Marking, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    ticks(serving, clock, clock.at + timedelta(minutes=1), timedelta(minutes=1))
    clock.at -= timedelta(days=2)
    serving.renew()
    serving.tick(marking.job)
    assert "refused: the clock says" in caplog.text
    assert len(marked()) == 10


# Standing


def test_lateness_is_counted_from_the_first_slot_that_was_missed(marking: Marking, clock: Clock) -> None:
    def now() -> tuple[datetime | None, datetime, timedelta]:
        with db.new_session(writing=False) as session:
            found = standing(session, marking.job, clock.at)
        return found.last_run_at, found.next_run_at, found.late

    assert now() == (None, datetime(2026, 3, 12, 5, tzinfo=UTC), timedelta(hours=7))
    ran_at = clock.at
    marking.run("2026-03-12")
    assert now() == (ran_at, datetime(2026, 3, 13, 5, tzinfo=UTC), timedelta(0))
    clock.at += timedelta(days=3)
    assert now() == (ran_at, datetime(2026, 3, 13, 5, tzinfo=UTC), timedelta(days=2, hours=7))


def test_old_runs_of_interval_jobs_are_dropped_but_those_with_failures(
    marking: Marking, house: Portal, clock: Clock, ids: list[int]
) -> None:
    job = Job("minutely", marking.job.find, marking.mark, Every(1))

    def slot() -> Slot:
        return job.schedule.newest(clock.at)

    jobs.run(job, house, slot().name)
    clock.at += timedelta(minutes=1)
    marking.broken = {ids[0]}
    jobs.run(job, house, slot().name)
    marking.broken = set()
    failed = slot().name
    clock.at += timedelta(days=3)
    jobs.run(job, house, slot().name)
    assert [run.slot for run in runs()] == [failed, slot().name]
