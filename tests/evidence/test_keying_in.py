"""What came on paper, by mail or by hand: added by officers, and counted from the day it came."""

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, ContactClock
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.models import CameBy, Evidence
from ehe_portal.evidence.service import Receipt
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Parent
from tests.core.made_files import pdf
from tests.evidence.conftest import NewWork, waiting_files
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
CAME = date(2026, 3, 4)


def ada_of(work: Work, village: Village) -> Child:
    child = register.visible_child(work, village["Ada"].reference)
    assert child is not None
    return child


def parent_of(village: Village) -> str:
    return village["Ada"].parents[0].reference


@pytest.fixture
def key_in_url(village: Village) -> str:
    return f"/children/{village['Ada'].reference}/evidence/key-in"


def filled(village: Village, **more: object) -> dict[str, object]:
    day = {"received_on-day": "4", "received_on-month": "3", "received_on-year": "2026"}
    return {**day, "came_by": "post", "sender": parent_of(village), "files": (io.BytesIO(b""), ""), **more}


def test_it_says_who_added_it_and_counts_from_the_day_it_came(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    receipt = Receipt(CAME, CameBy.POST, parent_of(village))
    sent = service.key_in(work, ada_of(work, village), receipt, "Two sides about the pond.")
    assert (sent.account_id, sent.keyed_in_by_id, sent.sent_on) == (None, village.adviser.id, CAME)
    assert (sent.came_by, sent.from_whom, sent.parent_id) == (
        CameBy.POST, village.parents["Ada"].name, village["Ada"].parents[0].id,
    )  # fmt: skip
    written = work.session.scalars(select(Contact).where(Contact.evidence_id == sent.id)).one()
    assert (written.happened_on, written.outcome, written.substantive) == (CAME, ContactOutcome.RECEIVED, None)
    assert written.recorded_by_id == village.adviser.id
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EvidenceSubmitted")).one()
    assert entry.details["came_by"] == "post"
    assert "pond" not in str(entry.details)
    mailed = work.session.scalars(select(OutgoingMessage.template).where(OutgoingMessage.template.like("evidence%")))
    assert mailed.all() == [], "a letter is not answered with a mail about what was sent here"


def test_once_read_it_is_contact_from_the_day_it_came(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    sent = service.key_in(work, ada_of(work, village), Receipt(CAME, CameBy.POST, None, "Gran"), "About the pond.")
    written = work.session.scalars(select(Contact).where(Contact.evidence_id == sent.id)).one()
    contact.confirm_writing(work, written, substantive=True, version=written.version)
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == sent.child_id)).one()
    assert (clock.last_contact_on, clock.due_on) == (CAME, date(2027, 3, 4))


@pytest.mark.parametrize(
    ("receipt", "field"),
    [
        (Receipt(date(2026, 3, 13), CameBy.POST, None, "Gran"), "received_on"),
        (Receipt(date(2015, 5, 3), CameBy.POST, None, "Gran"), "received_on"),
        (Receipt(CAME, CameBy.POST, None, ""), "from_whom"),
        (Receipt(CAME, CameBy.POST, "NOSUCHONE0"), "sender"),
    ],
)
def test_what_cannot_be_is_refused(village: Village, new_work: NewWork, receipt: Receipt, field: str) -> None:
    work = new_work(village.adviser)
    with pytest.raises(Refusal) as refused:
        service.key_in(work, ada_of(work, village), receipt, "Words")
    assert refused.value.field == field
    with pytest.raises(Refusal, match="Enter something"):
        service.key_in(work, ada_of(work, village), Receipt(CAME, CameBy.POST, None, "Gran"), "")


def test_a_parent_sees_what_they_sent_on_paper_and_not_what_the_other_did(
    village: Village, new_work: NewWork, other_parent: Account
) -> None:
    work = new_work(village.adviser)
    theirs = service.key_in(work, ada_of(work, village), Receipt(CAME, CameBy.POST, parent_of(village)), "Pond.")
    gran = service.key_in(work, ada_of(work, village), Receipt(CAME, CameBy.POST, None, "Gran"), "Buns.")
    parent = new_work(village.parents["Ada"])
    assert [one.id for one in queries.sent(parent, theirs.child_id)] == [theirs.id]
    assert queries.family_sending(parent, village["Ada"].reference, gran.reference) is None
    other = new_work(other_parent)
    assert queries.sent(other, theirs.child_id) == []
    work.session.get_one(Parent, village["Ada"].parents[0].id).verified_at = None
    work.session.flush()
    assert queries.sent(new_work(village.parents["Ada"]), theirs.child_id) == [], "not before they are verified"


def test_the_family_sees_when_how_from_whom_and_by_whom_it_came_here(
    village: Village, new_work: NewWork, client_as: ClientAs
) -> None:
    work = new_work(village.adviser)
    sent = service.key_in(work, ada_of(work, village), Receipt(CAME, CameBy.POST, parent_of(village)), "Pond.")
    home = f"/family/children/{village['Ada'].reference}"
    parent = client_as(village.parents["Ada"])
    listed = " ".join(parent.get(f"{home}/decisions").text.split())
    assert f"by post, from {village.parents['Ada'].name}" in listed
    assert "Ann Wessex added it here for you on 12 March 2026" in listed
    read = parent.get(f"{home}/evidence/{sent.reference}/sent").text
    assert "What you gave us on paper or by email" in read
    assert "by Ann Wessex" in read
    assert "sent you an email" not in read


