"""Row 2: the web server is killed in the middle of an upload. No row without its file, no file without its row; the
sender goes on, and the file is the one that was sent.

The client is one of the tests' own, on `http.client`, that shares no code with the page's.
"""

import base64
import contextlib
import hashlib
import http.client
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ehe_portal.accounts.service.access import HASHER
from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.settings import ROOT
from ehe_portal.core.transaction import transaction
from ehe_portal.core.vault import StoredObject, Vault
from ehe_portal.core.work import JOBS, Scope
from tests.bench.browsing import ADVISER, Browser
from tests.bench.portals import PASSWORD
from tests.conftest import settings_for
from tests.core.made_files import MB, video
from tests.faults.stage import plain_engine
from tests.faults.tally import Tally
from tests.journeys.running import BIN, answers, environment_for, free_port, until
from tests.village import build

SIZE = 24 * MB
KILLS = 3


@dataclass
class Served:
    """A portal whose web server can be killed, and started again on the same port."""

    environment: dict[str, str]
    port: int
    child: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", "1", "--no-ws", "--log-level", "error", "wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        self.processes.append(process)
        until(lambda: answers(f"http://127.0.0.1:{self.port}/sign-in"), "the web server")

    def kill(self) -> None:
        """SIGKILL, the workers too: nothing is tidied."""
        process = self.processes.pop()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


@pytest.fixture
def served(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Served]:
    database, port = new_database(), free_port()
    environment = environment_for(database, tmp_path, 1, port)
    app = create_app(settings_for(database, tmp_path, vault_key=b"v" * 32))
    with app.app_context():
        db.alembic.upgrade()
        work = app.extensions["portal"].work(JOBS, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            village = build(work)
            parent = village.parents["Ada"]
            parent.email, parent.password_hash = "ada@home.example", HASHER.hash(PASSWORD)
            village.adviser.email, village.adviser.password_hash = ADVISER, parent.password_hash
            work.session.flush()
            child = village["Ada"].reference
        db.db.engine.dispose()
    found = Served(environment, port, child)
    found.start()
    yield found
    while found.processes:
        found.kill()


class Client:
    """Sends a file by the protocol, as little as it asks for."""

    def __init__(self, served: Served) -> None:
        self.served = served
        browser = Browser(served.port)
        browser.sign_in("ada@home.example")
        page = browser.get(f"/family/children/{served.child}/evidence/new").decode()
        self.token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        self.cookie = browser.sent_along["Cookie"]
        browser.connection.close()

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=120)
        own = {"Tus-Resumable": "1.0.0", "Cookie": self.cookie, "X-CSRFToken": self.token}
        connection.request(method, path, body or None, {**own, **headers})
        with contextlib.closing(connection):
            answer = connection.getresponse()
            answer.read()
            answer.close()
        return answer

    def begin(self, size: int, filename: str = "pond.mp4") -> str:
        name = base64.b64encode(filename.encode()).decode()
        place = f"/family/children/{self.served.child}/evidence/uploads"
        answer = self.ask("POST", place, {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"})
        assert answer.status == 201
        return answer.headers["Location"]

    def offset(self, path: str) -> int:
        answer = self.ask("HEAD", path, {})
        assert answer.status == 200
        return int(answer.headers["Upload-Offset"])

    def part(self, path: str, offset: int, body: bytes) -> http.client.HTTPResponse:
        headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return self.ask("PATCH", path, headers, body)

    def cut_off(self, path: str, offset: int, body: bytes, sent: int) -> None:
        """Send `sent` bytes of a part, and then the server is killed under it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=120)
        connection.putrequest("PATCH", path)
        for name, value in {
            "Tus-Resumable": "1.0.0", "Cookie": self.cookie, "X-CSRFToken": self.token,
            "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset),
            "Content-Length": str(len(body)),
        }.items():  # fmt: skip
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[:sent])
        self.served.kill()
        with contextlib.suppress(OSError):
            connection.close()


def filmed(size: int) -> bytes:
    """A video of so many bytes, no two of its pictures the same."""
    content = video(pictures=size - len(video(pictures=0)))
    return content[:1000] + os.urandom(size - 2000) + content[size - 1000 :]


def test_row_2_a_web_server_killed_in_the_middle_of_an_upload(served: Served, tmp_path: Path, tally: Tally) -> None:
    content = filmed(SIZE)
    client = Client(served)
    path = client.begin(len(content))
    answered = 0
    for turn in range(KILLS):
        if turn % 2:
            answer = client.part(path, answered, content[answered : answered + 2 * MB + turn])
            assert answer.status == 204
            answered = int(answer.headers["Upload-Offset"])
        client.cut_off(path, answered, content[answered:], 1_500_000 + turn * 100_003)
        tally.add("kills survived")
        served.start()
        kept = client.offset(path)
        assert answered <= kept < len(content), "what was answered for is there"
        answered = kept
    lying = b"".join(file.read_bytes() for file in (tmp_path / "vault").rglob("*") if file.is_file())
    assert content[500_000:500_064] not in lying, "nothing lies in the clear"
    assert client.part(path, answered, content[answered:]).status == 204
    assert client.offset(path) == len(content)
    assert_kept(served, tmp_path, content)


def test_row_2_killed_while_the_file_is_looked_into(served: Served, tmp_path: Path, tally: Tally) -> None:
    """All had arrived and nothing was answered: the last piece is asked for again."""
    content = video(pictures=4 * MB)
    client = Client(served)
    path = client.begin(len(content))
    client.cut_off(path, 0, content, len(content))
    tally.add("kills survived")
    served.start()
    offset = client.offset(path)
    if offset < len(content):  # else it was done before it was killed
        assert client.part(path, offset, content[offset:]).status == 204
    assert_kept(served, tmp_path, content)


def assert_kept(served: Served, folder: Path, content: bytes) -> None:
    """The vault has exactly the bytes that were sent, under the one row that knows of them, and nothing else."""
    engine = plain_engine(served.environment["DATABASE_URL"])
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT authority_id, reference, size, sha256 FROM waiting_file").all()
    engine.dispose()
    ((authority_id, reference, size, sha256),) = rows
    assert (size, sha256) == (len(content), hashlib.sha256(content).hexdigest())
    vault = Vault.from_url(f"file:{folder / 'vault'}", b"v" * 32, folder)
    identity = f"{authority_id}/{reference}"
    assert b"".join(vault.read(identity, StoredObject(identity, size, sha256))) == content
    kept = [str(file.relative_to(folder / "vault")) for file in (folder / "vault").rglob("*") if file.is_file()]
    files = [name for name in kept if not name.startswith("masters/")]
    assert sorted(files) == [f"keys/{identity}.key", f"objects/{identity}.sealed"], "no file without its row"
