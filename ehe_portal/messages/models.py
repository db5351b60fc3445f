"""Threads of messages, each between one parent's account and the council, about one child."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced


class MessageThread(Base):
    """What one parent (`account_id`) and the council write to each other about one child.

    Another parent of the same child has a thread of their own, and never sees this one. `waiting_since` is when the
    parent first wrote something that nobody has answered yet, None where nothing waits for an officer.
    """

    __tablename__ = "message_thread"
    __table_args__ = (
        UniqueConstraint("child_id", "account_id"),
        Index(
            "ix_message_thread_waiting",
            "authority_id",
            "waiting_since",
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index("ix_message_thread_authority_id", "authority_id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    last_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)


class Message(Referenced, Base):
    """One message: written once, never changed.

    `told_of_education` repeats what an officer said of it as writing received, None while nobody has: see contact.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_thread_id_id", "thread_id", "id"),
        Index("ix_message_author_id_written_at", "author_id", "written_at"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    thread_id: Mapped[int] = mapped_column(BIG, ForeignKey("message_thread.id"))
    author_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"))
    from_family: Mapped[bool]
    words: Mapped[str]
    written_at: Mapped[datetime]
    told_of_education: Mapped[bool | None] = mapped_column(default=None)

    thread: Mapped[MessageThread] = relationship(init=False)


class MessageReading(Base):
    """When someone first had a message before their eyes that the other side had written."""

    __tablename__ = "message_reading"
    __housekeeping__ = "opening a page changes nothing, so there is no event; the row itself is the record"
    __table_args__ = (UniqueConstraint("message_id", "account_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    message_id: Mapped[int] = mapped_column(BIG, ForeignKey("message.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    read_at: Mapped[datetime]
