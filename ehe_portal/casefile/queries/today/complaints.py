"""Complaints that wait for whoever answers them, and for the next person once a day has passed."""

from sqlalchemy import case, or_, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.complaints.models import Complaint
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child

NEXT_BY = case((Complaint.acknowledged_at.is_(None), Complaint.acknowledge_by), else_=Complaint.answer_by)


def find(terms: Terms) -> AnySelect:
    """The reader's own alone, whoever's day it is: by their next day."""
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            NEXT_BY.label("since"),
            Complaint.id.label("id"),
            Complaint.reference,
            Complaint.acknowledged_at,
            Complaint.answer_by,
        )
        .join_from(Complaint, Child, Child.id == Complaint.child_id)
        .where(
            here(terms, Complaint.authority_id),
            Complaint.answered_at.is_(None),
            or_(Complaint.handler_id == terms.reader, Complaint.overseer_id == terms.reader),
        )
    )


def item(_desk: Desk, row: Found) -> Item:
    """What is to be done next."""
    why = "Answer a complaint" if row.acknowledged_at else "Tell a parent that you look into their complaint"
    address = {"complaint_reference": row.reference}
    return Item(row.since, row.child, row.name, row.sort_name, why, address, f"Answer by {long_date(row.answer_by)}")


COMPLAINT = Kind(
    key="complaint",
    title="Complaints",
    needs=Permission.COMPLAINT_ANSWER,
    page="complaints.one",
    find=find,
    item=item,
    nothing="No complaint waits for you.",
    is_everyones=True,
    can_be_given=False,
    colour="orange",
)
