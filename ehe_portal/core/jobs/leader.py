"""Of several scheduler processes one leads: the one that holds a short lease in the database and keeps renewing it.

A lease, not a lock of the database's own: a process that is frozen keeps its connection and would keep its lock, and
nobody could take over; and it is the same on SQLite and PostgreSQL. Two processes that for a moment both take
themselves for the leader do no harm, for each slot has its claim and each claim its fence.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ehe_portal.core import db
from ehe_portal.core.jobs import claims
from ehe_portal.core.jobs.claims import own_transaction
from ehe_portal.core.jobs.models import JobLeader
from ehe_portal.core.reference import new_reference

ONLY = "jobs"
LEADS_FOR = timedelta(seconds=10)
RENEWED_EVERY = timedelta(seconds=3)


class Leadership:
    """One process's part in it. Needs an application context."""

    def __init__(self) -> None:
        self.me = new_reference()
        self.until: datetime | None = None

    def is_ours(self, now: datetime) -> bool:
        """Whether this process leads, as far as it knows. A lease that reaches too far is a changed clock's."""
        return self.until is not None and now < self.until <= now + LEADS_FOR + claims.TOLERANCE

    def keep(self, now: datetime) -> bool:
        """Become the leader, or stay it; whether this process leads now."""
        if not self.is_ours(now) and self.another_leads(now):
            return False
        newly = not self.is_ours(now)
        try:
            with own_transaction() as session:
                taken = session.scalar(
                    update(JobLeader)
                    .where(JobLeader.name == ONLY, or_(JobLeader.holder == self.me, lapsed(now)))
                    .values(holder=self.me, leased_until=now + LEADS_FOR)
                    .returning(JobLeader.id),
                    execution_options={"synchronize_session": False},
                )
                if taken is None and session.scalar(select(JobLeader.id).where(JobLeader.name == ONLY)) is None:
                    session.execute(insert(JobLeader).values(name=ONLY, holder=self.me, leased_until=now + LEADS_FOR))
                    taken = 1
                if taken is not None and newly:
                    claims.release_all(session, now)
        except IntegrityError:  # two processes met an empty table
            taken = None
        self.until = None if taken is None else now + LEADS_FOR
        return taken is not None

    def another_leads(self, now: datetime) -> bool:
        """Whether another process holds the lease; only reads, so that standing by costs next to nothing."""
        with db.new_session(writing=False) as session:
            found = session.scalar(
                select(JobLeader.id).where(
                    JobLeader.name == ONLY,
                    JobLeader.holder != self.me,
                    not_(lapsed(now)),
                )
            )
        return found is not None

    def doubt(self) -> None:
        """After a run that broke off: take the lead anew, which frees what was left unfinished."""
        self.until = None

    def resign(self, now: datetime) -> None:
        """Let another process lead at once."""
        if self.until is None:
            return
        self.until = None
        with own_transaction() as session:
            session.execute(
                update(JobLeader).where(JobLeader.holder == self.me).values(leased_until=now),
                execution_options={"synchronize_session": False},
            )


def leads_until(session: Session) -> datetime | None:
    """How far the lead reaches that some process holds or held last; None where none ever led."""
    return session.scalar(select(JobLeader.leased_until).where(JobLeader.name == ONLY))


def lapsed(now: datetime) -> ColumnElement[bool]:
    """Whether the lease is free: it has run out, or reaches further than any honest clock would set it."""
    return or_(JobLeader.leased_until <= now, JobLeader.leased_until > now + LEADS_FOR + claims.TOLERANCE)
