"""The vault when disks are full, processes are killed and buckets stumble: a file is there whole or not at all."""

import errno
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.config import Config

from ehe_portal.core.vault import Vault, VaultError, VaultFull, VaultMissing, VaultUnavailable, VaultWriter, s3
from ehe_portal.core.vault.frames import FRAME_BYTES
from tests.core.vaults import CANARY, KEY, NAME, OTHER, InBucket, InFolder, Place, files_of, keep

CHECKOUT = Path(__file__).resolve().parents[2]


# Whole or not at all


def test_nothing_is_seen_before_it_is_finished(place: Place) -> None:
    writer = place.vault.writer(NAME)
    writer.write(bytes(3 * FRAME_BYTES))
    assert not place.vault.exists(NAME)
    with pytest.raises(VaultMissing):
        place.vault.read(NAME)
    writer.finish()
    assert place.vault.exists(NAME)


def test_broken_off_writing_leaves_nothing(place: Place) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(FRAME_BYTES + 1)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        place.vault.store(NAME, pieces())
    assert not place.vault.exists(NAME)
    assert list(place.vault.incoming.iterdir()) == []


def test_a_spent_writer_says_so(place: Place) -> None:
    writer = place.vault.writer(NAME)
    writer.finish()
    writer.abort()
    assert place.vault.exists(NAME)
    for again in (lambda: writer.write(b"more"), writer.finish):
        with pytest.raises(ValueError, match="already"):
            again()


def test_the_bytes_reach_the_disk_before_the_name_does(in_folder: InFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def watched_fsync(handle: int) -> None:
        deeds.append(f"fsync {Path(f'/proc/self/fd/{handle}').readlink().suffix or 'folder'}")
        fsync(handle)

    def watched_rename(path: Path, target: Path) -> Path:
        deeds.append("rename")
        return rename(path, target)

    keep(in_folder, 10, OTHER)
    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "rename", watched_rename)
    keep(in_folder, 10)
    secret = ["fsync .part", "fsync folder"]
    assert deeds == [*secret, "fsync .part", "rename", "fsync folder"]


def test_a_failing_disk_keeps_nothing(in_folder: InFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    writer = in_folder.vault.writer(NAME)
    writer.write(b"words")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(VaultUnavailable):
        writer.finish()
    monkeypatch.undo()
    assert not in_folder.vault.exists(NAME)
    assert list(in_folder.vault.incoming.iterdir()) == []


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from ehe_portal.core.vault import Vault
writer = Vault.from_url("file:vault", bytes(range(32)), Path(sys.argv[1])).writer(sys.argv[2])
while True:
    writer.write(bytes(100_000))
    print(flush=True)
"""


def test_a_killed_writer_leaves_nothing_to_see_and_is_swept_up(in_folder: InFolder, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path), NAME], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(10):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    vault = in_folder.vault
    assert not vault.exists(NAME)
    (left,) = vault.incoming.iterdir()
    vault.sweep_orphans(lambda some: some, datetime.now(UTC) - timedelta(hours=1))
    assert left.exists(), "it may belong to someone still writing"
    vault.sweep_orphans(lambda some: some, datetime.now(UTC) + timedelta(seconds=1))
    assert not left.exists()


# A full disk


@contextmanager
def nearly_full(folder: Path) -> Iterator[None]:
    """A disk of 1 MB under `folder` where mounting is allowed; else files that may not grow beyond 1 MB."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", folder], check=True)
    else:
        with small_files():
            yield


@contextmanager
def small_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(writer: VaultWriter) -> None:
    for _ in range(100):
        writer.write(bytes(50_000))


def test_a_full_disk_is_said_and_leaves_no_trace(tmp_path: Path) -> None:
    with nearly_full(tmp_path / "disk"):
        vault = Vault.from_url("file:disk/vault", KEY, tmp_path)
        before = vault.store(OTHER, [CANARY])
        with vault.writer(NAME) as writer, pytest.raises(VaultFull):
            fill(writer)
        assert not vault.exists(NAME)
        assert list(vault.incoming.iterdir()) == []
        assert b"".join(vault.read(OTHER, before)) == CANARY
        assert vault.store(NAME, [b"there is room for this"]).size == 22


