"""Whether the portal does its main job: asked by `/healthz`, and by `flask jobs watch` from outside the scheduler.

What is found are moments and counts only, for the page is public.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ehe_portal.core import db
from ehe_portal.core.jobs.plan import Job
from ehe_portal.core.jobs.standing import Standing, standing
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import JOBS, Scope, Work

SWEEP_WITHIN = timedelta(hours=26)
SENT_WITHIN = timedelta(minutes=15)
CLOCKS_APART = timedelta(minutes=5)
COUNTED_ANEW_AFTER = timedelta(minutes=1)

OutOfSight = Callable[[Work], int]
"""How many children are in no state of the invariant, or in two, over every authority."""


@dataclass(frozen=True)
class Findings:
    """What was found: where the sweep stands, since when the oldest message waits, how many children nobody has."""

    sweep: Standing
    oldest_unsent_at: datetime | None
    out_of_sight: int

    def complaints(self, now: datetime) -> list[str]:
        """What is wrong, a sentence each; none when all is well."""
        found = []
        last = self.sweep.last_run_at
        if last is None:
            found.append("The sweep has never run")
        elif not now - SWEEP_WITHIN < last <= now + CLOCKS_APART:
            found.append(f"The last sweep ended at {last:%Y-%m-%d %H:%M} UTC, not within 26 hours")
        oldest = self.oldest_unsent_at
        if oldest is not None and oldest < now - SENT_WITHIN:
            found.append(f"A message has waited to be sent since {oldest:%Y-%m-%d %H:%M} UTC")
        if self.out_of_sight:
            found.append(f"Children out of sight: {self.out_of_sight}. Run: flask register doctor")
        return found


@dataclass(frozen=True)
class Report:
    """The health page: what is wrong, and what was found, as far as it could be asked."""

    problems: list[str]
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Plain values; moments as ISO 8601 in UTC."""
        return {"status": "ok" if self.is_well else "wrong", "problems": self.problems, **self.found}


class Remembered:
    """A count worked out at most once a minute in each process, for anyone may ask for the page."""

    def __init__(self, out_of_sight: OutOfSight) -> None:
        self.out_of_sight = out_of_sight
        self.lock = threading.Lock()
        self.counted_at: datetime | None = None
        self.count = 0

    def __call__(self, work: Work) -> int:
        """The count, or the one of a moment ago."""
        with self.lock:
            if self.counted_at is None or not timedelta(0) <= work.at - self.counted_at < COUNTED_ANEW_AFTER:
                self.count = self.out_of_sight(work)
                self.counted_at = work.at
            return self.count


def look(work: Work, sweep: Job, out_of_sight: OutOfSight) -> Findings:
    """Ask the database. Cheap but for `out_of_sight`."""
    oldest = work.session.scalar(select(func.min(OutgoingMessage.created_at)).where(OutgoingMessage.sent_at.is_(None)))
    return Findings(standing(work.session, sweep, work.at), oldest, out_of_sight(work))


def report(work: Work, sweep: Job, out_of_sight: OutOfSight) -> Report:
    """The health page's content. The work must see every authority."""
    try:
        if not db.alembic.is_current(db.db.engine):
            behind = {"database": "reachable", "schema": "behind"}
            return Report(["The database's schema is not that of this version. Run: flask db upgrade"], behind)
        findings = look(work, sweep, out_of_sight)
    except SQLAlchemyError:
        return Report(["The database does not answer"], {"database": "out of reach"})
    problems = findings.complaints(work.at)
    if findings.sweep.failed:
        problems.append(f"Cases that the last sweep could not do: {findings.sweep.failed}. They are tried again")
    oldest = findings.oldest_unsent_at
    found = {
        "database": "reachable",
        "schema": "at head",
        "sweep": findings.sweep.as_json(),
        "oldest_unsent": None if oldest is None else oldest.isoformat(timespec="seconds"),
        "children_out_of_sight": findings.out_of_sight,
    }
    return Report(problems, found)


def health_pages(sweep: Job, out_of_sight: OutOfSight) -> Pages:
    """The page `/healthz`: 200 when all is well, otherwise 503 and what is wrong."""
    pages = Pages("health", __name__)
    remembered = Remembered(out_of_sight)

    @pages.page("/healthz", needs=Anyone)
    def healthz(work: Work) -> Response:
        """Whether all is well, as JSON."""
        # The visitor may see nobody's records; what is counted here is counted over all of them.
        everywhere = Work(work.session, JOBS, work.at, Scope(everything=True))
        found = report(everywhere, sweep, remembered)
        answer = jsonify(found.as_json())
        answer.status_code = 200 if found.is_well else 503
        return answer

    return pages
