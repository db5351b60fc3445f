"""The vault: files that families send, kept encrypted; and small values sealed with the same master key.

    vault = Vault.from_url("file:var/vault", key, root)
    with vault.writer("E09000001/7K2MXQ0R4T") as writer:
        for piece in pieces:
            writer.write(piece)
        stored = writer.finish()
    for frame in vault.read(stored.identity, stored):
        ...

A kept file is `magic (8 bytes) | its own random key, sealed by the master key for this identity | frames`. Deleting
the file deletes its key. An identity is used once: nothing is written over, and what is kept does not change.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from ehe_portal.core.vault.errors import (
    VaultDamaged,
    VaultError,
    VaultFull,
    VaultMissing,
    VaultTaken,
    VaultUnavailable,
)
from ehe_portal.core.vault.folder import Folder
from ehe_portal.core.vault.frames import FrameCipher, FrameWriter, new_key, open_frames, read_fully, sealed_size
from ehe_portal.core.vault.keys import KEY_BYTES, SEALING_BYTES, MasterKey

__all__ = [
    "StoredObject",
    "Vault",
    "VaultDamaged",
    "VaultError",
    "VaultFull",
    "VaultMissing",
    "VaultReader",
    "VaultTaken",
    "VaultUnavailable",
    "VaultWriter",
]

MAGIC = b"EHEVLT01"
HEADER_BYTES = len(MAGIC) + SEALING_BYTES + KEY_BYTES
IDENTITY = re.compile(r"(?=.{3,200}\Z)[A-Za-z0-9][A-Za-z0-9_-]{0,63}(/[A-Za-z0-9][A-Za-z0-9_-]{0,63}){1,3}")
ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class StoredObject:
    """What is kept: `size` in bytes and `sha256` in hexadecimal are of the content as it was sent."""

    identity: str
    size: int
    sha256: str


class Source(Protocol):
    """A kept file being read."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Draft(Protocol):
    """A file being written."""

    def write(self, data: bytes) -> None: ...
    def keep(self) -> None: ...
    def discard(self) -> None: ...


class Store(Protocol):
    """A place that keeps files under an identity. What goes wrong inside `failures()` comes out as a `VaultError`."""

    incoming: Path

    def failures(self) -> AbstractContextManager[None]: ...
    def draft(self, identity: str) -> Draft: ...
    def open(self, identity: str) -> tuple[Source, int]: ...
    def exists(self, identity: str) -> bool: ...
    def delete(self, identity: str) -> None: ...
    def stored_before(self, moment: datetime) -> Iterator[str]: ...
    def clear_incoming(self, before: datetime, /) -> int: ...


class Vault:
    """Keeps files, each encrypted under a key of its own, and seals small values."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._master = MasterKey(key)

    @classmethod
    def from_url(cls, url: str, key: bytes, root: Path) -> "Vault":
        """The vault at `file:folder` (relative to `root`, or absolute) or `s3://bucket/prefix`.

        `key` is 32 bytes. Raises ValueError saying what was expected.
        """
        parts = urlsplit(url)
        if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
            return cls(Folder(root / parts.path), key)
        if parts.scheme == "s3" and parts.netloc:
            # boto3 takes a second to load and most deployments do without.
            from ehe_portal.core.vault.s3 import Bucket

            return cls(Bucket(parts.netloc, parts.path, root / "var" / "incoming"), key)
        raise ValueError("the vault's address must be file:FOLDER or s3://BUCKET/PREFIX")

    @property
    def incoming(self) -> Path:
        """The folder for what is on its way into the vault; only ever sealed bytes lie there."""
        return self._store.incoming

    def writer(self, identity: str) -> "VaultWriter":
        """Begin to keep a file. Raises `VaultTaken` if the identity is in use."""
        with self._store.failures():
            draft = self._store.draft(checked(identity))
        key = new_key()
        writer = VaultWriter(identity, draft, FrameCipher(key, identity), self._store.failures)
        writer.begin(MAGIC + self._master.seal(key, file_key_of(identity)))
        return writer

    def store(self, identity: str, pieces: Iterable[bytes]) -> StoredObject:
        """Keep a whole content that comes in pieces."""
        with self.writer(identity) as writer:
            for piece in pieces:
                writer.write(piece)
            return writer.finish()

    def read(self, identity: str, expected: StoredObject | None = None) -> "VaultReader":
        """The content of a kept file, frame by frame; the first is read and authenticated before this returns.

        With `expected`, its length is compared before the first frame is given and its hash before the last.
        """
        with self._store.failures():
            source, length = self._store.open(checked(identity))
        reader = VaultReader(source, self._store.failures)
        try:
            with self._store.failures():
                header = read_fully(source.read, HEADER_BYTES)
            if not header.startswith(MAGIC):
                raise VaultDamaged("not a file that the vault wrote")
            key = self._master.open_sealed(header[len(MAGIC) :], file_key_of(identity))
            frames = open_frames(FrameCipher(key, identity), source.read)
            if expected is not None:
                if length != HEADER_BYTES + sealed_size(expected.size):
                    raise VaultDamaged("the file is not as long as it was when it was kept")
                frames = as_expected(frames, expected)
            reader.begin(frames)
        except VaultError:
            reader.close()
            raise
        return reader

    def exists(self, identity: str) -> bool:
        """Whether anything is kept under `identity`."""
        with self._store.failures():
            return self._store.exists(checked(identity))

    def delete(self, identity: str) -> None:
        """Remove a file and with it its key; nothing there is no error."""
        with self._store.failures():
            self._store.delete(checked(identity))

    def stored_before(self, moment: datetime) -> Iterator[str]:
        """Identities of the files kept before `moment`."""
        with self._store.failures():
            yield from self._store.stored_before(moment)

    def sweep_orphans(self, known: Callable[[Sequence[str]], Collection[str]], before: datetime) -> list[str]:
        """Remove what was kept before `before` and nobody knows of, and what broken-off writing left; what was removed.

        `known` is given identities, some hundreds at a time, and answers with those that are somebody's. Let `before`
        be hours ago: a file is kept first and the row that knows of it is committed after.
        """
        with self._store.failures():
            self._store.clear_incoming(before)
        found = self.stored_before(before)
        orphans: list[str] = []
        while some := list(islice(found, ASKED_AT_ONCE)):
            wanted = frozenset(known(some))
            orphans += [identity for identity in some if identity not in wanted]
        for identity in orphans:
            self.delete(identity)
        return orphans

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """A small value (a draft, a parked form) sealed; it opens only for the same `purpose`, such as `draft/REF`."""
        return self._master.seal(plaintext, f"value/{purpose}")

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What `seal` sealed for `purpose`. Raises `VaultDamaged` for anything else."""
        return self._master.open_sealed(sealed, f"value/{purpose}")


class VaultWriter:
    """Takes a content piece by piece. Nothing is kept until `finish`; leaving its `with` block before that aborts."""

    def __init__(
        self,
        identity: str,
        draft: Draft,
        cipher: FrameCipher,
        failures: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._identity = identity
        self._draft: Draft | None = draft
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


def checked(identity: str) -> str:
    """`identity`, if it is one: 2 to 4 parts of letters, digits, `-` and `_`, joined by `/`. Else ValueError."""
    if not IDENTITY.fullmatch(identity):
        raise ValueError("an identity is 2 to 4 parts of letters, digits, - and _, joined by /")
    return identity


def file_key_of(identity: str) -> str:
    """What the key of a kept file is sealed for."""
    return f"file-key/{identity}"
