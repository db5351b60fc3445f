"""Names folded for sorting, searching and comparing: case, accents, apostrophes and hyphens are forgiven."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_APOSTROPHES: Final = re.compile("['’‘ʼʻʹ`´′＇]")
LONGEST_PARTICLE: Final = 3
_DIACRITIC: Final = 10
"""Combining classes from here on are accents and vowel points; below it are signs that a script cannot do without."""


def fold(name: str) -> str:
    """A name's words in lower case with single spaces: "O'Brien-Łukasz" is "obrien lukasz". Any script.

    What has no letters at all stays as it is, in lower case.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).casefold())
    kept = (char for char in plain.translate(_LETTERS) if unicodedata.combining(char) < _DIACRITIC)
    spaced = "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in kept)
    words = unicodedata.normalize("NFC", spaced).split()
    return " ".join(words) or " ".join(name.casefold().split())


def sort_name(forename: str, surname: str, preferred: str | None = None) -> str:
    """The key by which a child is listed and found: surname, two spaces, forename, and the preferred name if another.

    The two spaces let Smith come before Smith Jones; every word of it begins after a space.
    """
    first = fold(forename)
    called = fold(preferred) if preferred else ""
    more = f" {called}" if called and called != first else ""
    return f"{fold(surname)}  {first}{more}"


def search_words(typed: str) -> list[str]:
    """What somebody typed into the search box, as the beginnings of words to look for; at most six."""
    return fold(typed).split()[:6]


def spellings(words: list[str]) -> tuple[tuple[str, ...], ...]:
    """The ways to read words as names: as they stand, and with each particle joined to what follows it.

    O Brien is found as O'Brien, Mc Donald as McDonald, de la Cruz as Delacruz.
    """
    if not words:
        return ()
    joined: list[str] = []
    waiting = ""
    for word in words:
        if len(word) <= LONGEST_PARTICLE and word.isalpha():
            waiting += word
        else:
            joined.append(waiting + word)
            waiting = ""
    if waiting:
        joined.append(waiting)
    return (tuple(words),) if joined == words else (tuple(words), tuple(joined))
