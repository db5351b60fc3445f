"""Files that come in parts, by the tus protocol: kept, gone on with, finished, refused, and nobody else's."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.http import parse_date
from werkzeug.test import TestResponse

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.vault import StoredObject
from ehe_portal.core.vault.frames import FRAME_BYTES
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, service
from ehe_portal.evidence.models import Evidence
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Parent
from tests.conftest import Clock
from tests.core.made_files import docx, pdf, photograph
from tests.evidence.conftest import NewWork, waiting_files
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Sender:
    """Speaks the protocol as one account, about one child."""

    client: LintingClient
    place: str
    token: str

    def ask(self, method: str, url: str, **more: str) -> TestResponse:
        return self.client.open(url, method=method, headers={**TUS, "X-CSRFToken": self.token, **more})

    def begin(self, length: int, filename: str = "pond.pdf", **more: str) -> TestResponse:
        name = base64.b64encode(filename.encode()).decode()
        metadata = {"Upload-Length": str(length), "Upload-Metadata": f"filename {name},filetype"}
        return self.ask("POST", self.place, **{**metadata, **more})

    def part(self, url: str, offset: int, content: bytes, **more: str) -> TestResponse:
        headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        headers |= {**TUS, "X-CSRFToken": self.token, **more}
        return self.client.patch(url, data=content, headers=headers)

    def offset(self, url: str) -> int:
        return int(self.ask("HEAD", url).headers["Upload-Offset"])

    def whole(self, content: bytes, filename: str, step: int = 2_000_000) -> TestResponse:
        url = self.begin(len(content), filename).location
        answer = TestResponse(iter(()), "0", {}, None)  # type: ignore[arg-type]
        for offset in range(0, len(content), step):
            answer = self.part(url, offset, content[offset : offset + step])
        return answer


@pytest.fixture
def send_page(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}/evidence/new"


@pytest.fixture
def sender(client_as: ClientAs, village: Village, send_page: str) -> Sender:
    client = client_as(village.parents["Ada"])
    token = form_of(client.get(send_page).text)[1]["csrf_token"]
    return Sender(client, send_page.replace("/new", "/uploads"), token)


def content_in_vault(house: Portal, work: Work) -> bytes:
    work.session.expire_all()
    (file,) = waiting_files(work)
    assert file.size is not None
    assert file.sha256 is not None
    return b"".join(house.vault.read(file.stored_as, StoredObject(file.stored_as, file.size, file.sha256)))


def lying_about(house: Portal) -> list[str]:
    return [path.name for path in house.vault.incoming.rglob("*") if path.is_file()]


def test_a_file_comes_in_parts_and_is_sent_with_the_form(
    sender: Sender, send_page: str, work: Work, house: Portal, village: Village
) -> None:
    content = photograph(900, 700)
    begun = sender.begin(len(content), "den é 🍁.jpg")
    assert begun.status_code == 201
    assert begun.headers["Tus-Resumable"] == "1.0.0"
    url, middle = begun.location, len(content) // 2
    assert sender.offset(url) == 0
    answer = sender.part(url, 0, content[:middle])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(middle))
    assert sender.offset(url) == middle
    (waiting,) = waiting_files(work)
    assert waiting.sha256 is None
    assert "den é" not in sender.client.get(send_page).text.partition("Files you have uploaded")[2], "not offered yet"
    answer = sender.part(url, middle, content[middle:])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(content)))
    assert content_in_vault(house, work) == content
    assert lying_about(house) == []
    head = sender.ask("HEAD", url)
    assert head.headers["Upload-Offset"] == head.headers["Upload-Length"] == str(len(content))
    assert head.headers["Cache-Control"] == "no-store"
    sent = sender.client.submit(send_page, {"written_account": ""})
    assert sent.status_code == 302
    evidence = work.session.scalars(select(Evidence)).one()
    assert [(file.filename, file.media_type) for file in evidence.files] == [("den é 🍁.jpg", "image/jpeg")]
    assert sender.ask("HEAD", url).status_code == 404


def test_what_is_spoken_here_is_said(sender: Sender) -> None:
    answer = sender.client.options(sender.place)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,termination,expiration"
    assert answer.headers["Tus-Max-Size"] == str(500 * 1024**2)


def test_content_decides_here_too_and_what_may_not_be_taken_is_gone(sender: Sender, work: Work, house: Portal) -> None:
    url = sender.begin(300_000, "holiday.jpg").location
    answer = sender.part(url, 0, b"MZ" + bytes(299_998))
    assert answer.status_code == 422
    assert answer.text.startswith("‘holiday.jpg’ must be ")
    assert waiting_files(work) == []
    assert lying_about(house) == []
    assert sender.ask("HEAD", url).status_code == 404


def test_a_part_that_does_not_fit_is_refused_and_changes_nothing(sender: Sender, work: Work, house: Portal) -> None:
    content = pdf()
    url = sender.begin(len(content)).location
    assert sender.part(url, 0, content[:100]).status_code == 204
    wrong = {
        409: sender.part(url, 99, content[99:]),
        415: sender.part(url, 100, content[100:], **{"Content-Type": "application/octet-stream"}),
        412: sender.part(url, 100, content[100:], **{"Tus-Resumable": "0.2.2"}),
        413: sender.part(url, 100, content[100:] + b"more"),
    }
    assert {code: answer.status_code for code, answer in wrong.items()} == {code: code for code in wrong}
    assert wrong[412].headers["Tus-Version"] == "1.0.0"
    assert sender.part(url, 100, b"", **{"Upload-Offset": "-1"}).status_code == 409
    assert sender.offset(url) == 100
    assert sender.part(url, 100, content[100:]).status_code == 204
    assert content_in_vault(house, work) == content
    assert sender.part(url, len(content), b"").status_code == 409, "it is whole"


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "ten"}, {"Upload-Length": "-5"}, {"Upload-Length": ""},
        {"Upload-Metadata": "filename %%%"}, {"Upload-Metadata": "filename /w=="},
    ],
)  # fmt: skip
def test_a_beginning_that_makes_no_sense(sender: Sender, work: Work, headers: dict[str, str]) -> None:
    assert sender.begin(100, **headers).status_code == 400
    assert waiting_files(work) == []


def test_an_empty_file_is_refused_at_once(sender: Sender) -> None:
    answer = sender.begin(0, "empty.pdf")
    assert (answer.status_code, answer.text) == (422, "‘empty.pdf’ is empty")


def test_the_councils_limits_hold(sender: Sender, work: Work, village: Village) -> None:
    assert sender.begin(500 * 1024**2).status_code == 201
    assert sender.begin(500 * 1024**2 + 1).status_code == 413
    set_values(work, village.authority.id, PolicyValues(evidence_file_mb=3, evidence_child_gb=1), work.today)
    answer = sender.begin(3 * 1024**2 + 1, "pond.mp4")
    assert answer.status_code == 413
    assert answer.text == "Choose a file smaller than 3 MB: ‘pond.mp4’ was left out"
    waiting_files(work)[0].to_come = 1024**3 - 1000
    work.session.flush()
    assert sender.begin(1001).status_code == 422, "what was announced is counted"
    assert sender.begin(1000).status_code == 201


def test_the_councils_limits_hold_for_a_plain_form(
    sender: Sender, send_page: str, work: Work, village: Village
) -> None:
    set_values(work, village.authority.id, PolicyValues(evidence_file_mb=1), work.today)
    large = photograph() + bytes(1024**2)
    page = sender.client.submit(send_page, {"files": [(io.BytesIO(large), "large.jpg"), (io.BytesIO(pdf()), "ok.pdf")]})
    page.request.environ["wsgi.input"].close()  # a body as large as this lies in a file
    assert "Choose a file smaller than 1 MB: ‘large.jpg’ was left out" in page.text
    assert [file.filename for file in waiting_files(work)] == ["ok.pdf"]


def test_without_the_pages_token_nothing_is_begun_taken_or_dropped(sender: Sender, work: Work) -> None:
    """A page of another site may make a browser send its cookie along, but knows no token."""
    content = pdf()
    url = sender.begin(len(content)).location
    sender.token = "made up"
    assert sender.begin(5).status_code == 400
    assert sender.part(url, 0, content).status_code == 400
    assert sender.ask("DELETE", url).status_code == 400
    assert sender.offset(url) == 0
    assert len(waiting_files(work)) == 1


def test_an_upload_is_its_senders_alone(
    sender: Sender, app: Flask, client_as: ClientAs, village: Village, other_parent: Account
) -> None:
    content = pdf()
    url = sender.begin(len(content)).location
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        for stranger in (other_parent, village.parents["Zoe"], village.adviser, village.staff[Role.CME_OFFICER], None):
            sender.client = client_as(stranger)
            assert sender.ask("HEAD", url).status_code in (302, 403, 404)
            assert sender.part(url, 0, content).status_code in (302, 403, 404)
            assert sender.ask("DELETE", url).status_code in (302, 403, 404)
            keying = url.replace("/family/", "/")
            assert sender.part(keying, 0, content).status_code in (302, 403, 404), "nor by an officer's address"
        sender.client = client_as(village.parents["Ada"])
        bens = url.replace(village["Ada"].reference, village["Ben"].reference)
        assert sender.part(bens, 0, content).status_code == 404
        assert sender.offset(url) == 0
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def test_whoever_is_no_parent_of_the_child_any_more_sends_no_more(
    sender: Sender, new_work: NewWork, village: Village
) -> None:
    content = pdf()
    url = sender.begin(len(content)).location
    child = village["Ada"].id
    session = new_work().session
    for parent in session.scalars(select(Parent).where(Parent.child_id == child)):
        parent.account_id = None
    session.commit()
    assert sender.ask("HEAD", url).status_code == 404
    assert sender.part(url, 0, content).status_code == 404
    assert sender.ask("DELETE", url).status_code == 404


def test_what_is_not_wanted_is_dropped_before_and_after_it_is_whole(sender: Sender, work: Work, house: Portal) -> None:
    content = photograph(900, 700)
    url = sender.begin(len(content), "den.jpg").location
    sender.part(url, 0, content[:1000])
    assert sender.ask("DELETE", url).status_code == 204
    assert waiting_files(work) == []
    assert lying_about(house) == []
    assert sender.ask("HEAD", url).status_code == 404
    assert sender.whole(content, "den.jpg").status_code == 204
    (waiting,) = waiting_files(work)
    url = f"{sender.place}/{waiting.reference}"
    assert sender.ask("DELETE", url).status_code == 204
    assert not house.vault.exists(waiting.stored_as)
    what = work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert what.count("UnsentFileThrownAway") == 2


def test_what_is_never_finished_is_thrown_away(
    sender: Sender, new_work: NewWork, work: Work, house: Portal, clock: Clock
) -> None:
    content = photograph(900, 700)
    begun = sender.begin(len(content), "den.jpg")
    sender.part(begun.location, 0, content[:1000])
    assert parse_date(begun.headers["Upload-Expires"]) == clock.at + timedelta(days=7)
    clock.at += timedelta(days=7) - timedelta(seconds=1)
    assert sender.offset(begun.location) == 1000
    assert list(new_work().session.scalars(queries.never_sent(new_work()))) == []
    clock.at += timedelta(seconds=1)
    assert sender.ask("HEAD", begun.location).status_code == 404
    ids = list(work.session.scalars(queries.never_sent(new_work())))
    assert ids == [waiting_files(work)[0].id]
    jobs = new_work()
    service.throw_away(jobs, house.vault, ids)
    assert waiting_files(work) == []
    assert lying_about(house) == []


def test_one_that_was_finished_late_is_kept_from_then(sender: Sender, new_work: NewWork, clock: Clock) -> None:
    content = pdf()
    url = sender.begin(len(content)).location
    clock.at += timedelta(days=6)
    assert sender.part(url, 0, content).status_code == 204
    clock.at += timedelta(days=29)
    assert sender.offset(url) == len(content)
    assert list(new_work().session.scalars(queries.never_sent(new_work()))) == []


def test_a_server_that_died_after_keeping_a_file_takes_it_again(sender: Sender, work: Work, house: Portal) -> None:
    """The vault had taken the file over, and its row did not know yet: it comes once more, and there is one of it."""
    content = docx()
    url = sender.begin(len(content), "maths.docx").location
    (waiting,) = waiting_files(work)
    house.vault.store(waiting.stored_as, [content])
    assert sender.offset(url) == 0
    assert sender.part(url, 0, content).status_code == 204
    assert content_in_vault(house, work) == content


def test_what_arrived_lies_sealed(sender: Sender, house: Portal) -> None:
    secret = b"Ada drew a heron. " * 40_000
    url = sender.begin(len(secret)).location
    sender.part(url, 0, secret[:-10])
    lying = b"".join(path.read_bytes() for path in house.vault.incoming.rglob("*") if path.is_file())
    assert len(lying) > len(secret) - FRAME_BYTES
    assert b"heron" not in lying
    sender.ask("DELETE", url)


def test_an_officer_keys_in_by_parts_too(client_as: ClientAs, village: Village, work: Work, house: Portal) -> None:
    page = f"/children/{village['Ada'].reference}/evidence/key-in"
    client = client_as(village.staff[Role.EHE_MANAGER])
    officer = Sender(client, page.replace("key-in", "uploads"), form_of(client.get(page).text)[1]["csrf_token"])
    content = pdf()
    assert officer.whole(content, "scan.pdf").status_code == 204
    assert content_in_vault(house, work) == content
    assert "scan.pdf" in client.get(page).text
