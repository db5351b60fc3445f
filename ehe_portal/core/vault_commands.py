"""`flask vault ...`: the keys of what is kept, and whether it is whole. Nothing here names a family or a file."""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ehe_portal.core import db
from ehe_portal.core.commands import REFUSED, command_work, complain, need_schema
from ehe_portal.core.vault import StoredObject, Vault, VaultDamaged, VaultError, VaultMissing, VaultUnavailable
from ehe_portal.core.vault_rows import (
    AT_ONCE,
    STRAY_AFTER,
    Kept,
    KeyChange,
    Resealed,
    Sealed,
    forget_values,
    keys_of_values,
    known,
    named_files,
    reseal_some,
)
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work

NoteKeyChange = Callable[[Work, KeyChange], None]
NoteDamaged = Callable[[Work, Collection[str]], None]


@contextmanager
def ready_vault() -> Iterator[Vault]:
    """The vault, with a database of this version beside it; a plain complaint and exit 1 where it stops answering."""
    need_schema()
    try:
        yield portal().vault
    except VaultUnavailable as trouble:
        complain(f"The vault did not answer ({trouble}). What was done before it stands. Run it again")
        sys.exit(1)


def reading() -> Session:
    """A session of its own that reads, closed after a few rows, so that nobody waits for a long look."""
    return db.new_session(writing=False)


def ready_command(sealed: Sequence[Sealed]) -> click.Command:
    """`flask ready`."""

    @click.command("ready")
    @with_appcontext
    def ready() -> None:
        """Say whether the portal may serve: exit 0, or 2 where the schema is another, or a master key is missing."""
        need_schema()
        vault = portal().vault
        try:
            missing = [key for key in keys_in_use(vault, sealed) if not vault.has_key(key)]
            if not missing:
                vault.begin_with_current_key()
        except VaultUnavailable as trouble:
            complain(f"The vault does not answer ({trouble}): files cannot be opened or kept until it does")
            return
        for key in missing:
            complain(
                f"The master key {key.hex()} is missing: what is sealed under it cannot be opened. "
                "Set it as VAULT_KEY, or add it to VAULT_OTHER_KEYS (README, Change the master key)"
            )
        if missing:
            sys.exit(REFUSED)

    return ready


def keys_in_use(vault: Vault, sealed: Sequence[Sealed]) -> list[bytes]:
    """Fingerprints of the master keys that files or small values are sealed under."""
    with reading() as session:
        return sorted({*vault.keys_in_use(), *keys_of_values(session, sealed)})


def vault_group(
    kept: Sequence[Kept], sealed: Sequence[Sealed], note: NoteKeyChange, looked: NoteDamaged
) -> click.Group:
    """`flask vault ...`; `note` puts down that a master key is changed, `looked` which files alone are damaged."""
    group = click.Group("vault", help="The files that families sent, and the keys that they are kept under.")
    verify = verify_command(kept, looked)
    for command in (keys_command(sealed), rotate_command(sealed, note), verify, give_up_command(sealed)):
        group.add_command(command)
    return group


def keys_command(sealed: Sequence[Sealed]) -> click.Command:
    """`flask vault keys`."""

    @click.command("keys", help="The master keys by their fingerprints: which is current, which are in use.")
    def keys() -> None:
        with ready_vault() as vault:
            in_use = keys_in_use(vault, sealed)
        for key in sorted({*in_use, *vault.keys}):
            state = "current" if key == vault.current_key else "other" if vault.has_key(key) else "MISSING"
            click.echo(f"{key.hex()}  {state}, {'in use' if key in in_use else 'not in use'}")

    return keys


# Rotation


def rotate_command(sealed: Sequence[Sealed], note: NoteKeyChange) -> click.Command:
    """`flask vault rotate`."""

    @click.command("rotate", help="Seal everything with the current master key. Exit 1 where something could not be.")
    def rotate() -> None:
        with ready_vault() as vault:
            vault.begin_with_current_key()
            others = tuple(key.hex() for key in keys_in_use(vault, sealed) if key != vault.current_key)
            change = KeyChange(others, vault.current_key.hex(), login())
            if others:
                put_down(note, change)
            seal_everything(vault, sealed, change)
        change.ended = True
        if others or change.files.total() or change.drafts:
            put_down(note, change)
        click.echo(f"Sealed with the master key {change.to_key}: {change.files.total()} files, {change.drafts} drafts")
        if change.failed:
            complain(f"{change.failed} could not be: keep the other keys, and see flask vault verify")
            sys.exit(1)
        click.echo("Nothing is sealed under another key any more")

    return rotate


def login() -> str:
    """Who is at the terminal, or else whose process this is."""
    try:
        return os.getlogin()
    except OSError:
        return str(os.getuid())


