"""Contacts, visits offered and how families answered, welfare checks, and each episode's clock."""

from datetime import date, datetime, time
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.contact.rules import Alone, Told
from ehe_portal.core.codes import ChildSeen, Code, ContactKind, ContactOutcome, PrimaryReason, Tier
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models import Child


class Contact(Referenced, Versioned, Base):
    """One contact about one child, or one attempt at it. Siblings have a row each.

    `substantive` is for writing received: None while an officer has not yet said whether it tells about the child's
    education. What was written here as a message has that message's reference. `struck_out_at` marks one that was
    recorded in error; it stays readable.
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
        Index("ix_contact_message_id", "message_id"),
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
    message_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("message.id"), default=None)
    visit_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("visit.id"), index=True, default=None)
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    confirmed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    welfare_check: Mapped["WelfareCheck | None"] = relationship(init=False, back_populates="contact")

    @property
    def is_reply_sent_here(self) -> bool:
        """Whether this is a reply that a parent sent on a page of their own: an answer, or a change told of."""
        sent_here = self.adviser_id is None and self.recorded_by_id is not None
        with_a_page = self.evidence_id is not None or self.message_id is not None
        return sent_here and not with_a_page and self.outcome is ContactOutcome.RECEIVED and self.substantive is False

    @property
    def title(self) -> str:
        """What it was, and what came of it."""
        if self.is_reply_sent_here:
            return "Reply on the family’s own page"
        return f"{self.kind.label}: {self.outcome.label.lower()}"

    @property
    def waits_to_be_confirmed(self) -> bool:
        """Whether this is writing of which an officer has yet to say if it tells about the child's education."""
        return self.outcome is ContactOutcome.RECEIVED and self.substantive is None and self.struck_out_at is None


class WelfareCheck(Versioned, Base):
    """What was found at a contact that was held, or at a door where nobody came in: see rules.welfare for its sections.

    `persons_present` is empty where nobody was there. Once it is signed a verified parent may read its own copy (see
    service.family_copy); a later change takes the signature away until somebody signs again.
    """

    __tablename__ = "welfare_check"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"), unique=True)
    persons_present: Mapped[str]
    childs_words: Mapped[str | None] = mapped_column(default=None)
    education_seen: Mapped[str | None] = mapped_column(default=None)
    address_confirmed: Mapped[bool | None] = mapped_column(default=None)
    at_time: Mapped[time | None] = mapped_column(default=None)
    minutes: Mapped[int | None] = mapped_column(Integer, default=None)
    place: Mapped[str | None] = mapped_column(default=None)
    first_visit: Mapped[bool | None] = mapped_column(default=None)
    spoken_to: Mapped[bool | None] = mapped_column(default=None)
    alone: Mapped[Alone | None] = mapped_column(coded(Alone), default=None)
    styles: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    environment: Mapped[str | None] = mapped_column(default=None)
    progress: Mapped[str | None] = mapped_column(default=None)
    aspirations: Mapped[str | None] = mapped_column(default=None)
    social: Mapped[str | None] = mapped_column(default=None)
    conclusion: Mapped[str | None] = mapped_column(default=None)
    recommendations: Mapped[str | None] = mapped_column(default=None)
    discussed_with_school: Mapped[Told | None] = mapped_column(coded(Told, "discussed"), default=None)
    school_suggested: Mapped[Told | None] = mapped_column(coded(Told, "suggested"), default=None)
    otherwise_considered: Mapped[Told | None] = mapped_column(coded(Told, "considered"), default=None)
    reasons: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    main_reason: Mapped[PrimaryReason | None] = mapped_column(coded(PrimaryReason), default=None)
    sen: Mapped[str | None] = mapped_column(default=None)
    health: Mapped[str | None] = mapped_column(default=None)
    support: Mapped[str | None] = mapped_column(default=None)
    exams: Mapped[str | None] = mapped_column(default=None)
    next_kind: Mapped[ContactKind | None] = mapped_column(coded(ContactKind), default=None)
    referrals: Mapped[str | None] = mapped_column(default=None)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    contact: Mapped[Contact] = relationship(init=False, back_populates="welfare_check")


