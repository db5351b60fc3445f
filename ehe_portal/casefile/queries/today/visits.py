"""Visits and calls of today, and earlier ones of which nothing has been recorded."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import STANDING, Visit
from ehe_portal.core.govuk.words import clock_time
from ehe_portal.register.models import Child


def find(terms: Terms) -> AnySelect:
    """Those offered until today."""
    return (
        about(terms, Visit.on_date, Visit.id, Visit.at_time, Visit.kind, Visit.reference)
        .join(Visit, Visit.child_id == Child.id)
        .where(here(terms, Visit.authority_id), Visit.state.in_(STANDING), Visit.on_date <= terms.today)
    )


def item(desk: Desk, row: Found) -> Item:
    """When, or that its record is missing."""
    when = f"today at {clock_time(row.at_time)}" if row.since == desk.today else "record what happened"
    address = {"reference": row.child, "visit": row.reference}
    return an_item(row, row.since, f"{row.kind.label}: {when}", address)


VISIT = Kind(
    key="visit",
    title="Visits and calls",
    needs=Permission.CONTACT_RECORD,
    page="contact.record",
    find=find,
    item=item,
    nothing="No visit or call is planned for today, and none waits for its record.",
    date_word="On",
    late="ago",
    colour="blue",
)
