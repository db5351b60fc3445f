"""What the stories about the register share."""

import csv
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Responsibility
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, Episode, Registration
from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.rows import COLUMNS
from tests.pages import LintingClient
from tests.village import Village, an_account

Told = list[Event]
As = Callable[[Account], Work]
ClientAs = Callable[[Account | None], LintingClient]
Flask_ = Callable[..., Result]


@pytest.fixture
def told() -> Told:
    """Every event that work made by `as_account` or `listening` publishes, in order."""
    return []


@pytest.fixture
def listening(told: Told) -> Callable[[Work], Work]:
    """Lets a piece of work tell what it publishes."""

    def listen(work: Work) -> Work:
        def hear(_: Work, events: Sequence[Any]) -> None:
            told.extend(events)

        work.reactions = {**work.reactions, Event: [*work.reactions.get(Event, ()), hear]}
        return work

    return listen


@pytest.fixture
def as_account(new_work: Callable[..., Work], listening: Callable[[Work], Work]) -> Callable[[Account], Work]:
    """Makes work of someone who has signed in; it is held until the end, and with it what it read."""
    held: list[Work] = []

    def make(account: Account) -> Work:
        held.append(listening(new_work(account)))
        return held[-1]

    return make


def answers(**changed: Any) -> Answers:
    """What a parent tells us about a child whom nobody knew."""
    told: dict[str, Any] = {
        "legal_forename": "Kit",
        "legal_surname": "Lowe",
        "date_of_birth": date(2016, 4, 9),
        "has_address": True,
        "address_line_1": "7 Quay Street",
        "town": "Poole",
        "postcode": "BH15 1HJ",
        "parent_name": "Mel Lowe",
        "relationship": "Mother",
        "responsibility": Responsibility.YES,
        "phone": "01632 960 001",
        "ehe_started_on": date(2026, 3, 1),
    }
    return Answers(**{**told, **changed})


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """Runs `flask register ...` as a person would."""

    def run(*words: object) -> Result:
        return app.test_cli_runner().invoke(args=["register", *map(str, words)])

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Writes a register.csv: rows with what they need, and whatever a test says."""

    def write(*rows: dict[str, str], columns: Sequence[str] = COLUMNS, name: str = "register.csv") -> Path:
        path = tmp_path / name
        needed = {"legal_surname": "Byrne", "date_of_birth": "05/03/2014", "address": "1 Mill Lane, Leeds",
                  "opened_on": "2024-09-01"}  # fmt: skip
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            for number, row in enumerate(rows):
                own = {"child_ref": f"R-{number}", "legal_forename": f"Child {number}"}
                writer.writerow({**needed, **own, **row})
        return path

    return write


def cells_of(path: Path) -> list[dict[str, str]]:
    """The rows of a file as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def parent(work: Work, village: Village) -> Account:
    """Someone who has just made an account."""
    return an_account(work, village.authority, Role.PARENT, "mel@home.example", "Mel Lowe")


@pytest.fixture
def registration(as_account: As, parent: Account) -> Registration:
    """Kit Lowe, whom nobody knew."""
    return service.submit_registration(as_account(parent), answers())


@pytest.fixture
def adviser(as_account: As, village: Village) -> Work:
    """An adviser at work."""
    return as_account(village.adviser)


def here(work: Work, registration: Registration) -> Registration:
    """The registration, as this work reads it."""
    found = queries.registration_to_check(work, registration.reference)
    assert found is not None
    return found


def child_of(work: Work, child: Child) -> Child:
    found = queries.visible_child(work, child.reference)
    assert found is not None
    return found


def episode_of(work: Work, child: Child) -> Episode:
    found = queries.open_episode(work, child.id)
    assert found is not None
    return found


def clock_of(work: Work, child: Child) -> ContactClock:
    return work.session.scalars(
        select(ContactClock).where(ContactClock.child_id == child.id, ContactClock.is_running)
    ).one()


def kinds(told: Told) -> list[str]:
    return [type(event).__name__ for event in told]


@pytest.fixture
def officer(client_as: ClientAs, village: Village) -> LintingClient:
    """An adviser's browser."""
    return client_as(village.adviser)


def words(response: object) -> str:
    """A page's words, without its marks."""
    text = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").split())
