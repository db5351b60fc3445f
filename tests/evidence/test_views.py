"""Sending evidence and reading it, in a browser, with real files."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.vault import VaultFull
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Evidence, EvidenceFile
from ehe_portal.evidence.views import serving
from tests.conftest import Clock
from tests.core.made_files import doc, docx, opendocument, pdf, photograph, zip_bomb
from tests.evidence.conftest import NewWork, waiting_files
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Sent = Callable[..., EvidenceFile]
FileToSend = tuple[bytes, str]


@pytest.fixture
def parent(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.parents["Ada"])


@pytest.fixture
def send_to(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}/evidence/new"


def send(client: LintingClient, url: str, words: str = "", *files: FileToSend, **more: object) -> TestResponse:
    """Fill in the page as it stands and press Send."""
    chosen = [(io.BytesIO(content), name) for content, name in files] or [(io.BytesIO(b""), "")]
    return client.submit(url, {"written_account": words, "files": chosen, **more})


def again(client: LintingClient, url: str, page: TestResponse, *files: FileToSend, **more: object) -> TestResponse:
    """Put right a page that came back, and press Send once more."""
    chosen = [(io.BytesIO(content), name) for content, name in files] or [(io.BytesIO(b""), "")]
    return client.post(url, data={**form_of(page.text)[1], "files": chosen, **more})


def sendings(work: Work) -> list[Evidence]:
    work.session.expire_all()
    return list(work.session.scalars(select(Evidence).order_by(Evidence.id)))


def reads(work: Work) -> list[tuple[int | None, int | None, str]]:
    return [
        (entry.account_id, entry.child_id, entry.what)
        for entry in work.session.scalars(select(AccessEntry).order_by(AccessEntry.id))
    ]


# Sending


def test_a_family_sends_words_and_files_and_gets_a_receipt(
    parent: LintingClient, send_to: str, work: Work, house: Portal
) -> None:
    answer = send(
        parent, send_to, "We read <every> day.",
        (pdf(), "Spring report.pdf"), (photograph(), "IMG_1234.JPG"), (docx(), "maths.docx"),
        (opendocument(), "plan.odt"), (photograph(kind="PNG"), "leaf é 🍁.png"), (photograph(kind="HEIF"), "den.heic"),
    )  # fmt: skip
    assert answer.status_code == 302
    evidence = sendings(work)[0]
    assert evidence.written_account == "We read <every> day."
    assert [file.filename for file in evidence.files] == [
        "Spring report.pdf", "IMG_1234.JPG", "maths.docx", "plan.odt", "leaf é 🍁.png", "den.heic",
    ]  # fmt: skip
    assert b"".join(house.vault.read(evidence.files[0].stored_as)) == pdf()
    receipt = parent.get(answer.location).text
    assert evidence.reference in receipt
    assert "We read &lt;every&gt; day." in receipt
    assert "leaf é 🍁.png" in receipt
    assert "19 March 2026" in receipt, "five working days after 12 March"
    assert waiting_files(work) == []


def test_a_receipt_read_again_promises_no_day_that_is_past(parent: LintingClient, send_to: str, work: Work) -> None:
    receipt = send(parent, send_to, "We read.").location
    assert "will read it by" in parent.get(receipt).text
    sendings(work)[0].sent_on = date(2026, 3, 4)
    work.session.flush()
    later = parent.get(receipt).text
    assert "was to read it by <time" in later
    assert "will read it by" not in later


def test_words_alone_will_do(parent: LintingClient, send_to: str, work: Work) -> None:
    assert send(parent, send_to, "We read.").status_code == 302
    assert sendings(work)[0].files == []


def test_nothing_at_all_is_answered_beside_the_field(parent: LintingClient, send_to: str) -> None:
    page = send(parent, send_to).text
    assert '<a href="#written_account">Enter something about your child’s education' in page


def test_bad_files_are_named_and_good_ones_and_words_are_kept(parent: LintingClient, send_to: str, work: Work) -> None:
    page = send(
        parent, send_to, "We read.",
        (pdf(), "good.pdf"), (b"MZ\x90 not this", "holiday.exe"), (b"", "empty.pdf"), (b"%PDF-1.7 rubbish", "torn.pdf"),
    )  # fmt: skip
    assert page.status_code == 200
    assert "‘holiday.exe’ must be a PDF, Word, OpenDocument, JPEG, PNG or HEIC file, or a video" in page.text
    assert "‘empty.pdf’ is empty" in page.text
    assert "‘torn.pdf’" in page.text
    assert "We read.</textarea>" in page.text
    assert "good.pdf" in page.text
    assert sendings(work) == []
    fields = form_of(page.text)[1]
    assert fields["keep"] == waiting_files(work)[0].reference, "the good file is ticked"
    assert again(parent, send_to, page, (photograph(), "second.jpg")).status_code == 302
    evidence = sendings(work)[0]
    assert [file.filename for file in evidence.files] == ["good.pdf", "second.jpg"]
    assert evidence.written_account == "We read."


def test_words_and_files_are_kept_until_somebody_finishes_on_another_device(
    client_as: ClientAs, village: Village, send_to: str, work: Work, clock: Clock
) -> None:
    phone, laptop = client_as(village.parents["Ada"]), client_as(village.parents["Ada"])
    assert send(phone, send_to, "We read", (pdf(), "Spring report.pdf"), later="keep").location == send_to
    assert sendings(work) == []
    clock.at += timedelta(days=3)
    page = laptop.get(send_to)
    assert "We read</textarea>" in page.text
    assert "Spring report.pdf" in page.text
    fields = form_of(page.text, "Send")[1]
    assert laptop.post(send_to, data={**fields, "written_account": "We read every day."}).status_code == 302
    evidence = sendings(work)[0]
    assert evidence.written_account == "We read every day."
    assert [file.filename for file in evidence.files] == ["Spring report.pdf"]
    assert waiting_files(work) == []
    assert "We read" not in laptop.get(send_to).text


def test_a_kept_file_may_be_left_out(parent: LintingClient, send_to: str, work: Work) -> None:
    page = send(parent, send_to, "We read.", (pdf(), "good.pdf"), (b"no", "bad.pdf"))
    fields = {**form_of(page.text)[1], "files": (io.BytesIO(b""), "")}
    fields.pop("keep")
    assert parent.post(send_to, data=fields).status_code == 302
    assert sendings(work)[0].files == []


def test_files_kept_too_long_ago_are_asked_for_again_and_words_stay(
    parent: LintingClient, send_to: str, work: Work, clock: Clock
) -> None:
    page = send(parent, send_to, "We read.", (pdf(), "good.pdf"), (b"no", "bad.pdf"))
    clock.at += timedelta(days=30)
    page = again(parent, send_to, page)
    assert page.status_code == 200
    assert "Choose your files again" in page.text
    assert "We read.</textarea>" in page.text
    assert again(parent, send_to, page).status_code == 302


def test_another_familys_file_cannot_be_slipped_in(
    client_as: ClientAs, village: Village, send_to: str, work: Work, other_parent: Account
) -> None:
    theirs = client_as(other_parent)
    send(theirs, send_to, "", (pdf(), "theirs.pdf"), (b"no", "bad.pdf"))
    reference = waiting_files(work)[0].reference
    page = send(client_as(village.parents["Ada"]), send_to, "We read.", keep=[reference])
    assert page.status_code == 200
    assert "theirs.pdf" not in page.text
    assert sendings(work) == []


def test_two_presses_send_once(parent: LintingClient, send_to: str, work: Work, house: Portal) -> None:
    fields = form_of(parent.get(send_to).text)[1]
    answers = [
        parent.post(send_to, data={**fields, "written_account": "We read.", "files": (io.BytesIO(pdf()), "a.pdf")})
        for _ in range(2)
    ]
    assert answers[0].location == answers[1].location
    assert len(sendings(work)) == 1
    assert waiting_files(work) == [], "the second press kept no file of its own"


def test_hostile_files_are_answered(parent: LintingClient, send_to: str) -> None:
    page = send(parent, send_to, "We read.", (zip_bomb(), "plan.docx"), (pdf(password="secret"), "locked.pdf"))
    assert page.status_code == 200
    assert "‘plan.docx’" in page.text
    assert "‘locked.pdf’ is password protected" in page.text


def test_names_of_files_are_made_safe(parent: LintingClient, send_to: str, work: Work) -> None:
    send(parent, send_to, "", (pdf(), "..\\..\\etc/<script>alert(1)</script>\x1b.pdf"))
    filename = sendings(work)[0].files[0].filename
    assert "/" not in filename
    assert "<" not in filename


@pytest.mark.parametrize("words", ["x" * 50_001, "nul \x00 in it"])
def test_words_that_cannot_be_taken_are_answered(parent: LintingClient, send_to: str, words: str) -> None:
    page = send(parent, send_to, words)
    assert page.status_code == 200
    assert '<a href="#written_account">Enter ' in page.text


def test_a_full_disk_loses_no_words(
    parent: LintingClient, send_to: str, house: Portal, monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    def full(*_: object) -> None:
        raise VaultFull("no room")

    monkeypatch.setattr(house.vault, "store", full)
    page = send(parent, send_to, "We read.", (pdf(), "a.pdf"))
    assert "‘a.pdf’ could not be stored just now" in page.text
    assert "We read.</textarea>" in page.text
    assert sendings(work) == []


def test_only_the_childs_own_family_sends(client_as: ClientAs, village: Village, send_to: str, work: Work) -> None:
    stranger = client_as(village.parents["Zoe"])
    token = {"csrf_token": "x"}
    assert stranger.get(send_to).status_code == 404
    assert client_as(village.adviser).get(send_to).status_code == 403
    page = client_as(village.parents["Zoe"])
    own = form_of(page.get(f"/family/children/{village['Zoe'].reference}/evidence/new").text)[1]
    answer = page.post(send_to, data={**token, **own, "files": (io.BytesIO(pdf()), "a.pdf")})
    assert answer.status_code == 404
    assert waiting_files(work) == [], "a stranger's file is not kept either"


def test_a_visitors_file_is_not_kept(client_as: ClientAs, send_to: str, work: Work) -> None:
    visitor = client_as(None)
    token = form_of(visitor.get("/account/new").text)[1]["csrf_token"]
    answer = visitor.post(send_to, data={"csrf_token": token, "files": (io.BytesIO(pdf()), "a.pdf")})
    assert answer.location.startswith("/sign-in?next=")
    assert waiting_files(work) == []


def test_a_receipt_and_its_files_are_the_senders_alone(
    client_as: ClientAs, village: Village, work: Work, sent_file: Sent, other_parent: Account
) -> None:
    file = sent_file(pdf(), "a.pdf", "application/pdf")
    base = f"/family/children/{village['Ada'].reference}/evidence"
    urls = [f"{base}/{file.sending.reference}/sent", f"{base}/files/{file.reference}"]
    for url in urls:
        assert client_as(village.parents["Ada"]).get(url, follow_redirects=True).status_code == 200
        assert client_as(other_parent).get(url).status_code == 404
        assert client_as(village.parents["Zoe"]).get(url).status_code == 404
        assert client_as(village.adviser).get(url).status_code == 403


# Reading


def test_an_officer_reads_what_was_sent_and_that_is_put_down(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork
) -> None:
    service.submit(new_work(village.parents["Ada"]), village["Ada"], "We read.\nWe <sing>.")
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence").text
    assert "We read.\nWe &lt;sing&gt;." in page
    assert village.parents["Ada"].name in page
    assert reads(work) == [(village.adviser.id, village["Ada"].id, "evidence")]


def test_an_empty_list_says_what_will_be_there(client_as: ClientAs, village: Village) -> None:
    page = client_as(village.adviser).get(f"/children/{village['Ben'].reference}/evidence").text
    assert "What the family sends, and what officers add" in page
    assert "Record an outcome" in page
    auditor = client_as(village.staff[Role.AUDITOR]).get(f"/children/{village['Ben'].reference}/evidence").text
    assert "Record an outcome" not in auditor


def test_a_download_is_the_file_as_it_was_sent(
    client_as: ClientAs, village: Village, work: Work, sent_file: Sent
) -> None:
    content = pdf(pages=3) + b"%" * 3_000_000
    file = sent_file(content, 'Ada’s "plan"; é.pdf', "application/pdf")
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
    answer = client_as(village.adviser).get(url, follow_redirects=True)
    assert answer.data == content
    assert answer.content_length == len(content)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert reads(work) == [(village.adviser.id, village["Ada"].id, f"evidence-file/{file.reference}")]


def test_a_picture_is_made_anew_without_its_place(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    file = sent_file(photograph(60, 40, place=True), "garden.jpg", "image/jpeg")
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}/picture"
    answer = client_as(village.adviser).get(url)
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert len(picture.getexif()) == 0


def test_what_is_no_picture_has_none(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    file = sent_file(doc(), "a.doc", "application/msword")
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
    assert client_as(village.adviser).get(f"{url}/picture").status_code == 404
    assert client_as(village.adviser).get(f"{url}/look").status_code == 404


def kept_at(house: Portal, settings_folder: str, stored_as: str) -> Path:
    """Where the vault's folder keeps one object."""
    return next(path for path in Path(settings_folder).rglob("*") if path.stem == stored_as.split("/")[1])


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "swapped"])
def test_a_damaged_file_is_not_served(
    client_as: ClientAs, village: Village, house: Portal, work: Work, sent_file: Sent, damage: str
) -> None:
    file = sent_file(photograph(), "a.jpg", "image/jpeg")
    other = sent_file(photograph(61), "b.jpg", "image/jpeg")
    folder = house.settings.vault_url.removeprefix("file:")
    path, other_path = (kept_at(house, folder, one.stored_as) for one in (file, other))
    whole = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        case "cut":
            path.write_bytes(whole[:-1])
        case "gone":
            path.unlink()
        case _:
            path.write_bytes(other_path.read_bytes())
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
    client = client_as(village.adviser)
    for answer in (client.get(url, follow_redirects=True), client.get(f"{url}/picture"), client.get(f"{url}/look")):
        assert answer.status_code == 410
        assert "This file cannot be opened" in answer.text
        assert file.reference in answer.text
    told = work.session.scalars(select(OutgoingMessage.to_address).where(OutgoingMessage.template == "file-damaged"))
    people = [village.staff[Role.ADMINISTRATOR].email, village.staff[Role.EHE_MANAGER].email]
    assert sorted(told) == sorted(people), "once, however often it is asked for"
    health = client_as(None).get("/healthz")
    assert health.status_code == 503
    assert any("file that is kept cannot be opened" in line for line in health.get_json()["problems"])


def test_no_file_leaves_before_its_reading_is_put_down(
    client_as: ClientAs, village: Village, sent_file: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot_write(session: object) -> None:
        raise OSError("the log is full")

    file = sent_file(photograph(), "a.jpg", "image/jpeg")
    monkeypatch.setattr(serving, "note_reading", lambda work, *_, **__: work.afterwards(cannot_write))
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}/picture"
    answer = client_as(village.adviser).get(url)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.EHE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_another_authoritys_evidence_is_not_there(
    client_as: ClientAs, village: Village, sent_file: Sent, role: Role
) -> None:
    file = sent_file(photograph(), "a.jpg", "image/jpeg")
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.stranger[role])
    for url in (base, f"{base}/assess", f"{base}/files/{file.reference}", f"{base}/files/{file.reference}/picture"):
        assert client.get(url).status_code in (403, 404)
    mixed = f"/children/{village['Ben'].reference}/evidence/files/{file.reference}"
    assert client_as(village.adviser).get(mixed).status_code == 404, "a file is found under its own child only"
