"""Kept files in a folder of this machine, or of a disk that it mounts.

`objects/` holds what is kept, named by identity; `incoming/` what is being written. A file moves from the second to
the first by one atomic rename, after its bytes have reached the disk: nothing half-written is ever seen. Small things
(`keys/`, `masters/`) lie beside them and come into their place in the same way.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from ehe_portal.core.vault.errors import VaultDamaged, VaultFull, VaultMissing, VaultTaken, VaultUnavailable

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SUFFIX = ".sealed"
PART = ".part"
SMALL = ".key"


@contextmanager
def disk_failures() -> Iterator[None]:
    """Turns the operating system's errors into the vault's, without the paths and names they carry."""
    try:
        yield
    except FileNotFoundError:
        raise VaultMissing("nothing is kept there") from None
    except FileExistsError:
        raise VaultTaken("something is kept there already") from None
    except OSError as failure:
        if failure.errno in NO_ROOM:
            raise VaultFull("no room is left on the disk") from None
        raise VaultUnavailable(f"the disk answered: {failure.strerror}") from None


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that nobody else may look into, and see them onto the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    see_onto_disk(folder.parent)


def begin_to_put_down(file: FileIO, length: int) -> None:
    """Have the system write the last `length` bytes to the disk from now on: less to wait for when it must."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # a hint, which not every system takes
            os.posix_fadvise(file.fileno(), file.tell() - length, length, os.POSIX_FADV_DONTNEED)


def see_onto_disk(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def nameless_file(folder: Path) -> FileIO:
    """A file for reading and writing that has no name, so that nothing of it outlives this process."""
    handle, name = tempfile.mkstemp(suffix=PART, dir=folder)
    file = FileIO(handle, "r+b")
    Path(name).unlink()
    return file


def write_fully(file: FileIO, data: bytes) -> None:
    """Write all of `data`, which a disk that is nearly full takes only in part at first."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


class Draft:
    """A file being written. Its name in `incoming/` is a claim to the identity: a second writer is refused."""

    def __init__(self, part: Path, place: Path) -> None:
        self._part = part
        self._place = place
        self._file = FileIO(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, data: bytes) -> None:
        """Add to the file."""
        write_fully(self._file, data)

    def keep(self) -> None:
        """Put the file in its place, on the disk for good."""
        os.fsync(self._file.fileno())
        self._file.close()
        make_folder(self._place.parent)
        if self._place.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        self._part.rename(self._place)
        see_onto_disk(self._place.parent)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)


class Folder:
    """A folder that keeps files, sealed by the vault above it."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder.resolve()
        self._objects = folder.resolve() / "objects"
        self.incoming = folder.resolve() / "incoming"
        make_folder(self._objects)
        make_folder(self.incoming)

    failures = staticmethod(disk_failures)

    def draft(self, identity: str) -> Draft:
        """Begin to write."""
        place = self._place(identity)
        if place.exists():
            raise VaultTaken("something is kept there already")
        make_folder(self.incoming)
        return Draft(self.incoming / f"{identity.replace('/', '.')}{PART}", place)

    def adopt(self, identity: str, sealed: Path, /) -> None:
        """Put a file of the incoming folder, which is on the disk already, in its place."""
        place = self._place(identity)
        make_folder(place.parent)
        if place.exists():
            raise VaultTaken("something is kept there already")
        sealed.rename(place)
        see_onto_disk(place.parent)

    def open(self, identity: str) -> tuple[FileIO, int]:
        """The kept file and its length in bytes."""
        handle = os.open(self._place(identity), os.O_RDONLY | os.O_NOFOLLOW)
        return FileIO(handle), os.fstat(handle).st_size

    def exists(self, identity: str) -> bool:
        """Whether anything is kept under `identity`."""
        return self._place(identity).is_file()

    def delete(self, identity: str) -> None:
        """Remove what is kept; nothing there is no error."""
        place = self._place(identity)
        if place.exists():
            place.unlink(missing_ok=True)
            see_onto_disk(place.parent)

    def stored_before(self, moment: datetime, under: str = "") -> Iterator[str]:
        """Identities, beginning with the part `under` if it is given, of what was kept before `moment`."""
        for kept in (self._objects / under).rglob(f"*{SUFFIX}"):
            if written_before(kept, moment):
                yield kept.relative_to(self._objects).as_posix().removesuffix(SUFFIX)

    def clear_incoming(self, before: datetime, /) -> int:
        """Remove what a process that died was writing; how many files that were."""
        left_behind = [part for part in self.incoming.glob(f"*{PART}") if written_before(part, before)]
        for part in left_behind:
            part.unlink(missing_ok=True)
        return len(left_behind)

    # Small things

    def small(self, name: str) -> bytes | None:
        """A small thing; None where there is none."""
        try:
            handle = os.open(self._inside(f"{name}{SMALL}"), os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        with FileIO(handle) as file:
            return file.read()

    def add_small(self, name: str, data: bytes) -> None:
        """Keep a small thing, if nothing has its name yet; on return it is on the disk for good."""
        with self._small_part(name, data) as (part, place):
            place.hardlink_to(part)
            part.unlink()

    def replace_small(self, name: str, data: bytes) -> None:
        """Keep a small thing, in place of what had its name: at every moment one of the two is there, whole."""
        with self._small_part(name, data) as (part, place):
            part.rename(place)

    def remove_small(self, name: str) -> None:
        """Remove a small thing; nothing there is no error."""
        place = self._inside(f"{name}{SMALL}")
        if place.exists():
            place.unlink(missing_ok=True)
            see_onto_disk(place.parent)

    def smalls(self, folder: str, before: datetime) -> Iterator[str]:
        """Names, within `folder`, of the small things kept before a moment."""
        for kept in (self._folder / folder).rglob(f"*{SMALL}"):
            if written_before(kept, before):
                yield kept.relative_to(self._folder / folder).as_posix().removesuffix(SMALL)

    @contextmanager
    def _small_part(self, name: str, data: bytes) -> Iterator[tuple[Path, Path]]:
        """A small file on the disk, and the place that it is to have."""
        place = self._inside(f"{name}{SMALL}")
        make_folder(place.parent)
        make_folder(self.incoming)
        handle, part = tempfile.mkstemp(suffix=PART, dir=self.incoming)
        try:
            with FileIO(handle, "wb") as file:
                write_fully(file, data)
                os.fsync(file.fileno())
            yield Path(part), place
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        see_onto_disk(place.parent)

    def _place(self, identity: str) -> Path:
        return self._inside(f"objects/{identity}{SUFFIX}")

    def _inside(self, name: str) -> Path:
        place = self._folder / name
        # Identities cannot leave the folder by their shape; a link laid inside it still could.
        if not place.parent.resolve().is_relative_to(self._folder / name.partition("/")[0]):
            raise VaultDamaged("a folder of the vault leads outside it")
        return place


def written_before(path: Path, moment: datetime) -> bool:
    """Whether a file was last written before `moment`; one that has just gone was not."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    except FileNotFoundError:
        return False
