"""Other ways for a family to be heard: an account in parts, a statement by somebody else, a comment on a decision."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced, coded
from ehe_portal.evidence.rules import AccountPart
from ehe_portal.evidence.rules.statements import StatementState
from ehe_portal.register.models import Child

if TYPE_CHECKING:
    from ehe_portal.evidence.models import WaitingFile


class EvidencePart(Base):
    """One part of an account of the education, in the family's words. A part that was left out has no row."""

    __tablename__ = "evidence_part"
    __table_args__ = (UniqueConstraint("evidence_id", "part"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(BIG, ForeignKey("evidence.id"), init=False)
    part: Mapped[AccountPart] = mapped_column(coded(AccountPart))
    words: Mapped[str]


class DecisionComment(Base):
    """What a parent says of a decision. Comments are added, and never change or hide the decision.

    The other parent does not see it: it is what one parent sent.
    """

    __tablename__ = "decision_comment"
    __table_args__ = (Index("ix_decision_comment_assessment_id", "assessment_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    words: Mapped[str]
    said_at: Mapped[datetime]


class Statement(Referenced, Base):
    """Somebody whom a parent (`account_id`) asked to say something about the education, by a link sent to `email`.

    The link works until `ends_at`; of several mails (`mails`) only the last one's does. What was written is the
    parent's, who reads it and sends it on or keeps it back, unless they said when asking that it goes `at_once`. Once
    it is kept back its words are gone; once it is sent on they are evidence, which names the statement.
    """

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_account_child", "account_id", "child_id"),
        CheckConstraint("state <> 'written' OR words IS NOT NULL", name="written_words"),
        CheckConstraint("state NOT IN ('asked', 'taken-back') OR written_at IS NULL", name="not_written_yet"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    asked_of: Mapped[str]
    email: Mapped[str]
    at_once: Mapped[bool]
    asked_at: Mapped[datetime]
    mailed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[StatementState] = mapped_column(coded(StatementState), default=StatementState.ASKED)
    mails: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    written_at: Mapped[datetime | None] = mapped_column(default=None)
    writer: Mapped[str | None] = mapped_column(default=None)
    how_known: Mapped[str | None] = mapped_column(default=None)
    words: Mapped[str | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    files: Mapped[list["WaitingFile"]] = relationship(init=False, order_by="WaitingFile.id", viewonly=True)
