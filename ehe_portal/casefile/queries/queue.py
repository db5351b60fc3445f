"""The CME queue: what was raised, most urgent first, with what the authority knows and has tried."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.queries.turning import Key, Order, turned
from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import Contact, ContactClock, Visit
from ehe_portal.core.outbox import IN_VAIN, TEXT, OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, EscalationRung, Rung, State
from ehe_portal.escalation.queries import holder_id, not_at_work, still_open, urgency
from ehe_portal.register.models import Child, Episode

PAGE: Final = 100
PLACES: Final = ("danger_place", "protection_place", "answer_place")
ORDER: Final = Order((*urgency(), Escalation.raised_on, Escalation.id), (*PLACES, "raised_on", "id"))
NAME = (func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname).label("name")


@dataclass(frozen=True)
class Waiting:
    """One escalation on the queue. `unsent` counts alerts that have not left; `alerted` those that were written.

    `holder` has it in hand; `nobody_at_work`: of the rung that it is on nobody who is at work could be told.
    """

    escalation: Escalation
    child: Child
    name: str
    clock: ContactClock | None
    holder: Account | None
    adviser: str | None
    alerted: int
    unsent: int
    nobody_at_work: bool


@dataclass(frozen=True)
class Attempt:
    """One thing the authority did or offered."""

    on: date
    what: str


@dataclass(frozen=True)
class Wanted:
    """Which escalations to list: in some states, one person's, on one rung (`absent`: whose holder is not at work)."""

    states: tuple[State, ...]
    owner_id: int | None = None
    rung: Rung | None = None


@dataclass(frozen=True)
class Queue:
    """One page of the queue; the places to go back and to go on from, where there is more."""

    waiting: list[Waiting]
    before: Key | None
    after: Key | None


def queue(work: Work, wanted: Wanted, key: Key | None = None, size: int = PAGE) -> Queue:
    """Escalations of this authority, most urgent first: one page of them, in one query."""
    holder, adviser = aliased(Account), aliased(Account)
    about = and_(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == Escalation.id)
    alerted = select(func.count(OutgoingMessage.id)).where(about).correlate(Escalation).scalar_subquery()
    unsent = select(func.count(OutgoingMessage.id)).where(about, IN_VAIN).correlate(Escalation).scalar_subquery()
    found = (
        select(Escalation, Child, NAME, ContactClock, holder, adviser.name, alerted, unsent, nobody_at_work())
        .add_columns(*(column.label(place) for column, place in zip(urgency(), PLACES, strict=True)))
        .add_columns(Escalation.raised_on, Escalation.id)
        .join(Child, Child.id == Escalation.child_id)
        .outerjoin(Episode, Episode.id == Escalation.episode_id)
        .outerjoin(ContactClock, ContactClock.episode_id == Escalation.episode_id)
        .outerjoin(holder, holder.id == holder_id())
        .outerjoin(adviser, adviser.id == Episode.adviser_id)
        .where(Escalation.authority_id == work.scope.authority_id, Escalation.state.in_(wanted.states))
    )
    if State.CLOSED not in wanted.states:
        found = found.where(still_open())
    if wanted.owner_id is not None:
        found = found.where(holder_id() == wanted.owner_id)
    if wanted.rung is Rung.ABSENT:
        found = found.where(not_at_work(holder, work.today))
    elif wanted.rung is not None:
        found = found.where(Escalation.rung == wanted.rung)
    page = turned(work, [(found, ORDER)], key, size)
    return Queue([Waiting(*row[: -len(ORDER.names)]) for row in page.rows], page.before, page.after)


def nobody_at_work() -> ColumnElement[bool]:
    """Whether the telling of the rung that an escalation is on reached nobody at work."""
    latest = (
        select(EscalationRung.at_work)
        .where(
            EscalationRung.escalation_id == Escalation.id,
            EscalationRung.alert == Escalation.alerts,
            EscalationRung.rung == Escalation.rung,
        )
        .order_by(EscalationRung.id.desc())
        .limit(1)
        .correlate(Escalation)
        .scalar_subquery()
    )
    return func.coalesce(latest, 1) == 0


@dataclass(frozen=True)
class Counts:
    """How many escalations that are not closed stand in each state, and on each rung of the ladder."""

    states: dict[State, int]
    rungs: dict[Rung, int]


def counts(work: Work) -> Counts:
    """The counts of this authority. An escalation whose holder is not at work is counted on its own rung too."""
    absent = func.sum(case((not_at_work(Account, work.today), 1), else_=0))
    rows = work.session.execute(
        select(Escalation.state, Escalation.rung, func.count(Escalation.id), absent)
        .outerjoin(Account, Account.id == holder_id())
        .where(Escalation.authority_id == work.scope.authority_id, still_open())
        .group_by(Escalation.state, Escalation.rung)
        .order_by(Escalation.state, Escalation.rung)
    )
    states: Counter[State] = Counter()
    rungs: Counter[Rung] = Counter()
    for state, rung, how_many, without_holder in rows:
        states[state] += how_many
        rungs[rung] += how_many
        rungs[Rung.ABSENT] += without_holder
    return Counts(states, rungs)


def attempts(work: Work, child_id: int, since: date) -> list[Attempt]:
    """What the authority tried and received since a day: contacts of any outcome, and offers, the latest first."""
    tried = work.session.execute(
        select(Contact.happened_on, Contact.kind, Contact.outcome)
        .where(Contact.child_id == child_id, Contact.happened_on >= since, Contact.struck_out_at.is_(None))
        .order_by(Contact.happened_on.desc(), Contact.id.desc())
        .limit(20)
    ).all()
    offered = work.session.execute(
        select(Visit.on_date, Visit.kind)
        .where(contact.about_child(child_id), Visit.on_date >= since)
        .order_by(Visit.on_date.desc(), Visit.id.desc())
        .limit(20)
    ).all()
    found = [Attempt(on, f"{kind.label}: {outcome.label.lower()}") for on, kind, outcome in tried]
    found += [Attempt(on, f"{kind.label} offered") for on, kind in offered]
    return sorted(found, key=lambda attempt: attempt.on, reverse=True)


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
    """Whether any message of this authority was tried in vain and has not left; of a text the mail tells too."""
    found = exists().where(
        OutgoingMessage.authority_id == work.scope.authority_id,
        OutgoingMessage.carried_by_id.is_(None),
        OutgoingMessage.topic.is_distinct_from(TEXT),
        IN_VAIN,
    )
    return bool(work.session.scalar(select(found)))
