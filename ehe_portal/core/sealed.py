"""Words that may stand in an address: sealed with the vault's key, so that neither a log nor a neighbour reads them."""

import base64
import binascii

from ehe_portal.core.vault import VaultDamaged
from ehe_portal.core.web import portal

LONGEST = 2000


def sealed(purpose: str, words: str) -> str:
    """The token that stands for these words; only the same purpose opens it."""
    token = portal().vault.seal(words.encode(), purpose)
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def opened(purpose: str, token: str | None) -> str | None:
    """The words that a token stands for; None where it is none of this purpose's."""
    if not token or len(token) > LONGEST or not token.isascii():
        return None
    try:
        sealed_words = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return portal().vault.open_sealed(sealed_words, purpose).decode()
    except (binascii.Error, ValueError, VaultDamaged):
        return None
