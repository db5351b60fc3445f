"""A parent annotates a decision: beside it, dated, never changed, and nobody's but theirs and the officers'."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from ehe_portal.accounts.models import Account
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Assessment, DecisionComment, DecisionState, Outcome
from ehe_portal.evidence.service import Finding, all_satisfied
from ehe_portal.register.models import Parent
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def decided(village: Village, new_work: NewWork) -> Assessment:
    finding = Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(other="A tutor’s report"))
    return service.assess(new_work(village.adviser), village["Ada"], finding)


def page_of(village: Village, decided: Assessment) -> str:
    return f"/family/children/{village['Ada'].reference}/decisions/{decided.reference}/comment"


def test_it_stands_beside_the_decision_and_the_adviser_is_told(
    decided: Assessment, village: Village, client_as: ClientAs, new_work: NewWork
) -> None:
    parent, home = client_as(village.parents["Ada"]), f"/family/children/{village['Ada'].reference}"
    assert page_of(village, decided) in parent.get(home).text
    empty = parent.submit(page_of(village, decided), {"words": " "}).text
    assert "Enter what you would like to add" in empty
    answer = parent.submit(page_of(village, decided), {"words": "She <also> swims."})
    assert answer.location == f"{home}/decisions"
    for page in ("", "/decisions"):
        assert "She &lt;also&gt; swims." in parent.get(f"{home}{page}").text
    assert "Comment on our decision" in parent.get(f"{home}/story").text
    adviser = client_as(village.adviser)
    shown = adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert "What parents say of this decision" in shown
    assert "She &lt;also&gt; swims." in shown
    assert village.parents["Ada"].name in shown
    assert "Parent commented on a decision" in adviser.get(f"/children/{village['Ada'].reference}/chronology").text
    work = new_work()
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "DecisionCommented")).one()
    assert "swims" not in str(entry.details)
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "from-family")).one()
    assert (mail.to_address, mail.context["what"]) == (village.adviser.email, "decision")
    assert work.session.get_one(Assessment, decided.id).reasons == "Fine."


def test_the_other_parent_does_not_read_it(
    decided: Assessment, village: Village, client_as: ClientAs, new_work: NewWork, other_parent: Account, work: Work
) -> None:
    work.session.execute(
        update(Parent).where(Parent.account_id == other_parent.id).values(verified_at=other_parent.created_at)
    )
    service.comment(new_work(village.parents["Ada"]), decided, "She also swims.")
    page = client_as(other_parent).get(f"/family/children/{village['Ada'].reference}/decisions").text
    assert "Fine." in page
    assert "swims" not in page


def test_nobody_comments_on_what_they_may_not_know(
    decided: Assessment, village: Village, client_as: ClientAs, other_parent: Account, work: Work
) -> None:
    assert client_as(other_parent).get(page_of(village, decided)).status_code == 404, "not verified"
    assert client_as(village.parents["Zoe"]).get(page_of(village, decided)).status_code == 404
    assert client_as(village.adviser).get(page_of(village, decided)).status_code == 403
    work.session.execute(update(Assessment).values(state=DecisionState.WAITING, stands_since=None))
    assert client_as(village.parents["Ada"]).get(page_of(village, decided)).status_code == 404, "it does not stand"


def test_nothing_is_no_comment(decided: Assessment, village: Village, new_work: NewWork) -> None:
    work = new_work(village.parents["Ada"])
    with pytest.raises(Refusal, match="Enter what you would like to add"):
        service.comment(work, decided, "  ")
    assert work.session.scalars(select(DecisionComment)).all() == []
