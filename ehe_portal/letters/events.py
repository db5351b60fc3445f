"""What happens to letters."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class LetterWritten(Event):
    """A letter to a parent was made. What it says is in the letter alone; `goes` is how it reaches the parent.

    `account_id` is the parent's, where an officer has verified them.
    """

    letter_id: int
    parent_id: int
    account_id: int | None
    kind: str
    goes: str


@dataclass(frozen=True, kw_only=True)
class LetterWithdrawn(Event):
    """A letter that had not left is not to be sent."""

    letter_id: int


@dataclass(frozen=True, kw_only=True)
class LetterGiven(Event):
    """Someone gave a letter to GOV.UK Notify, to be printed and posted."""

    letter_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class LetterReturned(Event):
    """GOV.UK Notify did not post a letter, which waits again; `problem` is a key of letters.rules.printing.PROBLEMS."""

    letter_id: int
    kind: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class LetterPosted(Event):
    """Someone, or GOV.UK Notify, confirmed that a letter was posted, or handed over, on a day."""

    letter_id: int
    kind: str
    posted_on: date


@dataclass(frozen=True, kw_only=True)
class LetterPostingStruckOut(Event):
    """A confirmation that a letter was posted was a mistake; it stays readable."""

    letter_id: int
    kind: str
    posted_on: date


@dataclass(frozen=True, kw_only=True)
class LetterWishesSet(Event):
    """It was put down how a parent would like letters: in large print, on paper."""

    parent_id: int
    large_print: bool
    by_post: bool


@dataclass(frozen=True, kw_only=True)
class LetterWordingSet(Event):
    """An administrator worded a letter anew, or with `original` went back to the original wording."""

    kind: str
    number: int
    original: bool
