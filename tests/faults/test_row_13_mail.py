"""Row 13: the mail server refuses, answers 4xx, hangs, dies; the sender is killed. Alerts stand, and leave at last."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core import jobs, mail
from ehe_portal.core.jobs.leader import Leadership
from ehe_portal.core.web import Portal
from tests.conftest import Clock
from tests.faults.conftest import Open
from tests.faults.stage import OFFICERS, SENDING, SWEEP
from tests.faults.tally import Tally
from tests.notices.mailserver import MailServer, Mood
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
SEND = next(job for job in schedule.JOBS if job.name == SENDING)

EACH_BY_ITSELF = 18
"""Lapses of which nobody gets a digest: their alerts leave one by one."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood not in (Mood.KIND, Mood.DIES_AFTER_250)])
def test_row_13_alerts_that_cannot_leave_stand_in_red_and_leave_once_they_can(
    app: Flask, house: Portal, village: Village, clock: Clock, client_as: ClientAs, server: MailServer, tally: Tally,
    monkeypatch: pytest.MonkeyPatch, mood: Mood,
) -> None:  # fmt: skip
    monkeypatch.setattr(app.extensions["mail"], "server", "127.0.0.1")
    monkeypatch.setattr(app.extensions["mail"], "port", server.port)
    monkeypatch.setattr(mail, "STEP_SECONDS", 0.3)
    for job in schedule.JOBS:
        jobs.run(job, house) if job is not SEND else None
    server.behaves(mood)
    jobs.run(SEND, house)
    assert mood is Mood.HANGS_LATE or server.letters == []

    officer, manager = client_as(village.staff[Role.CME_OFFICER]), village.staff[Role.CME_MANAGER]
    queue = officer.get("/escalations").text
    assert "Contact was due on 15 January 2026" in queue, "the escalation stands whatever becomes of the mail"
    assert "Some alerts could not be delivered yet" in queue
    assert "alerts could not be delivered yet.</p>" in queue, "in words, at the escalation itself"

    clock.at += timedelta(minutes=16)
    Leadership().keep(clock.at)
    said = client_as(manager).get("/health").text
    assert "could not be delivered yet" in said
    answer = client_as(None).get("/healthz")
    assert answer.status_code == 503
    assert "since 12 March 2026, midday" in str(answer.get_json()["problems"]), "15 minutes are over"

    server.behaves(Mood.KIND)
    server.letters.clear()
    for _ in range(4):
        clock.at += timedelta(minutes=10)
        jobs.run(SEND, house)
    ids = Counter(str(letter["Message-ID"]) for letter in server.letters)
    alerts = [letter for letter in server.letters if "Contact lapse" in str(letter["Subject"])]
    whom = Counter((str(letter["To"]), str(letter["Subject"])) for letter in alerts)
    assert set(ids.values()) == {1}
    assert set(whom.values()) == {1}
    tally.add("mail faults survived")
    tally.add("duplicates", sum(ids.values()) - len(ids))
    assert "could not be delivered yet" not in client_as(village.staff[Role.CME_OFFICER]).get("/escalations").text


def test_row_13_killed_while_sending_every_alert_arrives_and_a_second_copy_has_the_same_message_id(
    new_council: Open, server: MailServer
) -> None:
    """Between the server's 250 and the note that it was sent nothing can be exactly once: rather twice than never."""
    council = new_council(EACH_BY_ITSELF, mail_port=server.port)
    council.flask("jobs", "run", SWEEP)
    chance = random.Random(13)
    expected = EACH_BY_ITSELF * len(OFFICERS)
    server.mood = slowly
    rounds = 0
    while council.count("outgoing_message WHERE sent_at IS NULL"):
        rounds += 1
        assert rounds < 30
        process = council.start("jobs", "run", SENDING)
        arrived = len(server.letters)
        while len(server.letters) < arrived + 5 + rounds * 3 and process.poll() is None:
            time.sleep(0.01)
        if process.poll() is None and rounds < 4:
            time.sleep(chance.random() * 0.05)
            council.kill(process)
        council.flask("jobs", "run", SENDING)  # what a killed sender had taken is left alone until its lease is over
        with council.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE outgoing_message SET next_try_at = created_at WHERE sent_at IS NULL")
    by_id = Counter(str(letter["Message-ID"]) for letter in server.letters)
    by_reader = {(str(letter["To"]), str(letter["Subject"])) for letter in server.letters}
    assert len(by_id) == len(by_reader) == expected, "every alert arrived"
    assert sum(by_id.values()) - expected <= 4, "one copy more for each kill at most; the reader's server can tell"
    council.tally.add("losses", expected - len(by_id))
    council.tally.add("copies under one Message-ID", sum(by_id.values()) - expected)
    council.all_raised_once(EACH_BY_ITSELF)


def slowly(_: str) -> Mood:
    time.sleep(0.01)
    return Mood.KIND
