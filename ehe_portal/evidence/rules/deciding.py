"""What makes a decision about an education, and on what it can rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ehe_portal.core.codes import Code

Problem = tuple[str, str] | None


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


OUTCOME_LABELS = {
    Outcome.SUITABLE: "Suitable",
    Outcome.INSUFFICIENT: "Not enough information yet",
    Outcome.ADVICE: "Suitable, with advice",
    Outcome.UNSUITABLE: "Appears not to be suitable",
}


class DecisionState(Code):
    """Where a decision stands: only what stands is a decision, and told to the family."""

    WAITING = "waiting", "Waiting for a second person"
    RETURNED = "returned", "Returned"
    STANDS = "stands", "Stands"


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

NOT_A_GROUND = (
    "A family may reply in any way they choose, and may lawfully choose not to have a visit. "
    "Not hearing from them, or not being invited in, does not show that education is unsuitable: "
    "rest your decision on what you were shown or told."
)

FINE: Final = frozenset({Standing.SATISFIED, Standing.NONE})

LONGEST_REASONS = 20_000

LONGEST_NOTE = 4000


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


def note_problem(words: str, page: int, pages: int) -> Problem:
    """What is wrong with a note against a page of a file that has so many, as (field, message); None if nothing is."""
    if not words:
        return "words", "Enter a note"
    if len(words) > LONGEST_NOTE:
        return "words", f"Enter a note of {LONGEST_NOTE:,} characters or fewer"
    if not 1 <= page <= pages:
        return "words", "Choose a page that the file has"
    return None
