"""Who is reminded of the next contact, and when. Pure.

Counted back from the day by which we would like to hear: the due date, or the last day of a hold that ends later.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from ehe_portal.core.codes import Code, ContactWay


class Reminder(Code):
    """One kind of reminder; each is sent once for one date."""

    FAMILY_FIRST = "family-first", "The family, some weeks before"
    FAMILY_AGAIN = "family-again", "The family, some days before"
    FAMILY_AFTER = "family-after", "The family, once the day has passed"
    ADVISER_BEFORE = "adviser-before", "The adviser, some days before"
    ADVISER_DUE = "adviser-due", "The adviser, on the day"
    ADVISER_AFTER = "adviser-after", "The adviser, once the day has passed"

    @property
    def is_for_family(self) -> bool:
        """Whether it is the family that is reminded."""
        return self in (Reminder.FAMILY_FIRST, Reminder.FAMILY_AGAIN, Reminder.FAMILY_AFTER)


@dataclass(frozen=True, slots=True)
class ReminderDays:
    """How many days before the date each is reminded."""

    family_first: int = 28
    family_again: int = 7
    adviser_before: int = 7


def days_of(by_on: date, days: ReminderDays) -> dict[Reminder, date]:
    """The day on which each reminder of a date is due."""
    return {
        Reminder.FAMILY_FIRST: by_on - timedelta(days=days.family_first),
        Reminder.FAMILY_AGAIN: by_on - timedelta(days=days.family_again),
        Reminder.ADVISER_BEFORE: by_on - timedelta(days=days.adviser_before),
        Reminder.ADVISER_DUE: by_on,
        Reminder.FAMILY_AFTER: by_on + timedelta(days=1),
        Reminder.ADVISER_AFTER: by_on + timedelta(days=1),
    }


def next_reminder_on(by_on: date, days: ReminderDays, since: date) -> date | None:
    """The first day, from `since` on, on which someone is reminded of a date; None once all of them are past."""
    return min((day for day in days_of(by_on, days).values() if day >= since), default=None)


def reminders_on(by_on: date, days: ReminderDays, since: date, today: date) -> list[Reminder]:
    """The reminders that fell due from `since` to today, both included, and still make sense today.

    Of what was missed only the latest that still says something true: nobody is told of "in a week" on the day before
    two letters later, or of a day to come once it has gone by.
    """
    due = days_of(by_on, days)
    fallen_due = [kind for kind, day in due.items() if since <= day <= today]
    family = max((kind for kind in fallen_due if kind.is_for_family), key=lambda kind: due[kind], default=None)
    adviser = max((kind for kind in fallen_due if not kind.is_for_family), key=lambda kind: due[kind], default=None)
    return [kind for kind in (family, adviser) if kind is not None]


def way_of(wishes: list[ContactWay]) -> ContactWay | None:
    """How someone has to remind a family that would not be written to; None where a message is right.

    A family of which no wish is known is written to.
    """
    return None if not wishes or ContactWay.WRITING in wishes else wishes[0]
