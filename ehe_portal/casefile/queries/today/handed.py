"""Children whom someone gave to an adviser in the last days: to be read before they fall due."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child, Episode


def find(terms: Terms) -> AnySelect | None:
    """Those who came lately, and are still here; nobody hands a child to the team."""
    if terms.team:
        return None
    found = about(terms, Episode.given_on, Child.id, ContactClock.due_on).outerjoin(
        ContactClock, ContactClock.episode_id == Episode.id
    )
    return found.where(Episode.given_on >= terms.lately)


def item(_desk: Desk, row: Found) -> Item:
    """When the child came, and when the next contact is due."""
    due = f"Next contact due {long_date(row.due_on)}" if row.due_on else ""
    return an_item(row, row.since, "Handed to you: read the record", {"reference": row.child}, due)


HANDED = Kind(
    key="handed",
    title="Handed to you lately",
    needs=Permission.CHILD_READ,
    page="child.overview",
    find=find,
    item=item,
    nothing="No child was handed to you in the last two weeks.",
    date_word="Since",
    late="ago",
)
