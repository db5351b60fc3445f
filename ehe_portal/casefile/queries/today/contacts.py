"""Contacts overdue, and those that fall due soon. A lapsed one stands among the escalations."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Episode

SHOWN = (
    ContactClock.starts_on,
    ContactClock.last_contact_on,
    ContactClock.due_on,
    ContactClock.grace_ends,
    ContactClock.lapsed_on,
    ContactClock.held_until,
)


def running(terms: Terms) -> AnySelect:
    """Children whose clock runs and has not lapsed."""
    found = (
        about(terms, ContactClock.due_on, ContactClock.child_id, *SHOWN)
        .join(ContactClock, ContactClock.episode_id == Episode.id)
        .where(
            here(terms, ContactClock.authority_id),
            ContactClock.is_running,
            ContactClock.lapsed_on.is_(None),
            ContactClock.age_ends >= terms.today,
        )
    )
    # The clock's own copy of whose the episode is, which its index has.
    return found if terms.team else found.where(ContactClock.adviser_id == terms.whose)


def find_overdue(terms: Terms) -> AnySelect:
    """Those whose day is past."""
    return running(terms).where(ContactClock.due_on < terms.today)


def find_due(terms: Terms) -> AnySelect:
    """Those whose day comes soon."""
    return running(terms).where(ContactClock.due_on.between(terms.today, terms.until))


def overdue(desk: Desk, row: Found) -> Item:
    """The day after the last of grace the contact lapses."""
    if row.held_until is not None and row.held_until >= desk.today:
        return of(row, "Contact is overdue; the clock is held", f"Held until {long_date(row.held_until)}")
    return of(row, "Contact is overdue", f"Days of grace end {long_date(row.grace_ends)}")


def due(_desk: Desk, row: Found) -> Item:
    """What was last heard, and when."""
    last = row.last_contact_on
    return of(row, "Contact is due", f"Last contact {long_date(last)}" if last else "No contact yet")


def of(row: Found, why: str, detail: str) -> Item:
    """A row with its clock."""
    return an_item(row, row.due_on, why, {"reference": row.child}, detail, row)


OVERDUE = Kind(
    key="overdue",
    title="Contact overdue",
    needs=Permission.CHILD_READ,
    page="child.overview",
    find=find_overdue,
    item=overdue,
    nothing="No contact is overdue.",
    has_clock=True,
    colour="red",
)
DUE = Kind(
    key="due",
    title="Contact due in the next four weeks",
    needs=Permission.CHILD_READ,
    page="child.overview",
    find=find_due,
    item=due,
    nothing="No contact falls due in the next four weeks.",
    has_clock=True,
)
