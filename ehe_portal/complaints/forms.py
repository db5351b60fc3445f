"""What whoever has a complaint is asked."""

from ehe_portal.complaints import rules
from ehe_portal.complaints.models import Finding
from ehe_portal.core.govuk import Form, RadiosField, Required, TextAreaField, VersionField


class PressForm(Form):
    """A button for a complaint as it was read."""

    version = VersionField()


class AnswerForm(PressForm):
    """The answer to a complaint."""

    finding = RadiosField(
        "What did you find?",
        [Required("Select what you found")],
        choices=Finding,
        message="Select what you found",
    )
    answer = TextAreaField(
        "Your answer, with the reasons",
        [Required("Enter your answer with the reasons: the parent reads it")],
        rows=10,
        max_length=rules.LONGEST,
        hint="The parent reads this. Say what you looked at, what you found, what is put right, and by when",
    )
