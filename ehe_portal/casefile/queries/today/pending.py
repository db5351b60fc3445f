"""Where children are said to be going: someone finds out more, until it is confirmed."""

from sqlalchemy import null, select, true

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.register.models import Child, PendingDestination


def find(terms: Terms) -> AnySelect:
    """What is awaited, by the day on which more is to be known; one's own are those that one finds out about."""
    whose = Account.name.label("adviser") if terms.team else null().label("adviser")
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            PendingDestination.next_on.label("since"),
            PendingDestination.id.label("id"),
            PendingDestination.destination,
            PendingDestination.known,
            whose,
        )
        .join_from(PendingDestination, Child, Child.id == PendingDestination.child_id)
        .join(Account, Account.id == PendingDestination.owner_id)
        .where(
            here(terms, PendingDestination.authority_id),
            PendingDestination.settled_at.is_(None),
            true() if terms.team else PendingDestination.owner_id == terms.whose,
        )
    )


def item(_desk: Desk, row: Found) -> Item:
    """What is known so far."""
    return an_item(
        row, row.since, PendingDestination.words_of(row.destination), {"reference": row.child}, row.known[:120]
    )


PENDING = Kind(
    key="destination",
    title="Destination not confirmed",
    needs=Permission.EPISODE_SET_TIER,
    page="episode.pending",
    find=find,
    item=item,
    nothing="No destination waits to be confirmed.",
    can_be_given=False,
)
