"""Identifiers, names, doubles, rows of the file, closing: tables and properties."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.core.codes import Arrangement, Destination, Responsibility, SocialCare, Tier
from ehe_portal.core.csvfiles import BadCell, Row
from ehe_portal.register.rules import identifiers
from ehe_portal.register.rules.closing import PROOF, closes_over_age_on, closing_problem, loosest_tier, tight_enough
from ehe_portal.register.rules.names import fold, search_words, sort_name
from ehe_portal.register.rules.rows import COLUMNS, MAY, MUST, Reader, RegisterRow, differing, repeated
from ehe_portal.register.rules.search import understood

TODAY = date(2026, 3, 12)

# Identifiers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("B801200005001", "B801200005001"),
        (" b801 2000 05001 ", "B801200005001"),
        ("A801200005001", None),  # another check letter
        ("I801200005001", None),  # no letter that checks
        ("B80120000500", None),
        ("B8012000050011", None),
        ("B80120000500１", None),  # a figure of another script
        ("", None),
    ],
)
def test_upn(typed: str, kept: str | None) -> None:
    assert identifiers.upn(typed) == kept


def test_a_temporary_upn_ends_in_a_letter() -> None:
    rest = "82320002600A"
    number = identifiers.upn_check_letter(rest) + rest
    assert identifiers.upn(number) == number
    assert identifiers.upn(number[:-1] + "I") is None


@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True), st.integers(0, 11), st.data())
def test_a_upn_with_one_wrong_figure_is_noticed(rest: str, place: int, data: st.DataObject) -> None:
    right = identifiers.upn_check_letter(rest) + rest
    assert identifiers.upn(right) == right
    other = data.draw(st.sampled_from("0123456789").filter(lambda figure: figure != rest[place]))
    if rest[place].isdigit():
        assert identifiers.upn(right[0] + rest[:place] + other + rest[place + 1 :]) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("943 476 5919", "9434765919"),
        ("943-476-5919", "9434765919"),
        ("9434765918", None),
        ("943476591", None),
        ("94347659190", None),
        ("0000000010", None),  # the check would be 9
        ("٩٤٣٤٧٦٥٩١٩", None),
    ],
)
def test_nhs_number(typed: str, kept: str | None) -> None:
    assert identifiers.nhs_number(typed) == kept


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_an_nhs_number_is_checked_by_modulus_11(nine: str) -> None:
    check = (11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
    for last in range(10):
        assert (identifiers.nhs_number(f"{nine}{last}") is not None) == (last == check)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        (" LS1  4AP ", "LS1 4AP"),
        ("M1 1AE", "M1 1AE"),
        ("gir0aa", "GIR 0AA"),
        ("LS1", None),
        ("LS1 4A", None),
        ("1LS 4AP", None),
        ("ＬＳ1 4AP", None),
        ("", None),
    ],
)
def test_postcode(typed: str, kept: str | None) -> None:
    assert identifiers.postcode(typed) == kept


def test_the_others() -> None:
    assert identifiers.uprn("000123456789") == "000123456789"
    assert identifiers.uprn("0001234567890") is None
    assert identifiers.uprn("12 3") is None
    for tag in ("en", "cy", "zh-Hant", "pt-BR", "sr-Latn-RS", "sl-rozaj", "de-1996", "x-a"):
        assert (identifiers.language(tag) == tag) == (tag != "x-a")
    for tag in ("English", "e", "en_GB", "en-", ""):
        assert identifiers.language(tag) is None
    assert identifiers.email("a@b") == "a@b"
    for typed in ("a", "@b", "a@", "a b@c", "a@b@c"):
        assert identifiers.email(typed) is None


# Names


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("O'Brien", "obrien"),
        ("O’BRIEN", "obrien"),
        ("Zoë", "zoe"),
        ("Łukasz Wałęsa", "lukasz walesa"),
        ("Smith-Jones", "smith jones"),
        ("Groß", "gross"),
        ("Nguyễn Thị", "nguyen thi"),
        ("  Ann   Marie ", "ann marie"),
        ("Æthelred", "aethelred"),
        ("李小龍", "李小龍"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("—", "—"),
        ("", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(name) == fold(name.upper().lower()) or not name.isascii()


def test_names_sort_by_surname_then_forename() -> None:
    people = [("Bo", "Smith Jones"), ("Zoe", "Smith"), ("Ann", "O'Dell"), ("Abe", "Smith"), ("Cy", "Odell")]
    ordered = sorted(people, key=lambda person: sort_name(*person))
    assert ordered == [("Ann", "O'Dell"), ("Cy", "Odell"), ("Abe", "Smith"), ("Zoe", "Smith"), ("Bo", "Smith Jones")]
    assert sort_name("Elizabeth", "Byrne", "Lily") == "byrne  elizabeth lily"
    assert sort_name("Zoë", "Byrne", "ZOE") == "byrne  zoe"
    assert search_words(" o'br ÉL ") == ["obr", "el"]


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("b801200005001", "upn", "B801200005001"),
        ("943 476 5919", "nhs_number", "9434765919"),
        ("27/3/2016", "born", date(2016, 3, 27)),
        ("27 3 2016", "born", date(2016, 3, 27)),
        ("27 March 2016", "born", date(2016, 3, 27)),
        ("2016-03-27", "born", date(2016, 3, 27)),
        ("ls14ap", "postcode", "LS1 4AP"),
        ("7k2mxq0r4t", "reference", "7K2MXQ0R4T"),
        ("Ada O’Byr", "spellings", (("ada", "obyr"), ("adaobyr",))),
        ("31 Feb 2016", "spellings", (("31", "feb", "2016"), ("31", "feb2016"))),
        ("27 Brumaire 2016", "spellings", (("27", "brumaire", "2016"),)),
    ],
)
def test_what_a_search_means(typed: str, field: str, value: object) -> None:
    search = understood(typed)
    assert search is not None
    assert getattr(search, field) == value


@given(st.text(max_size=300))
def test_any_search_is_understood_or_empty(typed: str) -> None:
    assert (understood(typed) is None) == (not typed.split())


# Rows


def row(**cells: str) -> Row:
    whole_row = {
        "child_ref": "A1",
        "legal_forename": "Ada",
        "legal_surname": "Byrne",
        "date_of_birth": "05/03/2014",
        "address": "1 Mill Lane, Leeds",
        "opened_on": "2024-09-01",
    }
    return Row(2, {**dict.fromkeys(COLUMNS, ""), **whole_row, **cells})


def read(**cells: str) -> tuple[RegisterRow | None, list[BadCell]]:
    bad: list[BadCell] = []
    return Reader(TODAY, bad).read(row(**cells)), bad


def complaints(**cells: str) -> list[tuple[str, str]]:
    found, bad = read(**cells)
    assert (found is None) == bool(bad)
    return [(cell.column, cell.expected) for cell in bad]


def good(**cells: str) -> RegisterRow:
    found, bad = read(**cells)
    assert bad == []
    assert found is not None
    return found


def test_the_columns_are_those_of_the_format() -> None:
    assert len(COLUMNS) == 36
    assert set(MUST) | set(MAY) == set(COLUMNS)


def test_what_is_left_out() -> None:
    found = good()
    assert found.date_of_birth == date(2014, 3, 5)
    assert (found.tier, found.social_care, found.arrangement) == (Tier.ANNUAL, SocialCare.UNKNOWN, Arrangement.EHE)
    assert (found.protected, found.language, found.parents) == (False, "en", (None, None))
    assert found.cell("previous_school_type") == "elsewhere-or-unknown"


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"child_ref": ""}, "child_ref", "cannot be empty"),
        ({"legal_forename": "x" * 101}, "legal_forename", "at most 100 characters; there are 101"),
        ({"legal_surname": "a\nb"}, "legal_surname", "one line"),
        ({"date_of_birth": "13/03/2026"}, "date_of_birth", "not in the future"),
        ({"date_of_birth": "2001-03-11"}, "date_of_birth", "not over 25 years ago"),
        ({"date_of_birth": "29/02/2015"}, "date_of_birth", "no such day"),
        ({"sex": "X"}, "sex", "one of F, M, U"),
        ({"upn": "A801200005001"}, "upn", "check letter"),
        ({"nhs_number": "9434765918"}, "nhs_number", "10 digits"),
        ({"postcode": "Leeds"}, "postcode", "a postcode"),
        ({"uprn": "12a"}, "uprn", "1 to 12 digits"),
        ({"opened_on": "2026-03-13"}, "opened_on", "not after today"),
        ({"opened_on": "1850-01-01"}, "opened_on", "not before 1900"),
        ({"arrangement": "home"}, "arrangement", "one of ehe, flexi"),
        ({"closed_on": "2025-01-01"}, "destination", "because closed_on is filled"),
        ({"destination": "school"}, "closed_on", "because destination is filled"),
        ({"closed_on": "2024-08-31", "destination": "school"}, "closed_on", "not before opened_on, 2024-09-01"),
        ({"closed_on": "2026-03-13", "destination": "school"}, "closed_on", "not after today"),
        ({"closed_on": "2025-01-01", "destination": "cme-enquiry"}, "destination", "one of school, other-authority"),
        ({"closed_on": "2025-01-01", "destination": "duplicate"}, "destination", "one of school, other-authority"),
        ({"tier": "Annual"}, "tier", "one of annual, half-yearly, close"),
        ({"protected": "true"}, "protected", "yes or no"),
        ({"language": "English"}, "language", "BCP 47"),
        ({"parent1_phone": "1234567"}, "parent1_name", "because more is told"),
        ({"parent2_name": "Sam", "parent2_responsibility": "maybe"}, "parent2_responsibility", "one of yes, no"),
        ({"parent2_name": "Sam", "parent2_email": "sam"}, "parent2_email", "an email address"),
    ],
)
def test_what_does_not_fit(cells: dict[str, str], column: str, expected: str) -> None:
    found = complaints(**cells)
    assert [name for name, _ in found] == [column]
    assert expected in found[0][1]


def test_a_phone_number_is_as_long_as_a_form_takes() -> None:
    assert complaints(parent1_name="Sam", parent1_phone="01632" + " " * 185 + "960001") == []
    assert complaints(parent1_name="Sam", parent1_phone="1" * 201)[0][0] == "parent1_phone"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    assert [column for column, _ in complaints(child_ref="", upn="x", tier="x", parent1_email="x")] == [
        "child_ref", "upn", "tier", "parent1_email"
    ]  # fmt: skip


def test_edges_that_fit() -> None:
    assert good(date_of_birth="2001-03-12").date_of_birth == date(2001, 3, 12)
    assert good(date_of_birth="12/03/2026", opened_on="2026-03-12").opened_on == TODAY
    closed = good(opened_on="2024-09-01", closed_on="2024-09-01", destination="over-age")
    assert closed.destination is Destination.OVER_AGE
    assert good(opened_on="2001-01-01").opened_on < good().date_of_birth  # age at opening is not restricted
    assert good(postcode="ls14ap").postcode == "LS1 4AP"
    assert good(parent1_responsibility="unknown").parents == (None, None)
    second = good(parent2_name="Sam", parent2_responsibility="no").parents[1]
    assert second is not None
    assert (second.responsibility, second.address) == (Responsibility.NO, None)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=100).map(str.strip)
NAMES = WORDS.filter(bool)


@given(
    st.fixed_dictionaries(
        {"child_ref": NAMES, "legal_forename": NAMES, "legal_surname": NAMES, "address": NAMES, "parent1_name": NAMES},
        optional={
            "preferred_name": WORDS,
            "parent2_name": NAMES,
            "tier": st.sampled_from(Tier).map(str),
            "social_care": st.sampled_from(SocialCare).map(str),
            "parent1_address": WORDS,
            "protected": st.sampled_from(["yes", "no", ""]),
        },
    )
)
def test_a_row_that_is_written_and_read_is_the_same(cells: dict[str, str]) -> None:
    once = good(**cells)
    written = dict(zip(COLUMNS, once.cells(), strict=True))
    assert good(**written) == once
    assert all(written[name] == cell for name, cell in cells.items() if cell)


def test_what_differs_is_named() -> None:
    assert differing(good(), good(tier="close", parent1_name="Sam"), COLUMNS) == [
        "tier", "parent1_name", "parent1_responsibility"
    ]  # fmt: skip
    assert differing(good(), good(tier="close"), ["sex"]) == []


def test_a_child_twice_in_one_file_is_noticed() -> None:
    first, second = row(), Row(5, row().cells)
    found = repeated([first, second, row(child_ref=""), row(child_ref="")])
    assert [(bad.line, bad.column) for bad in found] == [(5, "child_ref")]
    assert "line 2 has it too" in found[0].expected


# Closing


@pytest.mark.parametrize(
    ("destination", "changes", "field"),
    [
        (Destination.SCHOOL, {}, None),
        (Destination.SCHOOL, {"confirmed": False}, "confirmed"),
        (Destination.SCHOOL, {"note": " "}, "note"),
        (Destination.ABROAD, {"confirmed": False}, None),
        (Destination.ABROAD, {"note": ""}, "note"),
        (Destination.OTHER_AUTHORITY, {"confirmed": False}, "confirmed"),
        (Destination.RECORDED_IN_ERROR, {}, "destination"),
        (Destination.RECORDED_IN_ERROR, {"manager": True}, None),
        (Destination.OVER_AGE, {"manager": True}, "destination"),
        (Destination.CME_ENQUIRY, {"manager": True}, "destination"),
        (Destination.DUPLICATE, {"manager": True}, "destination"),
        (Destination.SCHOOL, {"closed_on": date(2026, 3, 13)}, "closed_on"),
        (Destination.SCHOOL, {"closed_on": date(2024, 8, 31)}, "closed_on"),
    ],
)
def test_what_keeps_an_episode_open(destination: Destination, changes: dict[str, Any], field: str | None) -> None:
    asked: dict[str, Any] = {
        "closed_on": TODAY, "note": "Hillside School", "confirmed": True, "opened_on": date(2024, 9, 1),
        "today": TODAY, "manager": False,
    }  # fmt: skip
    problem = closing_problem(destination, **{**asked, **changes})
    assert (problem.field if problem else None) == field


def test_every_message_about_closing_says_what_to_do() -> None:
    for proof in PROOF.values():
        assert proof.note.startswith("Enter ")
        assert proof.confirmed == "" or proof.confirmed.startswith("Select ")


def test_social_care_asks_for_a_tier() -> None:
    assert loosest_tier(SocialCare.CP) is Tier.CLOSE
    for status in (SocialCare.CIN, SocialCare.LAC):
        assert [tight_enough(tier, status) for tier in (Tier.ANNUAL, Tier.HALF_YEARLY, Tier.CLOSE)] == [0, 1, 1]
    assert not tight_enough(Tier.HALF_YEARLY, SocialCare.CP)
    for status in (SocialCare.NONE, SocialCare.PAST, SocialCare.UNKNOWN):
        assert tight_enough(Tier.ANNUAL, status)


def test_school_age_closes_on_its_last_day_or_on_opening() -> None:
    assert closes_over_age_on(date(2024, 9, 1), date(2026, 6, 26)) == date(2026, 6, 26)
    assert closes_over_age_on(date(2026, 7, 1), date(2026, 6, 26)) == date(2026, 7, 1)
