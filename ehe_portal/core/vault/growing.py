"""A content that arrives in parts, over days if need be and by way of several processes, sealed from its first byte.

What has arrived lies in the vault's incoming folder as the file that it will be: the vault's header, then whole frames
under a key of its own, whose secret the vault keeps from the beginning. What does not fill a frame yet lies beside it
as a sealed value; once its frame is full it is out of date, which the number of the frame that stands before it tells.
The last frame is sealed when everything has arrived, and counts as missing until the vault has taken the file over: a
process that dies before that loses no more than one frame, and the sender is asked for it again.

Nobody holds a lock while waiting for bytes, for a phone that has changed its network leaves a connection behind that
waits for hours. A writer looks, before each frame, whether all is as it left it; one that was overtaken gives up.

A frame is sealed a second time for its place only where a process died while writing it, and then from the same bytes
of the same file; a sender who goes on with another file spoils their own file alone.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from ehe_portal.core.vault.errors import VaultDamaged, VaultError, VaultKeyMissing
from ehe_portal.core.vault.filekeys import drawn
from ehe_portal.core.vault.folder import begin_to_put_down, disk_failures, make_folder, see_onto_disk, write_fully
from ehe_portal.core.vault.frames import (
    FRAME_BYTES,
    SEALED_FRAME_BYTES,
    FrameCipher,
    frame_count,
    open_frames,
)
from ehe_portal.core.vault.hashes import HashesSoFar
from ehe_portal.core.vault.keys import Keyring
from ehe_portal.core.vault.streams import HEADER_BYTES, MAGIC, SALT_BYTES

NUMBER_BYTES = 8
BATCH_FRAMES = 8
PLACE = "growing"
Mark = tuple[int, int, int]


class Overtaken(VaultError):
    """Another request has gone on with this content meanwhile, or is just completing it."""


@dataclass(frozen=True)
class Secrets:
    """Where the content's secret comes from: the one that is kept, or one that is kept from now on."""

    kept: Callable[[], bytes]
    begun: Callable[[], bytes]


def growing_in(incoming: Path) -> list[str]:
    """Identities of the contents that arrive in parts just now."""
    return [one.stem.replace(".", "/") for one in (incoming / PLACE).glob("*.sealed")]


