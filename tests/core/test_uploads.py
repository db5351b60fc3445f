"""Uploads through real multipart requests: sealed as they arrive, measured, refused with a word, gone afterwards."""

import gc
import hashlib
import io
import os
import secrets
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage
from werkzeug.test import create_environ, run_wsgi_app

from ehe_portal.core import uploads
from ehe_portal.core.uploads import SpooledUpload, UploadLimits, inspect_upload, spooled, takes_files
from ehe_portal.core.vault import Vault, VaultDamaged
from ehe_portal.core.vault.frames import FRAME_BYTES
from tests.core.vaults import CANARY, NAME, InFolder, files_of

MB = 1024 * 1024
LIMITS = UploadLimits(file=2 * MB, request=40 * MB, page=300_000, field=200_000, files=3, parts=12)
BOUNDARY = b"a-boundary-of-this-test"


def multipart(parts: list[tuple[bytes, list[bytes]]]) -> Iterator[bytes]:
    """A multipart body piece by piece."""
    for disposition, pieces in parts:
        yield b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n"
        yield from pieces
        yield b"\r\n"
    yield b"--" + BOUNDARY + b"--\r\n"


class Wire(io.RawIOBase):
    """A connection that a body comes in by."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class Stage:
    """An application with one page that takes files and one that does not, and what its views saw."""

    def __init__(self, vault: Vault, limits: UploadLimits = LIMITS) -> None:
        self.app = Flask("stage")
        self.app.testing = True
        self.signed_in = True
        self.status = 0
        self._look: Callable[[], Any] = dict
        self._seen: Any = None
        uploads.init_app(self.app, vault.incoming, lambda: self.signed_in, limits)
        self.app.add_url_rule("/evidence", "evidence", takes_files(self._view()), methods=["POST"])
        self.app.add_url_rule("/other", "other", self._view(), methods=["POST"])

    def _view(self) -> Callable[[], str]:
        def view() -> str:
            self._seen = self._look()
            return "seen"

        return view

    def post(self, *files: tuple[str, bytes], to: str = "/evidence", look: Callable[[], Any], **fields: str) -> Any:
        """Send files, each a name and a content, in the field `files`; what `look` returned inside the view."""
        parts = [(f'name="{name}"'.encode(), [value.encode()]) for name, value in fields.items()]
        chosen = [(f'name="files"; filename="{name}"'.encode(), [content]) for name, content in files]
        return self.send(multipart(parts + chosen), look, to)

    def send(self, body: Iterator[bytes], look: Callable[[], Any], to: str = "/evidence", length: int = 0) -> Any:
        """Send a body that is never whole in memory; without `length` as HTTP's chunks do."""
        self._look, self._seen = look, None
        environ = create_environ(to, method="POST")
        environ |= {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
        environ |= {"wsgi.input": Wire(body), "wsgi.input_terminated": not length, "CONTENT_LENGTH": str(length or "")}
        _, status, _ = run_wsgi_app(self.app, environ)
        self.status = int(status[:3])
        return self._seen


@pytest.fixture
def stage(in_folder: InFolder) -> Stage:
    return Stage(in_folder.vault)


def sent() -> list[FileStorage]:
    return request.files.getlist("files")


def problems() -> list[str | None]:
    return [upload.problem and upload.problem.value for upload in map(spooled, sent())]


def open_spools(folder: Path) -> int:
    """How many nameless files this process has open under `folder`."""
    links = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(handle.readlink()))
        except FileNotFoundError:
            continue
    return sum(link.startswith(str(folder)) for link in links)


@pytest.mark.parametrize(
    "size", [1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 2 * MB - 1, 2 * MB]
)
def test_a_file_arrives_whole_measured_and_hashed(stage: Stage, size: int) -> None:
    content = secrets.token_bytes(size)

    def look() -> object:
        (file,) = sent()
        upload = spooled(file)
        return file.filename, file.read(), upload.size, upload.sha256, upload.problem

    name, read, measured, sha256, problem = stage.post(("essay.pdf", content), look=look)
    assert (name, measured, problem) == ("essay.pdf", size, None)
    assert read == content
    assert sha256 == hashlib.sha256(content).hexdigest()


