"""Whether the portal does its main job: asked by `/healthz`, and by `flask jobs watch` from outside the scheduler.

Public, so it holds moments and counts only.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
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
COUNTED_ANEW_AFTER = timedelta(minutes=10)

OutOfSight = Callable[[Work], int]
"""How many children are in no state of the invariant, or in two, over every authority."""


@dataclass(frozen=True)
class Findings:
    """What was found: where the sweep stands, since when the oldest message waits, how many children nobody has."""

    sweep: Standing
    oldest_unsent_at: datetime | None
    out_of_sight: int


def look(work: Work, sweep: Job, out_of_sight: OutOfSight) -> Findings:
    """Ask the database. Cheap but for `out_of_sight`."""
    oldest = work.session.scalar(select(func.min(OutgoingMessage.created_at)).where(OutgoingMessage.sent_at.is_(None)))
    return Findings(standing(work.session, sweep, work.at), oldest, out_of_sight(work))


def complaints(findings: Findings, now: datetime) -> list[str]:
    """What is wrong, one sentence each; none when all is well."""
    found = []
    last = findings.sweep.last_run_at
    if last is None:
        found.append("The sweep has never run")
    elif not now - SWEEP_WITHIN < last <= now + SENT_WITHIN:
        found.append(f"The last sweep ended at {last:%Y-%m-%d %H:%M} UTC, not within 26 hours")
    if findings.oldest_unsent_at is not None and findings.oldest_unsent_at < now - SENT_WITHIN:
        found.append(f"A message has waited to be sent since {findings.oldest_unsent_at:%Y-%m-%d %H:%M} UTC")
    if findings.out_of_sight:
        found.append(f"Children out of sight: {findings.out_of_sight}. Run: flask register doctor")
    return found


class Remembered:
    """The count of children out of sight, worked out at most once in ten minutes: the page is public."""

    def __init__(self, out_of_sight: OutOfSight) -> None:
        self.out_of_sight = out_of_sight
        self.lock = threading.Lock()
        self.counted_at: datetime | None = None
        self.count = 0

    def __call__(self, work: Work) -> int:
        """The count, or the one kept from a moment ago."""
        with self.lock:
            if self.counted_at is None or not timedelta(0) <= work.at - self.counted_at < COUNTED_ANEW_AFTER:
                self.count = self.out_of_sight(work)
                self.counted_at = work.at
            return self.count


def report(work: Work, sweep: Job, out_of_sight: OutOfSight) -> dict[str, Any]:
    """The health page's content; `problems` is empty when all is well."""
    try:
        current = db.alembic.is_current(db.db.engine)
    except SQLAlchemyError:
        return {"database": "out of reach", "problems": ["The database cannot be reached"]}
    if not current:
        return {
            "database": "reachable",
            "schema": "behind",
            "problems": ["The database's schema is not that of this version. Run: flask db upgrade"],
        }
    findings = look(work, sweep, out_of_sight)
    oldest = findings.oldest_unsent_at
    problems = complaints(findings, work.at)
    if findings.sweep.failed:
        problems.append(f"Cases the last sweep could not do: {findings.sweep.failed}. They are tried again")
    return {
        "database": "reachable",
        "schema": "at head",
        "last_sweep": findings.sweep.as_json(),
        "oldest_unsent": None if oldest is None else oldest.isoformat(timespec="seconds"),
        "children_out_of_sight": findings.out_of_sight,
        "problems": problems,
    }


def health_pages(sweep: Job, out_of_sight: OutOfSight) -> Pages:
    """The page `/healthz`: 200 when all is well, 503 and what is wrong otherwise."""
    pages = Pages("health", __name__)
    remembered = Remembered(out_of_sight)

    @pages.page("/healthz", needs=Anyone)
    def healthz(work: Work) -> Response:
        """Whether all is well, as JSON."""
        # The visitor may see nobody's records; these are counts over all of them.
        everywhere = Work(work.session, JOBS, work.at, Scope(everything=True))
        try:
            found = report(everywhere, sweep, remembered)
        except SQLAlchemyError:
            found = {"database": "out of reach", "problems": ["The database does not answer"]}
        answer = jsonify({"status": "wrong" if found["problems"] else "ok", **found})
        answer.status_code = 503 if found["problems"] else 200
        return answer

    return pages
