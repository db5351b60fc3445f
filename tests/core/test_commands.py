"""What every command shares, and `flask jobs`."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select, update

from ehe_portal import schedule
from ehe_portal.accounts.models import Authority
from ehe_portal.core import commands, db, jobs, outbox
from ehe_portal.core.commands import command_work, schema_is_current
from ehe_portal.core.errors import Refusal
from ehe_portal.core.jobs import JobRun
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests.conftest import Clock
from tests.village import Village

Run = Callable[..., Result]


@pytest.fixture
def flask(app: Flask, clock: Clock) -> Run:
    """Runs a `flask` command; what it says goes to two streams."""

    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=list(words))

    return run


@pytest.fixture
def no_longer_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "schema_is_current", lambda _: False)


# command_work


@pytest.fixture
def renaming(app: Flask) -> Any:
    """A command that changes the authority's name and then does as it is told."""
    group = AppGroup("trial")

    @group.command("rename")
    @click.option("--refuse", is_flag=True)
    def rename(refuse: bool) -> None:
        with command_work(writing=True) as work:
            work.session.scalars(select(Authority).where(Authority.code == "838")).one().name = "Elsewhere"
            if refuse:
                raise Refusal("Enter another name")

    return rename


def name_of(work: Work) -> str:
    return work.session.scalars(select(Authority.name).where(Authority.code == "838")).one()


def test_a_refusal_is_said_on_standard_error_and_nothing_is_kept(
    app: Flask, renaming: Any, village: Village, work: Work
) -> None:
    work.session.commit()
    result = app.test_cli_runner().invoke(renaming, ["--refuse"])
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "Enter another name\n")
    assert name_of(work) == "Wessex Council"


def test_what_a_command_does_is_published_or_refused(app: Flask, renaming: Any, village: Village, work: Work) -> None:
    work.session.commit()
    result = app.test_cli_runner().invoke(renaming)
    assert type(result.exception).__name__ == "UnrecordedChange"


def test_the_schema_is_current(app: Flask) -> None:
    assert schema_is_current(db.db.engine)


@pytest.mark.parametrize("words", [("jobs", "run", "send-messages"), ("jobs", "serve")])
def test_an_older_schema_is_said_plainly(flask: Run, no_longer_current: None, words: tuple[str, ...]) -> None:
    result = flask(*words)
    assert result.exit_code == 2
    assert "Run: flask db upgrade" in result.stderr