class SafeguardingObservation(Base):
    """A worry noted at a contact, kept apart from everything the family sees, and never changed once it is written.

    Fact, opinion and source each alone; whom the officer consulted, what was done, and at what time of that day.
    """

    __tablename__ = "safeguarding_observation"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"), index=True)
    fact: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    opinion: Mapped[str | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)
    consulted: Mapped[str | None] = mapped_column(default=None)
    action: Mapped[str | None] = mapped_column(default=None)
    done_time: Mapped[time | None] = mapped_column(default=None)


class VisitState(Code):
    """Where an offered visit or call stands; a family's latest answer is among them."""

    OFFERED = "offered", "No answer yet"
    ACCEPTED = "accepted", "Accepted"
    ANOTHER_TIME = "another-time", "Another time asked for"
    ANOTHER_WAY = "another-way", "Another way asked for"
    DECLINED = "declined", "Not wanted this time"
    RECORDED = "recorded", "Recorded"
    WITHDRAWN = "withdrawn", "Withdrawn"


STANDING: Final = (VisitState.OFFERED, VisitState.ACCEPTED)
"""The states in which a visit is to take place, unless the family says otherwise."""

ANSWERABLE: Final = (*STANDING, VisitState.ANOTHER_TIME, VisitState.ANOTHER_WAY, VisitState.DECLINED)
"""The states in which a family may answer, and may change its mind."""


class VisitReply(Code):
    """What a family may answer to an offer. All are as good as each other."""

    ACCEPTED = "accepted", "Yes, that suits us"
    ANOTHER_TIME = "another-time", "Another time, please"
    ANOTHER_WAY = "another-way", "Another way, please"
    DECLINED = "declined", "No, thank you"


class OtherWay(Code):
    """The ways in which a family may rather be in touch."""

    WRITING = "writing", "In writing"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video call"
    ELSEWHERE = "elsewhere", "Meeting somewhere else"


class Visit(Referenced, Versioned, Base):
    """A visit, meeting or call that an adviser has offered. An invitation: it never stops the clock.

    `note` is what the adviser last told the family about it. Its answers stand beside it, one row each.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_child_id", "child_id", "on_date"),
        Index("ix_visit_adviser_day", "authority_id", "adviser_id", "on_date"),
        Index(
            "ix_visit_waiting",
            "authority_id",
            "on_date",
            "id",
            sqlite_where=text("state IN ('offered', 'accepted')"),
            postgresql_where=text("state IN ('offered', 'accepted')"),
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
    note: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    answers: Mapped[list["VisitAnswer"]] = relationship(
        init=False, order_by="VisitAnswer.id", back_populates="visit", viewonly=True
    )


class VisitAnswer(Base):
    """One answer of a family to an offer; a later one does not overwrite it.

    It says what was on offer then. `contact_id` is the reply that the clock counts; `read_at` is when an officer had
    read it or acted on it.
    """

    __tablename__ = "visit_answer"
    __table_args__ = (
        Index("ix_visit_answer_visit_id", "visit_id", "id"),
        Index(
            "ix_visit_answer_unread",
            "authority_id",
            "answered_at",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    visit_id: Mapped[int] = mapped_column(BIG, ForeignKey("visit.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"), index=True)
    answer: Mapped[VisitReply] = mapped_column(coded(VisitReply))
    answered_at: Mapped[datetime]
    kind: Mapped[ContactKind] = mapped_column(coded(ContactKind))
    on_date: Mapped[date]
    at_time: Mapped[time]
    way: Mapped[OtherWay | None] = mapped_column(coded(OtherWay), default=None)
    words: Mapped[str | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    read_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    visit: Mapped[Visit] = relationship(init=False, back_populates="answers", viewonly=True)


class ContactComment(Base):
    """What a parent says of the record of a contact. Comments are added, and never change or hide the record.

    The other parent does not see it: it is what one parent sent.
    """

    __tablename__ = "contact_comment"
    __table_args__ = (Index("ix_contact_comment_contact_id", "contact_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    words: Mapped[str]
    said_at: Mapped[datetime]


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
