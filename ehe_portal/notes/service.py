"""Writing notes, and striking them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.notes.events import NoteStruckOut, NoteWritten
from ehe_portal.notes.models import Note, NoteKind
from ehe_portal.notes.rules import note_problem
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child


@dataclass(frozen=True, slots=True)
class Draft:
    """What someone wants to write down."""

    kind: NoteKind
    about_on: date
    words: str
    restricted: bool = False


def write(work: Work, child: Child, draft: Draft) -> Note:
    """Write a note about a child, signed by whoever acts. Raises `Refusal`."""
    problem = note_problem(draft.words, draft.about_on, work.today)
    if problem is not None:
        field, message = problem
        raise Refusal(message, field)
    if draft.restricted and not permits(work.actor, Permission.SAFEGUARDING_READ):
        raise Refusal("Only those who may read restricted notes can write one", "restricted")
    note = Note(
        authority_id=child.authority_id,
        child_id=child.id,
        kind=draft.kind,
        about_on=draft.about_on,
        words=draft.words,
        restricted=draft.restricted,
        written_at=work.at,
        written_by_id=work.actor.account_id,
    )
    work.session.add(note)
    work.session.flush()
    work.publish(
        NoteWritten(
            authority_id=note.authority_id,
            child_id=note.child_id,
            note_id=note.id,
            kind=note.kind.value,
            about_on=note.about_on,
        )
    )
    return note


def strike_out(work: Work, note: Note, why: str, version: int) -> None:
    """Strike out a note that is wrong; it stays readable, with the reason. Raises `Refusal`."""
    if note.version != version:
        raise ChangedMeanwhile("This note")
    if note.struck_out_at is not None:
        raise Refusal("This note has been struck out already")
    if not why:
        raise Refusal("Enter what is wrong with this note", "why")
    note.struck_out_at = work.at
    note.struck_out_by_id = work.actor.account_id
    note.struck_out_why = why
    work.session.flush()
    work.publish(NoteStruckOut(authority_id=note.authority_id, child_id=note.child_id, note_id=note.id))


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: notes about the duplicate move to the record that stays."""
    for event in joined:
        work.session.execute(
            update(Note).where(Note.child_id == event.duplicate_child_id).values(child_id=event.child_id),
            execution_options={"synchronize_session": "fetch"},
        )
