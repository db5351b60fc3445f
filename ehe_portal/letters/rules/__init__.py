"""Decisions about letters: their kinds, what makes a wording fit, how values become a letter, how it goes. Pure."""

from ehe_portal.letters.rules.addresses import address_lines, by_address
from ehe_portal.letters.rules.going import Goes, goes_by_itself, posting_problem, way
from ehe_portal.letters.rules.kinds import KINDS, OWN, Kind, Placeholder, Shown
from ehe_portal.letters.rules.words import Fact, Facts, Words, composed, facts_problem, problem, said

__all__ = [
    "KINDS",
    "OWN",
    "Fact",
    "Facts",
    "Goes",
    "Kind",
    "Placeholder",
    "Shown",
    "Words",
    "address_lines",
    "by_address",
    "composed",
    "facts_problem",
    "goes_by_itself",
    "posting_problem",
    "problem",
    "said",
    "way",
]
