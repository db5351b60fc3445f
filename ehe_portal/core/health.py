"""Whether the portal does its main job: one list of checks, asked three times.

`flask jobs watch` asks from outside, `/healthz` for a monitor, and a page of the windows for staff. What is found are
moments, counts and names of jobs only, for `/healthz` is public.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, jsonify
from sqlalchemy import and_, func, select
from sqlalchemy.exc import SQLAlchemyError

from ehe_portal.core import db
from ehe_portal.core.days import BANK_HOLIDAYS_KNOWN_UNTIL, bank_holidays_end_soon
from ehe_portal.core.govuk.words import counted, london_time, long_date
from ehe_portal.core.jobs.leader import leads_until
from ehe_portal.core.jobs.plan import Job
from ehe_portal.core.jobs.standing import CLOCKS_APART, Standing, standings
from ehe_portal.core.outbox import IN_VAIN, STILL_TRIED, OutgoingMessage
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import JOBS, Scope, Work

SENT_WITHIN = timedelta(minutes=15)
LEAD_GRACE = timedelta(minutes=1)
"""How long nobody may lead: a renewal can wait for a database that is busy, and a standby takes seconds."""

COUNTED_ANEW_AFTER = timedelta(minutes=1)
ALERTS = "escalation"
"""The topic of the messages that must reach someone: alerts about escalations."""

ALARMING = frozenset({"database", "schema", "clock", "sweep", "outbox", "sight", "lapses"})
"""The checks by which the watch fails: no sweep, or none that can be trusted; messages that wait; what the doctor
counts; or it cannot look. What else is wrong it says, but programs are promised this list and no more.
"""


@dataclass(frozen=True)
class InSight:
    """What the windows count: children in no state of the invariant or in two; lapses that no open escalation answers;
    authorities with an escalation waiting and nobody whom it could be told."""

    out_of_sight: int = 0
    lapses_unanswered: int = 0
    nobody_to_tell: int = 0


CountSight = Callable[[Work], InSight]


@dataclass(frozen=True)
class Waiting:
    """What has not left yet: how many messages, since when the oldest, and how many alerts were tried in vain."""

    unsent: int
    oldest_at: datetime | None
    undeliverable: int


@dataclass(frozen=True)
class Check:
    """One thing that must hold. `wrong` says that it does not, and `remedy` what to do; `found` holds either way."""

    name: str
    title: str
    found: str
    wrong: bool = False
    remedy: str = ""

    @property
    def complaint(self) -> str:
        """What is wrong and what to do, in one line."""
        return f"{self.found}. {self.remedy}"


@dataclass(frozen=True)
class Found:
    """Everything that was looked at. Without `jobs` the database could not be asked."""

    checks: list[Check]
    at: datetime
    jobs: list[Standing] = field(default_factory=list)
    waiting: Waiting = field(default_factory=lambda: Waiting(0, None, 0))
    in_sight: InSight = field(default_factory=InSight)

    @property
    def complaints(self) -> list[str]:
        """What is wrong, a line each; none when all is well."""
        return [check.complaint for check in self.checks if check.wrong]

    @property
    def alarms(self) -> bool:
        """Whether the watch from outside fails."""
        return any(check.wrong and check.name in ALARMING for check in self.checks)

    @property
    def could_look(self) -> bool:
        """Whether the database answered."""
        return not any(check.wrong and check.name == "database" for check in self.checks)


class Remembered:
    """A count over everything, worked out at most once a minute in each process, for anyone may ask for the page."""

    def __init__(self, count: CountSight) -> None:
        self.count = count
        self.lock = threading.Lock()
        self.counted_at: datetime | None = None
        self.counted = InSight()

    def __call__(self, work: Work) -> InSight:
        """The count, or the one of a moment ago."""
        with self.lock:
            if self.counted_at is None or not timedelta(0) <= work.at - self.counted_at < COUNTED_ANEW_AFTER:
                self.counted = self.count(work)
                self.counted_at = work.at
            return self.counted


class Checkup:
    """The list of checks. `sweep` names the job among `jobs` that finds lapses; `count` looks at children; `further`
    are checks of the rooms.
    """

    def __init__(
        self, jobs: Sequence[Job], sweep: str, count: CountSight, further: Sequence[Callable[[Work], Check]] = ()
    ) -> None:
        self.jobs = jobs
        self.sweep = sweep
        self.count = count
        self.further = further

    def __call__(self, work: Work, count: CountSight | None = None) -> Found:
        """Look at everything within the work's scope; jobs and schema are everyone's. Never raises for a database."""
        try:
            if not db.alembic.is_current(db.db.engine):
                return Found([database(answers=True), schema(current=False)], work.at)
            return self.ask(work, count or self.count)
        except SQLAlchemyError:
            return Found([database(answers=False)], work.at)

    def ask(self, work: Work, count: CountSight) -> Found:
        """Ask a database that answers. Cheap but for `count`."""
        jobs = standings(work.session, self.jobs, work.at)
        waiting, in_sight = what_waits(work), count(work)
        sweep = next(one for one in jobs if one.name == self.sweep)
        checks = [
            database(answers=True),
            schema(current=True),
            lead(leads_until(work.session), work.at),
            clock(jobs),
            swept(sweep, work.at),
            others([one for one in jobs if one is not sweep]),
            outbox(waiting, work.at),
            alerts(waiting),
            recipients(in_sight.nobody_to_tell),
            sight(in_sight.out_of_sight),
            lapses(in_sight.lapses_unanswered),
            bank_holidays(work.today),
            *(check(work) for check in self.further),
        ]
        return Found(checks, work.at, jobs, waiting, in_sight)


def what_waits(work: Work) -> Waiting:
    """The messages that have not left, of this authority or of all; of alerts also those that another one carries."""
    by_itself = OutgoingMessage.carried_by_id.is_(None)
    in_vain = and_(OutgoingMessage.topic == ALERTS, IN_VAIN)
    waiting = select(func.count(OutgoingMessage.id), func.min(OutgoingMessage.created_at)).where(
        STILL_TRIED, by_itself, OutgoingMessage.created_at <= work.at
    )
    # Asked apart, as an index of its own has what is carried.
    alone, carried = (select(func.count(OutgoingMessage.id)).where(in_vain, one) for one in (by_itself, ~by_itself))
    if not work.scope.everything:
        here = OutgoingMessage.authority_id == work.scope.authority_id
        waiting, alone, carried = waiting.where(here), alone.where(here), carried.where(here)
    in_all = alone.correlate(None).scalar_subquery() + carried.correlate(None).scalar_subquery()
    found = work.session.execute(waiting.add_columns(in_all)).one()
    return Waiting(*found)


# The checks


def database(*, answers: bool) -> Check:
    """Whether the database can be asked at all."""
    said = "The database answers" if answers else "The database does not answer"
    return Check("database", "Database", said, not answers, "See that it runs and that DATABASE_URL names it.")


def schema(*, current: bool) -> Check:
    """Whether the tables are those that this version needs."""
    said = "The schema is that of this version" if current else "The schema is not that of this version"
    return Check("schema", "Schema", said, not current, "Run: flask db upgrade")


def lead(until: datetime | None, now: datetime) -> Check:
    """Whether a process runs the jobs."""
    title, remedy = "What happens by itself", "Start one and see why the last one ended: flask jobs serve"
    if until is None:
        return Check("lead", title, "No process has ever run the jobs", wrong=True, remedy=remedy)
    if until < now - LEAD_GRACE:
        return Check("lead", title, f"No process runs the jobs since {london_time(until)}", wrong=True, remedy=remedy)
    return Check("lead", title, "A process runs the jobs")


def clock(jobs: Sequence[Standing]) -> Check:
    """Whether the clock agrees with what was done by it."""
    doubted = [one.doubted for one in jobs if one.doubted]
    if not doubted:
        return Check("clock", "Clock", "The clock agrees with when the jobs last ran")
    said = doubted[0].partition(". ")
    return Check("clock", "Clock", f"Jobs are refused: {said[0]}", wrong=True, remedy=f"Set the clock right. {said[2]}")


def swept(sweep: Standing, now: datetime) -> Check:
    """Whether lapses are being found."""
    title, last = "Daily sweep for lapsed contact", sweep.last_run_at
    late = "See that flask jobs serve runs, and what its log says; until then run: flask jobs run " + sweep.name
    if last is None:
        return Check("sweep", title, "The sweep has never run", wrong=True, remedy=late)
    if sweep.is_late:
        said = f"The last sweep ended on {london_time(last)}"
        return Check("sweep", title, f"{said}, not within 26 hours", wrong=True, remedy=late)
    if sweep.failed:
        said = f"Cases that the last sweep could not do: {sweep.failed}"
        again = f"They are tried again; the log says where each failed ({sweep.problem})"
        return Check("sweep", title, said, wrong=True, remedy=again)
    ahead = " by a clock ahead of this one" if last > now + CLOCKS_APART else ""
    return Check("sweep", title, f"The last sweep ended on {london_time(last)}{ahead}")


def others(jobs: Sequence[Standing]) -> Check:
    """Whether every other job runs and does what it finds."""
    said = []
    if late := [one.name for one in jobs if one.is_late]:
        said.append(f"did not run in time: {', '.join(late)}")
    if failing := [one.name for one in jobs if one.keeps_failing]:
        said.append(f"fail: {', '.join(failing)}")
    if not said:
        return Check("jobs", "Other jobs", f"All {len(jobs)} other jobs ran in time")
    remedy = "See flask jobs status, and the log of flask jobs serve"
    return Check("jobs", "Other jobs", f"Jobs that {'; jobs that '.join(said)}", wrong=True, remedy=remedy)


def outbox(waiting: Waiting, now: datetime) -> Check:
    """Whether messages leave."""
    oldest = waiting.oldest_at
    if oldest is None:
        return Check("outbox", "Messages", "No message waits to be sent")
    said = f"{counted(waiting.unsent, 'message waits', 'messages wait')} to be sent, the oldest since"
    said = f"{said} {london_time(oldest)}"
    remedy = "See that flask jobs serve runs and that MAIL_SERVER takes mail. They are tried for as long as it takes"
    return Check("outbox", "Messages", said, oldest < now - SENT_WITHIN, remedy)


def alerts(waiting: Waiting) -> Check:
    """Whether alerts reach those who should know."""
    number = waiting.undeliverable
    said = f"{counted(number, 'alert')} could not be delivered yet" if number else "Every alert that was tried has left"
    remedy = "Tell those people yourself: the escalations page names them. Then correct the address, or see to the mail"
    return Check("alerts", "Alerts", said, number > 0, remedy)


def recipients(nobody: int) -> Check:
    """Whether there is someone to tell."""
    if not nobody:
        return Check("recipients", "Someone to alert", "Every escalation that waits has someone to tell")
    said = f"Escalations wait that nobody can be told of, in {counted(nobody, 'authority', 'authorities')}"
    remedy = "Add a CME officer, a CME manager or a head of service, and look at the escalations page now"
    return Check("recipients", "Someone to alert", said, wrong=True, remedy=remedy)


def sight(out_of_sight: int) -> Check:
    """Whether every child is in exactly one state of the invariant."""
    said = f"Children out of sight: {out_of_sight}" if out_of_sight else "No child is out of sight"
    remedy = "Give each an adviser, an enquiry or a confirmed destination. Run: flask register doctor"
    return Check("sight", "Children in sight", said, out_of_sight > 0, remedy)


def lapses(unanswered: int) -> Check:
    """Whether every lapse has its escalation."""
    said = f"Lapses without an open escalation: {unanswered}" if unanswered else "Every lapse has its escalation"
    remedy = "This must never be: look at these children today, and report the fault. Run: flask register doctor"
    return Check("lapses", "Lapses", said, unanswered > 0, remedy)


def bank_holidays(today: date) -> Check:
    """Whether working days can be counted for a year to come."""
    said = f"Bank holidays are known until {long_date(BANK_HOLIDAYS_KNOWN_UNTIL)}"
    return Check("bank-holidays", "Bank holidays", said, bank_holidays_end_soon(today), "Upgrade the portal")


# For a monitor


def as_json(found: Found, sweep: str) -> dict[str, Any]:
    """Plain values; moments as ISO 8601 in UTC."""
    wrong = {check.name for check in found.checks if check.wrong}
    said: dict[str, Any] = {
        "status": "wrong" if wrong else "ok",
        "problems": found.complaints,
        "database": "reachable" if found.could_look else "out of reach",
    }
    if not found.could_look:
        return said
    said["schema"] = "behind" if "schema" in wrong else "at head"
    if not found.jobs:
        return said
    oldest = found.waiting.oldest_at
    return said | {
        "sweep": next(one.as_json() for one in found.jobs if one.name == sweep),
        "unsent": found.waiting.unsent,
        "oldest_unsent": None if oldest is None else oldest.isoformat(timespec="seconds"),
        "undeliverable_alerts": found.waiting.undeliverable,
        "children_out_of_sight": found.in_sight.out_of_sight,
        "lapses_without_escalation": found.in_sight.lapses_unanswered,
    }


def health_pages(checkup: Checkup) -> Pages:
    """The page `/healthz`: 200 when all is well, otherwise 503 and what is wrong."""
    pages = Pages("health", __name__)
    remembered = Remembered(checkup.count)

    @pages.page("/healthz", needs=Anyone)
    def healthz(work: Work) -> Response:
        """Whether all is well, as JSON."""
        # The visitor may see nobody's records; what is counted here is counted over all of them.
        everywhere = Work(work.session, JOBS, work.at, Scope(everything=True))
        found = checkup(everywhere, remembered)
        answer = jsonify(as_json(found, checkup.sweep))
        answer.status_code = 503 if found.complaints else 200
        return answer

    return pages
