"""Which wording fits, what becomes of values, how a letter goes, and in which order a pile lies."""

from datetime import date

import pytest

from ehe_portal.letters.rules import (
    KINDS,
    Facts,
    Goes,
    Kind,
    Placeholder,
    Shown,
    Words,
    address_lines,
    by_address,
    composed,
    facts_problem,
    posting_problem,
    problem,
    said,
    way,
)

KIND = Kind("trial", "A trial", "Anyone", (
    Placeholder("day", Shown.DATE, "Which day?", "3 March 2027", required=True),
    Placeholder("why", Shown.WORDS, "Why?", "Because."),
    Placeholder("things", Shown.LIST, "Which things?", "One\nTwo"),
))  # fmt: skip


@pytest.mark.parametrize(
    ("title", "body", "field", "names"),
    [
        ("About ((child))", "On ((day)).", None, ""),
        ("About ((child))", "On (( Day )), ((why))", None, ""),
        ("", "On ((day)).", "title", ""),
        ("Two\nlines", "On ((day)).", "title", ""),
        ("x" * 151, "On ((day)).", "title", ""),
        ("A", "x" * 10_001, "body", ""),
        ("A", "No day.", "body", "((day))"),
        ("A", "On ((day)), ((nonsense)).", "body", "((nonsense))"),
        ("A", "On ((day)), ((why.", "body", "two brackets"),
        ("((why))", "On ((day)).", "title", "((why))"),
    ],
)
def test_a_wording_fits_or_says_what_is_wrong(title: str, body: str, field: str | None, names: str) -> None:
    found = problem(KIND, Words(title, body))
    assert (found[0] if found else None) == field
    assert found is None or (found[1].startswith("Enter") and names in found[1])


def test_marks_are_those_of_the_wording_and_never_of_a_value() -> None:
    body = "# Why\n\n((why))\n\n# Things\n* ((things))\n* and ((day))\n\nEnd of ((things)).\nNext line."
    values = {
        "day": "3 March 2027",
        "why": "# not a heading\n\n* not a point ((day))",
        "things": "((why))\n# two",
        "child": "((day))",
    }
    title, blocks = composed(KIND, Words("About ((child))", body), values)
    assert title == "About ((day))"
    assert blocks == [
        ("heading", "Why"),
        ("text", "# not a heading"),
        ("text", "* not a point ((day))"),
        ("heading", "Things"),
        ("list", ["((why))", "# two", "and 3 March 2027"]),
        ("text", "End of ((why)) and # two.\nNext line."),
    ]


def test_what_is_missing_takes_its_paragraph_and_a_bare_heading_along() -> None:
    body = "Hello.\n\n# Why\n\n((why))\n\n# Things\n* ((things))\n* On ((day))\n\n# End"
    _, blocks = composed(KIND, Words("A", body), {"day": "3 March 2027"})
    assert blocks == [("text", "Hello."), ("heading", "Things"), ("list", ["On 3 March 2027"])]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"day": date(2027, 3, 3)}, None),
        ({"day": "3 March 2027", "things": ["a", "b"]}, None),
        ({}, "day"),
        ({"day": "  "}, "day"),
        ({"day": date(2027, 3, 3), "why": "x" * 20_001}, "why"),
    ],
)
def test_a_letter_has_all_that_it_must(facts: Facts, name: str | None) -> None:
    found = facts_problem(KIND, facts)
    assert (found[0] if found else None) == name


def test_a_name_that_a_kind_does_not_have_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="carries no colour"):
        facts_problem(KIND, {"day": "x", "colour": "red"})


def test_values_are_said_as_their_kind_says() -> None:
    day, why, things = KIND.placeholders
    assert said(day, date(2027, 3, 3)) == "3 March 2027"
    assert said(day, "a\n b") == "a b"
    assert said(why, " One\r\n\r\nTwo ") == "One\n\nTwo"
    assert said(things, "a\n\n b  c \n") == said(things, ["a", "b c"]) == "a\nb c"
    assert said(things, None) == ""


@pytest.mark.parametrize(
    ("statutory", "has_account", "by_post", "has_address", "goes"),
    [
        (False, True, False, True, Goes.PORTAL),
        (False, True, True, True, Goes.POST),
        (False, True, True, False, Goes.PORTAL),
        (False, False, False, True, Goes.POST),
        (False, False, False, False, Goes.HAND),
        (True, True, False, True, Goes.POST),  # Education Act 1996, section 572
        (True, True, False, False, Goes.HAND),
    ],
)
def test_how_a_letter_goes(statutory: bool, has_account: bool, by_post: bool, has_address: bool, goes: Goes) -> None:
    found = way(statutory=statutory, has_account=has_account, by_post=by_post, has_address=has_address)
    assert found is goes


@pytest.mark.parametrize(
    ("posted_on", "wrong"),
    [(date(2026, 3, 10), False), (date(2026, 3, 12), False), (date(2026, 3, 13), True), (date(2026, 3, 9), True)],
)
def test_a_letter_is_posted_once_it_is_made_and_not_in_the_future(posted_on: date, wrong: bool) -> None:
    assert (posting_problem(posted_on, date(2026, 3, 10), date(2026, 3, 12)) is not None) is wrong


def test_an_address_fits_the_window() -> None:
    assert address_lines("3 Mill Lane,  Poole", "BH15 1AA") == ["3 Mill Lane", "Poole", "BH15 1AA"]
    assert address_lines("3 Mill Lane, Poole, bh15 1aa", "BH15 1AA") == ["3 Mill Lane", "Poole", "bh15 1aa"]
    assert address_lines("") == []
    long = address_lines(", ".join("abcdefghij"), "BH15 1AA")
    assert (len(long), long[-2:]) == (7, ["f, g, h, i, j", "BH15 1AA"])


def test_a_pile_lies_in_the_order_of_its_addresses() -> None:
    pile = [
        ["Zed", "2 A Road", "Poole", "BH2 1AA"],
        ["Ann", "9 B Road", "Poole", "BH1 1AA"],
        ["Ann", "2 A Road", "Poole", "BH2 1AA"],
    ]
    assert [one[0] + one[-1] for one in sorted(pile, key=by_address)] == ["AnnBH1 1AA", "AnnBH2 1AA", "ZedBH2 1AA"]


def test_every_kind_asks_what_it_needs_in_words() -> None:
    for kind in KINDS.values():
        assert kind.title
        for one in kind.placeholders:
            assert one.question.split("?")[0] != one.question, one.name
            assert one.example
