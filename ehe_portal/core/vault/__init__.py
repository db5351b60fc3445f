"""The vault: files that families send, kept encrypted; and small values sealed with the same master keys.

    vault = Vault.from_url("file:var/vault", key, root)
    with vault.writer("E09000001/7K2MXQ0R4T") as writer:
        for piece in pieces:
            writer.write(piece)
        stored = writer.finish()
    for frame in vault.read(stored.identity, stored):
        ...

A kept file is `magic (8 bytes) | salt (32) | frames`. The key of its frames is drawn from the salt and from a secret
of its own, which is kept apart (`filekeys.py`), sealed by a master key for this identity: deleting the file destroys
it. A file of the first version has its key in its header instead of the salt, sealed; it stays readable. An identity
is used once: nothing is written over, and what is kept does not change.
"""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit

from ehe_portal.core.vault.errors import (
    VaultDamaged,
    VaultError,
    VaultFull,
    VaultKeyMissing,
    VaultMissing,
    VaultTaken,
    VaultUnavailable,
)
from ehe_portal.core.vault.filekeys import EVER, FileKeys, drawn
from ehe_portal.core.vault.folder import Folder
from ehe_portal.core.vault.frames import FrameCipher, open_frames, sealed_size
from ehe_portal.core.vault.growing import Growing, Overtaken, Secrets, growing_in
from ehe_portal.core.vault.hashes import HashesSoFar
from ehe_portal.core.vault.keys import Keyring, fingerprint_of
from ehe_portal.core.vault.store import Store
from ehe_portal.core.vault.streams import (
    HEADER_BYTES,
    MAGIC,
    SALT_BYTES,
    Header,
    StoredObject,
    VaultReader,
    VaultWriter,
    as_expected,
)

__all__ = [
    "HEADER_BYTES",
    "Growing",
    "Overtaken",
    "StoredObject",
    "Vault",
    "VaultDamaged",
    "VaultError",
    "VaultFull",
    "VaultKeyMissing",
    "VaultMissing",
    "VaultReader",
    "VaultTaken",
    "VaultUnavailable",
    "VaultWriter",
]

IDENTITY = re.compile(r"(?=.{3,200}\Z)[A-Za-z0-9][A-Za-z0-9_-]{0,63}(/[A-Za-z0-9][A-Za-z0-9_-]{0,63}){1,3}")
ASKED_AT_ONCE = 500


