"""What families told us when registering, drafts of it, and records that may be one child."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import (
    Code,
)
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models.people import Child


class Via(Code):
    """How a registration came."""

    PORTAL = "portal", "Sent here by a parent"
    PAPER = "paper", "On our paper form"
    PHONE = "phone", "By phone"
    LETTER = "letter", "By letter or email"
    SCHOOL_NOTICE = "school-notice", "In a school’s notice"


class Submission(Referenced, Base):
    """What came in one go: one registration or, of brothers and sisters, several.

    A parent's own has their account. What an officer keyed in from elsewhere has who keyed it, and who said it.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) = (keyed_by_id IS NOT NULL)", name="from_account_or_keyed"),
        Index("ix_submission_account_id", "account_id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    received_on: Mapped[date]
    entered_at: Mapped[datetime]
    via: Mapped[Via] = mapped_column(coded(Via), default=Via.PORTAL)
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), default=None)
    keyed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    said_by: Mapped[str | None] = mapped_column(default=None)

    registrations: Mapped[list["Registration"]] = relationship(
        init=False, order_by="Registration.id", back_populates="submission"
    )


class RegistrationState(StrEnum):
    """Where a family's registration stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    JOINED = "joined"


class Registration(Referenced, Versioned, Base):
    """What a parent told us when registering, kept as they typed it, and what an officer made of it.

    Without an account an officer keyed it in. `submission` is what it came in; registrations kept before there were
    submissions have none. `joined_child_id` is the record that already existed, where an officer found the child to be
    the same.
    """

    __tablename__ = "registration"
    __table_args__ = (
        Index("ix_registration_waiting", "authority_id", "state", "submitted_at"),
        Index("ix_registration_account_id", "account_id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    submitted_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), default=None)
    submission_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("submission.id"), index=True, default=None)
    state: Mapped[RegistrationState] = mapped_column(coded(RegistrationState), default=RegistrationState.WAITING)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    checked_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    joined_child_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("child.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False, foreign_keys=[child_id])
    submission: Mapped[Submission | None] = relationship(init=False, back_populates="registrations")


class RegistrationDraft(Base):
    """A registration that a parent has begun, or that an officer is keying in: the answers so far, sealed."""

    __tablename__ = "registration_draft"
    __housekeeping__ = "words typed but not yet sent"

    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), unique=True)
    sealed: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(index=True)


class DoubleVerdict(StrEnum):
    """What an officer decided about two records that look alike."""

    UNDECIDED = "undecided"
    SAME = "same"
    DIFFERENT = "different"


class PossibleDouble(Base):
    """Two records that may be one child; a person decides. `score` is 0 to 100."""

    __tablename__ = "possible_double"
    __table_args__ = (
        UniqueConstraint("child_id", "other_child_id"),
        Index("ix_possible_double_open", "authority_id", "verdict", "found_on", "id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    other_child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    score: Mapped[int] = mapped_column(Integer)
    found_on: Mapped[date]
    verdict: Mapped[DoubleVerdict] = mapped_column(coded(DoubleVerdict), default=DoubleVerdict.UNDECIDED)
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
