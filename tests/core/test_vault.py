"""What goes into the vault comes out, and nothing else ever does."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.core.vault import HEADER_BYTES, Vault, VaultDamaged, VaultTaken, VaultUnavailable
from ehe_portal.core.vault.frames import FRAME_BYTES, SEALED_FRAME_BYTES
from ehe_portal.core.vault.keys import MasterKey
from tests.core.vaults import CANARY, KEY, NAME, OTHER, InFolder, Outcome, Place, keep, read

SIZES = [0, 1, 100, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 5_000_001]
NOTHING = Outcome(b"", noticed=True)


# What goes in comes out


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_out_as_it_went_in(place: Place, size: int) -> None:
    content = secrets.token_bytes(size)
    with place.vault.writer(NAME) as writer:
        for start in range(0, size, 70_001):
            writer.write(content[start : start + 70_001])
        stored = writer.finish()
    assert (stored.identity, stored.size) == (NAME, size)
    assert b"".join(place.vault.read(NAME)) == content
    assert b"".join(place.vault.read(NAME, stored)) == content
    assert place.vault.exists(NAME)


def test_the_kept_bytes_say_nothing(place: Place) -> None:
    place.vault.store(NAME, [CANARY * 9_000])
    place.vault.store(OTHER, [CANARY * 9_000])
    raw = place.get(NAME)
    assert CANARY[:12] not in raw
    assert raw[HEADER_BYTES:] != place.get(OTHER)[HEADER_BYTES:]
    assert len(raw) == HEADER_BYTES + 9_000 * len(CANARY) + 3 * 16


# What was not put there does not come out


@pytest.mark.parametrize(
    "position",
    [
        *[0, 7, 8, 9, 16, 17, 32, 33, 64, HEADER_BYTES - 1],
        *[HEADER_BYTES, HEADER_BYTES + 1000, HEADER_BYTES + FRAME_BYTES, HEADER_BYTES + SEALED_FRAME_BYTES - 1],
        *[HEADER_BYTES + SEALED_FRAME_BYTES, HEADER_BYTES + SEALED_FRAME_BYTES + 7, -17, -16, -1],
    ],
)
def test_one_flipped_bit_anywhere_is_noticed(in_folder: InFolder, position: int) -> None:
    content, _ = keep(in_folder, 2 * FRAME_BYTES + 500)
    raw = bytearray(in_folder.get(NAME))
    raw[position] ^= 0x10
    in_folder.put(NAME, bytes(raw))
    outcome = read(in_folder)
    assert outcome.noticed
    assert content.startswith(outcome.out)
    assert len(outcome.out) % FRAME_BYTES == 0


def test_every_bit_of_a_small_file_counts(in_folder: InFolder) -> None:
    keep(in_folder, 9)
    raw = in_folder.get(NAME)
    for bit in range(len(raw) * 8):
        spoilt = bytearray(raw)
        spoilt[bit // 8] ^= 1 << bit % 8
        in_folder.put(NAME, bytes(spoilt))
        assert read(in_folder) == NOTHING


@pytest.mark.parametrize("size", [0, 10, FRAME_BYTES, 3 * FRAME_BYTES, 3 * FRAME_BYTES + 10])
def test_cut_short_anywhere_is_noticed(in_folder: InFolder, size: int) -> None:
    content, stored = keep(in_folder, size)
    raw = in_folder.get(NAME)
    boundaries = range(HEADER_BYTES, len(raw), SEALED_FRAME_BYTES)
    for length in {0, 1, HEADER_BYTES - 1, len(raw) - 1, len(raw) - 16, *boundaries}:
        in_folder.put(NAME, raw[:length])
        outcome = read(in_folder)
        assert outcome.noticed
        assert content.startswith(outcome.out)
        assert read(in_folder, NAME, stored) == NOTHING, "a known length is checked before anything is given"


def test_added_bytes_are_noticed(place: Place) -> None:
    for number, size in enumerate([0, 10, FRAME_BYTES]):
        name = f"{NAME}-{number}"
        keep(place, size, name)
        raw = place.get(name)
        for added in (b"\0", b"\0" * SEALED_FRAME_BYTES, raw[HEADER_BYTES:] or b"\0"):
            place.put(name, raw + added)
            assert read(place, name).noticed


def test_frames_in_another_order_or_twice_are_noticed(in_folder: InFolder) -> None:
    content, _ = keep(in_folder, 4 * FRAME_BYTES)
    raw = in_folder.get(NAME)
    header, body = raw[:HEADER_BYTES], raw[HEADER_BYTES:]
    frames = [body[start : start + SEALED_FRAME_BYTES] for start in range(0, len(body), SEALED_FRAME_BYTES)]
    for order in ([1, 0, 2, 3], [0, 2, 1, 3], [3, 1, 2, 0], [0, 0, 1, 2, 3], [0, 1, 3], [0, 1, 2, 3, 3], [3]):
        in_folder.put(NAME, header + b"".join(frames[number] for number in order))
        outcome = read(in_folder)
        assert outcome.noticed
        assert content.startswith(outcome.out)


def test_swapped_files_are_noticed(place: Place) -> None:
    keep(place, 1000)
    keep(place, 1000, OTHER)
    mine, theirs = place.get(NAME), place.get(OTHER)
    place.put(NAME, theirs)
    place.put(OTHER, mine)
    assert read(place) == NOTHING
    assert read(place, OTHER) == NOTHING
    place.put(NAME, mine[:HEADER_BYTES] + theirs[HEADER_BYTES:])
    assert read(place) == NOTHING


def test_a_file_of_another_authority_is_not_this_ones(place: Place) -> None:
    keep(place, 10)
    place.put("E09000002/7K2MXQ0R4T", place.get(NAME))
    assert read(place, "E09000002/7K2MXQ0R4T") == NOTHING


def test_another_master_key_opens_nothing(in_folder: InFolder, tmp_path: Path) -> None:
    keep(in_folder, 10)
    stranger = Vault.from_url("file:vault", secrets.token_bytes(32), tmp_path)
    with pytest.raises(VaultDamaged, match="another master key"):
        stranger.read(NAME)


def test_content_is_compared_with_what_the_register_knows_of_it(place: Place) -> None:
    content, stored = keep(place, FRAME_BYTES + 10)
    outcome = read(place, NAME, replace(stored, sha256="0" * 64))
    assert outcome.noticed
    assert outcome.out == content[:FRAME_BYTES], "all but the last frame"
    assert read(place, NAME, replace(stored, size=stored.size + 1)) == NOTHING


# Identities and names


@pytest.mark.parametrize(
    "identity",
    ["", "a", "a/", "/a", "a//b", "../a", "a/..", "a/b.sealed", "a/b\n", "a\\b", "a/b c", "a/é", "-a/b", "a/b/c/d/e"],
)
def test_what_is_no_identity_is_refused(place: Place, identity: str) -> None:
    for use in (place.vault.writer, place.vault.read, place.vault.exists, place.vault.delete):
        with pytest.raises(ValueError, match="identity"):
            use(identity)


def test_an_identity_is_used_once(place: Place) -> None:
    content, _ = keep(place, 10)
    with pytest.raises(VaultTaken):
        place.vault.store(NAME, [b"something else"])
    assert b"".join(place.vault.read(NAME)) == content


def test_of_two_writers_at_once_one_is_keep(place: Place) -> None:
    first = place.vault.writer(NAME)
    outcomes: list[bytes] = []
    try:
        second = place.vault.writer(NAME)
    except VaultTaken:
        first.write(b"first")
    else:
        second.write(b"second")
        second.finish()
        outcomes.append(b"second")
        first.write(b"first")
        with pytest.raises(VaultTaken):
            first.finish()
    if not outcomes:
        first.finish()
        outcomes.append(b"first")
    assert [b"".join(place.vault.read(NAME))] == outcomes


def test_a_link_laid_in_the_vault_leads_nowhere(in_folder: InFolder, tmp_path: Path) -> None:
    keep(in_folder, 10)
    outside = tmp_path / "outside"
    outside.mkdir()
    objects = tmp_path / "vault" / "objects"
    (objects / "E09000009").symlink_to(outside)
    with pytest.raises(VaultDamaged):
        in_folder.vault.writer("E09000009/ABCDEF")
    (objects / "E09000001" / "LINKED.sealed").symlink_to(objects / f"{NAME}.sealed")
    with pytest.raises(VaultUnavailable):
        in_folder.vault.read("E09000001/LINKED")


def test_only_the_portal_may_look_in(in_folder: InFolder, tmp_path: Path) -> None:
    keep(in_folder, 10)
    for path in (tmp_path / "vault").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["var/vault", "file:", "file:/", "http://x/y", "s3:///prefix", "file://host/x", ""])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="address"):
        Vault.from_url(url, KEY, tmp_path)


def test_addresses_of_folders(tmp_path: Path) -> None:
    Vault.from_url("file:var/vault", KEY, tmp_path)
    Vault.from_url(f"file:{tmp_path}/one", KEY, Path("/nowhere"))
    Vault.from_url(f"file://{tmp_path}/two", KEY, Path("/nowhere"))
    assert all((tmp_path / name / "objects").is_dir() for name in ("var/vault", "one", "two"))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault.from_url("file:vault", bytes(length), tmp_path)


# Small values


@given(st.binary(max_size=300), st.text(min_size=1, max_size=40))
def test_a_sealed_value_opens_for_its_purpose_alone(value: bytes, purpose: str) -> None:
    key = MasterKey(KEY)
    sealed = key.seal(value, purpose)
    assert key.open_sealed(sealed, purpose) == value
    assert key.seal(value, purpose) != sealed
    for wrong in (f"{purpose}2", purpose[1:], ""):
        with pytest.raises(VaultDamaged):
            key.open_sealed(sealed, wrong)


def test_a_sealed_value_that_was_touched_does_not_open(in_folder: InFolder) -> None:
    vault = in_folder.vault
    sealed = vault.seal(CANARY, "draft/7K2MXQ0R4T")
    assert CANARY[:10] not in sealed
    for bit in range(len(sealed) * 8):
        spoilt = bytearray(sealed)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultDamaged):
            vault.open_sealed(bytes(spoilt), "draft/7K2MXQ0R4T")
    for length in range(len(sealed)):
        with pytest.raises(VaultDamaged):
            vault.open_sealed(sealed[:length], "draft/7K2MXQ0R4T")


def test_values_open_in_any_process_with_the_same_key_and_in_no_other(in_folder: InFolder, tmp_path: Path) -> None:
    sealed = in_folder.vault.seal(b"words", "draft/1")
    again = Vault.from_url("file:elsewhere", KEY, tmp_path)
    assert again.open_sealed(sealed, "draft/1") == b"words"
    with pytest.raises(VaultDamaged):
        Vault.from_url("file:elsewhere", bytes(32), tmp_path).open_sealed(sealed, "draft/1")
