"""Two parents of one child, at different addresses: each sees the child, neither the other's details or words."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Role
from ehe_portal.contact import queries as contacts
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, SafeguardingObservation, VisitReply
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import Assessment, DecisionState, Evidence, Outcome
from ehe_portal.register import queries as register
from ehe_portal.register import service as registers
from ehe_portal.register.models import Address, ChangeKind, Child, Parent, Registration
from tests.architecture.test_access import access_of, rules_of
from tests.pages import LintingClient
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]

DETAILS = {
    "Ada": ("CANARY-ADDRESS-1", "CANARY-PHONE-1", "first@canary.example", "CANARY-NAME-1"),
    "Oz": ("CANARY-ADDRESS-2", "CANARY-PHONE-2", "second@canary.example", "CANARY-NAME-2"),
}
WORDS = {who: f"CANARY-WORDS-{number}" for number, who in enumerate(DETAILS, 1)}
SHARED = ("Because of the maps", "A walk by the river", "A diary of newts")
HIDDEN = ("CANARY-SAFEGUARDING", "CANARY-OPINION", "CANARY-SAID-BY-THE-CHILD")


@pytest.fixture
def parents(work: Work, village: Village, new_work: NewWork) -> dict[str, Account]:
    """Ada's two parents, each verified; each has details on the record and has sent everything that can be sent."""
    ada = village["Ada"]
    keys: dict[str, Any] = {"authority_id": ada.authority_id, "child_id": ada.id}
    oz = an_account(work, village.authority, Role.PARENT, "oz@x.example", "Oz")
    accounts = {"Ada": village.parents["Ada"], "Oz": oz}
    first = work.session.scalars(select(Parent).where(Parent.child_id == ada.id)).one()
    second = Parent(**keys, position=2, name="", account_id=accounts["Oz"].id, verified_at=work.at)
    work.session.add(second)
    for parent, (who, (address, phone, email, name)) in zip((first, second), DETAILS.items(), strict=True):
        parent.address, parent.phone, parent.email, parent.name = address, phone, email, name
        work.session.add(
            Registration(**keys, account_id=accounts[who].id, answers={"address_line_1": address, "phone": phone},
                         submitted_at=work.at)
        )  # fmt: skip
    current = work.session.scalars(select(Address).where(Address.child_id == ada.id)).one()
    current.line = "CANARY-ADDRESS-1"
    work.session.add(
        Assessment(
            **keys,
            outcome=Outcome.SUITABLE,
            reasons=SHARED[0],
            decided_at=work.at,
            decided_by_id=None,
            state=DecisionState.STANDS,
            stands_since=work.at,
        )
    )
    work.session.flush()
    work.session.expire_all()
    a_visit_is_recorded(new_work(village.adviser), ada)
    for who, account in accounts.items():
        everything_is_sent(new_work, village, account, WORDS[who])
    return accounts


def a_visit_is_recorded(work: Work, child: Child) -> None:
    found = register.visible_child(work, child.reference)
    assert found is not None
    happened = contact.Happened(
        kind=ContactKind.MEETING,
        outcome=ContactOutcome.HELD,
        happened_on=date(2026, 3, 10),
        child_seen=ChildSeen.YES,
        summary=SHARED[1],
        check=contact.Check(persons_present="Ada", childs_words=HIDDEN[2], education_seen=SHARED[2]),
        observation=contact.Observation(fact=HIDDEN[0], opinion=HIDDEN[1]),
        signed=True,
    )
    contact.record_contact(work, found, happened)


def everything_is_sent(new_work: NewWork, village: Village, account: Account, said: str) -> None:
    """Evidence, an answer to an offer, a comment and a change, each with words that are this parent's own."""
    officer, ada = new_work(village.adviser), village["Ada"].reference
    child = register.visible_child(officer, ada)
    assert child is not None
    offer = contact.Offer(kind=ContactKind.PHONE_CALL, on_date=date(2026, 3, 20), at_time=time(10))
    made = contact.offer_visit(officer, child, offer).reference
    work = new_work(account)
    mine = register.visible_child(work, ada)
    assert mine is not None
    evidence.submit(work, mine, said, [])
    visit = contacts.visible_visit(work, ada, made)
    assert visit is not None
    given = contact.Answer(reply=VisitReply.ANOTHER_TIME, words=said)
    contact.answer_offer(work, visit, given, version=visit.version)
    record = work.session.scalars(select(Contact).where(Contact.summary == SHARED[1])).one()
    contact.comment(work, record, said)
    registers.report_change(work, mine, ChangeKind.ADDRESS, {"address": said, "words": said})


