"""Rows 8 to 10: the disk under the database is full, the one under the evidence is full, the disk fails to sync."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from ehe_portal.accounts.models import Account
from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.vault import Vault
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests import postgres
from tests.conftest import settings_for
from tests.core.made_files import pdf
from tests.evidence.conftest import waiting_files
from tests.faults.conftest import FEW, MANY, Open, Prepared, prepare_silent
from tests.faults.stage import SWEEP, Council, copied
from tests.faults.tools import small_disk, strace
from tests.pages import LintingClient, form_of
from tests.village import Village

MEGABYTE = 1024 * 1024
LARGE = 400
ROOM = 2
SmallDisk = Callable[[int], tuple[str, Path]]


@pytest.fixture
def on_small_disk(prepared: Prepared, tmp_path: Path, on_sqlite: bool) -> Iterator[SmallDisk]:
    """Makes a database with so many silent families on a disk with hardly any room, and says where both are.

    On PostgreSQL everything but the server's log is there, and the server is the test's own: a full disk fails the
    checkpoints of a whole server, and so the tests that run beside this one.
    """
    with ExitStack() as stack:

        def make(silent: int) -> tuple[str, Path]:
            if on_sqlite:
                disk = stack.enter_context(small_disk(tmp_path / "disk", LARGE))
                database = stack.enter_context(copied(prepared.with_silent(silent), disk, None))
            else:
                server = postgres.OwnServer()
                stack.callback(server.close)
                disk = stack.enter_context(small_disk(server.place / "disk", LARGE, owner="nobody"))
                stack.callback(server.stop)
                with postgres.maintenance(server.url) as connection:
                    connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                    database = postgres.create_database(server.url, "portal")
                    connection.execute("ALTER DATABASE portal SET TABLESPACE small")
                    prepare_silent(database, tmp_path, silent)
                    connection.execute("CHECKPOINT")  # what is not yet written needs room too
            leave(disk, ROOM)
            return database, disk

        yield make


def leave(disk: Path, room: int) -> None:
    """Make a small disk so small that so many megabytes are left on it."""
    resize(disk, shutil.disk_usage(disk).used // MEGABYTE + 1 + room)


def resize(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


@contextmanager
def ballast(disk: Path) -> Iterator[None]:
    """Not a byte of room is left meanwhile."""
    file = disk / "ballast"
    with file.open("wb", buffering=0) as filling:
        for size in (MEGABYTE, 4096, 1):
            try:
                while True:
                    filling.write(bytes(size))
            except OSError:
                continue
    yield
    file.unlink()


def test_row_8_the_sweep_meets_a_full_disk(on_small_disk: SmallDisk, open_council: Open) -> None:
    database, disk = on_small_disk(MANY)
    council = open_council(database)
    code, said = council.flask("jobs", "run", SWEEP, expect=None)
    assert code == 1
    assert "Run it again" in said
    assert council.raised() < MANY
    council.is_whole()
    alerts = council.ask("SELECT count(*), count(DISTINCT topic_id) FROM outgoing_message WHERE topic = 'escalation'")
    assert alerts == [(3 * council.raised(), council.raised())], "each with its alerts, or not at all"
    code, said = council.watch()
    assert code == 1
    assert "The sweep has never run" in said
    resize(disk, LARGE)
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(MANY)
    council.tally.add("full disks survived")
    council.end()


def test_row_8_a_page_says_that_nothing_was_saved_and_later_it_is(
    on_small_disk: SmallDisk, open_council: Open, tmp_path: Path
) -> None:
    database, disk = on_small_disk(FEW)
    council = open_council(database)
    app = create_app(settings_for(database, tmp_path))
    app.test_client_class = LintingClient
    assert app.test_client().get("/sign-in").status_code == 200  # PostgreSQL lets nobody new in on a full disk
    with ballast(disk):
        codes = [sign_up(app, 0)]
        while codes[-1] == 302 and len(codes) < 400:
            codes.append(sign_up(app, len(codes)))  # until the last page with room in it is full
        assert codes[-1] == 503, "said in words, not as a fault"
        assert app.test_client().get("/sign-in").status_code == 200, "reading goes on"
    assert council.count("outgoing_message") == codes.count(302)
    assert sign_up(app, 999) == 302
    council.is_whole()
    with app.app_context():
        db.db.engine.dispose()
    council.tally.add("full disks survived")
    council.end()


def sign_up(app: Flask, number: int) -> int:
    """A parent signs up; the answer's code."""
    client = app.test_client()
    assert isinstance(client, LintingClient)
    fields = {"email": f"robin.{number}@family.example"}
    return client.submit("/account/new", fields).status_code


