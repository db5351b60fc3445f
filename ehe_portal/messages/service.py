"""Writing to each other, and what was read.

A parent's message is writing received, and the council's an email sent: see contact, to which the events lead.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.messages import queries, rules
from ehe_portal.messages.events import AnswerNotNeeded, MessageReceived, MessageSent
from ehe_portal.messages.models import Message, MessageReading, MessageThread
from ehe_portal.messages.queries import Conversation, Shown
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.service import refuse_if_stopped


class Said(Protocol):
    """What is read of the event that an officer said of writing whether it tells about the child's education."""

    @property
    def message_id(self) -> int | None: ...
    @property
    def substantive(self) -> bool: ...


ENDED = "This can be read, but nothing more can be written here"


def write_to_council(work: Work, conversation: Conversation, words: str) -> Message:
    """A parent writes to the council. Raises `Refusal`."""
    account_id = conversation.account.id
    check(conversation, words, queries.sent_since(work, account_id))
    thread = thread_of(work, conversation)
    message = add(work, thread, words, from_family=True)
    thread.waiting_since = thread.waiting_since or work.at
    work.session.flush()
    work.publish(
        MessageReceived(
            authority_id=thread.authority_id,
            child_id=thread.child_id,
            message_id=message.id,
            reference=message.reference,
            account_id=account_id,
            written_on=work.today,
        )
    )
    return message


def write_to_family(work: Work, conversation: Conversation, words: str, seen: str = "") -> Message:
    """Someone of the staff writes to a parent. Raises `Refusal`.

    `seen` is the reference of the last message that they had before their eyes: what came after it goes on waiting.
    """
    refuse_if_stopped(conversation.child)
    check(conversation, words, 0)
    thread = thread_of(work, conversation)
    thread.waiting_since = queries.unanswered_after(work, thread, seen)
    message = add(work, thread, words, from_family=False)
    work.publish(
        MessageSent(
            authority_id=thread.authority_id,
            child_id=thread.child_id,
            message_id=message.id,
            reference=message.reference,
            account_id=conversation.account.id,
            author_id=message.author_id,
            written_on=work.today,
        )
    )
    return message


def need_no_answer(work: Work, conversation: Conversation, seen: str) -> None:
    """Say that what a parent wrote asks for no answer. Raises `Refusal`, also where more has come since `seen`."""
    if conversation.thread is None:
        raise Refusal("Choose a conversation in which something waits: here nothing has been written yet")
    thread = queries.thread_held(work, conversation.thread.id)
    if thread.waiting_since is None:
        return
    if queries.unanswered_after(work, thread, seen) is not None:
        raise Refusal("Choose again once you have read it: something new was written while you were reading")
    thread.waiting_since = None
    work.session.flush()
    work.publish(
        AnswerNotNeeded(authority_id=thread.authority_id, child_id=thread.child_id, thread_id=thread.id)
    )  # fmt: skip


def check(conversation: Conversation, words: str, already_sent: int) -> None:
    """Raises `Refusal` where this cannot be written."""
    if conversation.closed:
        raise Refusal(ENDED)
    problem = rules.message_problem(words, already_sent)
    if problem is not None:
        raise Refusal(problem, "words")


def thread_of(work: Work, conversation: Conversation) -> MessageThread:
    """The conversation's thread, begun by whoever writes first; nobody else writes in it until this work ends."""
    if conversation.thread is not None:
        return queries.thread_held(work, conversation.thread.id)
    child, account = conversation.child, conversation.account
    thread = MessageThread(
        authority_id=child.authority_id, child_id=child.id, account_id=account.id, last_at=work.at
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.session.add(thread)
    except IntegrityError:
        # Both sides wrote their first message at the same moment.
        begun = queries.thread_between(work, child.id, account.id)
        if begun is None:
            raise
        return begun
    return thread


def add(work: Work, thread: MessageThread, words: str, *, from_family: bool) -> Message:
    """Put a message into a thread."""
    message = Message(
        authority_id=thread.authority_id,
        thread_id=thread.id,
        author_id=work.actor.account_id,
        from_family=from_family,
        words=words,
        written_at=work.at,
    )
    thread.last_at = work.at
    work.session.add(message)
    work.session.flush()
    return message


# Reading


def mark_read(work: Work, shown: Sequence[Shown], *, by_family: bool) -> None:
    """Put down, once the page has been made, that these messages are read, so far as the other side wrote them."""
    account_id = work.actor.account_id
    theirs = [one.message for one in shown if one.message.from_family is not by_family]
    if account_id is None or not theirs:
        return
    known = queries.read_by(work, [message.id for message in theirs], account_id)
    rows = [
        {"authority_id": one.authority_id, "message_id": one.id, "account_id": account_id, "read_at": work.at}
        for one in theirs
        if one.id not in known
    ]
    if rows:
        work.afterwards(partial(put_readings, rows))


def put_readings(rows: list[dict[str, Any]], session: Session) -> None:
    """Write these readings. Where another window of the same reader's was quicker, its moment stands."""
    for row in rows:
        try:
            with session.begin_nested():
                session.execute(insert(MessageReading).values(**row))
        except IntegrityError:
            continue


# What follows from elsewhere


def note_said_of_writing(work: Work, confirmed: Sequence[Said]) -> None:
    """An officer said whether writing tells about the education; a message that was the writing shows it."""
    for event in confirmed:
        if event.message_id is not None:
            work.session.execute(
                update(Message).where(Message.id == event.message_id).values(told_of_education=event.substantive)
            )


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: the threads of the duplicate are those of the record that stays."""
    for event in joined:
        for thread in queries.threads_about(work, event.duplicate_child_id):
            staying = (
                None if event.child_id is None else queries.thread_between(work, event.child_id, thread.account_id)
            )
            if staying is None:
                thread.child_id = event.child_id or thread.child_id
            else:
                merge(work, thread, staying)
    work.session.flush()


def merge(work: Work, thread: MessageThread, staying: MessageThread) -> None:
    """One parent had written about both records: their messages become one thread."""
    work.session.execute(update(Message).where(Message.thread_id == thread.id).values(thread_id=staying.id))
    waiting = [since for since in (thread.waiting_since, staying.waiting_since) if since is not None]
    staying.waiting_since = min(waiting, default=None)
    staying.last_at = max(thread.last_at, staying.last_at)
    work.session.delete(thread)
