"""What a family is asked when it sends something, and an officer when deciding about a child's education."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ehe_portal.core.files import ACCEPTED
from ehe_portal.core.govuk import (
    CheckboxesField,
    Choice,
    DateField,
    Field,
    Form,
    MultiFileField,
    RadiosField,
    Required,
    SubmitField,
    TextAreaField,
    TextField,
)
from ehe_portal.core.govuk.words import counted, long_date
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import CameBy, Evidence, Outcome, PageNote, WaitingFile
from ehe_portal.evidence.rules import Criterion, Judged, Standing
from ehe_portal.evidence.service import Finding, Heard, Receipt
from ehe_portal.register.models import Child, Parent

KINDS = "PDF, Word, OpenDocument, JPEG, PNG, HEIC, or a video (MP4, MOV or 3GP)"
SENT, TOLD = "sent-", "told-"
MOST_OF_NOTE = 160
NOT_KEPT = "Choose your files again: some of those you had chosen are not kept any longer"


class FilesForm(Form):
    """What a form with files has. `keep` lists files that arrived before and only wait to be sent."""

    keep: CheckboxesField
    files: MultiFileField
    unfinished: Sequence[tuple[str, str]] = ()

    def offer(self, waiting: Sequence[WaitingFile], ticked: Sequence[str]) -> None:
        """List the files that have arrived; the question is left out where there are none."""
        if not waiting:
            del self.keep
            return
        self.keep.posted = list(ticked)
        self.keep.choices = [Choice(file.reference, file.filename, rules.in_words(file.size or 0)) for file in waiting]

    def offer_uploads(self, address: str, most: int, unfinished: Sequence[WaitingFile]) -> None:
        """Say where files may come in parts, how large one may be, and which have begun to arrive and are not whole."""
        self.files.in_parts_at = address
        self.files.hint = f"{KINDS}. You can choose several. Each must be smaller than {most // 1024**2} MB"
        self.unfinished = [(file.filename, rules.in_words(file.to_come or 0)) for file in unfinished]


class SendForm(FilesForm):
    """A written account, files, or both."""

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
    files = MultiFileField("Upload files", accept=ACCEPTED)


def about(criterion: Criterion) -> tuple[RadiosField, CheckboxesField, TextField, TextAreaField]:
    """The questions about one criterion: what was found, what it rests on, and why."""
    standings = [one for one in Standing if one is not Standing.NONE or criterion is Criterion.NEEDS]
    return (
        RadiosField(
            criterion.label,
            [Required(f"Select what you found: {criterion.label.lower()}")],
            choices=standings,
            hint=rules.GUIDE[criterion],
        ),
        CheckboxesField("What this rests on", message="Select from what the family sent and what you were told"),
        TextField(
            "Anything else that it rests on", max_length=500, hint="For example a tutor’s report. The family reads this"
        ),
        TextAreaField("Why", rows=3, max_length=rules.LONGEST_REASONS, hint="Needed where it is not satisfied"),
    )


SOMEONE_ELSE = "someone-else"


class KeyInForm(SendForm):
    """What came on paper, by mail or by hand: when, how, from whom, and what it was."""

    received_on = DateField(
        "When did it come?",
        [Required("Enter the date on which it came")],
        what="the date on which it came",
        hint="The day it reached the council, not the day it is added. For example, 3 9 2026",
    )
    came_by = RadiosField("How did it come?", [Required("Select how it came")], choices=CameBy)
    sender = RadiosField("Who sent it?", [Required("Select who sent it")], message="Select who sent it")
    from_whom = TextField("Who?", [Required("Enter who sent it")], max_length=100)
    written_account = TextAreaField(
        "What it says",
        rows=8,
        max_length=rules.LONGEST_ACCOUNT,
        hint="In the family’s own words, if it is short. There is no need to copy what is in a scan",
    )
    keep = CheckboxesField(
        "Files you have uploaded", hint="Untick any that do not belong here", message=NOT_KEPT, mark_optional=False
    )
    files = MultiFileField("Upload scans or files", accept=ACCEPTED)

    def offer_senders(self, carers: Sequence[Parent]) -> None:
        """List the child's parents and carers."""
        self.sender.choices = [
            *(Choice(one.reference, one.name) for one in carers),
            Choice(SOMEONE_ELSE, "Someone else", reveals=("from_whom",)),
        ]

    def receipt(self) -> Receipt:
        """What was filled in, once it is valid."""
        if self.received_on.data is None:
            raise ValueError("what came has come on a day")
        known = self.sender.data if self.sender.data != SOMEONE_ELSE else None
        return Receipt(self.received_on.data, self.came_by.data, known, self.from_whom.data)


