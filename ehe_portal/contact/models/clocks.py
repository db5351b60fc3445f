"""Each episode's clock, and what it is worked out from beside contacts: plans, holds, sightings by others, reviews."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.contact.rules import HoldReason, Reminder, SeenBy
from ehe_portal.core.codes import ContactWay, Tier
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models import Child


class ContactClock(Base):
    """The one clock of an `ehe` episode, worked out from its history by contact.rules; nothing else moves it.

    `lapsed_due_on` is the due date that lapsed and has not been answered; `lapsed_on` the day the sweep found it.
    `answered_due_on` is the latest lapse that a contact answered, `answered_after` the last contact known before that
    one: should the history fall back to it, the lapse is open again. `is_running` is false once the episode is closed.
    `held_until` is the last day of the hold that runs, which `grace_ends` has been given. After `see_by` the child has
    not been seen for so long that the adviser reviews it. `remind_on` is the next day on which someone is reminded.
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
            "ix_contact_clock_remind",
            "remind_on",
            "id",
            sqlite_where=text("is_running = 1 AND lapsed_on IS NULL"),
            postgresql_where=text("is_running AND lapsed_on IS NULL"),
        ),
        Index(
            "ix_contact_clock_unseen",
            "authority_id",
            "see_by",
            "child_id",
            sqlite_where=text("is_running = 1"),
            postgresql_where=text("is_running"),
        ),
        Index(
            "ix_contact_clock_unseen_adviser",
            "adviser_id",
            "see_by",
            "child_id",
            sqlite_where=text("is_running = 1"),
            postgresql_where=text("is_running"),
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
    held_until: Mapped[date | None] = mapped_column(default=None)
    see_by: Mapped[date | None] = mapped_column(default=None)
    remind_on: Mapped[date | None] = mapped_column(default=None)


class PlannedContact(Base):
    """The dated next contact with which a lapse was closed; it becomes the due date."""

    __tablename__ = "planned_contact"
    __table_args__ = (UniqueConstraint("episode_id", "decided_on"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    decided_on: Mapped[date]
    due_on: Mapped[date]


class ClockHold(Referenced, Versioned, Base):
    """A manager holds a clock from `from_on` to `until_on`, both included, for a reason; `ended_on` is its last day
    where it was ended early. `words` are for officers alone.
    """

    __tablename__ = "clock_hold"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_later"),
        CheckConstraint("ended_on IS NULL OR (ended_on >= from_on AND ended_on <= until_on)", name="ended_within"),
        Index("ix_clock_hold_episode_id", "episode_id", "from_on"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[HoldReason] = mapped_column(coded(HoldReason))
    words: Mapped[str]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    ended_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    ended_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.ended_on or self.until_on


class ContactReminder(Base):
    """One reminder of one date: never two of a kind. `way` is the family's own, where someone has to remind it so."""

    __tablename__ = "contact_reminder"
    __table_args__ = (
        UniqueConstraint("episode_id", "by_on", "kind"),
        Index("ix_contact_reminder_child_id", "child_id", "reminded_at"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    by_on: Mapped[date]
    kind: Mapped[Reminder] = mapped_column(coded(Reminder))
    reminded_at: Mapped[datetime]
    way: Mapped[ContactWay | None] = mapped_column(coded(ContactWay), default=None)


class Sighting(Referenced, Base):
    """Another professional saw the child on a day, and said so. Struck out it stays readable and no longer counts."""

    __tablename__ = "sighting"
    __table_args__ = (Index("ix_sighting_child_id", "child_id", "seen_on", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    seen_on: Mapped[date]
    seen_by: Mapped[SeenBy] = mapped_column(coded(SeenBy))
    source: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)


class SeenReview(Base):
    """What an officer decided about a child who has not been seen for long: what was checked, why, when it is next
    looked at. It says nothing against a family that chose not to let the child be seen.
    """

    __tablename__ = "seen_review"
    __table_args__ = (Index("ix_seen_review_episode_id", "episode_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    decided_on: Mapped[date]
    next_review_on: Mapped[date]
    decision: Mapped[str]
    health: Mapped[str | None] = mapped_column(default=None)
    social_care: Mapped[str | None] = mapped_column(default=None)
    schools: Mapped[str | None] = mapped_column(default=None)
