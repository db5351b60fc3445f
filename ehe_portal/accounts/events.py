"""What happens to authorities and accounts."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.accounts.policy import Role
from ehe_portal.core.hours import DayPart
from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class AuthorityAdded(Event):
    """An authority began to use the portal."""


@dataclass(frozen=True, kw_only=True)
class AuthorityChanged(Event):
    """An administrator changed the authority's name, contact details, colours or logo: the names of the fields."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LinkAsked(Event):
    """Someone asked for a link by mail: to sign up, to answer an invitation, to choose a new password."""

    link_id: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class SignUpOfKnownAddress(Event):
    """Someone asked to sign up with an address that has an account; its owner is told, the visitor is not."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    """An account came to be: a parent confirmed their address, or staff were added."""

    account_id: int
    role: Role


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    """Someone chose a password; every other sitting of theirs ended. `first`: they had none."""

    account_id: int
    first: bool


@dataclass(frozen=True, kw_only=True)
class StaffChanged(Event):
    """An administrator changed someone's role, days away or whether they may sign in."""

    account_id: int
    fields: tuple[str, ...]
    role: Role
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """Someone signed in."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    """Someone signed out; every sitting of theirs ended, on every device."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class NewEmailAsked(Event):
    """A parent asked to use another address; `link_id` is the link by which that is confirmed.

    Whether the new address has an account is found out only by the message to it.
    """

    account_id: int
    link_id: int


@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """A parent confirmed another address, that of the link. It is said while the account still has the old one."""

    account_id: int
    link_id: int


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """A parent closed their account. It is said while the account still has its address."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class TextsChosen(Event):
    """A parent asked for a text when there is something to read, named another number, or wants none any more."""

    account_id: int
    wanted: bool


@dataclass(frozen=True, kw_only=True)
class WorkingHoursSet(Event):
    """Someone's weekly hours were set, by themselves or by a manager: the days of the week that they work."""

    account_id: int
    weekdays: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class LeaveAdded(Event):
    """Days of leave were entered for someone. Why is not said here."""

    account_id: int
    first_on: date
    last_on: date
    part: DayPart


@dataclass(frozen=True, kw_only=True)
class LeaveRemoved(Event):
    """Days of leave of someone were taken out again."""

    account_id: int
    first_on: date
    last_on: date
    part: DayPart


@dataclass(frozen=True, kw_only=True)
class CalendarFeedMade(Event):
    """Someone made a private address for their calendar; an earlier one works no longer (`again`)."""

    account_id: int
    again: bool


@dataclass(frozen=True, kw_only=True)
class CalendarFeedRevoked(Event):
    """Someone's private calendar address works no longer."""

    account_id: int
