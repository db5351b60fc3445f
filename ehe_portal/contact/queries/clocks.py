"""Clocks: which are due to be looked at, and what the authority tried."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Select, func, or_, select

from ehe_portal.contact.models import ANSWERABLE, STANDING, Contact, ContactClock, Visit, VisitChild
from ehe_portal.contact.queries.histories import AnyRow, in_portions
from ehe_portal.core.codes import Arrangement, ContactOutcome
from ehe_portal.core.days import london_date
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyVersion
from ehe_portal.register.models import Child, Episode

ATTEMPTS = (
    ContactOutcome.HELD,
    ContactOutcome.NO_ANSWER,
    ContactOutcome.NO_ACCESS,
    ContactOutcome.CANCELLED_BY_FAMILY,
    ContactOutcome.SENT,
)
"""Outcomes that show the authority trying. What it cancelled itself is no attempt."""


def forecast_episodes(work: Work, authority_id: int, as_of: date) -> list[int]:
    """The `ehe` episodes that were open on a day and whose child had not passed compulsory school age."""
    return list(
        work.session.scalars(
            select(Episode.id)
            .join(Child, Child.id == Episode.child_id)
            .where(
                Episode.authority_id == authority_id,
                Episode.arrangement == Arrangement.EHE,
                Episode.opened_on <= as_of,
                or_(Episode.closed_on.is_(None), Episode.closed_on > as_of),
                Child.age_ends >= as_of,
            )
            .order_by(Episode.id)
        )
    )


# Clocks


def clock_of(work: Work, child_id: int) -> ContactClock | None:
    """The running clock of a child who has been found in scope; None without an open `ehe` episode."""
    return work.session.scalar(
        select(ContactClock)
        .where(ContactClock.child_id == child_id, ContactClock.is_running)
        .order_by(ContactClock.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def running_clocks(work: Work, episode_ids: Iterable[int]) -> list[AnyRow]:
    """The running clocks of these episodes as plain rows, locked so that nobody else works them out meanwhile.

    Not scoped: the ids come from what has happened.
    """
    clocks: list[AnyRow] = []
    for portion in in_portions(episode_ids):
        clocks += work.session.execute(
            select(*ContactClock.__table__.c)
            .where(ContactClock.episode_id.in_(portion), ContactClock.is_running)
            .order_by(ContactClock.id)
            .with_for_update(of=ContactClock)
        )
    return clocks


def running_episodes(work: Work, child_ids: Iterable[int]) -> list[int]:
    """The episodes of these children whose clocks run. Not scoped: the ids come from what has happened."""
    return [
        episode_id
        for portion in in_portions(child_ids)
        for episode_id in work.session.scalars(
            select(ContactClock.episode_id)
            .where(ContactClock.child_id.in_(portion), ContactClock.is_running)
            .order_by(ContactClock.id)
        )
    ]


def episodes_of_clocks(work: Work, clock_ids: Collection[int]) -> list[int]:
    """The episodes whose clocks these are. Not scoped: the ids come from a job's own query."""
    return [
        episode_id
        for portion in in_portions(clock_ids)
        for episode_id in work.session.scalars(
            select(ContactClock.episode_id).where(ContactClock.id.in_(portion)).order_by(ContactClock.id)
        )
    ]


def overdue(work: Work) -> Select[int]:
    """The clocks that lapse today: grace is over, compulsory school age is not, and no lapse is open."""
    found = select(ContactClock.id).where(
        ContactClock.is_running,
        ContactClock.lapsed_on.is_(None),
        ContactClock.grace_ends < work.today,
        ContactClock.age_ends >= work.today,
    )
    if not work.scope.everything:
        found = found.where(ContactClock.authority_id == work.scope.authority_id)
    return found.order_by(ContactClock.grace_ends, ContactClock.id)


def still_overdue(work: Work, clock_ids: Collection[int]) -> list[AnyRow]:
    """Those of these clocks that are overdue, locked: whoever asks at the same moment waits, and then finds none."""
    clocks: list[AnyRow] = []
    for portion in in_portions(clock_ids):
        clocks += work.session.execute(
            overdue(work)
            .with_only_columns(*ContactClock.__table__.c)
            .where(ContactClock.id.in_(portion))
            .order_by(None)
            .order_by(ContactClock.id)
            .with_for_update(of=ContactClock)
        )
    return clocks


def running_of(work: Work, authority_id: int) -> list[int]:
    """The episodes of an authority whose clocks run."""
    found = select(ContactClock.episode_id).where(ContactClock.authority_id == authority_id, ContactClock.is_running)
    return list(work.session.scalars(found.order_by(ContactClock.episode_id)))


def under_older_policy(work: Work) -> Select[int]:
    """The running clocks that were worked out under values which are no longer those in force today."""
    in_force = (
        select(PolicyVersion.authority_id, func.max(PolicyVersion.number).label("number"))
        .where(PolicyVersion.in_force_from <= work.today, PolicyVersion.withdrawn_at.is_(None))
        .group_by(PolicyVersion.authority_id)
        .subquery()
    )
    found = (
        select(ContactClock.id)
        .join(in_force, in_force.c.authority_id == ContactClock.authority_id)
        .where(ContactClock.is_running, ContactClock.policy_number < in_force.c.number)
    )
    if not work.scope.everything:
        found = found.where(ContactClock.authority_id == work.scope.authority_id)
    return found.order_by(ContactClock.id)


def last_attempts(work: Work, child_ids: Iterable[int], since: date = date.min) -> dict[int, date]:
    """When the authority last tried to reach each of these children's families, on any day up to today.

    Contacts before `since` are not looked for: a sweep need not read years of them. A visit offered is an attempt on
    its own day once that has come, until then on the day of the offer. Not scoped: the ids come from what has happened.
    """
    tried: dict[int, date] = {}
    for portion in in_portions(child_ids):
        contacts = work.session.execute(
            select(Contact.child_id, func.max(Contact.happened_on))
            .where(
                Contact.child_id.in_(portion),
                Contact.outcome.in_(ATTEMPTS),
                Contact.struck_out_at.is_(None),
                Contact.happened_on.between(since, work.today),
            )
            .group_by(Contact.child_id)
            .order_by(Contact.child_id)
        )
        tried.update(contacts.all())
        for child_id, on_date, offered_at, state in work.session.execute(
            select(VisitChild.child_id, Visit.on_date, Visit.offered_at, Visit.state)
            .join(Visit, Visit.id == VisitChild.visit_id)
            .where(VisitChild.child_id.in_(portion), VisitChild.contact_id.is_(None), Visit.state.in_(ANSWERABLE))
            .order_by(VisitChild.child_id, Visit.on_date)
        ):
            day = on_date if on_date <= work.today and state in STANDING else london_date(offered_at)
            tried[child_id] = max(day, tried.get(child_id, day))
    return tried
