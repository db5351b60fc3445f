"""Contacts, visits offered, welfare checks, and each episode's clock."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, Tier
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models import Child


class Contact(Referenced, Versioned, Base):
    """One contact about one child, or one attempt at it. Siblings have a row each.

    `substantive` is for writing received: None while an officer has not yet said whether it tells about the child's
    education. `struck_out_at` marks one that was recorded in error; it stays readable.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("agreed_next_on IS NULL OR agreed_next_on > happened_on", name="agreed_later"),
        Index("ix_contact_child_id_happened_on", "child_id", "happened_on", "id"),
        Index(
            "ix_contact_to_confirm",
            "authority_id",
            "happened_on",
            sqlite_where=text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
            postgresql_where=text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
        ),
        Index(
            "ix_contact_waiting_child",
            "child_id",
            sqlite_where=text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
            postgresql_where=text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
        ),
        Index("ix_contact_evidence_id", "evidence_id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    happened_on: Mapped[date]
    kind: Mapped[ContactKind] = mapped_column(coded(ContactKind))
    outcome: Mapped[ContactOutcome] = mapped_column(coded(ContactOutcome))
    recorded_at: Mapped[datetime]
    substantive: Mapped[bool | None] = mapped_column(default=None)
    child_seen: Mapped[ChildSeen | None] = mapped_column(coded(ChildSeen), default=None)
    agreed_next_on: Mapped[date | None] = mapped_column(default=None)
    adviser_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    summary: Mapped[str | None] = mapped_column(default=None)
    evidence_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("evidence.id"), default=None)
    visit_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("visit.id"), index=True, default=None)
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    confirmed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    welfare_check: Mapped["WelfareCheck | None"] = relationship(init=False, back_populates="contact")

    @property
    def waits_to_be_confirmed(self) -> bool:
        """Whether this is writing of which an officer has yet to say if it tells about the child's education."""
        return self.outcome is ContactOutcome.RECEIVED and self.substantive is None and self.struck_out_at is None


class WelfareCheck(Versioned, Base):
    """What was found at a contact that was held: who was there, the child's own words, what was seen."""

    __tablename__ = "welfare_check"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"), unique=True)
    persons_present: Mapped[str]
    childs_words: Mapped[str | None] = mapped_column(default=None)
    education_seen: Mapped[str | None] = mapped_column(default=None)
    address_confirmed: Mapped[bool | None] = mapped_column(default=None)

    contact: Mapped[Contact] = relationship(init=False, back_populates="welfare_check")


class SafeguardingObservation(Base):
    """A worry noted at a contact, kept apart from everything the family sees: fact, opinion and source each alone."""

    __tablename__ = "safeguarding_observation"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"), index=True)
    fact: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    opinion: Mapped[str | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)


class VisitState(StrEnum):
    """Where an offered visit or call stands."""

    OFFERED = "offered"
    RECORDED = "recorded"
    WITHDRAWN = "withdrawn"


class Visit(Referenced, Versioned, Base):
    """A visit, meeting or call that an adviser has offered. An invitation: it never stops the clock."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_child_id", "child_id", "on_date"),
        Index("ix_visit_adviser_day", "authority_id", "adviser_id", "on_date"),
        Index(
            "ix_visit_waiting",
            "authority_id",
            "on_date",
            "id",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    kind: Mapped[ContactKind] = mapped_column(coded(ContactKind))
    on_date: Mapped[date]
    at_time: Mapped[time]
    adviser_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    offered_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(default=None)
    state: Mapped[VisitState] = mapped_column(coded(VisitState), default=VisitState.OFFERED)


class ContactClock(Base):
    """The one clock of an `ehe` episode, worked out from its history by contact.rules; nothing else moves it.

    `lapsed_due_on` is the due date that lapsed and has not been answered; `lapsed_on` the day the sweep found it.
    `answered_due_on` is the latest lapse that a contact answered, `answered_after` the last contact known before that
    one: should the history fall back to it, the lapse is open again. `is_running` is false once the episode is closed.
    `age_ends` is copied from the child for the sweep's index, `adviser_id` from the episode for an adviser's day.
    """

    __tablename__ = "contact_clock"
    __table_args__ = (
        CheckConstraint("(lapsed_due_on IS NULL) = (lapsed_on IS NULL)", name="lapsed_whole"),
        # SQLite uses a partial index only for a query that has its words: there a true column is written "= 1".
        Index(
            "ix_contact_clock_sweep",
            "grace_ends",
            "id",
            sqlite_where=text("is_running = 1 AND lapsed_on IS NULL"),
            postgresql_where=text("is_running AND lapsed_on IS NULL"),
        ),
        Index(
            "ix_contact_clock_due",
            "authority_id",
            "due_on",
            "child_id",
            sqlite_where=text("is_running = 1"),
            postgresql_where=text("is_running"),
        ),
        Index(
            "ix_contact_clock_adviser",
            "adviser_id",
            "due_on",
            "child_id",
            sqlite_where=text("is_running = 1"),
            postgresql_where=text("is_running"),
        ),
        Index(
            "ix_contact_clock_lapsed",
            "authority_id",
            "lapsed_on",
            sqlite_where=text("lapsed_on IS NOT NULL"),
            postgresql_where=text("lapsed_on IS NOT NULL"),
        ),
        Index(
            "ix_contact_clock_policy",
            "authority_id",
            "policy_number",
            sqlite_where=text("is_running = 1"),
            postgresql_where=text("is_running"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"), unique=True)
    is_running: Mapped[bool]
    starts_on: Mapped[date]
    age_ends: Mapped[date]
    due_on: Mapped[date]
    grace_ends: Mapped[date]
    basis: Mapped[str]
    tier: Mapped[Tier] = mapped_column(coded(Tier))
    policy_number: Mapped[int] = mapped_column(Integer)
    adviser_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), default=None)
    last_contact_on: Mapped[date | None] = mapped_column(default=None)
    last_reply_on: Mapped[date | None] = mapped_column(default=None)
    agreed_next_on: Mapped[date | None] = mapped_column(default=None)
    last_seen_on: Mapped[date | None] = mapped_column(default=None)
    lapsed_due_on: Mapped[date | None] = mapped_column(default=None)
    lapsed_on: Mapped[date | None] = mapped_column(default=None)
    answered_due_on: Mapped[date | None] = mapped_column(default=None)
    answered_after: Mapped[date | None] = mapped_column(default=None)


class PlannedContact(Base):
    """The dated next contact with which a lapse was closed; it becomes the due date."""

    __tablename__ = "planned_contact"
    __table_args__ = (UniqueConstraint("episode_id", "decided_on"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    decided_on: Mapped[date]
    due_on: Mapped[date]
