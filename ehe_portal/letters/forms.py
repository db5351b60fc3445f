"""What is asked of those who write letters, post them and word them, and of parents about theirs."""

from collections.abc import Sequence
from typing import Any, Final

from ehe_portal.core.govuk import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DateField,
    Form,
    RadiosField,
    Required,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.letters.models import Goes
from ehe_portal.letters.rules import Fact, Kind, Placeholder, Shown, Words
from ehe_portal.letters.rules.words import LONGEST_BODY, LONGEST_FACT, LONGEST_TITLE
from ehe_portal.register.models import Parent

LONGEST_LINE: Final = 300
ANY_WAY: Final = "as-suits"


class LetterForm(Form):
    """To whom a letter goes and how. The values that its kind carries are put on it by `asking_for`."""

    to = CheckboxesField("Who is it to?", [Required("Select who it is to")], choices=())
    goes = RadiosField(
        "How does it go?",
        [Required("Select how it goes")],
        choices=(
            Choice(ANY_WAY, "As suits each parent", "On their own page where they have one, by post otherwise"),
            Choice(Goes.POST, "By post"),
            Choice(Goes.HAND, "By hand"),
        ),
    )
    preview = SubmitField("Preview", classes="govuk-button--secondary")
    make = SubmitField("Make the letter")

    def offer(self, parents: Sequence[Parent]) -> None:
        """Let these be chosen; the only one is chosen already."""
        self.to.choices = [Choice(one.id, one.name, one.relationship_ or "") for one in parents]

    def facts(self, kind: Kind) -> dict[str, Fact]:
        """What was filled in, by placeholder."""
        told = {one.name: self[field_name(one)].data for one in kind.placeholders}
        return {name: value for name, value in told.items() if value}

    def way(self) -> Goes | None:
        """How it goes; None as suits each parent."""
        chosen: Any = self.goes.data
        return None if chosen == ANY_WAY else Goes(chosen)


def field_name(placeholder: Placeholder) -> str:
    """The name of the field that asks for a value."""
    return placeholder.name.replace(" ", "_")


def asked(one: Placeholder) -> Any:
    """The question for one value."""
    needs = [Required(f"Enter an answer to “{one.question}”")] if one.required else []
    example = f"For example, {one.example}"
    if one.shown is Shown.DATE:
        return DateField(one.question, needs, what="the date", hint=example)
    if one.shown is Shown.LINE:
        return TextField(one.question, needs, max_length=LONGEST_LINE, hint=example)
    rows = 8 if one.shown is Shown.WORDS else 4
    return TextAreaField(one.question, needs, rows=rows, max_length=LONGEST_FACT, hint=example)


def asking_for(kind: Kind) -> type[LetterForm]:
    """The form for one kind of letter: to whom and how, then its own questions."""
    return type("KindForm", (LetterForm,), {field_name(one): asked(one) for one in kind.placeholders})


class WithdrawForm(Form):
    """Nothing but a button."""

    version = VersionField()


class WishesForm(Form):
    """How a parent would like letters."""

    large_print = CheckboxField("In large print")
    by_post = CheckboxField(
        "On paper, by post", hint="A parent with an account otherwise finds letters on their own page"
    )


class PostedForm(Form):
    """Which letters were posted, and when."""

    letters = CheckboxesField("Which letters were posted?", [Required("Select the letters that were posted")])
    posted_on = DateField(
        "When were they posted?",
        [Required("Enter the date on which they were posted")],
        what="the date on which they were posted",
        hint="For example, 3 9 2026",
    )


class ByNotifyForm(Form):
    """Which letters GOV.UK Notify is to print and post, and how fast."""

    letters = CheckboxesField("Which letters is it to post?", [Required("Select the letters to post")])
    postage = RadiosField(
        "How are they to go?",
        [Required("Select how they are to go")],
        choices=(Choice("second", "Second class"), Choice("first", "First class")),
    )


class HandedForm(Form):
    """When a letter was handed over."""

    posted_on = DateField(
        "When was it handed over?",
        [Required("Enter the date on which it was handed over")],
        what="the date on which it was handed over",
        hint="For example, 3 9 2026",
    )


class CorrectionForm(Form):
    """For which letters a confirmation was wrong, and what is right."""

    letters = CheckboxesField("For which letters is it wrong?", [Required("Select the letters for which it is wrong")])
    what = RadiosField(
        "What is right?",
        [Required("Select what is right")],
        choices=(
            Choice("not-posted", "They have not been posted", "They wait to be posted again"),
            Choice("other-day", "They were posted on another day", reveals=("posted_on",)),
        ),
    )
    posted_on = DateField(
        "On which day?",
        [Required("Enter the date on which they were posted")],
        what="the date on which they were posted",
        hint="For example, 3 9 2026",
    )


class WordingForm(Form):
    """The wording of one kind of letter."""

    version = VersionField()
    title = TextField("Title", [Required("Enter a title")], max_length=LONGEST_TITLE)
    body = TextAreaField(
        "Letter",
        [Required("Enter the letter")],
        rows=24,
        max_length=LONGEST_BODY,
        count=True,
        hint="A line that begins with # is a heading, one that begins with * a point of a list. Leave a blank line "
        "between paragraphs. Letterhead, address, “Dear …”, signature and contact details follow by themselves",
    )
    save = SubmitField("Save wording")
    preview = SubmitField("Preview", classes="govuk-button--secondary")

    def words(self) -> Words:
        """What was typed."""
        return Words(self.title.data, self.body.data)


class RestoreForm(Form):
    """Nothing but a button for each version."""

    version = VersionField()
