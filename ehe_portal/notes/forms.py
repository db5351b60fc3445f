"""What is asked of someone who writes a note, or strikes one out."""

from ehe_portal.core.govuk import CheckboxField, DateField, Form, RadiosField, Required, TextAreaField, VersionField
from ehe_portal.notes.models import NoteKind
from ehe_portal.notes.rules import LONGEST_NOTE, LONGEST_WHY
from ehe_portal.notes.service import Draft


class NoteForm(Form):
    """A note."""

    kind = RadiosField("What is it about?", [Required("Select what the note is about")], choices=NoteKind)
    about_on = DateField(
        "Which day does it tell of?",
        [Required("Enter the date that the note tells of")],
        what="the date that the note tells of",
        hint="For example, 3 9 2026",
    )
    words = TextAreaField(
        "Note",
        [Required("Enter the note")],
        rows=10,
        max_length=LONGEST_NOTE,
        hint="Keep fact, opinion and what others said apart, and say who said it. A family may ask to read it",
    )
    restricted = CheckboxField(
        "Restricted",
        hint="Only officers who may read safeguarding records can read it. Others see that there is one",
    )

    def draft(self) -> Draft:
        """What was filled in, once it is valid."""
        if self.about_on.data is None:
            raise ValueError("a note tells of a day")
        return Draft(self.kind.data, self.about_on.data, self.words.data, self.restricted.data)


class StrikeOutForm(Form):
    """Why a note is wrong."""

    version = VersionField()
    why = TextAreaField(
        "What is wrong with it?", [Required("Enter what is wrong with this note")], rows=3, max_length=LONGEST_WHY
    )
