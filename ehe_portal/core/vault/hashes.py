"""Hashes of contents that arrive in parts, taken while they arrive.

A hash cannot be written down half way. So what one process has hashed of a content waits in its memory for the next
part; where another process took a part meanwhile, the content is hashed when it is read.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

MOST_KEPT = 100


class HashesSoFar:
    """What this process has hashed of contents that are not whole yet, the latest hundred of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Hashable, hashlib._Hash]] = OrderedDict()
        self._lock = Lock()

    def keep(self, identity: str, state: Hashable, digest: "hashlib._Hash") -> None:
        """Keep a hash for the next part; `state` tells whether anyone has gone on with the content meanwhile."""
        with self._lock:
            self._kept[identity] = state, digest
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def take(self, identity: str, state: Hashable) -> "hashlib._Hash | None":
        """The hash of what has arrived, if this process has seen all of it. It is given once."""
        with self._lock:
            kept_state, digest = self._kept.pop(identity, (None, None))
        return digest if kept_state == state else None
