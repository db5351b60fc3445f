"""What families show, and what officers find in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import ContactKind
from ehe_portal.core.db import BIG, Base, Referenced, coded
from ehe_portal.evidence.rules import CameBy, Criterion, Outcome, Standing

__all__ = [
    "Assessment",
    "AssessmentCriterion",
    "CameBy",
    "Evidence",
    "EvidenceFile",
    "Ground",
    "Outcome",
    "WaitingFile",
    "relied_on",
]


class Evidence(Referenced, Base):
    """One sending: a written account, files, or both. `account_id` is the family's account.

    What came on paper or by mail has none: `keyed_in_by_id` added it, at `sent_at`; it came on `sent_on`, `came_by`
    some way, `from_whom`, who is the `parent_id` where it is one of the child's.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_child_id", "child_id", "sent_at"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    sent_at: Mapped[datetime]
    sent_on: Mapped[date]
    written_account: Mapped[str | None] = mapped_column(default=None)
    keyed_in_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    came_by: Mapped[CameBy | None] = mapped_column(coded(CameBy), default=None)
    from_whom: Mapped[str | None] = mapped_column(default=None)
    parent_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("parent.id"), index=True, default=None)

    files: Mapped[list["EvidenceFile"]] = relationship(
        init=False, order_by="EvidenceFile.id", back_populates="evidence"
    )


class EvidenceFile(Referenced, Base):
    """One file, kept encrypted in the vault under `stored_as`. `sha256` and `size` are those of the file as sent."""

    __tablename__ = "evidence_file"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(BIG, ForeignKey("evidence.id"), index=True)
    stored_as: Mapped[str] = mapped_column(unique=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]

    evidence: Mapped[Evidence] = relationship(init=False, back_populates="files")


class WaitingFile(Referenced, Base):
    """A file that has arrived and was not sent yet, for its form had something to correct; kept for a day.

    Its row is there before anything is put in the vault, so that nothing in the vault is ever nobody's. `sha256` is
    empty until the whole file is kept.
    """

    __tablename__ = "waiting_file"
    __housekeeping__ = "a draft: sending it or throwing it away publishes an event"
    __table_args__ = (Index("ix_waiting_file_account_child", "account_id", "child_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    arrived_at: Mapped[datetime] = mapped_column(index=True)
    size: Mapped[int | None] = mapped_column(default=None)
    sha256: Mapped[str | None] = mapped_column(default=None)

    @property
    def stored_as(self) -> str:
        """What the vault keeps it under."""
        return f"{self.authority_id}/{self.reference}"


relied_on = Table(
    "assessment_evidence",
    Base.metadata,
    Column("assessment_id", BIG, ForeignKey("assessment.id"), primary_key=True),
    Column("evidence_id", BIG, ForeignKey("evidence.id"), primary_key=True, index=True),
)


class Assessment(Referenced, Base):
    """A person's decision about a child's education, with reasons that the parent sees.

    It rests on what was found about each of the `criteria` of the law, which name what they rest on; `evidence` is all
    that they name of what the family sent. `advice` may be followed or not: it is no condition of anything. `wanted`
    is what the authority would like to know where it cannot tell yet; the family chooses how to say it. The version of
    the authority's values, and with it the profile of the law, under which it was decided is stamped on it.
    """

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_child_id", "child_id", "decided_at"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    outcome: Mapped[Outcome] = mapped_column(coded(Outcome))
    reasons: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    advice: Mapped[str | None] = mapped_column(default=None)
    other_grounds: Mapped[str | None] = mapped_column(default=None)
    wanted: Mapped[str | None] = mapped_column(default=None)
    decided_under_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("policy_version.id"), index=True, default=None)

    evidence: Mapped[list[Evidence]] = relationship(init=False, secondary=relied_on, order_by="Evidence.id")
    criteria: Mapped[list["AssessmentCriterion"]] = relationship(
        init=False, order_by="AssessmentCriterion.id", back_populates="assessment"
    )


class AssessmentCriterion(Base):
    """What was found about one criterion of the law, with what it rests on."""

    __tablename__ = "assessment_criterion"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"))
    criterion: Mapped[Criterion] = mapped_column(coded(Criterion))
    standing: Mapped[Standing] = mapped_column(coded(Standing))
    reasons: Mapped[str | None] = mapped_column(default=None)
    other: Mapped[str | None] = mapped_column(default=None)

    assessment: Mapped[Assessment] = relationship(init=False, back_populates="criteria")
    grounds: Mapped[list["Ground"]] = relationship(init=False, order_by="Ground.id", back_populates="criterion")


class Ground(Base):
    """One thing that a finding rests on: something the family sent, or a contact, whose kind and date are repeated."""

    __tablename__ = "assessment_ground"
    __table_args__ = (CheckConstraint("(evidence_id IS NULL) <> (contact_id IS NULL)", name="one_thing"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment_criterion.id"), index=True)
    happened_on: Mapped[date]
    evidence_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("evidence.id"), index=True, default=None)
    contact_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("contact.id"), index=True, default=None)
    kind: Mapped[ContactKind | None] = mapped_column(coded(ContactKind), default=None)

    criterion: Mapped[AssessmentCriterion] = relationship(init=False, back_populates="grounds")
