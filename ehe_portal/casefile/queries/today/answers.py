"""What families answered to offers of a visit or call, and no officer has read."""

from sqlalchemy import SQLColumnExpression, and_, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import WITH_ANSWERS, Visit, VisitAnswer, VisitChild
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child, Episode

EARLIER, ITS_EPISODE = aliased(VisitChild), aliased(Episode)


def find(terms: Terms) -> AnySelect:
    """The earliest first; on each desk that has one of the visit's children, once."""
    return (
        about(terms, VisitAnswer.answered_at, VisitAnswer.id, VisitAnswer.answer, Visit.on_date, Visit.reference)
        .join(VisitChild, VisitChild.child_id == Child.id)
        .join(Visit, Visit.id == VisitChild.visit_id)
        .join(VisitAnswer, VisitAnswer.visit_id == Visit.id)
        .where(
            here(terms, VisitAnswer.authority_id),
            VisitAnswer.read_at.is_(None),
            Visit.state.in_(WITH_ANSWERS),
            ~stands_already(terms),
        )
    )


def stands_already(terms: Terms) -> SQLColumnExpression[bool]:
    """Whether an earlier child of the same visit is on the desk too: the answer stands there with that child."""
    earlier = (
        select(EARLIER.id)
        .join(ITS_EPISODE, and_(ITS_EPISODE.child_id == EARLIER.child_id, ITS_EPISODE.closed_on.is_(None)))
        .where(EARLIER.visit_id == VisitChild.visit_id, EARLIER.id < VisitChild.id)
    )
    return (earlier if terms.team else earlier.where(ITS_EPISODE.adviser_id == terms.whose)).exists()


def item(_desk: Desk, row: Found) -> Item:
    """What was answered, and to which offer."""
    address = {"reference": row.child, "visit_reference": row.reference}
    detail = f"Offered for {long_date(row.on_date)}"
    return an_item(row, london_date(row.since), f"Read an answer: {row.answer.label}", address, detail)


ANSWER = Kind(
    key="answer",
    title="Families’ answers to offers",
    needs=Permission.CONTACT_OFFER,
    page="offers.one",
    find=find,
    item=item,
    nothing="No answer to an offer waits to be read.",
    date_word="Since",
    late="ago",
    colour="blue",
)
