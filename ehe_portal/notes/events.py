"""What happens to notes."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """Someone wrote a note about a child. What it says is on the child's pages alone."""

    note_id: int
    kind: str
    about_on: date


@dataclass(frozen=True, kw_only=True)
class NoteStruckOut(Event):
    """A note was struck out, with a reason; it stays readable."""

    note_id: int
