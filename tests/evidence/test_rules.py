"""Decisions about evidence, as tables."""

import pytest

from ehe_portal.evidence import rules
from ehe_portal.evidence.models import Outcome


@pytest.mark.parametrize(
    ("words", "files", "field"),
    [
        ("We read every day.", 0, None),
        ("", 1, None),
        ("We read every day.", 3, None),
        ("", 0, "written_account"),
        ("x" * rules.LONGEST_ACCOUNT, 0, None),
        ("x" * (rules.LONGEST_ACCOUNT + 1), 1, "written_account"),
    ],
)
def test_what_makes_a_sending(words: str, files: int, field: str | None) -> None:
    problem = rules.sending_problem(words, files)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("outcome", "reasons", "advice", "evidence", "other", "field"),
    [
        (Outcome.SUITABLE, "Broad and lively", "", 1, "", None),
        (Outcome.SUITABLE, "Broad and lively", "", 0, "A visit on 3 March", None),
        (Outcome.SUITABLE, "Broad and lively", "", 0, "", "other_grounds"),
        (Outcome.SUITABLE, "", "", 1, "", "reasons"),
        (Outcome.ADVICE, "Lively", "", 1, "", "advice"),
        (Outcome.ADVICE, "Lively", "Try the library", 1, "", None),
        (Outcome.INSUFFICIENT, "We would like to know more about maths", "", 0, "", None),
        (Outcome.INSUFFICIENT, "", "", 1, "", "reasons"),
        (Outcome.UNSUITABLE, "No reply", "", 0, "", "other_grounds"),
        (Outcome.UNSUITABLE, "The work shown is far below age", "", 2, "", None),
        (Outcome.UNSUITABLE, "What was said at the visit", "", 0, "A visit on 3 March", None),
    ],
)
def test_what_makes_an_assessment(
    outcome: Outcome, reasons: str, advice: str, evidence: int, other: str, field: str | None
) -> None:
    problem = rules.assessment_problem(outcome, reasons, advice, evidence, other)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 KB"), (812, "1 KB"), (812_400, "812 KB"), (3_400_000, "3.4 MB"), (52_428_799, "52.4 MB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert rules.in_words(size) == words
