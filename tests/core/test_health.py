"""`/healthz`: what it says, and that it says it with the right code."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, update

from ehe_portal import schedule
from ehe_portal.accounts.policy import Role
from ehe_portal.core import db, health, jobs
from ehe_portal.core.health import COUNTED_ANEW_AFTER, Remembered
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

Ask = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(client_as: Callable[..., LintingClient], village: Village, clock: Clock) -> Ask:
    """Opens the page as a visitor, long enough after the last time for everything to be counted anew."""

    def open_page() -> tuple[int, dict[str, Any]]:
        clock.at += COUNTED_ANEW_AFTER
        answer = client_as(None).get("/healthz")
        return answer.status_code, answer.get_json()

    return open_page


@pytest.fixture
def all_seen(village: Village, work: Work) -> None:
    """Zoe has been with the team for long; now she has an adviser, and nobody is out of sight."""
    zoe = village["Zoe"].episodes[0]
    zoe.adviser_id = village.stranger[Role.ADVISER].id
    work.session.commit()


@pytest.fixture
def well(house: Portal, village: Village, clock: Clock, all_seen: None) -> None:
    jobs.run(schedule.SWEEP, house)
    with db.new_session(writing=True) as session:
        session.execute(update(OutgoingMessage).values(sent_at=clock.at))
        session.commit()


def test_all_is_well(ask: Ask, well: None) -> None:
    status, said = ask()
    assert (status, said["status"], said["problems"]) == (200, "ok", [])
    assert said["database"] == "reachable"
    assert said["schema"] == "at head"
    assert said["sweep"]["last_run"] == "2026-03-12T12:00:00+00:00"
    assert said["sweep"]["late_minutes"] == 0
    assert said["oldest_unsent"] is None
    assert said["children_out_of_sight"] == 0


def test_a_new_portal_has_not_swept(ask: Ask, all_seen: None) -> None:
    status, said = ask()
    assert (status, said["problems"]) == (503, ["The sweep has never run"])


def test_a_message_that_waits_is_a_problem(ask: Ask, house: Portal, all_seen: None, clock: Clock) -> None:
    jobs.run(schedule.SWEEP, house)
    assert ask()[0] == 200
    clock.at += timedelta(minutes=16)
    status, said = ask()
    assert status == 503
    assert "since 2026-03-12 12:00 UTC" in said["problems"][0]
    assert "@" not in str(said), "nobody's address"


def test_a_case_that_the_sweep_could_not_do_is_a_problem(
    ask: Ask, house: Portal, all_seen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ehe_portal.notices import queries

    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(queries, "adviser_ids", broken)
    jobs.run(schedule.SWEEP, house)
    status, said = ask()
    assert status == 503
    assert said["problems"] == ["Cases that the last sweep could not do: 2. They are tried again"]


def test_an_older_schema_is_a_problem(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.alembic, "is_current", lambda _: False)
    status, said = ask()
    assert (status, said["schema"]) == (503, "behind")


def test_a_database_out_of_reach_is_a_problem(ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(db.db.engines, "default", create_engine("sqlite:////nowhere/at/all.db"))
    status, said = ask()
    assert (status, said["database"]) == (503, "out of reach")


def test_the_count_is_made_at_most_once_a_minute(work: Work) -> None:
    asked = []

    def count(_: Work) -> int:
        asked.append(1)
        return len(asked)

    remembered = Remembered(count)
    assert [remembered(work), remembered(work)] == [1, 1]
    work.at += COUNTED_ANEW_AFTER
    assert remembered(work) == 2
    work.at -= timedelta(hours=1)
    assert remembered(work) == 3
    assert health.report(work, schedule.SWEEP, remembered).found["children_out_of_sight"] == 3
