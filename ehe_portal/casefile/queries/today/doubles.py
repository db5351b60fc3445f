"""Records that may be one child, one row for each record that came later: everyone's to decide.

A child whose registration waits to be checked is left out: that is where its doubles are decided.
"""

from sqlalchemy import func, null, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.register.models import Child, DoubleVerdict, PossibleDouble, Registration, RegistrationState


def find(terms: Terms) -> AnySelect:
    """The longest undecided first."""
    # Counted for each row: as joins, of which a planner expects hardly any rows, all would be read before the first.
    earlier = aliased(PossibleDouble)
    found_before = (
        select(func.count())
        .where(
            earlier.child_id == PossibleDouble.child_id,
            earlier.verdict == DoubleVerdict.UNDECIDED,
            earlier.id < PossibleDouble.id,
        )
        .scalar_subquery()
    )
    waits = (
        select(func.count())
        .where(Registration.child_id == PossibleDouble.child_id, Registration.state == RegistrationState.WAITING)
        .scalar_subquery()
    )
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            PossibleDouble.found_on.label("since"),
            PossibleDouble.id.label("id"),
            null().label("adviser"),
        )
        .join_from(PossibleDouble, Child, Child.id == PossibleDouble.child_id)
        .where(
            here(terms, PossibleDouble.authority_id),
            PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
            found_before == 0,
            waits == 0,
        )
    )


def item(_desk: Desk, row: Found) -> Item:
    """The page sets the records side by side."""
    return an_item(row, row.since, "May be the same child as another record", {"reference": row.child})


DOUBLE = Kind(
    key="double",
    title="Possible doubles",
    needs=Permission.REGISTRATION_CHECK,
    page="doubles.compare",
    find=find,
    item=item,
    is_everyones=True,
    nothing="No two records look like one child.",
    date_word="Found",
    late="ago",
    can_be_given=False,
)
