"""Writing and striking out; nothing else can be done to a note."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.notes import queries, service
from ehe_portal.notes.models import Note, NoteKind
from ehe_portal.notes.service import Draft
from ehe_portal.register import service as register
from ehe_portal.register.queries import visible_child
from tests.village import Village

NewWork = Callable[..., Work]
TODAY = date(2026, 3, 12)


def a_note(work: Work, village: Village, words: str = "The GP rang.", *, restricted: bool = False) -> Note:
    child = visible_child(work, village["Ada"].reference)
    assert child is not None
    return service.write(work, child, Draft(NoteKind.OTHER_AGENCY, date(2026, 3, 10), words, restricted))


def test_a_note_is_signed_and_its_words_stay_on_its_page(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    note = a_note(work, village)
    assert (note.written_by_id, note.written_at, note.about_on) == (village.adviser.id, work.at, date(2026, 3, 10))
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "NoteWritten")).one()
    assert (entry.child_id, entry.details["kind"]) == (village["Ada"].id, "other-agency")
    assert "GP" not in str(entry.details)


def test_a_note_without_words_or_ahead_of_time_is_refused(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    for draft in (Draft(NoteKind.GENERAL, TODAY, ""), Draft(NoteKind.GENERAL, date(2026, 3, 13), "x")):
        with pytest.raises(Refusal):
            service.write(work, village["Ada"], draft)


def test_a_struck_out_note_stays_readable(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    note = a_note(work, village)
    with pytest.raises(Refusal, match="what is wrong"):
        service.strike_out(work, note, "", note.version)
    with pytest.raises(ChangedMeanwhile):
        service.strike_out(work, note, "Another child", note.version + 1)
    service.strike_out(work, note, "Another child", note.version)
    (line,), _ = queries.notes_about(work, note.child_id)
    assert (line.words, line.struck_out_why, line.struck_out_by) == ("The GP rang.", "Another child", "Ann Wessex")
    with pytest.raises(Refusal, match="already"):
        service.strike_out(work, note, "Again", note.version)


def test_a_restricted_note_is_withheld_from_those_who_may_not_read_it(village: Village, new_work: NewWork) -> None:
    writer = new_work(village.adviser)
    note = a_note(writer, village, "What the social worker said", restricted=True)
    service.strike_out(writer, note, "Said about another child", note.version)
    auditor = new_work(village.staff[Role.AUDITOR])
    (line,), _ = queries.notes_about(auditor, note.child_id)
    assert (line.withheld, line.words, line.struck_out_why, line.restricted) == (True, None, None, True)
    assert queries.readable_note(auditor, village["Ada"].reference, note.reference) is None
    assert queries.readable_note(writer, village["Ada"].reference, note.reference) is note


def test_whoever_may_not_read_a_restricted_note_cannot_write_one(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal, match="restricted"):
        a_note(new_work(village.staff[Role.AUDITOR]), village, restricted=True)
    for role, granted in GRANTS.items():
        may_write = Permission.NOTE_WRITE in granted
        assert not may_write or Permission.SAFEGUARDING_READ in granted, f"{role} could not read what it wrote"


def test_notes_are_this_authoritys_alone(village: Village, new_work: NewWork) -> None:
    note = a_note(new_work(village.adviser), village)
    for account in (village.stranger[Role.ADVISER], village.parents["Ada"]):
        work = new_work(account)
        assert queries.notes_about(work, note.child_id) == ([], None)
        assert queries.readable_note(work, village["Ada"].reference, note.reference) is None
    own = new_work(village.adviser)
    assert queries.readable_note(own, village["Ben"].reference, note.reference) is None


def test_many_notes_are_read_page_by_page(village: Village, new_work: NewWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    work = new_work(village.adviser)
    for day in (1, 3, 2, 3, 1):
        draft = Draft(NoteKind.GENERAL, date(2026, 3, day), f"Of the {day}.")
        service.write(work, village["Ada"], draft)
    seen, after = queries.notes_about(work, village["Ada"].id)
    days = [line.about_on.day for line in seen]
    while after:
        seen, after = queries.notes_about(work, village["Ada"].id, after)
        days += [line.about_on.day for line in seen]
    assert days == [3, 3, 2, 1, 1]


def test_notes_go_with_the_record_that_stays(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    note = a_note(work, village)
    ada, ben = (visible_child(work, village[name].reference) for name in ("Ada", "Ben"))
    assert ada is not None
    assert ben is not None
    register.join_records(work, ada, ben)
    work.session.expire_all()
    assert note.child_id == ben.id
