"""Values have words; terms and holidays fit beside each other."""

from dataclasses import fields
from datetime import date

import pytest

from ehe_portal.policy import rules
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.rules import Stretch, TermKind


def d(text: str) -> date:
    return date.fromisoformat(text)


def test_every_value_has_a_name_a_unit_and_a_source() -> None:
    assert set(rules.NAMED) == {named.name for named in fields(PolicyValues)}, "give the new value words in rules.py"
    for name, named in rules.NAMED.items():
        assert named.unit in {
            "months",
            "weeks",
            "working days",
            "alerts",
            "contacts",
            "minutes",
            "days before",
            "megabytes",
            "gigabytes",
            "people",
            "choice",
        }, name
        assert len(named.source) > 20, name


KNOWN = [
    Stretch(TermKind.TERM, d("2026-09-02"), d("2026-12-18")),
    Stretch(TermKind.HOLIDAY, d("2026-10-24"), d("2026-11-01")),
]


@pytest.mark.parametrize(
    ("kind", "first", "last", "field"),
    [
        ("term", "2027-01-05", "2027-03-25", None),
        ("term", "2026-12-19", "2026-12-19", None),
        ("holiday", "2026-11-27", "2026-11-27", None),  # inside a term
        ("holiday", "2026-12-19", "2027-01-04", None),  # between terms
        ("term", "2026-12-18", "2027-02-01", "first_on"),
        ("term", "2026-10-01", "2026-10-02", "first_on"),
        ("term", "2026-09-01", "2027-03-01", "first_on"),
        ("holiday", "2026-11-01", "2026-11-05", "first_on"),
        ("term", "2027-03-25", "2027-01-05", "last_on"),
        ("term", "2027-07-01", "2027-09-01", "last_on"),
        ("holiday", "2026-08-31", "2026-09-01", "last_on"),
        ("holiday", "2026-08-30", "2026-08-31", None),
    ],
)
def test_what_fits_into_the_calendar(kind: str, first: str, last: str, field: str | None) -> None:
    problem = rules.stretch_problem(Stretch(TermKind(kind), d(first), d(last)), KNOWN)
    assert (problem[0] if problem else None) == field
    assert problem is None or problem[1].startswith("Enter ")
