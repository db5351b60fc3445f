"""Sharing out children among advisers. Pure."""

from collections.abc import Mapping, Sequence


def spread(households: Sequence[Sequence[int]], have_now: Mapping[int, int]) -> dict[int, list[int]]:
    """Share out episodes evenly; `have_now` says how many each adviser has. Gives the episodes by adviser.

    Those of one household stay together: a family has one adviser. Large households go first, each to whoever has been
    given the fewest so far, and of these to whoever has the fewest children already.
    """
    given: dict[int, list[int]] = {adviser: [] for adviser in have_now}
    if not given:
        raise ValueError("there is nobody to share out among")
    for household in sorted(households, key=len, reverse=True):
        least = min(given, key=lambda adviser: (len(given[adviser]), have_now[adviser], adviser))
        given[least].extend(household)
    return {adviser: sorted(episodes) for adviser, episodes in given.items()}


def postcode_prefixes(typed: str) -> list[str]:
    """What the postcodes of an area begin with: "BH" is BH and a figure, "BH16" the whole district, "BH16 6" a sector.

    None where it is no beginning of a postcode.
    """
    words = " ".join(typed.upper().split())
    plain = words.replace(" ", "")
    if not plain or len(words) > 8 or not plain.isascii() or not plain.isalnum() or not plain[0].isalpha():
        return []
    if plain.isalpha():
        return [f"{plain}{figure}" for figure in range(10)] if len(plain) <= 2 else []
    return [words] if " " in words else [f"{words} "]
