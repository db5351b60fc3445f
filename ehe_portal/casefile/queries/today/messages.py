"""What parents wrote to the team, and nobody has answered yet."""

from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import london_date
from ehe_portal.messages.models import MessageThread
from ehe_portal.register.models import Child

PARENT = aliased(Account)


def find(terms: Terms) -> AnySelect:
    """The longest unanswered first; one row for each parent who waits."""
    return (
        about(terms, MessageThread.waiting_since, MessageThread.id, PARENT.reference, PARENT.name.label("parent"))
        .join(MessageThread, MessageThread.child_id == Child.id)
        .join(PARENT, PARENT.id == MessageThread.account_id)
        .where(here(terms, MessageThread.authority_id), MessageThread.waiting_since.is_not(None))
    )


def item(_desk: Desk, row: Found) -> Item:
    """Who wrote, and since when they wait."""
    address = {"reference": row.child, "account_reference": row.reference}
    return an_item(row, london_date(row.since), "Answer a message", address, f"From {row.parent}")


MESSAGE = Kind(
    key="message",
    title="Messages to answer",
    needs=Permission.MESSAGES_WRITE,
    page="messages.conversation",
    find=find,
    item=item,
    nothing="No message waits for an answer.",
    date_word="Since",
    late="ago",
    colour="turquoise",
)
