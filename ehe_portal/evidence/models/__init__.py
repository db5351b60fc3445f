"""What families show, and what officers find in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import ContactKind
from ehe_portal.core.db import BIG, Base, Referenced, coded
from ehe_portal.evidence.models.proofs import ServiceProof
from ehe_portal.evidence.models.reviews import EducationReview, KeptNote, PageNote
from ehe_portal.evidence.models.ways import DecisionComment, EvidencePart, Statement
from ehe_portal.evidence.rules import (
    SEALED,
    AccountPart,
    CameBy,
    Criterion,
    DecisionState,
    Outcome,
    Scan,
    Standing,
)
from ehe_portal.evidence.rules.statements import StatementState
from ehe_portal.register.models import Child

__all__ = [
    "AccountPart",
    "Assessment",
    "AssessmentCriterion",
    "CameBy",
    "DecisionComment",
    "DecisionState",
    "EducationReview",
    "Evidence",
    "EvidenceFile",
    "EvidencePart",
    "Ground",
    "InformationRequest",
    "InformationStep",
    "KeptNote",
    "Outcome",
    "PageNote",
    "Scan",
    "ScanTry",
    "ServiceProof",
    "Statement",
    "StatementState",
    "WaitingFile",
    "relied_on",
]


class Evidence(Referenced, Base):
    """One sending: a written account, whole or in `parts`, files, or both. `account_id` is the family's account.

    What came on paper or by mail has none: `keyed_in_by_id` added it, at `sent_at`; it came on `sent_on`, `came_by`
    some way, `from_whom`, who is the `parent_id` where it is one of the child's. A `statement` is what somebody else
    said, for which the holder of the account asked. It waits to be looked at until the first decision about the child's
    education that is made with it there: `decided_in_id`.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_child_id", "child_id", "sent_at"),
        Index(
            "ix_evidence_waiting",
            "child_id",
            "sent_on",
            sqlite_where=text("decided_in_id IS NULL"),
            postgresql_where=text("decided_in_id IS NULL"),
        ),
    )

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
    decided_in_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("assessment.id"), index=True, default=None)
    statement_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("statement.id"), unique=True, default=None)

    child: Mapped[Child] = relationship(init=False)
    statement: Mapped[Statement | None] = relationship(init=False)
    files: Mapped[list["EvidenceFile"]] = relationship(
        init=False, order_by="EvidenceFile.id", back_populates="evidence"
    )
    parts: Mapped[list[EvidencePart]] = relationship(init=False, order_by="EvidencePart.id")


