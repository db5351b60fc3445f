"""What the stories about contact share."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from ehe_portal.accounts.models import Account
from ehe_portal.contact import queries
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.work import Event, Work
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village


@pytest.fixture
def told(work: Work, village: Village) -> list[Event]:
    """Every event about Wessex that the work publishes from here on, in order; empty it to listen anew."""
    heard: list[Event] = []

    def listen(_: Work, events: Sequence[Any]) -> None:
        heard.extend(event for event in events if event.authority_id == village.authority.id)

    work.reactions = {**work.reactions, Event: [*work.reactions.get(Event, ()), listen]}
    return heard


@pytest.fixture
def on(work: Work) -> Callable[[str], Work]:
    """The same work, at noon of another day."""

    def move(day: str) -> Work:
        work.at = datetime.combine(date.fromisoformat(day), time(12), UTC)
        return work

    return move


@pytest.fixture
def clock_of(work: Work) -> Callable[[Child], ContactClock]:
    """A child's running clock as the database has it now."""

    def read(child: Child) -> ContactClock:
        found = queries.clock_of(work, child.id)
        assert found is not None
        return found

    return read


@pytest.fixture
def contact_command(app: Flask, clock: Clock, village: Village, work: Work) -> Callable[..., Result]:
    """Runs `flask contact` about Wessex with these words."""

    def run(command: str, *words: str | Path) -> Result:
        work.session.flush()
        said = [str(word) for word in (command, *words)]
        return app.test_cli_runner().invoke(args=["contact", *said, "--authority", village.authority.code])

    return run


@pytest.fixture
def adviser(village: Village, client_as: Callable[[Account | None], LintingClient]) -> LintingClient:
    return client_as(village.adviser)


@pytest.fixture
def home(village: Village) -> str:
    """The address of Ada's contact pages."""
    return f"/children/{village['Ada'].reference}/contact"
