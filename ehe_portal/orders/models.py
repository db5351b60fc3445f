"""Cases of notices and orders: their steps, what was served on whom, and who agreed to be served electronically."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.letters.models import Letter
from ehe_portal.orders.rules import Closing, Document, Method, Route, StepCode, StepState, Whose
from ehe_portal.register.models import Child, Parent

__all__ = [
    "Closing",
    "Document",
    "Method",
    "OrderCase",
    "OrderFinding",
    "OrderSending",
    "OrderStep",
    "Route",
    "ServiceConsent",
    "StepCode",
    "StepState",
    "Whose",
]


class OrderFinding(Base):
    """The decision by which a child's education appears not to be suitable, while it is the latest that stands."""

    __tablename__ = "order_finding"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), unique=True)
    assessment_id: Mapped[int] = mapped_column(BIG, ForeignKey("assessment.id"), index=True)
    found_on: Mapped[date]


class OrderCase(Referenced, Versioned, Base):
    """One case about one child, under the law that the authority worked under on the day on which it was begun.

    `profile` and `begun_under_id`, the version of the authority's values, are stamped on it and never change.
    `clock_whose` and `clock_on` are whose time runs, and its last day; empty where nothing is waited for.
    """

    __tablename__ = "order_case"
    __table_args__ = (
        Index(
            "uq_order_case_open",
            "child_id",
            "route",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_order_case_child_id", "child_id", "id"),
        Index(
            "ix_order_case_clock",
            "authority_id",
            "clock_on",
            "id",
            sqlite_where=text("clock_on IS NOT NULL"),
            postgresql_where=text("clock_on IS NOT NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (closing IS NULL)", name="ended_somehow"),
        CheckConstraint("(clock_on IS NULL) = (clock_whose IS NULL)", name="someones_clock"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    route: Mapped[Route] = mapped_column(coded(Route))
    profile: Mapped[str]
    begun_under_id: Mapped[int] = mapped_column(BIG, ForeignKey("policy_version.id"), index=True)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("assessment.id"), index=True, default=None)
    clock_on: Mapped[date | None] = mapped_column(default=None)
    clock_whose: Mapped[Whose | None] = mapped_column(coded(Whose), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    closing: Mapped[Closing | None] = mapped_column(coded(Closing), default=None)
    ended_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    steps: Mapped[list["OrderStep"]] = relationship(init=False, order_by="OrderStep.id", back_populates="case")

    @property
    def taken(self) -> "list[OrderStep]":
        """The steps that were taken, the earliest first."""
        return sorted((one for one in self.steps if one.taken_at is not None), key=lambda one: (one.taken_at, one.id))

    @property
    def proposed(self) -> "OrderStep | None":
        """The step that was put forward and waits for a person with the right role."""
        return next((one for one in self.steps if one.state is StepState.PROPOSED), None)


class OrderStep(Referenced, Base):
    """A step that was put forward, returned or taken. `said` are the answers to what it asks: codes, days, schools.

    `reasons` are those of whoever wrote it down; `answer` those of whoever returned it, or took it with something to
    add.
    """

    __tablename__ = "order_step"
    __table_args__ = (
        Index("ix_order_step_case_id", "case_id", "id"),
        Index(
            "uq_order_step_proposed",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(
            "ix_order_step_waiting",
            "authority_id",
            "written_at",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint(
            "(state = 'taken') = (taken_at IS NOT NULL AND taken_on IS NOT NULL)", name="taken_at_a_moment"
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    case_id: Mapped[int] = mapped_column(BIG, ForeignKey("order_case.id"))
    code: Mapped[StepCode] = mapped_column(coded(StepCode))
    state: Mapped[StepState] = mapped_column(coded(StepState))
    reasons: Mapped[str]
    said: Mapped[dict[str, str]] = mapped_column(JSON)
    parents: Mapped[list[str]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    taken_on: Mapped[date | None] = mapped_column(default=None)
    taken_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    answer: Mapped[str | None] = mapped_column(default=None)

    case: Mapped[OrderCase] = relationship(init=False, back_populates="steps")
    sendings: Mapped[list["OrderSending"]] = relationship(init=False, order_by="OrderSending.id", back_populates="step")

    @property
    def child(self) -> Child:
        """Whose case it is."""
        return self.case.child


class OrderSending(Referenced, Base):
    """The document of a step to one parent, or without one to the school; and how it was served, once that is known.

    `sent_on` is the day on which it was posted, handed over, left or sent; `served_on` that on which it counts as
    served. One that was written down wrongly is struck out, and another takes its place.
    """

    __tablename__ = "order_sending"
    __table_args__ = (
        Index("ix_order_sending_step_id", "step_id", "id"),
        CheckConstraint(
            "(method IS NULL) = (served_on IS NULL) AND (served_on IS NULL) = (sent_on IS NULL)", name="served_somehow"
        ),
        CheckConstraint("served_on IS NULL OR served_on >= sent_on", name="served_after_sending"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    step_id: Mapped[int] = mapped_column(BIG, ForeignKey("order_step.id"))
    parent_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("parent.id"), index=True)
    method: Mapped[Method | None] = mapped_column(coded(Method), default=None)
    sent_on: Mapped[date | None] = mapped_column(default=None)
    served_on: Mapped[date | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    letter_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("letter.id"), index=True, default=None)
    recorded_at: Mapped[datetime | None] = mapped_column(default=None)
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    consent_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("service_consent.id"), index=True, default=None)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    step: Mapped[OrderStep] = relationship(init=False, back_populates="sendings")
    parent: Mapped[Parent | None] = relationship(init=False)
    letter: Mapped[Letter | None] = relationship(init=False)

    @property
    def child(self) -> Child:
        """Whose case it is."""
        return self.step.case.child


class ServiceConsent(Referenced, Base):
    """A parent agreed in writing to be served with one kind of document at one electronic address (section 572)."""

    __tablename__ = "service_consent"
    __table_args__ = (
        Index("ix_service_consent_parent_id", "parent_id", "document"),
        CheckConstraint("document <> 'school'", name="served_on_a_parent"),
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="withdrawn_later"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    parent_id: Mapped[int] = mapped_column(BIG, ForeignKey("parent.id"))
    document: Mapped[Document] = mapped_column(coded(Document))
    address: Mapped[str]
    given_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdrawn_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    parent: Mapped[Parent] = relationship(init=False)

    @property
    def child(self) -> Child:
        """Whose parent it is."""
        return self.parent.child
