"""A content on its way into the vault, and out of it."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import Self

from ehe_portal.core.vault.errors import VaultDamaged, VaultError
from ehe_portal.core.vault.filekeys import drawn
from ehe_portal.core.vault.frames import FrameCipher, FrameWriter, read_fully
from ehe_portal.core.vault.keys import KEY_BYTES, SEALING_BYTES
from ehe_portal.core.vault.store import Draft, Source

FIRST_MAGIC = b"EHEVLT01"
MAGIC = b"EHEVLT02"
SALT_BYTES = 32
HEADER_BYTES = len(MAGIC) + SALT_BYTES


@dataclass(frozen=True)
class StoredObject:
    """What is kept: `size` in bytes and `sha256` in hexadecimal are of the content as it was sent."""

    identity: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Header:
    """What stands before the frames: a salt, or in a file of the first version its key, sealed by a master key."""

    length: int
    salt: bytes = b""
    sealed_key: bytes | None = None

    @classmethod
    def read_from(cls, source: Source) -> "Header":
        """The header of a file being read. Raises `VaultDamaged`."""
        magic = read_fully(source.read, len(MAGIC))
        if magic == MAGIC:
            return cls(HEADER_BYTES, salt=read_fully(source.read, SALT_BYTES))
        if magic == FIRST_MAGIC:
            sealed = read_fully(source.read, SEALING_BYTES + KEY_BYTES)
            return cls(len(magic) + SEALING_BYTES + KEY_BYTES, sealed_key=sealed)
        raise VaultDamaged("not a file that the vault wrote")

    def frame_key(self, secret: bytes) -> bytes:
        """The key of the frames, given the file's secret."""
        return drawn(secret, self.salt) if self.sealed_key is None else secret


class VaultWriter:
    """Takes a content piece by piece. Nothing is kept until `finish`; leaving its `with` block before that aborts."""

    def __init__(
        self,
        identity: str,
        draft: Draft,
        cipher: FrameCipher,
        keep_secret: Callable[[], None],
        failures: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._identity = identity
        self._draft: Draft | None = draft
        self._keep_secret = keep_secret
        self._failures = failures
        self._frames = FrameWriter(cipher, draft.write)

    def begin(self, header: bytes) -> None:
        """Write what comes before the first frame."""
        self._or_abort(lambda draft: draft.write(header))

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add to the content. After `VaultFull` or `VaultUnavailable` nothing is left and the writer is spent."""
        self._or_abort(lambda _: self._frames.write(data))

    def finish(self) -> StoredObject:
        """Keep the content; on return it is on the disk for good."""
        self._or_abort(lambda _: self._frames.finish())
        self._or_abort(lambda _: self._keep_secret())
        self._or_abort(lambda draft: draft.keep())
        self._draft = None
        return StoredObject(self._identity, self._frames.size, self._frames.sha256)

    def abort(self) -> None:
        """Keep nothing; after `finish`, nothing happens."""
        draft, self._draft = self._draft, None
        if draft is not None:
            with self._failures():
                draft.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.abort()

    def _or_abort(self, do: Callable[[Draft], None]) -> None:
        if self._draft is None:
            raise ValueError("this content was finished or aborted already")
        try:
            with self._failures():
                do(self._draft)
        except VaultError:
            self.abort()
            raise


class VaultReader(Iterator[bytes]):
    """The frames of a kept file. Close it if it is not read to the end; a web server closes what it streams."""

    def __init__(self, source: Source, failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._source = source
        self._failures = failures
        self._frames: Iterator[bytes] = iter(())

    def begin(self, frames: Iterator[bytes]) -> None:
        """Read the first frame."""
        with self._failures():
            self._frames = chain([next(frames)], frames)

    def __next__(self) -> bytes:
        try:
            with self._failures():
                frame = next(self._frames, None)
        except VaultError:
            self.close()
            raise
        if frame is None:
            self.close()
            raise StopIteration
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()


def as_expected(frames: Iterator[bytes], expected: StoredObject) -> Iterator[bytes]:
    """`frames`, the last of them held back until the whole is known to be what was kept."""
    digest = hashlib.sha256()
    held = b""
    for number, frame in enumerate(frames):
        if number:
            yield held
        digest.update(frame)
        held = frame
    if digest.hexdigest() != expected.sha256:
        raise VaultDamaged("the content is not the one that was kept")
    yield held
