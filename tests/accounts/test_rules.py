"""Decisions about accounts, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.accounts import rules
from ehe_portal.accounts.models import Purpose
from ehe_portal.accounts.rules import LinkState

AT = datetime(2026, 3, 12, 12, tzinfo=UTC)
ADA = ("Ada Kettle", "ada.kettle@example.org")


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("ada@example.org", True),
        ("o'neil+home@sub.example.co.uk", True),
        ("a@b.co", True),
        ("ada@example", False),
        ("ada.example.org", False),
        ("ada@@example.org", False),
        (".ada@example.org", False),
        ("a..b@example.org", False),
        ("ada smith@example.org", False),
        ("ada@-example.org", False),
        ("adä@example.org", False),
        ("ada@example.org\nbcc: all@example.org", False),
        ("a" * 65 + "@example.org", False),
        ("a@" + "b." * 130 + "org", False),
        ("", False),
    ],
)
def test_what_looks_like_an_address(typed: str, fine: bool) -> None:
    assert rules.is_email(typed) is fine


@pytest.mark.parametrize(
    ("code", "fine"),
    [("838", True), ("E10000009", True), ("trial-1", True), ("a" * 12, True), ("a" * 13, False), ("", False),
     ("8 38", False), ("８３８", False), ("x/y", False)],
)  # fmt: skip
def test_codes_of_authorities(code: str, fine: bool) -> None:
    assert rules.is_authority_code(code) is fine


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("kettle lantern otter", None),
        ("🦊 in the orchard at dusk", None),
        ("x9$Lq!7vTz2@", None),
        ("short", "12 characters or more"),
        ("a" * 201, "200 characters or fewer"),
        ("password1234", "harder to guess"),
        ("P@ssw0rd1234", "harder to guess"),
        ("aaaaaaaaaaaaaaaa", "harder to guess"),
        ("qwertyuiop12", "harder to guess"),
        ("liverpool2024", "harder to guess"),
        ("ada.kettle@example.org", "not made from your name"),
        ("ADA.KETTLE@example.org", "not made from your name"),
        ("adakettle2024", "not made from your name"),
    ],
)
def test_passwords(password: str, says: str | None) -> None:
    problem = rules.password_problem(password, ADA)
    assert problem is None if says is None else says in str(problem)


@given(st.text(max_size=300))
def test_no_password_breaks_the_judgement(password: str) -> None:
    problem = rules.password_problem(rules.tidy_password(password), ADA)
    assert problem is None or problem.startswith("Enter a password")


def test_composed_and_decomposed_letters_are_one_password() -> None:
    assert rules.tidy_password("café au lait ") == rules.tidy_password("cafe\u0301 au lait ")


def test_waiting_grows_from_nothing_to_a_limit() -> None:
    minutes = [rules.wait_after(failures) / timedelta(minutes=1) for failures in (0, 4, 5, 6, 7, 8, 9, 10, 10_000)]
    assert minutes == [0, 0, 1, 2, 4, 8, 15, 15, 15]


def test_waiting_ends_and_does_not_outlast_a_clock_that_went_back() -> None:
    assert rules.still_to_wait(5, AT, AT + timedelta(seconds=59)) == timedelta(seconds=1)
    assert rules.still_to_wait(5, AT, AT + timedelta(seconds=60)) == timedelta(0)
    assert rules.still_to_wait(5, AT, AT - timedelta(hours=1)) == timedelta(0)


def test_an_attempt_that_began_before_the_last_was_counted_waits_as_if_it_had_come_after() -> None:
    """Neither told to wait while attempts are free, nor let through where the wait is longest."""
    hair = timedelta(milliseconds=5)
    assert rules.still_to_wait(rules.FREE_FAILURES - 1, AT, AT - hair) == timedelta(0)
    assert rules.still_to_wait(rules.FREE_FAILURES, AT, AT - hair) == timedelta(minutes=1)
    assert rules.still_to_wait(50, AT, AT - hair) == rules.LONGEST_WAIT


@pytest.mark.parametrize(
    ("since", "seen", "over"),
    [(0, 0, False), (60, 60, False), (61, 61, True), (719, 1, False), (721, 1, True)],
)
def test_sittings_end_when_idle_and_after_half_a_day(since: int, seen: int, over: bool) -> None:
    """Minutes ago that the sitting began, and that a page was last opened."""
    began, last = AT - timedelta(minutes=since), AT - timedelta(minutes=seen)
    assert rules.sitting_is_over(began, last, AT) is over


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/my-day", True),
        ("/register?q=a&page=2", True),
        ("/family/children/7K2MXQ0R4T#visits", True),
        (None, False),
        ("", False),
        ("my-day", False),
        ("https://evil.example", False),
        ("//evil.example", False),
        ("///evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("/\t/evil.example", False),
        ("/ /evil.example", False),
        ("\n//evil.example", False),
        ("/a\r\nSet-Cookie: x=1", False),
        ("javascript:alert(1)", False),
        ("/\u202emoc.live", False),
        ("http:/evil.example", False),
        ("//[evil", False),
        ("/sign-in?next=/sign-in", False),
        ("/sign-out", False),
        ("/link/abc", False),
    ],
)
def test_where_signing_in_may_lead(target: str | None, kept: bool) -> None:
    assert rules.safe_next(target) == (target if kept else None)


@given(st.text())
def test_it_never_leads_out_of_the_house(target: str) -> None:
    kept = rules.safe_next(target)
    assert kept is None or (kept[0] == "/" and kept[1:2] not in ("/", "\\"))


def test_what_a_link_can_do() -> None:
    later, earlier = AT + timedelta(minutes=1), AT - timedelta(minutes=1)
    assert rules.link_state(None, later, AT) is LinkState.FRESH
    assert rules.link_state(None, AT, AT) is LinkState.EXPIRED
    assert rules.link_state(earlier, later, AT) is LinkState.USED
    assert rules.link_state(earlier, earlier, AT) is LinkState.USED


def test_links_to_new_passwords_last_half_an_hour() -> None:
    assert set(rules.LINK_LASTS) == set(Purpose)
    assert rules.LINK_LASTS[Purpose.RESET] == timedelta(minutes=30)


def test_addresses_are_kept_as_keyed_hashes() -> None:
    one = rules.hashed_address("Ada@Example.org ", "key")
    assert one == rules.hashed_address("ada@example.org", "key")
    assert one != rules.hashed_address("ada@example.org", "another key")
    assert "ada" not in one


MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)


@pytest.mark.parametrize(
    ("away_from", "away_until", "field"),
    [
        (None, None, None),
        (MONDAY, None, None),
        (MONDAY, FRIDAY, None),
        (MONDAY, MONDAY, None),
        (None, FRIDAY, "away_from"),
        (FRIDAY, MONDAY, "away_until"),
    ],
)
def test_days_away(away_from: date | None, away_until: date | None, field: str | None) -> None:
    problem = rules.away_problem(away_from, away_until)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900 982", "+447700900982"),
        ("+44 7700 900982", "+447700900982"),
        ("+44 (0)7700 900-982", "+447700900982"),
        ("0044 7700 900982", "+447700900982"),
        ("447700900982", "+447700900982"),
        ("07624 490 123", "+447624490123"),
        ("01632 960 001", None),
        ("07700 900 98", None),
        ("07700 900 9822", None),
        ("070 1234 5678", None),
        ("076 1234 5678", None),
        ("+33 6 12 34 56 78", None),
        ("٠٧٧٠٠٩٠٠٩٨٢", None),
        ("", None),
    ],
)
def test_texts_go_to_mobile_numbers_of_the_uk(typed: str, kept: str | None) -> None:
    assert rules.mobile(typed) == kept
