"""What a complaint needs, who answers it, and when one of its days has passed."""

from datetime import date

import pytest

from ehe_portal.complaints import rules
from ehe_portal.complaints.rules import About, Finding, Late


@pytest.mark.parametrize(
    ("about", "words", "field"),
    [(About.DECISION, "It is wrong.", None), (None, "It is wrong.", "about"), (About.DATA, "  ", "words")],
)
def test_what_a_complaint_needs(about: About | None, words: str, field: str | None) -> None:
    problem = rules.complaint_problem(about, words)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("finding", "answer", "field"),
    [(Finding.PARTLY, "Because.", None), (None, "Because.", "finding"), (Finding.UPHELD, " ", "answer")],
)
def test_an_answer_has_a_finding_and_reasons(finding: Finding | None, answer: str, field: str | None) -> None:
    problem = rules.answer_problem(finding, answer)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("ladder", "concerned", "who"),
    [
        ([[1, 2], [3], [4]], set(), 1),
        ([[1, 2], [3], [4]], {1}, 2),
        ([[1, 2], [3], [4]], {1, 2}, 3),
        ([[], [3], [4]], {3}, 4),
        ([[1], [3], []], {1, 3}, None),
        ([], set(), None),
    ],
)
def test_it_goes_to_somebody_whom_it_is_not_about(
    ladder: list[list[int]], concerned: set[int], who: int | None
) -> None:
    assert rules.first_free(ladder, concerned) == who


@pytest.mark.parametrize(
    ("today", "acknowledged", "answered", "late"),
    [
        ("2026-03-17", False, False, None),
        ("2026-03-18", False, False, Late.NOT_ACKNOWLEDGED),
        ("2026-03-18", True, False, None),
        ("2026-04-13", True, False, None),
        ("2026-04-14", True, False, Late.NOT_ANSWERED),
        ("2026-04-14", False, False, Late.NOT_ANSWERED),
        ("2026-05-14", True, True, None),
    ],
)
def test_a_day_has_passed_on_the_day_after(today: str, acknowledged: bool, answered: bool, late: Late | None) -> None:
    found = rules.what_is_late(
        date(2026, 3, 17),
        date(2026, 4, 13),
        acknowledged=acknowledged,
        answered=answered,
        today=date.fromisoformat(today),
    )
    assert found is late
