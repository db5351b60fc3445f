"""Notes about children."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.notes.rules import NoteKind
from ehe_portal.register.models import Child

__all__ = ["Note", "NoteKind"]


class Note(Referenced, Versioned, Base):
    """What someone wrote down about a child. Once saved only striking it out is possible, and it stays readable.

    `about_on` is the day that it tells of. A `restricted` one is read by those who may read safeguarding records.
    """

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_child_id", "child_id", "about_on", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    kind: Mapped[NoteKind] = mapped_column(coded(NoteKind))
    about_on: Mapped[date]
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
