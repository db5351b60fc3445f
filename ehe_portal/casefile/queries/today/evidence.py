"""Evidence that was sent since the last decision about the child's education: one row a child."""

from sqlalchemy import and_, func, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here, mine
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.govuk.words import counted
from ehe_portal.evidence.models import Evidence
from ehe_portal.register.models import Child, Episode


def find(terms: Terms) -> AnySelect:
    """The longest undecided first."""
    undecided = and_(
        Evidence.child_id == Episode.child_id, here(terms, Evidence.authority_id), Evidence.decided_in_id.is_(None)
    )
    first, times = func.min(Evidence.sent_on), func.count(Evidence.id)
    if not terms.team:
        # Asked of each of an adviser's children: as one join, PostgreSQL reads all that waits in the authority.
        earliest = select(first).where(undecided).correlate(Episode).scalar_subquery()
        often = select(times).where(undecided).correlate(Episode).scalar_subquery()
        return about(terms, earliest, Child.id, often.label("times")).where(earliest.is_not(None))
    waiting = (
        select(Evidence.child_id, first.label("sent_on"), times.label("times"))
        .join(Episode, undecided)
        .where(mine(terms))
        .group_by(Evidence.child_id)
        .subquery()
    )
    return about(terms, waiting.c.sent_on, Child.id, waiting.c.times).join(waiting, waiting.c.child_id == Child.id)


def item(_desk: Desk, row: Found) -> Item:
    """Since when it waits."""
    detail = counted(row.times, "time", "times") + " since the last decision" if row.times > 1 else ""
    return an_item(row, row.since, "Look at evidence the family sent", {"reference": row.child}, detail)


EVIDENCE = Kind(
    key="evidence",
    title="Evidence to look at",
    needs=Permission.EVIDENCE_ASSESS,
    page="evidence.list_evidence",
    find=find,
    item=item,
    nothing="No evidence waits to be looked at.",
    date_word="Sent",
    late="ago",
    colour="blue",
)
