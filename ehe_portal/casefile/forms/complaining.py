"""What a parent is asked who is not content with the council."""

from ehe_portal.complaints import service as complaints
from ehe_portal.core.govuk import Form, RadiosField, Required, TextAreaField, TextField

LONGEST = 10_000


class ComplainForm(Form):
    """About what, whom, what happened, and what would put it right."""

    about = RadiosField(
        "What is it about?",
        [Required("Select what it is about")],
        choices=complaints.About,
        message="Select what it is about",
    )
    whom = TextField(
        "Whom is it about?",
        max_length=200,
        hint="A name, or for example “the person who rang”. Whoever it is does not answer it",
    )
    words = TextAreaField(
        "What happened?", [Required("Enter what happened")], rows=8, max_length=LONGEST, hint="In your own words"
    )
    wanted = TextAreaField("What would put it right?", rows=4, max_length=LONGEST)

    def said(self) -> complaints.Wanted:
        """What was filled in, once it is valid."""
        return complaints.Wanted(self.about.data, self.words.data, self.whom.data, self.wanted.data)
