"""What families told of: changes to take up or set aside, and parents who say that a child is theirs."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import london_date
from ehe_portal.register.models import AccessState, ChangeState, Child, Parent, ParentAccess, ReportedChange


def find_changes(terms: Terms) -> AnySelect:
    """The earliest first."""
    return (
        about(terms, ReportedChange.told_at, ReportedChange.id, ReportedChange.kind, ReportedChange.reference)
        .join(ReportedChange, ReportedChange.child_id == Child.id)
        .where(here(terms, ReportedChange.authority_id), ReportedChange.state == ChangeState.WAITING)
    )


def change(_desk: Desk, row: Found) -> Item:
    """What has changed, as the family says."""
    address = {"reference": row.child, "change_reference": row.reference}
    return an_item(row, london_date(row.since), f"Read what the family told: {row.kind.label}", address)


def find_claims(terms: Terms) -> AnySelect:
    """The earliest first."""
    return (
        about(terms, ParentAccess.claimed_at, ParentAccess.id, Parent.reference)
        .join(Parent, Parent.child_id == Child.id)
        .join(ParentAccess, ParentAccess.parent_id == Parent.id)
        .where(here(terms, ParentAccess.authority_id), ParentAccess.state == AccessState.CLAIMED)
    )


def claim(_desk: Desk, row: Found) -> Item:
    """Whoever waits sees nothing of the child until an officer is satisfied."""
    address = {"reference": row.child, "parent_reference": row.reference}
    return an_item(row, london_date(row.since), "Check who says that the child is theirs", address)


CHANGE = Kind(
    key="change",
    title="Changes that families told of",
    needs=Permission.CHANGE_TAKE_UP,
    page="changes.take_up",
    find=find_changes,
    item=change,
    nothing="No change waits to be taken up.",
    date_word="Told",
    late="ago",
    colour="yellow",
)
CLAIM = Kind(
    key="claim",
    title="Parents to verify",
    needs=Permission.PARENT_VERIFY,
    page="access.verify",
    find=find_claims,
    item=claim,
    nothing="No parent waits to be verified.",
    date_word="Since",
    late="ago",
    colour="orange",
)
