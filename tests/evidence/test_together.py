"""Brothers and sisters looked at together: one form, one record and one set of reasons each, nothing copied."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, service
from ehe_portal.evidence.models import Assessment, Evidence, Outcome
from ehe_portal.evidence.service import Finding, all_satisfied
from ehe_portal.register.models import HouseholdVerdict, Parent
from ehe_portal.register.service import decide_household
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import LONG_AGO, Village

ClientAs = Callable[[Account | None], LintingClient]
SATISFIED = {
    **dict.fromkeys(("efficient", "full_time", "fitting"), "satisfied"),
    "special_needs": "does-not-apply",
    "outcome": "suitable",
}


@pytest.fixture
def sent(village: Village, new_work: NewWork) -> Evidence:
    """Ada and Ben are linked as one family, and Ada's parent cares for Ben too; what the parent sent is about Ada."""
    work = new_work(village.adviser)
    decide_household(work, village["Ada"], village["Ben"], HouseholdVerdict.LINKED)
    parent = village.parents["Ada"]
    work.session.add(
        Parent(
            authority_id=village.authority.id, child_id=village["Ben"].id, position=2, name=parent.name,
            account_id=parent.id, verified_at=LONG_AGO,
        )
    )  # fmt: skip
    work.session.flush()
    return service.submit(new_work(parent), village["Ada"], "They keep bees together.")


def about(village: Village, name: str) -> str:
    return f"/children/{village[name].reference}/evidence"


def test_one_form_each_in_turn_and_nothing_is_copied(
    client_as: ClientAs, village: Village, work: Work, sent: Evidence
) -> None:
    client = client_as(village.adviser)
    page = client.get(f"{about(village, 'Ada')}/review").text
    assert "Ben Carter" in page
    assert "Nothing has been decided yet" in page
    ada, ben = about(village, "Ada"), about(village, "Ben")
    first = client.submit(f"{ada}/review", {"along": [village["Ben"].reference]}).location
    assert first == f"{ada}/assess?then={village['Ben'].reference}"
    assert "After this:" in client.get(first).text
    filled = {**SATISFIED, "fitting_relied": [f"sent-{sent.reference}"], "reasons": "Ada counts the bees."}
    second = client.submit(first, filled).location
    assert second == f"{ben}/assess"
    page = client.get(second, follow_redirects=True).text
    assert "Next is Ben" in page
    assert "Ada counts the bees." not in page
    assert "about Ada" in page
    filled = {**SATISFIED, "fitting_relied": [f"sent-{sent.reference}"], "reasons": "Ben draws them."}
    assert client.submit(second, filled).location == ben
    decided = work.session.scalars(select(Assessment).order_by(Assessment.id)).all()
    assert [(one.child_id, one.reasons, [e.id for e in one.evidence]) for one in decided] == [
        (village["Ada"].id, "Ada counts the bees.", [sent.id]),
        (village["Ben"].id, "Ben draws them.", [sent.id]),
    ]
    assert decided[0].review is not None
    assert decided[1].review is not None
    assert work.session.get_one(Evidence, sent.id).decided_in_id == decided[0].id
    family = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ben'].reference}").text
    assert "What was sent on 12 March 2026, about a brother or sister" in family
    assert "Ada counts" not in family


def test_those_whose_review_is_near_are_ticked(
    client_as: ClientAs, village: Village, new_work: NewWork, sent: Evidence, clock: object
) -> None:
    finding = Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(), other_grounds="A visit")
    service.assess(new_work(village.adviser), village["Ben"], finding)
    page = client_as(village.adviser).get(f"{about(village, 'Ada')}/review").text
    assert "Review due 12 March 2027" in page
    assert "checked" not in page
    clock.at = clock.at.replace(year=2027, month=1, day=14)  # type: ignore[attr-defined]
    assert "checked" not in client_as(village.adviser).get(f"{about(village, 'Ada')}/review").text
    clock.at = clock.at.replace(day=15)  # type: ignore[attr-defined]
    assert "checked" in client_as(village.adviser).get(f"{about(village, 'Ada')}/review").text


def test_only_the_family_comes_next_whatever_the_address_says(
    client_as: ClientAs, village: Village, sent: Evidence
) -> None:
    named = [village[name].reference for name in ("Cleo", "Zoe", "Ben")]
    others = ".".join(["NOTAREFER!", *named])
    client = client_as(village.adviser)
    page = client.get(f"{about(village, 'Ada')}/assess?then={others}").text
    assert "Ben" in page
    assert "Cleo" not in page
    assert "Zoe" not in page
    wrong = client.submit(f"{about(village, 'Ada')}/review", {"along": [village["Cleo"].reference]})
    assert "Select brothers and sisters of this child" in wrong.text


def test_what_somebody_else_sent_about_a_sister_is_never_offered(
    village: Village, new_work: NewWork, sent: Evidence, other_parent: Account
) -> None:
    """Ada's other parent does not care for Ben: his family is not to learn of what that parent sent."""
    theirs = service.submit(new_work(other_parent), village["Ada"], "With me she swims.")
    work = new_work(village.adviser)
    assert [one.id for one in queries.sent_about_family(work, village["Ben"])] == [sent.id]
    relying = Finding(Outcome.SUITABLE, "Swims.", criteria=all_satisfied(evidence=[theirs.reference]))
    with pytest.raises(Refusal):
        service.assess(work, village["Ben"], relying)


def test_children_of_no_common_family_share_nothing(village: Village, new_work: NewWork, sent: Evidence) -> None:
    work = new_work(village.adviser)
    decide_household(work, village["Ada"], village["Ben"], HouseholdVerdict.APART)
    assert queries.sent_about_family(work, village["Ben"]) == []