def test_row_8_without_a_mount_every_write_may_fail(new_council: Open, tmp_path: Path, on_sqlite: bool) -> None:
    if not on_sqlite:
        pytest.skip("PostgreSQL's own processes write: see the small disk above")
    council = new_council(FEW)
    for first in (4, 40):
        full = strace("pwrite64", f"error=ENOSPC:when={first}+", errors=tmp_path / f"full-{first}")
        code, _ = council.flask("jobs", "run", SWEEP, before=full, expect=None)
        assert "(INJECTED)" in (tmp_path / f"full-{first}").read_text()
        assert code != 0
        assert council.raised() == 0
        council.is_whole()
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)
    council.tally.add("full disks survived", 2)


def test_row_9_a_full_disk_under_the_evidence(
    client_as: Callable[[Account | None], LintingClient], app: Flask, house: Portal, village: Village, work: Work,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The file is refused in words; what was typed, and files that had arrived before, are still there."""
    url = f"/family/children/{village['Ada'].reference}/evidence/new"
    with small_disk(tmp_path / "evidence", 2) as disk:
        vault = Vault.from_url(f"file:{disk / 'vault'}", house.settings.vault_key, tmp_path)
        monkeypatch.setattr(house, "vault", vault)
        taking = replace(app.extensions["uploads"], incoming=vault.incoming)
        monkeypatch.setitem(app.extensions, "uploads", taking)
        parent = client_as(village.parents["Ada"])
        first = parent.submit(url, {"written_account": "", "files": [(io.BytesIO(b"MZ"), "no.exe"), pdf_file("one")]})
        assert len(waiting_files(work)) == 1, "one has arrived and waits"
        with ballast(disk):
            page = parent.post(url, data=filled(first.text, "We read.", pdf_file("two")))
            assert page.status_code == 200
            assert re.search("Choose other files: .*two.pdf", page.text)
            assert "We read.</textarea>" in page.text
            assert "one.pdf" in page.text
            kept = [file.stored_as for file in waiting_files(work) if file.size is not None]
            assert len(kept) == 1
            lying = {str(file.relative_to(disk / "vault")) for file in (disk / "vault").rglob("*") if file.is_file()}
            whole = {f"objects/{kept[0]}.sealed", f"keys/{kept[0]}.key"}
            assert {name for name in lying if not name.startswith("masters/")} == whole, "no half of a file"
        sent = parent.post(url, data=filled(page.text, "We read.", pdf_file("two")))
        assert sent.status_code == 302
        receipt = parent.get(sent.location).text
        assert "one.pdf" in receipt
        assert "two.pdf" in receipt


def pdf_file(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(pdf()), f"{name}.pdf"


def filled(page: str, words: str, *files: tuple[io.BytesIO, str]) -> dict[str, Any]:
    return {**form_of(page)[1], "written_account": words, "files": list(files)}


@pytest.mark.parametrize("when", ["1+", "4", "6+"])
def test_row_10_a_disk_that_fails_to_sync(new_council: Open, tmp_path: Path, on_sqlite: bool, when: str) -> None:
    """What was not synced was not committed, and nobody was told that it was."""
    if not on_sqlite:
        pytest.skip("PostgreSQL's own processes sync: see test_row_11_servers.py")
    council: Council = new_council(FEW)
    errors = tmp_path / "errors"
    broken = strace("fsync,fdatasync", f"error=EIO:when={when}", errors=errors)
    code, said = council.flask("jobs", "run", SWEEP, before=broken, expect=None)
    assert "(INJECTED)" in errors.read_text()
    assert council.raised() in (0, FEW)
    assert f"{SWEEP}: {FEW} done, 0 failed" not in said or council.raised() == FEW, "no word of what was not kept"
    assert code == 0 if council.is_swept() else code != 0
    council.is_whole()
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)
    council.tally.add("failed syncs survived", errors.read_text().count("(INJECTED)"))
