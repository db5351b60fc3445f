"""Children who have not been seen for long: to be looked into, never an alarm."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Episode


def find(terms: Terms) -> AnySelect:
    """Children of school age whose clock runs, by the day until which they were to be seen or looked at again."""
    found = (
        about(terms, ContactClock.see_by, ContactClock.child_id, ContactClock.last_seen_on)
        .join(ContactClock, ContactClock.episode_id == Episode.id)
        .where(
            here(terms, ContactClock.authority_id),
            ContactClock.is_running,
            ContactClock.see_by < terms.today,
            ContactClock.age_ends >= terms.today,
        )
    )
    # The clock's own copy of whose the episode is, which its index has.
    return found if terms.team else found.where(ContactClock.adviser_id == terms.whose)


def item(_desk: Desk, row: Found) -> Item:
    """When the child was last seen, by anyone."""
    last = f"Last seen {long_date(row.last_seen_on)}" if row.last_seen_on else "Not seen since the episode opened"
    why = "Ask health, social care and schools; record what you decide"
    return an_item(row, row.since, why, {"reference": row.child}, last)


UNSEEN = Kind(
    key="unseen",
    title="Not seen for long",
    needs=Permission.SEEN_REVIEW,
    page="clock.review",
    find=find,
    item=item,
    nothing="No child has to be looked into for not having been seen.",
    date_word="Since",
    late="ago",
)
