"""Row 12: somebody holds what others need locked, or the database is slow: a time limit, no pile-up, nothing lost."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from ehe_portal import schedule
from ehe_portal.app import create_app
from ehe_portal.core import db, jobs
from ehe_portal.core.jobs.runner import DatabaseInTrouble
from tests.conftest import settings_for
from tests.faults.conftest import FEW, Open
from tests.faults.stage import SWEEP, Council
from tests.faults.test_row_08_disks import sign_up
from tests.pages import LintingClient

A_SECOND = 1_000
AT_ONCE = 4


@pytest.fixture
def council(new_council: Open) -> Council:
    return new_council(FEW)


@pytest.fixture
def impatient(council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The portal over that council's database, waiting a second for a lock instead of half a minute."""
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", A_SECOND)
    app = create_app(settings_for(council.database, tmp_path))
    app.test_client_class = LintingClient
    yield app
    with app.app_context():
        db.db.engine.dispose()


@contextmanager
def locking(council: Council, *what: str) -> Iterator[Connection]:
    """Somebody's transaction that does this, and does not end."""
    with council.engine.connect() as connection:
        for statement in what:
            connection.execute(text(statement))
        yield connection
        connection.rollback()


def everything(on_sqlite: bool) -> str:
    """What a writer must wait for: SQLite has one lock, PostgreSQL one for each table."""
    if on_sqlite:
        return "BEGIN IMMEDIATE"
    return "LOCK TABLE contact_clock, outgoing_message, mail_link, job_run IN EXCLUSIVE MODE"


def test_row_12_the_sweep_waits_for_a_lock_and_goes_on(council: Council, on_sqlite: bool) -> None:
    with locking(council, everything(on_sqlite)):
        waiting = council.start("jobs", "run", SWEEP)
        time.sleep(4)
        assert waiting.poll() is None, "it waits"
        assert council.raised() == 0
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)


def test_row_12_requests_give_up_in_words_and_do_not_pile_up(
    council: Council, impatient: Flask, on_sqlite: bool
) -> None:
    with locking(council, everything(on_sqlite)):
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            codes = list(threads.map(lambda number: sign_up(impatient, number), range(AT_ONCE)))
        took = time.monotonic() - began
        assert codes == [503] * AT_ONCE
        assert took < 20, "each has its own limit"
        began = time.monotonic()
        assert impatient.test_client().get("/sign-in").status_code == 200, "whoever reads waits for nobody"
        assert time.monotonic() - began < 5
    assert [sign_up(impatient, number) for number in range(AT_ONCE)] == [302] * AT_ONCE
    assert council.count("outgoing_message") == AT_ONCE, "what was refused left nothing behind"


def test_row_12_a_database_that_nobody_may_write_to_ends_the_run_after_three_cases(
    council: Council, impatient: Flask, on_sqlite: bool
) -> None:
    """It would otherwise wait out its limit for each of thousands."""
    if on_sqlite:
        pytest.skip("SQLite has one lock, which the claim needs first")
    house = impatient.extensions["portal"]
    with locking(council, "LOCK TABLE contact_clock IN EXCLUSIVE MODE"), impatient.app_context():
        began = time.monotonic()
        with pytest.raises(DatabaseInTrouble):
            jobs.run(schedule.SWEEP, house)
        assert time.monotonic() - began < 15
        assert council.raised() == 0
        assert not council.is_swept(), "so that it is taken up again"
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)


def test_row_12_one_row_that_is_held_locked_holds_up_no_other(
    council: Council, impatient: Flask, on_sqlite: bool
) -> None:
    if on_sqlite:
        pytest.skip("SQLite has no locks on rows")
    (held,) = council.ask("SELECT id FROM contact_clock ORDER BY grace_ends, id LIMIT 1")[0]
    with locking(council, f"SELECT id FROM contact_clock WHERE id = {held} FOR UPDATE"), impatient.app_context():
        report = jobs.run(schedule.SWEEP, impatient.extensions["portal"])
        assert (report.done, report.failed) == (FEW - 1, 1)
        code, said = council.watch()
        assert code == 1
        assert "Cases that the last sweep could not do: 1" in said
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)


def test_row_12_a_slow_answer_holds_up_nobody_else(council: Council, impatient: Flask, on_sqlite: bool) -> None:
    """One connection is busy for seconds; the sweep and the pages have their own."""
    if on_sqlite:
        pytest.skip("SQLite answers in the process that asks")
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(council.ask, "SELECT pg_sleep(6)")
        assert impatient.test_client().get("/sign-in").status_code == 200
        with impatient.app_context():
            assert jobs.run(schedule.SWEEP, impatient.extensions["portal"]).done == FEW
        assert not slow.done()
    council.all_raised_once(FEW)
