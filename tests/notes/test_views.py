"""Notes as their writers and readers see them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.work import Work
from ehe_portal.notes.models import Note
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def notes_url(village: Village) -> str:
    return f"/children/{village['Ada'].reference}/notes"


def filled(words: str, **more: str) -> dict[str, str]:
    return {"kind": "other-agency", "words": words, **more}


def read(client: LintingClient, url: str) -> str:
    return words_of(tree_of(client.get(url).get_data(as_text=True)))


def only_note(work: Work) -> Note:
    work.session.expire_all()
    return work.session.scalars(select(Note)).one()


def test_an_officer_writes_a_note_and_strikes_it_out(
    client_as: ClientAs, village: Village, work: Work, notes_url: str
) -> None:
    client = client_as(village.adviser)
    assert "will be listed here" in read(client, notes_url)
    assert client.submit(f"{notes_url}/new", filled("The GP <rang>.")).location == notes_url
    said = read(client, notes_url)
    assert "The GP <rang>." in said
    assert f"Written by {village.adviser.name}, 12 March 2026, midday" in said
    strike = f"{notes_url}/{only_note(work).reference}/strike-out"
    assert client.submit(strike, {"why": "Meant for Ben"}).location == notes_url
    said = read(client, notes_url)
    for kept in ("The GP <rang>.", "Struck out", "Meant for Ben"):
        assert kept in said
    assert f"{strike}" not in client.get(notes_url).text, "it cannot be struck out twice"


@pytest.mark.parametrize(("role", "leads"), [(Role.ADVISER, True), (Role.HEAD_OF_SERVICE, False)])
def test_what_is_no_note_leads_only_where_the_writer_may_go(
    client_as: ClientAs, village: Village, notes_url: str, role: Role, leads: bool
) -> None:
    page = client_as(village.staff[role]).get(f"{notes_url}/new").text
    child = notes_url.removesuffix("/notes")
    for elsewhere in (f"{child}/contact/record", f"{child}/concerns/new"):
        assert (f'href="{elsewhere}"' in page) is leads, elsewhere


def test_what_was_typed_stays_when_something_is_missing(client_as: ClientAs, village: Village, notes_url: str) -> None:
    client = client_as(village.adviser)
    page = client.submit(f"{notes_url}/new", {"words": "The GP rang.", "about_on-day": "31", "about_on-month": "2"})
    assert page.status_code == 200
    assert "Select what the note is about" in page.text
    assert "The GP rang.</textarea>" in page.text


def test_a_second_press_writes_no_second_note(
    client_as: ClientAs, village: Village, work: Work, notes_url: str
) -> None:
    client = client_as(village.adviser)
    form = form_of(client.get(f"{notes_url}/new").text)[1] | filled("The GP rang.")
    for _ in range(2):
        assert client.post(f"{notes_url}/new", data=form).location == notes_url
    assert only_note(work).words == "The GP rang."


def test_a_restricted_note_is_withheld_from_an_auditor(
    client_as: ClientAs, village: Village, work: Work, notes_url: str
) -> None:
    client_as(village.adviser).submit(f"{notes_url}/new", filled("What was shared", restricted="on"))
    for role, reads in ((Role.CME_OFFICER, True), (Role.HEAD_OF_SERVICE, True), (Role.AUDITOR, False)):
        said = read(client_as(village.staff[role]), notes_url)
        assert ("What was shared" in said) is reads, role
        assert ("Withheld" in said) is not reads, role
        assert "Restricted" in said
    strike = f"{notes_url}/{only_note(work).reference}/strike-out"
    assert client_as(village.staff[Role.AUDITOR]).get(strike).status_code == 403


def test_reading_is_put_down(client_as: ClientAs, village: Village, work: Work, notes_url: str) -> None:
    client_as(village.staff[Role.AUDITOR]).get(notes_url)
    entry = work.session.scalars(select(AccessEntry)).one()
    assert (entry.account_id, entry.what) == (village.staff[Role.AUDITOR].id, "notes")


@pytest.mark.parametrize("path", ["", "/new", "/{note}/strike-out"])
def test_another_authority_finds_nothing(
    client_as: ClientAs, village: Village, work: Work, notes_url: str, path: str
) -> None:
    client_as(village.adviser).submit(f"{notes_url}/new", filled("The GP rang."))
    url = notes_url + path.format(note=only_note(work).reference)
    assert client_as(village.stranger[Role.EHE_MANAGER]).get(url).status_code == 404
    assert client_as(village.parents["Ada"]).get(url).status_code in (403, 404)
