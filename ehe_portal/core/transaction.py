"""One piece of work, one transaction. What was written must have been said; what only reads may not write."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session

from ehe_portal.core import db
from ehe_portal.core.work import Work


class UnrecordedChange(Exception):
    """Rows were written, but nobody published what happened."""


class WriteWhileReading(Exception):
    """A page that only shows things tried to change them."""


@cache
def housekeeping_tables() -> frozenset[Any]:
    """Tables that the portal keeps for itself (drafts, claims, delivery state): they need no event."""
    return frozenset(
        mapper.local_table for mapper in db.Base.registry.mappers if hasattr(mapper.class_, "__housekeeping__")
    )


class Watch:
    """Notices whether a session has written rows that need an event."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.wrote: set[str] = set()

    def flushed(self, session: Session, _context: Any) -> None:
        changed = [thing for thing in session.dirty if session.is_modified(thing)]
        for thing in (*session.new, *session.deleted, *changed):
            if not hasattr(thing, "__housekeeping__"):
                self.wrote.add(type(thing).__name__)

    def executed(self, state: ORMExecuteState) -> None:
        if state.is_select:
            return
        table = getattr(state.statement, "table", None)
        if not isinstance(table, Table) or table not in housekeeping_tables():
            self.wrote.add(str(getattr(table, "name", "a statement")))

    def __enter__(self) -> "Watch":
        event.listen(self.session, "after_flush", self.flushed)
        event.listen(self.session, "do_orm_execute", self.executed)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.session, "after_flush", self.flushed)
        event.remove(self.session, "do_orm_execute", self.executed)


@contextmanager
def transaction(work: Work, *, may_write: bool) -> Iterator[Work]:
    """Keep all of the work, or none of it. Raises `UnrecordedChange` and `WriteWhileReading`.

    What the work put off (`work.afterwards`) is done once its own transaction has ended; a failure there propagates.
    """
    session = work.session
    try:
        with Watch(session) as watch:
            yield work
            if may_write and not work.abandoned:
                session.flush()
        if watch.wrote and not may_write:
            raise WriteWhileReading(", ".join(sorted(watch.wrote)))
        if watch.wrote and not work.abandoned and not work.published:
            raise UnrecordedChange(", ".join(sorted(watch.wrote)))
        if may_write and not work.abandoned:
            session.commit()
        else:
            db.end_reading(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    for deed in work.later:
        with db.new_session(writing=None) as own, own.begin():
            deed(own)
