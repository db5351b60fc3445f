"""Two records side by side, with what differs marked in words."""

from dataclasses import dataclass

from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child, Episode, Parent


@dataclass(frozen=True)
class Compared:
    """One line: what it is about, what each record says, and whether they differ."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether both records say something, and not the same."""
        return bool(self.one and self.other) and self.one.casefold() != self.other.casefold()

    @property
    def same(self) -> bool:
        """Whether both records say the same."""
        return bool(self.one) and self.one.casefold() == self.other.casefold()


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
        "Address": address.line if address else "",
        "Postcode": (address.postcode or "") if address else "",
        "Parents and carers": "; ".join(person(parent) for parent in child.parents),
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
