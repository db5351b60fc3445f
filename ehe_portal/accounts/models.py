"""Authorities, and the people who sign in."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.accounts import rules
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.rules import Purpose
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.core.hours import DayPart, DaysOff

__all__ = [
    "Account",
    "Authority",
    "AuthorityLogo",
    "CalendarFeed",
    "CalendarFeedReading",
    "DayPart",
    "Leave",
    "MailLink",
    "Purpose",
    "SignInAttempt",
    "WorkingDay",
]


class Authority(Versioned, Base):
    """A local authority. `code` is the Department's three-digit or nine-character code, or a short one for a trial.

    `brand_colour` and `brand_text_colour` are `#rrggbb`, both or neither; `logo_mark` names the logo that is kept.
    """

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint("(brand_colour IS NULL) = (brand_text_colour IS NULL)", name="brand_colours_paired"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    contact_email: Mapped[str | None] = mapped_column(default=None)
    contact_phone: Mapped[str | None] = mapped_column(default=None)
    contact_address: Mapped[str | None] = mapped_column(default=None)
    opening_hours: Mapped[str | None] = mapped_column(default=None)
    brand_colour: Mapped[str | None] = mapped_column(default=None)
    brand_text_colour: Mapped[str | None] = mapped_column(default=None)
    logo_mark: Mapped[str | None] = mapped_column(default=None)

    @property
    def ink(self) -> str | None:
        """The council's colour for words on white paper, where it can be read there."""
        readable = self.brand_colour is not None and (
            rules.contrast(self.brand_colour, "#ffffff") >= rules.ENOUGH_CONTRAST
        )
        return self.brand_colour if readable else None


class AuthorityLogo(Base):
    """An authority's logo, made anew as a JPEG; a new one takes its place. `mark` begins the hash of its content."""

    __tablename__ = "authority_logo"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), unique=True)
    jpeg: Mapped[bytes]
    mark: Mapped[str]
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)


class Account(Referenced, Versioned, Base):
    """Someone who signs in. `email` is kept in lower case; `password_hash` is argon2id, None until they choose one.

    `epoch` grows when every sitting must end: a new password, deactivation. `text_to` is a parent's mobile number, in
    international form, where they asked for a text when there is something to read.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_account_authority_role", "authority_id", "role", "is_active"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(coded(Role))
    created_at: Mapped[datetime]
    password_hash: Mapped[str | None] = mapped_column(default=None)
    is_active: Mapped[bool] = mapped_column(default=True)
    away_from: Mapped[date | None] = mapped_column(default=None)
    away_until: Mapped[date | None] = mapped_column(default=None)
    epoch: Mapped[int] = mapped_column(Integer, default=0)
    text_to: Mapped[str | None] = mapped_column(default=None)

    authority: Mapped[Authority] = relationship(init=False)

    @property
    def is_invited(self) -> bool:
        """Whether they may sign in and have not chosen a password yet."""
        return self.is_active and self.password_hash is None

    def is_away(self, on: date) -> bool:
        """Whether they are marked away on a London date (both ends included)."""
        return (
            self.away_from is not None and self.away_from <= on and (self.away_until is None or on <= self.away_until)
        )

    def away_words(self, on: date) -> str:
        """What to say of someone to whom work is given: "Away until 3 March 2027", "Away from ..."; else nothing."""
        return rules.away_words(self.away_from, self.away_until, on)


class MailLink(Base):
    """A link sent by mail. The link itself is signed; the row holds nothing that would let anyone rebuild it."""

    __tablename__ = "mail_link"
    __housekeeping__ = "a link waiting to be used; using it publishes what it did"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    email: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[Purpose] = mapped_column(coded(Purpose))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInAttempt(Base):
    """Failed attempts to sign in with one address, kept to slow down guessing. `who` is a keyed hash of the address."""

    __tablename__ = "sign_in_attempt"
    __housekeeping__ = "slows down guessing"

    who: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(index=True)


class WorkingDay(Base):
    """From when until when someone works on one day of the week, in London; Monday is 0. Whoever has no row at all
    works the usual hours (see rules); a day without a row beside others is not worked.
    """

    __tablename__ = "working_day"
    __table_args__ = (
        UniqueConstraint("account_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("until_time > from_time", name="ends_later"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    weekday: Mapped[int] = mapped_column(Integer)
    from_time: Mapped[time]
    until_time: Mapped[time]


class Leave(Referenced, Base):
    """Days on which someone is not at work, both ends included; half a day is of one day only."""

    __tablename__ = "staff_leave"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="last_after_first"),
        CheckConstraint("part = 'whole' OR first_on = last_on", name="part_of_one_day"),
        Index("ix_staff_leave_account_id", "account_id", "last_on"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    part: Mapped[DayPart] = mapped_column(coded(DayPart), default=DayPart.WHOLE)
    reason: Mapped[str | None] = mapped_column(default=None)

    @property
    def days_off(self) -> DaysOff:
        """The days alone, without the reason."""
        return DaysOff(self.first_on, self.last_on, self.part)


class CalendarFeed(Base):
    """The private address at which someone's own calendar reads their visits. Of its secret part only a hash is kept,
    so that it can be shown once only; another one takes its place.
    """

    __tablename__ = "calendar_feed"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class CalendarFeedReading(Base):
    """How often an address has been read in the hour that began at `hour_began_at`, and when last."""

    __tablename__ = "calendar_feed_reading"
    __housekeeping__ = "slows down whoever reads an address too often"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    feed_id: Mapped[int] = mapped_column(BIG, ForeignKey("calendar_feed.id", ondelete="CASCADE"), unique=True)
    hour_began_at: Mapped[datetime]
    reads: Mapped[int] = mapped_column(Integer)
    last_read_at: Mapped[datetime]
