"""Letters that follow from a deed: to whom, and when not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import Outcome
from ehe_portal.evidence.service import Criterion, Finding, Standing
from ehe_portal.letters import service
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.rules import goes_by_itself
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.events import RegistrationKeyedIn
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import visible_child
from tests.letters.conftest import text_of
from tests.village import Village

NewWork = Callable[..., Work]


@pytest.mark.parametrize(
    ("whom", "has_account", "by_post", "goes"),
    [
        (1, False, True, False), (2, False, False, True), (2, True, False, False), (2, True, True, True),
        (3, True, False, True),
    ],
)  # fmt: skip
def test_to_whom_letters_go_by_themselves(whom: int, has_account: bool, by_post: bool, goes: bool) -> None:
    assert goes_by_itself(whom, has_account=has_account, by_post=by_post) is goes


def decide(work: Work, child: Child, outcome: Outcome = Outcome.SUITABLE, **more: str) -> list[Letter]:
    """Decide about a child's education on other grounds; the letters that this made."""
    found = visible_child(work, child.reference)
    assert found is not None
    standing = Standing.UNCLEAR if outcome is Outcome.INSUFFICIENT else Standing.SATISFIED
    criteria = tuple(
        replace(one, standing=standing, reasons="As we talked about.", other="What the mother told the adviser")
        for one in evidence.all_satisfied()
    )
    assert {one.criterion for one in criteria} <= set(Criterion)
    evidence.assess(work, found, Finding(outcome, "She reads #every day.", more.get("advice", ""), criteria,
                                         wanted=more.get("wanted", "")))  # fmt: skip
    return list(work.session.scalars(select(Letter).order_by(Letter.id)))


def test_a_decision_goes_on_paper_to_a_parent_without_an_account(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    (letter,) = decide(work, village["Ben"])
    assert (letter.kind, letter.goes, letter.made_by_id) == ("outcome", Goes.POST, village.adviser.id)
    words = text_of(service.pdf_of(work, letter, large=False))
    for said in ("She reads #every day.", "The education appears to be suitable.", "You do not need to do anything"):
        assert said in words
    assert "advice" not in words, "what was not given leaves no heading behind"


def test_a_request_for_information_is_one_letter_with_reasons_and_a_last_day(
    village: Village, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    (letter,) = decide(work, village["Ben"], Outcome.INSUFFICIENT, wanted="How does Ben learn to write?")
    assert letter.kind == "information-request"
    words = text_of(service.pdf_of(work, letter, large=False))
    assert "She reads #every day. How does Ben learn to write? How to tell us" in words
    assert "Please tell us by 16 April 2026" in words


def test_parents_with_a_page_of_their_own_get_none_unless_they_ask(
    village: Village, new_work: NewWork, other_parent: Parent
) -> None:
    work = new_work(village.adviser)
    assert decide(work, village["Ada"]) == []
    service.set_wishes(work, other_parent, large_print=True, by_post=True)
    (letter,) = decide(work, village["Ada"])
    assert (letter.parent_id, letter.large_print) == (other_parent.id, True)


def test_a_second_parent_whom_nobody_has_verified_gets_none(
    village: Village, new_work: NewWork, other_parent: Parent, work: Work
) -> None:
    other_parent.account_id = other_parent.verified_at = None
    work.session.flush()
    assert decide(new_work(village.adviser), village["Ada"]) == []


def test_none_are_made_while_messages_are_stopped_or_where_no_address_is_known(
    village: Village, new_work: NewWork, work: Work
) -> None:
    village["Ben"].messages_stopped_at = work.at - timedelta(days=1)
    assert village["Cleo"].address is not None
    village["Cleo"].address.line = "No fixed address"
    work.session.flush()
    officer = new_work(village.adviser)
    assert decide(officer, village["Ben"]) == []
    assert decide(officer, village["Cleo"]) == []


def test_an_authority_may_have_none_made(village: Village, new_work: NewWork, work: Work) -> None:
    set_values(work, village.authority.id, replace(PolicyValues(), letters_by_itself=1), work.today)
    assert decide(new_work(village.adviser), village["Ben"]) == []


def test_a_registration_on_paper_is_acknowledged_on_paper(village: Village, new_work: NewWork) -> None:
    work = new_work(village.staff[Role.EHE_MANAGER])
    ben = village["Ben"]
    work.publish(
        RegistrationKeyedIn(
            authority_id=ben.authority_id, child_id=ben.id, registration_id=1, via="paper",
            received_on=date(2026, 3, 10),
        )
    )  # fmt: skip
    letter = work.session.scalars(select(Letter)).one()
    words = text_of(service.pdf_of(work, letter, large=False))
    assert "Your registration came on 10 March 2026." in words
    assert "We will be in touch by 17 March 2026." in words
