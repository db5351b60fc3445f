"""Cases, steps, sendings and consents in scope; what runs, and until when. A family sees its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from ehe_portal.core.work import Work
from ehe_portal.orders.models import (
    Document,
    OrderCase,
    OrderFinding,
    OrderSending,
    OrderStep,
    Route,
    ServiceConsent,
    StepCode,
    Whose,
)
from ehe_portal.orders.rules import LAWS, PLAINLY, Law, Plainly, Schools, Sending, Story, Taken, Way, last_day
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import let_through

PAGE = 50


def within(work: Work, authority_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Rows in scope: an authority's. What a family may see is found another way."""
    if work.scope.everything:
        return true()
    return authority_id == work.scope.authority_id if work.scope.authority_id is not None else false()


def whole() -> Select[OrderCase]:
    """Cases with all that belongs to them."""
    sendings = selectinload(OrderCase.steps).selectinload(OrderStep.sendings)
    return select(OrderCase).options(
        sendings.selectinload(OrderSending.parent), sendings.selectinload(OrderSending.letter)
    )


def cases_about(work: Work, child_id: int) -> list[OrderCase]:
    """Every case about a child, the latest first."""
    found = whole().where(OrderCase.child_id == child_id, within(work, OrderCase.authority_id))
    return list(work.session.scalars(found.order_by(OrderCase.id.desc())))


def case_on(work: Work, reference: str, case_reference: str) -> OrderCase | None:
    """One case about a child, in scope."""
    return work.session.scalar(
        whole()
        .join(Child, Child.id == OrderCase.child_id)
        .where(
            Child.reference == reference,
            OrderCase.reference == case_reference,
            within(work, OrderCase.authority_id),
        )
    )


def held_case(work: Work, case_id: int) -> OrderCase:
    """A case in scope as it is now; nobody else can change it until this work ends."""
    found = whole().where(OrderCase.id == case_id).with_for_update(of=OrderCase)
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def step_on(work: Work, reference: str, step_reference: str) -> OrderStep | None:
    """One step of a case about a child, in scope."""
    return work.session.scalar(
        select(OrderStep)
        .join(OrderCase, OrderCase.id == OrderStep.case_id)
        .join(Child, Child.id == OrderCase.child_id)
        .where(
            Child.reference == reference,
            OrderStep.reference == step_reference,
            within(work, OrderStep.authority_id),
        )
    )


def sending_on(work: Work, reference: str, sending_reference: str) -> OrderSending | None:
    """One document to one parent or school about a child, in scope."""
    return work.session.scalar(
        select(OrderSending)
        .join(OrderStep, OrderStep.id == OrderSending.step_id)
        .join(OrderCase, OrderCase.id == OrderStep.case_id)
        .join(Child, Child.id == OrderCase.child_id)
        .where(
            Child.reference == reference,
            OrderSending.reference == sending_reference,
            within(work, OrderSending.authority_id),
        )
    )


def consent_on(work: Work, reference: str, consent_reference: str) -> ServiceConsent | None:
    """One consent of a child's parent to electronic service, in scope."""
    return work.session.scalar(
        select(ServiceConsent)
        .join(Parent, Parent.id == ServiceConsent.parent_id)
        .join(Child, Child.id == Parent.child_id)
        .where(
            Child.reference == reference,
            ServiceConsent.reference == consent_reference,
            within(work, ServiceConsent.authority_id),
        )
    )


def consents_about(work: Work, child_id: int) -> list[ServiceConsent]:
    """Every consent of a child's parents to electronic service, the latest first."""
    return list(
        work.session.scalars(
            select(ServiceConsent)
            .join(Parent, Parent.id == ServiceConsent.parent_id)
            .where(Parent.child_id == child_id, within(work, ServiceConsent.authority_id))
            .options(selectinload(ServiceConsent.parent))
            .order_by(ServiceConsent.given_on.desc(), ServiceConsent.id.desc())
        )
    )


def consent_for(work: Work, parent_id: int, document: Document, on: date) -> ServiceConsent | None:
    """The consent under which a document may be served on a parent electronically on a day."""
    return work.session.scalar(
        select(ServiceConsent)
        .where(
            ServiceConsent.parent_id == parent_id,
            ServiceConsent.document == document,
            ServiceConsent.given_on <= on,
            ServiceConsent.withdrawn_on.is_(None) | (ServiceConsent.withdrawn_on > on),
            within(work, ServiceConsent.authority_id),
        )
        .order_by(ServiceConsent.given_on.desc(), ServiceConsent.id.desc())
        .limit(1)
    )


def finding_of(work: Work, child_id: int) -> OrderFinding | None:
    """The decision that a child's education appears not to be suitable, while it is the latest that stands."""
    return work.session.scalar(
        select(OrderFinding).where(OrderFinding.child_id == child_id, within(work, OrderFinding.authority_id))
    )


# The law, and where a case stands


def law_in_force(work: Work, authority_id: int) -> Law:
    """What the law under which an authority works today says of notices and orders."""
    return LAWS[policy.profile_in_force(work, authority_id, work.today).code]


