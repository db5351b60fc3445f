"""Row 18: a master key is missing, or its change is killed half way. The portal does not start without a key that it
needs; with both it goes on reading and writing, and the change is taken up again where it was."""

import base64
import os
import signal
import time
from pathlib import Path

from sqlalchemy import text

from ehe_portal.core.vault.keys import MasterKey
from tests.bench.browsing import Browser
from tests.faults.showing import FIRST_KEY, Shown, officer, opened, sent
from tests.faults.stage import plain_engine, ran
from tests.faults.tally import Tally
from tests.faults.test_row_02_uploads import Served, served
from tests.nursery import Nursery, wait_for

__all__ = ["served"]

NEW_KEY = b"n" * 32
FILES = 60
KILLED_AFTER = (7, 19, 33)


def in_base64(key: bytes) -> str:
    return base64.b64encode(key).decode()


def under(key: bytes, folder: Path) -> int:
    """How many secrets of files lie under a master key, by its mark in each."""
    mark = MasterKey(key).fingerprint
    return sum(mark in file.read_bytes() for file in (folder / "vault" / "keys").rglob("*.key"))


def killed_after(nursery: Nursery, environment: dict[str, str], folder: Path, sealed: int) -> None:
    """Begin to change the key, and kill it once so many secrets lie under the new one."""
    process = nursery.start(["vault", "rotate"], environment, folder / f"killed-after-{sealed}.txt")
    end = time.monotonic() + 60
    while under(NEW_KEY, folder) < sealed:
        assert time.monotonic() < end
        assert process.poll() is None, process.output()
    os.kill(process.pid, signal.SIGKILL)
    assert wait_for(process, 20) == -signal.SIGKILL


def all_open(adviser: Browser, files: list[Shown]) -> bool:
    return all(opened(adviser, file.url) == (200, file.content) for file in files)


def test_row_18_a_change_of_the_master_key_that_is_killed(
    served: Served, nursery: Nursery, tmp_path: Path, tally: Tally
) -> None:
    files = sent(served, tmp_path, [b"leaves" * (number + 1) for number in range(FILES)])
    alone = {**served.environment, "VAULT_KEY": in_base64(NEW_KEY)}
    both = {**alone, "VAULT_OTHER_KEYS": in_base64(FIRST_KEY)}
    code, said = ran(nursery, alone, "ready")
    assert (code, "is missing" in said) == (2, True), "it does not start without the key that it needs"

    served.kill()
    served.environment = both
    served.start()
    with officer(served) as adviser:
        for sealed in KILLED_AFTER:
            killed_after(nursery, both, tmp_path, sealed)
            tally.add("kills survived")
            assert sealed <= under(NEW_KEY, tmp_path) < FILES, "half way"
            assert all_open(adviser, files[:: FILES // 6]), "both keys are read meanwhile"
            assert ran(nursery, alone, "ready")[0] == 2, "the earlier one is still needed"
    code, said = ran(nursery, both, "vault", "rotate")
    assert (code, "Nothing is sealed under another key any more" in said) == (0, True)
    assert (under(NEW_KEY, tmp_path), under(FIRST_KEY, tmp_path)) == (FILES, 0)

    assert ran(nursery, alone, "ready")[0] == 0
    code, said = ran(nursery, alone, "vault", "verify")
    assert (code, f"{FILES} files are whole" in said) == (0, True)
    assert changes(served) == len(KILLED_AFTER) + 1
    tally.add("keys changed")


def changes(served: Served) -> int:
    """How often the audit trail says that a change was begun; it was ended once."""
    engine = plain_engine(served.environment["DATABASE_URL"])
    asked = text("SELECT kind FROM audit_entry WHERE authority_id = (SELECT min(id) FROM authority)")
    with engine.connect() as connection:
        kinds = list(connection.scalars(asked))
    engine.dispose()
    assert kinds.count("KeyChangeEnded") == 1
    return kinds.count("KeyChangeBegun")