class AssessForm(Form):
    """What the law asks, criterion by criterion; then one of the four outcomes, with reasons that the family reads."""

    efficient, efficient_relied, efficient_other, efficient_reasons = about(Criterion.EFFICIENT)
    full_time, full_time_relied, full_time_other, full_time_reasons = about(Criterion.FULL_TIME)
    fitting, fitting_relied, fitting_other, fitting_reasons = about(Criterion.FITTING)
    special_needs, special_needs_relied, special_needs_other, special_needs_reasons = about(Criterion.NEEDS)
    notes = CheckboxesField(
        "Notes against pages that this rests on",
        hint="The family reads those that you select, with the decision. The others stay with the team; they are kept "
        "with the decision, and given out with the record where a parent asks for it",
        message="Select notes against what you were shown",
    )
    show_notes = SubmitField("Show the notes that I have just written", classes="govuk-button--secondary")
    outcome = RadiosField(
        "Outcome",
        [Required("Select an outcome")],
        choices=[
            Choice(Outcome.SUITABLE, Outcome.SUITABLE.label, "Every part is satisfied"),
            Choice(
                Outcome.ADVICE,
                Outcome.ADVICE.label,
                "The education is suitable; the family may follow the advice or not",
            ),
            Choice(
                Outcome.INSUFFICIENT,
                Outcome.INSUFFICIENT.label,
                "This is no finding about the education",
                reveals=("wanted",),
            ),
            Choice(
                Outcome.UNSUITABLE,
                Outcome.UNSUITABLE.label,
                "Only from what you were shown or told. Not hearing from a family is not enough",
            ),
        ],
    )
    wanted = TextAreaField(
        "What we would like to know",
        [Required("Enter what you would like to know")],
        rows=4,
        max_length=rules.LONGEST_REASONS,
        hint="The family is told beside it that they choose how to tell you: in writing, by phone, at a meeting or a "
        "visit, or in another way",
    )
    reasons = TextAreaField(
        "Reasons",
        [Required("Enter the reasons for this outcome: the family will read them")],
        rows=8,
        max_length=rules.LONGEST_REASONS,
        hint="The family will read this. Say what you saw or were told, and what you made of it",
    )
    other_grounds = TextAreaField(
        "What else you relied on",
        rows=3,
        max_length=rules.LONGEST_REASONS,
        hint="Besides what you have selected above. The family will read this too",
    )
    advice = TextAreaField(
        "Advice to the family",
        rows=4,
        max_length=rules.LONGEST_REASONS,
        hint="Kept apart from the reasons: nothing here is a condition, and the family is told so",
    )

    def offer(
        self,
        sent: Sequence[Evidence],
        heard: Sequence[Heard],
        about_family: Sequence[Evidence] = (),
        notes: Sequence[PageNote] = (),
    ) -> None:
        """List what the family sent, and the contacts at which something was shown or told; no question without one.

        After it what the same parents sent about brothers and sisters, and the notes that are not kept with any
        decision about the child yet.
        """
        choices = [Choice(f"{SENT}{one.reference}", f"Sent on {long_date(one.sent_on)}", in_short(one)) for one in sent]
        choices += [
            Choice(f"{TOLD}{one.reference}", f"{one.kind.label} on {long_date(one.happened_on)}") for one in heard
        ]
        choices += [
            Choice(
                f"{SENT}{one.reference}",
                f"Sent on {long_date(one.sent_on)} about {one.child.known_as}",
                f"{in_short(one)}. Select it only if it tells about this child too",
            )
            for one in about_family
        ]
        if notes:
            self.notes.choices = [Choice(one.reference, one.where, shortened(one.words)) for one in notes]
        else:
            del self.notes
        for criterion in Criterion:
            if choices:
                relied: Any = self[f"{criterion.field}_relied"]
                relied.choices = choices
            else:
                del self[f"{criterion.field}_relied"]

    def offer_needs(self, known: bool) -> None:
        """Where special educational needs are on record, nobody says that none are known."""
        if known:
            self.special_needs.choices = [one for one in Standing if one is not Standing.NONE]

    def by_criterion(self) -> list[list[Field]]:
        """The questions about each criterion, one after the other."""
        return [
            [field for field in self.questions() if field.short_name.startswith(criterion.field)]
            for criterion in Criterion
        ]

    def conclusion(self) -> list[Field]:
        """The questions about the whole, after that about notes."""
        return [self.outcome, self.reasons, self.other_grounds, self.advice]

    def finding(self) -> Finding:
        """What the form says."""
        return Finding(
            outcome=self.outcome.data,
            reasons=self.reasons.data,
            advice=self.advice.data,
            criteria=tuple(self.judged(criterion) for criterion in Criterion),
            other_grounds=self.other_grounds.data,
            wanted=self.wanted.data,
            notes=tuple(self.notes.data) if "notes" in self else (),
        )

    def judged(self, criterion: Criterion) -> Judged:
        """What the form says about one criterion."""
        name = criterion.field
        relied: list[str] = self[f"{name}_relied"].data if f"{name}_relied" in self else []
        return Judged(
            criterion,
            self[name].data,
            self[f"{name}_reasons"].data,
            tuple(key.removeprefix(SENT) for key in relied if key.startswith(SENT)),
            tuple(key.removeprefix(TOLD) for key in relied if key.startswith(TOLD)),
            self[f"{name}_other"].data,
        )


