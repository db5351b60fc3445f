"""Writing from families that waits for someone to say whether it tells about the child's education."""

from sqlalchemy import exists

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here, written_out
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.days import add_working_days
from ehe_portal.core.govuk.words import long_date
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.register.models import Child

UNANSWERED = (
    exists()
    .where(Message.id == Contact.message_id, MessageThread.id == Message.thread_id)
    .where(MessageThread.waiting_since.is_not(None))
)


def find(terms: Terms) -> AnySelect:
    """The oldest first."""
    return (
        about(terms, Contact.happened_on, Contact.id, Contact.kind, Contact.reference)
        .join(Contact, Contact.child_id == Child.id)
        .where(
            here(terms, Contact.authority_id),
            Contact.outcome == written_out(Contact.outcome, ContactOutcome.RECEIVED),
            Contact.substantive.is_(None),
            Contact.struck_out_at.is_(None),
            # While a message waits for its answer it stands among the messages, and is confirmed from there.
            ~UNANSWERED,
        )
    )


def item(desk: Desk, row: Found) -> Item:
    """Until someone says so, the clock counts it as a reply only."""
    by = add_working_days(row.since, desk.values.confirm_writing_days)
    address = {"reference": row.child, "contact_reference": row.reference}
    detail = f"{row.kind.label} of {long_date(row.since)}"
    return an_item(row, by, "Say whether writing tells about the education", address, detail)


WRITING = Kind(
    key="writing",
    title="Writing to read",
    needs=Permission.CONTACT_CONFIRM,
    page="contact.confirm_writing",
    find=find,
    item=item,
    nothing="No writing waits to be read.",
    colour="yellow",
)
