"""What a family is asked for an account in parts and when it asks somebody else; and what that person is asked."""

from ehe_portal.core.files import ACCEPTED
from ehe_portal.core.govuk import (
    CheckboxesField,
    Choice,
    EmailField,
    FileField,
    Form,
    MultiFileField,
    RadiosField,
    Required,
    SubmitField,
    TextAreaField,
    TextField,
)
from ehe_portal.evidence import rules
from ehe_portal.evidence.forms import KINDS, NOT_KEPT, FilesForm
from ehe_portal.evidence.models import AccountPart
from ehe_portal.evidence.rules import statements
from ehe_portal.evidence.rules.proofs import ENDINGS

PARTS = {
    AccountPart.LEARNING: (
        "How does your child learn?",
        "For example by talking, making, reading, going places, or lessons. It helps us see it the way you do",
    ),
    AccountPart.WEEK: (
        "What do you do in a week?",
        "A few things are enough. It helps us picture it. You do not need a timetable, and the law sets no hours",
    ),
    AccountPart.READING: (
        "Reading and writing",
        "What they read, listen to, tell or write now. It helps us see how far they have come from where they began",
    ),
    AccountPart.NUMBER: (
        "Numbers and maths",
        "For example in cooking, money, games, building, or sums. It helps us see how far they have come",
    ),
    AccountPart.INTERESTS: (
        "What interests your child?",
        "What they choose to do, and come back to. It often says more than a list of subjects",
    ),
    AccountPart.PEOPLE: (
        "Who else teaches or helps?",
        "For example a tutor, a grandparent, a club or a class. It helps us see the whole. You need not name anyone",
    ),
    AccountPart.OWN_WORDS: (
        "In your child’s own words",
        "Only if they want to. You can write it down for them, or upload a picture of what they drew or wrote",
    ),
    AccountPart.MORE: (
        "Anything else",
        "Anything you would like us to know: what went well, what is hard just now, or what you plan",
    ),
}


def part(one: AccountPart) -> TextAreaField:
    """The question about one part of an account: what it may be, and why it may help."""
    label, hint = PARTS[one]
    return TextAreaField(label, rows=5, max_length=rules.LONGEST_PART, hint=hint)


class AccountForm(FilesForm):
    """An account of the education in parts, none of which has to be there."""

    marks_optional = False

    learning = part(AccountPart.LEARNING)
    week = part(AccountPart.WEEK)
    reading = part(AccountPart.READING)
    number = part(AccountPart.NUMBER)
    interests = part(AccountPart.INTERESTS)
    people = part(AccountPart.PEOPLE)
    own_words = part(AccountPart.OWN_WORDS)
    more = part(AccountPart.MORE)
    keep = CheckboxesField(
        "Files you have uploaded",
        hint="These go with what you send. Untick any that should not",
        message=NOT_KEPT,
        mark_optional=False,
    )
    files = MultiFileField("Pictures and files", accept=ACCEPTED)

    def parts(self) -> dict[AccountPart, str]:
        """What was written in each part."""
        return {one: self[one.field].data for one in AccountPart}


READ_FIRST, AT_ONCE = "read-first", "at-once"


class AskForm(Form):
    """Whom a parent asks to say something about the education."""

    asked_of = TextField(
        "Who do you want to ask?",
        [Required("Enter who you want to ask")],
        max_length=100,
        hint="For example “Gran”, or the name of a tutor or club leader. Only you see this",
    )
    email = EmailField(
        "Their email address", [Required("Enter their email address")], hint="We send them one email with a link"
    )
    way = RadiosField(
        "When they have written it",
        [Required("Select what happens when they have written it")],
        choices=[
            Choice(READ_FIRST, "I read it first", "You decide whether it goes to the council"),
            Choice(AT_ONCE, "It goes to the council at once", "You can read it too"),
        ],
        message="Select what happens when they have written it",
    )


class DecideForm(Form):
    """What a parent does with what was written."""

    send_on = SubmitField("Send it to the council")
    keep_back = SubmitField("Do not send it", classes="govuk-button--secondary")


class WaitForm(Form):
    """What a parent does about somebody who has not written yet."""

    again = SubmitField("Send the email again", classes="govuk-button--secondary")
    take_back = SubmitField("Take it back", classes="govuk-button--secondary")


class StatementForm(FilesForm):
    """What somebody says about a child's education, for a parent who asked them."""

    name = TextField("Your name", [Required("Enter your name")], max_length=100, autocomplete="name")
    how_known = TextField(
        "How do you know the child?",
        [Required("Enter how you know the child")],
        max_length=200,
        hint="For example: I have taught her the piano every week since 2024",
    )
    words = TextAreaField(
        "What would you like to say?",
        rows=10,
        max_length=statements.LONGEST_STATEMENT,
        hint="For example what you do together, what the child is learning, and what you have noticed. "
        "A few lines are enough",
    )
    keep = CheckboxesField(
        "Files you have uploaded", hint="Untick any that do not belong here", message=NOT_KEPT, mark_optional=False
    )
    files = MultiFileField(
        "Upload files", accept=ACCEPTED, hint=f"{KINDS}. Up to {statements.MOST_FILES}, all together less than 100 MB"
    )


class DecisionCommentForm(Form):
    """What a parent says of a decision."""

    words = TextAreaField(
        "What would you like to add?",
        [Required("Enter what you would like to add")],
        rows=6,
        max_length=5000,
        hint="For example, if you see something differently, or something is missing",
    )


class ProofForm(Form):
    """A file that shows how a document was served."""

    files = FileField("Picture or PDF", [Required("Upload a picture or a PDF")], accept=ENDINGS)


class ProofEndForm(Form):
    """Why a file is no proof."""

    why = TextAreaField("Why?", [Required("Enter what is wrong with it")], rows=4, max_length=1000)
