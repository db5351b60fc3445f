"""contacts.csv: in, in again, and out."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from ehe_portal.contact import queries, service
from ehe_portal.contact.events import ContactLapsed, ContactsImported, LapseAnswered
from ehe_portal.contact.models import Contact, ContactClock
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.csvfiles import BadFile
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Actor, Event, Work
from ehe_portal.register.models import Child
from tests.village import Village

Command = Callable[..., Result]
HEADER = "child_ref,happened_on,kind,outcome,substantive,child_seen,agreed_next_on,adviser_email,summary"


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of these rows under the whole header, or under one of its own."""

    def file(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / f"{new_reference()}.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return file


def contacts_of(work: Work, child: Child) -> list[Contact]:
    found = select(Contact).where(Contact.child_id == child.id).order_by(Contact.id)
    return list(work.session.scalars(found, execution_options={"populate_existing": True}))


def count(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(Contact)) or 0


# In


def test_a_row_becomes_a_contact(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    row = "W-Ada,2026-03-02,home-visit,held,,declined,01/06/2026,ADVISER@wessex.example,'=sums and more"
    said = contact_command("import", write(row))
    assert (said.exit_code, said.stdout) == (0, ""), said.stderr
    assert "1 contact added; 0 here already." in said.stderr
    kept = contacts_of(work, village["Ada"])[-1]
    assert (kept.happened_on, kept.kind, kept.outcome) == (
        d("2026-03-02"),
        ContactKind.HOME_VISIT,
        ContactOutcome.HELD,
    )
    assert (kept.substantive, kept.child_seen, kept.agreed_next_on) == (None, ChildSeen.DECLINED, d("2026-06-01"))
    assert (kept.adviser_id, kept.summary) == (village.adviser.id, "=sums and more")
    clock = queries.clock_of(work, village["Ada"].id)
    assert clock is not None
    assert (clock.due_on, clock.basis) == (d("2026-06-01"), "agreed")


def test_columns_may_be_left_out_and_in_any_order(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    file = write("held,phone-call, W-Ada ,02/03/2026", header="\ufeffoutcome,kind,child_ref,happened_on")
    assert contact_command("import", file).exit_code == 0
    assert contacts_of(work, village["Ada"])[-1].happened_on == d("2026-03-02")


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("written-report", "", True),
        ("letter", "", False),
        ("email", "", False),
        ("written-report", "no", False),
        ("letter", "yes", True),
    ],
)
def test_what_writing_is_where_the_file_does_not_say(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command, kind: str, said: str, kept: bool
) -> None:
    result = contact_command("import", write(f"W-Ada,2026-03-02,{kind},received,{said},,,,"))
    assert contacts_of(work, village["Ada"])[-1].substantive is kept
    assert ("substantive was left out" in result.stderr) is (said == "")


def test_before_opening_and_after_closing_is_history_only(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    before = queries.clock_of(work, village["Ivo"].id)
    assert before is not None
    due = before.due_on
    rows = ("W-Ivo,2026-01-04,meeting,held,,yes,,,", "W-Hana,2026-01-04,meeting,held,,,,,")
    assert contact_command("import", write(*rows)).exit_code == 0
    after = queries.clock_of(work, village["Ivo"].id)
    assert after is not None
    assert (after.due_on, after.last_contact_on, after.last_seen_on) == (due, None, d("2026-01-04"))
    assert len(contacts_of(work, village["Hana"])) == 1
    assert queries.clock_of(work, village["Hana"].id) is None


def test_a_child_without_a_reference_goes_by_the_portals(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    ada = village["Ada"]
    ada.authority_ref = None
    work.session.flush()
    assert contact_command("import", write(f"{ada.reference},2026-03-02,meeting,held,,,,,")).exit_code == 0
    assert len(contacts_of(work, ada)) == 2


BAD = [
    ("W-Ada,2026-03-13,meeting,held,,,,,", 'column happened_on: "2026-03-13": expected a date not after today'),
    ("W-Ada,soon,meeting,held,,,,,", "column happened_on"),
    ("W-Ada,,meeting,held,,,,,", "column happened_on: (empty): expected a value"),
    ("W-Nobody,2026-03-02,meeting,held,,,,,", 'column child_ref: "W-Nobody": expected the reference of a child'),
    ("W-Zoe,2026-03-02,meeting,held,,,,,", "column child_ref"),
    ("W-Ada,2026-03-02,visit,held,,,,,", 'column kind: "visit": expected one of home-visit'),
    ("W-Ada,2026-03-02,meeting,Held,,,,,", 'column outcome: "Held": expected one of held'),
    ("W-Ada,2026-03-02,phone-call,no-access,,,,,", "column outcome"),
    ("W-Ada,2026-03-02,letter,held,,,,,", 'column outcome: "held": expected one of received, sent'),
    ("W-Ada,2026-03-02,meeting,held,yes,,,,", "column substantive"),
    ("W-Ada,2026-03-02,letter,sent,no,,,,", "column substantive"),
    ("W-Ada,2026-03-02,letter,received,maybe,,,,", 'column substantive: "maybe": expected yes or no'),
    ("W-Ada,2026-03-02,meeting,held,,perhaps,,,", "column child_seen"),
    ("W-Ada,2026-03-02,meeting,held,,,2026-03-02,,", "column agreed_next_on"),
    ("W-Ada,2026-03-02,meeting,no-answer,,,2026-04-02,,", "column agreed_next_on"),
    ("W-Ada,2026-03-02,letter,received,,,2026-04-02,,", "column agreed_next_on"),
    ("W-Ada,2026-03-02,meeting,held,,,,nobody@wessex.example,", "column adviser_email"),
    ("W-Ada,2026-03-02,meeting,held,,,,adviser@mercia.example,", "column adviser_email"),
    ("W-Ada,2026-03-02,meeting,held,,,,parent@wessex.example,", "column adviser_email"),
    ("W-Ada,2026-03-02,meeting", "expected 9 cells"),
]


@pytest.mark.parametrize(("row", "complaint"), BAD)
def test_a_bad_row_is_named_and_nothing_is_kept(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command, row: str, complaint: str
) -> None:
    before = count(work)
    said = contact_command("import", write("W-Ben,2026-03-02,meeting,held,,,,,", row))
    assert said.exit_code == 2
    assert "line 3" in said.stderr
    assert complaint in said.stderr
    assert count(work) == before


def test_every_bad_row_is_named(village: Village, write: Callable[..., Path], contact_command: Command) -> None:
    said = contact_command("import", write(*(row for row, _ in BAD)))
    assert said.exit_code == 2
    for line in range(2, len(BAD) + 2):
        assert f"line {line}," in said.stderr or f"line {line}:" in said.stderr
    assert f"{len(BAD)} bad rows" in said.stderr


def test_every_fault_of_a_row_is_named(village: Village, write: Callable[..., Path], contact_command: Command) -> None:
    """What only the register can tell is said of a row that is wrong in itself, too."""
    said = contact_command("import", write("W-Nobody,2026-03-02,visit,held,,,,nobody@wessex.example,"))
    for column in ("child_ref", "kind", "adviser_email"):
        assert f"line 2, column {column}:" in said.stderr
    assert "1 bad row. Nothing was imported." in said.stderr


def test_an_unknown_column_is_named(village: Village, write: Callable[..., Path], contact_command: Command) -> None:
    said = contact_command(
        "import", write("W-Ada,2026-03-02,meeting,held,x", header="child_ref,happened_on,kind,outcome,notes")
    )
    assert said.exit_code == 2
    assert '"notes"' in said.stderr


def test_a_dry_run_keeps_nothing(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    before = count(work)
    file = write("W-Ada,2026-03-02,meeting,held,,,,,")
    said = contact_command("import", file, "--dry-run")
    assert (said.exit_code, count(work)) == (0, before)
    assert "1 contact would be added" in said.stderr
    assert contact_command("import", write(BAD[0][0]), "--dry-run").exit_code == 2


# In again


def test_importing_again_adds_the_surplus_only(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    """Two alike rows are two contacts; a third like them is one more."""
    alike = "W-Ada,2026-03-02,phone-call,no-answer,,,,,tried twice"
    assert contact_command("import", write(alike, alike)).exit_code == 0
    assert len(contacts_of(work, village["Ada"])) == 3
    said = contact_command("import", write(alike, alike))
    assert said.exit_code == 0
    assert "Nothing changed: 2 contacts in the file, all here already." in said.stderr
    contact_command("import", write(alike, alike, alike, "W-Ada,2026-03-02,phone-call,no-answer,,,,,"))
    assert len(contacts_of(work, village["Ada"])) == 5


def test_an_import_that_changes_nothing_says_nothing(
    village: Village, work: Work, write: Callable[..., Path], told: list[Event]
) -> None:
    file = write("W-Ada,2026-03-02,meeting,held,,,,,", "W-Ada,2026-03-03,meeting,held,,,,,")
    service.import_contacts(work, village.authority.id, service.read_contacts(file))
    assert [event for event in told if isinstance(event, ContactsImported)] == [
        ContactsImported(authority_id=village.authority.id, child_id=village["Ada"].id, count=2)
    ]
    told.clear()
    again = service.import_contacts(work, village.authority.id, service.read_contacts(file))
    assert (again.rows, again.new, told) == (2, 0, [])


def test_what_was_struck_out_does_not_come_back(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    file = write("W-Ada,2026-03-02,meeting,held,,,,,")
    contact_command("import", file)
    contact = contacts_of(work, village["Ada"])[-1]
    service.strike_out(work, contact, "Not her", version=contact.version)
    assert "Nothing changed" in contact_command("import", file).stderr


def test_an_officers_word_on_writing_stands(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command
) -> None:
    file = write("W-Ada,2026-03-02,written-report,received,yes,,2026-05-01,,")
    contact_command("import", file)
    contact = contacts_of(work, village["Ada"])[-1]
    work.actor = Actor(village.adviser.id)
    service.confirm_writing(work, contact, False, version=contact.version)
    assert "Nothing changed" in contact_command("import", file).stderr
    assert contacts_of(work, village["Ada"])[-1].substantive is False


# What it means for the clocks


def test_an_import_answers_a_lapse_and_raises_none(
    village: Village, work: Work, write: Callable[..., Path], told: list[Event]
) -> None:
    service.lapse(work, list(work.session.scalars(queries.overdue(work))))
    told.clear()
    file = service.read_contacts(
        write(
            "W-Ben,2026-03-02,meeting,held,,,,,",
            "W-Esi,2025-03-02,meeting,held,,,,,",
            "W-Finn,2023-10-02,email,sent,,,,,",
        )
    )
    service.import_contacts(work, village.authority.id, file)
    assert [event.child_id for event in told if isinstance(event, LapseAnswered)] == [village["Ben"].id]
    assert not [event for event in told if isinstance(event, ContactLapsed)]


def test_reading_says_what_is_wrong_with_a_whole_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        service.read_contacts(tmp_path / "none.csv")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(BadFile, match="empty"):
        service.read_contacts(empty)


# Out


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_export_is_in_code_point_order(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command, tmp_path: Path
) -> None:
    village["Ivo"].authority_ref = "a-last"
    village["Ben"].authority_ref = None
    village["Ben"].reference = "0000000000"
    work.session.flush()
    rows = ("a-last,2026-03-02,meeting,held,,,,,second", "a-last,2026-03-01,meeting,held,,,,,first")
    assert contact_command("import", write(*rows)).exit_code == 0
    file = tmp_path / "out.csv"
    assert contact_command("export", file).exit_code == 0
    header, *lines = rows_of(file)
    assert header == HEADER.split(",")
    refs = [line[0] for line in lines]
    assert refs == ["0000000000", "W-Ada", "W-Cleo", "W-Esi", "a-last", "a-last"]
    assert [line[8] for line in lines[-2:]] == ["first", "second"]
    assert not file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_goes_out_comes_back_the_same(
    village: Village, work: Work, write: Callable[..., Path], contact_command: Command, tmp_path: Path
) -> None:
    """Into a portal that has the children and the staff, but none of their contacts."""
    rows = (
        'W-Ada,2026-03-02,home-visit,held,,yes,2026-06-01,adviser@wessex.example,"two\nlines, a comma"',
        "W-Ada,2026-03-02,home-visit,held,,yes,2026-06-01,adviser@wessex.example,",
        "W-Ada,2026-03-02,home-visit,held,,yes,2026-06-01,adviser@wessex.example,",
        "W-Ben,2026-03-03,letter,received,yes,,2026-09-01,,''+44",
        "W-Ben,2026-03-03,email,received,,no,,,-",
        "W-Cleo,2024-03-03,phone-call,cancelled-by-family,,,,,",
    )
    contact_command("import", write(*rows))
    waiting = Contact(
        authority_id=village.authority.id,
        child_id=village["Esi"].id,
        happened_on=d("2026-03-10"),
        kind=ContactKind.WRITTEN_REPORT,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
    )
    work.session.add(waiting)
    work.session.flush()
    struck = contacts_of(work, village["Cleo"])[-1]
    service.strike_out(work, struck, "Twice", version=struck.version)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    contact_command("export", first)
    assert ["W-Esi", "2026-03-10", "written-report", "received", "no", "", "", "", ""] in rows_of(first)
    assert not [row for row in rows_of(first) if "cancelled-by-family" in row]
    assert "Nothing changed" in contact_command("import", first).stderr
    clocks = [(clock.child_id, clock.due_on, clock.grace_ends) for clock in all_clocks(work)]
    for child in village.children.values():
        for contact in contacts_of(work, child):
            if child.authority_id == village.authority.id:
                work.session.delete(contact)
    work.session.flush()
    work.session.expire_all()
    assert contact_command("import", first).exit_code == 0
    contact_command("export", second)
    assert first.read_bytes() == second.read_bytes()
    service.settle(work, [clock.episode_id for clock in all_clocks(work)])
    assert clocks == [(clock.child_id, clock.due_on, clock.grace_ends) for clock in all_clocks(work)]


def all_clocks(work: Work) -> list[ContactClock]:
    found = select(ContactClock).order_by(ContactClock.id)
    return list(work.session.scalars(found, execution_options={"populate_existing": True}))


def test_a_place_that_cannot_be_written_is_said(village: Village, contact_command: Command, tmp_path: Path) -> None:
    said = contact_command("export", tmp_path / "nowhere" / "out.csv")
    assert said.exit_code == 2
    assert "cannot be written" in said.stderr
