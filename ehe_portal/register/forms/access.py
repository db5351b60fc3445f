"""What is asked when a parent is invited to see a child's page, answers, is verified, or no longer may."""

from ehe_portal.core.govuk import (
    CheckboxField,
    DateField,
    EmailField,
    Form,
    Required,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.register.rules.rows import NAME_LENGTH


class InviteForm(Form):
    """Nothing but a button: an invitation goes to the address on the record."""

    version = VersionField()


class MatchForm(Form):
    """Which account is this parent's."""

    version = VersionField()
    email = EmailField(
        "Email address of the account",
        [Required("Enter the email address of the account")],
        width="two-thirds",
        hint="The one with which they sign in",
    )
    satisfied = CheckboxField(
        "I am satisfied that this account is this parent’s and that they care for this child",
        [Required("Select that you are satisfied who this is")],
        hint="From now on they see the child’s page, and nothing of another parent’s contact details.",
    )


class VerifyForm(Form):
    """Being satisfied who answered an invitation."""

    version = VersionField()
    satisfied = CheckboxField(
        "I am satisfied who this is and that they care for this child",
        [Required("Select that you are satisfied who this is")],
        hint="From now on they see the child’s page, and nothing of another parent’s contact details.",
    )


class EndAccessForm(Form):
    """Why a parent's access, or an invitation, ends."""

    version = VersionField()
    why = TextAreaField(
        "Why does it end?",
        [Required("Enter why it ends")],
        rows=4,
        max_length=2000,
        hint="For officers to read. The parent is told that it ended, and not why.",
    )


class ClaimForm(Form):
    """What an invited parent says of the child, for an officer to compare."""

    child_named = TextField(
        "Your child’s full name", [Required("Enter your child’s full name")], max_length=NAME_LENGTH
    )
    child_born_on = DateField(
        "Your child’s date of birth",
        [Required("Enter your child’s date of birth")],
        what="your child’s date of birth",
        hint="For example, 27 3 2016",
    )
