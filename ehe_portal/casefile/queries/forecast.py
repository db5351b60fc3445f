"""What falls due and what lapses in the next weeks, and who is there to answer it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.rules import capacity
from ehe_portal.casefile.rules.capacity import Absence, Week
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EducationReview
from ehe_portal.evidence.queries import undecided
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import EhcPlan, Episode

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
    reviews, plans = reviews_by_day(work, until), plans_by_day(work, until)
    return capacity.forecast(work.today, due, lapses, absences(work), values.contacts_a_week, reviews, plans)


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


def reviews_by_day(work: Work, until: date) -> dict[date, int]:
    """How many reviews of the education of this authority's open episodes are due on each day; as on My day not while
    somebody decides already."""
    found = (
        select(EducationReview.due_on, func.count())
        .join(Episode, and_(Episode.child_id == EducationReview.child_id, Episode.closed_on.is_(None)))
        .where(
            EducationReview.authority_id == work.scope.authority_id,
            EducationReview.ended_at.is_(None),
            EducationReview.due_on <= until,
            undecided(),
        )
    )
    return in_order(work, found, EducationReview.due_on)


def plans_by_day(work: Work, until: date) -> dict[date, int]:
    """How many annual reviews of EHC plans are to be over by each day (Children and Families Act 2014, s.44)."""
    found = (
        select(EhcPlan.due_on, func.count())
        .join(Episode, and_(Episode.child_id == EhcPlan.child_id, Episode.closed_on.is_(None)))
        .where(EhcPlan.authority_id == work.scope.authority_id, EhcPlan.ended_on.is_(None), EhcPlan.due_on <= until)
    )
    return in_order(work, found, EhcPlan.due_on)


def in_order(work: Work, found: Select[date, int], day: SQLColumnExpression[date]) -> dict[date, int]:
    """Numbers by their day."""
    return {on: int(number) for on, number in work.session.execute(found.group_by(day).order_by(day))}


def absences(work: Work) -> list[Absence]:
    """When each adviser of this authority who can sign in is away, by account."""
    found = (
        select(Account.away_from, Account.away_until)
        .where(Account.authority_id == work.scope.authority_id, Account.role == Role.ADVISER, Account.is_active)
        .order_by(Account.id)
    )
    return [Absence(*row) for row in work.session.execute(found)]