def test_an_officer_may_add_as_much_for_each_child(
    village: Village, new_work: NewWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_FILES_A_DAY", 1)
    work = new_work(village.adviser)
    service.expect_file(work, village["Ada"], "a.pdf", "application/pdf", 1)
    service.expect_file(work, village["Ben"], "b.pdf", "application/pdf", 1)
    with pytest.raises(Refusal, match=r"‘c\.pdf’ was left out"):
        service.expect_file(work, village["Ada"], "c.pdf", "application/pdf", 1)


# In a browser


def test_an_officer_adds_a_scan(
    client_as: ClientAs, village: Village, work: Work, house: Portal, key_in_url: str
) -> None:
    client = client_as(village.adviser)
    answer = client.submit(key_in_url, filled(village, files=[(io.BytesIO(pdf()), "letter.pdf")]))
    assert answer.status_code == 302, answer.text
    sent = work.session.scalars(select(Evidence)).one()
    assert b"".join(house.vault.read(sent.files[0].stored_as)) == pdf()
    page = client.get(answer.location).text
    assert "4 March 2026, from" in page
    assert f"By post. Added by {village.adviser.name}, 12 March 2026, midday" in " ".join(page.split())
    assert (
        client.get(
            f"/children/{village['Ada'].reference}/evidence/files/{sent.files[0].reference}", follow_redirects=True
        ).data
        == pdf()
    )
    assert waiting_files(work) == []


def test_a_scan_and_words_stay_while_the_rest_is_put_right(
    client_as: ClientAs, village: Village, work: Work, key_in_url: str
) -> None:
    client = client_as(village.adviser)
    wrong = filled(village, written_account="Two sides.", files=[(io.BytesIO(pdf()), "letter.pdf")])
    page = client.submit(key_in_url, {**wrong, "received_on-year": "2027"})
    assert page.status_code == 200
    assert "Enter a date that is not in the future" in page.text
    assert "Two sides.</textarea>" in page.text
    form = form_of(page.text)[1]
    assert form["keep"] == waiting_files(work)[0].reference
    again = {**form, "received_on-year": "2026", "files": (io.BytesIO(b""), "")}
    assert client.post(key_in_url, data=again).status_code == 302
    assert [file.filename for file in work.session.scalars(select(Evidence)).one().files] == ["letter.pdf"]


def test_a_file_that_was_not_taken_is_named_while_another_answer_is_missing(
    client_as: ClientAs, village: Village, work: Work, key_in_url: str
) -> None:
    client = client_as(village.adviser)
    files = [(io.BytesIO(pdf()), "letter.pdf"), (io.BytesIO(b"MZ" + bytes(200)), "program.pdf")]
    page = client.submit(key_in_url, {**filled(village, files=files), "came_by": ""})
    assert page.status_code == 200
    assert "program.pdf" in page.text
    assert [one.filename for one in waiting_files(work)] == ["letter.pdf"]


@pytest.fixture
def without_tokens(app: Flask) -> Iterator[None]:
    """A refusal must not hide behind a missing token."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.usefixtures("without_tokens")
def test_only_officers_who_may_are_let_in(client_as: ClientAs, village: Village, work: Work, key_in_url: str) -> None:
    for account, code in (
        (village.staff[Role.AUDITOR], 403),
        (village.cme_officer, 403),
        (village.stranger[Role.ADVISER], 404),
        (village.parents["Ada"], 403),
    ):
        client = client_as(account)
        assert client.get(key_in_url).status_code == code
        sent = filled(village, files=(io.BytesIO(pdf()), "letter.pdf"))
        assert client.post(key_in_url, data=sent).status_code == code, account.role
    assert waiting_files(work) == []
    assert work.session.scalars(select(Evidence)).all() == []


@pytest.mark.usefixtures("without_tokens")
def test_a_familys_door_stays_the_familys(client_as: ClientAs, village: Village, work: Work) -> None:
    """An officer whose files are taken in elsewhere cannot leave any at the family's page."""
    url = f"/family/children/{village['Ada'].reference}/evidence/new"
    officer = client_as(village.adviser)
    assert officer.post(url, data={"files": (io.BytesIO(pdf()), "a.pdf")}).status_code == 403
    assert waiting_files(work) == []


def test_files_that_were_never_added_are_thrown_away(village: Village, new_work: NewWork, house: Portal) -> None:
    with transaction(new_work(village.adviser), may_write=True) as work:
        service.expect_file(work, village["Ada"], "a.pdf", "application/pdf", 1)
    later = new_work()
    later.at += rules.WAITING_FILES_KEPT
    service.throw_away(later, house.vault, list(later.session.scalars(queries.never_sent(later))))
    assert waiting_files(later) == []
