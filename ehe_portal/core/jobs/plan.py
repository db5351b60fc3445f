"""What a job is, and when it is due. Pure: the moment is always given.

Time of day is told apart from correctness: a slot only says when a job is first tried. Daily slots are London dates,
interval slots are moments in UTC, so that neither is there twice or not at all when the clocks change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select

from ehe_portal.core.days import LONDON, london_date
from ehe_portal.core.work import Work

EARLIEST, LATEST = time(3, 0), time(23, 0)
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Slot:
    """One time at which a job is due, under a name that no other slot of the job has. `due_at` is in UTC."""

    name: str
    due_at: datetime


@dataclass(frozen=True)
class Daily:
    """Once each London day at a London time, which is not between 23:00 and 03:00 (the clocks change there)."""

    at: time

    def __post_init__(self) -> None:
        """Raises ValueError for a time at which the clocks may change."""
        if not EARLIEST <= self.at < LATEST:
            raise ValueError("a daily job is due between 03:00 and 23:00 in London")

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M} in London"

    def newest(self, now: datetime) -> Slot:
        """The latest slot that is due: today's, or yesterday's where today's hour has not come."""
        today = self._on(london_date(now))
        return today if today.due_at <= now else self._on(london_date(now) - timedelta(days=1))

    def after(self, moment: datetime) -> Slot:
        """The first slot due later than `moment`."""
        return self._on(date.fromisoformat(self.newest(moment).name) + timedelta(days=1))

    def _on(self, day: date) -> Slot:
        return Slot(day.isoformat(), datetime.combine(day, self.at, LONDON).astimezone(UTC))


@dataclass(frozen=True)
class Every:
    """In each slot of so many minutes, counted in UTC from midnight."""

    minutes: int

    def __post_init__(self) -> None:
        """Raises ValueError for less than a minute or more than a day."""
        if not 1 <= self.minutes <= MINUTES_OF_A_DAY:
            raise ValueError("an interval is from 1 minute to a day")

    def __str__(self) -> str:
        return "every minute" if self.minutes == 1 else f"every {self.minutes} minutes"

    def newest(self, now: datetime) -> Slot:
        """The slot that `now` falls into; those before it are not caught up with."""
        utc = now.astimezone(UTC)
        midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0)
        return self._at(utc - (utc - midnight) % timedelta(minutes=self.minutes))

    def after(self, moment: datetime) -> Slot:
        """The first slot due later than `moment`."""
        due_at = self.newest(moment).due_at
        next_midnight = due_at.replace(hour=0, minute=0) + timedelta(days=1)
        return self._at(min(due_at + timedelta(minutes=self.minutes), next_midnight))

    def _at(self, due_at: datetime) -> Slot:
        return Slot(f"{due_at:%Y-%m-%dT%H:%MZ}", due_at)


@dataclass(frozen=True)
class Job:
    """One thing that happens by itself. `batch` is how many cases share a transaction."""

    name: str
    find: Callable[[Work], Select[Any]]
    do: Callable[[Work, Sequence[int]], None]
    schedule: Daily | Every
    batch: int = 500
