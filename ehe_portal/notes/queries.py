"""The notes about a child, in scope; what a reader may not read is not even fetched."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, false, null, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.work import Work
from ehe_portal.notes.models import Note, NoteKind
from ehe_portal.register.models import Child

PAGE = 50


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as its reader may see it: without words where it is withheld."""

    reference: str
    kind: NoteKind
    about_on: date
    written_at: datetime
    written_by: str | None
    restricted: bool
    struck_out_at: datetime | None
    struck_out_by: str | None
    words: str | None
    struck_out_why: str | None

    @property
    def withheld(self) -> bool:
        """Whether it says something that this reader may not read."""
        return self.words is None


def within(work: Work) -> ColumnElement[bool]:
    """Notes in scope: the authority's. No family ever reads one here."""
    if work.scope.everything:
        return true()
    return Note.authority_id == work.scope.authority_id if work.scope.authority_id is not None else false()


def readable(work: Work) -> ColumnElement[bool]:
    """Whether the actor may read what a note says."""
    return true() if permits(work.actor, Permission.SAFEGUARDING_READ) else Note.restricted.is_(False)


def notes_about(work: Work, child_id: int, after: str | None = None) -> tuple[list[NoteLine], str | None]:
    """The notes about a child by the day they tell of, the latest first; and from which one the next page goes on."""
    writer, striker = aliased(Account), aliased(Account)
    found = (
        select(
            Note.reference,
            Note.kind,
            Note.about_on,
            Note.written_at,
            writer.name,
            Note.restricted,
            Note.struck_out_at,
            striker.name,
            case((readable(work), Note.words), else_=null()),
            case((readable(work), Note.struck_out_why), else_=null()),
        )
        .outerjoin(writer, writer.id == Note.written_by_id)
        .outerjoin(striker, striker.id == Note.struck_out_by_id)
        .where(Note.child_id == child_id, within(work))
        .order_by(Note.about_on.desc(), Note.id.desc())
        .limit(PAGE + 1)
    )
    place = place_of(work, child_id, after)
    if place is not None:
        found = found.where(tuple_(Note.about_on, Note.id) < tuple_(*place))
    lines = [NoteLine(*row) for row in work.session.execute(found)]
    return lines[:PAGE], lines[PAGE - 1].reference if len(lines) > PAGE else None


def place_of(work: Work, child_id: int, reference: str | None) -> tuple[date, int] | None:
    """Where a note stands among those about a child."""
    if reference is None:
        return None
    row = work.session.execute(
        select(Note.about_on, Note.id).where(Note.reference == reference, Note.child_id == child_id, within(work))
    ).first()
    return None if row is None else (row[0], row[1])


def readable_note(work: Work, reference: str, note_reference: str) -> Note | None:
    """A note in scope that the actor may read."""
    return work.session.scalar(
        select(Note)
        .join(Child, Child.id == Note.child_id)
        .where(Child.reference == reference, Note.reference == note_reference, within(work), readable(work))
        .options(joinedload(Note.child))
    )
