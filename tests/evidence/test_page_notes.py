"""Notes against pages: signed, kept with the decision, the family's to read where it rests on them."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules, service
from ehe_portal.evidence.models import Assessment, EvidenceFile, Outcome, PageNote
from ehe_portal.evidence.service import Finding, all_satisfied
from tests.core.made_files import pdf
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Sent = Callable[..., EvidenceFile]
NOTE = "Long division, well set out"


@pytest.fixture
def workbook(sent_file: Sent) -> EvidenceFile:
    """A PDF of two pages that Ada's parent has sent."""
    return sent_file(pdf(pages=2), "workbook.pdf", "application/pdf")


def notes(work: Work) -> list[PageNote]:
    return list(work.session.scalars(select(PageNote).order_by(PageNote.id)))


@pytest.mark.parametrize(
    ("words", "page", "says"),
    [("", 1, "Enter a note"), ("a" * 4001, 1, "characters or fewer"), ("Good", 0, "has"), ("Good", 3, "has"),
     ("Good", 2, None)],
)  # fmt: skip
def test_which_notes_can_be(words: str, page: int, says: str | None) -> None:
    problem = rules.note_problem(words, page, 2)
    assert problem is None if says is None else problem is not None and says in problem[1]


def test_a_note_is_written_in_the_frame_beside_the_form(
    client_as: ClientAs, village: Village, work: Work, workbook: EvidenceFile
) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.adviser)
    beside = f"{base}/files/{workbook.reference}/look?beside=1"
    assert f'src="{beside}"' in client.get(f"{base}/assess").text
    framed = client.get(f"{beside}&page=2")
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "child-header__name" not in framed.text
    url = f"{base}/files/{workbook.reference}/note?page=2&beside=1"
    assert "Enter a note" in client.submit(url, {"words": ""}).text
    kept = client.submit(url, {"words": NOTE})
    assert kept.location == f"{base}/files/{workbook.reference}/look?page=2&beside=1"
    (note,) = notes(work)
    assert (note.page, note.words, note.written_by_id) == (2, NOTE, village.adviser.id)
    page = client.get(f"{base}/files/{workbook.reference}/look?page=1").text
    assert NOTE not in page
    assert "Notes against other pages" in page
    assert "child-header__name" in page
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EvidencePageNoted")).one()
    assert NOTE not in str(entry.details)


def test_other_pages_of_ours_are_framed_by_nobody(client_as: ClientAs, village: Village) -> None:
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence/assess")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_those_who_do_not_decide_read_notes_and_write_none(
    client_as: ClientAs, village: Village, workbook: EvidenceFile
) -> None:
    base = f"/children/{village['Ada'].reference}/evidence/files/{workbook.reference}"
    client = client_as(village.staff[Role.AUDITOR])
    assert "Write a note" not in client.get(f"{base}/look").text
    assert client.get(f"{base}/note").status_code == 403
    assert client_as(village.parents["Ada"]).get(f"{base}/look").status_code == 403


def test_the_family_reads_only_the_notes_that_the_decision_rests_on(
    client_as: ClientAs, village: Village, work: Work, new_work: NewWork, workbook: EvidenceFile
) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.adviser)
    for page, words in ((1, "Ask about the dates"), (2, NOTE)):
        client.submit(f"{base}/files/{workbook.reference}/note?page={page}", {"words": words})
    relied = notes(work)[1]
    filled = {
        **dict.fromkeys(("efficient", "full_time", "fitting"), "satisfied"),
        "special_needs": "does-not-apply",
        "efficient_relied": [f"sent-{workbook.sending.reference}"],
        "notes": [relied.reference],
        "outcome": "suitable",
        "reasons": "Well set out.",
    }
    assert client.submit(f"{base}/assess", filled).status_code == 302
    decided = work.session.scalars(select(Assessment)).one()
    assert [(one.note.page, one.relied) for one in decided.notes] == [(1, False), (2, True)]
    family = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text
    assert f"Page 2 of what was sent on 12 March 2026: {NOTE}" in family
    assert "Ask about the dates" not in family
    client = client_as(village.adviser)
    staff = client.get(base).text
    assert f"Page 1 of what was sent on 12 March 2026: Ask about the dates ({village.adviser.name}" in staff
    again = client.get(f"{base}/assess")
    assert again.status_code == 200
    assert 'name="notes"' not in again.text, "both are kept with a decision"


def test_a_note_of_another_child_is_no_ground(
    village: Village, work: Work, new_work: NewWork, workbook: EvidenceFile
) -> None:
    writing = new_work(village.adviser)
    note = service.write_page_note(writing, writing.session.get_one(EvidenceFile, workbook.id), 1, 2, NOTE)
    finding = Finding(
        Outcome.SUITABLE, "Fine.", criteria=all_satisfied(), other_grounds="A visit", notes=(note.reference,)
    )
    with pytest.raises(Refusal) as refused:
        service.assess(new_work(village.adviser), village["Ben"], finding)
    assert refused.value.field == "notes"


def test_of_a_picture_there_is_one_page(client_as: ClientAs, village: Village, sent_file: Sent, work: Work) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    picture = sent_file(out.getvalue(), "leaf.png", "image/png")
    base = f"/children/{village['Ada'].reference}/evidence/files/{picture.reference}"
    client = client_as(village.adviser)
    assert "page 1 of 1" in client.get(f"{base}/look?page=2").text
    assert client.submit(f"{base}/note?page=2", {"words": NOTE}).location == f"{base}/look?page=1"
    assert [one.page for one in notes(work)] == [1]


def test_a_note_just_written_can_be_relied_on_without_leaving_the_form(
    client_as: ClientAs, village: Village, work: Work, workbook: EvidenceFile
) -> None:
    """With no script: the form is drawn again as it was filled in, and nothing is said to be missing yet."""
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.adviser)
    client.submit(f"{base}/files/{workbook.reference}/note?page=1", {"words": "Ask about the dates"})
    opened = client.get(f"{base}/assess").text
    assert "Show the notes that I have just written" in opened
    _, fields = form_of(opened)
    (earlier,) = notes(work)
    typed = {
        **fields, "efficient": "satisfied", "efficient_relied": [f"sent-{workbook.sending.reference}"],
        "full_time_reasons": "Much of it is <outdoors>.", "reasons": "Well set out.", "notes": [earlier.reference],
    }  # fmt: skip
    client.submit(f"{base}/files/{workbook.reference}/note?page=2&beside=1", {"words": NOTE})
    again = client.post(f"{base}/assess", data={**typed, "show_notes": "yes"})
    assert again.status_code == 200
    assert "There is a problem" not in again.text
    newer = notes(work)[1]
    _, kept = form_of(again.text)
    for name in ("efficient", "full_time_reasons", "reasons"):
        assert kept[name] == typed[name], name
    assert kept["notes"] == earlier.reference
    assert f'value="{newer.reference}"' in again.text
    assert work.session.scalars(select(Assessment)).all() == [], "nothing is decided by looking"
    rest = {"full_time": "satisfied", "fitting": "satisfied", "special_needs": "does-not-apply", "outcome": "suitable"}
    done = client.post(f"{base}/assess", data={**kept, **rest, "notes": [newer.reference]})
    assert done.status_code == 302
    decided = work.session.scalars(select(Assessment)).one()
    assert [(one.note.page, one.relied) for one in decided.notes] == [(1, False), (2, True)]


def test_without_files_there_is_nothing_to_write_notes_against(client_as: ClientAs, village: Village) -> None:
    page = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence/assess")
    assert "that I have just written" not in page.text
