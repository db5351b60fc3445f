"""Videos as phones make them: MP4, QuickTime and 3GP. Runs only in the child process.

All three are a row of boxes (ISO/IEC 14496-12, 4.2): a length in 4 bytes, or in 8 more where it says 1, and a name of
4 letters. They are read past one by one, so that a video needs no more memory than one piece; what is in a box is not
opened, as nothing here shows it.
"""

from typing import BinaryIO

from ehe_portal.core.files.formats import Problem

OPENING = 12
PIECE = 256 * 1024
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


def inspect(come: BinaryIO, form: str) -> tuple[dict[str, object], bytes]:
    """Whether a video is whole: its boxes end where it ends, and both its index and its pictures are among them."""
    seen: set[bytes] = set()
    for _ in range(MOST_BOXES):
        head = come.read(8)
        if not head:
            whole = {b"moov", b"mdat"} <= seen
            return {"form": form, "problem": None if whole else Problem.DAMAGED.name}, b""
        seen.add(head[4:])
        if not pass_box(come, head):
            break
    return {"form": form, "problem": Problem.DAMAGED.name}, b""


def pass_box(come: BinaryIO, head: bytes) -> bool:
    """Read past a box; whether it is all there."""
    size, taken = int.from_bytes(head[:4]), 8
    if size == LONG:
        size, taken = int.from_bytes(come.read(8)), 16
    if size == ENDLESS:
        while come.read(PIECE):
            pass
        return True
    left = size - taken
    while left > 0 and (piece := come.read(min(left, PIECE))):
        left -= len(piece)
    return len(head) == 8 and left == 0
