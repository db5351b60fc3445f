"""Secrets of files and master keys: what is destroyed opens for nobody; a new key takes over while all goes on."""

import os
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ehe_portal.core.vault import (
    Vault,
    VaultDamaged,
    VaultError,
    VaultKeyMissing,
    VaultMissing,
    VaultTaken,
    VaultUnavailable,
    filekeys,
)
from ehe_portal.core.vault.frames import FRAME_BYTES, FrameCipher, FrameWriter
from ehe_portal.core.vault.keys import Keyring, MasterKey, fingerprint_of
from tests.core.vaults import CANARY, KEY, NAME, OTHER, InFolder, Place, keep

NEW_KEY = bytes(range(100, 132))
OLD_PRINT, NEW_PRINT = MasterKey(KEY).fingerprint, MasterKey(NEW_KEY).fingerprint


def file_of_the_first_version(place: Place, content: bytes, identity: str = NAME) -> None:
    """A file as it was kept before secrets were kept apart: its key in its header, sealed by the master key."""
    key, frames = secrets.token_bytes(32), bytearray()
    writer = FrameWriter(FrameCipher(key, identity), frames.extend)
    writer.write(content)
    writer.finish()
    place.put(identity, b"EHEVLT01" + MasterKey(KEY).seal(key, f"file-key/{identity}") + bytes(frames))


# The secret of a file


def test_a_copy_of_a_deleted_file_opens_for_nobody(place: Place) -> None:
    content, stored = keep(place, FRAME_BYTES + 5)
    copy = place.get(NAME)
    place.vault.delete(NAME)
    place.put(NAME, copy)
    with pytest.raises(VaultKeyMissing, match="the key of this file is gone"):
        place.vault.read(NAME, stored)
    with pytest.raises(VaultKeyMissing):
        place.vault.reseal_file(NAME)
    assert content[:20] not in copy


def test_the_master_key_and_a_file_alone_are_not_enough(place: Place, tmp_path: Path) -> None:
    """What stands before the frames is a salt: nothing in the file is sealed by the master key."""
    keep(place, 10)
    elsewhere = InFolder(tmp_path / "elsewhere")
    elsewhere.put(NAME, place.get(NAME))
    with pytest.raises(VaultKeyMissing):
        elsewhere.vault.read(NAME)


def test_the_secret_of_one_file_does_not_open_another(in_folder: InFolder, tmp_path: Path) -> None:
    keep(in_folder, 10)
    keep(in_folder, 10, OTHER)
    folder = tmp_path / "vault" / "keys"
    (folder / f"{NAME}.key").write_bytes((folder / f"{OTHER}.key").read_bytes())
    with pytest.raises(VaultDamaged, match="sealed for another purpose"):
        in_folder.vault.read(NAME)


