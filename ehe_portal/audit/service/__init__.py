"""Recording: every event is its own audit entry (see reactions.py)."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ehe_portal.accounts.queries import authorities
from ehe_portal.audit.events import KeyChangeBegun, KeyChangeEnded
from ehe_portal.audit.models import AccessEntry, AuditEntry
from ehe_portal.core.vault_rows import KeyChange
from ehe_portal.core.work import Event, Work

COLUMNS = {"authority_id", "child_id"}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | frozenset):
        return [plain(part) for part in value]
    return value


def record(work: Work, happened: Sequence[Event]) -> None:
    """Write one entry for each event, in one statement."""
    named = [field.name for field in fields(happened[0]) if field.name not in COLUMNS]
    work.session.execute(
        insert(AuditEntry),
        [
            {
                "at": work.at,
                "authority_id": event.authority_id,
                "actor_id": work.actor.account_id,
                "actor": work.actor.role or work.actor.label,
                "kind": type(event).__name__,
                "child_id": event.child_id,
                "details": {name: plain(getattr(event, name)) for name in named},
            }
            for event in happened
        ],
    )


def note_reading(work: Work, what: str, *, authority_id: int, child_id: int) -> None:
    """Put down that someone looks at a record. It is on disk before any of it leaves; if it cannot be, nothing does."""
    written = insert(AccessEntry).values(
        at=work.at, authority_id=authority_id, account_id=work.actor.account_id, child_id=child_id, what=what
    )

    def write(session: Session) -> None:
        session.execute(written)

    work.afterwards(write)


def note_key_change(work: Work, change: KeyChange) -> None:
    """Put down, for every authority, that another master key takes over, or that it has."""
    for one in authorities(work):
        begun = KeyChangeBegun(
            authority_id=one.id, from_keys=change.from_keys, to_key=change.to_key, login=change.login
        )
        work.publish(begun if not change.ended else ended(begun, change))


def ended(begun: KeyChangeBegun, change: KeyChange) -> KeyChangeEnded:
    """The same, with what came of it for its authority."""
    return KeyChangeEnded(
        authority_id=begun.authority_id,
        from_keys=begun.from_keys,
        to_key=begun.to_key,
        login=begun.login,
        files=change.files[str(begun.authority_id)],
        drafts=change.drafts,
        failed=change.failed,
    )
