"""What somebody typed into the search box of the register: a number, a date, a postcode, or else words of a name."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.reference import PATTERN, tidy_reference
from ehe_portal.register.rules import identifiers
from ehe_portal.register.rules.names import search_words, spellings

LONGEST: Final = 200

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.\-]+(\d{1,2}|[a-z]{3,9})[\s/.\-,]+(\d{4})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. `spellings` are ways to read it as beginnings of names, of which one must fit whole;
    `reference` goes with them, for any word may be one.
    """

    typed: str
    upn: str | None = None
    nhs_number: str | None = None
    born: date | None = None
    postcode: str | None = None
    reference: str | None = None
    spellings: tuple[tuple[str, ...], ...] = ()


def understood(typed: str) -> Search | None:
    """What a search means; None where nothing was typed."""
    typed = " ".join(typed.split())[:LONGEST]
    if not typed:
        return None
    if upn := identifiers.upn(typed):
        return Search(typed, upn=upn)
    if nhs_number := identifiers.nhs_number(typed):
        return Search(typed, nhs_number=nhs_number)
    if born := a_day(typed):
        return Search(typed, born=born)
    if postcode := identifiers.postcode(typed):
        return Search(typed, postcode=postcode)
    reference = tidy_reference(typed)
    return Search(
        typed,
        reference=reference if PATTERN.fullmatch(reference) else None,
        spellings=spellings(search_words(typed)),
    )


def a_day(typed: str) -> date | None:
    """A date as people type it: 3/9/2016, 3 9 2016, 3 September 2016, 2016-09-03."""
    words = typed.lower()
    if found := _ISO.fullmatch(words):
        year, month, day = found.groups()
    elif found := _DATE.fullmatch(words):
        day, month, year = found.groups()
    else:
        return None
    if not month.isdigit():
        if month[:3] not in _MONTHS:
            return None
        month = str(_MONTHS.index(month[:3]) + 1)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
