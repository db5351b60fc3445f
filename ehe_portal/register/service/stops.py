"""Stopping every message to a family about a child, at once; and letting them go again.

For a forced marriage, honour-based abuse or a flight from someone, a letter can be the danger. Nobody who is not told
may notice: the family's own page goes on showing what it showed.
"""

from collections.abc import Sequence
from typing import Any

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import MessagesLetGo, MessagesStopped
from ehe_portal.register.models import Child, MessageStop

STOPPED = "Messages to this family are stopped: nothing may be sent or shown to them. Ask a manager"


def stop_messages(work: Work, stopping: Sequence[tuple[Child, dict[str, Any]]], why: str) -> None:
    """Let nothing more about these children reach their families, from this moment on. Raises `Refusal`.

    With each child comes what the family's page shows now, and goes on showing.
    """
    if not why.strip():
        raise Refusal("Enter the reason", "why")
    events: list[Event] = []
    for child, shown in stopping:
        held = locked(work, child)
        if held.messages_stopped_at is not None or queries.open_stop(work, held.id) is not None:
            raise Refusal(f"Messages about {held.known_as} are stopped already")
        held.messages_stopped_at = work.at
        stop = MessageStop(
            authority_id=held.authority_id,
            child_id=held.id,
            stopped_at=work.at,
            stopped_by_id=work.actor.account_id,
            why=why.strip(),
            shown=shown,
        )
        work.session.add(stop)
        work.session.flush()
        events.append(MessagesStopped(authority_id=held.authority_id, child_id=held.id, stop_id=stop.id))
    work.publish(*events)


def let_messages_go(work: Work, child: Child, why: str) -> None:
    """Lift the stop: the family's page shows again what there is. What was held back is not sent after it."""
    if not why.strip():
        raise Refusal("Enter the reason", "why")
    held = locked(work, child)
    stop = queries.open_stop(work, held.id)
    if stop is None:
        raise Refusal("Messages to this family are not stopped")
    stop.lifted_at, stop.lifted_by_id, stop.lifted_why = work.at, work.actor.account_id, why.strip()
    held.messages_stopped_at = None
    work.session.flush()
    work.publish(MessagesLetGo(authority_id=held.authority_id, child_id=held.id, stop_id=stop.id))


def locked(work: Work, child: Child) -> Child:
    """The child as it is now: of two at once, who would stop or let go, the second finds what the first did."""
    queries.hold_child(work, child.id)
    work.session.refresh(child)
    return child


def refuse_if_stopped(child: Child) -> None:
    """Raises `Refusal` where nothing may be sent or shown to a child's family."""
    if child.messages_stopped_at is not None:
        raise Refusal(STOPPED)
