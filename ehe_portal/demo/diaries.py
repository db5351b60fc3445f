"""The advisers' diaries: their hours, some leave, and a week of the first adviser that is full without a clash."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.service import Offer, RoundPlan, lay_out
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.days import LONDON, add_working_days, roll_forward
from ehe_portal.core.hours import USUAL_HOURS, DayPart, DaysOff, Hours
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.council import Council
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story

SHORT_FRIDAY: Final[Hours] = {**USUAL_HOURS, 4: (time(9), time(13))}
THREE_DAYS: Final[Hours] = {weekday: (time(9, 30), time(16)) for weekday in (1, 2, 3)}
DAYS: Final = 5
A_DAY: Final = 2
KINDS: Final = ((ContactKind.HOME_VISIT, 60), (ContactKind.PHONE_CALL, 30), (ContactKind.HOME_VISIT, 75))


def plan_diaries(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Plan hours, leave and a full week; last of all that day, so that nothing comes into their way."""
    at = datetime.combine(casework.last, time(18), LONDON)
    council.plan(at, partial(set_hours, casework))
    council.plan(at + timedelta(minutes=5), partial(take_leave, casework))
    council.plan(at + timedelta(minutes=10), partial(fill_week, casework, told))


def set_hours(casework: Casework, at: datetime) -> None:
    """One adviser goes home early on Fridays; another works three days."""
    for adviser, hours in zip(casework.advisers, (SHORT_FRIDAY, THREE_DAYS), strict=False):
        accounts.set_hours(casework.council.acting(adviser, at), adviser, hours)


def take_leave(casework: Casework, at: datetime) -> None:
    """The first adviser has Friday of next week off, the second the week after it, a third one an afternoon."""
    monday = at.date() + timedelta(days=7 - at.weekday())
    taken = (
        (DaysOff(monday + timedelta(days=4), monday + timedelta(days=4)), "Moving house"),
        (DaysOff(monday + timedelta(days=7), monday + timedelta(days=11)), None),
        (DaysOff(monday + timedelta(days=2), monday + timedelta(days=2), DayPart.AFTERNOON), "Dentist"),
    )
    for adviser, (days, reason) in zip(casework.advisers, taken, strict=False):
        accounts.add_leave(casework.council.acting(adviser, at), adviser, days, reason)


def fill_week(casework: Casework, told: Sequence[Story], at: datetime) -> None:
    """The first adviser offers visits and calls in the free times of the next working days."""
    adviser = casework.advisers[0]
    mine = iter(
        [one for one in told if one.stage is Stage.ORDINARY and not one.person and casework.adviser(one) is adviser]
    )
    number, day = 0, add_working_days(roll_forward(casework.council.work.today), 2)
    for _ in range(DAYS):
        for begins in free_times(casework, adviser, day, at):
            story, (kind, minutes) = next(mine, None), KINDS[number % len(KINDS)]
            if story is not None:
                offer = Offer(kind=kind, on_date=day, at_time=begins, minutes=minutes)
                work = casework.council.acting(adviser, at)
                contact.offer_visit(work, casework.council.child(story.child_id), offer)
            number += 1
        day = add_working_days(day, 1)


def free_times(casework: Casework, adviser: Account, day: date, at: datetime) -> list[time]:
    """Where something fits into an adviser's day: not at lunch, and with time to travel."""
    busy = contact_queries.standing_slots(casework.council.acting(adviser, at), adviser.id, day)
    ends = SHORT_FRIDAY[day.weekday()][1] if day.weekday() in SHORT_FRIDAY else time(13)
    longest = max(minutes for _, minutes in KINDS)
    plan = RoundPlan(
        begins=time(9, 30), minutes=longest, gap=30, ends=ends, lunch=(time(12, 30), time(13, 15)), busy=tuple(busy)
    )
    return lay_out(plan, A_DAY)