def pages_of(app: Flask, work: Work, village: Village) -> Iterator[str]:
    """Every page that a parent may open, on every thing there is about Ada, whoever it came from."""
    ada = village["Ada"]
    references: dict[str, list[str]] = {
        "reference": [ada.reference],
        "contact_reference": list(work.session.scalars(select(Contact.reference).where(Contact.child_id == ada.id))),
        "visit_reference": [one.reference for one in contacts.offers_made(work, ada.id)],
        "evidence_reference": [one.reference for one in sent_about(work, ada)],
        "change_kind": [kind.value for kind in ChangeKind],
    }
    for rule in rules_of(app):
        if access_of(app, rule).needs not in GRANTS[Role.PARENT] or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint.startswith("registration.") or not set(rule.arguments) <= set(references):
            continue
        last = [name for name in rule.arguments if name != "reference"]
        for value in references[last[0]] if last else [""]:
            values: dict[str, Any] = {name: value if name in last else ada.reference for name in rule.arguments}
            with app.test_request_context():
                yield app.url_for(rule.endpoint, **values)


def sent_about(work: Work, child: Child) -> Sequence[Evidence]:
    return work.session.scalars(select(Evidence).where(Evidence.child_id == child.id).order_by(Evidence.id)).all()


def said_in(answer: Any) -> str:
    """The words of a page, or of a letter."""
    if answer.mimetype != "application/pdf":
        return str(answer.get_data(as_text=True).replace("<wbr>", ""))
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


@pytest.mark.parametrize(("who", "other"), [("Ada", "Oz"), ("Oz", "Ada")])
def test_neither_parent_sees_the_others(
    app: Flask, work: Work, village: Village, parents: dict[str, Account], client_as: ClientAs, who: str, other: str
) -> None:
    client = client_as(parents[who])
    seen_there, opened = "", 0
    for url in pages_of(app, work, village):
        answer = client.get(url)
        assert answer.status_code in (200, 302, 404), url
        source = said_in(answer) + str(answer.headers)
        for secret in (*DETAILS[other], WORDS[other], *HIDDEN):
            assert secret not in source, (url, secret)
        seen_there += source
        opened += answer.status_code == 200
    assert opened > 15
    for shown in (*SHARED, WORDS[who], "Another parent"):
        assert shown in seen_there, shown


def test_what_the_other_sent_is_not_even_named(
    work: Work, village: Village, parents: dict[str, Account], client_as: ClientAs
) -> None:
    """A page of the other's evidence, reply or comment is not found."""
    client = client_as(parents["Oz"])
    ada = f"/family/children/{village['Ada'].reference}"
    firsts = parents["Ada"].id
    for record in work.session.scalars(select(Contact).where(Contact.recorded_by_id == firsts)):
        assert client.get(f"{ada}/records/{record.reference}").status_code == 404
        assert client.get(f"{ada}/records/{record.reference}/comment").status_code == 404
    for sending in sent_about(work, village["Ada"]):
        status = client.get(f"{ada}/evidence/{sending.reference}/sent").status_code
        assert status == (404 if sending.account_id == firsts else 200)
    story = client.get(f"{ada}/story").get_data(as_text=True).replace("<wbr>", "")
    for own in (
        "Something about the education</h2>",
        "Registration</h2>",
        "Comment on our record</h2>",
        "change of address</h2>",
    ):
        assert story.count(own) == 1, own


def test_no_mail_carries_a_detail_or_a_word(work: Work, parents: dict[str, Account]) -> None:
    told = work.session.scalars(select(OutgoingMessage)).all()
    assert len(told) > 8
    for message in told:
        said = f"{message.context} {message.template}"
        for secret in (*DETAILS["Ada"], *DETAILS["Oz"], *WORDS.values(), *SHARED, *HIDDEN, "Ada", "Byrne"):
            assert secret not in said, (message.template, secret)


def test_officers_see_both_beside_the_record(
    work: Work, village: Village, parents: dict[str, Account], client_as: ClientAs
) -> None:
    record = work.session.scalars(select(Contact).where(Contact.summary == SHARED[1])).one()
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/contact/{record.reference}")
    source = page.get_data(as_text=True).replace("<wbr>", "")
    assert WORDS["Ada"] in source
    assert WORDS["Oz"] in source
    assert work.session.scalars(select(SafeguardingObservation)).one().fact in source


@pytest.mark.parametrize("who", ["Oz", "Zoe"])
def test_unverified_or_of_another_family_every_page_is_closed(
    app: Flask, work: Work, village: Village, parents: dict[str, Account], client_as: ClientAs, who: str
) -> None:
    if who == "Oz":
        work.session.scalars(select(Parent).where(Parent.position == 2)).one().verified_at = None
        work.session.flush()
    client = client_as(parents[who] if who == "Oz" else village.parents["Zoe"])
    for url in pages_of(app, work, village):
        if "/children/" not in url:
            continue
        source = client.get(url).get_data(as_text=True).replace("<wbr>", "")
        for secret in (*SHARED, *DETAILS["Ada"], WORDS["Ada"], village.adviser.name):
            assert secret not in source, (url, secret)
