"""Videos as phones make them: MP4, QuickTime and 3GP.

All three are a row of boxes (ISO/IEC 14496-12, 4.2): a length in 4 bytes, or in 8 more where it says 1, and a name of
4 letters. They are read past one by one, and what is in a box is not opened, as nothing here shows it: nothing is
unpacked, so this alone of all looks into files needs no process of its own.
"""

from collections.abc import Iterable

from ehe_portal.core.files.formats import Problem

OPENING = 12
MOST_BOXES = 100_000
BRANDS = {b"qt  ": "mov", b"3gp": "3gp", b"3g2": "3gp"}
MP4 = (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash", b"f4v", b"XAVC")
OLD_QUICKTIME = {b"moov", b"mdat", b"wide"}
ENDLESS, LONG = 0, 1


def form_of(opening: bytes) -> str | None:
    """The format of a content that begins so, if it is a video: a key of `FORMATS`."""
    name, brand = opening[4:8], opening[8:12]
    if name in OLD_QUICKTIME:
        return "mov"
    if name != b"ftyp" or len(brand) < 4:
        return None
    for begins, form in BRANDS.items():
        if brand.startswith(begins):
            return form
    return "mp4" if brand.startswith(MP4) else None


class Coming:
    """A content that comes piece by piece; `passed` says how many bytes have been read past."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), memoryview(b"")
        self.passed = 0

    def take(self, size: int) -> bytes:
        """The next bytes, fewer only where the content ends."""
        taken = b""
        while len(taken) < size and (some := self._some(size - len(taken))):
            taken += some
        return taken

    def skip(self, size: int) -> bool:
        """Read past so many bytes; whether they were all there."""
        while size > 0 and (some := self._some(size)):
            size -= len(some)
        return size == 0

    def skip_all(self) -> None:
        """Read to the end."""
        while self._some(len(self._rest) or 1):
            pass

    def _some(self, most: int) -> memoryview:
        """Up to so many of the next bytes; none where the content ends."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        some, self._rest = self._rest[:most], self._rest[most:]
        self.passed += len(some)
        return some


def look_at(come: Coming) -> Problem | None:
    """Whether a video is whole: its boxes end where it ends, and both its index and its pictures are among them."""
    seen: set[bytes] = set()
    for _ in range(MOST_BOXES):
        head = come.take(8)
        if not head:
            return None if {b"moov", b"mdat"} <= seen else Problem.DAMAGED
        seen.add(head[4:])
        if not pass_box(come, head):
            break
    return Problem.DAMAGED


def pass_box(come: Coming, head: bytes) -> bool:
    """Read past a box; whether it is all there."""
    size, taken = int.from_bytes(head[:4]), 8
    if size == LONG:
        size, taken = int.from_bytes(come.take(8)), 16
    if size == ENDLESS:
        come.skip_all()
        return True
    return len(head) == 8 and size >= taken and come.skip(size - taken)
