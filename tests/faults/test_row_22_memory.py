"""Row 22: files that unpack to more than there is memory, and large ones. Who looks into them may die of it; the web
server lives, answers others meanwhile, and holds a few megabytes of whatever is sent."""

import subprocess
import sys
import threading
from pathlib import Path

from ehe_portal.core.settings import ROOT
from tests.bench.uploads import descendants, resident
from tests.core.made_files import MB, pdf, understated_zip_bomb, zip_bomb
from tests.core.made_texts import laughing
from tests.evidence.hostile import unpacking_page
from tests.faults.showing import officer, opened, sent
from tests.faults.tally import Tally
from tests.faults.test_row_02_uploads import Client, Served, filmed, served
from tests.journeys.running import answers

__all__ = ["served"]

FILM, PART = 64 * MB, 16 * MB
ADDED = 32 * 1024  # kibibytes
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
VERIFYING = """
import atexit, os, sys
from flask.cli import main
from tests.bench.uploads import resident
atexit.register(lambda: print(resident(os.getpid(), "VmHWM")))
sys.argv = ["flask", "vault", "verify"]
main()
"""


class Highest:
    """What is added to the memory of the web server, at its highest, from now on; in kibibytes."""

    def __init__(self, served: Served) -> None:
        self.processes = descendants(served.processes[0].pid)
        self.before = sum(resident(pid, "VmRSS") for pid in self.processes)
        for pid in self.processes:
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the highest is counted anew

    @property
    def added(self) -> int:
        return sum(resident(pid, "VmHWM") for pid in self.processes) - self.before


def upload(client: Client, content: bytes, filename: str = "pond.mp4") -> int:
    """Send a file in parts; the status of the last answer."""
    path, status = client.begin(len(content), filename), 0
    for offset in range(0, len(content), PART):
        status = client.part(path, offset, content[offset : offset + PART]).status
    return status


def highest_while_verifying(served: Served, whole: int) -> int:
    """The memory of `flask vault verify` at its highest, in kibibytes; it finds so many files whole."""
    done = subprocess.run(
        [sys.executable, "-c", VERIFYING], cwd=ROOT, env=served.environment, capture_output=True, text=True, check=True
    )
    assert f"{whole} files are whole" in done.stdout
    return int(done.stdout.split()[-1])


def test_row_22_a_large_file_passes_through_little_memory(served: Served, tally: Tally) -> None:
    client = Client(served)
    assert upload(client, filmed(MB)) == 204  # what is loaded once is no part of it
    verified = highest_while_verifying(served, 1)
    memory = Highest(served)
    assert upload(client, filmed(FILM)) == 204
    assert memory.added < ADDED
    tally.add("KiB that an upload of 64 MB added", memory.added)
    more = highest_while_verifying(served, 2) - verified
    assert more < ADDED
    tally.add("KiB that verifying it added", max(0, more))


def test_row_22_what_unpacks_to_too_much_ends_who_looks_into_it(served: Served, tmp_path: Path, tally: Tally) -> None:
    client = Client(served)
    assert upload(client, pdf(), "leaf.pdf") == 204
    (leaf,) = sent(served, tmp_path, [unpacking_page(300 * MB)])
    (letter,) = sent(served, tmp_path, [laughing()], DOCX)
    with officer(served) as adviser:  # whose password takes more memory, on purpose, than any file does
        assert opened(adviser, leaf.url)[0] == 200
        memory = Highest(served)
        assert upload(client, zip_bomb(), "plan.docx") == 422
        assert upload(client, understated_zip_bomb(), "plan.docx") == 422
        looking = threading.Thread(target=opened, args=(adviser, f"{leaf.url}/picture"))
        looking.start()
        assert answers(f"http://127.0.0.1:{served.port}/sign-in"), "others are answered meanwhile"
        looking.join()
        assert opened(adviser, f"{letter.url}/look")[0] == 410
    assert descendants(served.processes[0].pid) == memory.processes, "the same web server, and nobody left behind"
    assert memory.added < ADDED
    assert upload(client, pdf(), "leaf.pdf") == 204
    tally.add("bombs survived", 4)
