"""What is asked of people who sign in, and of those who look after staff accounts."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from ehe_portal.accounts import rules, service
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import ROLE_LABELS, STAFF_ROLES
from ehe_portal.accounts.service import StaffChange
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import (
    Choice,
    DateField,
    EmailField,
    FileField,
    Form,
    Length,
    PasswordField,
    PhoneField,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)
from ehe_portal.core.hours import WEEKDAYS, DayPart, DaysOff, Hours

ROLES = [Choice(role, label) for role, label in ROLE_LABELS.items() if role in STAFF_ROLES]
THREE_WORDS = (
    f"Use {rules.SHORTEST_PASSWORD} characters or more. Three random words that only you would put together work well"
)


class SignInForm(Form):
    """Who is it?"""

    email = EmailField(
        "Email address", [Required("Enter your email address")], autocomplete="username", width="two-thirds"
    )
    password = PasswordField("Password", [Required("Enter your password")], width="two-thirds")


class AddressForm(Form):
    """Whom to send a link? With several councils in one portal, also: whose families or staff are they?"""

    email = EmailField(
        "Email address",
        [Required("Enter your email address")],
        autocomplete="email",
        width="two-thirds",
        hint="We will send a link to this address",
    )
    council = SelectField("Your council", [Required("Select your council")], blank="Select your council")

    def offer(self, councils: Sequence[Authority]) -> None:
        """Ask for the council only where there is more than one."""
        if len(councils) > 1:
            self.council.choices = [Choice(council.code, council.name) for council in councils]
        else:
            del self.council

    def chosen(self, councils: Sequence[Authority]) -> Authority:
        """The council that was chosen, or the only one. Raises `Refusal`."""
        wanted = self.council.data if len(councils) > 1 else None
        for council in councils:
            if wanted is None or council.code == wanted:
                return council
        raise Refusal(
            "Select your council: no council uses this service yet" if not councils else "Select your council"
        )


class ChoosePasswordForm(Form):
    """What a link leads to: a password, and for a new account a name."""

    name = TextField(
        "Your full name",
        [Required("Enter your full name"), Length(1, rules.LONGEST_NAME)],
        autocomplete="name",
        width="two-thirds",
    )
    password = PasswordField(
        "Choose a password", [Required("Enter a password")], new=True, hint=THREE_WORDS, width="two-thirds"
    )


class ChangePasswordForm(Form):
    """A new password, asked of someone who is signed in."""

    current_password = PasswordField("Current password", [Required("Enter your current password")], width="two-thirds")
    password = PasswordField(
        "New password", [Required("Enter a new password")], new=True, hint=THREE_WORDS, width="two-thirds"
    )


class NewEmailForm(Form):
    """Another address, asked of someone who is signed in."""

    email = EmailField(
        "New email address",
        [Required("Enter your new email address")],
        autocomplete="email",
        width="two-thirds",
        hint="We will send a link to this address. Until you have opened it you sign in with the old one",
    )
    current_password = PasswordField("Your password", [Required("Enter your current password")], width="two-thirds")


class PasswordAgainForm(Form):
    """Whether it is really they."""

    current_password = PasswordField("Your password", [Required("Enter your current password")], width="two-thirds")


class TextsForm(Form):
    """Whether a parent would like texts, and at which number."""

    wanted = RadiosField(
        "Would you like a text when there is something to read?",
        [Required("Select whether you would like texts")],
        choices=(
            Choice("yes", "Yes", reveals=("number",)),
            Choice("no", "No", "You still get an email each time"),
        ),
    )
    number = PhoneField("Your mobile number", [Required("Enter your mobile number")], hint="For example, 07700 900 982")


class AddStaffForm(Form):
    """Someone new in the team."""

    name = TextField(
        "Full name", [Required("Enter their full name"), Length(1, rules.LONGEST_NAME)], width="two-thirds"
    )
    email = EmailField(
        "Email address",
        [Required("Enter their email address")],
        hint="We will send them a link to choose a password",
        width="two-thirds",
    )
    role = RadiosField("Role", [Required("Select their role")], choices=ROLES)


class ChangeStaffForm(Form):
    """What an administrator may change of someone's account."""

    version = VersionField()
    role = RadiosField("Role", [Required("Select their role")], choices=ROLES)
    away_from = DateField(
        "First day away",
        what="the first day away",
        hint="For example, 27 7 2026. While someone is away, alerts go to their colleagues",
    )
    away_until = DateField("Last day away", what="the last day away", hint="Leave this empty if you do not know it yet")
    is_active = RadiosField(
        "Can they sign in?",
        [Required("Select whether they can sign in")],
        choices=[
            Choice(True, "Yes"),
            Choice(False, "No", "They are signed out at once. What they have in hand is handed over on the next page"),
        ],
    )

    def wanted(self, account: Account) -> StaffChange:
        """What the form says, the account's own role standing in for none."""
        return StaffChange(
            role=self.role.data or account.role,
            is_active=bool(self.is_active.data),
            away_from=self.away_from.data,
            away_until=self.away_until.data,
        )


