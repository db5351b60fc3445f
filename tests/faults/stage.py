"""A council's portal as real processes, in which families have fallen silent; and what must hold after any fault."""

import json
import os
import shutil
import signal
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from ehe_portal.core.settings import ROOT
from tests import postgres
from tests.faults.tally import Tally
from tests.journeys.running import BIN, until
from tests.nursery import Nursery, Running, wait_for

OFFICERS = ("first.officer@wessex.example", "second.officer@wessex.example", "third.officer@wessex.example")
SWEEP = "lapse-overdue-contact"
SENDING = "send-messages"
HEADINGS = ("child_ref", "legal_forename", "legal_surname", "date_of_birth", "address", "opened_on")


def silent_family(number: int, opened_on: date) -> dict[str, str]:
    """A line of the register: a child known since a day, of whom nothing has been heard since."""
    born = date(opened_on.year - 10, 1 + number % 12, 1 + number % 28)
    address = f"{number} Quiet Lane, Sturminster"
    return dict(zip(HEADINGS, (f"S{number}", "Some", "Child", str(born), address, str(opened_on)), strict=True))


def long_silent(how_many: int, today: date) -> list[dict[str, str]]:
    """Families who should have been heard from weeks ago."""
    return [silent_family(number, today - timedelta(days=60 + number % 30)) for number in range(how_many)]


class FakedClock:
    """The clock of every process of one nursery: a file that is looked at each time the hour is asked."""

    def __init__(self, says: Path) -> None:
        self.says = says
        self.set(datetime.now(UTC))

    def set(self, moment: datetime) -> None:
        """Let it be this moment now, and go on from there."""
        ahead = (moment - datetime.now(UTC)).total_seconds()
        new = self.says.with_suffix(".new")
        new.write_text(f"{ahead:+.0f}\n", encoding="ascii")
        new.replace(self.says)


class Started(subprocess.Popen[bytes]):
    """A program started anew, which a tool can be put before; what it says goes to a file."""

    def __init__(self, command: list[str], environment: dict[str, str], said: Path) -> None:
        self.said = said
        with said.open("ab") as output:
            super().__init__(
                command, cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output,
            )  # fmt: skip

    def output(self) -> str:
        """What it has said so far."""
        return self.said.read_text(encoding="utf-8", errors="replace")


