"""Decisions about evidence: what makes a sending, what makes an assessment. Plain values in, answers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from ehe_portal.core.codes import Code
from ehe_portal.core.days import add_months, roll_forward, working_days_between
from ehe_portal.core.govuk.words import long_date


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


class DecisionState(Code):
    """Where a decision stands: only what stands is a decision, and told to the family."""

    WAITING = "waiting", "Waiting for a second person"
    RETURNED = "returned", "Returned"
    STANDS = "stands", "Stands"


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


OUTCOME_LABELS = {
    Outcome.SUITABLE: "Suitable",
    Outcome.INSUFFICIENT: "Not enough information yet",
    Outcome.ADVICE: "Suitable, with advice",
    Outcome.UNSUITABLE: "Appears not to be suitable",
}


class Criterion(Code):
    """What section 7 of the Education Act 1996 asks of every child's education, at school or otherwise."""

    EFFICIENT = "efficient", "Efficient"
    FULL_TIME = "full-time", "Full-time"
    FITTING = "fitting", "Suitable to age, ability and aptitude"
    NEEDS = "special-needs", "Suitable to any special educational needs"

    @property
    def field(self) -> str:
        """What the questions about it begin with."""
        return self.value.replace("-", "_")


class Standing(Code):
    """What an officer found about one criterion."""

    SATISFIED = "satisfied", "Satisfied"
    UNCLEAR = "not-enough-information", "Not enough information"
    NOT_SATISFIED = "not-satisfied", "Not satisfied"
    NONE = "does-not-apply", "Does not apply: no special educational needs are known"


GUIDE: Final = {
    Criterion.EFFICIENT: "It achieves what it sets out to achieve (Harrison v Stevenson, 1981). "
    "The aims are the family’s own",
    Criterion.FULL_TIME: "The law sets no hours or days: teaching one child takes less time than teaching a class, "
    "and learning need not keep school hours",
    Criterion.FITTING: "It lets the child reach their full potential and prepares them for life in modern society "
    "(Harrison v Stevenson, 1981). No curriculum has to be followed",
    Criterion.NEEDS: "The education meets the child’s own needs. It need not provide what a school would",
}

NO_GROUND: Final = (
    "Select what you were shown or told that this rests on. Not hearing from a family, or not being invited in, is no "
    "ground: choose “Not enough information” instead"
)
FINE: Final = frozenset({Standing.SATISFIED, Standing.NONE})


@dataclass(frozen=True)
class Judged:
    """What was found about one criterion, and what it rests on: evidence and contacts by reference, or something else.

    `reasons` are said where a criterion is not satisfied; otherwise they may be left out.
    """

    criterion: Criterion
    standing: Standing | None
    reasons: str = ""
    evidence: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    other: str = ""

    @property
    def rests_on_what_was_shown_or_told(self) -> bool:
        """Whether it rests on something that the family sent, or on a contact at which something was shown or told."""
        return bool(self.evidence or self.contacts)

    @property
    def rests_on_something(self) -> bool:
        """The same, or on something else that is named, such as a tutor's report."""
        return self.rests_on_what_was_shown_or_told or bool(self.other)


class Scan(Code):
    """What a virus scanner said of a file; files wait where there is none."""

    WAITING = "waiting", "Waiting to be scanned for viruses"
    CLEAN = "clean", "Scanned: no virus found"
    INFECTED = "infected", "Sealed: a virus was found"
    UNSCANNED = "could-not-be-scanned", "Sealed: could not be scanned for viruses"


SEALED: Final = frozenset({Scan.INFECTED, Scan.UNSCANNED})
SCAN_TRIES: Final = 8
"""So many times a scanner that answers may fail at one file before that file counts as one it cannot scan."""

SCAN_LEASE: Final = timedelta(minutes=10)
SCAN_BACK_OFF: Final = (1, 2, 5, 10, 30, 60)  # minutes; the last one is repeated
TOLD_OF_SCANNER_AFTER: Final = timedelta(minutes=15)  # as long as a message may wait before someone is told


def may_be_opened(scan: Scan, *, scanning: bool) -> bool:
    """Whether a file may leave the vault: where there is a scanner, only what it found clean.

    What was found infected stays sealed where there is no scanner any more.
    """
    return scan is Scan.CLEAN or (scan is Scan.WAITING and not scanning)


