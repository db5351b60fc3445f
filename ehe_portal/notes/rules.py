"""Decisions about notes: their kinds, and what makes one. Plain values in, answers out."""

from datetime import date
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is about."""

    GENERAL = "general"
    OTHER_AGENCY = "other-agency"
    OVERSIGHT = "management-oversight"
    PLAN = "plan"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return NOTE_KIND_LABELS[self]


NOTE_KIND_LABELS = {
    NoteKind.GENERAL: "General",
    NoteKind.OTHER_AGENCY: "Call or message from another agency",
    NoteKind.OVERSIGHT: "Management oversight",
    NoteKind.PLAN: "What we plan to do",
}

LONGEST_NOTE = 20_000
LONGEST_WHY = 2_000


def note_problem(words: str, about_on: date, today: date) -> tuple[str, str] | None:
    """What keeps a note from being saved, as (field, message); None where nothing does."""
    if not words:
        return "words", "Enter the note"
    if len(words) > LONGEST_NOTE:
        return "words", f"Enter {LONGEST_NOTE:,} characters or fewer, or write two notes"
    if about_on > today:
        return "about_on", "Enter a date that is not in the future"
    return None
