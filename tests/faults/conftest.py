"""A prepared council for every fault: made once, copied for each test."""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ehe_portal.accounts.policy import Role
from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.days import london_date
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import JOBS, Scope
from tests import postgres
from tests.conftest import SERVER, settings_for
from tests.faults.stage import HEADINGS, OFFICERS, Council, FakedClock, copied, long_silent, plain_engine
from tests.faults.tally import Tally
from tests.faults.tools import faked_clock
from tests.journeys.running import environment_for
from tests.nursery import Nursery
from tests.village import an_account, an_authority

FEW = 24
MANY = 2_600
Families = list[dict[str, str]]
NewDatabase = Callable[[], str]


def prepare(database: str, folder: Path, families: Families, now: datetime | None) -> str:
    """Fill an empty database: schema, authority, officers, and these families by an import at this moment."""
    app = create_app(settings_for(database, folder))
    house = app.extensions["portal"]
    if now is not None:
        house.now = lambda: now
    with app.app_context():
        db.alembic.upgrade()
        work = house.work(JOBS, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            authority = an_authority(work, "838", "Wessex Council")
            for number, address in enumerate(OFFICERS):
                an_account(work, authority, Role.CME_OFFICER, address, f"Officer {number}")
        if families:
            with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
                rows = csv.DictWriter(file, HEADINGS)
                rows.writeheader()
                rows.writerows(families)
            done = app.test_cli_runner().invoke(args=["register", "import", str(folder / "register.csv")])
            assert done.exit_code == 0, done.output
        db.db.engine.dispose()
    return database


def prepare_silent(database: str, folder: Path, silent: int) -> str:
    """Fill an empty database with so many families who have been silent for too long today."""
    return prepare(database, folder, long_silent(silent, london_date(datetime.now(UTC))), None)


@dataclass
class Prepared:
    """Databases that wait to be copied, by how many families are silent in them."""

    new_database: NewDatabase
    make_folder: Callable[[], Path]
    made: dict[int, str]

    def with_silent(self, how_many: int) -> str:
        if how_many not in self.made:
            self.made[how_many] = prepare_silent(self.new_database(), self.make_folder(), how_many)
        return self.made[how_many]


@pytest.fixture(scope="session")
def prepared(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(new_database, lambda: tmp_path_factory.mktemp("prepared"), {})


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    return Tally(record_property)


@pytest.fixture(scope="session")
def faked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nursery, FakedClock]]:
    """A nursery with a clock that the tests set."""
    clock = FakedClock(tmp_path_factory.mktemp("clock") / "says")
    found = Nursery(faked_clock(clock.says))
    yield found, clock
    found.close()


Open = Callable[..., Council]


@pytest.fixture
def open_council(nursery: Nursery, tmp_path: Path, tally: Tally) -> Iterator[Open]:
    """Opens a council over a database; its processes come from the nursery, or from another one."""
    with ExitStack() as stack:

        def make(database: str, *, mail_port: int = 1, born_in: Nursery = nursery) -> Council:
            environment = environment_for(database, tmp_path, mail_port, 1)
            council = Council(database, environment, plain_engine(database), tally, born_in, tmp_path)
            stack.callback(council.end)
            return council

        yield make


@pytest.fixture
def new_council(prepared: Prepared, open_council: Open, tmp_path: Path) -> Iterator[Open]:
    """Opens a council with so many silent families, over a copy of what was prepared."""
    with ExitStack() as stack:

        def make(silent: int = FEW, **more: Any) -> Council:
            template = prepared.with_silent(silent)
            return open_council(stack.enter_context(copied(template, tmp_path, os.environ.get(SERVER))), **more)

        yield make


@pytest.fixture
def council_at(
    new_database: NewDatabase, open_council: Open, faked: tuple[Nursery, FakedClock], tmp_path: Path
) -> Callable[[datetime, Families], tuple[Council, FakedClock]]:
    """Opens a council whose families were imported at a moment, and gives the clock that its processes look at."""

    def make(moment: datetime, families: Families) -> tuple[Council, FakedClock]:
        nursery, clock = faked
        database = prepare(new_database(), tmp_path, families, moment)
        clock.set(moment)
        return open_council(database, born_in=nursery), clock

    return make


@pytest.fixture
def own_server(on_sqlite: bool) -> Iterator[postgres.OwnServer]:
    """A PostgreSQL server for this test alone."""
    if on_sqlite:
        pytest.skip("SQLite has no server")
    server = postgres.OwnServer()
    yield server
    server.close()


@pytest.fixture
def on_sqlite(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--database") == "sqlite")
