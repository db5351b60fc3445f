"""An account of the education in parts: none of it has to be there, none is lost, and it is checked first."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.models import Account
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules, service
from ehe_portal.evidence.forms.ways import PARTS
from ehe_portal.evidence.models import AccountPart, Evidence
from tests.conftest import Clock
from tests.core.made_files import photograph
from tests.evidence.conftest import Arrive, NewWork
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def parent(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.parents["Ada"])


@pytest.fixture
def write_at(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}/evidence/account"


def sendings(work: Work) -> list[Evidence]:
    work.session.expire_all()
    return list(work.session.scalars(select(Evidence).order_by(Evidence.id)))


def drafts(work: Work) -> int:
    return work.session.scalar(select(func.count(FormDraft.id))) or 0


@pytest.mark.parametrize(
    ("parts", "files", "field"),
    [
        ({}, 0, "learning"),
        ({AccountPart.WEEK: ""}, 0, "learning"),
        ({}, 1, None),
        ({AccountPart.OWN_WORDS: "I like newts."}, 0, None),
        ({AccountPart.MORE: "x" * rules.LONGEST_PART}, 0, None),
        ({AccountPart.NUMBER: "x" * (rules.LONGEST_PART + 1)}, 0, "number"),
    ],
)
def test_any_one_part_is_enough(parts: dict[AccountPart, str], files: int, field: str | None) -> None:
    problem = rules.parts_problem(parts, files)
    assert (problem[0] if problem else None) == field


def test_every_part_has_a_question_and_says_why_it_may_help() -> None:
    assert set(PARTS) == set(AccountPart)
    assert all(len(hint) > 40 for _, hint in PARTS.values())


def test_the_parts_are_kept_in_order_with_what_was_uploaded(
    village: Village, new_work: NewWork, arrive: Arrive
) -> None:
    work = new_work(village.parents["Ada"])
    told = {AccountPart.MORE: "We are well.", AccountPart.LEARNING: "  By asking.  ", AccountPart.WEEK: "  "}
    evidence = service.tell(work, village["Ada"], told, [arrive()])
    assert [(one.part, one.words) for one in evidence.parts] == [
        (AccountPart.LEARNING, "By asking."),
        (AccountPart.MORE, "We are well."),
    ]
    assert [file.filename for file in evidence.files] == ["leaf.pdf"]
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EvidenceSubmitted")).one()
    assert "asking" not in str(entry.details)


def test_nothing_at_all_is_not_sent(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal, match="Enter something in any one part"):
        service.tell(new_work(village.parents["Ada"]), village["Ada"], {AccountPart.WEEK: " "})


def test_the_clock_counts_it_as_other_writing_sent_here(village: Village, new_work: NewWork) -> None:
    work = new_work(village.parents["Ada"])
    evidence = service.tell(work, village["Ada"], {AccountPart.LEARNING: "By asking."})
    record = work.session.scalars(select(Contact).where(Contact.evidence_id == evidence.id)).one()
    assert record.substantive is None, "a reply, until an officer has read it"
    contact.confirm_writing(new_work(village.adviser), record, substantive=True, version=record.version)
    assert record.substantive is True


def test_a_family_writes_on_two_devices_checks_and_sends(
    client_as: ClientAs, village: Village, write_at: str, work: Work, clock: Clock
) -> None:
    phone, laptop = client_as(village.parents["Ada"]), client_as(village.parents["Ada"])
    page = phone.get(write_at).text
    assert "does not ask for a timetable, a curriculum or a number of hours" in page
    kept = phone.submit(
        write_at,
        {"own_words": "I found <two> newts", "files": (io.BytesIO(photograph()), "newt.jpg"), "later": "keep"},
    )
    assert kept.location == write_at
    clock.at += timedelta(days=3)
    opened = laptop.get(write_at).text
    assert "I found &lt;two&gt; newts</textarea>" in opened
    assert "newt.jpg" in opened
    fields = form_of(opened, "Check before you send")[1]
    checking = laptop.post(write_at, data={**fields, "week": "Ponds on Mondays", "files": (io.BytesIO(b""), "")})
    assert checking.location == f"{write_at}/check"
    assert sendings(work) == [], "nothing is sent before it was checked"
    checked = laptop.get(checking.location).text
    assert "Ponds on Mondays" in checked
    assert "newt.jpg" in checked
    assert "You left out: how they learn" in checked
    sent = laptop.submit(checking.location)
    evidence = sendings(work)[0]
    assert [one.part for one in evidence.parts] == [AccountPart.WEEK, AccountPart.OWN_WORDS]
    assert [file.filename for file in evidence.files] == ["newt.jpg"]
    assert drafts(work) == 0
    receipt = laptop.get(sent.location).text
    assert "In the child’s own words" in receipt
    assert "I found &lt;two&gt; newts" in receipt


def test_officers_read_it_under_headings_beside_their_form_too(
    client_as: ClientAs, village: Village, new_work: NewWork
) -> None:
    service.tell(new_work(village.parents["Ada"]), village["Ada"], {AccountPart.READING: "Newts and Narnia"})
    adviser = client_as(village.adviser)
    for page in ("evidence", "evidence/assess"):
        text = adviser.get(f"/children/{village['Ada'].reference}/{page}").text
        assert "Reading and writing</h4>" in text
        assert "Newts and Narnia" in text


def test_what_is_missing_is_said_and_what_was_typed_stays(parent: LintingClient, write_at: str, work: Work) -> None:
    page = parent.submit(write_at, {"files": (io.BytesIO(b""), "")}).text
    assert '<a href="#learning">Enter something in any one part' in page
    long = "x" * (rules.LONGEST_PART + 1)
    page = parent.submit(write_at, {"number": long, "week": "Ponds", "files": (io.BytesIO(b""), "")}).text
    assert '<a href="#number">Enter 10,000 characters or fewer' in page
    assert "Ponds</textarea>" in page
    bad = parent.submit(write_at, {"week": "Ponds", "files": (io.BytesIO(b"MZ"), "no.exe")}).text
    assert "Choose other files" in bad
    assert drafts(work) == 0


def test_what_was_changed_elsewhere_is_shown_again_before_it_is_sent(
    client_as: ClientAs, village: Village, write_at: str, work: Work
) -> None:
    phone, laptop = client_as(village.parents["Ada"]), client_as(village.parents["Ada"])
    check = phone.submit(write_at, {"week": "Ponds", "files": (io.BytesIO(b""), "")}).location
    fields = form_of(phone.get(check).text, "Send")[1]
    again = form_of(laptop.get(write_at).text, "Check before you send")[1]
    laptop.post(write_at, data={**again, "week": "Ponds and rivers", "files": (io.BytesIO(b""), "")})
    page = phone.post(check, data=fields).text
    assert "changed in another tab or device" in page
    assert "Ponds and rivers" in page
    assert sendings(work) == []
    assert phone.submit(check).status_code == 302
    assert [one.words for one in sendings(work)[0].parts] == ["Ponds and rivers"]


def test_there_is_nothing_to_check_before_anything_is_written(parent: LintingClient, write_at: str) -> None:
    assert parent.get(f"{write_at}/check").location == write_at
