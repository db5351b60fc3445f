"""Planning a round: who is not proposed for a visit, and why. Pure.

Every reason is the family's or the record's; none of them is held against anybody.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.codes import ContactWay
from ehe_portal.core.govuk.words import long_date

MOST: Final = 30
"""How many visits one round may have."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What bears on whether a child's family is proposed for a visit at home.

    While messages to the family are `stopped` nothing can be offered. `ways` are those in which the family would like
    to be in contact, empty where it has not said; the dates are those of offers: one that stands, one to which the
    family has asked for something else, one that it did not want.
    """

    protected: bool
    postcode: str | None
    stopped: bool = False
    ways: Sequence[ContactWay] = ()
    standing_on: date | None = None
    asked_otherwise_on: date | None = None
    declined_on: date | None = None


def why_apart(now: Situation) -> str | None:
    """Why a family is not proposed for a visit at home; None where it is."""
    if now.stopped:
        return "Messages to the family are stopped: nothing may be offered"
    if now.protected:
        return "Address and whereabouts are hidden: plan with care, on the record itself"
    if now.standing_on is not None:
        return f"A visit or call stands already, on {long_date(now.standing_on)}"
    if now.asked_otherwise_on is not None:
        return f"The family has asked for something else than what was offered for {long_date(now.asked_otherwise_on)}"
    if now.declined_on is not None:
        return f"The family did not want what was offered for {long_date(now.declined_on)}: ask which way would suit it"
    if now.ways and ContactWay.HOME_VISIT not in now.ways:
        ways = ", ".join(way.label.lower() for way in now.ways)
        return f"The family would like to be in contact otherwise: {ways}"
    if now.postcode is None:
        return "No postcode is known"
    return None


def together(
    ordered: Sequence[int], homes: Mapping[int, Hashable | None], linked: Collection[frozenset[int]]
) -> list[list[int]]:
    """Children in the order of a round, as the visits that it is made of: who lives in one home is visited together,
    as far as each of them is of one family with each other.
    """
    visits: list[list[int]] = []
    for child in ordered:
        for visit in visits:
            at_home = homes.get(child) is not None and homes.get(child) == homes.get(visit[0])
            if at_home and all(frozenset({child, other}) in linked for other in visit):
                visit.append(child)
                break
        else:
            visits.append([child])
    return visits