def test_an_upload_is_read_like_any_file(stage: Stage) -> None:
    content = secrets.token_bytes(3 * FRAME_BYTES + 77)

    def look() -> None:
        upload = spooled(sent()[0])
        for offset in (0, 5, FRAME_BYTES - 3, FRAME_BYTES, 2 * FRAME_BYTES + 1, len(content) - 2, len(content) + 9):
            assert upload.seek(offset) == upload.tell() == offset
            assert upload.read(10) == content[offset : offset + 10]
        assert upload.seek(-20, io.SEEK_END) == len(content) - 20
        assert upload.seek(5, io.SEEK_CUR) == len(content) - 15
        assert upload.read() == content[-15:]
        assert upload.read(1) == b""
        upload.seek(0)
        first = bytearray(FRAME_BYTES + 10)
        assert upload.readinto(first) == len(first)
        assert first == content[: len(first)]
        assert not upload.writable()
        with pytest.raises(io.UnsupportedOperation):
            upload.write(b"more")

    stage.post(("essay.pdf", content), look=look)
    assert stage.status == 200


def test_from_the_upload_into_the_vault(stage: Stage, in_folder: InFolder) -> None:
    content = secrets.token_bytes(FRAME_BYTES + 5)

    def look() -> object:
        upload = spooled(sent()[0])
        return in_folder.vault.store(NAME, iter(lambda: upload.read(100_000), b"")), upload.sha256

    stored, sha256 = stage.post(("essay.pdf", content), look=look)
    assert stored.sha256 == sha256
    assert b"".join(in_folder.vault.read(NAME, stored)) == content


def test_nothing_lies_on_the_disk_in_the_clear_while_it_arrives(stage: Stage, tmp_path: Path) -> None:
    def look() -> object:
        return [len(sent()), *files_of(tmp_path)]

    many, *lying = stage.post(*[(f"{number}.pdf", CANARY * 9_000) for number in range(3)], look=look)
    assert many == 3
    assert len(lying) == 3
    assert all(len(content) > 9_000 * len(CANARY) for content in lying)
    assert not any(CANARY in content for content in lying)


def test_nothing_is_left_when_the_request_ends(stage: Stage, tmp_path: Path) -> None:
    held: list[SpooledUpload] = []

    def look() -> int:
        held.extend(map(spooled, sent()))
        return open_spools(tmp_path)

    assert stage.post(("a.pdf", bytes(MB)), ("b.pdf", bytes(MB)), look=look) == 2
    assert open_spools(tmp_path) == 0
    for upload in held:
        with pytest.raises(ValueError, match="closed"):
            upload.read()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_is_left_when_the_view_fails(stage: Stage, tmp_path: Path) -> None:
    def look() -> None:
        assert len(sent()) == 1
        raise LookupError

    with pytest.raises(LookupError):
        stage.post(("a.pdf", bytes(MB)), look=look)
    gc.collect()
    assert open_spools(tmp_path) == 0


def test_each_upload_has_a_key_of_its_own_and_notices_damage(in_folder: InFolder) -> None:
    one, other = (SpooledUpload(in_folder.vault.incoming, 2 * MB) for _ in range(2))
    for upload in (one, other):
        upload.write(bytes(FRAME_BYTES + 1))
        upload.seek(0)
    assert one._spool is not None
    assert other._spool is not None
    sealed = [os.pread(upload._spool.fileno(), 3 * FRAME_BYTES, 0) for upload in (one, other) if upload._spool]
    assert sealed[0] != sealed[1]
    os.pwrite(one._spool.fileno(), sealed[1], 0)
    with one, pytest.raises(VaultDamaged):
        one.read()
    with other:
        assert other.read() == bytes(FRAME_BYTES + 1)


# Too much


def test_a_file_too_large_is_said_beside_the_others_and_the_form_is_kept(stage: Stage, tmp_path: Path) -> None:
    def look() -> object:
        contents = [file.read() for file in sent()]
        return problems(), contents, request.form["account"], spooled(sent()[1]).size, open_spools(tmp_path)

    said, contents, account, size, spools = stage.post(
        ("a.pdf", b"first"), ("film.pdf", bytes(9 * MB)), ("b.pdf", b"last"), look=look, account="What we did"
    )
    assert said == [None, "The selected file must be smaller than 500 MB", None]
    assert contents == [b"first", b"", b"last"]
    assert (account, size, spools) == ("What we did", 9 * MB, 2)


def test_one_byte_too_many(stage: Stage) -> None:
    assert stage.post(("a.pdf", bytes(2 * MB)), ("b.pdf", bytes(2 * MB + 1)), look=problems) == [
        None,
        "The selected file must be smaller than 500 MB",
    ]


def test_more_files_than_may_be_sent_at_once(stage: Stage, tmp_path: Path) -> None:
    def look() -> object:
        return problems(), open_spools(tmp_path)

    said, spools = stage.post(*[(f"{number}.pdf", b"words") for number in range(5)], look=look)
    assert said[:3] == [None] * 3
    assert all("You can upload up to 10 files at a time" in problem for problem in said[3:])
    assert spools == 3


