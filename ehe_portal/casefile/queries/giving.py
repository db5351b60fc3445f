"""Children that a manager chose on a list, to give them to someone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, select

from ehe_portal.accounts.models import Account
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Episode
from ehe_portal.register.queries import within

MOST: Final = 200
"""More than any page of a list can choose."""


@dataclass(frozen=True)
class Chosen:
    """One child. `version` is that of the open episode, None where there is none any more."""

    reference: str
    name: str
    version: int | None
    adviser: str | None


def chosen(work: Work, references: Collection[str]) -> list[Chosen]:
    """Children in scope by their references, by name, with whoever has them."""
    rows = work.session.execute(
        select(
            Child.reference,
            func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname,
            Episode.version,
            Account.name,
        )
        .outerjoin(Episode, and_(Episode.child_id == Child.id, Episode.closed_on.is_(None)))
        .outerjoin(Account, Account.id == Episode.adviser_id)
        .where(Child.reference.in_(references), within(work, Child.id, Child.authority_id))
        .order_by(Child.sort_name, Child.id)
        .limit(MOST)
    )
    return [Chosen(*row) for row in rows]


def open_episodes(work: Work, references: Collection[str]) -> list[tuple[str, Episode]]:
    """The open episodes of children in scope, each with the child's reference."""
    rows = work.session.execute(
        select(Child.reference, Episode)
        .join(Episode, Episode.child_id == Child.id)
        .where(
            Child.reference.in_(references),
            Episode.closed_on.is_(None),
            within(work, Child.id, Child.authority_id),
        )
        .order_by(Child.sort_name, Child.id)
        .limit(MOST)
    )
    return [(reference, episode) for reference, episode in rows]
