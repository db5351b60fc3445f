"""What a registration asks of each child, in the words of its pages."""

from wtforms.validators import ValidationError

from ehe_portal.core.codes import EducationStyle, Ethnicity, PreviousSchoolType, PrimaryReason, SenStatus, Sex
from ehe_portal.core.days import add_months
from ehe_portal.core.govuk import (
    CheckboxesField,
    Choice,
    DateField,
    NumberField,
    Postcode,
    RadiosField,
    SelectField,
    TextAreaField,
    TextField,
)
from ehe_portal.register.forms.asking import LONGEST_WISH, AskedForm
from ehe_portal.register.rules.answers import SchoolSuggested
from ehe_portal.register.rules.reading import REASON_WORDS, SEN_WORDS, STYLE_WORDS
from ehe_portal.register.rules.rows import NAME_LENGTH, YEARS_OLD


class NameForm(AskedForm):
    """What the child is called."""

    legal_forename = TextField(
        "Legal first name or names", max_length=NAME_LENGTH, hint="As on the birth certificate or passport"
    )
    legal_surname = TextField("Legal last name", max_length=NAME_LENGTH)
    preferred_name = TextField(
        "Name they like to be called",
        max_length=NAME_LENGTH,
        hint="We ask so that we use the name your child is used to.",
    )


class BornForm(AskedForm):
    """When the child was born."""

    date_of_birth = DateField(
        "What is your child’s date of birth?", what="your child’s date of birth", hint="For example, 27 3 2016"
    )

    def validate_date_of_birth(self, field: DateField) -> None:
        """Not in the future, and not longer ago than any child's."""
        if field.data is not None and field.data > self.today:
            raise ValidationError("Enter a date of birth that is in the past")
        if field.data is not None and field.data < add_months(self.today, -12 * YEARS_OLD):
            raise ValidationError(f"Enter a date of birth that is not over {YEARS_OLD} years ago")


class SexForm(AskedForm):
    """The child's sex."""

    sex = RadiosField(
        "What is your child’s sex?",
        choices=(
            Choice(Sex.FEMALE, "Female"),
            Choice(Sex.MALE, "Male"),
            Choice(Sex.UNKNOWN, "I would rather not say"),
        ),
        hint="We ask because the government counts home-educated girls and boys. No name goes with the numbers.",
    )


class AddressForm(AskedForm):
    """Where the child lives."""

    has_address = RadiosField(
        "Where does your child live?",
        choices=(
            Choice(True, "At an address", reveals=("address_line_1", "address_line_2", "town", "county", "postcode")),
            Choice(False, "They have no fixed address at the moment", "We will use your phone or email instead."),
        ),
    )
    address_line_1 = TextField("Address line 1", max_length=100, autocomplete="address-line1")
    address_line_2 = TextField("Address line 2", max_length=100, autocomplete="address-line2")
    town = TextField("Town or city", max_length=100, width="two-thirds", autocomplete="address-level2")
    county = TextField("County", max_length=100, width="two-thirds")
    postcode = TextField("Postcode", [Postcode()], max_length=20, width="10", autocomplete="postal-code")


class BeganForm(AskedForm):
    """Since when the child is educated at home."""

    ehe_started_on = DateField(
        "When did home education begin, or when will it?",
        what="the date home education began",
        hint="If you are not sure of the day, your best guess is fine. For example, 3 9 2026",
    )

    def validate_ehe_started_on(self, field: DateField) -> None:
        """A day that a child of today can have begun on, or will soon."""
        if field.data is not None and not (
            add_months(self.today, -12 * YEARS_OLD) <= field.data <= add_months(self.today, 24)
        ):
            raise ValidationError("Enter a date in your child’s lifetime, at most 2 years ahead")


class SchoolForm(AskedForm):
    """Where the child was taught before."""

    previous_school_type = SelectField(
        "Where was your child taught before?",
        choices=PreviousSchoolType,
        blank="Leave out",
        hint="We ask because schools and councils pass on records and support when a child moves.",
    )
    previous_school = TextField("Name of the last school or nursery", max_length=NAME_LENGTH, width="two-thirds")


class SuggestedForm(AskedForm):
    """Whether it was the school's idea."""

    school_suggested = RadiosField(
        "Did the school suggest home education to you?",
        choices=(
            Choice(SchoolSuggested.YES, "Yes"),
            Choice(SchoolSuggested.NO, "No"),
            Choice(SchoolSuggested.NOT_SURE, "I am not sure"),
            Choice(SchoolSuggested.NOT_SAID, "I would rather not say"),
        ),
        hint="We ask because home education is for you to choose. No school may press you into it.",
    )


class ReasonForm(AskedForm):
    """Why."""

    reason = SelectField(
        "What is your main reason for home education?",
        choices=[(reason, REASON_WORDS[reason]) for reason in PrimaryReason],
        blank="Leave out",
        hint="We ask because it shows what support families need. You do not have to say.",
    )


class StyleForm(AskedForm):
    """How the education is arranged."""

    styles = CheckboxesField(
        "How is the education arranged?",
        choices=[(style, STYLE_WORDS[style]) for style in EducationStyle],
        hint="We ask so that your adviser knows something of it before you meet. Every way can be a good one. "
        "Select all that apply.",
    )


class TeachersForm(AskedForm):
    """Who else teaches."""

    others_teach = RadiosField(
        "Does anyone else teach your child, such as a tutor or a club?",
        choices=(Choice(True, "Yes", reveals=("other_teachers",)), Choice(False, "No")),
        hint="We ask because it shows more of what your child learns.",
    )
    other_teachers = TextAreaField(
        "Who are they, and what do they teach?",
        max_length=LONGEST_WISH,
        rows=3,
        hint="For example, a maths tutor on Mondays, or a swimming club",
    )


class HoursForm(AskedForm):
    """How long a child is taught: asked only under a law that wants it told."""

    hours_from_parents = NumberField(
        "About how many hours a week do parents teach your child?", most=100, hint="Your best guess is fine."
    )
    hours_from_others = NumberField(
        "About how many hours a week do other people teach your child?", most=100, hint="Enter 0 if nobody else does."
    )


class NeedsForm(AskedForm):
    """Special educational needs."""

    sen_status = RadiosField(
        "Does your child have special educational needs?",
        choices=[(status, SEN_WORDS[status]) for status in SenStatus],
        hint="We ask so that we can tell you about help, and so that a plan is reviewed when it should be.",
    )


class LanguagesForm(AskedForm):
    """What is spoken at home."""

    languages = TextField(
        "Which languages do you speak at home?",
        max_length=NAME_LENGTH,
        hint="We ask so that we can write and speak to you in a way that works. For example, English and Polish",
    )


class EthnicityForm(AskedForm):
    """The child's ethnic group."""

    ethnicity = SelectField(
        "What is your child’s ethnic group?",
        choices=[Choice(one, one.label.replace("Would", "I would")) for one in Ethnicity],
        blank="Leave out",
        hint="We ask so that we can check that we are fair to everyone. It makes no difference to what happens next.",
    )
