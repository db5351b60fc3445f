"""Working hours, days off and times of day, counted in minutes. Pure; all times are London's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Final

from ehe_portal.core.codes import Code


class DayPart(Code):
    """How much of a day someone is on leave."""

    WHOLE = "whole", "The whole day"
    MORNING = "morning", "The morning"
    AFTERNOON = "afternoon", "The afternoon"


Hours = Mapping[int, tuple[time, time]]
"""From when until when someone works on each day of the week; Monday is 0. A day that is not there is not worked."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
USUAL_HOURS: Final[Hours] = MappingProxyType({weekday: (time(9), time(17)) for weekday in range(5)})
"""Those of whoever has entered none of their own."""

MIDDAY: Final = time(12)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days of leave, both ends included; part of a day is always of one day."""

    first_on: date
    last_on: date
    part: DayPart = DayPart.WHOLE


def parts_off(on: date, leave: Iterable[DaysOff]) -> frozenset[DayPart]:
    """How much of a day is leave: the whole of it alone, else the halves. Both halves make a whole."""
    parts = {one.part for one in leave if one.first_on <= on <= one.last_on}
    if DayPart.WHOLE in parts or len(parts) == 2:
        return frozenset({DayPart.WHOLE})
    return frozenset(parts)


def minutes_of(at: time) -> int:
    """A time of day in minutes since midnight."""
    return at.hour * 60 + at.minute


def time_of(minutes: int) -> time:
    """A time of day from minutes since midnight; the last minute of the day for what goes beyond it."""
    return time(*divmod(min(minutes, 24 * 60 - 1), 60))


def ends_at(begins: time, minutes: int) -> time:
    """When something that begins then is over."""
    return time_of(minutes_of(begins) + minutes)
