"""One child: what the header shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.queries.sight import within
from ehe_portal.contact.models import STANDING, Contact, ContactClock, Sighting, Visit, VisitChild
from ehe_portal.core.codes import ChildSeen, Code, ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries as escalation
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.evidence.models import Assessment
from ehe_portal.orders.models import OrderCase, OrderStep, Route, StepCode, Whose
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Episode, HouseholdLink, HouseholdVerdict, PendingDestination

ESCALATED = exists().where(Escalation.child_id == Child.id, Escalation.state != State.CLOSED)
OFFERED = exists().where(
    VisitChild.child_id == Child.id,
    VisitChild.contact_id.is_(None),
    Visit.id == VisitChild.visit_id,
    Visit.state.in_(STANDING),
)
AWAITED = exists().where(PendingDestination.episode_id == Episode.id, PendingDestination.settled_at.is_(None))
ASSESSED = exists().where(Assessment.child_id == Child.id, Assessment.stands_since.is_not(None))
IN_A_FAMILY = exists().where(
    HouseholdLink.verdict == HouseholdVerdict.LINKED,
    or_(HouseholdLink.child_id == Child.id, HouseholdLink.other_child_id == Child.id),
)
SEEN, SEER = aliased(Contact), aliased(Account)
LAST_SEEN = (
    select(Contact.id)
    .where(Contact.child_id == Child.id, Contact.child_seen == ChildSeen.YES, Contact.struck_out_at.is_(None))
    .order_by(Contact.happened_on.desc(), Contact.id.desc())
    .limit(1)
    .correlate(Child)
    .scalar_subquery()
)
LAST_SIGHTED = (
    select(Sighting.id)
    .where(Sighting.child_id == Child.id, Sighting.struck_out_at.is_(None))
    .order_by(Sighting.seen_on.desc(), Sighting.id.desc())
    .limit(1)
    .correlate(Child)
    .scalar_subquery()
)
"""When another professional last saw the child."""
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
ORDERED = exists().where(
    OrderStep.case_id == OrderCase.id, OrderStep.code == StepCode.ORDER, OrderStep.taken_at.is_not(None)
)
"""Whether an order was made in an open case; one that was revoked is over."""

STANDINGS = (
    select(
        Child,
        Episode,
        ContactClock,
        Account.name,
        ESCALATED,
        OFFERED,
        ASSESSED,
        IN_A_FAMILY,
        AWAITED,
        register.LIVES_NOBODY_KNOWS_WHERE,
        LAST_IN_CONTACT,
        SEEN.happened_on,
        SEEN.kind,
        SEER.name,
        Sighting.seen_on,
        Sighting.seen_by,
        OrderCase.reference,
        OrderCase.clock_on,
        OrderCase.clock_whose,
        ORDERED,
    )
    .outerjoin(Episode, Episode.child_id == Child.id)
    .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
    .outerjoin(Account, Account.id == Episode.adviser_id)
    .outerjoin(SEEN, SEEN.id == LAST_SEEN)
    .outerjoin(Sighting, Sighting.id == LAST_SIGHTED)
    .outerjoin(SEER, SEER.id == func.coalesce(SEEN.adviser_id, SEEN.recorded_by_id))
    # One at most is open (`uq_order_case_open`).
    .outerjoin(
        OrderCase,
        and_(
            OrderCase.child_id == Child.id,
            OrderCase.route == Route.ATTENDANCE,
            OrderCase.ended_at.is_(None),
            Child.age_ends >= bindparam("today", type_=Date),
        ),
    )
    .order_by(Episode.closed_on.is_not(None), Episode.opened_on.desc(), Episode.id.desc())
    .limit(1)
)
# Built once: writing it anew for each page takes as long as asking it.
VISIBLE = STANDINGS.where(
    Child.reference == bindparam("reference"), Child.authority_id == bindparam("authority_id", type_=BigInteger)
)


@dataclass(frozen=True)
class LastSeen:
    """When the child was last seen, in what way and, where that is known, by whom; by other professionals, by which."""

    on: date
    kind: Code
    by: str | None


@dataclass(frozen=True)
class OrderStanding:
    """Of an open case towards a school attendance order: whether there is an order, and whose time runs until when."""

    reference: str
    clock_on: date | None
    clock_whose: Whose | None
    ordered: bool


@dataclass(frozen=True)
class Standing:
    """Where a child stands: the latest episode, its clock and adviser, and the open escalations, most urgent first.

    `offered`, `assessed` and `in_a_family` say whether there is any visit on offer, any decision and any other child
    of the family, so that a page need not ask.
    """

    child: Child
    episode: Episode | None
    clock: ContactClock | None
    adviser: str | None
    escalations: Sequence[Escalation]
    offered: bool = False
    assessed: bool = False
    in_a_family: bool = False
    in_contact_on: date | None = None
    seen: LastSeen | None = None
    nobody_knows_where: bool = False
    awaited: PendingDestination | None = None
    order: OrderStanding | None = None

    @property
    def enquiry(self) -> bool:
        """Whether one of the escalations has become an enquiry."""
        return any(one.state is State.ENQUIRY for one in self.escalations)


def standing(work: Work, child: Child) -> Standing:
    """What the header of every page on a child shows. The child has been found in scope."""
    asked = STANDINGS.where(Child.id == child.id, within(work, Child.authority_id))
    found = work.session.execute(asked, {"today": work.today}).first()
    return Standing(child, None, None, None, ()) if found is None else standing_of(work, found)


def visible_standing(work: Work, reference: str) -> Standing | None:
    """A child of the officer's authority, by its reference, with all that the header shows: one query while nothing is
    escalated. Nothing for a family."""
    asked = {"reference": reference, "authority_id": work.scope.authority_id, "today": work.today}
    found = work.session.execute(VISIBLE, asked).first()
    return None if found is None else standing_of(work, found)


def standing_of(work: Work, row: tuple[Any, ...]) -> Standing:
    """Where the child of this row stands."""
    child, episode, clock, adviser, escalated, offered, assessed, in_a_family, awaited, lost, in_contact_on = row[:11]
    seen, order = row[11:16], row[16:]
    return Standing(
        child,
        episode,
        clock,
        adviser,
        escalation.open_about(work, child.id) if escalated else (),
        offered,
        assessed,
        in_a_family,
        in_contact_on,
        last_seen(*seen),
        lost,
        register.pending_of(work, episode.id) if awaited else None,
        OrderStanding(*order) if order[0] is not None else None,
    )


def last_seen(
    on: date | None, kind: ContactKind | None, by: str | None, by_others_on: date | None, others: Code | None
) -> LastSeen | None:
    """The later of what the team saw and what other professionals told of."""
    if others is not None and by_others_on is not None and (on is None or by_others_on > on):
        return LastSeen(by_others_on, others, None)
    return LastSeen(on, kind, by) if on is not None and kind is not None else None


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
