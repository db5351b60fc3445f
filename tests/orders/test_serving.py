"""How documents are served under section 572: electronically only by consent, and what was wrong is struck out."""

from datetime import date

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.orders import queries, service
from ehe_portal.orders.models import (
    Document,
    Method,
    StepCode,
    Whose,
)
from ehe_portal.orders.service import Serving
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, begin, serve, take
from tests.village import Village


def test_a_parent_is_served_electronically_only_with_their_written_consent(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    """Section 572."""
    child = village["Ada"]
    decide(child)
    case = begin(acting(manager), child)
    sending = case.taken[-1].sendings[0]
    with pytest.raises(Refusal, match="section 572"):
        service.serve(acting(manager), sending, Serving(Method.ELECTRONIC, NOON))
    parent = child.carers[0].reference
    service.record_consent(acting(manager), child, parent, Document.ORDER, "a@home.example", NOON)
    with pytest.raises(Refusal, match="section 572"):  # of another kind of document
        service.serve(acting(manager), sending, Serving(Method.ELECTRONIC, NOON))
    given = service.record_consent(acting(manager), child, parent, Document.NOTICE, "a@home.example", NOON)
    service.serve(acting(manager), sending, Serving(Method.ELECTRONIC, NOON))
    assert (sending.served_on, sending.consent_id) == (NOON, given.id)


def test_a_consent_that_was_withdrawn_or_given_later_does_not_count(
    village: Village, acting: Acting, manager: Account, work: Work
) -> None:
    child = village["Ada"]
    parent = child.carers[0]
    given = service.record_consent(acting(manager), child, parent.reference, Document.NOTICE, "a@home.example", NOON)
    assert queries.consent_for(acting(manager), parent.id, Document.NOTICE, date(2026, 3, 11)) is None
    assert queries.consent_for(acting(manager), parent.id, Document.NOTICE, NOON) is given
    service.withdraw_consent(acting(manager, date(2026, 3, 20)), given)
    assert queries.consent_for(acting(manager), parent.id, Document.NOTICE, date(2026, 3, 19)) is given
    assert queries.consent_for(acting(manager), parent.id, Document.NOTICE, date(2026, 3, 20)) is None
    with pytest.raises(Refusal, match="already"):
        service.withdraw_consent(acting(manager), given)


@pytest.mark.parametrize(
    ("document", "address", "given_on", "field"),
    [
        (Document.SCHOOL, "a@home.example", NOON, "document"),
        (Document.NOTICE, " ", NOON, "address"),
        (Document.NOTICE, "a@home.example", date(2026, 3, 13), "given_on"),
    ],
)
def test_what_is_no_consent(
    village: Village, acting: Acting, manager: Account, document: Document, address: str, given_on: date, field: str
) -> None:
    child = village["Ada"]
    with pytest.raises(Refusal) as refused:
        service.record_consent(acting(manager), child, child.carers[0].reference, document, address, given_on)
    assert refused.value.field == field
    with pytest.raises(Refusal, match="parent or carer of this child"):
        service.record_consent(
            acting(manager), child, village["Ben"].carers[0].reference, Document.NOTICE, "x@y.example", NOON
        )


def test_what_was_written_down_wrongly_is_struck_out_and_stays(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    wrong = case.taken[-1].sendings[0]
    with pytest.raises(Refusal, match="Enter what is wrong"):
        service.strike_out(acting(manager), wrong, "")
    service.strike_out(acting(manager), wrong, "It was posted.")
    assert (case.clock_whose, case.clock_on) == (Whose.COUNCIL, NOON)
    serve(acting(manager), case.taken[-1], Method.POST, NOON)
    assert [one.served_on for one in case.taken[-1].sendings] == [NOON, date(2026, 3, 16)]
    assert case.clock_on == date(2026, 3, 30)
    with pytest.raises(Refusal, match="already"):
        service.serve(acting(manager), wrong, Serving(Method.POST, NOON))
    take(acting(manager, date(2026, 3, 31)), case, StepCode.NOT_SATISFIED)
    with pytest.raises(Refusal, match="rests on this service"):
        service.strike_out(acting(manager), case.taken[0].sendings[1], "Again")
