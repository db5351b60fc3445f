"""What is asked when a concern is raised, a decision recorded, an escalation closed."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.core.govuk import (
    YES_NO,
    Choice,
    DateField,
    Form,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    VersionField,
)
from ehe_portal.core.govuk.words import long_date
from ehe_portal.escalation import service
from ehe_portal.escalation.models import Closing, Triage
from ehe_portal.escalation.rules import LONGEST_WORDS

FOR_EXAMPLE: Final = "For example, 3 9 2026"


class ConcernForm(Form):
    """A worry about a child, told to the CME team at once."""

    danger_now = RadiosField(
        "Is the child in danger now?", [Required("Select whether the child is in danger now")], choices=YES_NO
    )
    words = TextAreaField(
        "What are you worried about?",
        [Required("Enter what you are worried about")],
        max_length=LONGEST_WORDS,
        rows=8,
        hint="Say what you saw or heard yourself, when, and what others told you. The CME team reads this.",
    )


class TriageForm(Form):
    """A decision about an escalation."""

    version = VersionField()
    decision = RadiosField(
        "What have you decided?",
        [Required("Select what you have decided")],
        choices=[
            Choice(
                Triage.WHEREABOUTS_UNKNOWN,
                "Open an enquiry",
                "We do not know where the child is. It stays open until the owner closes it.",
            ),
            Choice(
                Triage.NO_INFORMATION,
                "Consider a notice",
                "We know the address but have no information about the education.",
            ),
            Choice(Triage.WELFARE, "Refer to children’s social care", "We are worried about the child’s welfare."),
            Choice(Triage.DANGER, "The child is in danger now", "Call 999 first, then record it here."),
            Choice(
                Triage.CONTACT_MADE,
                "Contact has been made",
                "Record the contact as well: a contact lapse closes by itself when it is recorded.",
            ),
            Choice(
                Triage.IN_ERROR,
                "This was raised in error",
                "Say why. It stays open until a contact is recorded or a date is set for the next one.",
            ),
        ],
    )
    reasons = TextAreaField(
        "Reasons", [Required("Enter your reasons")], max_length=LONGEST_WORDS, rows=6, hint="What this rests on"
    )
    owner = SelectField(
        "Owner",
        [Required("Select who owns this from now on")],
        hint="The one person who sees to it that the next step is taken",
    )
    next_on = DateField(
        "Next date",
        [Required("Enter the date of the next step")],
        what="the date of the next step",
        hint=f"When the owner looks at it again. {FOR_EXAMPLE}",
    )

    def offer_owners(self, owners: Sequence[Account], today: date) -> None:
        """Let one of these be chosen; who is away is said."""
        self.owner.choices = [
            Choice(one.reference, ", ".join(part for part in (one.name, one.role.label, one.away_words(today)) if part))
            for one in owners
        ]

    def decided(self, owners: Sequence[Account]) -> service.Decision:
        """What was filled in, once it is valid."""
        if self.next_on.data is None:
            raise ValueError("a decision has a next date")
        owner = next(one for one in owners if one.reference == self.owner.data)
        return service.Decision(self.decision.data, self.reasons.data, owner, self.next_on.data)


class CloseForm(Form):
    """How an escalation ends."""

    version = VersionField()
    closing = RadiosField("What has happened?", [Required("Select what has happened")])
    next_contact_on = DateField(
        "Date of the next contact",
        [Required("Enter the date of the next contact")],
        what="the date of the next contact",
    )
    reasons = TextAreaField(
        "What was done, and why this can be closed",
        [Required("Enter what was done, and why this can be closed")],
        max_length=LONGEST_WORDS,
        rows=6,
    )

    def offer_endings(self, endings: Sequence[Closing], latest: date) -> None:
        """Let one of these be chosen; a dated next contact no later than `latest`."""
        self.closing.choices = [
            Choice(
                ending,
                ending.label,
                f"It becomes the date on which contact is next due. {long_date(latest)} at the latest.",
                reveals=("next_contact_on",),
            )
            if ending is Closing.NEXT_CONTACT
            else Choice(ending, ending.label)
            for ending in endings
        ]

    def ending(self) -> service.Ending:
        """What was filled in, once it is valid."""
        return service.Ending(self.closing.data, self.reasons.data, self.next_contact_on.data)
