"""The lists that an officer keeps under a name."""

from typing import Final

from sqlalchemy import select

from ehe_portal.casefile.models import SavedList
from ehe_portal.core.work import Work

MOST_LISTS: Final = 30


def own_lists(work: Work) -> list[SavedList]:
    """The actor's own lists, by name."""
    return list(
        work.session.scalars(
            select(SavedList)
            .where(SavedList.account_id == work.actor.account_id, SavedList.authority_id == work.scope.authority_id)
            .order_by(SavedList.name, SavedList.id)
            .limit(MOST_LISTS)
        )
    )


def own_list(work: Work, list_reference: str) -> SavedList | None:
    """One of the actor's own lists."""
    return work.session.scalar(
        select(SavedList).where(
            SavedList.reference == list_reference,
            SavedList.account_id == work.actor.account_id,
            SavedList.authority_id == work.scope.authority_id,
        )
    )
