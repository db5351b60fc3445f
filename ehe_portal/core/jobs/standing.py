"""Where each job stands: when it last ran, when it is next due, how late it is, what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from ehe_portal.core.jobs import claims
from ehe_portal.core.jobs.claims import ClockJumped
from ehe_portal.core.jobs.models import JobRun
from ehe_portal.core.jobs.plan import Every, Job

LOOKED_BACK = 3
"""How many finished runs are looked at, the latest first."""

DAILY_WITHIN = timedelta(hours=26)
INTERVAL_WITHIN = timedelta(minutes=15)
CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True)
class Standing:
    """One job's state. `last_run_at` is when its last finished run ended; `next_run_at` is past where it is late.

    `done`, `failed` and `problem` are those of the last run that finished; a clock that is doubted is a problem too,
    and is `doubted` as well. `is_late` allows what is no cause for alarm; `keeps_failing` looks at a daily job's last
    run, at the last three of one that is tried again in minutes, and at a run that breaks off again and again.
    """

    name: str
    last_run_at: datetime | None
    next_run_at: datetime
    late: timedelta
    done: int
    failed: int
    problem: str | None
    doubted: str | None = None
    is_late: bool = False
    keeps_failing: bool = False

    @property
    def late_minutes(self) -> int:
        """How late, in whole minutes."""
        return self.late // timedelta(minutes=1)

    def as_json(self) -> dict[str, Any]:
        """Plain values; moments as ISO 8601 in UTC, lateness in whole minutes."""
        return {
            "name": self.name,
            "last_run": None if self.last_run_at is None else self.last_run_at.isoformat(timespec="seconds"),
            "next_run": self.next_run_at.isoformat(timespec="seconds"),
            "late_minutes": self.late_minutes,
            "done": self.done,
            "failed": self.failed,
            "problem": self.problem,
        }


def standings(session: Session, jobs: Sequence[Job], now: datetime) -> list[Standing]:
    """Where the jobs stand at a moment, in one query."""
    wanted = [latest for job in jobs for latest in (newest_runs(job, 1, finished=False), newest_runs(job))]
    ids = union_all(*(select(latest.subquery().c.id) for latest in wanted)).subquery()
    runs = session.scalars(select(JobRun).where(JobRun.id.in_(select(ids.c.id))).order_by(JobRun.id.desc())).all()
    return [judged(job, [run for run in runs if run.job == job.name], now) for job in jobs]


def newest_runs(job: Job, how_many: int = LOOKED_BACK, *, finished: bool = True) -> Select[int]:
    """The latest runs of a job, or the latest finished ones."""
    found = select(JobRun.id).where(JobRun.job == job.name).order_by(JobRun.id.desc()).limit(how_many)
    return found.where(JobRun.finished_at.is_not(None)) if finished else found


def standing(session: Session, job: Job, now: datetime) -> Standing:
    """Where one job stands at a moment."""
    return standings(session, [job], now)[0]


def judged(job: Job, runs: Sequence[JobRun], now: datetime) -> Standing:
    """A job's standing by its latest runs. Late is counted from the first slot due after its last run began."""
    finished = [run for run in runs if run.finished_at is not None][:LOOKED_BACK]
    last = finished[0] if finished else None
    due_at = (job.schedule.newest(now) if last is None else job.schedule.after(last.started_at)).due_at
    doubted = doubts(runs[0].started_at, job, now) if runs else None
    within, in_a_row = DAILY_WITHIN, 1
    if isinstance(job.schedule, Every):
        within, in_a_row = INTERVAL_WITHIN + timedelta(minutes=job.schedule.minutes), LOOKED_BACK
    return Standing(
        name=job.name,
        last_run_at=None if last is None else last.finished_at,
        next_run_at=due_at,
        late=max(timedelta(0), now - due_at),
        done=0 if last is None else last.done,
        failed=0 if last is None else last.failed,
        problem=doubted or (None if last is None else last.problem),
        doubted=doubted,
        is_late=last is None or last.finished_at is None or not now - within < last.finished_at <= now + CLOCKS_APART,
        keeps_failing=breaks_off(runs)
        or (len(finished) >= in_a_row and all(run.failed for run in finished[:in_a_row])),
    )


def breaks_off(runs: Sequence[JobRun]) -> bool:
    """Whether the newest run was begun again and again and never ended: each new holder counts its fence up."""
    return bool(runs) and runs[0].finished_at is None and runs[0].fence > LOOKED_BACK


def doubts(last: datetime, job: Job, now: datetime) -> str | None:
    """Why the job is not run although it is due: the clock cannot be right."""
    try:
        claims.compare_clock(last, job.name, now)
    except ClockJumped as jumped:
        return str(jumped)
    return None
