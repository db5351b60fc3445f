"""Two records side by side, with what differs marked in words."""

from dataclasses import dataclass
from typing import Final

from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child, Episode, Parent

PROTECTED: Final = "Protected"
"""What stands in the place of an address that is not to be seen."""


@dataclass(frozen=True)
class Compared:
    """One line: what it is about, what each record says, and whether they differ."""

    label: str
    one: str
    other: str

    @property
    def verdict(self) -> str:
        """Whether they differ, in words."""
        if PROTECTED in (self.one, self.other):
            return "Not shown"
        if not (self.one and self.other):
            return "Not on both"
        return "Same" if self.one.casefold() == self.other.casefold() else "Different"


def side_by_side(one: Child, other: Child) -> list[Compared]:
    """What two records say of a child."""
    said, theirs = lines(one), lines(other)
    return [Compared(label, said[label], theirs[label]) for label in said]


def lines(child: Child) -> dict[str, str]:
    """What one record says, in words."""
    address, episode = child.address, child.episode
    return {
        "Legal name": child.name,
        "Preferred name": child.preferred_name or "",
        "Date of birth": long_date(child.date_of_birth),
        "Address": PROTECTED if child.protected else address.line if address else "",
        "Postcode": PROTECTED if child.protected else (address.postcode or "") if address else "",
        "Parents and carers": "; ".join(person(parent) for parent in child.carers),
        "UPN": child.upn or "",
        "NHS number": child.nhs_number or "",
        "Authority’s reference": child.authority_ref or "",
        "Episode": episode_words(episode),
        "Social care and tier": f"{episode.social_care.label}, {episode.tier.label}" if episode else "",
    }


def person(parent: Parent) -> str:
    """A parent with what they are to the child."""
    return f"{parent.name} ({parent.relationship_})" if parent.relationship_ else parent.name


def episode_words(episode: Episode | None) -> str:
    """An episode's dates."""
    if episode is None:
        return ""
    opened = f"Opened {long_date(episode.opened_on)}"
    if episode.closed_on is None or episode.destination is None:
        return opened
    return f"{opened}, closed {long_date(episode.closed_on)}: {episode.destination.label}"
