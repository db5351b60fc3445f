"""What families answered to offers of a visit or call, and no officer has read."""

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, about, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import ANSWERABLE, Visit, VisitAnswer
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child


def find(terms: Terms) -> AnySelect:
    """The earliest first."""
    return (
        about(terms, VisitAnswer.answered_at, VisitAnswer.id, VisitAnswer.answer, Visit.on_date, Visit.reference)
        .join(Visit, Visit.child_id == Child.id)
        .join(VisitAnswer, VisitAnswer.visit_id == Visit.id)
        .where(here(terms, VisitAnswer.authority_id), VisitAnswer.read_at.is_(None), Visit.state.in_(ANSWERABLE))
    )


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
