"""Letters: writing them, their wording, posting them."""

from ehe_portal.letters.rules import Words
from ehe_portal.letters.service.keeping import SEALED, Said, opened, pdf_of, said_in, typeset
from ehe_portal.letters.service.posting import confirm_posted, correct_posting
from ehe_portal.letters.service.wishes import set_wishes
from ehe_portal.letters.service.wordings import Own, original, own_words, restore_wording, set_wording
from ehe_portal.letters.service.writing import move_to_joined, preview, withdraw, write

__all__ = [
    "SEALED",
    "Own",
    "Said",
    "Words",
    "confirm_posted",
    "correct_posting",
    "move_to_joined",
    "opened",
    "original",
    "own_words",
    "pdf_of",
    "preview",
    "restore_wording",
    "said_in",
    "set_wishes",
    "set_wording",
    "typeset",
    "withdraw",
    "write",
]
