"""Which records may be one child: candidates are found without comparing everybody with everybody, then scored.

A score is 0 to 100: up to 50 for the names, 35 for the date of birth, 15 for the postcode. The same UPN or NHS number
makes a double of any two; two different ones speak against it. A person decides; the score only says what to show.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from jellyfish import metaphone
from rapidfuzz.distance import JaroWinkler

from ehe_portal.register.rules.names import fold

THRESHOLD: Final = 70
WINDOW: Final = 12
"""How many neighbours each record of a crowded group is compared with; smaller groups are compared whole."""

MOST_OF_ONE: Final = 5
"""How many possible doubles of one record are kept."""

_SAME_NUMBER: Final = 80
_OTHER_NUMBER: Final = 15
_TWIN: Final = 60
_ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of one record. `key` says whose it is; later records have greater keys."""

    key: int
    forename: str
    surname: str
    preferred: str
    born: date
    postcode: str | None
    upn: str | None
    nhs_number: str | None


def known(
    key: int,
    forename: str,
    surname: str,
    preferred: str | None,
    born: date,
    postcode: str | None = None,
    upn: str | None = None,
    nhs_number: str | None = None,
) -> Known:
    """One record with its names folded."""
    return Known(key, fold(forename), fold(surname), fold(preferred or ""), born, postcode, upn, nhs_number)


def score(one: Known, other: Known) -> int:
    """How alike two records are, from 0 to 100."""
    forename, surname = alike_names(one, other)
    total = 25 * forename + 25 * surname + alike_dates(one.born, other.born)
    if one.postcode and one.postcode == other.postcode:
        total += 15
    if forename < _ALIKE:
        total = min(total, _TWIN)  # another forename at one address and date is a twin, not a double
    if same(one.upn, other.upn) or same(one.nhs_number, other.nhs_number):
        return min(100, max(_SAME_NUMBER, round(total)))
    if differ(one.upn, other.upn) or differ(one.nhs_number, other.nhs_number):
        total -= _OTHER_NUMBER
    return max(0, min(100, round(total)))


def same(one: str | None, other: str | None) -> bool:
    """Whether both are known and equal."""
    return one is not None and one == other


def differ(one: str | None, other: str | None) -> bool:
    """Whether both are known and not equal."""
    return one is not None and other is not None and one != other


def alike_names(one: Known, other: Known) -> tuple[float, float]:
    """How alike forename and surname are, each 0 to 1: the preferred name is one too, and they may be swapped."""
    straight = (
        max(alike_words(a, b) for a in forenames(one) for b in forenames(other)),
        alike_words(one.surname, other.surname),
    )
    swapped = (alike_words(one.forename, other.surname), alike_words(one.surname, other.forename))
    return max(straight, swapped, key=sum)


def forenames(record: Known) -> tuple[str, ...]:
    """The names that a child goes by."""
    if record.preferred and record.preferred != record.forename:
        return (record.forename, record.preferred)
    return (record.forename,)


@lru_cache(maxsize=50_000)
def alike_words(one: str, other: str) -> float:
    """How alike two folded names are, 0 to 1; below a likeness that could be a misspelling it is 0."""
    if one == other:
        return 1.0
    words, others = set(one.split()), set(other.split())
    if words and others and (words <= others or others <= words):
        return 0.95
    alike: float = JaroWinkler.similarity(one, other)
    if one.isascii() and other.isascii() and metaphone(one) == metaphone(other) != "":
        alike = max(alike, 0.9)
    return alike if alike >= _ALIKE else 0.0


def alike_dates(one: date, other: date) -> int:
    """Points for two dates of birth: the same, day and month swapped, one figure wrong, or within a week."""
    if one == other:
        return 35
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 28
    wrong = sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
    return 18 if wrong == 1 or abs((one - other).days) <= 7 else 0


def groups(record: Known) -> Iterator[Hashable]:
    """The groups in which a double of this record can be expected."""
    low, high = sorted((record.born.day, record.born.month))
    yield ("born", record.born.year, low, high)
    yield ("name", *sorted(f"{record.forename} {record.surname}".split()))
    if record.postcode:
        yield ("postcode", record.postcode)
    if record.upn:
        yield ("upn", record.upn)
    if record.nhs_number:
        yield ("nhs", record.nhs_number)


def candidates(records: Iterable[Known], new: set[int]) -> Iterator[tuple[Known, Known]]:
    """Pairs worth scoring, at least one of each pair new, each pair once, the later record first.

    A crowded group (ten thousand children at one postcode) is sorted by name and date, and each is compared with its
    neighbours only, so that the number of pairs grows with the number of records.
    """
    grouped: dict[Hashable, list[Known]] = defaultdict(list)
    for record in records:
        for group in groups(record):
            grouped[group].append(record)
    seen: set[tuple[int, int]] = set()
    for members in grouped.values():
        if len(members) == 1:
            continue
        for one, other in neighbours(members):
            if one.key not in new and other.key not in new:
                continue
            later, earlier = (one, other) if one.key > other.key else (other, one)
            if (later.key, earlier.key) not in seen:
                seen.add((later.key, earlier.key))
                yield later, earlier


def neighbours(members: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Every pair of a small group; of a crowded one those that sort near each other."""
    if len(members) > WINDOW:
        members = sorted(members, key=lambda record: (record.surname, record.forename, record.born, record.key))
    for place, one in enumerate(members):
        for other in members[place + 1 : place + 1 + WINDOW]:
            yield one, other


def doubles(records: Sequence[Known], new: set[int]) -> Iterator[tuple[int, int, int]]:
    """The pairs that a person should look at, as keys of the later and the earlier record, and the score.

    Of each later record the likeliest few: someone who sees five decides, someone who sees fifty gives up.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for later, earlier in candidates(records, new):
        points = score(later, earlier)
        if points >= THRESHOLD:
            found[later.key].append((-points, earlier.key))
    for later_key, others in sorted(found.items()):
        for points, earlier_key in sorted(others)[:MOST_OF_ONE]:
            yield later_key, earlier_key, -points
