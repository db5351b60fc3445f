"""Complaints, and whom each is about."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.complaints.rules import About, Finding, Late
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models import Child

__all__ = ["About", "Complaint", "ComplaintConcerned", "Finding", "Late"]


class Complaint(Referenced, Versioned, Base):
    """What a parent (`account_id`) complains of, in their words; `whom` it is about, in their words too.

    `handler_id` answers it, and is never somebody whom it is about (`concerned`). When one of its days passes,
    `overseer_id` is told and has it as well. It is no part of the child's record: it moves no clock of contact, and
    nothing about the education or the family rests on it.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_child_id", "child_id", "id"),
        Index(
            "ix_complaint_open",
            "authority_id",
            "answer_by",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_in_words"),
        CheckConstraint("(answered_at IS NULL) = (finding IS NULL)", name="answered_with_a_finding"),
        CheckConstraint("answer_by >= acknowledge_by", name="acknowledged_first"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    about: Mapped[About] = mapped_column(coded(About))
    words: Mapped[str]
    made_at: Mapped[datetime]
    acknowledge_by: Mapped[date]
    answer_by: Mapped[date]
    whom: Mapped[str | None] = mapped_column(default=None)
    wanted: Mapped[str | None] = mapped_column(default=None)
    handler_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    overseer_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    late: Mapped[Late | None] = mapped_column(coded(Late), default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    finding: Mapped[Finding | None] = mapped_column(coded(Finding), default=None)
    answer: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    concerned: Mapped[list["ComplaintConcerned"]] = relationship(init=False, order_by="ComplaintConcerned.id")

    @property
    def is_open(self) -> bool:
        """Whether it has still to be answered."""
        return self.answered_at is None

    @property
    def next_by(self) -> date:
        """The day by which the next thing is to be done about it."""
        return self.acknowledge_by if self.acknowledged_at is None else self.answer_by


class ComplaintConcerned(Base):
    """Somebody of the council whom a complaint is, or may be, about: they do not answer it, and read it once it is
    shared with them."""

    __tablename__ = "complaint_concerned"
    __table_args__ = (UniqueConstraint("complaint_id", "account_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    complaint_id: Mapped[int] = mapped_column(BIG, ForeignKey("complaint.id"), init=False)
    shared_at: Mapped[datetime | None] = mapped_column(default=None)
