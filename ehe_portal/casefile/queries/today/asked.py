"""What families were asked for: their last day is past, or they answered at a contact. A person looks at it again."""

from sqlalchemy import and_, or_

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.govuk.words import long_date
from ehe_portal.evidence.models import InformationRequest
from ehe_portal.register.models import Child


def find(terms: Terms) -> AnySelect:
    """By their last day. What was sent as an answer stands among the evidence to look at."""
    unanswered = and_(InformationRequest.answered_at.is_(None), InformationRequest.last_on < terms.today)
    return (
        about(terms, InformationRequest.last_on, InformationRequest.id, InformationRequest.contact_id)
        .join(InformationRequest, InformationRequest.child_id == Child.id)
        .where(
            here(terms, InformationRequest.authority_id),
            InformationRequest.ended_at.is_(None),
            or_(unanswered, InformationRequest.contact_id.is_not(None)),
        )
    )


def item(_desk: Desk, row: Found) -> Item:
    """Whether there is an answer. Nothing follows from the day by itself."""
    why = "The family has answered: look at it again" if row.contact_id else "No answer yet: look at it again"
    return an_item(row, row.since, why, {"reference": row.child}, f"Asked for by {long_date(row.since)}")


ASKED = Kind(
    key="asked",
    title="Information asked for",
    needs=Permission.EVIDENCE_ASSESS,
    page="evidence.list_evidence",
    find=find,
    item=item,
    nothing="Nothing that a family was asked for waits to be looked at again.",
    date_word="Last day",
    late="ago",
    colour="blue",
)
