"""Which runs were made, who holds which slot, and which process leads."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import Base


class JobRun(Base):
    """One run of one job. `slot` is None for a run asked for by hand; with one, it is the claim on that slot.

    A claim is a lease until `leased_until`, held by `fence`; one that expired unfinished may be taken over, and then
    the earlier holder's fence no longer fits. `problem` is the latest one: the exception's class and a reference.
    """

    __tablename__ = "job_run"
    __housekeeping__ = "which runs were made, and who holds which slot"
    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index("ix_job_run_job_id", "job", "id"),
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


class JobLeader(Base):
    """The process that runs the jobs: of several `flask jobs serve`, the one whose lease it is. One row at most."""

    __tablename__ = "job_leader"
    __housekeeping__ = "which process leads"

    name: Mapped[str] = mapped_column(unique=True)
    holder: Mapped[str]
    leased_until: Mapped[datetime]