class Vault:
    """Keeps files, each encrypted under a key of its own, and seals small values."""

    def __init__(self, store: Store, ring: Keyring) -> None:
        self._store = store
        self._ring = ring
        self._keys = FileKeys(store, ring)
        self._hashes = HashesSoFar()

    @classmethod
    def from_url(cls, url: str, key: bytes, root: Path, other_keys: Sequence[bytes] = ()) -> "Vault":
        """The vault at `file:folder` (relative to `root`, or absolute) or `s3://bucket/prefix`.

        `key` is the current master key, 32 bytes; `other_keys` open what they sealed and seal nothing. Raises
        ValueError saying what was expected.
        """
        ring = Keyring(key, other_keys)
        parts = urlsplit(url)
        if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
            return cls(Folder(root / parts.path), ring)
        if parts.scheme == "s3" and parts.netloc:
            # boto3 takes a second to load and most deployments do without.
            from ehe_portal.core.vault.s3 import Bucket

            return cls(Bucket(parts.netloc, parts.path, root / "var" / "incoming"), ring)
        raise ValueError("the vault's address must be file:FOLDER or s3://BUCKET/PREFIX")

    @property
    def incoming(self) -> Path:
        """The folder for what is on its way into the vault; only ever sealed bytes lie there."""
        return self._store.incoming

    def writer(self, identity: str) -> "VaultWriter":
        """Begin to keep a file. Raises `VaultTaken` if the identity is in use."""
        with self._store.failures():
            draft = self._store.draft(checked(identity))
        salt = secrets.token_bytes(SALT_BYTES)
        try:
            with self._store.failures():
                secret = self._keys.for_writing(identity)
        except VaultError:
            draft.discard()
            raise
        cipher = FrameCipher(drawn(secret, salt), identity)
        writer = VaultWriter(
            identity, draft, cipher, partial(self._keep_secret, identity, secret), self._store.failures
        )
        writer.begin(MAGIC + salt)
        return writer

    def _keep_secret(self, identity: str, secret: bytes) -> None:
        """Keep a file's secret before the file itself. Raises `VaultTaken` where another writer has kept another."""
        try:
            with self._store.failures():
                self._keys.mark()
                self._keys.add(identity, secret)
        except VaultTaken:
            if self._keys.of(identity) != secret:
                raise

    def store(self, identity: str, pieces: Iterable[bytes]) -> StoredObject:
        """Keep a whole content that comes in pieces."""
        with self.writer(identity) as writer:
            for piece in pieces:
                writer.write(piece)
            return writer.finish()

    def growing(self, identity: str, length: int) -> Growing:
        """What has arrived so far of a content of `length` bytes that comes in parts."""
        secrets_of = Secrets(partial(self._keys.of, checked(identity)), partial(self._secret_to_begin, identity))
        return Growing(self.incoming, identity, length, self._ring, secrets_of, self._hashes)

    def _secret_to_begin(self, identity: str) -> bytes:
        """The secret of a content that begins to arrive; it is kept before any of it."""
        with self._store.failures():
            secret = self._keys.for_writing(identity)
        self._keep_secret(identity, secret)
        return secret

    def take_over(self, growing: Growing) -> StoredObject:
        """Keep a content that came in parts, is whole, and was read to its end; on return it is kept for good.

        What a process that died had kept of it before is replaced.
        """
        with self._store.failures():
            self._store.delete(growing.identity)
            self._store.adopt(growing.identity, growing.path)
        growing.let_go()
        return StoredObject(growing.identity, growing.length, growing.sha256)

    def read(self, identity: str, expected: StoredObject | None = None) -> "VaultReader":
        """The content of a kept file, frame by frame; the first is read and authenticated before this returns.

        With `expected`, its length is compared before the first frame is given and its hash before the last.
        """
        with self._store.failures():
            source, length = self._store.open(checked(identity))
        reader = VaultReader(source, self._store.failures)
        try:
            with self._store.failures():
                header = Header.read_from(source)
                key = header.frame_key(self._keys.of(identity, header.sealed_key))
            frames = open_frames(FrameCipher(key, identity), source.read)
            if expected is not None:
                if length != header.length + sealed_size(expected.size):
                    raise VaultDamaged("the file is not as long as it was when it was kept")
                frames = as_expected(frames, expected)
            reader.begin(frames)
        except VaultError:
            reader.close()
            raise
        return reader

    def exists(self, identity: str) -> bool:
        """Whether anything is kept under `identity`."""
        with self._store.failures():
            return self._store.exists(checked(identity))

    def delete(self, identity: str) -> None:
        """Remove a file and destroy its secret, so that no copy of it opens any more; nothing there is no error."""
        with self._store.failures():
            self._store.delete(checked(identity))
            # Last, so that a rotation that writes the secret anew meanwhile can tell that the file is gone.
            self._keys.destroy(identity)

    def stored_before(self, moment: datetime, under: str = "") -> Iterator[str]:
        """Identities of the files kept before `moment`; of those alone whose first part is `under`, if it is given."""
        with self._store.failures():
            yield from self._store.stored_before(moment, under)

    def sweep_orphans(
        self, known: Callable[[Sequence[str]], Collection[str]], before: datetime, under: str = ""
    ) -> list[str]:
        """Remove what was kept before `before` and nobody knows of, and what broken-off writing left; what was removed.

        `known` is given identities, some hundreds at a time, and answers with those that are somebody's. Let `before`
        be hours ago: a secret is kept first, then its file, and the row that knows of it is committed after.
        """
        with self._store.failures():
            self._store.clear_incoming(before)
            kept = chain(self._store.stored_before(before, under), self._keys.kept_before(before, under))
            arriving = frozenset(growing_in(self.incoming))
            orphans: dict[str, None] = {}
            while some := list(islice(kept, ASKED_AT_ONCE)):
                wanted = arriving.union(known(some))
                orphans |= dict.fromkeys(identity for identity in some if identity not in wanted)
        for identity in orphans:
            self.delete(identity)
        return list(orphans)

    # Master keys

    def all_stored(self) -> Iterator[str]:
        """Identities of every kept file, and of what arrives in parts."""
        return chain(growing_in(self.incoming), self.stored_before(EVER))

    def reseal_file(self, identity: str) -> bool:
        """Seal the secret of a kept file with the current master key; False where it is so already.

        The file itself is not touched. Raises `VaultMissing` where it was deleted, and `VaultDamaged`.
        """
        with self._store.failures():
            sealed = self._keys.sealed(checked(identity))
            if sealed is not None and fingerprint_of(sealed) == self._ring.current:
                return False
            self._keys.reseal(identity, sealed or self._key_in_header(identity))
            if not self._store.exists(identity) and identity not in growing_in(self.incoming):
                self._keys.destroy(identity)  # deleted meanwhile, and destroyed for good
                raise VaultMissing("nothing is kept there")
            return True

    def begin_with_current_key(self) -> None:
        """Note that the current master key is in use."""
        with self._store.failures():
            self._keys.mark()

    def forget_key(self, fingerprint: bytes) -> None:
        """Note that nothing is kept under a master key any more, or that it is lost for good."""
        with self._store.failures():
            self._keys.unmark(fingerprint)

    def keys_in_use(self) -> list[bytes]:
        """Fingerprints of the master keys that files are kept under; of one file's alone, before keys were marked."""
        with self._store.failures():
            if marked := self._keys.marked():
                return marked
            return [fingerprint_of(self._key_in_header(one)) for one in islice(self._store.stored_before(EVER), 1)]

    def has_key(self, fingerprint: bytes) -> bool:
        """Whether what is sealed under a master key can be opened."""
        return fingerprint in self._ring

    @property
    def keys(self) -> list[bytes]:
        """Fingerprints of the master keys that are here."""
        return list(self._ring)

    @property
    def current_key(self) -> bytes:
        """The fingerprint of the current master key."""
        return self._ring.current

    def _key_in_header(self, identity: str) -> bytes:
        source, _ = self._store.open(identity)
        with closing(source):
            sealed = Header.read_from(source).sealed_key
        if sealed is None:
            raise VaultKeyMissing("the key of this file is gone")
        return sealed

    # Small values

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """A small value (a draft, a parked form) sealed; it opens only for the same `purpose`, such as `draft/REF`."""
        return self._ring.seal(plaintext, f"value/{purpose}")

    def open_sealed(self, sealed: bytes, purpose: str) -> bytes:
        """What `seal` sealed for `purpose`. Raises `VaultDamaged` for anything else."""
        return self._ring.open_sealed(sealed, f"value/{purpose}")

    def reseal(self, sealed: bytes, purpose: str) -> bytes:
        """What `seal` sealed for `purpose`, sealed with the current master key. Raises `VaultDamaged`."""
        return self._ring.reseal(sealed, f"value/{purpose}")


def checked(identity: str) -> str:
    """`identity`, if it is one: 2 to 4 parts of letters, digits, `-` and `_`, joined by `/`. Else ValueError."""
    if not IDENTITY.fullmatch(identity):
        raise ValueError("an identity is 2 to 4 parts of letters, digits, - and _, joined by /")
    return identity