def scan_again_after(tries: int) -> timedelta:
    """How long a file waits after so many tries."""
    return timedelta(minutes=SCAN_BACK_OFF[max(0, min(tries, len(SCAN_BACK_OFF)) - 1)])


LONGEST_ACCOUNT = 50_000
LONGEST_PART = 10_000
LONGEST_REASONS = 20_000
LONGEST_NOTE = 4000
TOGETHER_WITHIN: Final = timedelta(weeks=8)
"""How far ahead a review may be, to be offered together with a brother's or sister's."""

WAITING_FILES_KEPT = timedelta(days=30)  # as long as the draft that lists them
UNFINISHED_KEPT = timedelta(days=7)  # for choosing the same file again, from when it was begun
A_DAY = timedelta(hours=24)
MEGABYTE = 1024 * 1024
MOST_FILES_A_DAY = 60  # of one account, or keyed in about one child: room for a year's work, not for filling a disk

MOST_TIME: Final = timedelta(weeks=26)
"""How far from today a family that is asked for information may be given time, at most: its child is not forgotten."""

PICTURES = frozenset({"image/jpeg", "image/png", "image/heic"})
"""Media types of which a picture can be shown."""

TEXTS: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
"""Word and OpenDocument texts: their words and pictures are set anew, so that they look otherwise than they did."""

PAGED: Final = TEXTS | {"application/pdf"}
SHOWN: Final = PICTURES | PAGED
"""Media types that can be looked at here, page by page, as pictures made anew."""

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


def parts_problem(parts: Mapping[AccountPart, str], files: int) -> tuple[str, str] | None:
    """What is wrong with an account made of parts, as (field, message); None if nothing is."""
    if not files and not any(parts.values()):
        return AccountPart.LEARNING.field, "Enter something in any one part, or upload at least one file"
    for part, words in parts.items():
        if len(words) > LONGEST_PART:
            return part.field, f"Enter {LONGEST_PART:,} characters or fewer, or upload this part as a file"
    return None


Problem = tuple[str, str] | None


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
    outcome: Outcome, reasons: str, advice: str, wanted: str, judged: Sequence[Judged], other_grounds: str
) -> Problem:
    """What is missing from an assessment, as (field, message); None if nothing is."""
    if not reasons:
        return "reasons", "Enter the reasons for this outcome: the family will read them"
    if outcome is Outcome.ADVICE and not advice:
        return "advice", "Enter your advice to the family"
    if outcome is Outcome.INSUFFICIENT and not wanted:
        return "wanted", "Enter what you would like to know"
    return criteria_problem(judged) or outcome_problem(outcome, judged, other_grounds)


def criteria_problem(judged: Sequence[Judged]) -> Problem:
    """What is missing from what was found about the criteria: each is judged once.

    Under s.437(1) of the Education Act 1996 it must appear *from* something that a child is not receiving suitable
    education: so what is not satisfied rests on something that was shown or told. Silence is no such thing, and
    neither is a visit declined, which is lawful.
    """
    known = {one.criterion: one for one in judged}
    for criterion in Criterion:
        one = known.get(criterion)
        if one is None or one.standing is None:
            return criterion.field, f"Select what you found: {criterion.label.lower()}"
        if one.standing is Standing.NONE and criterion is not Criterion.NEEDS:
            return criterion.field, f"Select what you found: {criterion.label.lower()} always applies"
        if one.standing is Standing.NOT_SATISFIED and not one.reasons:
            return f"{criterion.field}_reasons", "Enter why this is not satisfied"
        if one.standing is Standing.NOT_SATISFIED and not one.rests_on_what_was_shown_or_told:
            return (
                f"{criterion.field}_relied",
                NO_GROUND,
            )
    return None


def outcome_problem(outcome: Outcome, judged: Sequence[Judged], other_grounds: str) -> Problem:
    """Whether an outcome follows from what was found."""
    standings = {one.standing for one in judged}
    if outcome in (Outcome.SUITABLE, Outcome.ADVICE):
        if not standings <= FINE:
            return "outcome", "Select another outcome: an education is suitable when every part of it is"
        if not other_grounds and not any(one.rests_on_something for one in judged):
            return "other_grounds", "Select the evidence you relied on, or enter what else you relied on"
    if outcome is Outcome.UNSUITABLE and Standing.NOT_SATISFIED not in standings:
        return "outcome", "Select another outcome: you found no part of the education that is not satisfied"
    if outcome is Outcome.INSUFFICIENT and (Standing.UNCLEAR not in standings or Standing.NOT_SATISFIED in standings):
        return "outcome", "Select “Not enough information” for what you cannot tell yet, or another outcome"
    return None


