"""Running a job: find, then do in batches, each in a transaction that also renews the claim."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from ehe_portal.core import db
from ehe_portal.core.caught import Caught
from ehe_portal.core.jobs import claims
from ehe_portal.core.jobs.claims import Claim, ClaimLost, own_transaction
from ehe_portal.core.jobs.models import JobRun
from ehe_portal.core.jobs.plan import Every, Job
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import JOBS, Scope, Work

KEPT_FOR = timedelta(days=2)  # runs of interval jobs without a failure; there is one each minute
TROUBLES_IN_A_ROW = 3
"""So many cases in a row may meet a database that does not do its part before the run breaks off.

One is not enough: a single row that someone holds locked must not hold up those behind it.
"""

IDLE_SECONDS = 60  # after which PostgreSQL ends the transaction of a process that is frozen, locks and all

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    NOT_OURS = "not-ours"
    STOPPED = "stopped"


@dataclass
class Report:
    """What a run came to. `done` and `failed` count cases; `problem` is the latest failure, fit to be shown.

    `troubles` counts the cases in a row, up to the latest, that failed for the database's own reasons.
    """

    outcome: Outcome
    done: int = 0
    failed: int = 0
    problem: str | None = None
    troubles: int = 0


class DatabaseInTrouble(Exception):
    """Case after case failed for the database's own reasons: a full disk, a lock that nobody lets go."""


def never() -> bool:
    """A run that nobody stops."""
    return False


def run(job: Job, house: Portal, slot: str | None = None, *, stopping: Callable[[], bool] = never) -> Report:
    """Run a job: for a slot, if it can be claimed; without one, always. Needs an application context.

    Stops between batches once `stopping()`; the rest is left to whoever claims the slot next. Raises `ClaimLost` when
    another process took over, `ClockJumped`, `DatabaseInTrouble`, and the database's errors when it is out of reach.
    """
    with own_transaction() as session:
        claim = (
            claims.by_hand(session, job.name, house.now())
            if slot is None
            else claims.take(session, job.name, slot, house.now())
        )
    if claim is None:
        return Report(Outcome.NOT_OURS)
    report = Report(Outcome.DONE)
    again: list[int] = []
    for batch in batches(job, find(job, house, claim, report)):
        if stopping():
            report.outcome = Outcome.STOPPED
            break
        do(job, house, claim, batch, report, again)
    for each in again:  # whose trouble was the database's, and may be over
        if report.outcome is Outcome.DONE:
            do(job, house, claim, [each], report, None)
    end(job, house, claim, report)
    return report


def find(job: Job, house: Portal, claim: Claim, report: Report) -> Sequence[int]:
    """The ids that are due; none, and one failure, where the finding itself fails."""
    work = house.work(JOBS, Scope(everything=True), writing=False)
    with Caught() as caught, transaction(work, may_write=False):
        return work.session.scalars(job.find(work)).all()
    note_failure(job, house, claim, caught, report, "finding what is due")
    return ()


def batches(job: Job, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in the pieces that share a transaction."""
    for start in range(0, len(ids), job.batch):
        yield ids[start : start + job.batch]


def do(job: Job, house: Portal, claim: Claim, ids: Sequence[int], report: Report, again: list[int] | None) -> None:
    """Do a batch; if that fails, one id at a time, so that only what is broken is left undone.

    Cases that failed for the database's own reasons go into `again`, if there is one. Raises `DatabaseInTrouble`.
    """
    caught = attempt(job, house, claim, ids)
    if caught.problem is None:
        report.done += len(ids)
        report.troubles = 0
    elif len(ids) > 1:
        log.info("%s: %s at %s; trying %d cases one by one", job.name, caught.problem, caught.place, len(ids))
        for each in ids:
            do(job, house, claim, [each], report, again)
    elif caught.kind is not None and issubclass(caught.kind, OperationalError):
        log.warning("%s: case %d met %s at %s", job.name, ids[0], caught.problem, caught.place)
        meet_trouble(job, house, claim, caught, report, ids[0], again)
    else:
        report.troubles = 0
        note_failure(job, house, claim, caught, report, f"case {ids[0]}")


def meet_trouble(
    job: Job, house: Portal, claim: Claim, caught: Caught, report: Report, case: int, again: list[int] | None
) -> None:
    """Put a case off for the end of the run, or count it; break off where the trouble is everyone's."""
    report.troubles += 1
    if report.troubles >= TROUBLES_IN_A_ROW:
        raise DatabaseInTrouble
    if again is None:
        note_failure(job, house, claim, caught, report, f"case {case}")
    else:
        again.append(case)


def attempt(job: Job, house: Portal, claim: Claim, ids: Sequence[int]) -> Caught:
    """Do these ids in one transaction, which is kept only if the claim is still ours when it ends."""
    with Caught(ClaimLost) as caught:
        work = house.work(JOBS, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            leave_no_locks_behind(work)
            job.do(work, ids)
            claims.hold(work.session, claim, house.now(), done=len(ids))
    return caught


def leave_no_locks_behind(work: Work) -> None:
    """Let PostgreSQL end this transaction if the process is frozen in the midst of it."""
    if work.session.get_bind().dialect.name == "postgresql":
        limit = func.set_config("idle_in_transaction_session_timeout", f"{IDLE_SECONDS}s", True)
        work.session.execute(select(limit))


def note_failure(job: Job, house: Portal, claim: Claim, caught: Caught, report: Report, what: str) -> None:
    """Count a failure. If even that cannot be written it is nobody's case, and the run ends for now."""
    report.failed += 1
    report.problem = caught.problem
    log.error("%s: %s failed with %s at %s", job.name, what, caught.problem, caught.place)
    with own_transaction() as session:
        claims.hold(session, claim, house.now(), failed=1, problem=caught.problem)


def end(job: Job, house: Portal, claim: Claim, report: Report) -> None:
    """Close the run's row, or leave the rest of it to the next; old runs of interval jobs are dropped."""
    now = house.now()
    with own_transaction() as session:
        if report.outcome is Outcome.STOPPED:
            claims.let_go(session, claim, now)
        else:
            claims.finish(session, claim, now)
        if isinstance(job.schedule, Every):
            claims.forget(session, job.name, now - KEPT_FOR)


def is_done(job: str, slot: str) -> bool:
    """Whether a slot's run has been finished, by whomever."""
    with db.new_session(writing=False) as session:
        found = session.scalar(
            select(JobRun.id).where(JobRun.job == job, JobRun.slot == slot, JobRun.finished_at.is_not(None))
        )
    return found is not None
