"""Notices and orders: where it is the council's turn, or soon will be; and steps that wait to be taken by a manager."""

from sqlalchemy import and_, null, or_, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import (
    NAME,
    Desk,
    Found,
    Item,
    Kind,
    Terms,
    about,
    an_item,
    here,
    written_out,
)
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import long_date
from ehe_portal.orders.models import OrderCase, OrderStep, StepState, Whose
from ehe_portal.register.models import Child

WRITER = aliased(Account)


def find_turns(terms: Terms) -> AnySelect:
    """By the last day: where the council is to act, or someone's time to answer is over."""
    return (
        about(terms, OrderCase.clock_on, OrderCase.id, OrderCase.reference, OrderCase.clock_whose, OrderCase.route)
        .join(OrderCase, OrderCase.child_id == Child.id)
        .where(
            here(terms, OrderCase.authority_id),
            Child.age_ends >= terms.today,
            or_(
                and_(OrderCase.clock_whose == Whose.COUNCIL, OrderCase.clock_on < terms.until),
                OrderCase.clock_on < terms.today,
            ),
        )
    )


def turn(_desk: Desk, row: Found) -> Item:
    """What the council is to do. Nothing follows from the day by itself."""
    answered = row.clock_whose is not Whose.COUNCIL
    why = f"The time to answer ended on {long_date(row.since)}: decide" if answered else "The council’s turn"
    return an_item(row, row.since, why, {"reference": row.child, "case_reference": row.reference}, row.route.label)


def find_proposed(terms: Terms) -> AnySelect:
    """The longest waiting first: everyone's who may take a step."""
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            OrderStep.written_at.label("since"),
            OrderStep.id.label("id"),
            OrderStep.reference,
            OrderStep.code,
            WRITER.name.label("writer"),
            (WRITER.name if terms.team else null()).label("adviser"),
        )
        .join_from(OrderStep, OrderCase, OrderCase.id == OrderStep.case_id)
        .join(Child, Child.id == OrderCase.child_id)
        .outerjoin(WRITER, WRITER.id == OrderStep.written_by_id)
        .where(here(terms, OrderStep.authority_id), OrderStep.state == written_out(OrderStep.state, StepState.PROPOSED))
    )


def proposed(_desk: Desk, row: Found) -> Item:
    """Which step, and who put it forward; it has no effect before it is taken."""
    address = {"reference": row.child, "step_reference": row.reference}
    return an_item(row, london_date(row.since), row.code.label, address, f"Put forward by {row.writer}")


TURN = Kind(
    key="orders",
    title="Notices and orders",
    needs=Permission.ORDER_PROPOSE,
    page="orders.one",
    find=find_turns,
    item=turn,
    nothing="No notice or order waits for the council.",
    date_word="Last day",
    late="ago",
    colour="orange",
)
PROPOSED = Kind(
    key="order-steps",
    title="Steps of notices and orders to take or return",
    needs=Permission.ORDER_DECIDE,
    page="orders.answer",
    find=find_proposed,
    item=proposed,
    nothing="No step waits to be taken or returned.",
    date_word="Since",
    late="ago",
    is_everyones=True,
    can_be_given=False,
    colour="yellow",
)
