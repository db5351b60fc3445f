"""The virus scanner: a clamd, spoken to in its own protocol, over TCP or a local socket (clamd(8), INSTREAM).

It says whether it knows a virus in a file, never that a file is safe: what each file is, and how much it unpacks to,
is found out in `core.files` whether there is a scanner or not.
"""

import socket
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

STEP_SECONDS = 10
"""How long the scanner may take to answer at all, and to take each piece of a file."""

SCAN_SECONDS = 150
"""How long it may look into one file that it has taken: longer than its own `MaxScanTime`, two minutes."""

SIGNATURES_FRESH = timedelta(days=7)
"""After so long without new signatures clamd itself warns that it is out of date."""

ASKED_ANEW_AFTER = timedelta(minutes=1)
PIECE = 256 * 1024
LONGEST_ANSWER = 4096
NOT_LOOKED_INTO = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")
"""What clamd calls files that are larger than it unpacks, or locked: no virus, but not looked into either."""


class Answer(StrEnum):
    """What the scanner says of one file."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not-scanned"


class Trouble(StrEnum):
    """Why nothing can be scanned; the value completes a sentence about the scanner."""

    SILENT = "does not answer"
    STALE = "has had no new signatures for over a week"
    STUMBLED = "met an error of its own"


class ScannerTrouble(Exception):
    """The scanner did not do its part; the file is to be tried again."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Scanned:
    """What the scanner says of a file, and what it calls what it found."""

    answer: Answer
    found: str | None = None


@dataclass
class Scanner:
    """A clamd at an address: `tcp://HOST:PORT` or `unix:PATH`."""

    address: str
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    asked: tuple[datetime, Trouble | None] | None = None

    def lately(self, now: datetime) -> Trouble | None:
        """Why nothing can be scanned, asked at most once a minute: for pages that anyone may open."""
        with self.lock:
            if self.asked is None or not timedelta(0) <= now - self.asked[0] < ASKED_ANEW_AFTER:
                self.asked = now, self.trouble(now)
            return self.asked[1]

    def trouble(self, now: datetime) -> Trouble | None:
        """Why nothing can be scanned just now; None when it answers and knows what is new."""
        try:
            with self.connected() as line:
                line.sendall(b"zVERSION\0")
                said = answer_of(line)
        except OSError:
            return Trouble.SILENT
        if not said.startswith("ClamAV "):
            return Trouble.STUMBLED if said else Trouble.SILENT
        made = signatures_made(said)
        return None if made is not None and now - made <= SIGNATURES_FRESH else Trouble.STALE

    def scan(self, content: Iterable[bytes]) -> Scanned:
        """Have a file looked into, as it is read. Raises `ScannerTrouble`, and what reading `content` raises."""
        try:
            line = self.connected()
        except OSError:
            raise ScannerTrouble(Trouble.SILENT) from None
        with line:
            try:
                line.sendall(b"zINSTREAM\0")
            except OSError:
                raise ScannerTrouble(Trouble.SILENT) from None
            for piece in content:
                # An empty piece would end the file early; and it hangs up on one that is larger than it takes.
                if piece and not sent(line, piece):
                    break
            else:
                sent(line, b"")
            try:
                line.settimeout(SCAN_SECONDS)
                said = answer_of(line)
            except OSError:
                raise ScannerTrouble(Trouble.SILENT) from None
        return understood(said)

    def connected(self) -> socket.socket:
        """A line to the scanner. Raises OSError."""
        parts = urlsplit(self.address)
        if parts.scheme == "tcp":
            return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=STEP_SECONDS)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(STEP_SECONDS)
            line.connect(parts.path)
        except BaseException:
            line.close()
            raise
        return line


def sent(line: socket.socket, piece: bytes) -> bool:
    """Send a piece with its length before it, an empty one for the end; False once the scanner has hung up.

    Raises `ScannerTrouble` where it takes no more.
    """
    try:
        for start in range(0, max(1, len(piece)), PIECE):
            part = piece[start : start + PIECE]
            line.sendall(struct.pack(">I", len(part)) + part)
    except TimeoutError:
        raise ScannerTrouble(Trouble.SILENT) from None
    except OSError:
        return False
    return True


def answer_of(line: socket.socket) -> str:
    """What the scanner says, up to the NUL that ends it, or until it hangs up."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def understood(said: str) -> Scanned:
    """The answer in our words. Raises `ScannerTrouble` for one that says nothing about the file."""
    if said == "stream: OK":
        return Scanned(Answer.CLEAN)
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        found = said.removeprefix("stream: ").removesuffix(" FOUND")[:200]
        return Scanned(Answer.NOT_SCANNED if found.startswith(NOT_LOOKED_INTO) else Answer.INFECTED, found)
    if said.startswith("INSTREAM size limit exceeded"):
        return Scanned(Answer.NOT_SCANNED, "larger than the scanner takes")
    raise ScannerTrouble(Trouble.STUMBLED if said else Trouble.SILENT)


def signatures_made(said: str) -> datetime | None:
    """When the signatures were made, by `ClamAV 1.4.6/27823/Wed Nov 26 08:43:12 2026`; None where it does not say."""
    try:
        return datetime.strptime(said.split("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
