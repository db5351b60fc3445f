"""Counting backwards: from where a clock is to stand today to when the family must have been heard from. Pure."""

import random
from datetime import date, datetime, time, timedelta
from typing import Final

from ehe_portal.core.codes import SocialCare, Tier
from ehe_portal.core.days import LONDON, add_months, add_working_days, is_working_day, roll_forward

GRACE_DAYS: Final = {Tier.ANNUAL: 10, Tier.HALF_YEARLY: 10, Tier.CLOSE: 5}
FIRST_GRACE: Final = 5
FIRST_DAYS: Final = 10
FIRST_DAYS_SOCIAL_CARE: Final = 3
"""The default policy values: a demonstration authority has set no others."""


def working_days_before(day: date, count: int) -> date:
    """The `count`-th working day strictly before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def last_working_day(today: date) -> date:
    """The working day before today: the last on which anything was done."""
    return working_days_before(today, 1)


def interval_after(day: date, tier: Tier) -> date:
    """When contact is due again, rolled to a working day."""
    if tier is Tier.CLOSE:
        return roll_forward(day + timedelta(weeks=6))
    return roll_forward(add_months(day, 12 if tier is Tier.ANNUAL else 6))


def contact_for(due_on: date, tier: Tier) -> tuple[date, date | None]:
    """A day of contact, a working day if one will do, after which the next is due on `due_on`.

    Where no interval ends on that day (29 February, some 31sts), the next date must have been agreed: the second.
    """
    first = (
        due_on - timedelta(weeks=6) if tier is Tier.CLOSE else add_months(due_on, -12 if tier is Tier.ANNUAL else -6)
    )
    around = [first + timedelta(days=days) for days in range(-4, 4)]
    fitting = [day for day in around if interval_after(day, tier) == due_on]
    if not fitting:
        return next(day for day in around if interval_after(day, tier) > due_on), due_on
    return min(fitting, key=lambda day: (not is_working_day(day), abs((day - first).days))), None


def due_before_grace(grace_ends: date, tier: Tier) -> date:
    """The due date whose days of grace end on a day."""
    return working_days_before(grace_ends, GRACE_DAYS[tier])


def first_grace_ends(opened_on: date, social_care: SocialCare) -> date:
    """Until when a family that was never heard from has time."""
    known = social_care in (SocialCare.CIN, SocialCare.CP, SocialCare.LAC)
    return add_working_days(add_working_days(opened_on, FIRST_DAYS_SOCIAL_CARE if known else FIRST_DAYS), FIRST_GRACE)


def office_hours(chance: random.Random, day: date) -> datetime:
    """A moment of a day's office hours, in London."""
    return datetime.combine(day, time(9), LONDON) + timedelta(minutes=chance.randint(0, 8 * 60 - 1))


def evening(chance: random.Random, day: date) -> datetime:
    """A moment of a day at which parents write."""
    return datetime.combine(day, time(18), LONDON) + timedelta(minutes=chance.randint(0, 4 * 60 - 1))