def test_a_field_in_which_nothing_was_chosen(stage: Stage) -> None:
    def look() -> object:
        (file,) = sent()
        return file.filename, file.read(), spooled(file).problem

    # What a browser sends for an empty file field.
    body = multipart([(b'name="files"; filename=""', [b""])])
    assert stage.send(body, look) == ("", b"", None)


def test_a_content_without_a_name_is_not_kept(stage: Stage, tmp_path: Path) -> None:
    body = multipart([(b'name="files"; filename=""', [bytes(MB)]) for _ in range(9)])
    assert stage.send(body, lambda: (len(sent()), open_spools(tmp_path))) == (9, 0)


def test_a_request_beyond_all_measure_is_413(stage: Stage) -> None:
    assert stage.post(*[(f"{number}.pdf", bytes(9 * MB)) for number in range(5)], look=sent) is None
    assert stage.status == 413


def test_too_many_parts_or_too_long_a_field_is_413_and_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    def look() -> object:
        return request.form

    assert stage.post(("a.pdf", bytes(MB)), look=look, **{f"field{n}": "words" for n in range(12)}) is None
    assert stage.status == 413
    assert stage.post(("a.pdf", bytes(MB)), look=look, account="w" * 200_001) is None
    assert stage.status == 413
    assert open_spools(tmp_path) == 0


# Who, and where


def test_a_page_that_asks_for_no_files_gets_none(stage: Stage, tmp_path: Path) -> None:
    def look() -> object:
        return problems(), request.form["account"], open_spools(tmp_path)

    said, account, spools = stage.post(("a.pdf", bytes(50_000)), to="/other", look=look, account="What we did")
    assert said == ["The selected file was not taken. Files cannot be uploaded on this page"]
    assert (account, spools) == ("What we did", 0)
    stage.post(("a.pdf", bytes(300_000)), to="/other", look=sent)
    assert stage.status == 413


def test_a_visitor_who_may_not_upload_cannot_fill_the_disk(stage: Stage, tmp_path: Path) -> None:
    stage.signed_in = False
    assert stage.post(("a.pdf", bytes(50_000)), look=lambda: (len(sent()), open_spools(tmp_path))) == (1, 0)
    stage.post(("a.pdf", bytes(300_000)), look=sent)
    assert stage.status == 413


# Full disks, broken connections, memory


def test_a_full_disk_is_said_beside_the_field(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def look() -> object:
        return problems(), request.form["account"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ehe_portal.core.uploads.write_fully", full)
    said, account = stage.post(("a.pdf", bytes(MB)), ("b.pdf", b"words"), look=look, account="What we did")
    assert said == ["The selected file could not be stored just now. Try again in a few minutes"] * 2
    assert account == "What we did"


def test_fifty_megabytes_pass_through_a_few(in_folder: InFolder) -> None:
    stage = Stage(in_folder.vault, UploadLimits())
    piece = secrets.token_bytes(64 * 1024)

    def look() -> object:
        upload = spooled(sent()[0])
        stored = in_folder.vault.store(NAME, iter(lambda: upload.read(MB), b""))
        return upload.problem, stored.size, upload.sha256 == stored.sha256

    tracemalloc.start()
    try:
        body = multipart([(b'name="files"; filename="film.pdf"', [piece] * 800)])
        seen = stage.send(body, look)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen == (None, 50 * MB, True)
    assert peak < 8 * MB


@pytest.mark.parametrize("announced", [2 * MB, 0])
def test_a_connection_that_breaks_leaves_nothing(stage: Stage, tmp_path: Path, announced: int) -> None:
    opening = next(multipart([(b'name="files"; filename="a.pdf"', [])]))
    seen = stage.send(iter([opening, bytes(MB)]), look=lambda: len(sent()), length=announced)
    assert not seen
    assert open_spools(tmp_path) == 0


# Into the inspection


def test_an_upload_is_inspected_where_it_is(stage: Stage) -> None:
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa471"
        "0000000049454e44ae426082"
    )

    def look() -> object:
        verdicts = [inspect_upload(file) for file in sent()]
        return [(verdict.safe_filename, verdict.problems) for verdict in verdicts], sent()[0].read() == picture

    verdicts, whole = stage.post(("../dot.png", picture), ("film.png", bytes(3 * MB)), ("none.pdf", b""), look=look)
    assert verdicts == [
        ("dot.png", ()),
        ("film.png", ("The selected file must be smaller than 500 MB",)),
        ("none.pdf", ("The selected file is empty",)),
    ]
    assert whole


def test_a_file_from_elsewhere_is_no_upload() -> None:
    with pytest.raises(TypeError):
        spooled(FileStorage(io.BytesIO(CANARY), "a.pdf"))
