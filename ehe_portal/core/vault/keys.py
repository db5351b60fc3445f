"""The master key: seals small values, among them the key that each kept file has for itself.

A sealed value is `version (1) | fingerprint of the master key (8) | salt (16) | AES-256-GCM ciphertext and tag`, in
bytes. Every value gets a key and nonce of its own, derived by HKDF-SHA-256 from the master key, the salt and the
purpose; no nonce is ever drawn twice under one key, however many values are sealed. The purpose is authenticated, so
a value sealed for one purpose (`draft/7K2M…`) opens for no other.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ehe_portal.core.vault.errors import VaultDamaged

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SALT_BYTES = 16
FINGERPRINT_BYTES = 8
VERSION = b"\x01"
SEALING_BYTES = len(VERSION) + FINGERPRINT_BYTES + SALT_BYTES + TAG_BYTES


class MasterKey:
    """The 32 bytes of `VAULT_KEY`. Raises ValueError for any other length."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the vault's key must be {KEY_BYTES} bytes")
        self._key = key
        # Tells one master key from another without giving anything away about either.
        self._fingerprint = self._derive(b"", "ehe-portal vault fingerprint", FINGERPRINT_BYTES)

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """`plaintext` sealed for `purpose`; `SEALING_BYTES` longer."""
        opening = VERSION + self._fingerprint + secrets.token_bytes(SALT_BYTES)
        cipher, nonce = self._cipher(opening, purpose)
        return opening + cipher.encrypt(nonce, plaintext, opening + purpose.encode())

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for `purpose`. Raises `VaultDamaged` for anything else."""
        if len(sealed) < SEALING_BYTES or not sealed.startswith(VERSION):
            raise VaultDamaged("not a sealed value")
        opening, ciphertext = sealed[: SEALING_BYTES - TAG_BYTES], sealed[SEALING_BYTES - TAG_BYTES :]
        if opening[len(VERSION) : -SALT_BYTES] != self._fingerprint:
            raise VaultDamaged("sealed under another master key")
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
