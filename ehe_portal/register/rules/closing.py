"""How an episode may end, how tightly it must be followed, and when school age ends it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.codes import Destination, SocialCare, Tier


@dataclass(frozen=True, slots=True)
class Proof:
    """What someone must give before an episode may be closed so. `confirmed` is what they tick, if anything."""

    note: str
    confirmed: str = ""
    managers_only: bool = False


PROOF: Final[dict[Destination, Proof]] = {
    Destination.SCHOOL: Proof(
        "Enter the name of the school",
        "Select that the school has confirmed that the child is on roll: an offered place is not enough",
    ),
    Destination.OTHER_AUTHORITY: Proof(
        "Enter the name of the authority", "Select that the other authority has accepted the hand-over"
    ),
    Destination.ABROAD: Proof("Enter what shows that the child lives abroad"),
    Destination.DIED: Proof("Enter how this is known"),
    Destination.OTHER_ARRANGED: Proof("Enter the arrangement, and who provides it"),
    Destination.RECORDED_IN_ERROR: Proof("Enter why this was recorded in error", managers_only=True),
}
"""The destinations that a person may confirm on a page. School age is computed, a duplicate is found by joining."""

AWAITED: Final[dict[Destination, str]] = {
    Destination.SCHOOL: "To a school, which has offered a place or is to say that the child is on roll",
    Destination.OTHER_AUTHORITY: "To another authority, which has been asked to take over",
    Destination.ABROAD: "Abroad",
    Destination.OTHER_ARRANGED: "To another arrangement",
}
"""The destinations that may be awaited: a place offered, an authority asked, a move or an arrangement announced."""

LONGEST_WAIT: Final = 60
"""Days until someone looks again at a destination that nobody has confirmed, at most."""

_TIERS: Final = (Tier.ANNUAL, Tier.HALF_YEARLY, Tier.CLOSE)  # from loose to tight
_FLOOR: Final = {SocialCare.CP: Tier.CLOSE, SocialCare.CIN: Tier.HALF_YEARLY, SocialCare.LAC: Tier.HALF_YEARLY}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot be done as asked, and the field that it is about."""

    field: str
    message: str


def closing_problem(
    destination: Destination,
    closed_on: date,
    note: str,
    *,
    confirmed: bool,
    opened_on: date,
    today: date,
    manager: bool,
) -> Problem | None:
    """What keeps an episode from being closed as asked; None where nothing does."""
    proof = PROOF.get(destination)
    if proof is None or (proof.managers_only and not manager):
        return Problem("destination", "Select a destination that you can confirm")
    if closed_on > today:
        return Problem("closed_on", "Enter a date that is today or earlier")
    if closed_on < opened_on:
        return Problem("closed_on", "Enter a date on or after the day on which the episode opened")
    if not note.strip():
        return Problem("note", proof.note)
    if proof.confirmed and not confirmed:
        return Problem("confirmed", proof.confirmed)
    return None


def pending_problem(destination: Destination, known: str, next_on: date, today: date) -> Problem | None:
    """What keeps a destination from being awaited as asked; None where nothing does."""
    if destination not in AWAITED:
        return Problem("destination", "Select a destination that can be awaited")
    if not known.strip():
        return Problem("known", "Enter what is known, and from whom")
    if next_on <= today:
        return Problem("next_on", "Enter a date after today")
    if (next_on - today).days > LONGEST_WAIT:
        return Problem("next_on", f"Enter a date within the next {LONGEST_WAIT} days")
    return None


def loosest_tier(social_care: SocialCare) -> Tier:
    """The loosest tier that a social care status leaves."""
    return _FLOOR.get(social_care, Tier.ANNUAL)


def tight_enough(tier: Tier, social_care: SocialCare) -> bool:
    """Whether a tier is as tight as the social care status asks."""
    return _TIERS.index(tier) >= _TIERS.index(loosest_tier(social_care))


def closes_over_age_on(opened_on: date, age_ends: date) -> date:
    """The day on which school age closes an episode: its last day, or for one opened later, the day it opened."""
    return max(opened_on, age_ends)
