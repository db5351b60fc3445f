"""A request for information: dated, answered in any way, and nothing follows from its last day by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import service as casefile
from ehe_portal.casefile.queries import today as day
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.contact.service import Happened
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules, service
from ehe_portal.evidence.models import Assessment, InformationRequest, Outcome
from ehe_portal.evidence.service import Criterion, Finding, Judged, Standing, all_satisfied
from ehe_portal.messages import service as messages
from ehe_portal.messages.queries import family_conversation
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from ehe_portal.register.queries import visible_child
from tests.casefile.test_stops import as_the_family_sees_it
from tests.contact.stories import attempt
from tests.contact.stories import visit as a_visit
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
UNCLEAR = Finding(
    Outcome.INSUFFICIENT,
    "We cannot tell.",
    criteria=tuple(Judged(criterion, Standing.UNCLEAR) for criterion in Criterion),
    wanted="Some sums",
)
SATISFIED = Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(other="A tutor’s report"))
LAST = date(2026, 4, 16)  # five weeks after Thursday 12 March


@pytest.fixture
def asked(village: Village, new_work: NewWork) -> InformationRequest:
    """Ada's family is asked for more on 12 March 2026."""
    request = service.assess(new_work(village.adviser), village["Ada"], UNCLEAR).request
    assert request is not None
    return request


def now(new_work: NewWork, request: InformationRequest) -> InformationRequest:
    """The request as it stands in the database."""
    return new_work().session.get_one(InformationRequest, request.id)


def kinds(work: Work) -> list[str]:
    return list(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def waiting(new_work: NewWork, village: Village) -> dict[str, Any]:
    work = new_work(village.adviser)
    return {one.kind.key: one for one in day.day(day.desk(work, village.adviser.id), day.kinds_of(work))}


def family_page(client_as: ClientAs, village: Village) -> str:
    return client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text


@pytest.mark.parametrize(
    ("asked_on", "weeks", "last_on"),
    [
        ("2026-03-12", 5, "2026-04-16"),
        ("2026-03-12", 4, "2026-04-09"),
        ("2026-03-06", 4, "2026-04-07"),  # Good Friday, then Easter Monday
        ("2026-03-14", 6, "2026-04-27"),  # a Saturday
        ("2026-11-13", 6, "2026-12-29"),  # Christmas Day, and the bank holiday kept for Boxing Day
    ],
)
def test_the_last_day_is_whole_weeks_later_and_never_sooner(asked_on: str, weeks: int, last_on: str) -> None:
    first = date.fromisoformat(asked_on)
    assert rules.last_day(first, weeks) == date.fromisoformat(last_on)
    assert rules.last_day(first, weeks) >= first + timedelta(weeks=weeks)


def test_a_decision_that_cannot_tell_opens_a_request(village: Village, work: Work, asked: InformationRequest) -> None:
    assert (asked.child_id, asked.asked_on, asked.last_on) == (village["Ada"].id, date(2026, 3, 12), LAST)
    assert asked.asked_at == asked.assessment.stands_since
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "InformationAsked")).one()
    assert entry.details["last_on"] == LAST.isoformat()
    assert "sums" not in str(entry.details)


@pytest.mark.parametrize("weeks", [4, 6])
def test_the_authority_says_how_long_within_four_to_six_weeks(
    village: Village, work: Work, new_work: NewWork, weeks: int
) -> None:
    set_values(work, village.authority.id, replace(PolicyValues(), information_weeks=weeks), work.today)
    request = service.assess(new_work(village.adviser), village["Ada"], UNCLEAR).request
    assert request is not None
    assert request.last_on == rules.last_day(work.today, weeks)


@pytest.mark.parametrize("weeks", [3, 7])
def test_no_shorter_and_no_longer(village: Village, work: Work, weeks: int) -> None:
    with pytest.raises(Refusal, match="from 4 to 6"):
        set_values(work, village.authority.id, replace(PolicyValues(), information_weeks=weeks), work.today)


def test_the_family_reads_until_when_and_how(client_as: ClientAs, village: Village, asked: InformationRequest) -> None:
    page = family_page(client_as, village)
    for words in ("Some sums", "16 April 2026", "You choose how", "a visit at home, if you would like one",
                  "a statement by someone else", "nothing is decided by itself"):  # fmt: skip
        assert words in page
    assert "must" not in page.partition("What happens next")[2].partition("</div>")[0]


