"""Files: what a virus scanner said, what may be opened and looked at, how many and how large, how long. Pure."""

from datetime import timedelta
from typing import Final

from ehe_portal.core.codes import Code


class Scan(Code):
    """What a virus scanner said of a file; files wait where there is none."""

    WAITING = "waiting", "Waiting to be scanned for viruses"
    CLEAN = "clean", "Scanned: no virus found"
    INFECTED = "infected", "Sealed: a virus was found"
    UNSCANNED = "could-not-be-scanned", "Sealed: could not be scanned for viruses"


SEALED: Final = frozenset({Scan.INFECTED, Scan.UNSCANNED})

SCAN_TRIES: Final = 8
"""So many times a scanner that answers may fail at one file before that file counts as one it cannot scan."""

SCAN_LEASE: Final = timedelta(minutes=10)

SCAN_BACK_OFF: Final = (1, 2, 5, 10, 30, 60)  # minutes; the last one is repeated

TOLD_OF_SCANNER_AFTER: Final = timedelta(minutes=15)  # as long as a message may wait before someone is told


def may_be_opened(scan: Scan, *, scanning: bool) -> bool:
    """Whether a file may leave the vault: where there is a scanner, only what it found clean.

    What was found infected stays sealed where there is no scanner any more.
    """
    return scan is Scan.CLEAN or (scan is Scan.WAITING and not scanning)


def scan_again_after(tries: int) -> timedelta:
    """How long a file waits after so many tries."""
    return timedelta(minutes=SCAN_BACK_OFF[max(0, min(tries, len(SCAN_BACK_OFF)) - 1)])


WAITING_FILES_KEPT = timedelta(days=30)  # as long as the draft that lists them

UNFINISHED_KEPT = timedelta(days=7)  # for choosing the same file again, from when it was begun

A_DAY = timedelta(hours=24)

MEGABYTE = 1024 * 1024

MOST_FILES_A_DAY = 60  # of one account, or keyed in about one child: room for a year's work, not for filling a disk

PICTURES = frozenset({"image/jpeg", "image/png", "image/heic"})
"""Media types of which a picture can be shown."""

TEXTS: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
"""Word and OpenDocument texts: their words and pictures are set anew, so that they look otherwise than they did."""

PAGED: Final = TEXTS | {"application/pdf"}

SHOWN: Final = PICTURES | PAGED
"""Media types that can be looked at here, page by page, as pictures made anew."""


def room_problem(size: int, kept: int, file_mb: int, child_gb: int) -> str | None:
    """Why a file of so many bytes has no room where so many are kept about its child; None where it has.

    The limits are the authority's values `evidence_file_mb` and `evidence_child_gb`, in units of 1024² and 1024³ bytes.
    """
    if size > file_mb * MEGABYTE:
        return f"Choose a file smaller than {file_mb} MB"
    if kept + size > child_gb * 1024 * MEGABYTE:
        return f"Choose less to upload, as all files about one child may have {child_gb} GB"
    return None


def in_words(size: int) -> str:
    """A number of bytes as people read it: 812 KB, 3.4 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
