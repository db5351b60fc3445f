"""Threads and messages. Staff see their authority's; a parent sees their own thread, once an officer has verified them.

The other parent's thread is never in a parent's answers: each is found by child *and* account.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import CompoundSelect, exists, func, or_, select, union

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from ehe_portal.messages.models import Message, MessageReading, MessageThread
from ehe_portal.messages.rules import A_DAY
from ehe_portal.register.models import Child, Episode, Parent
from ehe_portal.register.queries import let_through, open_stop

PAGE = 20
MOST_WAITING = 100


@dataclass(frozen=True)
class Conversation:
    """What one parent and the council write to each other about a child; `thread` is None until somebody has written.

    It stays readable when the episode has ended or the parent's account is closed, but is then `closed`.
    """

    child: Child
    account: Account
    thread: MessageThread | None
    linked: bool
    episode_open: bool

    @property
    def closed(self) -> bool:
        """Whether nothing more can be written."""
        return not (self.linked and self.episode_open and self.account.is_active)


@dataclass(frozen=True)
class Shown:
    """One message as pages show it: who wrote it, and who of the other side read it, the first reader first."""

    message: Message
    author: str
    readings: list[tuple[str, datetime]] = field(default_factory=list)


LINKED = exists().where(Parent.child_id == Child.id, Parent.account_id == Account.id, Parent.verified_at.is_not(None))
IS_OPEN = exists().where(Episode.child_id == Child.id, Episode.closed_on.is_(None))
CONVERSATIONS = (
    select(Child, Account, MessageThread, LINKED, IS_OPEN)
    .join(Account, Account.authority_id == Child.authority_id)
    .outerjoin(MessageThread, (MessageThread.child_id == Child.id) & (MessageThread.account_id == Account.id))
    .where(Account.role == Role.PARENT)
)


def family_conversation(work: Work, reference: str) -> Conversation | None:
    """This verified parent's own conversation about their child."""
    if work.scope.account_id is None:
        return None
    found = CONVERSATIONS.where(Child.reference == reference, Account.id == work.scope.account_id, LINKED)
    row = work.session.execute(found).first()
    if row is None:
        return None
    found_open = Conversation(*row)
    stop = open_stop(work, found_open.child.id) if found_open.child.messages_stopped_at is not None else None
    # The page goes on looking as it did when messages were stopped.
    return found_open if stop is None else replace(found_open, episode_open=bool((stop.shown or {}).get("open")))


def conversation(work: Work, reference: str, account_reference: str) -> Conversation | None:
    """One parent's conversation about a child of this authority, for its staff."""
    if work.scope.authority_id is None:
        return None
    found = CONVERSATIONS.where(
        Child.reference == reference,
        Child.authority_id == work.scope.authority_id,
        Account.reference == account_reference,
        or_(MessageThread.id.is_not(None), LINKED),
    )
    row = work.session.execute(found).first()
    return None if row is None else Conversation(*row)


def correspondents(work: Work, child: Child) -> list[Conversation]:
    """What each parent of a child in scope and the council write to each other, by the parent's name."""
    known: CompoundSelect[int | None] = union(
        select(Parent.account_id).where(Parent.child_id == child.id, Parent.verified_at.is_not(None)),
        select(MessageThread.account_id).where(MessageThread.child_id == child.id),
    )
    found = CONVERSATIONS.where(Child.id == child.id, Account.id.in_(known))
    return [Conversation(*row) for row in work.session.execute(found.order_by(Account.name, Account.id))]


def page_of(work: Work, thread: MessageThread | None, before: int | None) -> tuple[list[Shown], int | None]:
    """The latest messages of a conversation in scope, the earliest first; and the key by which earlier ones follow."""
    if thread is None:
        return [], None
    found = (
        select(Message, Account.name)
        .outerjoin(Account, Account.id == Message.author_id)
        .where(Message.thread_id == thread.id)
        .order_by(Message.id.desc())
        .limit(PAGE + 1)
    )
    if work.scope.account_id is not None:
        found = found.where(or_(Message.from_family, let_through(thread.child_id, Message.written_at)))
    if before is not None:
        found = found.where(Message.id < before)
    rows = work.session.execute(found).all()
    more = rows[PAGE - 1][0].id if len(rows) > PAGE else None
    read = readings(work, [message.id for message, _ in rows[:PAGE]])
    shown = [Shown(message, name or "The council", read.get(message.id, [])) for message, name in rows[:PAGE]]
    return shown[::-1], more


