"""Contacts, visits offered and how families answered, and welfare checks."""

from datetime import date, datetime, time
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.contact.rules import USUAL_MINUTES, Alone, Told
from ehe_portal.core.codes import ChildSeen, Code, ContactKind, ContactOutcome, PrimaryReason
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.core.invitations import Status
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
    def is_struck_out_for_family(self) -> bool:
        """Whether this was struck out, as far as the family may know."""
        return self.struck_out_at is not None and not self.child.is_held_back(self.struck_out_at)

    @property
    def waits_to_be_confirmed(self) -> bool:
        """Whether this is writing of which an officer has yet to say if it tells about the child's education."""
        return self.outcome is ContactOutcome.RECEIVED and self.substantive is None and self.struck_out_at is None


class WelfareCheck(Versioned, Base):
    """What was found at a contact that was held, or at a door where nobody came in: see rules.welfare for its sections.

    `persons_present` is empty where nobody was there. Once it is signed a verified parent may read its own copy (see
    service.family_copy), and it says for good what it says: what is added later stands under it (ContactAddendum).
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


class VisitState(Code):
    """Where an offered visit or call stands; a family's latest answer is among them."""

    OFFERED = "offered", "No answer yet"
    ACCEPTED = "accepted", "Confirmed"
    ANOTHER_TIME = "another-time", "Another time asked for"
    ANOTHER_WAY = "another-way", "Another way asked for"
    DECLINED = "declined", "Not wanted this time"
    CANCELLED = "cancelled", "Cancelled by the family"
    RECORDED = "recorded", "Recorded"
    WITHDRAWN = "withdrawn", "Cancelled by the council"


STANDING: Final = (VisitState.OFFERED, VisitState.ACCEPTED)
"""The states in which a visit is to take place, unless the family says otherwise."""

ANSWERABLE: Final = (*STANDING, VisitState.ANOTHER_TIME, VisitState.ANOTHER_WAY, VisitState.DECLINED)
"""The states in which a family may answer, and may change its mind."""

WITH_ANSWERS: Final = (*ANSWERABLE, VisitState.CANCELLED)
"""The states in which what a family answered is news for whoever goes."""


def status_of(state: VisitState) -> Status:
    """How a visit in this state stands in people's calendars."""
    if state is VisitState.OFFERED:
        return Status.TENTATIVE
    return Status.CONFIRMED if state in (VisitState.ACCEPTED, VisitState.RECORDED) else Status.CANCELLED


class VisitReply(Code):
    """What a family may answer to an offer. All are as good as each other."""

    ACCEPTED = "accepted", "Yes, that suits us"
    ANOTHER_TIME = "another-time", "Another time, please"
    ANOTHER_WAY = "another-way", "Another way, please"
    DECLINED = "declined", "No, thank you"
    CANCELLED = "cancelled", "We have to cancel"


class OtherWay(Code):
    """The ways in which a family may rather be in touch."""

    WRITING = "writing", "In writing"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video call"
    ELSEWHERE = "elsewhere", "Meeting somewhere else"
    PAPER = "paper", "On paper, by post"


class Visit(Referenced, Versioned, Base):
    """A visit, meeting or call that an adviser has offered. An invitation: it never stops the clock.

    It is about the children beside it (`VisitChild`), of whom `child_id` is the one it was offered for. While `choice`
    holds, several times are on offer (`VisitSlot`) and the last of them is its day. `note` is what the adviser last
    told the family about it; `minutes` is how long it is to take. Since `place_doubtful_since` the child may not live
    any more where the visit was to be (`place_was`), and since `tell_since` somebody has to tell the family by other
    means than mail.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_likely"),
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
        Index(
            "ix_visit_waiting_child",
            "child_id",
            sqlite_where=text("state IN ('offered', 'accepted')"),
            postgresql_where=text("state IN ('offered', 'accepted')"),
        ),
        Index(
            "ix_visit_place_doubtful",
            "authority_id",
            "adviser_id",
            "on_date",
            sqlite_where=text("place_doubtful_since IS NOT NULL"),
            postgresql_where=text("place_doubtful_since IS NOT NULL"),
        ),
        Index(
            "ix_visit_to_tell",
            "authority_id",
            "adviser_id",
            "tell_since",
            sqlite_where=text("tell_since IS NOT NULL"),
            postgresql_where=text("tell_since IS NOT NULL"),
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
    choice: Mapped[bool] = mapped_column(default=False)
    place_was: Mapped[str | None] = mapped_column(default=None)
    place_doubtful_since: Mapped[datetime | None] = mapped_column(default=None)
    tell_since: Mapped[datetime | None] = mapped_column(default=None)
    minutes: Mapped[int] = mapped_column(Integer, default=USUAL_MINUTES)

    child: Mapped[Child] = relationship(init=False)
    children: Mapped[list["VisitChild"]] = relationship(
        default_factory=list, order_by="VisitChild.id", back_populates="visit"
    )
    answers: Mapped[list["VisitAnswer"]] = relationship(
        init=False, order_by="VisitAnswer.id", back_populates="visit", viewonly=True
    )

    @property
    def status(self) -> Status:
        """How it stands in people's calendars: in none while its time is still to be chosen."""
        return Status.CANCELLED if self.choice else status_of(self.state)

    def __post_init__(self) -> None:
        if not self.children:
            self.children = [VisitChild(authority_id=self.authority_id, child_id=self.child_id)]


class VisitChild(Base):
    """A child whom a visit is about. `contact_id` is what came of it for this child, None until that is recorded."""

    __tablename__ = "visit_child"
    __table_args__ = (
        UniqueConstraint("visit_id", "child_id"),
        Index("ix_visit_child_child_id", "child_id", "visit_id"),
        Index(
            "ix_visit_child_unrecorded",
            "child_id",
            "visit_id",
            sqlite_where=text("contact_id IS NULL"),
            postgresql_where=text("contact_id IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    visit_id: Mapped[int] = mapped_column(BIG, ForeignKey("visit.id"), init=False)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    contact_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("contact.id"), index=True, default=None)

    visit: Mapped[Visit] = relationship(default=None, back_populates="children")
    child: Mapped[Child] = relationship(init=False, viewonly=True)
    contact: Mapped[Contact | None] = relationship(init=False, viewonly=True)


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
