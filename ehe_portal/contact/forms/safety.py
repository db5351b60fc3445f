"""What is asked of someone who goes on a visit alone."""

from collections.abc import Sequence
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.core.govuk import Choice, Form, RadiosField, Required, SelectField, TimeField

MINUTES: Final = (15, 30, 60)


class CheckInForm(Form):
    """By when they are back, and whom to tell otherwise."""

    back_by = TimeField(
        "By when do you expect to be back, or safely on your way?",
        [Required("Enter the time by which you expect to be back")],
        hint="On the day of the visit. For example, 12:30pm",
    )
    colleague = SelectField(
        "Who is told if you are not?", [Required("Select the colleague who is told")], blank="Choose a colleague"
    )

    def offer_colleagues(self, staff: Sequence[Account]) -> None:
        """Offer those who are here."""
        self.colleague.choices = [Choice(one.reference, f"{one.name}, {one.role.label}") for one in staff]


class PressForm(Form):
    """Nothing but a button."""


class LongerForm(Form):
    """How much longer they need."""

    minutes = RadiosField(
        "How much longer do you need?",
        [Required("Select how much longer you need")],
        choices=[Choice(number, f"{number} minutes") for number in MINUTES],
        inline=True,
    )
