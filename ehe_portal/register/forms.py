"""What a parent is asked when registering a child, and what an officer is asked about registrations and episodes."""

from datetime import date
from typing import Any, Final

from wtforms.validators import ValidationError

from ehe_portal.core.codes import Destination, PreviousSchoolType, PrimaryReason, SocialCare, Tier
from ehe_portal.core.days import add_months
from ehe_portal.core.govuk import (
    CheckboxField,
    Choice,
    DateField,
    EmailField,
    Field,
    Form,
    PhoneField,
    Postcode,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.core.reference import tidy_reference
from ehe_portal.register import service
from ehe_portal.register.rules.answers import REASON_WORDS, RESPONSIBILITY_WORDS
from ehe_portal.register.rules.closing import PROOF
from ehe_portal.register.rules.rows import LINE_LENGTH, NAME_LENGTH, YEARS_OLD

FOR_EXAMPLE: Final = "For example, 3 9 2026"
"""An example of a date, as it is typed."""


class StepForm(Form):
    """One page of a registration. `today` is the London date that dates are judged by."""

    def __init__(self, today: date, **known: Any) -> None:
        self.today = today
        super().__init__(**known)

    def answers(self) -> dict[str, Any]:
        """What was answered, by the names of the questions."""
        return {name: field.data for name, field in self._fields.items() if isinstance(field, Field) and field.shown}


class ChildForm(StepForm):
    """The child."""

    legal_forename = TextField(
        "Legal first name or names",
        [Required("Enter your child’s legal first name")],
        max_length=NAME_LENGTH,
        hint="As on the birth certificate or passport",
    )
    legal_surname = TextField(
        "Legal last name", [Required("Enter your child’s legal last name")], max_length=NAME_LENGTH
    )
    preferred_name = TextField(
        "Name they like to be called",
        max_length=NAME_LENGTH,
        hint="We ask so that we use the name your child is used to.",
    )
    date_of_birth = DateField(
        "Date of birth",
        [Required("Enter your child’s date of birth")],
        what="your child’s date of birth",
        hint="For example, 27 3 2016",
    )

    def validate_date_of_birth(self, field: DateField) -> None:
        """Not in the future, and not longer ago than any child's."""
        if field.data is not None and field.data > self.today:
            raise ValidationError("Enter a date of birth that is in the past")
        if field.data is not None and field.data < add_months(self.today, -12 * YEARS_OLD):
            raise ValidationError(f"Enter a date of birth that is not over {YEARS_OLD} years ago")


class AddressForm(StepForm):
    """Where the child lives."""

    has_address = RadiosField(
        "Where does your child live?",
        [Required("Select where your child lives")],
        choices=(
            Choice(True, "At an address", reveals=("address_line_1", "address_line_2", "town", "county", "postcode")),
            Choice(False, "They have no fixed address at the moment", "We will use your phone or email instead."),
        ),
    )
    address_line_1 = TextField(
        "Address line 1",
        [Required("Enter the first line of the address")],
        max_length=100,
        autocomplete="address-line1",
    )
    address_line_2 = TextField("Address line 2", max_length=100, autocomplete="address-line2")
    town = TextField(
        "Town or city",
        [Required("Enter the town or city")],
        max_length=100,
        width="two-thirds",
        autocomplete="address-level2",
    )
    county = TextField("County", max_length=100, width="two-thirds")
    postcode = TextField(
        "Postcode",
        [Required("Enter the postcode"), Postcode()],
        max_length=20,
        width="10",
        autocomplete="postal-code",
    )


class YouForm(StepForm):
    """The parent who registers. Their email is their account's."""

    parent_name = TextField(
        "Your full name", [Required("Enter your full name")], max_length=NAME_LENGTH, autocomplete="name"
    )
    relationship = TextField(
        "Your relationship to the child",
        [Required("Enter your relationship to the child")],
        max_length=NAME_LENGTH,
        width="two-thirds",
        hint="For example, mother, father, grandparent, foster carer",
    )
    responsibility = RadiosField(
        "Do you have parental responsibility for the child?",
        [Required("Select whether you have parental responsibility")],
        choices=RESPONSIBILITY_WORDS.items(),
        hint="Mothers have it automatically, and most fathers. It is fine if you are not sure.",
    )
    phone = PhoneField(
        "Phone number",
        autocomplete="tel",
        hint="We ask so that an adviser can ring you, if you would like that. We can write instead.",
    )


class OtherParentForm(StepForm):
    """Another parent or carer: all of it may be left out."""

    other_name = TextField("Their full name", max_length=NAME_LENGTH)
    other_relationship = TextField("Their relationship to the child", max_length=NAME_LENGTH, width="two-thirds")
    other_responsibility = SelectField(
        "Do they have parental responsibility?",
        choices=RESPONSIBILITY_WORDS.items(),
        blank="Leave out",
    )
    other_email = EmailField("Their email address")
    other_phone = PhoneField("Their phone number")
    other_address = TextField(
        "Their address", max_length=LINE_LENGTH, hint="Only if it is different from the child’s, and you want to say."
    )

    def validate_other_name(self, field: TextField) -> None:
        """Nothing can be kept of someone without a name."""
        others = [value for name, value in self.answers().items() if name != "other_name" and value]
        if others and not field.data:
            raise ValidationError("Enter their name, or leave all of this page empty")


class EducationForm(StepForm):
    """The education."""

    ehe_started_on = DateField(
        "When did home education begin, or when will it?",
        [Required("Enter the date you started educating at home, for example 3 9 2026")],
        what="the date home education began",
        hint="If you are not sure of the day, your best guess is fine. For example, 3 9 2026",
    )
    previous_school_type = SelectField(
        "Where was your child taught before?",
        choices=PreviousSchoolType,
        blank="Leave out",
        hint="We ask because schools and councils pass on records and support when a child moves.",
    )
    previous_school = TextField("Name of the last school or nursery", max_length=NAME_LENGTH, width="two-thirds")
    reason = SelectField(
        "What is your main reason for home education?",
        choices=[(reason, REASON_WORDS[reason]) for reason in PrimaryReason],
        blank="Leave out",
        hint="We ask because it shows what support families need. You do not have to say.",
    )

    def validate_ehe_started_on(self, field: DateField) -> None:
        """A day that a child of today can have begun on, or will soon."""
        if field.data is not None and not (
            add_months(self.today, -12 * YEARS_OLD) <= field.data <= add_months(self.today, 24)
        ):
            raise ValidationError("Enter a date in your child’s lifetime, at most 2 years ahead")


class SubmitForm(Form):
    """Nothing but the button that sends a registration."""


class AdviserForm(Form):
    """Choosing an adviser; the choices are set by the view."""

    version = VersionField()
    adviser = SelectField("Adviser", [Required("Select an adviser")])


class AcceptForm(AdviserForm):
    """Accepting a registration."""

    satisfied = CheckboxField(
        "I am satisfied who the parent is and that they care for this child",
        [Required("Select that you are satisfied who the parent is")],
        hint="Until you say so they see only what they typed themselves.",
    )


class JoinForm(Form):
    """Finding a registered child to be one already known. The view removes what does not apply."""

    version = VersionField()
    adviser = SelectField("Adviser", [Required("Select an adviser")])
    take_address = CheckboxField(
        "The child now lives at the address that the parent gave",
        hint="The address on the earlier record is kept as an earlier one.",
    )
    satisfied = CheckboxField(
        "I am satisfied who the parent is and that they care for this child",
        [Required("Select that you are satisfied who the parent is")],
        hint="They will see the record that stays as one of their children.",
    )


class LookUpForm(Form):
    """Finding another record by its reference, to look at the two side by side."""

    other = TextField(
        "Reference of the other record",
        [Required("Enter the reference of the other record")],
        width="10",
        max_length=20,
        hint="It stands under the child’s name, for example 7K2MXQ0R4T.",
    )

    @property
    def reference(self) -> str:
        """The reference that was meant."""
        return tidy_reference(self.other.data)


class ButtonForm(Form):
    """Nothing but a button."""


class AssignForm(Form):
    """Giving an episode to someone."""

    version = VersionField()
    adviser = RadiosField("Who should have this child?", [Required("Select an adviser, or the team")])


class TierForm(Form):
    """How often contact is planned, and what is known of social care."""

    version = VersionField()
    social_care = RadiosField(
        "Social care status",
        [Required("Select the social care status")],
        choices=[
            Choice(SocialCare.NONE, "None"),
            Choice(SocialCare.PAST, "In the past"),
            Choice(SocialCare.CIN, "Child in need", "Contact at least half-yearly"),
            Choice(SocialCare.CP, "Child protection plan", "Contact at the close tier"),
            Choice(SocialCare.LAC, "Looked after", "Contact at least half-yearly"),
            Choice(SocialCare.UNKNOWN, "Not known"),
        ],
    )
    tier = RadiosField("Tier", [Required("Select the tier")], choices=Tier)


NOTE_FIELDS: Final[dict[Destination, str]] = {
    Destination.SCHOOL: "school",
    Destination.OTHER_AUTHORITY: "other_authority",
    Destination.ABROAD: "abroad",
    Destination.DIED: "died",
    Destination.OTHER_ARRANGED: "other_arranged",
    Destination.RECORDED_IN_ERROR: "recorded_in_error",
}
"""The question that goes with each destination."""


def needed(destination: Destination) -> list[Required]:
    """The check of the words that a destination rests on."""
    return [Required(PROOF[destination].note)]


class CloseForm(Form):
    """How an episode ends. The view offers the destinations that the actor may confirm."""

    version = VersionField()
    destination = RadiosField("Where did the child go?", [Required("Select where the child went")])
    school = TextField("Name of the school", needed(Destination.SCHOOL), max_length=LINE_LENGTH)
    on_roll = CheckboxField(
        "The school has confirmed that the child is on roll: an offered place is not enough",
        [Required(PROOF[Destination.SCHOOL].confirmed)],
    )
    other_authority = TextField("Name of the authority", needed(Destination.OTHER_AUTHORITY), max_length=LINE_LENGTH)
    handed_over = CheckboxField(
        "The other authority has accepted the hand-over", [Required(PROOF[Destination.OTHER_AUTHORITY].confirmed)]
    )
    abroad = TextAreaField(
        "What shows that the child lives abroad?",
        needed(Destination.ABROAD),
        max_length=2000,
        hint="For example, a letter from the school there, or what border records say",
    )
    died = TextAreaField("How is this known?", needed(Destination.DIED), max_length=2000)
    other_arranged = TextAreaField(
        "What is the arrangement, and who provides it?", needed(Destination.OTHER_ARRANGED), max_length=2000
    )
    recorded_in_error = TextAreaField(
        "Why was it recorded in error?", needed(Destination.RECORDED_IN_ERROR), max_length=2000
    )
    closed_on = DateField(
        "Last day of the episode",
        [Required("Enter the last day of the episode")],
        what="the last day of the episode",
        hint=FOR_EXAMPLE,
    )

    def offer(self, *, manager: bool) -> None:
        """Offer the destinations that the actor may confirm."""
        extra = {Destination.SCHOOL: ("on_roll",), Destination.OTHER_AUTHORITY: ("handed_over",)}
        self.destination.choices = [
            Choice(code, code.label, reveals=(NOTE_FIELDS[code], *extra.get(code, ())))
            for code, proof in PROOF.items()
            if manager or not proof.managers_only
        ]
        for name in set(NOTE_FIELDS.values()) - {choice.reveals[0] for choice in self.destination.choices}:
            del self[name]

    def closing(self) -> service.Closing:
        """What was filled in, once it is valid."""
        if self.closed_on.data is None:
            raise ValueError("an episode ends on a day")
        destination = self.destination.data
        return service.Closing(
            destination=destination,
            closed_on=self.closed_on.data,
            note=self[NOTE_FIELDS[destination]].data,
            confirmed=bool(self.on_roll.data or self.handed_over.data),
        )


ADVISERS_TEAM: Final = "team"
"""The choice of those whom nobody has yet."""
