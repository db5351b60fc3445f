"""The sweep raced against itself, on a database of its own and with real transactions."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.policy import Role
from ehe_portal.app import create_app
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import db, jobs
from ehe_portal.core.jobs.claims import LEASE, ClaimLost
from ehe_portal.core.jobs.leader import Leadership
from ehe_portal.core.jobs.runner import Report
from ehe_portal.core.jobs.scheduler import Serving
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import JOBS, Scope, Work
from ehe_portal.escalation.models import Escalation
from tests.conftest import NOON, settings_for
from tests.village import Village, a_child, an_account, build

SILENT = 40
PATIENCE = 30


@dataclass
class House:
    """A portal with a database of its own, and a clock that only the test moves."""

    app: Flask
    portal: Portal
    village: Village
    at: datetime = NOON
    due: int = 0

    def sweep(self, slot: str | None = None, batch: int = 7, **options: Callable[[], bool]) -> Report:
        with self.app.app_context():
            return jobs.run(replace(schedule.SWEEP, batch=batch), self.portal, slot, **options)

    def raised(self) -> tuple[Counter[int | None], Counter[int | None], int]:
        """How many escalations each episode has, how many alerts each has, and how many were put down as raised."""
        with self.app.app_context(), db.new_session(writing=False) as session:
            episodes = Counter(session.scalars(select(Escalation.episode_id)).all())
            alerts = Counter(
                session.scalars(select(OutgoingMessage.topic_id).where(OutgoingMessage.topic == "escalation")).all()
            )
            entries = session.scalars(select(AuditEntry.id).where(AuditEntry.kind == "EscalationRaised")).all()
        return episodes, alerts, len(entries)

    def everything_was_raised_once(self) -> None:
        """One escalation for each silent family. Alerts to two officers, the adviser and, as nobody had tried, the
        manager; in the other authority to its one officer and its manager.
        """
        episodes, alerts, entries = self.raised()
        assert len(episodes) == self.due > SILENT
        assert set(episodes.values()) == {1}
        assert Counter(alerts.values()) == {4: self.due - 1, 2: 1}
        assert len(alerts) == len(episodes) == entries


@pytest.fixture
def house_of_its_own(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    app = create_app(settings_for(new_database(), tmp_path))
    portal: Portal = app.extensions["portal"]
    with app.app_context():
        db.Base.metadata.create_all(db.db.engine)
        monkeypatch.setattr(portal, "now", lambda: NOON)
        work = portal.work(JOBS, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            village = build(work)
            an_account(work, village.authority, Role.CME_OFFICER, "second.officer@wessex.example", "Ida Wessex")
            for number in range(SILENT):
                a_child(
                    work,
                    village.authority,
                    f"Silent{number}",
                    "Quiet",
                    date(2014, 3, 3),
                    date(2024, 9, 2),
                    adviser=village.adviser,
                )
        made = House(app, portal, village)
        looking = portal.work(JOBS, Scope(everything=True), writing=False)
        with transaction(looking, may_write=False):
            made.due = len(looking.session.scalars(schedule.SWEEP.find(looking)).all())
        monkeypatch.setattr(portal, "now", lambda: made.at)
    yield made
    with app.app_context():
        db.db.engine.dispose()


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do these at the same moment, each in a thread of its own; what each came to, or the exception it ended with."""
    gate = threading.Barrier(len(deeds))

    def go(deed: Callable[[], object]) -> object:
        gate.wait(PATIENCE)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        futures = [threads.submit(go, deed) for deed in deeds]
    return [future.exception() or future.result() for future in futures]


def test_sweeps_at_the_same_moment_raise_everything_once(house_of_its_own: House) -> None:
    reports = at_once(*[house_of_its_own.sweep] * 4)
    assert all(isinstance(report, Report) and report.failed == 0 for report in reports), reports
    house_of_its_own.everything_was_raised_once()


def test_a_holder_frozen_between_batches_thaws_too_late(house_of_its_own: House) -> None:
    """It is frozen after two batches; its claim runs out, another does the rest; then it wakes, and may not write."""
    house, thawed, frozen = house_of_its_own, threading.Event(), threading.Event()
    asked = []

    def freeze() -> bool:
        asked.append(1)
        if len(asked) == 3:
            frozen.set()
            thawed.wait(PATIENCE)
        return False

    def hold() -> Report:
        return house.sweep("2026-03-12", stopping=freeze)

    def take_over() -> Report:
        frozen.wait(PATIENCE)
        house.at += LEASE
        try:
            return house.sweep("2026-03-12")
        finally:
            thawed.set()

    late, successor = at_once(hold, take_over)
    assert isinstance(late, ClaimLost)
    assert isinstance(successor, Report)
    assert successor.failed == 0
    house.everything_was_raised_once()


def test_a_holder_frozen_inside_a_batch_keeps_nothing_of_it(
    house_of_its_own: House, request: pytest.FixtureRequest
) -> None:
    """On PostgreSQL another can work meanwhile; on SQLite it waits, and then finds less to do."""
    house, frozen, thawed = house_of_its_own, threading.Event(), threading.Event()
    longest = 1.0 if request.config.getoption("--database") == "sqlite" else PATIENCE

    def slow(work: Work, ids: Sequence[int]) -> None:
        if not frozen.is_set():
            frozen.set()
            thawed.wait(longest)
        schedule.SWEEP.do(work, ids)

    def hold() -> Report:
        with house.app.app_context():
            return jobs.run(replace(schedule.SWEEP, do=slow, batch=7), house.portal, "2026-03-12")

    def take_over() -> Report:
        frozen.wait(PATIENCE)
        house.at += LEASE
        try:
            return house.sweep("2026-03-12")
        finally:
            thawed.set()

    late, successor = at_once(hold, take_over)
    assert isinstance(late, ClaimLost | Report)
    assert isinstance(successor, Report)
    house.everything_was_raised_once()


def test_two_schedulers_and_the_one_that_leads_falls_silent(house_of_its_own: House) -> None:
    """Both tick; the first one stops renewing its lease, and the second leads within its length."""
    house = house_of_its_own
    first, second = (Serving(house.app, house.portal, [schedule.SWEEP]) for _ in range(2))
    first.renew()
    second.renew()
    assert (first.led, second.led) == (True, False)
    second.tick(schedule.SWEEP)
    assert house.raised()[2] == 0
    house.at += timedelta(seconds=20)
    second.renew()
    assert second.led
    at_once(lambda: first.tick(schedule.SWEEP), lambda: second.tick(schedule.SWEEP))
    house.everything_was_raised_once()


def test_a_scheduler_runs_what_is_due_and_stops_when_asked(house_of_its_own: House) -> None:
    house = house_of_its_own
    serving = Serving(house.app, house.portal, [schedule.SWEEP])
    serving.start()
    end = time.monotonic() + PATIENCE
    while serving.settled.get(schedule.SWEEP.name) is None and time.monotonic() < end:
        time.sleep(0.05)
    serving.stop()
    house.everything_was_raised_once()
    with house.app.app_context():
        assert Leadership().keep(house.at), "the lead is given up at the end"
