"""What a family or somebody else shows: how it came, what an account is made of, what makes a sending. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ehe_portal.core.codes import Code


class CameBy(StrEnum):
    """How something came that did not come through the portal."""

    POST = "post"
    EMAIL = "email"
    BY_HAND = "by-hand"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The way as people read it."""
        return CAME_BY_LABELS[self]


CAME_BY_LABELS = {
    CameBy.POST: "By post",
    CameBy.EMAIL: "By email",
    CameBy.BY_HAND: "Handed over, for example at a visit",
    CameBy.OTHER: "In another way",
}


class AccountPart(Code):
    """What an account of the education may be made of. The law asks for none of it, and each may be left out."""

    LEARNING = "learning", "How they learn"
    WEEK = "week", "What happens in a week"
    READING = "reading", "Reading and writing"
    NUMBER = "number", "Numbers and maths"
    INTERESTS = "interests", "What interests them"
    PEOPLE = "people", "Other people who teach or help"
    OWN_WORDS = "own-words", "In the child’s own words"
    MORE = "more", "Anything else"

    @property
    def field(self) -> str:
        """What its question is called."""
        return self.value.replace("-", "_")


LONGEST_ACCOUNT = 50_000

LONGEST_PART = 10_000


def sending_problem(written_account: str, files: int) -> tuple[str, str] | None:
    """What is missing from a sending, as (field, message); None if nothing is."""
    if not written_account and not files:
        return "written_account", "Enter something about your child’s education, or upload at least one file"
    if len(written_account) > LONGEST_ACCOUNT:
        return "written_account", f"Enter {LONGEST_ACCOUNT:,} characters or fewer, or upload your account as a file"
    return None


def parts_problem(parts: Mapping[AccountPart, str], files: int) -> tuple[str, str] | None:
    """What is wrong with an account made of parts, as (field, message); None if nothing is."""
    if not files and not any(parts.values()):
        return AccountPart.LEARNING.field, "Enter something in any one part, or upload at least one file"
    for part, words in parts.items():
        if len(words) > LONGEST_PART:
            return part.field, f"Enter {LONGEST_PART:,} characters or fewer, or upload this part as a file"
    return None


def receipt_problem(received_on: date, from_whom: str, born: date, today: date) -> tuple[str, str] | None:
    """What is wrong with when and from whom something came on paper, as (field, message); None if nothing is."""
    if received_on > today:
        return "received_on", "Enter a date that is not in the future"
    if received_on < born:
        return "received_on", "Enter a date that is not before the child was born"
    if not from_whom:
        return "from_whom", "Enter who sent it"
    return None
