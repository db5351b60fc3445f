"""The next weeks: what falls due, what lapses, and what the team can do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.days import is_working_day
from ehe_portal.core.govuk.words import counted, long_date

WEEKS: Final = 13
WORKING_WEEK: Final = 5


@dataclass(frozen=True)
class Absence:
    """When one adviser is away, both days included; without `until_on` for as long as can be seen."""

    from_on: date | None
    until_on: date | None

    def covers(self, day: date) -> bool:
        """Whether they are away on a day."""
        return self.from_on is not None and self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True)
class Week:
    """One week, from a Monday (the first from today on) to its Sunday.

    `overdue` is what was due before the first week and has not lapsed: it is this week's work too. `reviews` of the
    education and of EHC `plans` are no contacts; those that are late are the first week's.
    """

    from_on: date
    until_on: date
    due: int
    overdue: int
    lapses: int
    capacity: int
    reviews: int = 0
    plans: int = 0

    @property
    def work(self) -> int:
        """How many contacts it asks for."""
        return self.due + self.overdue

    @property
    def is_over(self) -> bool:
        """Whether that is more than the team can do."""
        return self.work > self.capacity


def weeks_from(today: date) -> list[tuple[date, date]]:
    """The first and last days of the next weeks; the first begins today and ends on Sunday."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    return [(max(start, today), start + timedelta(days=6)) for start in starts]


def capacity(from_on: date, until_on: date, absences: Sequence[Absence], contacts_a_week: int) -> int:
    """How many contacts the advisers can make in a week: `contacts_a_week` each, less for days on which they are away
    or nobody works. Rounded down."""
    days = [from_on + timedelta(days=number) for number in range((until_on - from_on).days + 1)]
    working = [day for day in days if is_working_day(day)]
    here = sum(not absence.covers(day) for absence in absences for day in working)
    return here * contacts_a_week // WORKING_WEEK


def forecast(
    today: date,
    due: Mapping[date, int],
    lapses: Mapping[date, int],
    absences: Sequence[Absence],
    contacts_a_week: int,
    reviews: Mapping[date, int] | None = None,
    plans: Mapping[date, int] | None = None,
) -> list[Week]:
    """The next weeks, from how many contacts fall due and how many lapse on each day if nobody is in contact; and how
    many reviews of the education and of EHC plans are due on each."""
    overdue = sum(number for day, number in due.items() if day < today)
    return [
        Week(
            from_on=first,
            until_on=last,
            due=sum(number for day, number in due.items() if first <= day <= last),
            overdue=overdue if first == today else 0,
            lapses=sum(number for day, number in lapses.items() if first <= day <= last),
            capacity=capacity(first, last, absences, contacts_a_week),
            reviews=until_then(reviews or {}, today, first, last),
            plans=until_then(plans or {}, today, first, last),
        )
        for first, last in weeks_from(today)
    ]


def until_then(due: Mapping[date, int], today: date, first: date, last: date) -> int:
    """How many are due in a week; in the first one also what is late."""
    return sum(number for day, number in due.items() if first <= max(day, today) <= last)


def in_words(weeks: Sequence[Week]) -> str:
    """Which weeks ask for more than the team can do."""
    over = [week for week in weeks if week.is_over]
    if not over:
        return "No week of these asks for more contacts than the team can make."
    named = [
        f"the week of {long_date(week.from_on)} ({week.work:,} contacts, room for {week.capacity:,})" for week in over
    ]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    asks = "asks" if len(over) == 1 else "ask"
    return f"{counted(len(over), 'week')} {asks} for more contacts than the team can make: {listed}."


# The picture: for each week what it asks for beside what lapses, and how much the team can do as a line across

BAR_WEEK, BAR_HEIGHT = 60, 160


@dataclass(frozen=True)
class Bars:
    """The outlines of the bars of what falls due, of what is overdue and of what lapses, and of the line of capacity.

    `highest` is the number that reaches the top.
    """

    due: str
    overdue: str
    lapses: str
    capacity: str
    highest: int


def bars(weeks: Sequence[Week]) -> Bars:
    """Lay out the picture, `BAR_WEEK` wide for each week."""
    highest = max([1, *(max(week.work, week.lapses, week.capacity) for week in weeks)])

    def high(number: int) -> int:
        return round(number * BAR_HEIGHT / highest)

    def bar(place: int, start: int, width: int, number: int, above: int = 0) -> str:
        left, base = place * BAR_WEEK + start, BAR_HEIGHT - high(above)
        return f"M{left} {base}h{width}v-{high(above + number) - high(above)}h-{width}z" if number else ""

    return Bars(
        due="".join(bar(place, 6, 30, week.due, week.overdue) for place, week in enumerate(weeks)),
        overdue="".join(bar(place, 6, 30, week.overdue) for place, week in enumerate(weeks)),
        lapses="".join(bar(place, 40, 14, week.lapses) for place, week in enumerate(weeks)),
        capacity="".join(
            f"M{place * BAR_WEEK} {BAR_HEIGHT - high(week.capacity)}h{BAR_WEEK}" for place, week in enumerate(weeks)
        ),
        highest=highest,
    )
