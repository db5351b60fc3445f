"""Visits whose place has to be confirmed because an address changed; families who have to be told otherwise than by
mail."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, an_item
from ehe_portal.casefile.queries.today.visits import STANDS, of_visits
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import Visit
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import clock_time, long_date


def find_places(terms: Terms) -> AnySelect:
    """The next visit first."""
    return of_visits(terms, Visit.on_date, waiting=(Visit.place_doubtful_since.is_not(None), STANDS))


def place(_desk: Desk, row: Found) -> Item:
    """Which visit it is; never where."""
    address = {"reference": row.child, "visit_reference": row.reference}
    when = f"{row.kind.label} on {long_date(row.on_date)} at {clock_time(row.at_time)}"
    return an_item(row, row.since, "Address changed: confirm where this visit is", address, when)


def find_to_tell(terms: Terms) -> AnySelect:
    """Those who wait longest first."""
    return of_visits(terms, Visit.tell_since, Visit.state, waiting=(Visit.tell_since.is_not(None),))


def tell(_desk: Desk, row: Found) -> Item:
    """What the family has to be told of."""
    address = {"reference": row.child, "visit_reference": row.reference}
    detail = f"{row.kind.label} on {long_date(row.on_date)}: {row.state.label.lower()}"
    return an_item(row, london_date(row.since), "Tell the family, by letter or call", address, detail)


PLACE = Kind(
    key="place",
    title="Places of visits to confirm",
    needs=Permission.CONTACT_OFFER,
    page="offers.place",
    find=find_places,
    item=place,
    nothing="No visit waits for its place to be confirmed.",
    date_word="On",
    late="ago",
    can_be_given=False,
    colour="orange",
)
TELL = Kind(
    key="tell",
    title="Families to tell otherwise than by email",
    needs=Permission.CONTACT_OFFER,
    page="offers.told",
    find=find_to_tell,
    item=tell,
    nothing="No family waits to be told.",
    date_word="Since",
    late="ago",
    can_be_given=False,
    colour="yellow",
)
