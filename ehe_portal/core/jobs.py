"""What happens by itself: due work is found by one query and done in batches; one leader, one claim for each slot.

A job is *found* (`find`: one indexed query for due ids) and *done* (`do`: a use-case over a batch of ids, in one
transaction). A batch that fails is done again one id at a time, so that one broken case cannot hold up the rest.
Correctness never rests on who runs it or how often: the claims only spare needless work.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from ehe_portal.core import db
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import Work

LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Daily:
    """Once each London day at a London time, which is not between 23:00 and 03:00 (the clocks change there)."""

    at: time


@dataclass(frozen=True)
class Every:
    """In each slot of so many minutes, counted in UTC from midnight."""

    minutes: int


@dataclass(frozen=True)
class Job:
    """One thing that happens by itself. `batch` is how many cases share a transaction."""

    name: str
    find: Callable[[Work], Select[Any]]
    do: Callable[[Work, Sequence[int]], None]
    schedule: Daily | Every
    batch: int = 500


class JobRun(db.Base):
    """One run of one job. `slot` is None for a run asked for by hand; with one, it is the claim on that slot.

    A claim is a lease until `leased_until`, held by `fence`; one that expired unfinished may be taken over, and then
    the earlier holder's fence no longer fits.
    """

    __tablename__ = "job_run"
    __housekeeping__ = "which runs were made, and who holds which slot"
    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index("ix_job_run_last", "job", "finished_at"),
    )

    job: Mapped[str]
    slot: Mapped[str | None]
    fence: Mapped[int]
    started_at: Mapped[datetime]
    leased_until: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(default=None)
