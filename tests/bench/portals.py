"""Portals to measure: each with a PostgreSQL database of its own and so many children, made when first asked for."""

import contextlib
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.days import london_date
from ehe_portal.core.settings import ROOT, Mail, Settings
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import COMMAND, Scope
from ehe_portal.policy import queries as policy
from tests import postgres
from tests.bench import populate
from tests.bench.populate import Plan

PASSWORD = "umbrella gravel saxophone"
STAFF = (
    (Role.CME_OFFICER, "officer-1", "Amina Begum"),
    (Role.CME_OFFICER, "officer-2", "Bryn Hughes"),
    (Role.CME_OFFICER, "officer-3", "Carol Mason"),
    (Role.ADVISER, "adviser", "Dora Winter"),
    (Role.EHE_MANAGER, "manager", "Ewan Sharp"),
)


@dataclass(frozen=True)
class Site:
    """A portal in this process, over one database. `today` is fixed; `eve` is the last day before the lapses."""

    app: Flask
    database: str
    database_url: str
    today: date
    eve: date
    children: int
    lapsing: int

    @property
    def house(self) -> Portal:
        """The portal's wiring."""
        house: Portal = self.app.extensions["portal"]
        return house

    @property
    def engine(self) -> Engine:
        """The portal's own engine. Needs an application context."""
        return db.db.engine

    def set_clock(self, day: date) -> None:
        """Let it be noon on a day."""
        self.house.now = lambda: noon(day)


@dataclass
class Ground:
    """One PostgreSQL server and the portals made on it so far."""

    server: str
    folder: Path
    today: date
    sites: dict[tuple[int, int, bool], Site] = field(default_factory=dict)

    def site(self, children: int, lapsing: int = 0, *, busy: bool = False) -> Site:
        """The portal with so many children, so many of whom are out of contact since too long today.

        A busy one has things of every kind waiting for its advisers.
        """
        key = (children, lapsing, busy)
        if key not in self.sites:
            began = time.perf_counter()
            self.sites[key] = self.made(children, lapsing, busy)
            took = time.perf_counter() - began
            print(f"Made a portal with {children:,} children in {took:.0f} s", file=sys.stderr)
        return self.sites[key]

    def made(self, children: int, lapsing: int, busy: bool) -> Site:
        """A new portal: schema, an authority with its values, staff with passwords, and the children."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        url = postgres.create_database(self.server, name)
        app = create_app(settings(url, self.folder))
        with app.app_context():
            db.alembic.upgrade()
            house: Portal = app.extensions["portal"]
            house.now = lambda: noon(self.today)
            authority_id, policy_id, people = open_authority(house, self.today)
            plan = Plan(children, lapsing, self.today, authority_id, policy_id, people[Role.ADVISER].id, busy)
            eve = populate.populate(db.db.engine, plan)
        return Site(app, name, url, self.today, eve, children, lapsing)

    def close(self) -> None:
        """Leave all databases."""
        for site in self.sites.values():
            with site.app.app_context():
                db.db.engine.dispose()


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """A server for as long as the benches run; nothing of it stays."""
    with postgres.server() as server, tempfile.TemporaryDirectory(prefix="ehe-bench-") as folder:
        found = Ground(server, Path(folder), london_date(datetime.now(UTC)))
        try:
            yield found
        finally:
            found.close()
            for site in found.sites.values():
                postgres.drop_database(server, site.database)


def noon(day: date) -> datetime:
    """A moment on a London date."""
    return datetime.combine(day, time_of_day(12), UTC)


def settings(database_url: str, folder: Path) -> Settings:
    """Settings of a portal as it is served, its files in a folder that goes away."""
    return Settings(
        database_url=database_url,
        secret_key="only for benches, and long enough for it",
        vault_key=b"k" * 32,
        vault_url=f"file:{folder / 'vault'}",
        mail=Mail(default_sender="Home education <home.education@bench.invalid>"),
        root=ROOT,
    )


def open_authority(house: Portal, today: date) -> tuple[int, int, dict[Role, Account]]:
    """An authority with the default values and its staff, by the use-cases that open one in life."""
    people: dict[Role, Account] = {}
    work = house.work(COMMAND, Scope(everything=True), writing=True)
    with transaction(work, may_write=True):
        authority, _ = accounts.add_authority(work, "838", "Wessex Council")
        for role, mailbox, name in STAFF:
            people[role] = accounts.add_account(work, authority, f"{mailbox}@wessex.example", name, role, PASSWORD)
        policy_id = policy.in_force(work, authority.id, today - timedelta(days=1)).id
    return authority.id, policy_id, people
