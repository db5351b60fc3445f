"""What makes a note."""

from datetime import date

import pytest

from ehe_portal.notes.rules import LONGEST_NOTE, NoteKind, note_problem

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("words", "about_on", "field"),
    [
        ("The GP rang.", TODAY, None),
        ("The GP rang.", date(2019, 1, 1), None),
        ("", TODAY, "words"),
        ("x" * LONGEST_NOTE, TODAY, None),
        ("x" * (LONGEST_NOTE + 1), TODAY, "words"),
        ("The GP will ring.", date(2026, 3, 13), "about_on"),
    ],
)
def test_a_note_has_words_and_a_day_that_has_come(words: str, about_on: date, field: str | None) -> None:
    problem = note_problem(words, about_on, TODAY)
    assert (problem[0] if problem else None) == field


def test_every_kind_has_words() -> None:
    assert all(kind.label for kind in NoteKind)
