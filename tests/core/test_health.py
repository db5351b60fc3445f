"""`/healthz`: what it says, and that it says it with the right code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, select, update

from ehe_portal import schedule
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Role
from ehe_portal.core import db, health, jobs
from ehe_portal.core.health import COUNTED_ANEW_AFTER, Checkup, InSight, Remembered
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from tests.conftest import NOON, Clock
from tests.pages import LintingClient
from tests.village import Village

Ask = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(client_as: Callable[..., LintingClient], village: Village, clock: Clock) -> Ask:
    """Opens the page as a visitor, long enough after the last time for everything to be counted anew."""
    now = clock.at
    clock.at += timedelta(days=1000)  # what an earlier test left behind is forgotten
    client_as(None).get("/healthz")
    clock.at = now

    def open_page() -> tuple[int, dict[str, Any]]:
        clock.at += COUNTED_ANEW_AFTER
        answer = client_as(None).get("/healthz")
        return answer.status_code, answer.get_json()

    return open_page


def test_all_is_well(ask: Ask, well: None) -> None:
    status, said = ask()
    assert (status, said["status"], said["problems"]) == (200, "ok", [])
    assert said["database"] == "reachable"
    assert said["schema"] == "at head"
    assert said["sweep"]["last_run"] == "2026-03-12T12:00:00+00:00"
    assert said["sweep"]["late_minutes"] == 0
    assert said["oldest_unsent"] is None
    assert said["children_out_of_sight"] == 0


def test_a_new_portal_has_not_swept(ask: Ask, all_seen: None, house: Portal, leads: Callable[[], None]) -> None:
    for job in schedule.JOBS:
        if job is not schedule.SWEEP:
            jobs.run(job, house)
    leads()
    status, said = ask()
    assert status == 503
    (problem,) = said["problems"]
    assert problem.startswith("The sweep has never run. See that flask jobs serve runs")


def test_a_message_that_waits_is_a_problem(
    ask: Ask, house: Portal, well: None, clock: Clock, leads: Callable[[], None], late_message: None
) -> None:
    assert ask()[0] == 200
    clock.at += timedelta(minutes=13)
    leads()
    assert ask()[0] == 200, "15 minutes are allowed"
    clock.at += timedelta(minutes=1)
    leads()
    status, said = ask()
    assert status == 503
    assert "1 message waits to be sent, the oldest since 12 March 2026, midday" in str(said["problems"])
    assert "@" not in str(said), "nobody's address"


def test_an_alert_tried_in_vain_is_a_problem(ask: Ask, well: None, late_message: None) -> None:
    with db.new_session(writing=True) as session:
        waiting = update(OutgoingMessage).where(OutgoingMessage.sent_at.is_(None))
        session.execute(waiting.values(topic="escalation", last_problem="SMTPRecipientsRefused 550"))
        session.commit()
    status, said = ask()
    assert (status, said["undeliverable_alerts"]) == (503, 1)
    assert "1 alert could not be delivered yet. Tell those people yourself" in said["problems"][0]


def test_alerts_in_a_digest_that_cannot_leave_are_a_problem(
    ask: Ask, well: None, late_message: None, work: Work
) -> None:
    """Each is an alert of its own, though it is the digest that is tried."""
    with db.new_session(writing=True) as session:
        waiting = session.scalars(select(OutgoingMessage).where(OutgoingMessage.sent_at.is_(None))).one()
        written = {
            one.name: getattr(waiting, one.name) for one in OutgoingMessage.__table__.columns if one.name != "id"
        }
        carried = {"topic": "escalation", "carried_by_id": waiting.id, "last_problem": "SMTPServerDisconnected"}
        keys = [{"idempotency_key": key, "message_id": f"<{key}@wessex.invalid>"} for key in ("one", "two")]
        session.execute(insert(OutgoingMessage), [written | carried | key for key in keys])
        session.commit()
    status, said = ask()
    assert (status, said["unsent"], said["undeliverable_alerts"]) == (503, 1, 2)


def test_a_case_that_the_sweep_could_not_do_is_a_problem(
    ask: Ask, house: Portal, village: Village, well: None, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    from ehe_portal.notices import queries

    def broken(*_: object) -> None:
        raise LookupError("Cleo Dunn")

    monkeypatch.setattr(queries, "adviser_ids", broken)
    clock.at += timedelta(days=8)  # Cleo lapses
    jobs.run(schedule.SWEEP, house)
    status, said = ask()
    assert status == 503
    (problem,) = [one for one in said["problems"] if "sweep" in one]
    assert problem.startswith("Cases that the last sweep could not do: 1. They are tried again")
    assert "LookupError, reference" in problem
    assert "Cleo" not in str(said)


def test_nobody_leading_is_a_problem_after_a_minute_of_grace(ask: Ask, well: None, clock: Clock) -> None:
    clock.at += timedelta(seconds=9)
    assert ask()[0] == 200
    status, said = ask()
    assert status == 503
    (problem,) = said["problems"]
    assert problem.startswith("No process runs the jobs since 12 March 2026")
    assert problem.endswith("flask jobs serve")


def test_a_job_that_is_late_or_fails_is_named(
    ask: Ask, house: Portal, well: None, clock: Clock, leads: Callable[[], None]
) -> None:
    def broken(_: Work, __: object) -> None:
        raise LookupError

    sending = replace(next(job for job in schedule.JOBS if job.name == "send-messages"), do=broken)
    sending = replace(sending, find=lambda _: select(Authority.id).limit(1))
    clock.at += timedelta(hours=25)
    for tried in range(3):
        leads()
        said = ask()[1]
        assert ("jobs that fail: send-messages" in str(said).lower()) == (tried > 2), "one bad minute is none"
        jobs.run(sending, house)
    leads()
    said = ask()[1]
    assert "jobs that fail: send-messages. See flask jobs status" in str(said["problems"]).replace("Jobs", "jobs")
    clock.at += timedelta(hours=1)
    leads()
    assert "did not run in time: close-over-age, follow-policy" in str(ask()[1]["problems"])


def test_a_clock_that_is_doubted_is_a_problem(ask: Ask, well: None, clock: Clock) -> None:
    clock.at -= timedelta(days=1)
    status, said = ask()
    assert status == 503
    refused = [one for one in said["problems"] if one.startswith("Jobs are refused: the clock says 2026-03-11")]
    assert len(refused) == 1
    assert "Set the clock right. If the clock is right, run once by hand: flask jobs run close-over-age" in refused[0]


def test_an_escalation_that_nobody_can_be_told_of_is_a_problem(ask: Ask, village: Village, well: None) -> None:
    told = (Role.CME_OFFICER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE)
    with db.new_session(writing=True) as session:
        session.execute(update(Account).where(Account.role.in_(told)).values(is_active=False))
        session.commit()
    status, said = ask()
    assert status == 503
    assert "Escalations wait that nobody can be told of, in 2 authorities" in said["problems"][0]


def test_a_lapse_without_its_escalation_is_a_problem(ask: Ask, well: None) -> None:
    with db.new_session(writing=True) as session:
        closed = {"state": State.CLOSED, "closed_at": NOON}
        session.execute(update(Escalation).values(closed))
        session.commit()
    status, said = ask()
    assert (status, said["lapses_without_escalation"]) == (503, 2)


def test_bank_holidays_that_end_are_a_problem(clock: Clock) -> None:
    assert not health.bank_holidays(date(2027, 12, 30)).wrong
    assert health.bank_holidays(date(2027, 12, 31)).complaint == (
        "Bank holidays are known until 31 December 2028. Upgrade the portal"
    )


def test_an_older_schema_is_a_problem(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.alembic, "is_current", lambda _: False)
    status, said = ask()
    assert (status, said["schema"]) == (503, "behind")
    assert said["problems"] == ["The schema is not that of this version. Run: flask db upgrade"]


def test_a_database_out_of_reach_is_a_problem(ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(db.db.engines, "default", create_engine("sqlite:////nowhere/at/all.db"))
    status, said = ask()
    assert (status, said["database"]) == (503, "out of reach")


def test_the_count_is_made_at_most_once_a_minute(work: Work) -> None:
    asked = []

    def count(_: Work) -> InSight:
        asked.append(1)
        return InSight(len(asked))

    remembered = Remembered(count)
    assert [remembered(work), remembered(work)] == [InSight(1), InSight(1)]
    work.at += COUNTED_ANEW_AFTER
    assert remembered(work) == InSight(2)
    work.at -= timedelta(hours=1)
    assert remembered(work) == InSight(3)
    checkup = Checkup(schedule.JOBS, schedule.SWEEP.name, count)
    assert checkup(work, remembered).in_sight == InSight(3)
