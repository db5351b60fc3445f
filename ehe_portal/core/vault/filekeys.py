"""The secrets of kept files: one for each, sealed by a master key, kept beside the files and apart from them.

A file's frames are sealed under a key drawn from its secret and from the salt in its header. So the file alone, with
every master key, opens for nobody: destroying the secret destroys the file, wherever copies of it lie.

A mark (`masters/FINGERPRINT`) stands for each master key that something is sealed under, so that it costs one look to
know whether a key that is needed is missing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ehe_portal.core.vault.errors import VaultKeyMissing
from ehe_portal.core.vault.frames import new_key
from ehe_portal.core.vault.keys import KEY_BYTES, Keyring

EVER = datetime.max.replace(tzinfo=UTC)


class Smalls(Protocol):
    """A place that keeps small things by name."""

    def small(self, name: str) -> bytes | None: ...
    def add_small(self, name: str, data: bytes) -> None: ...
    def replace_small(self, name: str, data: bytes) -> None: ...
    def remove_small(self, name: str) -> None: ...
    def smalls(self, folder: str, before: datetime) -> Iterator[str]: ...


class FileKeys:
    """Keeps the secrets of files in `smalls`, sealed by the current key of `ring`."""

    def __init__(self, smalls: Smalls, ring: Keyring) -> None:
        self._smalls = smalls
        self._ring = ring

    def for_writing(self, identity: str) -> bytes:
        """The secret for a file to be written: a new one, or what a writer that was killed left for it."""
        sealed = self._smalls.small(name_of(identity))
        return new_key() if sealed is None else self._ring.open_sealed(sealed, purpose_of(identity))

    def add(self, identity: str, secret: bytes) -> None:
        """Keep a file's secret, if none is kept yet."""
        self._smalls.add_small(name_of(identity), self._ring.seal(secret, purpose_of(identity)))

    def sealed(self, identity: str) -> bytes | None:
        """A file's secret as it is kept; None where there is none."""
        return self._smalls.small(name_of(identity))

    def of(self, identity: str, instead: bytes | None = None) -> bytes:
        """A file's secret; `instead` is what its header has sealed, where it was kept before secrets were kept apart.

        Raises `VaultKeyMissing` where it was destroyed.
        """
        sealed = self.sealed(identity) or instead
        if sealed is None:
            raise VaultKeyMissing("the key of this file is gone")
        return self._ring.open_sealed(sealed, purpose_of(identity))

    def reseal(self, identity: str, sealed: bytes) -> None:
        """Seal a file's secret with the current master key."""
        self._smalls.replace_small(name_of(identity), self._ring.reseal(sealed, purpose_of(identity)))

    def destroy(self, identity: str) -> None:
        """Let nobody open the file again; nothing there is no error."""
        self._smalls.remove_small(name_of(identity))

    def kept_before(self, moment: datetime, under: str) -> Iterator[str]:
        """Identities, beginning with the part `under` if it is given, of files whose secrets were kept before then."""
        for name in self._smalls.smalls(f"keys/{under}".rstrip("/"), moment):
            yield f"{under}/{name}" if under else name

    # Marks of master keys

    def mark(self) -> None:
        """Note that something is sealed under the current master key."""
        name = mark_of(self._ring.current)
        if self._smalls.small(name) is None:
            self._smalls.replace_small(name, self._ring.current)

    def marked(self) -> list[bytes]:
        """Fingerprints of the master keys that something is sealed under."""
        return [bytes.fromhex(name) for name in self._smalls.smalls("masters", EVER)]

    def unmark(self, fingerprint: bytes) -> None:
        """Note that nothing is sealed under a master key any more."""
        self._smalls.remove_small(mark_of(fingerprint))


def drawn(secret: bytes, salt: bytes) -> bytes:
    """The key of a file's frames."""
    return HKDF(SHA256(), KEY_BYTES, salt, b"ehe-portal file").derive(secret)


def name_of(identity: str) -> str:
    """Where the secret of a file is kept."""
    return f"keys/{identity}"


def mark_of(fingerprint: bytes) -> str:
    """Where the mark of a master key is kept."""
    return f"masters/{fingerprint.hex()}"


def purpose_of(identity: str) -> str:
    """What the secret of a file is sealed for."""
    return f"file-key/{identity}"
