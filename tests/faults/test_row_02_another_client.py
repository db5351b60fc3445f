"""Row 2 once more, with the upload client of another project: it is told where to send and who is signed in, and goes
on by its own means after the web server was killed in the middle of the file.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from ehe_portal.core.settings import ROOT
from tests.core.made_files import MB
from tests.faults.another_client import AT_ONCE
from tests.faults.tally import Tally
from tests.faults.test_row_02_uploads import Client, Served, assert_kept, filmed, served

__all__ = ["served"]

SIZE = 32 * MB


def started(served: Served, film: Path, retries: int) -> subprocess.Popen[str]:
    """The client at work, in the sitting of a parent."""
    sitting = Client(served)
    told = {
        "place": f"http://127.0.0.1:{served.port}/family/children/{served.child}/evidence/uploads",
        "headers": {"Cookie": sitting.cookie, "X-CSRFToken": sitting.token},
        "film": str(film),
        "retries": retries,
        "remembered": str(film.with_suffix(".json")),
    }
    command = [sys.executable, "-m", "tests.faults.another_client", json.dumps(told)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


def begins_at(client: subprocess.Popen[str]) -> int:
    """How far it had come before, as it is told."""
    assert client.stdout is not None
    return int(client.stdout.readline())


def killed_after(served: Served, growing: Path, arrived: int) -> int:
    """Kill the web server once so many bytes have arrived; how many had."""

    def so_far() -> int:
        return sum(file.stat().st_size for file in growing.glob("*.sealed"))

    end = time.monotonic() + 60
    while so_far() < arrived:
        assert time.monotonic() < end
        time.sleep(0.0005)
    served.kill()
    return so_far()


def test_row_2_another_projects_client_goes_on_after_a_kill(served: Served, tmp_path: Path, tally: Tally) -> None:
    content, film, growing = filmed(SIZE), tmp_path / "pond.mp4", tmp_path / "vault" / "incoming" / "growing"
    film.write_bytes(content)
    with started(served, film, retries=0) as once:
        assert begins_at(once) == 0
        assert AT_ONCE < killed_after(served, growing, AT_ONCE + MB) < SIZE, "killed in the middle"
    assert once.returncode != 0, "it was told to give up"
    tally.add("kills survived")
    lying = b"".join(file.read_bytes() for file in (tmp_path / "vault").rglob("*") if file.is_file())
    assert content[500_000:500_064] not in lying, "nothing lies in the clear"
    served.start()

    with started(served, film, retries=60) as anew:
        offset = begins_at(anew)
        assert AT_ONCE <= offset < SIZE, "another one finds what was begun, and goes on there"
        assert killed_after(served, growing, offset + 2 * MB) < SIZE
        tally.add("kills survived")
        served.start()
    assert anew.returncode == 0, "it tried again by itself"
    assert_kept(served, tmp_path, content)
