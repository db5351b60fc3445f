"""Both ends of compulsory school age, and the expected year group."""

from datetime import date, timedelta

import pytest

from ehe_portal.core.days import add_months
from ehe_portal.core.school_age import (
    academic_year,
    compulsory_school_age,
    last_edge_day,
    leaving_dates,
    school_leaving_date,
    year_born,
    year_group,
    year_group_name,
)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date_of_birth", "starts", "ends"),
    [
        # A 5th birthday on a prescribed day is the first day itself; a day later, the next prescribed day is.
        ("2010-08-31", "2015-08-31", "2026-06-26"),
        ("2010-09-01", "2015-12-31", "2027-06-25"),
        ("2021-12-31", "2026-12-31", "2038-06-25"),
        ("2022-01-01", "2027-03-31", "2038-06-25"),
        ("2022-03-31", "2027-03-31", "2038-06-25"),
        ("2022-04-01", "2027-08-31", "2038-06-25"),
        ("2021-12-30", "2026-12-31", "2038-06-25"),
        # 16 before, on and after the leaving date, but within the school year.
        ("2011-06-24", "2016-08-31", "2027-06-25"),
        ("2011-06-25", "2016-08-31", "2027-06-25"),
        ("2011-06-26", "2016-08-31", "2027-06-25"),
        ("2011-08-31", "2016-08-31", "2027-06-25"),
        ("2011-09-01", "2016-12-31", "2028-06-30"),
        # Born on a leap day.
        ("2012-02-29", "2017-03-31", "2028-06-30"),
        ("2020-02-29", "2025-03-31", "2036-06-27"),
    ],
)
def test_compulsory_school_age(date_of_birth: str, starts: str, ends: str) -> None:
    assert compulsory_school_age(d(date_of_birth)) == (d(starts), d(ends))


@pytest.mark.parametrize("day", ["2026-06-26", "2027-06-25", "2028-06-30", "2029-06-29"])
def test_school_leaving_date_is_the_last_friday_in_june(day: str) -> None:
    assert school_leaving_date(d(day).year) == d(day)


def test_every_birthday_starts_on_the_first_prescribed_day_and_ends_on_the_last_friday_in_june() -> None:
    born = d("2005-01-01")
    while born < d("2022-01-01"):
        starts, ends = compulsory_school_age(born)
        day = add_months(born, 60)
        while (day.month, day.day) not in {(3, 31), (8, 31), (12, 31)}:
            day += timedelta(days=1)
        assert starts == day
        assert (ends.month, ends.isoweekday(), (ends + timedelta(days=7)).month) == (6, 5, 7)
        born += timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "began"), [("2026-08-31", 2025), ("2026-09-01", 2026), ("2027-01-01", 2026), ("2026-12-31", 2026)]
)
def test_academic_year(on: str, began: int) -> None:
    assert academic_year(d(on)) == began


@pytest.mark.parametrize(
    ("date_of_birth", "on", "group", "name"),
    [
        ("2010-08-31", "2014-09-01", 0, "Reception"),
        ("2010-08-31", "2015-08-31", 0, "Reception"),
        ("2010-08-31", "2015-09-01", 1, "Year 1"),
        ("2010-09-01", "2015-09-01", 0, "Reception"),
        ("2010-08-31", "2026-06-26", 11, "Year 11"),
        ("2010-08-31", "2026-09-01", 12, "After Year 11"),
        ("2010-09-01", "2026-11-23", 11, "Year 11"),
        ("2016-02-29", "2026-11-23", 6, "Year 6"),
        ("2023-01-15", "2026-11-23", -1, "Before Reception"),
    ],
)
def test_year_group(date_of_birth: str, on: str, group: int, name: str) -> None:
    assert year_group(d(date_of_birth), d(on)) == group
    assert year_group_name(group) == name


def test_compulsory_school_age_ends_in_year_11() -> None:
    born = d("2008-09-01")
    while born < d("2010-09-01"):
        _, ends = compulsory_school_age(born)
        assert year_group(born, ends) == 11
        born += timedelta(days=1)


@pytest.mark.parametrize(
    ("date_of_birth", "autumn_begins", "days"),
    [
        # Where no term is known, 1 to 7 September are the edge.
        ("2010-08-31", None, ["2026-06-26"]),
        ("2010-09-01", None, ["2026-06-26", "2027-06-25"]),
        ("2010-09-07", None, ["2026-06-26", "2027-06-25"]),
        ("2010-09-08", None, ["2027-06-25"]),
        ("2011-10-01", None, ["2028-06-30"]),
        # The school year begins with the term: a birthday on that very day is no longer before it.
        ("2010-09-03", "2026-09-03", ["2027-06-25"]),
        ("2010-09-02", "2026-09-03", ["2026-06-26", "2027-06-25"]),
        ("2010-09-09", "2026-09-10", ["2026-06-26", "2027-06-25"]),
        ("2010-09-01", "2026-09-01", ["2027-06-25"]),
        ("2010-08-31", "2026-09-10", ["2026-06-26"]),
    ],
)
def test_a_16th_birthday_before_the_autumn_term_leaves_two_days(
    date_of_birth: str, autumn_begins: str | None, days: list[str]
) -> None:
    found = leaving_dates(d(date_of_birth), d(autumn_begins) if autumn_begins else None)
    assert found == [d(day) for day in days]


def test_the_later_day_is_the_one_that_holds_and_the_earlier_is_a_year_before() -> None:
    born = d("2005-01-01")
    while born < d("2022-01-01"):
        *earlier, holds = leaving_dates(born)
        assert holds == compulsory_school_age(born)[1]
        assert bool(earlier) is ((9, 1) <= (born.month, born.day) <= (9, 7))
        assert earlier in ([], [school_leaving_date(holds.year - 1)])
        born += timedelta(days=1)


def test_the_edge_ends_with_the_day_before_the_term() -> None:
    assert last_edge_day(2026) == d("2026-09-07")
    assert last_edge_day(2026, d("2026-09-03")) == d("2026-09-02")
    assert last_edge_day(2026, d("2026-09-01")) == d("2026-08-31"), "no day of September"


def test_who_was_born_when_is_the_reverse_of_the_year_group() -> None:
    for on in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 3, 12)):
        for group in range(-1, 13):
            first, last = year_born(group, on)
            assert {year_group(day, on) for day in (first, last)} == {group}
            assert year_group(first - timedelta(days=1), on) == group + 1
            assert year_group(last + timedelta(days=1), on) == group - 1
