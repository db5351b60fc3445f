"""When jobs are due: London dates for daily ones, UTC for intervals, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta

import pytest

from ehe_portal.core.jobs import Daily, Every

AT_FIVE = Daily(time(5, 0))


def utc(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "slot", "due_at"),
    [
        ("2026-01-15T05:00", "2026-01-15", "2026-01-15T05:00"),  # winter: London is UTC
        ("2026-01-15T04:59", "2026-01-14", "2026-01-14T05:00"),
        ("2026-07-15T04:00", "2026-07-15", "2026-07-15T04:00"),  # summer: an hour ahead
        ("2026-07-15T03:59", "2026-07-14", "2026-07-14T04:00"),
        ("2026-07-15T23:30", "2026-07-15", "2026-07-15T04:00"),  # past midnight in London
        ("2026-10-25T04:59", "2026-10-24", "2026-10-24T04:00"),  # the clocks went back in the night
        ("2026-10-25T05:00", "2026-10-25", "2026-10-25T05:00"),
        ("2027-03-28T03:59", "2027-03-27", "2027-03-27T05:00"),  # and forward
        ("2027-03-28T04:00", "2027-03-28", "2027-03-28T04:00"),
    ],
)
def test_the_newest_daily_slot(now: str, slot: str, due_at: str) -> None:
    newest = AT_FIVE.newest(utc(now))
    assert (newest.name, newest.due_at) == (slot, utc(due_at))


def test_every_london_date_has_exactly_one_slot() -> None:
    moment, end = utc("2026-10-20T00:00"), utc("2027-04-05T00:00")
    names = []
    while moment < end:
        names.append(AT_FIVE.newest(moment).name)
        moment += timedelta(minutes=30)
    seen = sorted(set(names))
    assert names == sorted(names)
    days = [datetime.fromisoformat(name).toordinal() for name in seen]
    assert days == list(range(days[0], days[-1] + 1))


def test_the_slot_after_one_is_the_next_days() -> None:
    assert AT_FIVE.after(utc("2026-10-24T12:00")).due_at == utc("2026-10-25T05:00")
    assert AT_FIVE.after(utc("2026-10-24T03:00")).due_at == utc("2026-10-24T04:00")


@pytest.mark.parametrize("at", [time(0, 30), time(1, 30), time(2, 59), time(23, 0), time(23, 59)])
def test_a_daily_job_is_not_due_where_the_clocks_change(at: time) -> None:
    with pytest.raises(ValueError, match="between 03:00 and 23:00"):
        Daily(at)


@pytest.mark.parametrize(
    ("minutes", "now", "slot", "after"),
    [
        (1, "2026-10-25T00:59:59", "2026-10-25T00:59Z", "2026-10-25T01:00Z"),
        (15, "2026-10-25T01:07", "2026-10-25T01:00Z", "2026-10-25T01:15Z"),
        (60, "2026-10-25T01:59:59.999", "2026-10-25T01:00Z", "2026-10-25T02:00Z"),
        (7, "2026-01-01T23:58", "2026-01-01T23:55Z", "2026-01-02T00:00Z"),  # counted from midnight
        (1440, "2026-01-01T23:58", "2026-01-01T00:00Z", "2026-01-02T00:00Z"),
    ],
)
def test_interval_slots(minutes: int, now: str, slot: str, after: str) -> None:
    schedule = Every(minutes)
    assert schedule.newest(utc(now)).name == slot
    assert schedule.after(utc(now)).name == after


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_an_interval_is_within_a_day(minutes: int) -> None:
    with pytest.raises(ValueError, match="from 1 minute"):
        Every(minutes)


def test_schedules_say_what_they_are() -> None:
    assert str(AT_FIVE) == "daily at 05:00 in London"
    assert str(Every(1)) == "every minute"
    assert str(Every(15)) == "every 15 minutes"