def test_what_the_family_sends_answers_it(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, asked: InformationRequest
) -> None:
    sent = service.submit(new_work(village.parents["Ada"]), village["Ada"], "Sums.")
    assert now(new_work, asked).evidence_id == sent.id
    assert now(new_work, asked).ended_at is None
    assert kinds(work).count("InformationAnswered") == 1
    assert "we noted your answer on 12 March 2026" in family_page(client_as, village)
    assert "asked" not in waiting(new_work, village)
    assert waiting(new_work, village)["evidence"].count == 1
    service.submit(new_work(village.parents["Ada"]), village["Ada"], "More sums.")
    assert kinds(work).count("InformationAnswered") == 1


def test_a_contact_that_took_place_answers_it_until_it_is_struck_out(
    village: Village, new_work: NewWork, asked: InformationRequest
) -> None:
    officer = new_work(village.adviser)
    contact.record_contact(officer, village["Ada"], a_visit("2026-03-11"))
    contact.record_contact(officer, village["Ada"], attempt(officer.today.isoformat(), ContactOutcome.NO_ANSWER))
    assert now(new_work, asked).answered_at is None
    call = contact.record_contact(officer, village["Ada"], a_visit(officer.today.isoformat()))
    assert now(new_work, asked).contact_id == call.id
    assert waiting(new_work, village)["asked"].items[0].why == "The family has answered: look at it again"
    contact.strike_out(officer, call, "Another child", version=call.version)
    assert (now(new_work, asked).answered_at, now(new_work, asked).contact_id) == (None, None)
    assert "asked" not in waiting(new_work, village)


@pytest.mark.parametrize("substantive", [True, False])
def test_a_letter_answers_it_where_it_tells_about_the_education(
    village: Village, new_work: NewWork, asked: InformationRequest, substantive: bool
) -> None:
    officer = new_work(village.adviser)
    letter = Happened(
        kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=officer.today, summary="About sums",
        substantive=substantive,
    )  # fmt: skip
    kept = contact.record_contact(officer, village["Ada"], letter)
    assert (now(new_work, asked).contact_id == kept.id) is substantive


def test_a_message_that_is_found_to_tell_about_it_answers_it(
    village: Village, new_work: NewWork, asked: InformationRequest
) -> None:
    parent = new_work(village.parents["Ada"])
    conversation = family_conversation(parent, village["Ada"].reference)
    assert conversation is not None
    said = messages.write_to_council(parent, conversation, "Sums every day.")
    officer = new_work(village.adviser)
    writing = officer.session.scalars(select(Contact).where(Contact.message_id == said.id)).one()
    assert now(new_work, asked).answered_at is None
    contact.confirm_writing(officer, writing, substantive=True, version=writing.version)
    assert now(new_work, asked).contact_id == writing.id


def test_nothing_follows_from_the_last_day_by_itself(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, asked: InformationRequest, clock: Any
) -> None:
    decided = work.session.scalars(select(Assessment.id)).all()
    clock.at += LAST - date(2026, 3, 12)
    assert "asked" not in waiting(new_work, village)
    clock.at += timedelta(days=1)
    assert waiting(new_work, village)["asked"].items[0].why == "No answer yet: look at it again"
    assert work.session.scalars(select(Assessment.id)).all() == decided
    page = family_page(client_as, village)
    assert "You can still answer" in page
    assert "Silence is no finding" in page
    staff = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence").text
    assert "No answer yet: look at it again" in staff


def test_silence_alone_leads_to_no_worse_outcome(
    village: Village, new_work: NewWork, asked: InformationRequest
) -> None:
    """Neither the request that was not answered nor a visit that was declined is a ground."""
    silent = Judged(Criterion.FULL_TIME, Standing.NOT_SATISFIED, "They declined a visit and did not answer", other="No")
    judged = tuple(
        silent if criterion is Criterion.FULL_TIME else Judged(criterion, Standing.UNCLEAR) for criterion in Criterion
    )
    with pytest.raises(Refusal, match="Not hearing from a family, or not being invited in, is no ground"):
        service.assess(
            new_work(village.adviser), village["Ada"], Finding(Outcome.UNSUITABLE, "Silence", criteria=judged)
        )


