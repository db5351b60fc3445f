"""Decisions about evidence: what makes a sending, what makes an assessment. Plain values in, answers out."""

from datetime import date, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What an officer decided about a child's education."""

    SUITABLE = "suitable"
    INSUFFICIENT = "insufficient-information"
    ADVICE = "suitable-with-advice"
    UNSUITABLE = "appears-unsuitable"

    @property
    def label(self) -> str:
        """The outcome as people read it."""
        return OUTCOME_LABELS[self]


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

OUTCOME_LABELS = {
    Outcome.SUITABLE: "Suitable",
    Outcome.INSUFFICIENT: "Not enough information yet",
    Outcome.ADVICE: "Suitable, with advice",
    Outcome.UNSUITABLE: "Appears not to be suitable",
}


LONGEST_ACCOUNT = 50_000
LONGEST_REASONS = 20_000
WAITING_FILES_KEPT = timedelta(hours=24)
MOST_FILES_A_DAY = 60  # of one account, or keyed in about one child: room for a year's work, not for filling a disk

PICTURES = frozenset({"image/jpeg", "image/png", "image/heic"})
"""Media types of which a picture can be shown."""

NOT_A_GROUND = (
    "A family may reply in any way they choose, and may lawfully choose not to have a visit. "
    "Not hearing from them, or not being invited in, does not show that education is unsuitable: "
    "rest your decision on what you were shown or told."
)


def sending_problem(written_account: str, files: int) -> tuple[str, str] | None:
    """What is missing from a sending, as (field, message); None if nothing is."""
    if not written_account and not files:
        return "written_account", "Enter something about your child’s education, or upload at least one file"
    if len(written_account) > LONGEST_ACCOUNT:
        return "written_account", f"Enter {LONGEST_ACCOUNT:,} characters or fewer, or upload your account as a file"
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


def assessment_problem(
    outcome: Outcome, reasons: str, advice: str, evidence: int, other_grounds: str
) -> tuple[str, str] | None:
    """What is missing from an assessment, as (field, message); None if nothing is.

    A finding either way rests on something seen or heard, never on silence: under s.437(1) of the Education Act 1996
    it must appear *from* something. That there is not enough information yet may rest on nothing.
    """
    if not reasons:
        return "reasons", "Enter the reasons for this outcome: the family will read them"
    if outcome is Outcome.ADVICE and not advice:
        return "advice", "Enter your advice to the family"
    if outcome is not Outcome.INSUFFICIENT and not evidence and not other_grounds:
        return "other_grounds", "Select the evidence you relied on, or enter what else you relied on"
    return None


def in_words(size: int) -> str:
    """A number of bytes as people read it: 812 KB, 3.4 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
