"""Decisions about the education that wait for a second person, and those that came back to whoever decided."""

from sqlalchemy import and_, null, select
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
from ehe_portal.evidence.models import Assessment, DecisionState
from ehe_portal.register.models import Child

DECIDER, LATER = aliased(Account), aliased(Assessment)


def find_waiting(terms: Terms) -> AnySelect:
    """The longest waiting first: everyone's who may approve, but for what one decided oneself."""
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            Assessment.decided_at.label("since"),
            Assessment.id.label("id"),
            Assessment.reference,
            DECIDER.name.label("decider"),
            (DECIDER.name if terms.team else null()).label("adviser"),
        )
        .join_from(Assessment, Child, Child.id == Assessment.child_id)
        .join(DECIDER, DECIDER.id == Assessment.decided_by_id)
        .where(
            here(terms, Assessment.authority_id),
            Assessment.state == written_out(Assessment.state, DecisionState.WAITING),
            Assessment.decided_by_id != terms.reader,
        )
    )


def waiting(_desk: Desk, row: Found) -> Item:
    """Who decided; the family is told nothing before it is approved."""
    address = {"reference": row.child, "assessment_reference": row.reference}
    why = "Approve or return: appears not to be suitable"
    return an_item(row, london_date(row.since), why, address, f"Decided by {row.decider}")


def find_returned(terms: Terms) -> AnySelect:
    """Decisions that were returned, until there is another about the child."""
    return (
        about(terms, Assessment.answered_at, Assessment.id, Assessment.decided_at)
        .join(Assessment, Assessment.child_id == Child.id)
        .where(
            here(terms, Assessment.authority_id),
            Assessment.state == written_out(Assessment.state, DecisionState.RETURNED),
            ~select(LATER.id).where(and_(LATER.child_id == Assessment.child_id, LATER.id > Assessment.id)).exists(),
        )
    )


def returned(_desk: Desk, row: Found) -> Item:
    """Why stands with the decision."""
    detail = f"Decided {long_date(row.decided_at)}"
    return an_item(row, london_date(row.since), "Read why, and decide anew", {"reference": row.child}, detail)


WAITS = Kind(
    key="approval",
    title="Decisions that wait for a second person",
    needs=Permission.EVIDENCE_APPROVE,
    page="decisions.approve",
    find=find_waiting,
    item=waiting,
    nothing="No decision waits for a second person.",
    date_word="Since",
    late="ago",
    is_everyones=True,
    can_be_given=False,
    colour="yellow",
)
RETURNED = Kind(
    key="returned",
    title="Decisions that were returned",
    needs=Permission.EVIDENCE_ASSESS,
    page="evidence.list_evidence",
    find=find_returned,
    item=returned,
    nothing="No decision was returned.",
    date_word="Returned",
    late="ago",
    colour="yellow",
)
