"""One long content as a row of sealed frames, so that it can be written and read without ever being held whole.

Each frame holds `FRAME_BYTES` of the content (the last one what is left, which is nothing only if the content is
empty) and is sealed by AES-256-GCM under a key that belongs to this content alone, with its own number as the nonce.
Its number, whether it is the last, and the content's identity are authenticated with it: frames that were changed,
left out, repeated, put in another order, cut off or taken from elsewhere do not open.
"""

import hashlib
from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ehe_portal.core.vault.errors import VaultDamaged
from ehe_portal.core.vault.keys import NONCE_BYTES, TAG_BYTES

FRAME_BYTES = 256 * 1024
SEALED_FRAME_BYTES = FRAME_BYTES + TAG_BYTES


def new_key() -> bytes:
    """A key for one content, never used for another."""
    return AESGCM.generate_key(bit_length=256)


def frame_count(size: int) -> int:
    """How many frames a content of `size` bytes takes: at least one."""
    return max(1, -(-size // FRAME_BYTES))


def sealed_size(size: int) -> int:
    """How many bytes the frames of a content of `size` bytes take together."""
    return size + frame_count(size) * TAG_BYTES


class FrameCipher:
    """Seals and opens the frames of one content. `identity` is what the content is known by."""

    def __init__(self, key: bytes, identity: str) -> None:
        self._cipher = AESGCM(key)
        self._identity = b"ehe-portal frame\x00" + identity.encode()

    def seal(self, number: int, frame: bytes | bytearray | memoryview, *, last: bool) -> bytes:
        """Frame `number`, counted from 0, sealed."""
        return self._cipher.encrypt(number.to_bytes(NONCE_BYTES), frame, self._bound_to(number, last=last))

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """Frame `number`, opened. Raises `VaultDamaged`."""
        try:
            return self._cipher.decrypt(number.to_bytes(NONCE_BYTES), sealed, self._bound_to(number, last=last))
        except InvalidTag:
            raise VaultDamaged(f"frame {number} is not what was written there") from None

    def _bound_to(self, number: int, *, last: bool) -> bytes:
        return number.to_bytes(8) + last.to_bytes() + self._identity


class FrameWriter:
    """Takes a content piece by piece, gives each frame to `emit` when it is full, measures and hashes on the way."""

    def __init__(self, cipher: FrameCipher, emit: Callable[[bytes], object]) -> None:
        self._cipher = cipher
        self._emit = emit
        self._held = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """Of the content so far, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take the next piece, of any length."""
        self._digest.update(data)
        self.size += len(data)
        rest = memoryview(data)
        while rest:
            if len(self._held) == FRAME_BYTES:
                # Only now is it known that the full frame is not the last.
                self._let_go(last=False)
            room = FRAME_BYTES - len(self._held)
            self._held += rest[:room]
            rest = rest[room:]

    def finish(self) -> None:
        """Seal what is left as the last frame."""
        self._let_go(last=True)

    def _let_go(self, *, last: bool) -> None:
        self._emit(self._cipher.seal(self._number, self._held, last=last))
        self._held.clear()
        self._number += 1


def read_fully(read: Callable[[int], bytes], wanted: int) -> bytes:
    """`wanted` bytes, or what there is before the end; for sources that give less than asked at a time."""
    data = read(wanted)
    while data and len(data) < wanted and (more := read(wanted - len(data))):
        data += more
    return data


def open_frames(cipher: FrameCipher, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The content, frame by frame, each authenticated before it is given. Raises `VaultDamaged`."""
    number = 0
    sealed = read_fully(read, SEALED_FRAME_BYTES)
    while sealed:
        following = read_fully(read, SEALED_FRAME_BYTES) if len(sealed) == SEALED_FRAME_BYTES else b""
        yield cipher.open(number, sealed, last=not following)
        number, sealed = number + 1, following
    if number == 0:
        raise VaultDamaged("no frame is left")