def test_a_file_that_may_not_grow_is_a_full_disk(in_folder: InFolder) -> None:
    with small_files(), pytest.raises(VaultFull):
        in_folder.vault.store(NAME, [bytes(2_000_000)])
    assert list(in_folder.vault.incoming.iterdir()) == []


def test_a_full_disk_on_the_way_to_a_bucket(in_bucket: InBucket) -> None:
    with small_files(), pytest.raises(VaultFull):
        in_bucket.vault.store(NAME, [bytes(2_000_000)])
    assert not in_bucket.vault.exists(NAME)


# Memory, and what lies on the disk


def test_fifty_megabytes_pass_through_a_few(in_folder: InFolder) -> None:
    piece = secrets.token_bytes(64 * 1024)
    tracemalloc.start()
    try:
        stored = in_folder.vault.store(NAME, (piece for _ in range(800)))
        read = sum(len(frame) for frame in in_folder.vault.read(NAME, stored))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == stored.size == 50 * 1024 * 1024
    assert peak < 4 * 1024 * 1024


def test_nothing_lies_on_the_disk_in_the_clear(place: Place, tmp_path: Path) -> None:
    writer = place.vault.writer(NAME)
    writer.write(CANARY * 20_000)
    while_writing = list(files_of(tmp_path))
    writer.finish()
    assert sum(map(len, while_writing)) > FRAME_BYTES
    assert not any(CANARY in content for content in (*while_writing, *files_of(tmp_path)))


# Removing, listing, sweeping


def test_deleting(place: Place) -> None:
    keep(place, 10)
    keep(place, 10, OTHER)
    place.vault.delete(NAME)
    place.vault.delete(NAME)
    place.vault.delete("E09000008/NEVERTHERE")
    assert not place.vault.exists(NAME)
    assert place.vault.exists(OTHER)
    with pytest.raises(VaultMissing):
        place.vault.read(NAME)


def test_reading_goes_on_while_the_file_is_deleted(in_folder: InFolder) -> None:
    content, _ = keep(in_folder, 3 * FRAME_BYTES)
    reader = in_folder.vault.read(NAME)
    first = next(reader)
    in_folder.vault.delete(NAME)
    assert first + b"".join(reader) == content


def test_what_nobody_knows_of_is_swept_up(place: Place) -> None:
    names = sorted(f"E0900000{authority}/FILE{number:03}" for authority in (1, 2) for number in range(7))
    for name in names:
        place.vault.store(name, [b"words"])
    soon, long_ago = datetime.now(UTC) + timedelta(seconds=5), datetime.now(UTC) - timedelta(hours=24)
    assert sorted(place.vault.stored_before(soon)) == names
    assert list(place.vault.stored_before(long_ago)) == []
    assert place.vault.sweep_orphans(lambda _: [], long_ago) == []
    asked: list[str] = []

    def known(some: Sequence[str]) -> list[str]:
        asked.extend(some)
        return names[3:]

    assert sorted(place.vault.sweep_orphans(known, soon)) == names[:3]
    assert sorted(asked) == sorted([*names, *names]), "each file and each secret"
    assert sorted(place.vault.stored_before(soon)) == names[3:]


# A bucket that fails


class Stumbling(BaseHTTPRequestHandler):
    """A server that answers every PUT and HEAD with 500, and every GET with half of what it announced."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_error(500)

    def do_HEAD(self) -> None:
        self.send_error(404)

    def do_GET(self) -> None:
        if self.path.endswith(".key"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(bytes(1000))
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_bucket: InBucket) -> Iterator[Vault]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stumbling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(s3, "PATIENCE", s3.PATIENCE.merge(Config(retries={"max_attempts": 1})))
    yield Vault.from_url("s3://evidence/portal", KEY, tmp_path)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_bucket_that_stumbles_is_said_to(stumbling: Vault) -> None:
    with pytest.raises(VaultUnavailable, match="500"):
        stumbling.store(NAME, [b"words"])
    with pytest.raises(VaultError):
        stumbling.read(NAME)


def test_a_bucket_that_is_not_there(in_bucket: InBucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.setattr(s3, "PATIENCE", s3.PATIENCE.merge(Config(retries={"max_attempts": 1})))
        vault = Vault.from_url("s3://evidence/portal", KEY, tmp_path)
        for use in (vault.read, vault.exists, vault.delete, vault.writer):
            with pytest.raises(VaultUnavailable):
                use(NAME)
