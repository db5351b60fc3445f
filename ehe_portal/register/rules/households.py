"""What children have in common who may belong to one family. Plain values in, answers out; a person decides."""

from dataclasses import dataclass, field
from enum import StrEnum

from ehe_portal.register.rules.people import same_place


class Tie(StrEnum):
    """What two children's records have in common."""

    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"

    @property
    def label(self) -> str:
        """What is in common, in words that give nothing away."""
        return TIE_LABELS[self]


TIE_LABELS = {
    Tie.ACCOUNT: "the same parent’s account",
    Tie.EMAIL: "a parent with the same email address",
    Tie.PHONE: "a parent with the same phone number",
    Tie.ADDRESS: "the same address and postcode",
}


@dataclass(frozen=True, slots=True)
class Reachable:
    """How a child's carers can be reached, and where the child lives; `home` is empty where that must not be told."""

    accounts: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    home: tuple[str, str | None] | None = None


@dataclass(slots=True)
class Gathered:
    """What is read of one child, row by row."""

    accounts: set[int] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    home: tuple[str, str | None] | None = None

    def add(self, account_id: int | None, email: str | None, phone: str | None) -> None:
        """Add how one carer can be reached."""
        if account_id is not None:
            self.accounts.add(account_id)
        if email:
            self.emails.add(email.casefold())
        if phone:
            self.phones.add("".join(phone.split()))

    def reachable(self) -> Reachable:
        """All of it together."""
        return Reachable(frozenset(self.accounts), frozenset(self.emails), frozenset(self.phones), self.home)


def ties(one: Reachable, other: Reachable) -> list[Tie]:
    """What two children have in common, the surest first."""
    found = []
    if one.accounts & other.accounts:
        found.append(Tie.ACCOUNT)
    if one.emails & other.emails:
        found.append(Tie.EMAIL)
    if one.phones & other.phones:
        found.append(Tie.PHONE)
    if one.home is not None and other.home is not None and same_place(one.home, other.home):
        found.append(Tie.ADDRESS)
    return found
