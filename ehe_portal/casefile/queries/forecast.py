"""What falls due and what lapses in the next weeks, and who is there to answer it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.rules import capacity
from ehe_portal.casefile.rules.capacity import Absence, Week
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy

ONE_DAY = timedelta(days=1)


def weeks(work: Work, authority_id: int) -> list[Week]:
    """The next weeks if nobody is in contact from now on: a few statements, however many weeks there are."""
    until = capacity.weeks_from(work.today)[-1][1]
    due = by_day(work, ContactClock.due_on, ContactClock.due_on <= until)
    lapsing = by_day(work, ContactClock.grace_ends, ContactClock.grace_ends < until)
    lapses: dict[date, int] = {}
    for last_day, number in lapsing.items():
        # What should have lapsed already does so at the next sweep.
        day = max(last_day + ONE_DAY, work.today)
        lapses[day] = lapses.get(day, 0) + number
    values = policy.in_force(work, authority_id, work.today).values
    return capacity.forecast(work.today, due, lapses, absences(work), values.contacts_a_week)


def by_day(work: Work, day: SQLColumnExpression[date], *limits: ColumnElement[bool]) -> dict[date, int]:
    """How many clocks of this authority say each day, of those that have not lapsed and still count on it."""
    clock = ContactClock
    still_counts: Any = day <= clock.age_ends if day is clock.due_on else day < clock.age_ends
    found = (
        select(day, func.count(clock.id))
        .where(
            clock.authority_id == work.scope.authority_id,
            clock.is_running,
            clock.lapsed_on.is_(None),
            clock.age_ends >= work.today,
            still_counts,
            *limits,
        )
        .group_by(day)
        .order_by(day)
    )
    return {on: int(number) for on, number in work.session.execute(found)}


def absences(work: Work) -> list[Absence]:
    """When each adviser of this authority who can sign in is away, by account."""
    found = (
        select(Account.away_from, Account.away_until)
        .where(Account.authority_id == work.scope.authority_id, Account.role == Role.ADVISER, Account.is_active)
        .order_by(Account.id)
    )
    return [Absence(*row) for row in work.session.execute(found)]
