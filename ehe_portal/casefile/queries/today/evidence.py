"""Evidence that was sent since the last decision about the child's education: one row a child."""

from sqlalchemy import exists, func, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here, mine
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.govuk.words import counted
from ehe_portal.evidence.models import Assessment, Evidence
from ehe_portal.register.models import Child, Episode


def find(terms: Terms) -> AnySelect:
    """The longest undecided first."""
    decided = exists().where(Assessment.child_id == Evidence.child_id, Assessment.decided_at >= Evidence.sent_at)
    waiting = (
        select(Evidence.child_id, func.min(Evidence.sent_on).label("sent_on"), func.count(Evidence.id).label("times"))
        .join(Episode, Episode.child_id == Evidence.child_id)
        .where(mine(terms), here(terms, Evidence.authority_id), ~decided)
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
