"""Open escalations about the children."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here, written_out
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.register.models import Child


def find(terms: Terms) -> AnySelect:
    """Those that are not closed, the oldest first."""
    more = (Escalation.reason, Escalation.state, Escalation.reference)
    return (
        about(terms, Escalation.raised_on, Escalation.id, *more)
        .join(Escalation, Escalation.child_id == Child.id)
        .where(
            here(terms, Escalation.authority_id),
            Escalation.state != written_out(Escalation.state, State.CLOSED),
        )
    )


def item(_desk: Desk, row: Found) -> Item:
    """Why it was raised, and where it stands."""
    return an_item(row, row.since, f"{row.reason.label}: {row.state.label.lower()}", {"reference": row.reference})


RAISED = Kind(
    key="escalation",
    title="Escalations",
    needs=Permission.ESCALATION_READ,
    page="queue.escalation",
    find=find,
    item=item,
    nothing="No escalation is open.",
    date_word="Raised",
    late="ago",
    colour="red",
)
