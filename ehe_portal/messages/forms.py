"""What is asked of someone who writes a message."""

from ehe_portal.core.govuk import Form, HiddenField, Required, TextAreaField
from ehe_portal.messages import rules

HINT = f"Up to {rules.LONGEST_MESSAGE:,} characters. Your message is kept just as you type it"


class WriteForm(Form):
    """One message. `seen` is the last message that was on the page."""

    seen = HiddenField()
    words = TextAreaField(
        "Your message", [Required("Enter your message")], rows=8, max_length=rules.LONGEST_MESSAGE, hint=HINT
    )


class NoAnswerForm(Form):
    """Nothing but a button, and the last message that was on the page."""

    seen = HiddenField()
