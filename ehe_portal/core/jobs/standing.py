"""Where each job stands: when it last ran, when it is next due, how late it is, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ehe_portal.core.jobs import claims
from ehe_portal.core.jobs.claims import ClockJumped
from ehe_portal.core.jobs.models import JobRun
from ehe_portal.core.jobs.plan import Job


@dataclass(frozen=True)
class Standing:
    """One job's state. `last_run_at` is when its last finished run ended; `next_run_at` is past where it is late.

    `done`, `failed` and `problem` are those of the last run that finished; a clock that is doubted is a problem too.
    """

    name: str
    last_run_at: datetime | None
    next_run_at: datetime
    late: timedelta
    done: int
    failed: int
    problem: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values; moments as ISO 8601 in UTC, lateness in whole minutes."""
        return {
            "name": self.name,
            "last_run": None if self.last_run_at is None else self.last_run_at.isoformat(timespec="seconds"),
            "next_run": self.next_run_at.isoformat(timespec="seconds"),
            "late_minutes": self.late // timedelta(minutes=1),
            "done": self.done,
            "failed": self.failed,
            "problem": self.problem,
        }


def standing(session: Session, job: Job, now: datetime) -> Standing:
    """Where a job stands at a moment. Late is counted from the first slot that came due after its last run began."""
    last = session.scalar(
        select(JobRun)
        .where(JobRun.job == job.name, JobRun.finished_at.is_not(None))
        .order_by(JobRun.id.desc())
        .limit(1)
    )
    due_at = (job.schedule.newest(now) if last is None else job.schedule.after(last.started_at)).due_at
    return Standing(
        name=job.name,
        last_run_at=None if last is None else last.finished_at,
        next_run_at=due_at,
        late=max(timedelta(0), now - due_at),
        done=0 if last is None else last.done,
        failed=0 if last is None else last.failed,
        problem=doubts(session, job, now) or (None if last is None else last.problem),
    )


def doubts(session: Session, job: Job, now: datetime) -> str | None:
    """Why the job is not run although it is due: the clock cannot be right."""
    try:
        claims.doubt_clock(session, job.name, now)
    except ClockJumped as jumped:
        return str(jumped)
    return None
