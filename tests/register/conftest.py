"""What the stories about the register share."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Responsibility
from ehe_portal.core.work import Event, Work
from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.rows import COLUMNS

Told = list[Event]
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
