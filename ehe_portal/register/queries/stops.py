"""Messages to a family that are stopped: about which child, and what of what happened since the family may know."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, MessageStop

WHOSE = aliased(Child)


def let_through(child_id: Any, moment: Any) -> ColumnElement[bool]:
    """Whether what happened about a child at a moment may be shown to its family: all that came before a stop."""
    return ~exists().where(WHOSE.id == child_id, WHOSE.messages_stopped_at < moment)


def stopped_children(work: Work, child_ids: Collection[int]) -> set[int]:
    """Those of these children about whom nothing goes to their families. Not scoped: the ids are of what happened."""
    if not child_ids:
        return set()
    found = select(Child.id).where(Child.id.in_(set(child_ids)), Child.messages_stopped_at.is_not(None))
    return set(work.session.scalars(found.order_by(Child.id)))


def open_stop(work: Work, child_id: int) -> MessageStop | None:
    """The stop that holds for a child who has been found in scope."""
    return work.session.scalar(
        select(MessageStop).where(MessageStop.child_id == child_id, MessageStop.lifted_at.is_(None))
    )


def stops_of(work: Work, child_id: int) -> Sequence[MessageStop]:
    """Every stop about a child who has been found in scope, the latest first."""
    return work.session.scalars(
        select(MessageStop).where(MessageStop.child_id == child_id).order_by(MessageStop.id.desc())
    ).all()
