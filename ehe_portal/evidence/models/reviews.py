"""When a person looks again at the education, and the notes that officers write against pages of what was sent."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced
from ehe_portal.core.govuk.words import long_date

if TYPE_CHECKING:
    from ehe_portal.evidence.models import Assessment, EvidenceFile


class EducationReview(Base):
    """A person is to look again at a child's education on `due_on`, as the policy says of the decision that stands.

    It asks the family for nothing and is no clock of contact. The next decision that stands ends it. `told_on` is when
    the managers were told that it is late.
    """

    __tablename__ = "education_review"
    __table_args__ = (
        Index("ix_education_review_child_id", "child_id", "id"),
        Index(
            "ix_education_review_open",
            "authority_id",
            "due_on",
            "child_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"), unique=True)
    due_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    told_on: Mapped[date | None] = mapped_column(default=None)

    assessment: Mapped["Assessment"] = relationship(init=False, back_populates="review")


class PageNote(Referenced, Base):
    """An officer's working note against one page of a file: dated, signed, never changed. A picture is one page.

    Officers read it, and the family where a decision rests on it; it is part of the record, and disclosed with it.
    """

    __tablename__ = "page_note"
    __table_args__ = (
        Index("ix_page_note_file_id", "file_id", "page", "id"),
        CheckConstraint("page >= 1", name="a_page"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    file_id: Mapped[int] = mapped_column(BIG, ForeignKey("evidence_file.id"))
    page: Mapped[int] = mapped_column(Integer)
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)

    file: Mapped["EvidenceFile"] = relationship(init=False)

    @property
    def where(self) -> str:
        """Against what it is: "Page 2 of what was sent on 3 March 2027"."""
        return f"Page {self.page} of what was sent on {long_date(self.file.sending.sent_on)}"


class KeptNote(Base):
    """A note that was there when a decision was made, kept with it; `relied` where the decision rests on it."""

    __tablename__ = "assessment_page_note"
    __table_args__ = (UniqueConstraint("assessment_id", "note_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"))
    note_id: Mapped[int] = mapped_column(BIG, ForeignKey("page_note.id"), index=True)
    relied: Mapped[bool]

    note: Mapped[PageNote] = relationship(init=False)