@dataclass
class Council:
    """One authority with three CME officers, in a database of its own."""

    database: str
    environment: dict[str, str]
    engine: Engine
    tally: Tally
    nursery: Nursery
    folder: Path
    running: list[Running] = field(default_factory=list)

    # Asking

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    def count(self, of: str) -> int:
        return int(str(self.ask(f"SELECT count(*) FROM {of}")[0][0]))

    def raised(self) -> int:
        return self.count("escalation")

    def is_swept(self, slot: str | None = None) -> bool:
        which = "" if slot is None else f" AND slot = '{slot}'"
        return bool(self.count(f"job_run WHERE job = '{SWEEP}' AND finished_at IS NOT NULL{which}"))

    # Running

    def flask(
        self, *words: str, expect: int | None = 0, before: Sequence[str] = (), also: dict[str, str] | None = None
    ) -> tuple[int, str]:  # fmt: skip
        """Run a `flask` command, under a tool (`before`) or with more environment (`also`); its code and its words."""
        process = self.start(*words, before=before, also=also)
        code = wait_for(process, 120)
        self.running.remove(process)
        said = process.output()
        assert expect is None or code == expect, (words, code, said[-3000:])
        return code, said

    def start(self, *words: str, before: Sequence[str] = (), also: dict[str, str] | None = None) -> Running:
        """Start a `flask` command and leave it to itself, in a session of its own."""
        said = self.folder / f"said-{uuid.uuid4().hex[:8]}.txt"
        environment = self.environment | (also or {})
        process: Running
        if before:
            process = Started([*before, str(BIN / "flask"), *words], environment, said)
        else:
            process = self.nursery.start(words, environment, said)
        self.running.append(process)
        return process

    def serve(self, also: dict[str, str] | None = None) -> Running:
        return self.start("jobs", "serve", also=also)

    def kill(self, *victims: Running) -> None:
        """SIGKILL: nothing is said, nothing is tidied."""
        for victim in victims:
            os.kill(victim.pid, signal.SIGKILL)
            wait_for(victim, 10)
            self.running.remove(victim)
            self.tally.add("kills survived")

    def stop(self, process: Running) -> int:
        """SIGTERM, as an operator would; its exit code."""
        os.kill(process.pid, signal.SIGTERM)
        code = wait_for(process, 40)
        self.running.remove(process)
        return code

    def end(self) -> None:
        """Stop whatever runs still."""
        for process in self.running:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
        for process in self.running:
            wait_for(process, 20)
        self.running.clear()
        self.engine.dispose()

    # What must hold

    def watch(self, also: dict[str, str] | None = None) -> tuple[int, str]:
        """What the watch from outside says, and its exit code."""
        return self.flask("jobs", "watch", expect=None, also=also)

    def waits_for_the_sweep(self, patience: float = 60) -> None:
        until(self.is_swept, "the sweep to end", patience)

    def all_raised_once(self, silent: int) -> None:
        """Each silent family once: lapse, escalation, audit entry, an alert to each officer. Nothing lost or torn."""
        per_episode = Counter(row[0] for row in self.ask("SELECT episode_id FROM escalation"))
        alerts = Counter(self.ask("SELECT topic_id, to_address FROM outgoing_message WHERE topic = 'escalation'"))
        entries = self.count("audit_entry WHERE kind = 'EscalationRaised'")
        lapsed = self.count("contact_clock WHERE lapsed_on IS NOT NULL")
        duplicates = sum(number - 1 for number in (*per_episode.values(), *alerts.values()))
        losses = silent - len(per_episode) + silent * len(OFFICERS) - len(alerts)
        for what, number in (("lapses raised", len(per_episode)), ("alerts written", len(alerts))):
            self.tally.add(what, number)
        self.tally.add("duplicates", duplicates)
        self.tally.add("losses", losses)
        assert (duplicates, losses) == (0, 0), (len(per_episode), len(alerts))
        assert (entries, lapsed) == (silent, silent)
        self.is_whole()

    def is_whole(self) -> None:
        """The file of a SQLite database is sound, and every reference leads somewhere."""
        if self.engine.dialect.name == "sqlite":
            assert self.ask("PRAGMA integrity_check") == [("ok",)]
            assert self.ask("PRAGMA foreign_key_check") == []

    def doctor(self) -> dict[str, Any]:
        """What `flask register doctor` finds."""
        found: dict[str, Any] = json.loads(self.flask("register", "doctor", "--json", expect=None)[1])
        return found


def ran(nursery: Nursery, environment: dict[str, str], *words: str) -> tuple[int, str]:
    """A `flask` command to its end: its exit code and its words."""
    done = nursery.run(words, environment)
    return done.returncode, done.stdout + done.stderr


def plain_engine(database: str) -> Engine:
    """Asks without keeping a connection, and waits for nobody long."""
    arguments = {"timeout": 20} if database.startswith("sqlite") else {"connect_timeout": 5}
    return create_engine(database, poolclass=NullPool, connect_args=arguments)


@contextmanager
def copied(template: str, folder: Path, server: str | None) -> Iterator[str]:
    """A copy of a prepared database, to which nobody may be connected."""
    url = make_url(template)
    if url.get_backend_name() == "sqlite":
        target = folder / "portal.db"
        shutil.copy(str(url.database), target)
        yield f"sqlite:///{target}"
        return
    assert server is not None
    assert url.database is not None
    name = f"faults_{uuid.uuid4().hex[:12]}"
    yield postgres.create_database(server, name, template=url.database)
    postgres.drop_database(server, name)
