"""Contents that arrive in parts: nothing is lost, torn, doubled or in the clear, whoever breaks off or overtakes."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehe_portal.core.vault import Overtaken, Vault, VaultDamaged
from ehe_portal.core.vault.frames import FRAME_BYTES, SEALED_FRAME_BYTES
from ehe_portal.core.vault.hashes import MOST_KEPT, HashesSoFar
from ehe_portal.core.vault.streams import HEADER_BYTES

IDENTITY = "E09000001/7K2MXQ0R4T"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.from_url("file:vault", b"k" * 32, tmp_path)


def content_of(size: int) -> bytes:
    return (b"a day at the pond, " * (size // 19 + 1))[:size]


def put(vault: Vault, content: bytes, start: int, end: int) -> int:
    with vault.growing(IDENTITY, len(content)) as growing:
        return growing.take(start, [content[start:end]])


def finish(vault: Vault, content: bytes, start: int) -> None:
    with vault.growing(IDENTITY, len(content)) as growing:
        assert growing.take(start, [content[start:]]) == len(content)
        assert b"".join(growing.content()) == content
        stored = vault.take_over(growing)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(vault.read(IDENTITY, stored)) == content
    assert files_of(vault) == [], "nothing is left on the way"


def files_of(vault: Vault) -> list[Path]:
    return [path for path in vault.incoming.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES, 700_001])
@pytest.mark.parametrize("step", [100_000, FRAME_BYTES, 5 * FRAME_BYTES])
def test_parts_of_any_size_become_one_content(vault: Vault, size: int, step: int) -> None:
    content, offset = content_of(size), 0
    while offset + step < size:
        offset = put(vault, content, offset, offset + step)
        assert vault.growing(IDENTITY, size).offset == offset
    finish(vault, content, offset)


@pytest.mark.parametrize("takers", ["aaa", "aba", "abb", "aab"])
@pytest.mark.parametrize("part", [1000, 2 * FRAME_BYTES])
def test_the_hash_is_right_whichever_processes_took_the_parts(tmp_path: Path, takers: str, part: int) -> None:
    """One that has seen every part knows the hash at the end; another finds it by reading what the others kept."""
    vaults = {name: Vault.from_url("file:vault", b"k" * 32, tmp_path) for name in "ab"}
    content = content_of(3 * part)
    for number, taker in enumerate(takers[:2]):
        put(vaults[taker], content, number * part, (number + 1) * part)
    with vaults[takers[2]].growing(IDENTITY, len(content)) as growing:
        growing.take(2 * part, [content[2 * part :]])
        known = growing.sha256
        assert b"".join(growing.content()) == content
        assert vaults[takers[2]].take_over(growing).sha256 == hashlib.sha256(content).hexdigest()
    assert (known != "") == (takers == "aaa"), "nothing is hashed twice, and nothing is taken for seen that was not"


def test_only_so_many_hashes_wait_for_their_next_part() -> None:
    hashes = HashesSoFar()
    for number in range(MOST_KEPT + 1):
        hashes.keep(str(number), "as it was", hashlib.sha256(b"leaf"))
    assert hashes.take("0", "as it was") is None, "the oldest made room"
    assert hashes.take("1", "as it is now") is None, "someone has gone on with it"
    found = hashes.take("2", "as it was")
    assert found is not None
    assert found.hexdigest() == hashlib.sha256(b"leaf").hexdigest()
    assert hashes.take("2", "as it was") is None, "given once"


def test_a_part_that_ends_with_a_frame_leaves_nothing_beside_the_file(vault: Vault) -> None:
    content = content_of(4 * FRAME_BYTES)
    half = put(vault, content, 0, FRAME_BYTES // 2)
    offset = put(vault, content, half, 2 * FRAME_BYTES)
    growing = vault.growing(IDENTITY, len(content))
    assert growing.offset == offset == 2 * FRAME_BYTES
    assert growing.path.stat().st_size == HEADER_BYTES + 2 * SEALED_FRAME_BYTES
    finish(vault, content, offset)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=8), st.data())
def test_a_process_that_dies_anywhere_loses_at_most_a_frame(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], data: st.DataObject
) -> None:
    """What a write cut off anywhere leaves on the disk is gone on from; what was answered for is never lost."""
    vault = Vault.from_url("file:vault", b"k" * 32, tmp_path_factory.mktemp("cut"))
    content, answered = content_of(sum(steps) + 1), 0
    for step in steps:
        answered = put(vault, content, answered, answered + step)
    path = vault.growing(IDENTITY, len(content)).path
    with path.open("ab") as torn:
        torn.write(os.urandom(data.draw(st.integers(0, FRAME_BYTES))))
    assert vault.growing(IDENTITY, len(content)).offset == answered
    finish(vault, content, answered)


def test_a_process_that_dies_while_it_completes_a_content_asks_for_the_last_frame_again(vault: Vault) -> None:
    content = content_of(3 * FRAME_BYTES - 5)
    with vault.growing(IDENTITY, len(content)) as growing:
        assert growing.take(0, [content]) == len(content)
    again = vault.growing(IDENTITY, len(content)).offset
    assert again == 2 * FRAME_BYTES
    finish(vault, content, again)


def test_nothing_is_in_the_clear_on_the_way(vault: Vault) -> None:
    put(vault, content_of(700_000), 0, 600_000)
    lying = b"".join(path.read_bytes() for path in files_of(vault))
    assert len(lying) > 600_000
    assert b"a day at the pond" not in lying
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_of(vault)), "for nobody else's eyes"


def test_a_writer_who_was_overtaken_gives_up(vault: Vault) -> None:
    """The connection that a phone left behind when it changed its network wakes up, and does no harm."""
    content = content_of(4 * FRAME_BYTES)

    def waking_up() -> Iterator[bytes]:
        yield content[:1000]
        assert put(vault, content, 0, 600_000) == 600_000
        yield content[1000:]

    with vault.growing(IDENTITY, len(content)) as old, pytest.raises(Overtaken):
        old.take(0, waking_up())
    finish(vault, content, 600_000)


def test_a_writer_overtaken_within_a_frame_gives_up(vault: Vault) -> None:
    content = content_of(1000)

    def waking_up() -> Iterator[bytes]:
        yield content[:100]
        assert put(vault, content, 0, 500) == 500

    with vault.growing(IDENTITY, len(content)) as old, pytest.raises(Overtaken):
        old.take(0, waking_up())
    finish(vault, content, 500)


def test_what_is_being_completed_is_left_alone(vault: Vault) -> None:
    content = content_of(FRAME_BYTES + 10)
    with vault.growing(IDENTITY, len(content)) as growing:
        growing.take(0, [content])
        with pytest.raises(Overtaken):
            put(vault, content, FRAME_BYTES, len(content))
        with pytest.raises(Overtaken):
            vault.growing(IDENTITY, len(content)).discard()
        assert b"".join(growing.content()) == content
        vault.take_over(growing)
    assert files_of(vault) == []


def test_a_part_that_begins_elsewhere_is_refused(vault: Vault) -> None:
    content = content_of(1000)
    put(vault, content, 0, 500)
    for start in (0, 499, 501):
        with pytest.raises(Overtaken):
            put(vault, content, start, 700)
    finish(vault, content, 500)


def test_more_than_was_announced_is_refused(vault: Vault) -> None:
    with vault.growing(IDENTITY, 10) as growing, pytest.raises(ValueError, match="announced"):
        growing.take(0, [bytes(11)])


@pytest.mark.parametrize("place", [3, 60, 4000, FRAME_BYTES + 200])
def test_a_changed_byte_is_found(vault: Vault, place: int) -> None:
    content = content_of(3 * FRAME_BYTES)
    put(vault, content, 0, 2 * FRAME_BYTES + 5)
    path = vault.growing(IDENTITY, len(content)).path
    lying = bytearray(path.read_bytes())
    lying[place] ^= 1
    path.write_bytes(lying)
    with vault.growing(IDENTITY, len(content)) as growing, pytest.raises(VaultDamaged):
        growing.take(2 * FRAME_BYTES + 5, [content[2 * FRAME_BYTES + 5 :]])
        b"".join(growing.content())


def test_a_part_of_a_frame_from_elsewhere_does_not_open(vault: Vault) -> None:
    put(vault, content_of(1000), 0, 500)
    with vault.growing("E09000001/0000000000", 1000) as other:
        other.take(0, [bytes(500)])
        other.path.with_suffix(".tail").write_bytes(
            vault.growing(IDENTITY, 1000).path.with_suffix(".tail").read_bytes()
        )
    with pytest.raises(VaultDamaged):
        assert vault.growing("E09000001/0000000000", 1000).offset == 500


def test_what_is_thrown_away_leaves_nothing(vault: Vault) -> None:
    content = content_of(600_000)
    put(vault, content, 0, 500_000)
    vault.growing(IDENTITY, len(content)).discard()
    assert files_of(vault) == []
    assert vault.growing(IDENTITY, len(content)).offset == 0


def test_the_sweep_of_what_was_broken_off_leaves_what_is_growing(vault: Vault) -> None:
    content = content_of(600_000)
    put(vault, content, 0, 500_000)
    vault.sweep_orphans(lambda _: [], datetime(2100, 1, 1, tzinfo=UTC))
    finish(vault, content, 500_000)


def test_a_content_has_a_byte(vault: Vault) -> None:
    with pytest.raises(ValueError, match="at least one byte"):
        vault.growing(IDENTITY, 0)
