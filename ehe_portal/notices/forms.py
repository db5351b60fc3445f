"""What is asked of those who word the portal's messages."""

from ehe_portal.core.govuk import Form, Required, SubmitField, TextAreaField, TextField, VersionField
from ehe_portal.notices import rules
from ehe_portal.notices.rules import Words


class WordingForm(Form):
    """A message's subject and body."""

    version = VersionField()
    subject = TextField("Subject", [Required("Enter a subject")], max_length=rules.LONGEST_SUBJECT)
    body = TextAreaField(
        "Message",
        [Required("Enter the message")],
        rows=14,
        max_length=rules.LONGEST_BODY,
        count=True,
        hint="Plain text. The council’s name and contact details follow by themselves",
    )
    save = SubmitField("Save wording")
    preview = SubmitField("Preview", classes="govuk-button--secondary")

    def words(self) -> Words:
        """What was typed."""
        return Words(self.subject.data, self.body.data)


class RestoreForm(Form):
    """Nothing but a button."""

    version = VersionField()