class ContactForm(Form):
    """What the authority is called, and how families and staff reach it."""

    version = VersionField()
    name = TextField(
        "Name of the authority",
        [Required("Enter the name of the authority"), Length(1, rules.LONGEST_NAME)],
        width="two-thirds",
    )
    contact_email = EmailField("Email address of the home education team", width="two-thirds")
    contact_phone = PhoneField("Phone number")
    contact_address = TextAreaField(
        "Postal address", rows=4, max_length=300, hint="Where families send letters and paper forms"
    )
    opening_hours = TextAreaField(
        "Opening hours", rows=3, max_length=300, hint="For example, Monday to Friday, 9am to 5pm"
    )

    def wanted(self) -> service.Contact:
        """What was filled in."""
        return service.Contact(
            name=self.name.data,
            contact_email=self.contact_email.data,
            contact_phone=self.contact_phone.data,
            contact_address=self.contact_address.data,
            opening_hours=self.opening_hours.data,
        )


class ColoursForm(Form):
    """One pair of colours for the header of every page."""

    version = VersionField()
    brand_colour = TextField(
        "Colour of the header", hint="Six digits, like #1d4a4f. Leave both empty for the portal’s own", width="10"
    )
    brand_text_colour = TextField("Colour of the text in the header", hint="Six digits, like #ffffff", width="10")


class LogoForm(Form):
    """A picture for the header."""

    version = VersionField()
    logo = FileField(
        "Logo",
        [Required("Upload a picture")],
        accept=".png,.jpg,.jpeg",
        hint="A PNG or JPEG of less than 2 MB. It is shown on white, 60 pixels high",
    )


class RemoveLogoForm(Form):
    """Nothing but a button."""

    version = VersionField()


class HoursForm(Form):
    """From when until when someone works on each day of the week. The days' own fields are put on it below."""

    marks_optional = False

    @staticmethod
    def known(hours: Hours) -> dict[str, Any]:
        """Hours as the form is opened with them."""
        begin: dict[str, Any] = {f"from_{weekday}": begins for weekday, (begins, _) in hours.items()}
        return begin | {f"until_{weekday}": ends for weekday, (_, ends) in hours.items()}

    def days(self) -> list[tuple[str, Any, Any]]:
        """The fields of each day, as they are drawn beside each other."""
        return [(day, self[f"from_{weekday}"], self[f"until_{weekday}"]) for weekday, day in enumerate(WEEKDAYS)]

    def wanted(self) -> Hours:
        """What was filled in, once it is valid. Raises `Refusal` for a day of which only one end was entered."""
        hours: dict[int, tuple[time, time]] = {}
        for weekday, (day, begins, ends) in enumerate(self.days()):
            if (begins.data is None) != (ends.data is None):
                missing = "from" if begins.data is None else "until"
                raise Refusal(f"Enter both times for {day}, or leave both empty", f"{missing}_{weekday}")
            if begins.data is not None and ends.data is not None:
                hours[weekday] = (begins.data, ends.data)
        return hours


for number, weekday_name in enumerate(WEEKDAYS):
    setattr(HoursForm, f"from_{number}", TimeField(f"{weekday_name} from"))
    setattr(HoursForm, f"until_{number}", TimeField(f"{weekday_name} until"))


class LeaveForm(Form):
    """Days on which someone is not at work."""

    first_on = DateField(
        "First day", [Required("Enter the first day")], what="the first day", hint="For example, 27 7 2026"
    )
    last_on = DateField("Last day", what="the last day", hint="Leave this empty for one day")
    part = RadiosField("How much of the day?", [Required("Select how much of the day")], choices=DayPart)
    reason = TextField(
        "Reason",
        max_length=rules.LONGEST_REASON,
        hint="Only managers and the person on leave read this",
        width="two-thirds",
    )

    def wanted(self) -> DaysOff:
        """What was filled in, once it is valid."""
        if self.first_on.data is None:
            raise ValueError("leave has a first day")
        return DaysOff(self.first_on.data, self.last_on.data or self.first_on.data, self.part.data)


class RemoveLeaveForm(Form):
    """Nothing but a button."""


class FeedForm(Form):
    """Nothing but a button."""
