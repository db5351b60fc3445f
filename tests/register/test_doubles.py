"""Which records look alike, and that looking stays cheap."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.register.rules.doubles import MOST_OF_ONE, THRESHOLD, Known, candidates, doubles, known, score


def record(key: int, forename: str, surname: str, born: date, **more: Any) -> Known:
    return known(key, forename, surname, more.pop("preferred", None), born, **more)


ADA = record(1, "Ada", "Byrne", date(2014, 3, 5), postcode="LS1 4AP")


@pytest.mark.parametrize(
    ("other", "looks_alike"),
    [
        (record(2, "Ada", "Byrne", date(2014, 3, 5)), True),
        (record(2, "ADA", "O'Byrne", date(2014, 3, 5), postcode="LS1 4AP"), True),
        (record(2, "Byrne", "Ada", date(2014, 3, 5)), True),  # names swapped
        (record(2, "Ada", "Byrne", date(2014, 5, 3)), True),  # day and month swapped
        (record(2, "Ada", "Byrne", date(2014, 3, 6), postcode="LS1 4AP"), True),  # a near date
        (record(2, "Ada", "Byrne", date(2015, 3, 5), postcode="LS1 4AP"), True),  # one figure wrong
        (record(2, "Adda", "Burn", date(2014, 3, 5), postcode="LS1 4AP"), True),  # misspelt
        (record(2, "Augusta", "Byrne", date(2014, 3, 5), preferred="Ada"), True),  # what she is called
        (record(2, "Ada Augusta", "Byrne-King", date(2014, 3, 5)), True),
        (record(2, "Ada", "King", date(2014, 3, 5), postcode="LS1 4AP"), True),  # another surname at one address
        (record(2, "Ben", "Byrne", date(2014, 3, 5), postcode="LS1 4AP"), False),  # a twin
        (record(2, "Ada", "Byrne", date(2012, 7, 5)), False),  # a namesake
        (record(2, "Cleo", "Dunn", date(2014, 3, 5), postcode="LS1 4AP"), False),
    ],
)
def test_who_looks_alike(other: Known, looks_alike: bool) -> None:
    assert (score(ADA, other) >= THRESHOLD) == looks_alike
    assert score(ADA, other) == score(other, ADA)
    assert bool(list(doubles([ADA, other], {2}))) == looks_alike


def test_numbers_speak_for_and_against() -> None:
    one = record(1, "Ada", "Byrne", date(2014, 3, 5), upn="B801200005001", nhs_number="9434765919")
    same = record(2, "Zoe", "Young", date(2009, 1, 1), upn="B801200005001")
    assert score(one, same) >= THRESHOLD
    near = date(2014, 3, 6)
    unlike = record(2, "Ada", "Byrne", near, nhs_number="4010232137")
    assert score(one, unlike) < score(one, record(2, "Ada", "Byrne", near))


@given(st.lists(st.tuples(*[st.sampled_from(("Ada", "Ben", "Byrne", "Ada Ben"))] * 2, st.integers(0, 3)), max_size=12))
def test_in_small_groups_no_alike_pair_is_missed(rows: list[tuple[str, str, int]]) -> None:
    records = [
        record(key, first, last, date(2014, 3, 5) + timedelta(days=shift), postcode="LS1 4AP")
        for key, (first, last, shift) in enumerate(rows)
    ]
    alike = {
        (later.key, earlier.key)
        for later in records
        for earlier in records
        if later.key > earlier.key and score(later, earlier) >= THRESHOLD
    }
    everyone = set(range(len(rows)))
    compared = {(later.key, earlier.key) for later, earlier in candidates(records, everyone)}
    assert alike <= compared
    found = list(doubles(records, everyone))
    assert {(later, earlier) for later, earlier, _ in found} <= alike
    for key in everyone:
        mine = [pair for pair in alike if pair[0] == key]
        assert len([pair for pair in found if pair[0] == key]) == min(MOST_OF_ONE, len(mine))


def test_only_pairs_with_someone_new_are_looked_at() -> None:
    twice = record(2, "Ada", "Byrne", date(2014, 3, 5))
    assert list(doubles([ADA, twice], set())) == []


def test_a_crowd_is_not_compared_each_with_each() -> None:
    """Ten thousand children of one name, date and postcode: the work grows with their number, not its square."""
    crowd = [record(key, "Ada", "Byrne", date(2014, 3, 5), postcode="LS1 4AP") for key in range(10_000)]
    assert sum(1 for _ in candidates(crowd, set(range(10_000)))) <= 10_000 * 12


def test_random_dates_of_birth_make_no_trouble() -> None:
    lot = random.Random(5)
    for _ in range(300):
        one, other = (date(2001, 1, 1) + timedelta(days=lot.randrange(9000)) for _ in range(2))
        assert 0 <= score(record(1, "Ada", "Byrne", one), record(2, "Ada", "Byrne", other)) <= 100