class EvidenceFile(Referenced, Base):
    """One file, kept encrypted in the vault under `stored_as`. `sha256` and `size` are those of the file as sent.

    It was sent with `evidence`, or is the `proof` of how a document was served. `scan` is what the virus scanner said
    at `scanned_at`, and `found` what it calls what it found.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (
        Index(
            "ix_evidence_file_to_scan",
            "id",
            sqlite_where=text("scan = 'waiting'"),
            postgresql_where=text("scan = 'waiting'"),
        ),
        CheckConstraint("(evidence_id IS NULL) <> (proof_id IS NULL)", name="sent_or_proof"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    evidence_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("evidence.id"), index=True)
    stored_as: Mapped[str] = mapped_column(unique=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    scan: Mapped[Scan] = mapped_column(coded(Scan), default=Scan.WAITING)
    scanned_at: Mapped[datetime | None] = mapped_column(default=None)
    found: Mapped[str | None] = mapped_column(default=None)
    proof_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("service_proof.id"), unique=True, default=None)

    evidence: Mapped[Evidence | None] = relationship(init=False, back_populates="files")
    proof: Mapped[ServiceProof | None] = relationship(init=False, back_populates="file")

    @property
    def sending(self) -> Evidence:
        """What it was sent with. Raises ValueError for a proof, which nobody sent."""
        if self.evidence is None:
            raise ValueError("a proof of service was not sent")
        return self.evidence

    @property
    def child(self) -> Child:
        """Whom it is about."""
        return self._came_with.child

    @property
    def sent_at(self) -> datetime:
        """When it was sent, or added."""
        return self._came_with.sent_at if isinstance(self._came_with, Evidence) else self._came_with.added_at

    @property
    def _came_with(self) -> Evidence | ServiceProof:
        owner = self.evidence or self.proof
        if owner is None:
            raise ValueError("a file belongs to something that was sent, or is a proof")
        return owner

    @property
    def sealed(self) -> bool:
        """Whether nobody may open it, as it did not pass the virus check."""
        return self.scan in SEALED


class ScanTry(Base):
    """How far the scanning of a file that waits has come: tried so often, next at `next_try_at`, why not yet.

    Gone with the answer. `told_at` is set on one file of an authority while people know that scanning is delayed.
    """

    __tablename__ = "scan_try"
    __housekeeping__ = "the state of a try: what the scanner says of a file publishes an event"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    file_id: Mapped[int] = mapped_column(BIG, ForeignKey("evidence_file.id"), unique=True)
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)


class WaitingFile(Referenced, Base):
    """A file that has arrived and was not sent yet, for its form had something to correct; kept as long as a draft.

    Its row is there before anything is put in the vault, so that nothing in the vault is ever nobody's. `sha256` is
    empty until the whole file is kept. Of one that comes in parts `to_come` is the size that its sender announced, in
    bytes; until it is whole, `arrived_at` is when it was begun. One with a `statement_id` came with that statement, and
    is kept for as long as that waits; `account_id` is then the parent's who asked for it.
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
    to_come: Mapped[int | None] = mapped_column(default=None)
    statement_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("statement.id"), index=True, default=None)

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

    It stands, and the family may be told, from `stands_since`. One that has to be approved waits until
    `answered_by_id`, never the person who decided, approves it, or returns it with `answer`, their reasons: then it
    never stands.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_child_id", "child_id", "decided_at"),
        Index(
            "ix_assessment_waiting",
            "authority_id",
            "decided_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_assessment_returned",
            "child_id",
            sqlite_where=text("state = 'returned'"),
            postgresql_where=text("state = 'returned'"),
        ),
        CheckConstraint("answered_by_id <> decided_by_id", name="another_answers"),
        CheckConstraint("(state = 'stands') = (stands_since IS NOT NULL)", name="stands_since_a_moment"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    outcome: Mapped[Outcome] = mapped_column(coded(Outcome))
    reasons: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    state: Mapped[DecisionState] = mapped_column(coded(DecisionState))
    stands_since: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    advice: Mapped[str | None] = mapped_column(default=None)
    other_grounds: Mapped[str | None] = mapped_column(default=None)
    wanted: Mapped[str | None] = mapped_column(default=None)
    decided_under_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("policy_version.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False)
    evidence: Mapped[list[Evidence]] = relationship(init=False, secondary=relied_on, order_by="Evidence.id")
    criteria: Mapped[list["AssessmentCriterion"]] = relationship(
        init=False, order_by="AssessmentCriterion.id", back_populates="assessment"
    )
    request: Mapped["InformationRequest | None"] = relationship(init=False, back_populates="assessment")
    notes: Mapped[list["KeptNote"]] = relationship(init=False, order_by="KeptNote.id")
    review: Mapped["EducationReview | None"] = relationship(init=False, back_populates="assessment")

    @property
    def notes_relied_on(self) -> list["PageNote"]:
        """The notes against pages that it rests on, which the family reads."""
        return [kept.note for kept in self.notes if kept.relied]

    def is_about_another(self, ground: "Ground") -> bool:
        """Whether what a finding rests on was sent about a brother or sister."""
        return any(one.id == ground.evidence_id and one.child_id != self.child_id for one in self.evidence)


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


class InformationRequest(Referenced, Base):
    """A family is asked for what a decision says is `wanted`; it has until `last_on`, and chooses how to answer.

    It was told at `asked_at`, on `asked_on` in London. What it sent, or a contact at which something was told, answers
    it; it is over at `ended_at`, with the next decision or because an officer withdrew it. Nothing follows from its
    last day by itself.
    """

    __tablename__ = "information_request"
    __table_args__ = (
        Index(
            "ix_information_request_open",
            "child_id",
            "last_on",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_information_request_child_id", "child_id", "id"),
        UniqueConstraint("assessment_id"),
        CheckConstraint("last_on > asked_on", name="time_to_answer"),
        CheckConstraint("evidence_id IS NULL OR contact_id IS NULL", name="one_answer"),
        CheckConstraint(
            "(answered_at IS NULL) = (evidence_id IS NULL AND contact_id IS NULL)", name="answered_by_something"
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"))
    asked_at: Mapped[datetime]
    asked_on: Mapped[date]
    last_on: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    evidence_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("evidence.id"), index=True, default=None)
    contact_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("contact.id"), index=True, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    assessment: Mapped[Assessment] = relationship(init=False, back_populates="request")
    steps: Mapped[list["InformationStep"]] = relationship(
        init=False, order_by="InformationStep.id", back_populates="request"
    )


class InformationStep(Base):
    """More time for a request, until a later `last_on`; without one, the request was withdrawn. The family reads why.

    `was_on` is the last day before that.
    """

    __tablename__ = "information_step"
    __table_args__ = (Index("ix_information_step_request_id", "request_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    request_id: Mapped[int] = mapped_column(BIG, ForeignKey("information_request.id"))
    was_on: Mapped[date]
    reasons: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    last_on: Mapped[date | None] = mapped_column(default=None)

    request: Mapped[InformationRequest] = relationship(init=False, back_populates="steps")