def test_a_database_out_of_reach_is_said_plainly(flask: Run, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import create_engine

    nowhere = create_engine("sqlite:////nowhere/at/all.db")
    monkeypatch.setitem(db.db.engines, "default", nowhere)
    result = flask("jobs", "watch")
    assert result.exit_code == 1
    assert result.stderr.startswith("The database does not answer. See that it runs")


@pytest.mark.parametrize(
    "words",
    [
        ("accounts", "add", "new@wessex.example", "--name", "\udce9", "--role", "adviser", "--authority", "838"),
        ("authority", "add", "840", "\udce9"),
        ("register", "export", "anywhere.csv", "--authority", "\udce9"),
    ],
)
def test_bytes_that_are_no_text_are_refused(flask: Run, village: Village, work: Work, words: tuple[str, ...]) -> None:
    work.session.commit()
    result = flask(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "UTF-8" in result.stderr


# flask jobs


def test_list_names_every_job_and_its_hour(flask: Run) -> None:
    said = json.loads(flask("jobs", "list", "--json").stdout)
    assert [one["name"] for one in said] == [job.name for job in schedule.JOBS]
    assert {"name": "lapse-overdue-contact", "schedule": "daily at 05:00 in London"} in said
    assert "daily at 05:00 in London" in flask("jobs", "list").stdout


def test_run_counts_on_standard_error(flask: Run, village: Village) -> None:
    result = flask("jobs", "run", "lapse-overdue-contact")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "lapse-overdue-contact: 2 done, 0 failed\n"


def test_run_of_an_unknown_job_is_refused(flask: Run) -> None:
    result = flask("jobs", "run", "sweep-the-floor")
    assert result.exit_code == 2
    assert "lapse-overdue-contact" in result.stderr


def test_run_with_a_broken_case_fails(flask: Run, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    from ehe_portal.notices import queries

    def broken(*_: object) -> None:
        raise LookupError("Ben Carter")

    monkeypatch.setattr(queries, "adviser_ids", broken)
    result = flask("jobs", "run", "lapse-overdue-contact")
    assert result.exit_code == 1
    assert "0 done, 2 failed" in result.stderr
    assert "LookupError, reference " in result.stderr
    assert "Carter" not in result.stderr


def test_status_says_last_next_and_how_late(flask: Run, house: Portal, clock: Clock, village: Village) -> None:
    before = {one["name"]: one for one in json.loads(flask("jobs", "status", "--json").stdout)}
    assert before["lapse-overdue-contact"] == {
        "name": "lapse-overdue-contact",
        "last_run": None,
        "next_run": "2026-03-12T05:00:00+00:00",
        "late_minutes": 420,
        "done": 0,
        "failed": 0,
        "problem": None,
    }
    jobs.run(schedule.SWEEP, house, "2026-03-12")
    clock.at += timedelta(hours=18)
    after = {one["name"]: one for one in json.loads(flask("jobs", "status", "--json").stdout)}
    assert after["lapse-overdue-contact"]["last_run"] == "2026-03-12T12:00:00+00:00"
    assert after["lapse-overdue-contact"]["late_minutes"] == 60
    said = flask("jobs", "status").stdout
    assert "last run 12 March 2026 12:00, next run 13 March 2026 05:00, 60 minutes late, 0 failed" in said


def test_status_says_that_a_clock_is_doubted(flask: Run, house: Portal, clock: Clock, village: Village) -> None:
    jobs.run(schedule.SWEEP, house, "2026-03-12")
    clock.at -= timedelta(days=1)
    assert "(the clock says 2026-03-11 12:00 UTC, but lapse-overdue-contact" in flask("jobs", "status").stdout


# flask jobs watch


def test_watch_is_content_when_all_is_well(flask: Run, well: None) -> None:
    result = flask("jobs", "watch")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_watch_says_more_than_it_fails_for(flask: Run, well: None, clock: Clock) -> None:
    """Nobody leads and the minute's jobs are late, but the sweep is recent, no message waits, no child is lost."""
    clock.at += timedelta(hours=1)
    result = flask("jobs", "watch")
    assert "No process runs the jobs since" in result.stderr
    late = "tell-of-missed-check-ins, scan-files, post-letters, send-messages"
    assert f"Jobs that did not run in time: {late}" in result.stderr
    assert (result.exit_code, result.stdout) == (0, "")


def test_watch_minds_a_sweep_that_left_cases_undone(flask: Run, well: None) -> None:
    with db.new_session(writing=True) as session:
        session.execute(update(JobRun).where(JobRun.job == schedule.SWEEP.name).values(failed=1, problem="KeyError"))
        session.commit()
    assert flask("jobs", "watch").exit_code == 1


def test_watch_minds_a_sweep_that_never_ran(flask: Run, village: Village) -> None:
    result = flask("jobs", "watch")
    assert result.exit_code == 1
    assert "The sweep has never run" in result.stderr


def test_watch_minds_a_sweep_of_26_hours_ago(flask: Run, well: None, clock: Clock) -> None:
    clock.at += timedelta(hours=25, minutes=59)
    assert "sweep" not in flask("jobs", "watch").stderr
    clock.at += timedelta(minutes=1)
    result = flask("jobs", "watch")
    assert result.exit_code == 1
    assert "The last sweep ended on 12 March 2026, midday, not within 26 hours" in result.stderr


def test_watch_minds_a_sweep_that_began_and_did_not_end(flask: Run, well: None) -> None:
    with db.new_session(writing=True) as session:
        session.execute(update(JobRun).values(finished_at=None))
        session.commit()
    assert "never run" in flask("jobs", "watch").stderr


def test_watch_minds_a_message_of_16_minutes(
    flask: Run, well: None, leads: Callable[[], None], work: Work, village: Village, clock: Clock
) -> None:
    row = outbox.row(
        work, authority_id=village.authority.id, to="a@wessex.example", template="known-address", context={}, key="one"
    )
    outbox.put(work, [row])
    work.session.commit()
    clock.at += timedelta(minutes=15)
    leads()
    assert flask("jobs", "watch").exit_code == 0
    clock.at += timedelta(minutes=1)
    result = flask("jobs", "watch")
    assert result.exit_code == 1
    assert "1 message waits to be sent, the oldest since 12 March 2026, midday" in result.stderr


def test_watch_minds_a_child_out_of_sight(flask: Run, well: None, village: Village, work: Work) -> None:
    from ehe_portal.contact.models import ContactClock

    work.session.execute(
        update(ContactClock).where(ContactClock.child_id == village["Ada"].id).values(is_running=False)
    )
    work.session.commit()
    result = flask("jobs", "watch")
    assert result.exit_code == 1
    assert "Children out of sight: 1" in result.stderr
