"""Two real scheduler processes, killed without warning in the midst of a sweep over thousands of lapses."""

import csv
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from ehe_portal.core.days import london_date
from tests.journeys.running import BIN, Mailbox, RunningPortal, environment_for, free_port, until

SILENT = 2_600
OFFICERS = ("first.officer@wessex.example", "second.officer@wessex.example", "third.officer@wessex.example")


@dataclass
class Silence:
    """A portal in which thousands of families have not been heard from for weeks, and nothing has run yet."""

    portal: RunningPortal
    engine: Engine
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    def raised(self) -> int:
        return int(str(self.ask("SELECT count(*) FROM escalation")[0][0]))

    def spawn(self, processes: int = 2) -> None:
        while len(self.running) < processes:
            self.running.append(self.portal.spawn(str(BIN / "flask"), "jobs", "serve"))

    def kill(self, *victims: subprocess.Popen[bytes]) -> None:
        for victim in victims:
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait(10)
            self.running.remove(victim)

    def goes_on(self, before: int) -> bool:
        return self.raised() > before or self.is_over()

    def is_over(self) -> bool:
        finished = "SELECT count(*) FROM job_run WHERE job = 'lapse-overdue-contact' AND finished_at IS NOT NULL"
        return bool(self.ask(finished)[0][0])


@pytest.fixture
def silence(
    request: pytest.FixtureRequest, new_database: Callable[[], str], mailbox: tuple[Mailbox, int], tmp_path: Path
) -> Iterator[Silence]:
    """With as many silent families as the test asks for."""
    families: int = request.param
    database = new_database()
    environment = environment_for(database, tmp_path, mailbox[1], free_port())
    portal = RunningPortal(environment["PORTAL_URL"], mailbox[0], environment)
    portal.flask("db", "upgrade")
    portal.flask("authority", "add", "838", "Wessex Council")
    for officer in OFFICERS:
        portal.flask("accounts", "add", officer, "--name", "An Officer", "--role", "cme-officer")
    today = london_date(datetime.now(UTC))
    with (tmp_path / "register.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["child_ref", "legal_forename", "legal_surname", "date_of_birth", "address", "opened_on"])
        for number in range(families):
            born = date(today.year - 10, 1 + number % 12, 1 + number % 28)
            opened_on = today - timedelta(days=60 + number % 30)
            rows.writerow([f"S{number}", "Some", "Child", born, f"{number} Quiet Lane, Sturminster", opened_on])
    portal.flask("register", "import", str(tmp_path / "register.csv"))
    engine = create_engine(database)
    made = Silence(portal, engine)
    yield made
    for process in made.running:
        process.send_signal(signal.SIGTERM)
    for process in made.running:
        process.wait(30)
    engine.dispose()


@pytest.mark.parametrize("silence", [SILENT], indirect=True)
def test_killed_at_random_everything_is_raised_once_and_each_officer_alerted_once(silence: Silence) -> None:
    chance = random.Random(20261025)
    silence.spawn()
    seen, killed_at = 0, list[int]()
    for _ in range(2):  # both at once, as soon as a batch has been saved
        until(partial(silence.goes_on, seen), "the sweep to go on")
        time.sleep(chance.random() * 0.3)
        silence.kill(*silence.running)
        seen = silence.raised()
        killed_at.append(seen)
        silence.spawn()
    for _ in range(2):  # one of the two, whenever
        time.sleep(chance.random() * 4)
        silence.kill(chance.choice(silence.running))
        silence.spawn()
    until(silence.is_over, "the sweep to end")

    episodes = Counter(row[0] for row in silence.ask("SELECT episode_id FROM escalation"))
    assert len(episodes) == SILENT
    assert 0 < killed_at[0] < SILENT, "killed in the midst"
    assert set(episodes.values()) == {1}
    told = Counter(silence.ask("SELECT topic_id, to_address FROM outgoing_message WHERE topic = 'escalation'"))
    assert len(told) == SILENT * len(OFFICERS)
    assert set(told.values()) == {1}
    entries = silence.ask("SELECT count(*) FROM audit_entry WHERE kind = 'EscalationRaised'")
    assert entries == [(SILENT,)]
    lapsed = silence.ask("SELECT count(*) FROM contact_clock WHERE lapsed_on IS NOT NULL")
    assert lapsed == [(SILENT,)]

    late = silence.ask("SELECT max(should_have_risen_on), min(raised_on) FROM escalation")[0]
    risen, raised = (date.fromisoformat(str(day)) for day in late)
    assert raised - risen > timedelta(days=10), "nothing had run for all that time, and each says when it should have"

    before = silence.raised()
    silence.portal.flask("jobs", "run", "lapse-overdue-contact")
    assert silence.raised() == before

    until(lambda: len(silence.portal.mailbox.letters) > 50, "the first alerts to leave")
    alerts = [letter for letter in silence.portal.mailbox.letters if "Contact lapse" in str(letter["Subject"])]
    by_id = {str(letter["Message-ID"]): (letter["To"], letter["Subject"]) for letter in alerts}
    assert len(by_id) == len(set(by_id.values())), "one that left twice left under the same Message-ID"


@pytest.mark.parametrize("silence", [20], indirect=True)
def test_the_other_takes_over_in_seconds_and_a_stop_is_clean(silence: Silence) -> None:
    def leader() -> list[tuple[object, ...]]:
        return silence.ask("SELECT holder FROM job_leader")

    silence.spawn(1)
    until(silence.is_over, "the sweep to end")
    first = leader()
    silence.spawn(2)
    time.sleep(4)
    assert leader() == first, "the second stands by"
    silence.kill(silence.running[0])
    began = time.monotonic()
    until(lambda: leader() != first, "the second to lead")
    assert time.monotonic() - began < 20
    (second,) = silence.running
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    silence.running.clear()
    silence.spawn(1)
    began = time.monotonic()
    follower = leader()
    until(lambda: leader() != follower, "a third to lead")
    assert time.monotonic() - began < 8, "who stops gives up the lead, so that nobody waits for it to run out"
