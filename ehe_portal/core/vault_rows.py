"""What rows of the database know of the vault: files that they name, and small values sealed in their columns.

Each room says which of its tables do (`Kept`, `Sealed`); they are put together where the rooms meet.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from ehe_portal.core.vault import StoredObject, Vault, VaultDamaged
from ehe_portal.core.vault.keys import FINGERPRINT_BYTES, SEALING_BYTES, VERSION

AT_ONCE = 200
STRAY_AFTER = timedelta(hours=24)
"""How long nobody need know of a file: its row is committed after it is kept."""


@dataclass(frozen=True)
class Kept:
    """A table whose rows name a file each: `identity` in the vault, and columns `size` and `sha256`.

    Where `sha256` is NULL the file may not be there yet; where `identity` is, none is any more.
    """

    table: Any
    identity: ColumnElement[str] | ColumnElement[str | None]

    def after(self, last_id: int) -> Select[Any]:
        """The next rows whose files are there: id, identity, size, hash."""
        found = select(self.table.id, self.identity, self.table.size, self.table.sha256)
        found = found.where(self.table.id > last_id, self.table.sha256.is_not(None))
        return found.order_by(self.table.id).limit(AT_ONCE)


@dataclass(frozen=True)
class Sealed:
    """A table with a column `sealed`, whose values are sealed for a `purpose` that another column of it makes."""

    table: Any
    purpose: Callable[[Any], str]
    made_of: str = "account_id"

    @property
    def fingerprint(self) -> ColumnElement[bytes]:
        """Which master key sealed a row's value."""
        return func.substr(self.table.sealed, len(VERSION) + 1, FINGERPRINT_BYTES, type_=LargeBinary())

    @property
    def whole(self) -> ColumnElement[bool]:
        """Whether a row's value is a sealed one at all."""
        return func.length(self.table.sealed) >= SEALING_BYTES


def known(session: Session, kept: Sequence[Kept], identities: Sequence[str]) -> set[str]:
    """Which of these are named by a row. One question, for a name may move from one table to another meanwhile."""
    asked = [select(one.identity).where(one.identity.in_(identities)) for one in kept]
    return set(session.scalars(union_all(*asked)))


def named_files(new_session: Callable[[], Session], kept: Sequence[Kept]) -> Iterator[StoredObject]:
    """Every file that a row names, with what the row knows of it; some rows at a time, each time in a new session."""
    for one in kept:
        last_id = 0
        while True:
            with new_session() as session:
                rows = session.execute(one.after(last_id)).all()
            if not rows:
                break
            last_id = rows[-1][0]
            yield from (StoredObject(*row[1:]) for row in rows)


@dataclass
class KeyChange:
    """A change of the master key, by fingerprints: which were in use, which takes over, and who asked for it.

    Once it has `ended`: how many files were sealed, by the first part of their identity, how many drafts, and how many
    of both could not be.
    """

    from_keys: tuple[str, ...]
    to_key: str
    login: str
    files: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    failed: int = 0
    ended: bool = False


@dataclass
class Resealed:
    """Of small values: how many were sealed anew, how many could not be, and after which row to go on."""

    done: int = 0
    failed: int = 0
    last_id: int | None = 0


def reseal_some(session: Session, vault: Vault, sealed: Sealed, so_far: Resealed) -> None:
    """Seal the next few values with the current master key. One that was saved anew meanwhile is left as it is."""
    table = sealed.table
    rows = session.execute(
        select(table.id, getattr(table, sealed.made_of), table.sealed)
        .where(sealed.whole, sealed.fingerprint != vault.current_key, table.id > so_far.last_id)
        .order_by(table.id)
        .limit(AT_ONCE)
    ).all()
    so_far.last_id = rows[-1].id if rows else None
    for row in rows:
        try:
            anew = vault.reseal(row.sealed, sealed.purpose(row[1]))
        except VaultDamaged:
            so_far.failed += 1
            continue
        same = update(table).where(table.id == row.id, table.sealed == row.sealed)
        changed: Any = session.execute(same.values(sealed=anew), execution_options={"synchronize_session": False})
        so_far.done += changed.rowcount


def keys_of_values(session: Session, sealed: Sequence[Sealed]) -> set[bytes]:
    """Fingerprints of the master keys under which small values lie."""
    asked = [select(one.fingerprint).where(one.whole).distinct() for one in sealed]
    return {bytes(found) for found in session.scalars(union_all(*asked)).all()}


def forget_values(session: Session, sealed: Sequence[Sealed], fingerprint: bytes) -> int:
    """Remove the rows whose values lie under a master key that is lost; how many."""
    gone = 0
    for one in sealed:
        removed: Any = session.execute(delete(one.table).where(one.whole, one.fingerprint == fingerprint))
        gone += removed.rowcount
    return gone
