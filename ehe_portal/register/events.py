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
class RegistrationKeyedIn(Event):
    """An officer keyed in a registration that came another way; it waits to be checked."""

    registration_id: int
    via: str
    received_on: date


@dataclass(frozen=True, kw_only=True)
class EpisodeOpened(Event):
    """An episode began, from a registration or a file. `imported` says which."""

    episode_id: int
    opened_on: date
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistrationAccepted(Event):
    """An officer checked a registration and was satisfied who the parent is. What was keyed in has no account."""

    registration_id: int
    account_id: int | None


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
class ChildrenHandedOver(Event):
    """So many episodes were given to an adviser in one go; each of them has its own `EpisodeAssigned` beside this."""

    adviser_id: int
    how_many: int


@dataclass(frozen=True, kw_only=True)
class TierChanged(Event):
    """The tier or social care status of an episode changed from a day on."""

    episode_id: int
    from_on: date
    tier: Tier
    social_care: SocialCare


@dataclass(frozen=True, kw_only=True)
class SocialWorkerNamed(Event):
    """Who is to be told outside the portal of a child with a protection plan was written down, changed or taken out."""

    episode_id: int
    named: bool


@dataclass(frozen=True, kw_only=True)
class EpisodeClosed(Event):
    """An episode ended with a destination that someone confirmed, or that was computed."""

    episode_id: int
    closed_on: date
    destination: Destination


@dataclass(frozen=True, kw_only=True)
class ParentMoved(Event):
    """The address for mail of a child's parent changed with that of their account."""

    parent_id: int


@dataclass(frozen=True, kw_only=True)
class ParentLetGo(Event):
    """A child's parent closed their account: they are written to by other ways from now on."""

    parent_id: int


@dataclass(frozen=True, kw_only=True)
class ChildMoved(Event):
    """A child lives somewhere else from a day on. `place`: at an address, at no fixed one, or nobody knows where.

    `outside`: in another authority's area.
    """

    address_id: int
    from_on: date
    place: str
    outside: bool = False


@dataclass(frozen=True, kw_only=True)
class AddressCorrected(Event):
    """What was written down of an address was wrong, and has been put right."""

    address_id: int


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Event):
    """An officer saw for themselves, or had it confirmed, that a child lives at an address."""

    address_id: int
    confirmed_on: date


@dataclass(frozen=True, kw_only=True)
class ParentAdded(Event):
    """An officer added a parent or carer."""

    parent_id: int


@dataclass(frozen=True, kw_only=True)
class ParentChanged(Event):
    """What is known of a parent or carer was put right or changed. `parts` names what, never what it says."""

    parent_id: int
    nature: str
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ParentEnded(Event):
    """A parent or carer has no part in the child's life any more; their account, if any, no longer sees the child."""

    parent_id: int
    until_on: date
    former_account_id: int | None


@dataclass(frozen=True, kw_only=True)
class ChildDetailsChanged(Event):
    """What is known of a child was put right or changed. `parts` names what, never what it says."""

    nature: str
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProtectionSet(Event):
    """A manager protected a child: address and whereabouts are hidden."""


@dataclass(frozen=True, kw_only=True)
class ProtectionLifted(Event):
    """A manager found that a child's address and whereabouts need not be hidden any more."""


@dataclass(frozen=True, kw_only=True)
class HouseholdDecided(Event):
    """An officer said whether two children belong to one family."""

    other_child_id: int
    verdict: str


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


@dataclass(frozen=True, kw_only=True)
class MessagesStopped(Event):
    """Nothing about the child is sent or shown to the family any more. Why is kept with the stop, and is restricted."""

    stop_id: int


@dataclass(frozen=True, kw_only=True)
class MessagesLetGo(Event):
    """A manager lifted the stop of messages to the family."""

    stop_id: int


@dataclass(frozen=True, kw_only=True)
class EpisodeReopened(Event):
    """An episode that the end of school age had closed is open again: school age is not over, as is known now."""

    episode_id: int


@dataclass(frozen=True, kw_only=True)
class SchoolAgeEndSaid(Event):
    """An officer said with which of two days a child's compulsory school age ends."""

    ends_on: date


@dataclass(frozen=True, kw_only=True)
class SchoolAgeEndReviewed(Event):
    """Someone looked at an episode that the end of school age had closed by itself."""

    episode_id: int


@dataclass(frozen=True, kw_only=True)
class DestinationAwaited(Event):
    """Where a child is said to be going was written down, or changed; nobody has confirmed it yet."""

    episode_id: int
    destination: Destination
    owner_id: int
    next_on: date


@dataclass(frozen=True, kw_only=True)
class DestinationHandedOver(Event):
    """Somebody else finds out more of a destination that nobody has confirmed yet."""

    episode_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class DestinationSettled(Event):
    """A destination no longer waits to be confirmed: the episode was closed, or it came to nothing."""

    episode_id: int


@dataclass(frozen=True, kw_only=True)
class PlanRecorded(Event):
    """A child's education, health and care plan was written down, or its dates put right."""

    made_on: date
    due_on: date
    reviewed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PlanReviewHeld(Event):
    """A review of a plan was held, on a day; the next one is due by another."""

    held_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class PlanEnded(Event):
    """The authority keeps a plan no longer."""

    ended_on: date


@dataclass(frozen=True, kw_only=True)
class PlanReviewLate(Event):
    """The last day for the yearly review of a plan is past: the managers are told, once."""

    due_on: date
