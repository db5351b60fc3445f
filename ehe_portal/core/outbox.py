"""Messages waiting to leave the house: written with the deed, sent after it is safe, at least once."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, and_, delete, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ehe_portal.core.db import BIG, Base
from ehe_portal.core.work import Work

LEASE = timedelta(minutes=5)
TEXT = "text"
"""The topic of text messages, whose `to_address` is a mobile number and whose `topic_id` a child; all else is mail."""

BACK_OFF = (1, 2, 5, 10, 30, 60)  # minutes; the last one is repeated for as long as it takes


class OutgoingMessage(Base):
    """One message to one recipient. `topic` and `topic_id` say what it is about, `template` and `context` what it says.

    The context holds references and dates; never a child's name or free text. One that is `carried_by` another message
    does not leave by itself: it says what that one's recipient is told of, and is delivered when that one is.

    `refused_at`: GOV.UK Notify refused it for good, and is not asked again. `given_up_at`: neither is anybody else.
    """

    __tablename__ = "outgoing_message"
    __housekeeping__ = "the deed that wrote it published its own event; the rest is delivery state"
    __table_args__ = (
        Index(
            "ix_outgoing_message_unsent",
            "next_try_at",
            "id",
            sqlite_where=text("sent_at IS NULL AND carried_by_id IS NULL"),
            postgresql_where=text("sent_at IS NULL AND carried_by_id IS NULL"),
        ),
        Index("ix_outgoing_message_topic", "topic", "topic_id"),
        Index(
            "ix_outgoing_message_carried",
            "carried_by_id",
            sqlite_where=text("carried_by_id IS NOT NULL"),
            postgresql_where=text("carried_by_id IS NOT NULL"),
        ),
    )

    authority_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    to_address: Mapped[str]
    template: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    topic: Mapped[str | None] = mapped_column(default=None)
    topic_id: Mapped[int | None] = mapped_column(BIG, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    last_problem: Mapped[str | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    carried_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("outgoing_message.id"), default=None)
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    given_up_at: Mapped[datetime | None] = mapped_column(default=None)


IN_VAIN = and_(OutgoingMessage.sent_at.is_(None), OutgoingMessage.last_problem.is_not(None))
"""Messages that were tried and have not left; one that is being sent right now has no problem yet."""

STILL_TRIED = and_(OutgoingMessage.sent_at.is_(None), OutgoingMessage.given_up_at.is_(None))
"""Messages that have not left and may still."""


def row(
    work: Work,
    *,
    authority_id: int | None,
    to: str,
    template: str,
    context: dict[str, Any],
    key: str,
    account_id: int | None = None,
    topic: str | None = None,
    topic_id: int | None = None,
) -> dict[str, Any]:
    """One message as a row for `put`. `key` makes it the only one of its kind, however often it is asked for."""
    return {
        "authority_id": authority_id,
        "account_id": account_id,
        "to_address": to,
        "template": template,
        "context": context,
        "topic": topic,
        "topic_id": topic_id,
        "idempotency_key": key,
        # Not made of the key: mail servers drop what they take for a repeat, and another portal may have the same keys.
        "message_id": f"<{secrets.token_hex(16)}@ehe-portal.invalid>",
        "created_at": work.at,
        "next_try_at": work.at,
        "attempts": 0,
        "carried_by_id": None,
    }


def put(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Let these messages leave after the commit."""
    if rows:
        work.session.execute(insert(OutgoingMessage), list(rows))


def withdraw(work: Work, account_ids: Collection[int]) -> None:
    """Let nothing that still waits leave for these accounts: their holders want no more."""
    work.session.execute(
        delete(OutgoingMessage).where(OutgoingMessage.account_id.in_(account_ids), OutgoingMessage.sent_at.is_(None))
    )


def withdraw_about(work: Work, topic: str, topic_ids: Collection[int]) -> None:
    """Let nothing that still waits leave about these things."""
    work.session.execute(
        delete(OutgoingMessage).where(
            OutgoingMessage.topic == topic,
            OutgoingMessage.topic_id.in_(topic_ids),
            OutgoingMessage.sent_at.is_(None),
        ),
        execution_options={"synchronize_session": False},
    )


def waiting(work: Work) -> Select[int]:
    """Which messages are due to be tried now, oldest first."""
    return (
        select(OutgoingMessage.id)
        .where(
            STILL_TRIED,
            OutgoingMessage.carried_by_id.is_(None),
            OutgoingMessage.next_try_at <= work.at,
        )
        .order_by(OutgoingMessage.next_try_at, OutgoingMessage.id)
    )


def lease(work: Work, ids: Sequence[int]) -> list[OutgoingMessage]:
    """Take these messages for sending: nobody else tries them for five minutes. Those already taken are left out."""
    taken = work.session.scalars(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.id.in_(ids),
            STILL_TRIED,
            OutgoingMessage.carried_by_id.is_(None),
            OutgoingMessage.next_try_at <= work.at,
        )
        .values(next_try_at=work.at + LEASE, attempts=OutgoingMessage.attempts + 1)
        .returning(OutgoingMessage),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    return sorted(taken, key=lambda message: message.id)


def note_sent(session: Session, message_id: int, at: datetime) -> None:
    """The server took it, and with it all that it carries."""
    for of_this in (OutgoingMessage.id, OutgoingMessage.carried_by_id):
        session.execute(update(OutgoingMessage).where(of_this == message_id).values(sent_at=at, last_problem=None))


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return timedelta(minutes=BACK_OFF[min(attempts, len(BACK_OFF)) - 1])


def note_problem(
    session: Session, message_id: int, attempts: int, problem: str, at: datetime, **refused: datetime
) -> None:
    """The server did not take it: it is tried again, at growing distances, for as long as it takes.

    `refused` says what else is known now: since when it is `refused_at` Notify, or `given_up_at`.
    """
    noted = {"last_problem": problem[:200], "next_try_at": at + back_off(attempts), **refused}
    give_back(session, message_id, attempts, **noted)
    session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.carried_by_id == message_id, OutgoingMessage.sent_at.is_(None))
        .values(attempts=attempts, last_problem=problem[:200])
    )


def put_off(session: Session, message_id: int, attempts: int, at: datetime) -> None:
    """It was taken for sending but not tried, for the server does not answer: another round tries it."""
    give_back(session, message_id, attempts, attempts=attempts - 1, next_try_at=at + timedelta(minutes=BACK_OFF[0]))


def give_back(session: Session, message_id: int, taken_as: int, **values: Any) -> None:
    """End the lease that was this message's `taken_as`-th, unless it has been taken anew since or was sent."""
    session.execute(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.id == message_id, OutgoingMessage.attempts == taken_as, OutgoingMessage.sent_at.is_(None)
        )
        .values(**values)
    )
