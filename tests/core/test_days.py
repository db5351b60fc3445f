"""Counting days: bank holidays, month ends, clock changes, leap days, periods and terms."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ehe_portal.core.days import (
    BANK_HOLIDAYS,
    BANK_HOLIDAYS_KNOWN_UNTIL,
    TermTime,
    add_months,
    add_school_days,
    add_working_days,
    bank_holidays_end_soon,
    is_school_day,
    is_working_day,
    last_day_beginning_with,
    london_date,
    roll_forward,
    school_days_between,
    working_days_between,
)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-15T23:59:59+00:00", "2026-01-15"),
        # The night the clocks go forward: 29 March 2026, 01:00 UTC.
        ("2026-03-28T23:59:59+00:00", "2026-03-28"),
        ("2026-03-29T00:59:59+00:00", "2026-03-29"),
        ("2026-03-29T01:00:00+00:00", "2026-03-29"),
        ("2026-03-29T22:59:59+00:00", "2026-03-29"),
        ("2026-03-29T23:00:00+00:00", "2026-03-30"),
        ("2026-06-30T23:30:00+00:00", "2026-07-01"),
        # The night they go back: 25 October 2026, 01:00 UTC; 01:30 in London comes twice, on one date.
        ("2026-10-24T22:59:59+00:00", "2026-10-24"),
        ("2026-10-24T23:00:00+00:00", "2026-10-25"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25"),
        ("2026-10-25T23:30:00+00:00", "2026-10-25"),
        ("2026-10-26T00:00:00+00:00", "2026-10-26"),
        # From elsewhere.
        ("2026-01-01T03:00:00+05:30", "2025-12-31"),
        ("2026-12-31T20:00:00-05:00", "2027-01-01"),
    ],
)
def test_london_date(moment: str, expected: str) -> None:
    assert london_date(datetime.fromisoformat(moment)) == d(expected)


def test_london_date_takes_any_zone_but_never_none() -> None:
    moment = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert london_date(moment) == london_date(moment.astimezone(timezone(timedelta(hours=9))))
    with pytest.raises(ValueError, match="time zone"):
        london_date(moment.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("1999-12-31", "millennium"),
        ("2002-06-04", "golden jubilee"),
        ("2011-04-29", "royal wedding"),
        ("2012-06-05", "diamond jubilee"),
        ("2018-12-26", "Boxing Day"),
        ("2020-05-08", "early May moved to the Friday"),
        ("2020-12-28", "substitute for Boxing Day, a Saturday"),
        ("2021-12-27", "substitute for Christmas Day, a Saturday"),
        ("2021-12-28", "substitute for Boxing Day, a Sunday"),
        ("2022-01-03", "substitute for New Year's Day, a Saturday"),
        ("2022-06-02", "spring holiday moved"),
        ("2022-06-03", "platinum jubilee"),
        ("2022-09-19", "state funeral"),
        ("2022-12-27", "substitute for Christmas Day, a Sunday"),
        ("2023-05-08", "coronation"),
        ("2024-03-29", "Good Friday"),
        ("2025-04-21", "Easter Monday"),
        ("2026-12-28", "substitute for Boxing Day, a Saturday"),
        ("2027-12-28", "substitute for Boxing Day, a Sunday"),
        ("2028-01-03", "substitute for New Year's Day, a Saturday"),
        ("2028-08-28", "summer"),
    ],
)
def test_a_bank_holiday_is_no_working_day(day: str, why: str) -> None:
    assert d(day).isoweekday() <= 5, "the table is about weekdays"
    assert not is_working_day(d(day)), why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2020-05-04", "the Monday that early May was moved from"),
        ("2022-05-30", "the Monday that spring was moved from"),
        ("2026-01-02", "a holiday in Scotland only"),
        ("2026-03-17", "a holiday in Northern Ireland only"),
        ("2026-08-03", "a holiday in Scotland only"),
        ("2026-11-30", "a holiday in Scotland only"),
        ("2026-12-24", "Christmas Eve"),
        ("2026-12-29", "after the substitute day"),
    ],
)
def test_a_working_day(day: str, why: str) -> None:
    assert is_working_day(d(day)), why


def test_no_weekend_works() -> None:
    assert not is_working_day(d("2026-11-21"))
    assert not is_working_day(d("2026-11-22"))


def test_eight_holidays_a_year_but_for_the_proclaimed_ones() -> None:
    extra = {1999: 1, 2002: 1, 2011: 1, 2012: 1, 2022: 2, 2023: 1}
    for year in range(1990, 2029):
        kept = [day for day in BANK_HOLIDAYS if day.year == year]
        assert len(kept) == 8 + extra.get(year, 0), year


def test_beyond_the_known_list_no_bank_holiday_is_counted() -> None:
    assert max(BANK_HOLIDAYS) <= BANK_HOLIDAYS_KNOWN_UNTIL == d("2028-12-31")
    assert is_working_day(d("2029-01-01"))
    assert is_working_day(d("2029-12-25"))
    assert add_working_days(d("2029-12-24"), 3) == d("2029-12-27")


@pytest.mark.parametrize(("today", "soon"), [("2027-12-30", False), ("2027-12-31", True), ("2029-05-01", True)])
def test_the_end_of_the_list_is_announced_a_year_before(today: str, soon: bool) -> None:
    assert bank_holidays_end_soon(d(today)) is soon


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-22", 0, "2026-11-22"),  # None to go: the day itself, a Sunday or not.
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-29", 1, "2026-11-30"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 10, "2026-12-07"),
        ("2026-12-24", 1, "2026-12-29"),  # Christmas Day, weekend, substitute day.
        ("2026-12-25", 1, "2026-12-29"),
        ("2026-12-24", 4, "2027-01-04"),
        ("2027-03-25", 1, "2027-03-30"),  # Easter.
        ("2022-06-01", 1, "2022-06-06"),
        ("2022-09-16", 1, "2022-09-20"),
        ("2024-02-28", 2, "2024-03-01"),  # The leap day works.
        ("2028-12-29", 1, "2029-01-01"),  # Over the end of the known list.
    ],
)
def test_add_working_days(day: str, count: int, expected: str) -> None:
    assert add_working_days(d(day), count) == d(expected)


def test_working_days_are_counted_forwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(d("2026-11-23"), -1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-21", "2026-11-23"),
        ("2026-11-22", "2026-11-23"),
        ("2026-12-25", "2026-12-29"),
        ("2027-12-25", "2027-12-29"),
        ("2027-03-26", "2027-03-30"),
        ("2029-12-25", "2029-12-25"),
        ("0001-01-01", "0001-01-01"),
        ("0001-01-06", "0001-01-08"),
    ],
)
def test_roll_forward(day: str, expected: str) -> None:
    assert roll_forward(d(day)) == d(expected)


def test_counting_without_walking_agrees_with_walking() -> None:
    day = d("1988-01-01")
    walked = 0
    start = day
    while day < d("2031-01-01"):
        rolled = day
        while not is_working_day(rolled):
            rolled += timedelta(days=1)
        assert roll_forward(day) == rolled
        following = day + timedelta(days=1)
        while not is_working_day(following):
            following += timedelta(days=1)
        assert add_working_days(day, 1) == following
        day += timedelta(days=1)
        walked += is_working_day(day)
        assert working_days_between(start, day) == walked
        if walked and is_working_day(day):
            assert add_working_days(start, walked) == day


@pytest.mark.parametrize(
    ("earlier", "later", "waited"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-12-24", "2026-12-29", 1),
        ("2026-11-23", "2026-11-30", 5),
        ("2026-11-30", "2026-11-23", -5),
    ],
)
def test_working_days_between(earlier: str, later: str, waited: int) -> None:
    assert working_days_between(d(earlier), d(later)) == waited


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2027-01-10", -1, "2026-12-10"),
    ],
)
def test_add_months(day: str, months: int, expected: str) -> None:
    assert add_months(d(day), months) == d(expected)


def test_a_period_is_counted_with_its_first_day() -> None:
    assert last_day_beginning_with(d("2026-11-23"), 15) == d("2026-12-07")
    assert last_day_beginning_with(d("2028-02-20"), 15) == d("2028-03-05")
    assert last_day_beginning_with(d("2026-11-23"), 1) == d("2026-11-23")
    with pytest.raises(ValueError, match="at least one day"):
        last_day_beginning_with(d("2026-11-23"), 0)


AUTUMN_2026 = [
    TermTime(d("2026-11-02"), d("2026-12-18")),
    TermTime(d("2026-09-02"), d("2026-10-23")),
]
SPRING_2027 = [TermTime(d("2027-01-04"), d("2027-02-12")), TermTime(d("2027-02-22"), d("2027-04-02"))]


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-09-02", True),
        ("2026-09-05", False),  # A Saturday.
        ("2026-10-23", True),
        ("2026-10-27", False),  # Half term.
        ("2026-12-18", True),
        ("2026-12-21", False),
        ("2027-03-26", False),  # Good Friday, inside term.
        ("2026-11-27", False),  # A training day.
    ],
)
def test_is_school_day(day: str, open_: bool) -> None:
    assert is_school_day(d(day), AUTUMN_2026 + SPRING_2027, closed={d("2026-11-27")}) is open_


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-10-22", 1, "2026-10-23"),
        ("2026-10-23", 1, "2026-11-02"),
        ("2026-08-01", 1, "2026-09-02"),
        ("2026-11-26", 1, "2026-11-30"),  # Over the training day.
        ("2026-12-14", 10, "2027-01-11"),
        ("2027-03-25", 1, "2027-03-30"),  # Good Friday and Easter Monday.
        ("2027-04-01", 1, "2027-04-02"),
        ("2027-04-01", 2, None),  # The calendar ends.
        ("2028-01-01", 1, None),
    ],
)
def test_add_school_days(day: str, count: int, expected: str | None) -> None:
    reached = add_school_days(d(day), count, AUTUMN_2026 + SPRING_2027, closed={d("2026-11-27")})
    assert reached == (d(expected) if expected else None)


def test_school_days_agree_with_walking_and_overlapping_terms_count_once() -> None:
    terms = [
        *AUTUMN_2026,
        *SPRING_2027,
        TermTime(d("2026-09-01"), d("2026-12-01")),
        TermTime(d("2026-10-01"), d("2026-10-02")),
    ]
    day = d("2026-08-20")
    count = 0
    while day < d("2027-04-02"):
        day += timedelta(days=1)
        if is_school_day(day, terms):
            count += 1
            assert add_school_days(d("2026-08-20"), count, terms) == day
    assert add_school_days(d("2026-08-20"), count + 1, terms) is None
    with pytest.raises(ValueError, match="forwards"):
        add_school_days(d("2026-08-20"), 0, terms)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2026-10-22", "2026-10-22", 0),
        ("2026-10-22", "2026-10-23", 1),
        ("2026-10-22", "2026-11-02", 2),  # Over half term.
        ("2026-11-26", "2026-11-30", 1),  # Over the training day.
        ("2027-03-24", "2027-03-30", 2),  # Good Friday and Easter Monday.
        ("2026-08-01", "2026-08-31", 0),
        ("2026-11-30", "2026-11-26", 0),
    ],
)
def test_school_days_between(earlier: str, later: str, expected: int) -> None:
    calendar = AUTUMN_2026 + SPRING_2027
    assert school_days_between(d(earlier), d(later), calendar, closed={d("2026-11-27")}) == expected


def test_counting_school_days_agrees_with_walking() -> None:
    terms = [*AUTUMN_2026, *SPRING_2027, TermTime(d("2026-09-01"), d("2026-12-01"))]
    closed = {d("2026-11-27"), d("2026-11-28"), d("2026-12-24")}
    start = day = d("2026-08-20")
    walked = 0
    while day < d("2027-04-20"):
        day += timedelta(days=1)
        walked += is_school_day(day, terms, closed)
        assert school_days_between(start, day, terms, closed) == walked
