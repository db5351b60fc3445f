"""What can be a proof of how a document was served. Pure."""

from typing import Final

from ehe_portal.core.files.formats import FORMATS, PICTURES

KINDS: Final = {FORMATS[name].media_type for name in ("pdf", *PICTURES)}
ENDINGS: Final = ",".join(f".{ending}" for name in ("pdf", *sorted(PICTURES)) for ending in FORMATS[name].endings)
MOST_PROOFS: Final = 10
"""How many files can show how one document was served: both sides of a certificate, an envelope, a signature."""


def proof_problem(media_type: str, added: int) -> str | None:
    """Why a file cannot be added where so many are; None where it can."""
    if media_type not in KINDS:
        return "Choose a picture or a PDF"
    if added >= MOST_PROOFS:
        return f"Choose no more than {MOST_PROOFS} files for one document"
    return None
