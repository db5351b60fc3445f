"""Destinations that wait to be confirmed."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import func, select

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.core.work import Work
from ehe_portal.register.models import PendingDestination
from ehe_portal.register.queries.children import within

FINDING_OUT: Final = tuple(role for role in Role if Permission.EPISODE_SET_TIER in GRANTS[role])
"""The roles that may be asked to find out where a child went: those who can write down what they found."""


def finders(work: Work, authority_id: int) -> list[Account]:
    """Who may be asked to find out about a destination of an authority's: those who may sign in, by name."""
    return accounts.active_staff(work, authority_id, *FINDING_OUT)


def how_many_awaited(work: Work, owner_id: int) -> int:
    """How many destinations in scope someone is to find out about."""
    found = select(func.count(PendingDestination.id)).where(
        PendingDestination.owner_id == owner_id,
        PendingDestination.settled_at.is_(None),
        within(work, PendingDestination.child_id, PendingDestination.authority_id),
    )
    return work.session.scalar(found) or 0


def pending_of(work: Work, episode_id: int) -> PendingDestination | None:
    """What is awaited of an episode that has been found in scope."""
    return work.session.scalar(
        select(PendingDestination).where(
            PendingDestination.episode_id == episode_id, PendingDestination.settled_at.is_(None)
        )
    )


def pending_of_episodes(work: Work, episode_ids: Collection[int]) -> Sequence[PendingDestination]:
    """What is awaited of these episodes. Not scoped: the ids are of what happened."""
    return work.session.scalars(
        select(PendingDestination)
        .where(PendingDestination.episode_id.in_(episode_ids), PendingDestination.settled_at.is_(None))
        .order_by(PendingDestination.id)
    ).all()