def readings(work: Work, message_ids: list[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Who read each of these messages, and when first; to a family not who did since messages to it are stopped."""
    read: dict[int, list[tuple[str, datetime]]] = {}
    found = (
        select(MessageReading.message_id, Account.name, MessageReading.read_at)
        .join(Account, Account.id == MessageReading.account_id)
        .where(MessageReading.message_id.in_(message_ids))
        .order_by(MessageReading.read_at, MessageReading.id)
    )
    if work.scope.account_id is not None:
        found = (
            found.join(Message, Message.id == MessageReading.message_id)
            .join(MessageThread, MessageThread.id == Message.thread_id)
            .where(let_through(MessageThread.child_id, MessageReading.read_at))
        )
    for message_id, name, read_at in work.session.execute(found):
        read.setdefault(message_id, []).append((name, read_at))
    return read


def read_by(work: Work, message_ids: list[int], account_id: int) -> set[int]:
    """Which of these messages someone has read."""
    found = select(MessageReading.message_id).where(
        MessageReading.message_id.in_(message_ids), MessageReading.account_id == account_id
    )
    return set(work.session.scalars(found.order_by(MessageReading.message_id)))


@dataclass(frozen=True)
class Place:
    """Where a message stands: about which child, in whose thread, and on which page of it (None: on the latest)."""

    child_reference: str
    account_reference: str
    message_reference: str
    before: int | None


def place_of(work: Work, reference: str, message_reference: str) -> Place | None:
    """Where a message about a child of this authority stands."""
    found = work.session.execute(
        select(Message.id, Message.thread_id, Account.reference)
        .join(MessageThread, MessageThread.id == Message.thread_id)
        .join(Child, Child.id == MessageThread.child_id)
        .join(Account, Account.id == MessageThread.account_id)
        .where(
            Child.reference == reference,
            Child.authority_id == work.scope.authority_id,
            Message.reference == message_reference,
        )
    ).first()
    if found is None:
        return None
    later = select(func.count(Message.id)).where(Message.thread_id == found.thread_id, Message.id > found.id)
    on_latest_page = work.session.scalars(later).one() < PAGE
    return Place(reference, found.reference, message_reference, None if on_latest_page else found.id + 1)


def thread_held(work: Work, thread_id: int) -> MessageThread:
    """A thread of a conversation in scope; others who write in it wait until this work ends."""
    found = select(MessageThread).where(MessageThread.id == thread_id).with_for_update()
    return work.session.scalars(found.execution_options(populate_existing=True)).one()


def thread_between(work: Work, child_id: int, account_id: int) -> MessageThread | None:
    """The thread of one parent about one child, both found in scope before."""
    found = select(MessageThread).where(MessageThread.child_id == child_id, MessageThread.account_id == account_id)
    return work.session.scalar(found.with_for_update())


def threads_about(work: Work, child_id: int) -> list[MessageThread]:
    """All threads about a child found in scope before."""
    found = select(MessageThread).where(MessageThread.child_id == child_id).order_by(MessageThread.id)
    return list(work.session.scalars(found.with_for_update()))


def unanswered_after(work: Work, thread: MessageThread, seen: str) -> datetime | None:
    """When the parent first wrote something after the message that an officer had seen last, if they did.

    Where it is not known what the officer had seen, nothing that waits is taken for answered.
    """
    last_seen = work.session.scalar(
        select(Message.id).where(Message.thread_id == thread.id, Message.reference == seen)
    )  # fmt: skip
    if last_seen is None:
        return thread.waiting_since
    return work.session.scalar(
        select(func.min(Message.written_at)).where(
            Message.thread_id == thread.id, Message.id > last_seen, Message.from_family
        )
    )


def sent_since(work: Work, account_id: int) -> int:
    """How many messages an account has written within a day, in all its threads."""
    found = select(func.count(Message.id)).where(
        Message.author_id == account_id, Message.written_at > work.at - A_DAY
    )  # fmt: skip
    return work.session.scalars(found).one()
