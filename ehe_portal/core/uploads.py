"""Uploads: every file is measured, hashed and encrypted while it arrives, and never lies anywhere in the clear.

`Request` takes the place of Flask's request. Each file of a form goes, frame by frame, into a nameless file in
the vault's incoming folder, under a key that exists in memory alone; both are gone when the request ends. A file that
is too large is not kept, but read past, so that the form comes up again with all that was typed and a message beside
the field.

    @pages.page("/send", methods=["GET", "POST"], needs=..., on=...)
    @takes_files
    def send(work, child): ...

Only views marked with `takes_files` get files, and only from visitors that `may_upload` lets in; all other requests
are held to a few megabytes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import flask
from flask import Flask, current_app
from typing_extensions import override
from werkzeug.datastructures import FileStorage

from ehe_portal.core.files import Problem, Verdict, inspect, safe_filename
from ehe_portal.core.files.formats import LARGEST_FILE, MOST_FILES
from ehe_portal.core.vault import VaultError, VaultUnavailable
from ehe_portal.core.vault.folder import disk_failures, nameless_file, write_fully
from ehe_portal.core.vault.frames import FRAME_BYTES, SEALED_FRAME_BYTES, FrameCipher, FrameWriter, frame_count, new_key

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class UploadLimits:
    """Bytes of one file, of a request with files (past this: 413) and of one without; files and parts of a request."""

    file: int = LARGEST_FILE
    request: int = 2 * 1024 * 1024 * 1024
    page: int = 4 * 1024 * 1024
    field: int = 1_000_000
    files: int = MOST_FILES
    parts: int = 100


@dataclass(frozen=True)
class Uploads:
    """How this application takes files."""

    incoming: Path
    may_upload: Callable[[], bool]
    limits: UploadLimits


def init_app(app: Flask, incoming: Path, may_upload: Callable[[], bool], limits: UploadLimits | None = None) -> None:
    """Take uploads in `app` by way of the folder `incoming`; `may_upload` says whether this visitor may send any."""
    limits = limits or UploadLimits()
    app.extensions["uploads"] = Uploads(incoming, may_upload, limits)
    app.request_class = Request
    app.config["MAX_CONTENT_LENGTH"] = limits.page
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.field
    app.config["MAX_FORM_PARTS"] = limits.parts


def takes_files(view: View) -> View:
    """Mark a view that files may be sent to."""
    vars(view)["takes_files"] = True
    return view


class SpooledUpload(io.BufferedIOBase):
    """One uploaded file, sealed while it is written; read it from the start as often as needed until it is closed.

    `size` counts what arrived, in bytes. With a `problem` nothing of the content is kept.
    """

    def __init__(self, incoming: Path, most: int, problem: Problem | None = None) -> None:
        self._incoming = incoming
        self._most = most
        self.problem = problem
        self._cipher = FrameCipher(new_key(), "upload")
        self._frames = FrameWriter(self._cipher, self._emit)
        self._spool: io.FileIO | None = None
        self._written = False
        self._position = 0
        self._open_frame: tuple[int, bytes] = (-1, b"")
        self.size = 0

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return self._frames.sha256

    def writable(self) -> bool:
        """Until it is read or sought in for the first time."""
        return not self._written

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any, /) -> int:
        """Take the next piece."""
        if self._written:
            raise io.UnsupportedOperation("an upload that was read is not written to again")
        self.size += len(data)
        if self.problem is None and self.size > self._most:
            self._refuse(Problem.TOO_LARGE)
        if self.problem is None:
            self._seal(lambda: self._frames.write(data))
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to a byte of the content; the first move ends the writing."""
        self._end_writing()
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        """The byte that reading or writing stands at."""
        return self._position if self._written else self.size

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes, or all that is left. Raises `VaultError` if the spool was tampered with or fails."""
        self._end_writing()
        end = self._length if size is None or size < 0 else min(self._length, self._position + size)
        parts = []
        while self._position < end:
            number, within = divmod(self._position, FRAME_BYTES)
            part = self._frame(number)[within : within + end - self._position]
            parts.append(part)
            self._position += len(part)
        return b"".join(parts)

    def read1(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes."""
        return self.read(FRAME_BYTES if size < 0 else size)

    def close(self) -> None:
        """Throw the content away; its key goes with it."""
        if self._spool is not None:
            self._spool.close()
            self._spool = None
        self._open_frame = (-1, b"")
        super().close()

    @property
    def _length(self) -> int:
        return 0 if self.problem else self.size

    def _end_writing(self) -> None:
        if self.closed:
            raise ValueError("the upload was closed")
        if not self._written:
            self._written = True
            if self.problem is None and self.size:
                self._seal(self._frames.finish)

    def _seal(self, step: Callable[[], None]) -> None:
        try:
            with disk_failures():
                step()
        except VaultError:
            # The disk is full or broken: the rest of the form is still read, and says so beside the field.
            self._refuse(Problem.NOT_STORED)

    def _emit(self, sealed: bytes) -> None:
        if self._spool is None:
            self._spool = nameless_file(self._incoming)
        write_fully(self._spool, sealed)

    def _refuse(self, problem: Problem) -> None:
        self.problem = problem
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _frame(self, number: int) -> bytes:
        if self._open_frame[0] != number:
            if self._spool is None:
                raise VaultUnavailable("the upload has no content")
            with disk_failures():
                self._spool.seek(number * SEALED_FRAME_BYTES)
                sealed = self._spool.read(SEALED_FRAME_BYTES)
            last = number == frame_count(self.size) - 1
            self._open_frame = (number, self._cipher.open(number, sealed, last=last))
        return self._open_frame[1]


class Request(flask.Request):
    """Flask's request, with files sealed as they arrive."""

    @cached_property
    def open_to_files(self) -> bool:
        """Whether this visitor may send files to this page."""
        view = current_app.view_functions.get(self.endpoint or "")
        return bool(getattr(view, "takes_files", False)) and uploads().may_upload()

    chosen = 0

    @cached_property
    def spools(self) -> list[SpooledUpload]:
        """Every file of this request, those of a form that was cut off too."""
        return []

    @property
    def max_content_length(self) -> int | None:
        """Bytes of the whole request."""
        if self._max_content_length is None and self.open_to_files:
            return uploads().limits.request
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    @override
    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        settings = uploads()
        problem = None if self.open_to_files else Problem.NOT_ASKED_FOR
        self.chosen += bool(filename)
        if problem is None and self.chosen > settings.limits.files:
            problem = Problem.TOO_MANY
        # A field in which nothing was chosen comes as a file without a name, and is empty.
        spool = SpooledUpload(settings.incoming, settings.limits.file if filename else 0, problem)
        self.spools.append(spool)
        return cast(IO[bytes], spool)

    def close(self) -> None:
        """Throw away what was uploaded."""
        for spool in self.spools:
            spool.close()
        super().close()


def uploads() -> Uploads:
    """How the running application takes files."""
    found: Uploads = current_app.extensions["uploads"]
    return found


def spooled(file: FileStorage) -> SpooledUpload:
    """The upload behind a form's file. Raises TypeError for a file that did not come in a request."""
    if not isinstance(file.stream, SpooledUpload):
        raise TypeError("not an upload of this portal")
    return file.stream


def inspect_upload(file: FileStorage) -> Verdict:
    """What an uploaded file really is, or why it is not taken; it is back at its start afterwards."""
    upload = spooled(file)
    if upload.problem:
        return Verdict(None, None, safe_filename(file.filename), (upload.problem.value,))
    upload.seek(0)
    verdict = inspect(upload, file.filename)
    upload.seek(0)
    return verdict
