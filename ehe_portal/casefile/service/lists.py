"""Lists of the register: those that an officer keeps under a name, and what was taken away as a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from ehe_portal.casefile.events import RegisterExported
from ehe_portal.casefile.models import SavedList
from ehe_portal.casefile.queries import register as queries
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work


def keep_list(work: Work, name: str, asked: Mapping[str, Any]) -> SavedList:
    """Keep filters, columns and order under a name of the actor's own. Raises `Refusal`."""
    if work.actor.account_id is None or work.scope.authority_id is None:
        raise Refusal("Enter a name once you have signed in", "name")
    known = queries.own_lists(work)
    if any(one.name.casefold() == name.casefold() for one in known):
        raise Refusal("Enter another name: you have a list of this name", "name")
    if len(known) >= queries.MOST_LISTS:
        raise Refusal(f"Choose a list to delete first: you have {queries.MOST_LISTS}, and can have no more")
    kept = SavedList(
        authority_id=work.scope.authority_id, account_id=work.actor.account_id, name=name, asked=dict(asked)
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def forget_list(work: Work, kept: SavedList) -> None:
    """Delete one of the actor's own lists; the children on it stay as they are."""
    work.session.delete(kept)
    work.session.flush()


def note_export(work: Work, rows: int, filters: Sequence[str], columns: Sequence[str]) -> None:
    """Put down who takes a list away, how long it is and what it was asked for. It names nobody."""
    work.publish(
        RegisterExported(
            authority_id=work.scope.authority_id, rows=rows, filters=tuple(filters), columns=tuple(columns)
        )
    )
