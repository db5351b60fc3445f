"""Rows 5 to 7: nothing ran over Christmas; the clocks change in London; somebody sets the machine's clock."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from tests.contact.oracle import working_days_on
from tests.faults.stage import SWEEP, Council, FakedClock, silent_family
from tests.journeys.running import until
from tests.nursery import Running

Families = list[dict[str, str]]
CouncilAt = Callable[[datetime, Families], tuple[Council, FakedClock]]
A_HEARTBEAT = 4.0
ONE_DAY = timedelta(days=1)


def utc(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def lapses_on(opened_on: date) -> date:
    """The first day on which a family of which nothing was ever heard is found: ten working days, five of grace."""
    return working_days_on(working_days_on(opened_on, 10), 5) + ONE_DAY


def opened_from(first: str, last: str) -> Families:
    """A family known since each day."""
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    return [silent_family(number, date.fromisoformat(first) + number * ONE_DAY) for number in range(days + 1)]


def found(council: Council) -> list[tuple[date, date]]:
    """When each escalation should have risen, and when it did, in the order in which they were raised."""
    rows = council.ask("SELECT should_have_risen_on, raised_on FROM escalation ORDER BY id")
    return [(date.fromisoformat(str(due)), date.fromisoformat(str(raised))) for due, raised in rows]


def expected(families: Families, until_day: str) -> list[date]:
    days = [lapses_on(date.fromisoformat(family["opened_on"])) for family in families]
    return sorted(day for day in days if day <= date.fromisoformat(until_day))


def until_it_says(words: str, process: Running, before: int, patience: float = 40) -> None:
    """Wait for words in what a process says after its first `before` characters."""
    end = time.monotonic() + patience
    while words not in process.output()[before:]:
        assert time.monotonic() < end, process.output()
        time.sleep(0.1)


def test_row_5_down_for_nine_days_over_christmas(council_at: CouncilAt) -> None:
    families = opened_from("2026-11-27", "2026-12-14")
    council, clock = council_at(utc("2026-12-23 05:01"), families)
    before = council.serve()
    until(lambda: council.is_swept("2026-12-23"), "the last sweep before")
    council.kill(before)
    first = found(council)
    assert [due for due, _ in first] == expected(families, "2026-12-23")

    clock.set(utc("2027-01-01 05:01"))
    code, said = council.watch()
    assert code == 1, "from outside it is noticed that nothing runs"
    assert "No process runs the jobs since 23 December 2026" in said
    assert "The last sweep ended on 23 December 2026" in said

    council.serve()
    until(lambda: council.is_swept("2027-01-01"), "the first sweep after")
    everything = found(council)
    late = [due for due, raised in everything if raised == date(2027, 1, 1)]
    assert [due for due, _ in everything] == expected(families, "2027-01-01"), "each day's once, in order"
    assert len(late) > 3, "and each says when it should have risen"
    assert min(late) < date(2026, 12, 29)
    assert council.count(f"job_run WHERE job = '{SWEEP}'") == 2, "once for all the days, not once for each"
    council.all_raised_once(len(everything))


@pytest.mark.parametrize(
    ("opened", "days", "night"),
    [
        pytest.param(
            ("2026-09-25", "2026-10-06"), ("2026-10-24", "2026-10-25", "2026-10-26"),
            ("2026-10-25 00:30", "2026-10-25 01:30"), id="autumn: 01:30 comes twice",
        ),
        pytest.param(
            ("2027-02-26", "2027-03-09"), ("2027-03-27", "2027-03-28", "2027-03-29"),
            ("2027-03-28 00:59", "2027-03-28 01:01"), id="spring: 01:30 does not come",
        ),
    ],
)  # fmt: skip
def test_row_6_each_civil_day_is_swept_once(
    council_at: CouncilAt, opened: tuple[str, str], days: tuple[str, ...], night: tuple[str, ...]
) -> None:
    families = opened_from(*opened)
    council, clock = council_at(utc(f"{days[0]} 04:30"), families)
    clock.set(utc(f"{days[0]} 05:01"))
    council.serve()
    until(lambda: council.is_swept(days[0]), "the day before")
    for moment in night:
        clock.set(utc(moment))
        time.sleep(A_HEARTBEAT)
    for day in days[1:]:
        clock.set(utc(f"{day} 05:01"))
        until(partial(council.is_swept, day), "the day's sweep")
    slots = council.ask(f"SELECT slot FROM job_run WHERE job = '{SWEEP}' ORDER BY id")
    assert [slot for (slot,) in slots] == list(days)
    everything = found(council)
    assert [due for due, _ in everything] == expected(families, days[-1])
    on_the_day = [due for due, raised in everything if raised >= date.fromisoformat(days[1])]
    assert on_the_day == [raised for _, raised in everything if raised >= date.fromisoformat(days[1])], "none late"
    council.all_raised_once(len(everything))


def test_row_7_a_clock_set_back_an_hour_or_on_a_year_alerts_nobody_and_is_told(council_at: CouncilAt) -> None:
    families = opened_from("2026-11-27", "2026-12-14")
    council, clock = council_at(utc("2026-12-23 05:01"), families)
    serving = council.serve()
    until(lambda: council.is_swept("2026-12-23"), "the sweep")
    swept, runs = found(council), council.count(f"job_run WHERE job = '{SWEEP}'")
    assert len(swept) < len(families), "there are families who would lapse if it were next year"

    for wrong, year in ((utc("2026-12-23 04:01"), "2026"), (utc("2027-12-23 05:01"), "2027")):
        before = len(serving.output())
        clock.set(wrong)
        until_it_says("refused: ", serving, before)
        time.sleep(A_HEARTBEAT)
        assert found(council) == swept, "nobody is alerted by a clock that cannot be right"
        assert council.count(f"job_run WHERE job = '{SWEEP}'") == runs
        code, said = council.watch()
        assert code == 1
        assert "Jobs are refused: " in said
        assert f"the clock says {year}-12-23" in said
        council.tally.add("wrong clocks refused")

    clock.set(utc("2026-12-24 05:01"))
    until(lambda: council.is_swept("2026-12-24"), "the next day's sweep, with the clock put right", 60)
    council.all_raised_once(len(expected(families, "2026-12-24")))