def test_every_bit_of_a_secret_counts(in_folder: InFolder, tmp_path: Path) -> None:
    keep(in_folder, 10)
    place = tmp_path / "vault" / "keys" / f"{NAME}.key"
    raw = place.read_bytes()
    for bit in range(len(raw) * 8):
        spoilt = bytearray(raw)
        spoilt[bit // 8] ^= 1 << bit % 8
        place.write_bytes(spoilt)
        with pytest.raises(VaultDamaged):
            in_folder.vault.read(NAME)


def test_a_file_that_could_not_be_kept_may_be_kept_later(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the secret and the file: the secret that is left serves the next writer."""

    def killed(_draft: object) -> None:
        raise KeyboardInterrupt

    with place.vault.writer(NAME) as writer, monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(type(writer._draft), "keep", killed)
        writer.write(b"words")
        writer.finish()
    assert not place.vault.exists(NAME)
    stored = place.vault.store(NAME, [b"words again"])
    assert b"".join(place.vault.read(NAME, stored)) == b"words again"


def test_of_two_writers_who_have_a_secret_each_one_is_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's secret is left as it is, or the first one's file would open for nobody."""
    monkeypatch.setattr(filekeys.FileKeys, "for_writing", lambda *_: secrets.token_bytes(32))
    content, stored = keep(place, 10)
    with pytest.raises(VaultTaken):
        place.vault._keep_secret(NAME, secrets.token_bytes(32))
    assert b"".join(place.vault.read(NAME, stored)) == content


def test_a_secret_without_a_file_is_swept_up(place: Place) -> None:
    place.vault._keep_secret(NAME, secrets.token_bytes(32))
    soon, long_ago = datetime.now(UTC) + timedelta(seconds=5), datetime.now(UTC) - timedelta(hours=24)
    authority = NAME.partition("/")[0]
    assert place.vault.sweep_orphans(lambda _: [], long_ago, authority) == []
    assert place.vault.sweep_orphans(lambda _: [], soon, "E09000009") == []
    assert place.vault.sweep_orphans(lambda _: [], soon, authority) == [NAME]
    assert place.vault.sweep_orphans(lambda _: [], soon, authority) == []


# Files of the first version


def test_a_file_of_the_first_version_is_read_and_re_sealed(place: Place, rotated: Callable[..., Vault]) -> None:
    content = CANARY * 9_000
    file_of_the_first_version(place, content)
    assert b"".join(place.vault.read(NAME)) == content
    both = rotated()
    assert both.keys_in_use() == [OLD_PRINT], "before keys were marked, one file tells"
    before = place.get(NAME)
    assert [both.reseal_file(NAME), both.reseal_file(NAME)] == [True, False]
    assert place.get(NAME) == before, "the file itself is not touched"
    assert b"".join(rotated(alone=True).read(NAME)) == content
    both.delete(NAME)
    place.put(NAME, before)
    with pytest.raises(VaultKeyMissing):
        rotated(alone=True).read(NAME)


# One master key takes over from another


@pytest.fixture
def rotated(place: Place) -> Callable[..., Vault]:
    """The same place with a new master key; `alone`: without the earlier one."""

    def make(*, alone: bool = False) -> Vault:
        return Vault(place.vault._store, Keyring(NEW_KEY, () if alone else (KEY,)))

    return make


def test_both_keys_are_read_and_the_current_one_seals(place: Place, rotated: Callable[..., Vault]) -> None:
    content, stored = keep(place, 1000)
    draft = place.vault.seal(b"words", "draft/1")
    both = rotated()
    assert b"".join(both.read(NAME, stored)) == content
    assert both.open_sealed(draft, "draft/1") == b"words"
    later = both.store(OTHER, [b"later"])
    anew = both.reseal(draft, "draft/1")
    assert [fingerprint_of(one) for one in (draft, anew, both.seal(b"", "x"))] == [OLD_PRINT, NEW_PRINT, NEW_PRINT]
    assert sorted(both.keys_in_use()) == sorted([OLD_PRINT, NEW_PRINT])
    alone = rotated(alone=True)
    assert b"".join(alone.read(OTHER, later)) == b"later"
    assert alone.open_sealed(anew, "draft/1") == b"words"
    with pytest.raises(VaultKeyMissing, match="another master key"):
        alone.read(NAME, stored)
    with pytest.raises(VaultKeyMissing):
        alone.open_sealed(draft, "draft/1")
    with pytest.raises(VaultKeyMissing):
        alone.reseal_file(NAME)
    assert both.has_key(OLD_PRINT)
    assert not alone.has_key(OLD_PRINT)


def test_re_sealing_leaves_the_file_and_lets_the_earlier_key_go(place: Place, rotated: Callable[..., Vault]) -> None:
    content, stored = keep(place, 1000)
    before = place.get(NAME)
    both = rotated()
    assert [both.reseal_file(NAME), both.reseal_file(NAME)] == [True, False]
    assert place.get(NAME) == before
    assert b"".join(rotated(alone=True).read(NAME, stored)) == content
    with pytest.raises(VaultKeyMissing):
        place.vault.read(NAME)


def test_what_is_deleted_while_it_is_re_sealed_stays_destroyed(
    place: Place, rotated: Callable[..., Vault], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(place, 10)
    copy = place.get(NAME)
    both = rotated()
    reseal = filekeys.FileKeys.reseal

    def too_late(keys: filekeys.FileKeys, identity: str, sealed: bytes) -> None:
        place.vault.delete(NAME)
        reseal(keys, identity, sealed)

    monkeypatch.setattr(filekeys.FileKeys, "reseal", too_late)
    with pytest.raises(VaultMissing):
        both.reseal_file(NAME)
    place.put(NAME, copy)
    with pytest.raises(VaultKeyMissing):
        both.read(NAME)


def test_reading_and_writing_go_on_while_keys_change(in_folder: InFolder) -> None:
    names = [f"E09000001/FILE{number:03}" for number in range(40)]
    for name in names:
        in_folder.vault.store(name, [name.encode()])
    both = Vault(in_folder.vault._store, Keyring(NEW_KEY, [KEY]))
    failures: list[Exception] = []
    done = threading.Event()

    def read_all() -> None:
        while not done.is_set():
            for name in names:
                try:
                    assert b"".join(both.read(name)) == name.encode()
                except (VaultError, AssertionError) as failure:
                    failures.append(failure)

    reader = threading.Thread(target=read_all)
    reader.start()
    for number, name in enumerate(names):
        both.reseal_file(name)
        both.store(f"E09000002/NEW{number:03}", [b"new"])
    done.set()
    reader.join()
    assert failures == []


def test_a_secret_is_replaced_whole_or_not_at_all(in_folder: InFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    content, _ = keep(in_folder, 10)
    both = Vault(in_folder.vault._store, Keyring(NEW_KEY, [KEY]))

    def fail(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(VaultUnavailable):
        both.reseal_file(NAME)
    monkeypatch.undo()
    assert b"".join(in_folder.vault.read(NAME)) == content
    assert list(both.incoming.iterdir()) == []
