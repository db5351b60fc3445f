"""Letters in scope, their wording, what waits to be posted."""

from ehe_portal.letters.queries.asking import (
    KEPT,
    fetch_families,
    latest_wording,
    letters_about,
    visible_letter,
    wishes_of,
    within,
    wording_numbered,
    wordings_in_force,
    wordings_of,
)
from ehe_portal.letters.queries.mine import (
    MyLetter,
    MyLetters,
    my_child,
    my_letter,
    own_letters,
)
from ehe_portal.letters.queries.posting import Batch, batches, postings_in, postings_of, standing_postings, to_post

__all__ = [
    "KEPT",
    "Batch",
    "MyLetter",
    "MyLetters",
    "batches",
    "fetch_families",
    "latest_wording",
    "letters_about",
    "my_child",
    "my_letter",
    "own_letters",
    "postings_in",
    "postings_of",
    "standing_postings",
    "to_post",
    "visible_letter",
    "wishes_of",
    "within",
    "wording_numbered",
    "wordings_in_force",
    "wordings_of",
]
