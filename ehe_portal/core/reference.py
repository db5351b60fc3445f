"""Random references for addresses and letters: they say nothing about how many records there are."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O or U
LENGTH = 10
PATTERN = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_reference() -> str:
    """Ten random characters, 50 bits."""
    return "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(LENGTH))  # 32 letters: each as likely


def tidy_reference(typed: str) -> str:
    """What a person meant when they typed a reference: case, spaces and the look-alikes I, L and O forgiven."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    return letters.replace("I", "1").replace("L", "1").replace("O", "0")
