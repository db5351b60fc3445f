"""What is asked when messages to a family are stopped, and when they are let go again."""

from typing import Any

from ehe_portal.core.govuk import CheckboxesField, Choice, Form, Required, TextAreaField
from ehe_portal.register.models import Child

LONGEST = 2000


class StopForm(Form):
    """Why nothing may reach the family, and about which of its children."""

    why = TextAreaField(
        "Reason",
        [Required("Enter the reason")],
        rows=4,
        max_length=LONGEST,
        hint="Read only by officers who may read safeguarding records. It stands in no message and in no log",
    )
    along: Any = CheckboxesField(
        "For whom else?",
        hint="Others of the family: a message about a brother or sister can be the danger too",
        message="Select from the children of this family",
        mark_optional=False,
    )

    def offer(self, others: list[Child]) -> None:
        """List the other children of the family."""
        if not others:
            del self.along
            return
        self.along.choices = [Choice(other.reference, other.name) for other in others]

    @property
    def others(self) -> list[str]:
        """The references of those for whom messages stop too."""
        return [] if self.along is None else list(self.along.data)


class LetGoForm(Form):
    """Why messages to the family are safe again."""

    why = TextAreaField(
        "Why may the family be written to again?", [Required("Enter the reason")], rows=4, max_length=LONGEST
    )