def way_of(case: OrderCase) -> Way:
    """The route of a case, by the law that is stamped on it."""
    return LAWS[case.profile].ways[case.route]


def schools_of(work: Work, authority_id: int) -> Schools:
    """When an authority's schools are open."""
    terms, closed = policy.calendar(work, authority_id)
    return Schools(terms, closed)


def story_of(case: OrderCase, schools: Schools) -> Story:
    """A case as its rules take it. What was struck out is no part of it."""
    return Story(
        way_of(case),
        [
            Taken(
                step.code,
                step.taken_on,
                step.said,
                tuple(
                    Sending(one.parent_id is None, one.served_on) for one in step.sendings if one.struck_out_at is None
                ),
            )
            for step in case.taken
            if step.taken_on is not None
        ],
        schools,
        case.child.age_ends,
    )


# Clocks that run


@dataclass(frozen=True)
class ClockLine:
    """One clock of the worklist."""

    case: OrderCase
    child: Child


@dataclass(frozen=True)
class Place:
    """Where a clock stands in the list."""

    on: date
    id: int


def clocks(work: Work, whose: Whose | None, after: Place | None) -> tuple[list[ClockLine], Place | None]:
    """The clocks that run, by their last day; and from where the next page goes on."""
    found = (
        select(OrderCase, Child)
        .join(Child, Child.id == OrderCase.child_id)
        .where(
            OrderCase.clock_on.is_not(None),
            within(work, OrderCase.authority_id),
            # With compulsory school age every such case ends by itself (section 437(4)).
            Child.age_ends >= work.today,
        )
        .options(selectinload(OrderCase.steps))
        .order_by(OrderCase.clock_on, OrderCase.id)
        .limit(PAGE + 1)
    )
    if whose is not None:
        found = found.where(OrderCase.clock_whose == whose)
    if after is not None:
        found = found.where(tuple_(OrderCase.clock_on, OrderCase.id) > tuple_(after.on, after.id))
    lines = [ClockLine(*row) for row in work.session.execute(found)]
    if len(lines) <= PAGE:
        return lines, None
    last = lines[PAGE - 1].case
    return lines[:PAGE], Place(last.clock_on, last.id) if last.clock_on else None


def latest_case(work: Work, child_id: int, route: Route) -> OrderCase | None:
    """The latest case of a route about a child, over or not."""
    found = whole().where(
        OrderCase.child_id == child_id, OrderCase.route == route, within(work, OrderCase.authority_id)
    )
    return work.session.scalar(found.order_by(OrderCase.id.desc()).limit(1))


# What a family sees


@dataclass(frozen=True)
class ServedOnUs:
    """A document that was served on this account's own parent, in plain words; `last_on` is this parent's own last day
    to answer, while the document is the latest of a case that goes on. `holds_until` is the last day on which an order
    can be in force, that of compulsory school age."""

    sending: OrderSending
    plainly: Plainly
    last_on: date | None
    is_latest: bool
    holds_until: date | None = None


def served_on_us(work: Work, child_id: int) -> list[ServedOnUs]:
    """What was served about a child on this account's own parent, once they are verified; the latest first."""
    if work.scope.account_id is None:
        return []
    found = work.session.scalars(
        select(OrderSending)
        .join(OrderStep, OrderStep.id == OrderSending.step_id)
        .join(OrderCase, OrderCase.id == OrderStep.case_id)
        .join(Parent, Parent.id == OrderSending.parent_id)
        .where(
            OrderCase.child_id == child_id,
            Parent.account_id == work.scope.account_id,
            Parent.verified_at.is_not(None),
            OrderSending.served_on.is_not(None),
            OrderSending.struck_out_at.is_(None),
            let_through(OrderCase.child_id, OrderSending.recorded_at),
        )
        .options(selectinload(OrderSending.step).selectinload(OrderStep.case).selectinload(OrderCase.steps))
        .order_by(OrderSending.served_on.desc(), OrderSending.id.desc())
    )
    return [as_served(one, work.today) for one in found]


def as_served(sending: OrderSending, today: date) -> ServedOnUs:
    """A served document as the family reads of it."""
    step = sending.step
    answer = way_of(step.case).steps[step.code].answer
    last_on = None if answer is None or sending.served_on is None else last_day(answer, sending.served_on, Schools())
    age_ends = step.case.child.age_ends
    is_latest = step.case.ended_at is None and step.case.taken[-1] is step and today <= age_ends
    orders = step.code in (StepCode.ORDER, StepCode.AMEND, StepCode.REFUSE_REVOCATION)
    return ServedOnUs(sending, PLAINLY[step.code], last_on, is_latest, age_ends if orders and is_latest else None)


def open_cases_of(work: Work, child_ids: Sequence[int]) -> list[OrderCase]:
    """Open cases about children. Not scoped: the ids are of what happened."""
    found = whole().where(OrderCase.child_id.in_(child_ids), OrderCase.ended_at.is_(None))
    return list(work.session.scalars(found.order_by(OrderCase.id)))
