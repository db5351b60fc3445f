"""`flask jobs serve`: a process that does nothing but look, every other second, whether a slot is due.

APScheduler only ticks here. What is due is worked out from the clock and the database each time, so a tick that comes
late, twice, or after a frozen hour does no harm and loses nothing. It ticks by the machine's clock, and would fall
silent for as long as that is set back: so someone keeps an eye on that, by a clock that nobody can set.
"""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from ehe_portal.core.caught import Caught
from ehe_portal.core.jobs.claims import ClaimLost, ClockJumped
from ehe_portal.core.jobs.leader import RENEWED_EVERY, Leadership
from ehe_portal.core.jobs.plan import Daily, Job
from ehe_portal.core.jobs.runner import Outcome, is_done, run
from ehe_portal.core.web import Portal

TICK_SECONDS = 2
STEADY_SECONDS = 1.0
REST_SECONDS = 10

log = logging.getLogger(__name__)


def ticking(threads: int) -> BackgroundScheduler:
    """A scheduler that drops no tick for being late, makes up for several with one, and never doubles one."""
    return BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(threads)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def tick_from_now(scheduler: BackgroundScheduler) -> None:
    """Let everything of a scheduler be due at once."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


class Beat(BaseTrigger):
    """Fires so many seconds from now, whenever that is asked.

    The library's own interval counts every beat that was missed: after a year, millions of them.
    """

    def __init__(self, seconds: float) -> None:
        self.distance = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """When to fire next."""
        return now if previous_fire_time is None else now + self.distance


class Serving:
    """The running of all jobs in this process, for as long as it leads."""

    def __init__(self, app: Flask, house: Portal, jobs: Sequence[Job]) -> None:
        self.app = app
        self.house = house
        self.jobs = jobs
        self.stopping = Event()
        self.leadership = Leadership()
        self.led: bool | None = None
        self.settled: dict[str, str] = {}
        self.resting_until: dict[str, float] = {}
        self.heart = ticking(threads=1)
        self.ticker = ticking(threads=len(jobs))
        self.steady = Thread(target=self.watch_clock, name="clock", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        at_once = datetime.now(UTC)
        self.heart.add_job(self.renew, Beat(RENEWED_EVERY.total_seconds()), next_run_time=at_once)
        for job in self.jobs:
            self.ticker.add_job(self.tick, Beat(TICK_SECONDS), args=[job], next_run_time=at_once)
        self.heart.start()
        self.ticker.start()
        self.steady.start()

    def stop(self) -> None:
        """End, once the batches under way are done; the lead is kept until then and given up after."""
        self.stopping.set()
        self.ticker.shutdown(wait=True)
        self.heart.shutdown(wait=True)
        with self.app.app_context(), Caught():
            self.leadership.resign(self.house.now())

    def watch_clock(self) -> None:
        """Go on ticking from now whenever the machine's clock has been set."""
        apart = time.time() - time.monotonic()
        while not self.stopping.wait(STEADY_SECONDS):
            now_apart = time.time() - time.monotonic()
            if abs(now_apart - apart) > TICK_SECONDS:
                log.warning("the machine's clock was set by %+.0f s", now_apart - apart)
                tick_from_now(self.heart)
                tick_from_now(self.ticker)
                apart = now_apart

    def renew(self) -> None:
        """Stay the leader, or become it once there is none."""
        with self.app.app_context(), Caught() as caught:
            leads = self.leadership.keep(self.house.now())
            if leads is not self.led:
                log.info("%s", "leading" if leads else "standing by: another process leads")
                self.led = leads
        if caught.problem is not None:
            log.error("the lead could not be renewed: %s at %s", caught.problem, caught.place)

    def tick(self, job: Job) -> None:
        """Run the job if its newest slot is due and not yet settled."""
        now = self.house.now()
        slot = job.schedule.newest(now).name
        if (
            self.stopping.is_set()
            or self.settled.get(job.name) == slot
            or time.monotonic() < self.resting_until.get(job.name, 0)
            or not self.leadership.is_ours(now)
        ):
            return
        with self.app.app_context(), Caught() as caught:
            self.run(job, slot)
        if caught.problem is not None:
            log.error("%s broke off: %s at %s", job.name, caught.problem, caught.place)
            self.leadership.doubt()
            self.rest(job)

    def run(self, job: Job, slot: str) -> None:
        """Run one slot, and say so where there is something to say."""
        began = time.monotonic()
        try:
            report = run(job, self.house, slot, stopping=self.stopping.is_set)
        except ClockJumped as jumped:
            log.error("refused: %s", jumped)
            self.rest(job)
            return
        except ClaimLost:
            log.warning("%s: another process has taken slot %s over", job.name, slot)
            return
        if report.outcome is Outcome.DONE or (report.outcome is Outcome.NOT_OURS and is_done(job.name, slot)):
            self.settled[job.name] = slot
        if report.done or report.failed or (report.outcome is Outcome.DONE and isinstance(job.schedule, Daily)):
            took = time.monotonic() - began
            log.info("%s %s: %d done, %d failed, %.1f s", job.name, slot, report.done, report.failed, took)

    def rest(self, job: Job) -> None:
        """Leave a job alone for a while after trouble."""
        self.resting_until[job.name] = time.monotonic() + REST_SECONDS