class Growing:
    """What has arrived of a content of `length` bytes (one at least); nothing yet, to begin with.

    Use it in a `with` block: once the content is whole, nobody else can touch it until the block ends.
    """

    def __init__(
        self, incoming: Path, identity: str, length: int, ring: Keyring, secret: Secrets, hashes: HashesSoFar
    ) -> None:
        if length < 1:
            raise ValueError("a content that arrives in parts has at least one byte")
        self.identity, self.length = identity, length
        self._folder = incoming / PLACE
        self.path = self._folder / f"{identity.replace('/', '.')}.sealed"
        self._tail_path = self.path.with_suffix(".tail")
        self._tail_part = self.path.with_suffix(".part")
        self._ring, self._secret, self._hashes = ring, secret, hashes
        self._file: FileIO | None = None
        self._number = 0
        self._held = bytearray()
        self._mark: Mark = (0, 0, 0)
        self.sha256 = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def offset(self) -> int:
        """How many bytes are kept of what has arrived."""
        try:
            number = self._whole_frames(self.path.stat().st_size)
        except FileNotFoundError:
            return 0
        return number * FRAME_BYTES + len(self._tail(number))

    def take(self, offset: int, pieces: Iterable[bytes | memoryview]) -> int:
        """Add what comes, which begins at `offset`; how many bytes have arrived now, and are on the disk.

        `pieces` that end before their time are no failure. Raises `Overtaken`, `VaultFull`, `VaultUnavailable` or
        `VaultDamaged`, and ValueError for more than `length` bytes.
        """
        with disk_failures():
            file, cipher = self._opened()
            self._locked(file)
            self._go_to_end(file, offset)
            self._unlocked(file)
        digest = self._hashes.take(self.identity, (offset, self._mark)) if offset else hashlib.sha256()
        for piece in pieces:
            self._add(file, cipher, piece)
            if digest is not None:
                digest.update(piece)
        arrived = self._number * FRAME_BYTES + len(self._held)
        whole = arrived == self.length
        with disk_failures():
            self._put_down(file, cipher, whole=whole)
        if digest is not None and whole:
            self.sha256 = digest.hexdigest()
        elif digest is not None:
            self._hashes.keep(self.identity, (arrived, self._mark), digest)
        return arrived

    def content(self) -> Iterator[bytes]:
        """The whole content, frame by frame, each authenticated; `sha256` says its hash once it was read to the end."""
        file, cipher = self._opened()
        digest = None if self.sha256 else hashlib.sha256()
        with disk_failures():
            file.seek(HEADER_BYTES)
            for frame in open_frames(cipher, file.read):
                if digest is not None:
                    digest.update(frame)
                yield frame
        if digest is not None:
            self.sha256 = digest.hexdigest()

    def let_go(self) -> None:
        """After the vault has taken the file over: leave nothing behind."""
        self._tail_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Throw away what has arrived, and with it its key. Raises `Overtaken` while it is just being completed."""
        with disk_failures():
            if self.path.exists():
                with FileIO(self.path, "r+b") as file:
                    self._locked(file if self._file is None else self._file)
                    self.path.unlink(missing_ok=True)
            self._tail_path.unlink(missing_ok=True)
            self._tail_part.unlink(missing_ok=True)

    def _opened(self) -> tuple[FileIO, FrameCipher]:
        """The file, begun if nothing is there yet, and what seals its frames."""
        if self._file is None:
            make_folder(self._folder)
            self._file = FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b")
            self._begin(self._file)
        self._file.seek(0)
        header = self._file.read(HEADER_BYTES)
        if not header.startswith(MAGIC):
            raise VaultDamaged("not a file that the vault wrote")
        return self._file, FrameCipher(drawn(self._secret.kept(), header[len(MAGIC) :]), self.identity)

    def _begin(self, file: FileIO) -> None:
        """Write the header, unless it is there."""
        self._locked(file)
        if os.fstat(file.fileno()).st_size < HEADER_BYTES:
            file.truncate(0)
            self._secret.begun()
            write_fully(file, MAGIC + secrets.token_bytes(SALT_BYTES))
            os.fsync(file.fileno())
            see_onto_disk(self._folder)
        self._unlocked(file)

    def _go_to_end(self, file: FileIO, offset: int) -> None:
        """Go where the next frame belongs, over what a process that died had half written; see who was here."""
        self._number = self._whole_frames(os.fstat(file.fileno()).st_size)
        self._held = bytearray(self._tail(self._number))
        if self._number * FRAME_BYTES + len(self._held) != offset:
            raise Overtaken("this is not where the content ends")
        file.truncate(file.seek(HEADER_BYTES + self._number * SEALED_FRAME_BYTES))
        self._mark = self._marked(file)

    @property
    def _at_last(self) -> bool:
        """Whether the next frame is the last of the content."""
        return (self._number + 1) * FRAME_BYTES >= self.length

    def _add(self, file: FileIO, cipher: FrameCipher, piece: bytes | memoryview) -> None:
        """Seal each frame that is full, from where it lies if it lies there whole; hold the last, and what is left."""
        rest = memoryview(piece)
        if self._number * FRAME_BYTES + len(self._held) + len(rest) > self.length:
            raise ValueError("more than was announced")
        while rest:
            frame: bytearray | memoryview = self._held
            if self._held or len(rest) < FRAME_BYTES or self._at_last:
                room = FRAME_BYTES - len(self._held)
                self._held += rest[:room]
            else:
                room = FRAME_BYTES
                frame = rest[:room]
            rest = rest[room:]
            if len(frame) == FRAME_BYTES and not self._at_last:
                with disk_failures():
                    self._append(file, cipher, frame, last=False)
                    self._unlocked(file)

    def _append(self, file: FileIO, cipher: FrameCipher, frame: bytearray | memoryview, *, last: bool) -> None:
        """Seal the next frame, if nobody else has."""
        self._locked(file)
        self._as_left(file)
        write_fully(file, cipher.seal(self._number, frame, last=last))
        self._held.clear()
        self._number += 1
        self._mark = self._marked(file)
        if self._number % BATCH_FRAMES == 0:
            begin_to_put_down(file, BATCH_FRAMES * SEALED_FRAME_BYTES)

    def _put_down(self, file: FileIO, cipher: FrameCipher, *, whole: bool) -> None:
        """See onto the disk what has arrived: the last frame, and then keep others away; or the part of a frame."""
        if whole:
            self._append(file, cipher, self._held, last=True)
            os.fsync(file.fileno())
            return
        self._locked(file)
        self._as_left(file)
        os.fsync(file.fileno())
        if self._held:
            self._write_tail()
        self._mark = self._marked(file)
        self._unlocked(file)

    def _write_tail(self) -> None:
        sealed = self._ring.seal(bytes(self._held), self._tail_purpose(self._number))
        with FileIO(os.open(self._tail_part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
            write_fully(written, self._number.to_bytes(NUMBER_BYTES) + sealed)
            os.fsync(written.fileno())
        self._tail_part.rename(self._tail_path)
        see_onto_disk(self._folder)

    def _tail(self, number: int) -> bytes:
        """The part of a frame that stands behind so many whole ones."""
        try:
            kept = self._tail_path.read_bytes()
        except FileNotFoundError:
            return b""
        if int.from_bytes(kept[:NUMBER_BYTES]) != number:
            return b""
        try:
            return self._ring.open_sealed(kept[NUMBER_BYTES:], self._tail_purpose(number))
        except VaultKeyMissing:
            return b""  # a master key that has been taken away since: the sender is asked for less than a frame again

    def _tail_purpose(self, number: int) -> str:
        return f"part-of-frame/{number}/{self.identity}"

    def _whole_frames(self, size: int) -> int:
        """How many frames in a file of so many bytes are whole and not the last."""
        return max(0, min((size - HEADER_BYTES) // SEALED_FRAME_BYTES, frame_count(self.length) - 1))

    def _marked(self, file: FileIO) -> Mark:
        """What changes when anyone adds anything."""
        size = os.fstat(file.fileno()).st_size
        try:
            tail = self._tail_path.stat()
        except FileNotFoundError:
            return size, 0, 0
        return size, tail.st_ino, tail.st_mtime_ns

    def _as_left(self, file: FileIO) -> None:
        if self._marked(file) != self._mark:
            self._unlocked(file)
            raise Overtaken("another request has gone on with this content")

    @staticmethod
    def _locked(file: FileIO) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Overtaken("another request is writing this content") from None

    @staticmethod
    def _unlocked(file: FileIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
