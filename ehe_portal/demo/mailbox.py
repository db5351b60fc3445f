"""Reading the messages that the demonstration's mail server kept."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

NAME: Final = re.compile(r"[0-9]{6,}\.eml")
PDF: Final = "application/pdf"
LINK: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
A_PAGE: Final = 50


@dataclass(frozen=True)
class Kept:
    """One message as the server got it. `parts` is the body, cut so that each address is a part of its own."""

    number: int
    sender: str
    to: str
    subject: str
    sent_at: datetime | None
    parts: tuple[tuple[str, bool], ...]
    source: str
    letter: bytes | None


def file_of(folder: Path, number: int) -> Path:
    """The file of a message."""
    return folder / f"{number:06}.eml"


def numbers(folder: Path) -> list[int]:
    """The messages in a folder, the latest first."""
    if not folder.is_dir():
        return []
    return sorted((int(file.stem) for file in folder.iterdir() if NAME.fullmatch(file.name)), reverse=True)


def last_number(folder: Path) -> int:
    """The number of the latest message; 0 where there is none."""
    return next(iter(numbers(folder)), 0)


def listed(folder: Path, before: int | None) -> tuple[list[Kept], int | None]:
    """A page of messages, the latest first, of those numbered below `before`; and where the next page begins."""
    found = [number for number in numbers(folder) if before is None or number < before]
    shown = [kept for kept in (opened(folder, number) for number in found[:A_PAGE]) if kept is not None]
    return shown, (found[A_PAGE - 1] if len(found) > A_PAGE else None)


def opened(folder: Path, number: int) -> Kept | None:
    """One message, or None if it is not there."""
    try:
        content = file_of(folder, number).read_bytes()
    except FileNotFoundError:
        return None
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes other messages")
    return Kept(
        number=number,
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        sent_at=date_of(message),
        parts=parts_of(body_of(message)),
        source=content.decode("utf-8", "replace"),
        letter=letter_of(message),
    )


def date_of(message: EmailMessage) -> datetime | None:
    """When a message says it was sent."""
    try:
        sent_at = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None
    return sent_at if sent_at.tzinfo else None


def body_of(message: EmailMessage) -> str:
    """The words of a message."""
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body is not None else ""


def letter_of(message: EmailMessage) -> bytes | None:
    """The PDF of a letter that went by post."""
    for part in message.iter_attachments():
        if part.get_content_type() == PDF:
            return bytes(part.get_payload(decode=True))
    return None


def parts_of(body: str) -> tuple[tuple[str, bool], ...]:
    """The body cut at its addresses: `(words, whether they are an address)`."""
    parts: list[tuple[str, bool]] = []
    reached = 0
    for link in LINK.finditer(body):
        parts += [(body[reached : link.start()], False), (link.group(), True)]
        reached = link.end()
    parts.append((body[reached:], False))
    return tuple(part for part in parts if part[0])
