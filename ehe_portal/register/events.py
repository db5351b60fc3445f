"""What happens to children and their episodes."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class ChildRegistered(Event):
    """A parent registered a child; the registration waits to be checked."""

    registration_id: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class EpisodeOpened(Event):
    """An episode began, from a registration or a file. `imported` says which."""

    episode_id: int
    opened_on: date
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationAccepted(Event):
    """An officer checked a registration and was satisfied who the parent is."""

    registration_id: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class RecordsJoined(Event):
    """An officer found two records to be one child; the one that stays is `child_id`.

    Registration and account are those of a parent who had registered the duplicate; None where it came in a file.
    """

    registration_id: int | None
    account_id: int | None
    duplicate_child_id: int


@dataclass(frozen=True, kw_only=True)
class DoublesFound(Event):
    """A child looks like another one on the register."""

    other_child_id: int


@dataclass(frozen=True, kw_only=True)
class DoubleDecided(Event):
    """An officer said whether two records are one child."""

    other_child_id: int
    verdict: str


@dataclass(frozen=True, kw_only=True)
class EpisodeAssigned(Event):
    """An episode was given to an adviser, or back to the team."""

    episode_id: int
    adviser_id: int | None


@dataclass(frozen=True, kw_only=True)
class TierChanged(Event):
    """The tier or social care status of an episode changed from a day on."""

    episode_id: int
    from_on: date
    tier: Tier
    social_care: SocialCare


@dataclass(frozen=True, kw_only=True)
class EpisodeClosed(Event):
    """An episode ended with a destination that someone confirmed, or that was computed."""

    episode_id: int
    closed_on: date
    destination: Destination


@dataclass(frozen=True, kw_only=True)
class ChangeReported(Event):
    """A parent told us of a change. What they wrote is kept with it."""

    change_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class ChangeDecided(Event):
    """An officer took up a change that a parent told us of, or set it aside. The answer is kept with it."""

    change_id: int
    account_id: int
    kind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Event):
    """A child lives somewhere else from a day on."""

    address_id: int
    from_on: date


@dataclass(frozen=True, kw_only=True)
class ParentAdded(Event):
    """Another parent or carer was put on a child's record; nobody has verified who that is."""

    parent_id: int


@dataclass(frozen=True, kw_only=True)
class ParentInvited(Event):
    """An officer invited a parent to see the child's page. `link_id` opens an account where there is none yet."""

    access_id: int
    link_id: int | None


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Event):
    """Whoever was invited said that the child is theirs, and waits for an officer; or that it is not."""

    access_id: int
    account_id: int
    claimed: bool


@dataclass(frozen=True, kw_only=True)
class ParentVerified(Event):
    """An officer was satisfied who a parent is; their account sees the child from now on."""

    access_id: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class ParentAccessEnded(Event):
    """An officer ended a parent's way to a child's page, or an invitation. Why is kept with it."""

    access_id: int
    account_id: int | None
