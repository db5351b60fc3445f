"""Claims on slots: a unique row, a lease, and a fence that makes a holder who was thought dead harmless.

A holder renews its claim in the transaction of every batch. Where the claim has been taken over meanwhile, the fence
no longer fits, and the batch is rolled back: a process that was frozen and thaws cannot write after its successor.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ehe_portal.core import db
from ehe_portal.core.jobs.models import JobRun

LEASE = timedelta(minutes=10)
TOLERANCE = timedelta(minutes=5)
"""How far two machines' clocks may stand apart before one is taken to be wrong."""

LONGEST_SILENCE = timedelta(days=92)
"""After so long without a run the clock is doubted rather than believed: a sweep in the wrong year alerts everyone."""


class ClaimLost(Exception):
    """Another process has taken this run over."""


class ClockJumped(Exception):
    """The clock stands before the job's last run, or very long after it; `str()` says what to do."""


@dataclass(frozen=True)
class Claim:
    """The right to do one run, for as long as the fence fits."""

    run_id: int
    fence: int


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A writing transaction of its own, for what must stand whatever becomes of the work."""
    with db.new_session(writing=True) as session:
        yield session
        session.commit()


def take(session: Session, job: str, slot: str, now: datetime) -> Claim | None:
    """Claim a slot, or take over a claim that expired unfinished; None where another holds it or has done it.

    Raises `ClockJumped`.
    """
    doubt_clock(session, job, now)
    held = session.scalar(
        select(JobRun).where(JobRun.job == job, JobRun.slot == slot).execution_options(populate_existing=True)
    )
    if held is None:
        try:
            return insert_run(session, job, slot, now)
        except IntegrityError:  # claimed by another in this very moment
            session.rollback()
            return None
    if not is_free(held, now):
        return None
    taken = session.scalar(
        update(JobRun)
        .where(JobRun.id == held.id, JobRun.fence == held.fence)
        .values(fence=held.fence + 1, started_at=now, leased_until=now + LEASE, finished_at=None)
        .returning(JobRun.fence),
        execution_options={"synchronize_session": False},
    )
    return None if taken is None else Claim(held.id, taken)


def by_hand(session: Session, job: str, now: datetime) -> Claim:
    """A run that someone asked for: it claims no slot, and nobody takes it over."""
    return insert_run(session, job, None, now)


def insert_run(session: Session, job: str, slot: str | None, now: datetime) -> Claim:
    """A new run's row."""
    run_id = session.execute(
        insert(JobRun)
        .values(job=job, slot=slot, fence=1, started_at=now, leased_until=now + LEASE, done=0, failed=0)
        .returning(JobRun.id)
    ).scalar_one()
    return Claim(run_id, 1)


def is_free(held: JobRun, now: datetime) -> bool:
    """Whether a slot's claim may be taken over: unfinished past its lease, or made by a clock that was ahead."""
    if held.finished_at is not None:
        return held.started_at > now + TOLERANCE
    return not now < held.leased_until <= now + LEASE + TOLERANCE


def doubt_clock(session: Session, job: str, now: datetime) -> None:
    """Raise `ClockJumped` where `now` cannot be right. A run by hand is believed, and sets the clock's mark anew."""
    last = session.scalar(select(JobRun.started_at).where(JobRun.job == job).order_by(JobRun.id.desc()).limit(1))
    if last is not None:
        compare_clock(last, job, now)


def compare_clock(last: datetime, job: str, now: datetime) -> None:
    """Raise `ClockJumped` where `now` cannot be right for a job that last began at `last`."""
    if last > now + TOLERANCE:
        said = f"the clock says {now:%Y-%m-%d %H:%M} UTC, but {job} last ran at {last:%Y-%m-%d %H:%M} UTC"
    elif now - last > LONGEST_SILENCE:
        said = f"{job} last ran at {last:%Y-%m-%d %H:%M} UTC, and the clock says {now:%Y-%m-%d %H:%M} UTC"
    else:
        return
    raise ClockJumped(f"{said}. If the clock is right, run once by hand: flask jobs run {job}")


def hold(
    session: Session, claim: Claim, now: datetime, *, done: int = 0, failed: int = 0, problem: str | None = None
) -> None:
    """Renew the claim and count, in the transaction of what was done. Raises `ClaimLost`."""
    values = {"leased_until": now + LEASE, "done": JobRun.done + done, "failed": JobRun.failed + failed}
    change(session, claim, values if problem is None else {**values, "problem": problem})


def finish(session: Session, claim: Claim, now: datetime) -> None:
    """The run is over. Raises `ClaimLost`."""
    change(session, claim, {"finished_at": now, "leased_until": now})


def let_go(session: Session, claim: Claim, now: datetime) -> None:
    """Leave the rest of the run to whoever comes next. Raises `ClaimLost`."""
    change(session, claim, {"leased_until": now})


def change(session: Session, claim: Claim, values: dict[str, object]) -> None:
    """Write to the run's row if the fence fits. Raises `ClaimLost`."""
    held = session.scalar(
        update(JobRun)
        .where(JobRun.id == claim.run_id, JobRun.fence == claim.fence)
        .values(**values)
        .returning(JobRun.id),
        execution_options={"synchronize_session": False},
    )
    if held is None:
        raise ClaimLost


def release_all(session: Session, now: datetime) -> None:
    """A new leader need not wait for the leases of the last one: what it left unfinished can be taken over now."""
    session.execute(
        update(JobRun).where(JobRun.finished_at.is_(None), JobRun.slot.is_not(None)).values(leased_until=now),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, job: str, before: datetime) -> None:
    """Drop the finished runs of a job that started before a moment and had no failure."""
    session.execute(
        delete(JobRun).where(
            JobRun.job == job, JobRun.started_at < before, JobRun.finished_at.is_not(None), JobRun.failed == 0
        ),
        execution_options={"synchronize_session": False},
    )
