"""A signed record stays as it is; what is added stands under it; what cannot wait is raised; the letter to print."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import Contact, ContactAddendum
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason
from ehe_portal.register.models import Child
from tests.contact.stories import CHECK, HELD, WORRY, latest, text_of, visit
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]


@pytest.fixture
def adviser_work(village: Village, new_work: Callable[..., Work]) -> Work:
    return new_work(village.adviser)


def record(work: Work, village: Village, **more: Any) -> Contact:
    ada = work.session.get_one(Child, village["Ada"].id)
    return service.record_contact(work, ada, visit("2026-03-11", summary="We talked", **more))


def test_nothing_is_added_before_it_is_signed_nor_after_it_was_struck_out(village: Village, adviser_work: Work) -> None:
    contact = record(adviser_work, village)
    with pytest.raises(Refusal, match="not been signed yet"):
        service.add_to_record(adviser_work, contact, "More", for_family=True)
    signed = record(adviser_work, village, signed=True)
    with pytest.raises(Refusal) as refused:
        service.add_to_record(adviser_work, signed, "  ", for_family=True)
    assert refused.value.field == "words"
    service.strike_out(adviser_work, signed, "Another child", version=signed.version)
    with pytest.raises(Refusal, match="struck out"):
        service.add_to_record(adviser_work, signed, "More", for_family=True)


def test_the_family_reads_what_was_written_for_it_and_no_more(
    village: Village, adviser_work: Work, client_as: SignIn
) -> None:
    contact = record(adviser_work, village, signed=True)
    check = contact.welfare_check
    assert check is not None
    before = check.version
    service.add_to_record(adviser_work, contact, "It was the first half", for_family=True)
    service.add_to_record(adviser_work, contact, "CANARY said the father", for_family=False)
    assert check.version == before, "the record itself is as it was"
    kept = adviser_work.session.scalars(select(ContactAddendum).order_by(ContactAddendum.id)).all()
    assert [(one.written_by_id, one.written_at) for one in kept] == [(village.adviser.id, adviser_work.at)] * 2
    ada = village["Ada"].reference
    staff = text_of(client_as(village.adviser), f"/children/{ada}/contact/{contact.reference}")
    for words in ("It was the first half", "CANARY", "Stays with the team", f"Signed by {village.adviser.name}"):
        assert words in staff
    family = client_as(village.parents["Ada"])
    page = text_of(family, f"/family/children/{ada}/records/{contact.reference}")
    assert "It was the first half" in page
    assert "CANARY" not in page
    pdf = family.get(f"/family/children/{ada}/records/{contact.reference}/letter.pdf")
    assert pdf.mimetype == "application/pdf"
    said = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "It was the first half" in said
    assert "We talked" in said
    assert "CANARY" not in said
    assert client_as(village.parents["Zoe"]).get(pdf.request.path).status_code == 404


def test_a_record_that_is_not_signed_has_no_letter(village: Village, adviser_work: Work, client_as: SignIn) -> None:
    contact = record(adviser_work, village)
    adviser_work.session.flush()
    ada = village["Ada"].reference
    family = client_as(village.parents["Ada"])
    one = f"/family/children/{ada}/records/{contact.reference}"
    assert family.get(f"{one}/letter.pdf").location == one


def test_it_is_added_on_a_page(village: Village, adviser_work: Work, client_as: SignIn) -> None:
    contact = record(adviser_work, village, signed=True)
    adviser_work.session.flush()
    officer = client_as(village.adviser)
    one = f"/children/{village['Ada'].reference}/contact/{contact.reference}"
    assert "says for good what it says" in text_of(officer, one)
    assert "Select whether the family" in officer.submit(f"{one}/add", {"words": "More"}).get_data(as_text=True)
    assert officer.submit(f"{one}/add", {"words": "More", "for_family": "no"}).location == one
    assert "More" in text_of(officer, one)
    unsigned = record(adviser_work, village)
    adviser_work.session.flush()
    other = f"/children/{village['Ada'].reference}/contact/{unsigned.reference}"
    assert officer.get(f"{other}/add").location == other
    assert client_as(village.staff[Role.AUDITOR]).get(f"{one}/add").status_code == 403


# What cannot wait


def test_what_cannot_wait_is_raised_in_the_same_transaction(village: Village, adviser_work: Work) -> None:
    worry = service.Observation(fact="CANARY", cannot_wait=True)
    contact = record(adviser_work, village, observation=worry)
    raised = adviser_work.session.scalars(select(Escalation).where(Escalation.child_id == contact.child_id)).one()
    assert (raised.reason, raised.danger_now, raised.raised_by_id) == (Reason.CONCERN, True, village.adviser.id)
    assert "CANARY" not in (raised.words or ""), "what it is stays in the restricted note"
    assert queries.observations(adviser_work, contact)[0].cannot_wait
    mails = adviser_work.session.scalars(
        select(OutgoingMessage.to_address).where(OutgoingMessage.template == "escalation-raised")
    ).all()
    assert village.cme_officer.email in mails


def test_what_can_wait_raises_nothing(village: Village, adviser_work: Work) -> None:
    record(adviser_work, village, observation=service.Observation(fact="A worry"))
    assert adviser_work.session.scalars(select(Escalation)).all() == []


def test_999_is_on_the_screen(village: Village, work: Work, client_as: SignIn, home: str) -> None:
    officer = client_as(village.adviser)
    answer = officer.submit(f"{home}{HELD}", {**CHECK, **WORRY, "cannot_wait": "yes"})
    page = text_of(officer, answer.location)
    assert "call 999" in page
    assert "the CME team was told at once" in page
    assert "999" not in text_of(
        client_as(village.parents["Ada"]), f"/family/children/{village['Ada'].reference}/records"
    )
    assert latest(work, village["Ada"]).welfare_check is not None
