"""Row 15: a bucket that refuses, is slow, cuts short or alters. A file is kept whole or said not to be kept."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.config import Config
from flask import Flask

from ehe_portal.accounts.models import Account
from ehe_portal.core.vault import StoredObject, Vault, s3
from ehe_portal.core.vault_commands import what_is_wrong
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile
from tests.core.made_files import pdf
from tests.evidence.conftest import sent_file, waiting_files
from tests.faults.tally import Tally
from tests.faults.test_row_08_disks import filled
from tests.pages import LintingClient
from tests.village import Village

__all__ = ["sent_file"]

SLOW = 0.8
PATIENCE = 0.4
TRIES = 3


@dataclass
class Bucket:
    """What a bucket holds, and how it behaves to what is asked of files (`.sealed`) with a method."""

    kept: dict[str, bytes] = field(default_factory=dict)
    method: str = ""
    mood: str = "kind"
    times: int = 10_000
    asked: int = 0

    def behave(self, method: str, mood: str, times: int = 10_000) -> None:
        self.method, self.mood, self.times, self.asked = method, mood, times, 0

    def mood_for(self, method: str, path: str) -> str:
        if method != self.method or not path.endswith(".sealed"):
            return "kind"
        self.asked += 1
        return self.mood if self.asked <= self.times else "kind"


class Speaks(BaseHTTPRequestHandler):
    """As much of S3 as the vault asks for."""

    bucket: Bucket

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        path, mood = self.path, self.bucket.mood_for("PUT", self.path)
        if mood == "slow":
            time.sleep(SLOW)
            return
        if mood in ("500", "503"):
            self.answer(int(mood))
        elif self.headers.get("If-None-Match") and path in self.bucket.kept:
            self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
        else:
            self.bucket.kept[path] = data[: len(data) // 2] if mood == "keeps half" else data
            self.answer(200)

    def do_GET(self) -> None:
        mood, data = self.bucket.mood_for("GET", self.path), self.bucket.kept.get(self.path)
        if mood == "slow":
            time.sleep(SLOW)
        elif mood in ("500", "503"):
            self.answer(int(mood))
        elif data is None:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif mood == "cut":
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            self.answer(200, data[:-1] + bytes([data[-1] ^ 1]) if mood == "altered" else data)

    def do_HEAD(self) -> None:
        self.answer(200 if self.path in self.bucket.kept else 404)

    def do_DELETE(self) -> None:
        self.bucket.kept.pop(self.path, None)
        self.answer(204)

    def answer(self, code: int, body: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def bucket(app: Flask, house: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The portal's vault is in this bucket, and it is not waited for long."""
    found = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Speaking", (Speaks,), {"bucket": found}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name, value in {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "eu-west-2",
    }.items():
        monkeypatch.setenv(name, value)
    quick = Config(read_timeout=PATIENCE, retries={"mode": "standard", "total_max_attempts": TRIES})
    monkeypatch.setattr(s3, "PATIENCE", s3.PATIENCE.merge(quick))
    vault = Vault.from_url("s3://evidence/portal", house.settings.vault_key, tmp_path)
    monkeypatch.setattr(house, "vault", vault)
    monkeypatch.setitem(app.extensions, "uploads", replace(app.extensions["uploads"], incoming=vault.incoming))
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("mood", ["500", "503", "slow"])
def test_row_15_a_bucket_that_takes_nothing_is_said_and_what_was_typed_stays(
    client_as: Callable[[Account | None], LintingClient], village: Village, work: Work, bucket: Bucket, mood: str,
    tally: Tally,
) -> None:  # fmt: skip
    url = f"/family/children/{village['Ada'].reference}/evidence/new"
    parent = client_as(village.parents["Ada"])
    first = parent.get(url).text
    bucket.behave("PUT", mood)
    page = parent.post(url, data=filled(first, "We read.", (io.BytesIO(pdf()), "leaf.pdf")))
    assert page.status_code == 200
    assert bucket.asked == TRIES, "tried again, and then given up"
    assert "We read.</textarea>" in page.text
    assert "leaf.pdf" in page.text
    assert [file.sha256 for file in waiting_files(work)] == [None], "never said to be kept"
    assert not [name for name in bucket.kept if name.endswith(".sealed")]
    bucket.behave("PUT", "kind")
    sent = parent.post(url, data=filled(page.text, "We read.", (io.BytesIO(pdf()), "leaf.pdf")))
    assert sent.status_code == 302
    assert "leaf.pdf" in parent.get(sent.location).text
    tally.add("stumbling buckets survived")


@pytest.mark.parametrize(("method", "mood"), [("PUT", "500"), ("PUT", "slow"), ("GET", "503"), ("GET", "slow")])
def test_row_15_a_bucket_that_stumbles_is_asked_again(
    house: Portal, bucket: Bucket, method: str, mood: str, tally: Tally
) -> None:
    bucket.behave(method, mood, times=TRIES - 1)
    stored = house.vault.store("1/STUMBLES", [b"leaves"])
    assert b"".join(house.vault.read("1/STUMBLES", stored)) == b"leaves"
    assert bucket.asked == TRIES
    tally.add("stumbling buckets survived")


@pytest.mark.parametrize(("mood", "code"), [("cut", 503), ("slow", 503), ("500", 503), ("altered", 410)])
def test_row_15_what_a_bucket_gives_wrongly_is_not_served(
    client_as: Callable[[Account | None], LintingClient], village: Village, bucket: Bucket, mood: str, code: int,
    sent_file: Callable[..., EvidenceFile], tally: Tally,
) -> None:  # fmt: skip
    file = sent_file(b"leaves and more leaves", "leaf.pdf", "application/pdf")
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
    adviser = client_as(village.adviser)
    bucket.behave("GET", mood)
    page = adviser.get(url, follow_redirects=True)
    assert page.status_code == code
    assert b"leaves" not in page.data
    bucket.behave("GET", "kind")
    assert adviser.get(url, follow_redirects=True).data == b"leaves and more leaves"
    tally.add("stumbling buckets survived")


def test_row_15_a_bucket_that_kept_half_is_found_out(
    house: Portal, bucket: Bucket, sent_file: Callable[..., EvidenceFile], tally: Tally
) -> None:
    """It said that it had kept all. Nothing of the file is served, and the check of everything names it."""
    bucket.behave("PUT", "keeps half")
    file = sent_file(b"leaves and more leaves", "leaf.pdf", "application/pdf")
    said = what_is_wrong(house.vault, StoredObject(file.stored_as, file.size, file.sha256))
    assert said == "the file is not as long as it was when it was kept"
    tally.add("stumbling buckets survived")
