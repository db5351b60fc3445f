"""What a family is asked when it sends something, and an officer when deciding about a child's education."""

from collections.abc import Sequence

from ehe_portal.core.files import ACCEPTED
from ehe_portal.core.govuk import CheckboxesField, Choice, Form, MultiFileField, RadiosField, Required, TextAreaField
from ehe_portal.core.govuk.words import counted, long_date
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import Evidence, Outcome, WaitingFile
from ehe_portal.evidence.service import Finding

NOT_KEPT = "Choose your files again: some of those you had chosen are not kept any longer"


class SendForm(Form):
    """A written account, files, or both. `keep` lists files that arrived before and only wait to be sent."""

    written_account = TextAreaField(
        "About your child’s education",
        rows=12,
        max_length=rules.LONGEST_ACCOUNT,
        hint="For example what your child has been learning, how, and what they enjoy. "
        "Write as much or as little as you like",
    )
    keep = CheckboxesField(
        "Files you have uploaded",
        hint="These go with what you send. Untick any that should not",
        message=NOT_KEPT,
        mark_optional=False,
    )
    files = MultiFileField(
        "Upload files",
        accept=ACCEPTED,
        hint="PDF, Word, OpenDocument, JPEG, PNG or HEIC. You can choose several. Each must be smaller than 50 MB",
    )

    def offer(self, waiting: Sequence[WaitingFile], ticked: Sequence[str]) -> None:
        """List the files that have arrived; the question is left out where there are none."""
        if not waiting:
            del self.keep
            return
        self.keep.posted = list(ticked)
        self.keep.choices = [Choice(file.reference, file.filename, rules.in_words(file.size or 0)) for file in waiting]


class AssessForm(Form):
    """One of the four outcomes, with reasons that the family reads."""

    outcome = RadiosField(
        "Outcome",
        [Required("Select an outcome")],
        choices=[
            Choice(Outcome.SUITABLE, Outcome.SUITABLE.label),
            Choice(
                Outcome.ADVICE,
                Outcome.ADVICE.label,
                "The education is suitable; the family may follow the advice or not",
            ),
            Choice(
                Outcome.INSUFFICIENT,
                Outcome.INSUFFICIENT.label,
                "Say in the reasons what you would like to know, and that the family can choose how to tell you",
            ),
            Choice(
                Outcome.UNSUITABLE,
                Outcome.UNSUITABLE.label,
                "Only from what you were shown or told. Not hearing from a family is not enough",
            ),
        ],
    )
    reasons = TextAreaField(
        "Reasons",
        [Required("Enter the reasons for this outcome: the family will read them")],
        rows=10,
        max_length=rules.LONGEST_REASONS,
        hint="The family will read this. Say what you saw or were told, and what you made of it",
    )
    evidence = CheckboxesField("What the family sent that you relied on", message="Select from what the family sent")
    other_grounds = TextAreaField(
        "What else you relied on",
        rows=3,
        max_length=rules.LONGEST_REASONS,
        hint="For example a visit or a call: its date, and what it showed. The family will read this too",
    )
    advice = TextAreaField(
        "Advice to the family",
        rows=5,
        max_length=rules.LONGEST_REASONS,
        hint="Kept apart from the reasons: nothing here is a condition, and the family is told so",
    )

    def offer(self, sent: Sequence[Evidence]) -> None:
        """List what the family sent; the question is left out where it sent nothing."""
        if not sent:
            del self.evidence
            return
        self.evidence.choices = [
            Choice(one.reference, f"Sent on {long_date(one.sent_on)}", in_short(one)) for one in sent
        ]

    def finding(self) -> Finding:
        """What the form says."""
        return Finding(
            outcome=self.outcome.data,
            reasons=self.reasons.data,
            advice=self.advice.data,
            evidence=tuple(self.evidence.data) if "evidence" in self else (),
            other_grounds=self.other_grounds.data,
        )


def in_short(evidence: Evidence) -> str:
    """What one sending holds: "A written account and 2 files"."""
    parts = ["a written account"] if evidence.written_account else []
    parts += [counted(len(evidence.files), "file")] if evidence.files else []
    words = " and ".join(parts)
    return words[:1].upper() + words[1:]
