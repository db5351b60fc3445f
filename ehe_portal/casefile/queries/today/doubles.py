"""Records that may be one child, one row for each record that came later: everyone's to decide."""

from sqlalchemy import func, null, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.govuk.words import counted
from ehe_portal.register.models import Child, DoubleVerdict, PossibleDouble


def find(desk: Desk) -> AnySelect:
    """The longest undecided first."""
    undecided = (
        select(
            PossibleDouble.child_id,
            func.min(PossibleDouble.found_on).label("found_on"),
            func.count(PossibleDouble.id).label("others"),
        )
        .where(here(desk, PossibleDouble.authority_id), PossibleDouble.verdict == DoubleVerdict.UNDECIDED)
        .group_by(PossibleDouble.child_id)
        .subquery()
    )
    return select(
        Child.reference.label("child"),
        NAME,
        Child.sort_name,
        undecided.c.found_on.label("since"),
        Child.id.label("id"),
        undecided.c.others,
        null().label("adviser"),
    ).join_from(undecided, Child, Child.id == undecided.c.child_id)


def item(_desk: Desk, row: Found) -> Item:
    """How many other records there are."""
    others = counted(row.others, "other record")
    return an_item(row, row.since, f"May be the same child as {others}", {"reference": row.child})


DOUBLE = Kind(
    key="double",
    title="Possible doubles",
    needs=Permission.REGISTRATION_CHECK,
    page="doubles.compare",
    find=find,
    item=item,
    nothing="No two records look like one child.",
    date_word="Found",
    late="ago",
    can_be_given=False,
)