def test_a_new_decision_ends_it(village: Village, new_work: NewWork, asked: InformationRequest, clock: Any) -> None:
    clock.at += timedelta(days=60)
    again = service.assess(new_work(village.adviser), village["Ada"], UNCLEAR).request
    assert now(new_work, asked).ended_at == clock.at
    assert again is not None
    assert again.last_on == rules.last_day(date(2026, 5, 11), 5)
    service.assess(new_work(village.adviser), village["Ada"], SATISFIED)
    assert now(new_work, again).ended_at == clock.at
    assert "asked" not in waiting(new_work, village)


def test_more_time_is_given_with_reasons_that_the_family_reads(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, asked: InformationRequest
) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    url = f"{base}/requests/{asked.reference}/change"
    client = client_as(village.adviser)
    later = {"change": "more-time", "last_on-day": "1", "last_on-month": "5", "last_on-year": "2026"}
    assert "Enter the reasons" in client.submit(url, later, "Save").text
    sooner = client.submit(url, {**later, "last_on-day": "16", "last_on-month": "4", "reasons": "A move."}, "Save")
    assert "Enter a day after 16 April 2026" in sooner.text
    far = client.submit(url, {**later, "last_on-year": "2027", "reasons": "A move."}, "Save")
    assert "Enter a day no later than 10 September 2026" in far.text
    assert client.submit(url, {**later, "reasons": "You are moving house."}, "Save").location == base
    assert now(new_work, asked).last_on == date(2026, 5, 1)
    assert "InformationTimeGiven" in kinds(work)
    page = family_page(client_as, village)
    assert "you have until 1 May 2026. You are moving house." in page


def test_it_is_withdrawn_with_reasons_and_then_over(
    client_as: ClientAs, village: Village, new_work: NewWork, work: Work, asked: InformationRequest
) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    url = f"{base}/requests/{asked.reference}/change"
    filled = {"change": "withdraw", "reasons": "The tutor told us."}
    assert client_as(village.adviser).submit(url, filled, "Save").location == base
    assert now(new_work, asked).ended_at is not None
    assert "InformationWithdrawn" in kinds(work)
    page = family_page(client_as, village)
    assert "We do not ask for this any longer" in page
    assert "The tutor told us." in page
    with pytest.raises(Refusal, match="This request is over"):
        service.withdraw(new_work(village.adviser), asked, "Again")
    with pytest.raises(Refusal, match="This request is over"):
        service.give_time(new_work(village.adviser), asked, date(2026, 6, 1), "More")
    assert client_as(village.adviser).get(url).location == base


def test_only_those_who_decide_may_change_it(client_as: ClientAs, village: Village, asked: InformationRequest) -> None:
    url = f"/children/{village['Ada'].reference}/evidence/requests/{asked.reference}/change"
    assert client_as(village.staff[Role.CME_OFFICER]).get(url).status_code == 403
    assert client_as(village.parents["Ada"]).get(url).status_code == 403
    assert client_as(village.stranger[Role.ADVISER]).get(url).status_code == 404


def test_a_family_that_could_not_know_has_the_whole_time(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, clock: Any
) -> None:
    """While its messages are stopped it sees nothing of the request; it begins when they are let go."""
    casefile.stop_messages(work, village["Ada"], "A worry")
    work.session.flush()
    clock.at += timedelta(days=1)
    request = service.assess(new_work(village.adviser), village["Ada"], UNCLEAR).request
    assert request is not None
    assert "Some sums" not in family_page(client_as, village)
    clock.at += timedelta(days=50)
    later = new_work(village.staff[Role.EHE_MANAGER])
    child = visible_child(later, village["Ada"].reference)
    assert child is not None
    register.let_messages_go(later, child, "Settled")
    assert now(new_work, request).last_on == rules.last_day(clock.at.date(), 5)
    assert now(new_work, request).asked_on == clock.at.date()
    assert "Some sums" in family_page(client_as, village)


def test_what_officers_do_while_messages_are_stopped_is_not_seen(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, asked: InformationRequest, clock: Any
) -> None:
    before = as_the_family_sees_it(village, client_as)
    casefile.stop_messages(work, village["Ada"], "A worry")
    work.session.flush()
    clock.at += timedelta(minutes=5)
    officer = new_work(village.adviser)
    service.give_time(officer, asked, date(2026, 5, 1), "More time")
    contact.record_contact(officer, village["Ada"], a_visit(officer.today.isoformat()))
    service.assess(new_work(village.adviser), village["Ada"], SATISFIED)
    assert as_the_family_sees_it(village, client_as) == before
