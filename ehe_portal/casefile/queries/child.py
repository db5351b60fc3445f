"""One child: what the header shows, and the whole story in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.queries import names_of
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries.sight import within
from ehe_portal.contact.models import STANDING, Contact, ContactClock, Visit
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries as escalation
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.evidence.models import Assessment
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Episode

ESCALATED = exists().where(Escalation.child_id == Child.id, Escalation.state != State.CLOSED)
OFFERED = exists().where(Visit.child_id == Child.id, Visit.state.in_(STANDING))
ASSESSED = exists().where(Assessment.child_id == Child.id)
SEEN, SEER = aliased(Contact), aliased(Account)
LAST_SEEN = (
    select(Contact.id)
    .where(Contact.child_id == Child.id, Contact.child_seen == ChildSeen.YES, Contact.struck_out_at.is_(None))
    .order_by(Contact.happened_on.desc(), Contact.id.desc())
    .limit(1)
    .correlate(Child)
    .scalar_subquery()
)
LAST_IN_CONTACT = (
    select(func.max(Contact.happened_on))
    .where(
        Contact.child_id == Child.id,
        Contact.struck_out_at.is_(None),
        or_(
            Contact.outcome == ContactOutcome.HELD,
            and_(Contact.outcome == ContactOutcome.RECEIVED, Contact.substantive.is_(True)),
        ),
    )
    .correlate(Child)
    .scalar_subquery()
)
"""The last time that anyone was in contact: also of those who have no clock, under another arrangement."""

STANDINGS = (
    select(
        Child,
        Episode,
        ContactClock,
        Account.name,
        ESCALATED,
        OFFERED,
        ASSESSED,
        register.LIVES_NOBODY_KNOWS_WHERE,
        LAST_IN_CONTACT,
        SEEN.happened_on,
        SEEN.kind,
        SEER.name,
    )
    .outerjoin(Episode, Episode.child_id == Child.id)
    .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
    .outerjoin(Account, Account.id == Episode.adviser_id)
    .outerjoin(SEEN, SEEN.id == LAST_SEEN)
    .outerjoin(SEER, SEER.id == func.coalesce(SEEN.adviser_id, SEEN.recorded_by_id))
    .order_by(Episode.closed_on.is_not(None), Episode.opened_on.desc(), Episode.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Sighting:
    """When the child was last seen, in what way and, where that is known, by whom."""

    on: date
    kind: ContactKind
    by: str | None


@dataclass(frozen=True)
class Standing:
    """Where a child stands: the latest episode, its clock and adviser, and the open escalations, most urgent first.

    `offered` and `assessed` say whether there is any visit on offer and any decision, so that a page need not ask.
    """

    child: Child
    episode: Episode | None
    clock: ContactClock | None
    adviser: str | None
    escalations: Sequence[Escalation]
    offered: bool = False
    assessed: bool = False
    in_contact_on: date | None = None
    seen: Sighting | None = None
    nobody_knows_where: bool = False

    @property
    def enquiry(self) -> bool:
        """Whether one of the escalations has become an enquiry."""
        return any(one.state is State.ENQUIRY for one in self.escalations)


def standing(work: Work, child: Child) -> Standing:
    """What the header of every page on a child shows. The child has been found in scope."""
    return standing_of(work, Child.id == child.id) or Standing(child, None, None, None, ())


def visible_standing(work: Work, reference: str) -> Standing | None:
    """A child in scope, by its reference, with all that the header shows, in one query while nothing is escalated."""
    return standing_of(work, Child.reference == reference)


def standing_of(work: Work, which: ColumnElement[bool]) -> Standing | None:
    """Where a child in scope stands."""
    row = work.session.execute(STANDINGS.where(which, within(work, Child.authority_id))).first()
    if row is None:
        return None
    child, episode, clock, adviser, escalated, offered, assessed, lost, in_contact_on, seen_on, seen_kind, seer = row
    return Standing(
        child,
        episode,
        clock,
        adviser,
        escalation.open_about(work, child.id) if escalated else (),
        offered,
        assessed,
        in_contact_on,
        Sighting(seen_on, seen_kind, seer) if seen_kind else None,
        lost,
    )


@dataclass(frozen=True)
class Happening:
    """One entry of a child's chronology, in words."""

    at: datetime
    title: str
    by: str | None
    detail: str


def chronology(
    work: Work, child: Child, before: int | None = None, most: int = 50
) -> tuple[list[Happening], int | None]:
    """What happened about a child, the latest first, and the key of the next page if there is one."""
    found = (
        select(AuditEntry.id, AuditEntry.at, AuditEntry.kind, Account.name, AuditEntry.details)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.child_id == child.id)
        .order_by(AuditEntry.id.desc())
        .limit(most + 1)
    )
    if before is not None:
        found = found.where(AuditEntry.id < before)
    rows = work.session.execute(found).all()
    more = rows[most - 1].id if len(rows) > most else None
    names = names_of(work, {row.details.get(role) for row in rows for role in rules.NAMED_PEOPLE})
    told = [
        Happening(row.at, rules.title_of(row.kind), row.name, rules.detail_of(row.details, names))
        for row in rows[:most]
    ]
    return told, more


def load_by_adviser(work: Work) -> list[tuple[str, int, int]]:
    """Each adviser in scope with how many open episodes they hold, and how many of these are overdue."""
    overdue = func.sum(func.coalesce((ContactClock.due_on < work.today).cast(Episode.version.type), 0))
    rows = work.session.execute(
        select(Account.name, func.count(Episode.id), overdue)
        .join(Episode, Episode.adviser_id == Account.id)
        .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
        .where(Account.authority_id == work.scope.authority_id, Episode.closed_on.is_(None))
        .group_by(Account.id, Account.name)
        .order_by(Account.name)
    ).all()
    return [(name, int(held), int(late or 0)) for name, held, late in rows]
