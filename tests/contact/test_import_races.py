"""contacts.csv imported twice at the same moment, on a database of its own and with real transactions."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ehe_portal.app import create_app
from ehe_portal.contact import service
from ehe_portal.contact.models import Contact
from ehe_portal.core import db
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import COMMAND, Scope
from tests.conftest import NOON, settings_for
from tests.village import build

PATIENCE = 30
HEAD_START = 0.3


@dataclass
class House:
    """A portal with a database of its own."""

    app: Flask
    portal: Portal
    authority_id: int
    before: int

    def take(self, path: Path, meanwhile: Callable[[], object] = lambda: None) -> int:
        """Import a file, and do something before it is kept; gives how many contacts were new."""
        with self.app.app_context():
            file = service.read_contacts(path)
            work = self.portal.work(COMMAND, Scope(everything=True), writing=True)
            with transaction(work, may_write=True):
                new = service.import_contacts(work, self.authority_id, file).new
                meanwhile()
            return new

    def count(self) -> int:
        with self.app.app_context(), db.new_session(writing=False) as session:
            return session.scalar(select(func.count()).select_from(Contact)) or 0


@pytest.fixture
def house_of_its_own(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    app = create_app(settings_for(new_database(), tmp_path))
    portal: Portal = app.extensions["portal"]
    monkeypatch.setattr(portal, "now", lambda: NOON)
    with app.app_context():
        db.Base.metadata.create_all(db.db.engine)
        work = portal.work(COMMAND, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            authority_id = build(work).authority.id
    house = House(app, portal, authority_id, before=0)
    house.before = house.count()
    yield house
    with app.app_context():
        db.db.engine.dispose()


def test_a_file_imported_twice_at_the_same_moment_is_kept_once(house_of_its_own: House, tmp_path: Path) -> None:
    house = house_of_its_own
    path = tmp_path / "contacts.csv"
    alike = "W-Ada,2026-03-02,phone-call,no-answer\n"
    path.write_text(f"child_ref,happened_on,kind,outcome\n{alike}{alike}", encoding="utf-8")
    with ThreadPoolExecutor(1) as threads:
        others = []
        finished = threading.Event()

        def the_other() -> int:
            new = house.take(path)
            finished.set()
            return new

        def let_the_other_begin() -> None:
            others.append(threads.submit(the_other))
            assert not finished.wait(HEAD_START), "the other did not wait"

        assert house.take(path, meanwhile=let_the_other_begin) == 2
        assert others[0].result(PATIENCE) == 0
    assert house.count() == house.before + 2