class TogetherForm(Form):
    """Which brothers and sisters are looked at in turn with a child."""

    along = CheckboxesField(
        "Who else do you look at now?",
        hint="One form for each child, one after the other. Each has reasons of its own, and a record of its own",
        message="Select brothers and sisters of this child",
        mark_optional=False,
    )

    def offer(self, others: Sequence[tuple[Child, date | None]], today: date) -> None:
        """List brothers and sisters with when their own review is due; those near it are ticked to begin with."""
        if not others:
            del self.along
            return
        self.along.choices = [Choice(child.reference, child.name, due_words(due_on)) for child, due_on in others]
        if self.formdata is None:
            self.along.posted = [
                child.reference for child, due_on in others if due_on is not None and rules.near(due_on, today)
            ]

    @property
    def chosen(self) -> list[str]:
        """The references of those who come next."""
        return list(self.along.data) if "along" in self else []


def due_words(due_on: date | None) -> str:
    """When the review of a brother or sister is due."""
    return f"Review due {long_date(due_on)}" if due_on else "Nothing has been decided yet"


APPROVE, RETURN = "approve", "return"


class ApprovalForm(Form):
    """Another person's answer to a decision that waits."""

    verdict = RadiosField(
        "What do you find?",
        [Required("Select whether you approve it")],
        choices=[
            Choice(APPROVE, "Approve it", "It stands from now, and each verified parent is told that they can read it"),
            Choice(RETURN, "Return it", "It does not stand, and the family hears nothing of it"),
        ],
        message="Select whether you approve it",
    )
    reasons = TextAreaField(
        "Why",
        rows=4,
        max_length=rules.LONGEST_REASONS,
        hint="Needed where you return it. The person who decided reads this; the family does not",
    )


MORE_TIME, WITHDRAW = "more-time", "withdraw"


class ChangeRequestForm(Form):
    """More time for a request for information, or none of it any more."""

    change = RadiosField(
        "What do you want to do?",
        [Required("Select what you want to do")],
        choices=[
            Choice(MORE_TIME, "Give the family more time", reveals=("last_on",)),
            Choice(WITHDRAW, "Withdraw the request", "For example, because it is answered already"),
        ],
        message="Select what you want to do",
    )
    last_on = DateField(
        "New last day",
        [Required("Enter the new last day")],
        what="the new last day",
        hint="Later than the one that holds now. For example, 3 9 2026",
    )
    reasons = TextAreaField(
        "Reasons",
        [Required("Enter the reasons: the family will read them")],
        rows=4,
        max_length=rules.LONGEST_REASONS,
        hint="The family will read this",
    )


def in_short(evidence: Evidence) -> str:
    """What one sending holds: "A written account and 2 files"."""
    said = f"a statement by {evidence.statement.writer}" if evidence.statement else "a written account"
    parts = [said] if evidence.written_account or evidence.parts else []
    parts += [counted(len(evidence.files), "file")] if evidence.files else []
    words = " and ".join(parts)
    return words[:1].upper() + words[1:]


def shortened(words: str) -> str:
    """The beginning of a note."""
    return words if len(words) <= MOST_OF_NOTE else f"{words[:MOST_OF_NOTE].rstrip()} …"


class PageNoteForm(Form):
    """A note against the page that is shown."""

    words = TextAreaField(
        "Write a note against this page",
        [Required("Enter a note")],
        rows=3,
        max_length=rules.LONGEST_NOTE,
        hint="For the team, dated and signed. The family does not see it unless a decision rests on it, but it is part "
        "of the record, and given out with it",
    )