def needs_approval(outcome: Outcome, people: int) -> bool:
    """Whether another person has to approve an outcome before it stands, where `people` decide about "unsuitable"."""
    return outcome is Outcome.UNSUITABLE and people > 1


def approval_problem(*, approved: bool, reasons: str) -> Problem:
    """What is missing from the answer to a decision that waits, as (field, message); None if nothing is."""
    if not approved and not reasons:
        return "reasons", "Enter why you return it: the person who decided will read this"
    return None


def last_day(asked_on: date, weeks: int) -> date:
    """The last day to answer a request for information: whole weeks later, or the first working day after that."""
    return roll_forward(asked_on + timedelta(weeks=weeks))


class Intervals(Protocol):
    """An authority's values by which a person looks again at a child's education."""

    @property
    def review_months_suitable(self) -> int: ...
    @property
    def review_weeks_advice(self) -> int: ...
    @property
    def review_weeks_unsuitable(self) -> int: ...
    @property
    def information_weeks(self) -> int: ...


def review_on(outcome: Outcome, stood_on: date, intervals: Intervals) -> date:
    """When a person is to look again at an education about which was decided so; no clock of contact moves by it.

    Where more was asked, with the last day to answer.
    """
    if outcome is Outcome.SUITABLE:
        return roll_forward(add_months(stood_on, intervals.review_months_suitable))
    weeks = {
        Outcome.ADVICE: intervals.review_weeks_advice,
        Outcome.UNSUITABLE: intervals.review_weeks_unsuitable,
        Outcome.INSUFFICIENT: intervals.information_weeks,
    }
    return last_day(stood_on, weeks[outcome])


def review_is_late(due_on: date, today: date, days: int) -> bool:
    """Whether more than so many working days have gone by since a review was due."""
    return working_days_between(due_on, today) > days


def near(due_on: date, today: date) -> bool:
    """Whether a review may be done now with a brother's or sister's: it is due, or will be soon."""
    return due_on <= today + TOGETHER_WITHIN


def note_problem(words: str, page: int, pages: int) -> Problem:
    """What is wrong with a note against a page of a file that has so many, as (field, message); None if nothing is."""
    if not words:
        return "words", "Enter a note"
    if len(words) > LONGEST_NOTE:
        return "words", f"Enter a note of {LONGEST_NOTE:,} characters or fewer"
    if not 1 <= page <= pages:
        return "words", "Choose a page that the file has"
    return None


def more_time_problem(last_on: date, wanted: date | None, today: date) -> Problem:
    """What is wrong with a later last day, as (field, message); None if nothing is."""
    if wanted is None:
        return "last_on", "Enter the new last day"
    if wanted <= last_on or wanted <= today:
        return "last_on", f"Enter a day after {long_date(max(last_on, today))}"
    if wanted > today + MOST_TIME:
        return "last_on", f"Enter a day no later than {long_date(today + MOST_TIME)}"
    return None


def all_satisfied(
    *, evidence: Sequence[str] = (), contacts: Sequence[str] = (), other: str = "", needs: bool = False
) -> tuple[Judged, ...]:
    """Every criterion satisfied, all resting on the same; special educational needs only where there are any."""
    return tuple(
        Judged(criterion, Standing.NONE)
        if criterion is Criterion.NEEDS and not needs
        else Judged(criterion, Standing.SATISFIED, "", tuple(evidence), tuple(contacts), other)
        for criterion in Criterion
    )


def room_problem(size: int, kept: int, file_mb: int, child_gb: int) -> str | None:
    """Why a file of so many bytes has no room where so many are kept about its child; None where it has.

    The limits are the authority's values `evidence_file_mb` and `evidence_child_gb`, in units of 1024² and 1024³ bytes.
    """
    if size > file_mb * MEGABYTE:
        return f"Choose a file smaller than {file_mb} MB"
    if kept + size > child_gb * 1024 * MEGABYTE:
        return f"Choose less to upload, as all files about one child may have {child_gb} GB"
    return None


def in_words(size: int) -> str:
    """A number of bytes as people read it: 812 KB, 3.4 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
