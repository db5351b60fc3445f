"""Decisions and requests on paper, for parents who do not read them on a page of their own."""

from collections.abc import Sequence
from typing import Final

from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.work import Work
from ehe_portal.evidence.events import EducationAssessed, InformationAsked
from ehe_portal.evidence.models import Assessment, Outcome
from ehe_portal.letters import service as letters

IN_WORDS: Final = {
    Outcome.SUITABLE: "The education appears to be suitable",
    Outcome.ADVICE: "The education appears to be suitable. We have some advice",
    Outcome.UNSUITABLE: "As far as we can see now, the education does not appear to be suitable",
}
"""What a family is told was decided. A request for information says by itself that it could not be decided yet."""

NOTHING_TO_DO: Final = "You do not need to do anything. We will be in touch again at the usual time."
MAY_CHANGE: Final = (
    "This is what it looks like to us so far, and it can change. You can show or tell us more at any time, and we will "
    "look at it. Nothing else follows by itself.\n\n"
    "If it still looks so, the council may send you a letter, called a notice. It asks you to show that the education "
    "is suitable, and gives you at least 15 days to answer (section 437(1) of the Education Act 1996)."
)


def write_outcomes(work: Work, assessed: Sequence[EducationAssessed]) -> None:
    """Write the decision to those parents who get letters on paper by themselves."""
    for event in assessed:
        if event.outcome in IN_WORDS:
            assessment = work.session.get_one(Assessment, event.assessment_id)
            facts: letters.Facts = {
                "decided on": london_date(assessment.decided_at),
                "outcome": IN_WORDS[assessment.outcome],
                "reasons": assessment.reasons,
                "relied on": relied_on(assessment),
                "advice": assessment.advice or "",
                "what next": MAY_CHANGE if assessment.outcome is Outcome.UNSUITABLE else NOTHING_TO_DO,
            }
            letters.write_by_itself(work, "outcome", assessment.child, facts)


def relied_on(assessment: Assessment) -> list[str]:
    """What a decision rests on, by kind and date: who sent something is nobody else's to know."""
    grounds = sorted(
        (ground.happened_on, ground.kind.label if ground.kind else "What was sent to us")
        for criterion in assessment.criteria
        for ground in criterion.grounds
    )
    return list(dict.fromkeys(f"{kind}, {long_date(on)}" for on, kind in grounds))


def write_requests(work: Work, asked: Sequence[InformationAsked]) -> None:
    """Write what a family is asked for to those parents who get letters on paper by themselves."""
    for event in asked:
        assessment = work.session.get_one(Assessment, event.assessment_id)
        why = "\n\n".join(part for part in (assessment.reasons, assessment.wanted) if part)
        letters.write_by_itself(
            work, "information-request", assessment.child, {"what we need": why, "answer by": event.last_on}
        )
