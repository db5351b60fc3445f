"""The CME queue: what was raised, most urgent first, with what the authority knows and has tried."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import Contact, ContactClock, Visit
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.escalation.queries import urgency
from ehe_portal.register.models import Child, Episode

PAGE = 100
NAME = (func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname).label("name")


@dataclass(frozen=True)
class Waiting:
    """One escalation on the queue. `unsent` counts alerts that have not left; `alerted` those that were written."""

    escalation: Escalation
    child: Child
    name: str
    clock: ContactClock | None
    owner: str | None
    adviser: str | None
    alerted: int
    unsent: int


@dataclass(frozen=True)
class Attempt:
    """One thing the authority did or offered."""

    on: date
    what: str


def queue(work: Work, *, states: tuple[State, ...], owner_id: int | None = None) -> list[Waiting]:
    """Escalations of this authority in some states, most urgent first: at most a page of them, in one query."""
    owner, adviser = aliased(Account), aliased(Account)
    about = and_(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == Escalation.id)
    alerted = select(func.count(OutgoingMessage.id)).where(about).correlate(Escalation).scalar_subquery()
    unsent = (
        select(func.count(OutgoingMessage.id))
        .where(about, OutgoingMessage.sent_at.is_(None), OutgoingMessage.attempts > 0)
        .correlate(Escalation)
        .scalar_subquery()
    )
    found = (
        select(Escalation, Child, NAME, ContactClock, owner.name, adviser.name, alerted, unsent)
        .join(Child, Child.id == Escalation.child_id)
        .outerjoin(Episode, Episode.id == Escalation.episode_id)
        .outerjoin(ContactClock, ContactClock.episode_id == Escalation.episode_id)
        .outerjoin(owner, owner.id == Escalation.owner_id)
        .outerjoin(adviser, adviser.id == Episode.adviser_id)
        .where(Escalation.authority_id == work.scope.authority_id, Escalation.state.in_(states))
        .order_by(*urgency(), Escalation.raised_on, Escalation.id)
        .limit(PAGE + 1)
    )
    if owner_id is not None:
        found = found.where(Escalation.owner_id == owner_id)
    return [Waiting(*row) for row in work.session.execute(found)]


def counts(work: Work) -> dict[State, int]:
    """How many escalations of this authority stand in each state that is not closed."""
    rows = work.session.execute(
        select(Escalation.state, func.count(Escalation.id))
        .where(Escalation.authority_id == work.scope.authority_id, Escalation.state != State.CLOSED)
        .group_by(Escalation.state)
        .order_by(Escalation.state)
    )
    return {row[0]: row[1] for row in rows}


def attempts(work: Work, child_id: int, since: date) -> list[Attempt]:
    """What the authority tried since a day: contacts of any outcome, and offers, the latest first."""
    tried = work.session.execute(
        select(Contact.happened_on, Contact.kind, Contact.outcome)
        .where(Contact.child_id == child_id, Contact.happened_on >= since, Contact.struck_out_at.is_(None))
        .order_by(Contact.happened_on.desc(), Contact.id.desc())
        .limit(20)
    ).all()
    offered = work.session.execute(
        select(Visit.on_date, Visit.kind)
        .where(Visit.child_id == child_id, Visit.on_date >= since)
        .order_by(Visit.on_date.desc(), Visit.id.desc())
        .limit(20)
    ).all()
    found = [Attempt(on, f"{kind.label}: {outcome.label.lower()}") for on, kind, outcome in tried]
    found += [Attempt(on, f"{kind.label} offered") for on, kind in offered]
    return sorted(found, key=lambda attempt: attempt.on, reverse=True)


@dataclass(frozen=True)
class Alert:
    """One alert mail about an escalation, and whether it has left."""

    to: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    problem: str | None


def alerts(work: Work, escalation: Escalation) -> list[Alert]:
    """Who was told about an escalation. The escalation has been found in scope."""
    rows = work.session.execute(
        select(
            func.coalesce(Account.name, OutgoingMessage.to_address),
            OutgoingMessage.created_at,
            OutgoingMessage.sent_at,
            OutgoingMessage.attempts,
            OutgoingMessage.last_problem,
        )
        .outerjoin(Account, Account.id == OutgoingMessage.account_id)
        .where(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == escalation.id)
        .order_by(OutgoingMessage.id)
    )
    return [Alert(*row) for row in rows]


def names_of(work: Work, escalation: Escalation) -> dict[int, str]:
    """The names of the staff who took part in an escalation, by account. The escalation has been found in scope."""
    took_part = {escalation.acknowledged_by_id, escalation.owner_id, escalation.closed_by_id, escalation.raised_by_id}
    for step in escalation.steps:
        took_part |= {step.by_id, step.owner_id}
    rows = work.session.execute(
        select(Account.id, Account.name)
        .where(Account.id.in_(one for one in took_part if one is not None))
        .order_by(Account.id)
    )
    return {row[0]: row[1] for row in rows}


def stuck(work: Work) -> bool:
    """Whether any message of this authority was tried and has not left."""
    found = exists().where(
        OutgoingMessage.authority_id == work.scope.authority_id,
        OutgoingMessage.sent_at.is_(None),
        OutgoingMessage.attempts > 0,
    )
    return bool(work.session.scalar(select(found)))