def put_down(note: NoteKeyChange, change: KeyChange) -> None:
    """Have a change of the master key noted, in a transaction of its own."""
    with command_work(writing=True) as work:
        note(work, change)


def seal_everything(vault: Vault, sealed: Sequence[Sealed], change: KeyChange) -> None:
    """Seal all small values and all files with the current key, and say of no other that it is in use, if none is."""
    for one in sealed:
        done = reseal_values(vault, one)
        change.drafts, change.failed = change.drafts + done.done, change.failed + done.failed
    reseal_files(vault, change)
    if not change.failed:
        retire_others(vault, change)


def reseal_values(vault: Vault, sealed: Sealed) -> Resealed:
    """Seal the small values of one table anew, some at a time, each time in a transaction of its own."""
    so_far = Resealed()
    while so_far.last_id is not None:
        with command_work(writing=True) as work:
            reseal_some(work.session, vault, sealed, so_far)
    return so_far


def reseal_files(vault: Vault, change: KeyChange) -> None:
    """Seal the secrets of files anew, and count them; what could not be is said."""
    for identity in vault.all_stored():
        try:
            change.files[identity.partition("/")[0]] += vault.reseal_file(identity)
        except VaultMissing:
            continue  # deleted meanwhile
        except VaultDamaged as damage:
            complain(f"{identity}: {damage}")
            change.failed += 1


def retire_others(vault: Vault, change: KeyChange) -> None:
    """Note that nothing lies under the other keys, and seal what was sealed under one of them until the last moment.

    Whoever keeps a file under one of them from now on puts its mark back.
    """
    for key in vault.keys_in_use():
        if key != vault.current_key:
            vault.forget_key(key)
    reseal_files(vault, change)


def give_up_command(sealed: Sequence[Sealed]) -> click.Command:
    """`flask vault give-up`."""

    @click.command("give-up", help="Let the portal start although a master key is lost for good.")
    @click.argument("fingerprint")
    @click.confirmation_option(prompt="Files and drafts under this key can then never be opened. Go on?")
    def give_up(fingerprint: str) -> None:
        with ready_vault() as vault:
            lost = next((key for key in keys_in_use(vault, sealed) if key.hex() == fingerprint), None)
            if lost is None or vault.has_key(lost):
                complain("That is not the fingerprint of a key that is missing: see flask vault keys")
                sys.exit(REFUSED)
            with command_work(writing=True) as work:
                drafts = forget_values(work.session, sealed, lost)
            vault.begin_with_current_key()
            vault.forget_key(lost)
        click.echo(f"Given up: {drafts} drafts are removed; flask vault verify names the files that cannot be opened")

    return give_up


# Looking at everything


def verify_command(kept: Sequence[Kept], looked: NoteDamaged) -> click.Command:
    """`flask vault verify`."""

    @click.command("verify", help="Open every file whole; exit 1 where one is damaged, missing, or nobody's.")
    def verify() -> None:
        whole = size = strayed = 0
        damaged: set[str] = set()
        with ready_vault() as vault:
            for stored in named_files(reading, kept):
                said = what_is_wrong(vault, stored)
                if said is None:
                    whole, size = whole + 1, size + stored.size
                elif still_known(kept, stored.identity):
                    click.echo(f"{stored.identity}: {said}")
                    damaged.add(stored.identity)
            for identity in strays(vault, kept):
                click.echo(f"{identity}: a file that no row knows of")
                strayed += 1
        with command_work(writing=True) as work:
            looked(work, damaged)
        wrong = len(damaged) + strayed
        click.echo(f"{whole} files are whole, {size} bytes; {wrong} are not as they should be")
        sys.exit(1 if wrong else 0)

    return verify


def what_is_wrong(vault: Vault, stored: StoredObject) -> str | None:
    """Read one file to its end; what is wrong with it, if anything."""
    try:
        for _ in vault.read(stored.identity, stored):
            pass
    except VaultUnavailable:
        raise
    except VaultError as damage:
        return str(damage)
    return None


def still_known(kept: Sequence[Kept], identity: str) -> bool:
    """Whether a row still names a file that was looked for: it may have been deleted meanwhile."""
    with reading() as session:
        return bool(known(session, kept, [identity]))


def strays(vault: Vault, kept: Sequence[Kept]) -> Sequence[str]:
    """Files that no row knows of, and that should have been removed by now."""
    found: list[str] = []
    old = vault.stored_before(portal().now() - 2 * STRAY_AFTER)
    while some := list(islice(old, AT_ONCE)):
        with reading() as session:
            wanted = known(session, kept, some)
        found += [identity for identity in some if identity not in wanted]
    return found
