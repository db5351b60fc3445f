"""Children who live in another authority's area now: to be handed over, and the clock runs until that is done."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.register.models import Address, Child


def find(terms: Terms) -> AnySelect:
    """Those who moved first, first."""
    return (
        about(terms, Address.from_on, Address.id)
        .join(Address, Address.child_id == Child.id)
        .where(here(terms, Address.authority_id), Address.outside, Address.until_on.is_(None))
    )


def item(_desk: Desk, row: Found) -> Item:
    """Since when; never where."""
    why = "Moved out of the area: hand over to the other council"
    return an_item(row, row.since, why, {"reference": row.child}, "Contact goes on until it has accepted")


OUTSIDE = Kind(
    key="outside",
    title="Children to hand over to another council",
    needs=Permission.CHILD_CHANGE,
    page="child.overview",
    find=find,
    item=item,
    nothing="No child waits to be handed over to another council.",
    date_word="Since",
    late="ago",
    colour="orange",
)
