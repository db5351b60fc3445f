"""Master keys: they seal small values, among them the secret that each kept file has for itself.

A sealed value is `version (1) | fingerprint of the master key (8) | salt (16) | AES-256-GCM ciphertext and tag`, in
bytes. Every value gets a key and nonce of its own, derived by HKDF-SHA-256 from the master key, the salt and the
purpose; no nonce is ever drawn twice under one key, however many values are sealed. The purpose is authenticated, so
a value sealed for one purpose (`draft/7K2M…`) opens for no other.

The fingerprint tells which master key sealed a value, so that several can be in use while one takes over from another.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ehe_portal.core.vault.errors import VaultDamaged, VaultKeyMissing

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SALT_BYTES = 16
FINGERPRINT_BYTES = 8
VERSION = b"\x01"
SEALING_BYTES = len(VERSION) + FINGERPRINT_BYTES + SALT_BYTES + TAG_BYTES


class MasterKey:
    """32 bytes, such as those of `VAULT_KEY`. Raises ValueError for any other length."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the vault's key must be {KEY_BYTES} bytes")
        self._key = key
        # Tells one master key from another without giving anything away about either.
        self.fingerprint = self._derive(b"", "ehe-portal vault fingerprint", FINGERPRINT_BYTES)

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """`plaintext` sealed for `purpose`; `SEALING_BYTES` longer."""
        opening = VERSION + self.fingerprint + secrets.token_bytes(SALT_BYTES)
        cipher, nonce = self._cipher(opening, purpose)
        return opening + cipher.encrypt(nonce, plaintext, opening + purpose.encode())

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for `purpose`. Raises `VaultDamaged` for anything else."""
        if fingerprint_of(sealed) != self.fingerprint:
            raise VaultKeyMissing("sealed under another master key")
        opening, ciphertext = sealed[: SEALING_BYTES - TAG_BYTES], sealed[SEALING_BYTES - TAG_BYTES :]
        cipher, nonce = self._cipher(opening, purpose)
        try:
            return cipher.decrypt(nonce, ciphertext, opening + purpose.encode())
        except InvalidTag:
            raise VaultDamaged("a sealed value was changed, or sealed for another purpose") from None

    def _cipher(self, opening: bytes, purpose: str) -> tuple[AESGCM, bytes]:
        drawn = self._derive(opening[-SALT_BYTES:], f"ehe-portal sealed value: {purpose}", KEY_BYTES + NONCE_BYTES)
        return AESGCM(drawn[:KEY_BYTES]), drawn[KEY_BYTES:]

    def _derive(self, salt: bytes, info: str, length: int) -> bytes:
        return HKDF(SHA256(), length, salt, info.encode()).derive(self._key)


class Keyring:
    """The current master key, which seals, and others that only open: earlier ones, or the next one.

    `current` is the fingerprint of the first. Raises ValueError for a key that is not 32 bytes.
    """

    def __init__(self, current: bytes, others: Iterable[bytes] = ()) -> None:
        self._current = MasterKey(current)
        self._keys = {key.fingerprint: key for key in (*map(MasterKey, others), self._current)}
        self.current = self._current.fingerprint

    def __contains__(self, fingerprint: bytes) -> bool:
        return fingerprint in self._keys

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._keys)

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """`plaintext` sealed for `purpose` with the current key."""
        return self._current.seal(plaintext, purpose)

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What any of the keys sealed for `purpose`. Raises `VaultDamaged`."""
        return self._keys.get(fingerprint_of(sealed), self._current).open_sealed(sealed, purpose)

    def reseal(self, sealed: bytes, purpose: str) -> bytes:
        """The same value, sealed anew with the current key. Raises `VaultDamaged`."""
        return self.seal(self.open_sealed(sealed, purpose), purpose)


def fingerprint_of(sealed: bytes) -> bytes:
    """Which master key sealed a value. Raises `VaultDamaged` for what is none."""
    if len(sealed) < SEALING_BYTES or not sealed.startswith(VERSION):
        raise VaultDamaged("not a sealed value")
    return sealed[len(VERSION) : len(VERSION) + FINGERPRINT_BYTES]
