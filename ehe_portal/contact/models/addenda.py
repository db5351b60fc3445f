"""What stands beside a record: safeguarding notes; what parents and officers say of it afterwards."""

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base


class SafeguardingObservation(Base):
    """A worry noted at a contact, kept apart from everything the family sees, and never changed once it is written.

    Fact, opinion and source each alone; whom the officer consulted, what was done, and at what time of that day.
    `cannot_wait` is whether the officer thought that it could not wait: then the CME team was told at once.
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
    cannot_wait: Mapped[bool] = mapped_column(default=False)


class ContactAddendum(Base):
    """A correction or addition to a signed record, under it for good: dated, signed, never changed.

    `for_family` is whether the family reads it in its copy; whoever writes it says so.
    """

    __tablename__ = "contact_addendum"
    __table_args__ = (Index("ix_contact_addendum_contact_id", "contact_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    contact_id: Mapped[int] = mapped_column(BIG, ForeignKey("contact.id"))
    words: Mapped[str]
    for_family: Mapped[bool]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)


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
