"""Letters: writing them, their wording, posting them."""

from ehe_portal.letters.rules import Facts, Goes, Words
from ehe_portal.letters.service.by_itself import (
    acknowledge_keyed_in,
    reached_on_paper,
    write_by_itself,
    write_reminders,
)
from ehe_portal.letters.service.by_notify import give_to_notify, post_by_notify, to_post_by_notify, why_back
from ehe_portal.letters.service.keeping import SEALED, Said, opened, pdf_of, said_in, typeset
from ehe_portal.letters.service.pile import pile_of
from ehe_portal.letters.service.posting import confirm_posted, correct_posting
from ehe_portal.letters.service.wishes import set_wishes
from ehe_portal.letters.service.wordings import Own, original, own_words, restore_wording, set_wording
from ehe_portal.letters.service.writing import (
    Wanted,
    kinds,
    move_to_joined,
    preview,
    with_examples,
    withdraw,
    write,
    write_many,
)

__all__ = [
    "SEALED",
    "Facts",
    "Goes",
    "Own",
    "Said",
    "Wanted",
    "Words",
    "acknowledge_keyed_in",
    "confirm_posted",
    "correct_posting",
    "give_to_notify",
    "kinds",
    "move_to_joined",
    "opened",
    "original",
    "own_words",
    "pdf_of",
    "pile_of",
    "post_by_notify",
    "preview",
    "reached_on_paper",
    "restore_wording",
    "said_in",
    "set_wishes",
    "set_wording",
    "to_post_by_notify",
    "typeset",
    "why_back",
    "with_examples",
    "withdraw",
    "write",
    "write_by_itself",
    "write_many",
    "write_reminders",
]
