"""Escalations: what was raised, who answers it, and every step taken."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import SocialCare
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.escalation.rules import Closing, Reason, Rung, State, Triage
from ehe_portal.register.models import Child

__all__ = ["Closing", "Escalation", "EscalationRung", "EscalationStep", "Reason", "Rung", "State", "Triage"]


class Escalation(Referenced, Versioned, Base):
    """One alert about one child. A lapse is the only one for its episode and due date.

    `due_on` is the date that lapsed; `should_have_risen_on` the first day on which it could be found; `owner_id` and
    `next_on` the named person and the next date from triage on. `moved_due_on` is a due date that moved while the
    lapse stayed open. `last_attempt_on` is when the authority last tried, None if never since the date came near.
    `danger_now`: whoever raised it said that the child was in danger at that moment. `answered_at`: the family has
    been in contact since, and an enquiry that was open went on for its owner to close.

    `raised_again_on` is the day of the latest alert where that is not the first. `rung` is how far up it has been told
    since that alert, or since someone last answered it; on `next_rung_on` somebody is told next if nobody acts.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("(reason = 'contact-lapse') = (due_on IS NOT NULL)", name="lapse_has_due"),
        CheckConstraint(
            "state NOT IN ('triaged', 'enquiry') OR (owner_id IS NOT NULL AND next_on IS NOT NULL)",
            name="triaged_has_owner",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_whole"),
        Index(
            "uq_escalation_lapse",
            "episode_id",
            "due_on",
            unique=True,
            sqlite_where=text("reason = 'contact-lapse'"),
            postgresql_where=text("reason = 'contact-lapse'"),
        ),
        Index(
            "uq_escalation_open_lapse",
            "episode_id",
            unique=True,
            sqlite_where=text("reason = 'contact-lapse' AND state <> 'closed'"),
            postgresql_where=text("reason = 'contact-lapse' AND state <> 'closed'"),
        ),
        Index(
            "ix_escalation_open",
            "authority_id",
            "raised_on",
            "id",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index(
            "ix_escalation_open_child",
            "child_id",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_escalation_child_id", "child_id", "id"),
        Index(
            "ix_escalation_next_rung",
            "next_rung_on",
            "id",
            sqlite_where=text("next_rung_on IS NOT NULL"),
            postgresql_where=text("next_rung_on IS NOT NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    episode_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("episode.id"), index=True)
    reason: Mapped[Reason] = mapped_column(coded(Reason))
    raised_on: Mapped[date]
    raised_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(coded(State), default=State.RAISED)
    due_on: Mapped[date | None] = mapped_column(default=None)
    moved_due_on: Mapped[date | None] = mapped_column(default=None)
    should_have_risen_on: Mapped[date | None] = mapped_column(default=None)
    last_attempt_on: Mapped[date | None] = mapped_column(default=None)
    social_care: Mapped[SocialCare] = mapped_column(coded(SocialCare), default=SocialCare.UNKNOWN)
    raised_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    words: Mapped[str | None] = mapped_column(default=None)
    danger_now: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    alerts: Mapped[int] = mapped_column(default=1)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    owner_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    next_on: Mapped[date | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    closing: Mapped[Closing | None] = mapped_column(coded(Closing), default=None)
    raised_again_on: Mapped[date | None] = mapped_column(default=None)
    rung: Mapped[Rung] = mapped_column(coded(Rung), default=Rung.RAISED)
    next_rung_on: Mapped[date | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    steps: Mapped[list["EscalationStep"]] = relationship(
        init=False, order_by="EscalationStep.id", back_populates="escalation"
    )

    @property
    def alerted_on(self) -> date:
        """The London date of the latest alert, from which the ladder counts."""
        return self.raised_again_on or self.raised_on

    @property
    def holder_id(self) -> int | None:
        """Who has it in hand: whoever acknowledged it, from a decision on its owner; None before and after."""
        if self.state in (State.TRIAGED, State.ENQUIRY):
            return self.owner_id
        return self.acknowledged_by_id if self.state is State.ACKNOWLEDGED else None


class EscalationStep(Base):
    """One thing a named person did about an escalation, with their reasons."""

    __tablename__ = "escalation_step"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    escalation_id: Mapped[int] = mapped_column(BIG, ForeignKey("escalation.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    what: Mapped[str]
    decision: Mapped[Triage | None] = mapped_column(coded(Triage), default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    owner_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    next_on: Mapped[date | None] = mapped_column(default=None)

    escalation: Mapped[Escalation] = relationship(init=False, back_populates="steps")


class EscalationRung(Base):
    """One rung of an escalation's ladder that was told, since its alert of that number.

    `due_on` is the day on which it was due, `told_on` the one on which it was told; `at_work` how many of those told
    were at work. `person_id` is for `absent`: whoever had it in hand and is not at work, since `due_on`.
    """

    __tablename__ = "escalation_rung"
    __table_args__ = (
        CheckConstraint("(rung = 'absent') = (person_id IS NOT NULL)", name="absent_is_someone"),
        CheckConstraint("rung NOT IN ('raised', 'answered')", name="above_the_first"),
        Index(
            "uq_escalation_rung",
            "escalation_id",
            "alert",
            "rung",
            "due_on",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
        Index(
            "uq_escalation_rung_absent",
            "escalation_id",
            "alert",
            "person_id",
            "due_on",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    escalation_id: Mapped[int] = mapped_column(BIG, ForeignKey("escalation.id"))
    alert: Mapped[int]
    rung: Mapped[Rung] = mapped_column(coded(Rung))
    due_on: Mapped[date]
    told_on: Mapped[date]
    at_work: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
