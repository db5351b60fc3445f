"""What an officer is asked about a child's details, address, carers and family."""

from typing import Any, Final

from wtforms.validators import ValidationError

from ehe_portal.core.codes import Responsibility, SenStatus, Sex
from ehe_portal.core.govuk import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DateField,
    EmailField,
    Form,
    PhoneField,
    Postcode,
    RadiosField,
    Required,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.core.languages import language_name, language_tag
from ehe_portal.core.reference import tidy_reference
from ehe_portal.register import service
from ehe_portal.register.models import Address, Child, Nature, Parent
from ehe_portal.register.rules import identifiers
from ehe_portal.register.rules.rows import LINE_LENGTH, NAME_LENGTH
from ehe_portal.register.service import Place, Whereabouts

LONGEST_WHY: Final = 2000
FOR_EXAMPLE: Final = "For example, 3 9 2026"


class PlaceForm(Form):
    """Where a child lives."""

    version = VersionField()
    whereabouts = RadiosField(
        "Where does the child live?",
        [Required("Select where the child lives")],
        choices=(
            Choice(Whereabouts.ADDRESS, "At an address", reveals=("line", "postcode", "uprn")),
            Choice(Whereabouts.NO_FIXED_ADDRESS, "No fixed address"),
            Choice(
                Whereabouts.NOT_KNOWN,
                "Nobody knows where they live now",
                "Consider raising a concern: the CME team can trace a family",
            ),
        ),
    )
    line = TextField(
        "Address",
        [Required("Enter the address")],
        max_length=LINE_LENGTH,
        hint="On one line, its parts separated by commas. Leave the postcode out",
    )
    postcode = TextField("Postcode", [Postcode()], max_length=20, width="10")
    uprn = TextField("UPRN", max_length=20, width="20", hint="Unique property reference number: 1 to 12 digits")

    def validate_uprn(self, field: TextField) -> None:
        """Digits, kept as they are written."""
        if field.data and identifiers.uprn(field.data) is None:
            raise ValidationError("Enter a UPRN of 1 to 12 digits")

    def place(self) -> Place:
        """What was filled in, once it is valid."""
        return Place.of(self.whereabouts.data, self.line.data, self.postcode.data, self.uprn.data)


class ForOthers:
    """Asks, as `along`, for whom else of the family it is so too; left out where there is nobody to ask about."""

    along: Any

    def offer(self, others: list[Child]) -> None:
        """List those for whom it may be so too."""
        if not others:
            del self.along
            return
        self.along.choices = [Choice(other.reference, other.name) for other in others]

    @property
    def others(self) -> list[str]:
        """The references of those for whom it is so too."""
        return [] if self.along is None else list(self.along.data)


class MoveForm(ForOthers, PlaceForm):
    """Living somewhere else from a day on."""

    from_on = DateField(
        "Since when?",
        [Required("Enter the date from which they live there")],
        what="the date from which they live there",
        hint=FOR_EXAMPLE,
    )
    outside = CheckboxField(
        "This address is in another council’s area",
        hint="Handing over to that council is then put on the adviser’s day. Contact goes on until it has accepted.",
    )
    along = CheckboxesField(
        "Who moved with them?",
        hint="Brothers, sisters and others of the family who are written down at the same address now",
        message="Select from those who live at the same address now",
        mark_optional=False,
    )


class CorrectAddressForm(PlaceForm):
    """What was written down wrongly of an address."""

    from_on = DateField(
        "Since when?",
        [Required("Enter the date from which they lived there")],
        what="the date from which they lived there",
        hint=FOR_EXAMPLE,
    )
    why = TextField("What was wrong?", max_length=LINE_LENGTH, hint="For example, a wrong house number")

    @classmethod
    def opened(cls, address: Address) -> "CorrectAddressForm":
        """The form with what is written down now."""
        whereabouts, line = service.place_of(address)
        return cls(
            version=address.version,
            whereabouts=whereabouts,
            line=line,
            postcode=address.postcode,
            uprn=address.uprn,
            from_on=address.from_on,
        )


class ConfirmAddressForm(Form):
    """That a child lives at an address."""

    version = VersionField()
    confirmed_on = DateField(
        "When was it seen or confirmed?",
        [Required("Enter the date on which it was seen or confirmed")],
        what="the date on which it was seen or confirmed",
        hint=FOR_EXAMPLE,
    )


class ParentForm(Form):
    """A parent or carer."""

    version = VersionField()
    name = TextField("Full name", [Required("Enter their name")], max_length=NAME_LENGTH)
    relationship = TextField(
        "Relationship to the child",
        max_length=NAME_LENGTH,
        width="two-thirds",
        hint="For example, mother, father, grandparent, foster carer",
    )
    responsibility = RadiosField(
        "Parental responsibility",
        [Required("Select whether they have parental responsibility")],
        choices=Responsibility,
    )
    email = EmailField("Email address")
    phone = PhoneField("Phone number")
    address = TextField("Address", max_length=LINE_LENGTH)

    def place_hint(self, position: int) -> None:
        """Say what an empty address means: with the child for the first parent, not known for the others."""
        self.address.hint = (
            "Leave it empty if they live with the child" if position == 1 else "Leave it empty if it is not known"
        )

    def carer(self) -> service.Carer:
        """What was filled in, once it is valid."""
        return service.Carer(
            name=self.name.data,
            relationship=self.relationship.data,
            responsibility=self.responsibility.data,
            email=self.email.data,
            phone=self.phone.data,
            address=self.address.data,
        )


class AddParentForm(ParentForm):
    """A parent or carer whom nobody had written down."""

    from_on = DateField("Caring for the child since", what="the date since which they care for the child",
                        hint=f"If it is known. {FOR_EXAMPLE}")  # fmt: skip


def tidy(field: TextField, read: Any, message: str) -> None:
    """Put a number in its usual form, or say what it should be."""
    if field.data:
        found = read(field.data)
        if found is None:
            raise ValidationError(message)
        field.data = found


def language_of(typed: str) -> str | None:
    """The tag of a language that was typed by its name or as a tag; None for what is neither."""
    return language_tag(typed) or identifiers.language(typed)


class ChildFields(Form):
    """What is asked about a child."""

    version = VersionField()
    legal_forename = TextField(
        "Legal first name or names", [Required("Enter the legal first name")], max_length=NAME_LENGTH
    )
    legal_surname = TextField("Legal last name", [Required("Enter the legal last name")], max_length=NAME_LENGTH)
    preferred_name = TextField("Name they like to be called", max_length=NAME_LENGTH)
    date_of_birth = DateField(
        "Date of birth", [Required("Enter the date of birth")], what="the date of birth", hint="For example, 27 3 2016"
    )
    sex = RadiosField("Sex", [Required("Select the sex, or that it is not known")], choices=Sex)
    sen_status = RadiosField(
        "Special educational needs", [Required("Select what is on record of special needs")], choices=SenStatus
    )
    upn = TextField("UPN", max_length=20, width="20", hint="Unique pupil number: 13 characters")
    nhs_number = TextField("NHS number", max_length=20, width="20", hint="10 digits")
    language = TextField(
        "Language of letters",
        [Required("Enter the language of letters, for example English")],
        max_length=60,
        width="20",
        hint="For example, English, Welsh or Polish",
    )

    def validate_upn(self, field: TextField) -> None:
        """Thirteen characters, of which the first checks the others."""
        tidy(field, identifiers.upn, "Enter a UPN of 13 characters: its first letter must fit the rest")

    def validate_nhs_number(self, field: TextField) -> None:
        """Ten digits, of which the last checks the others."""
        tidy(field, identifiers.nhs_number, "Enter an NHS number of 10 digits: its last digit must fit the rest")

    def validate_language(self, field: TextField) -> None:
        """A language by its name, or by its tag where we have no name for it."""
        if language_of(field.data) is None:
            raise ValidationError("Enter the name of the language, for example English, Welsh or Polish")


TURNS: Final = (
    Choice(Nature.CORRECTION, "The record was wrong", "For example, a name was misspelt"),
    Choice(Nature.CHANGE, "It has changed", "For example, someone has a new phone", reveals=("changed_on",)),
)


class TurnForm(Form):
    """Whether the record was wrong, or life has changed."""

    nature = RadiosField("Was the record wrong, or has it changed?", [Required("Select why it differs")], choices=TURNS)
    changed_on = DateField(
        "From which day?", [Required("Enter the date from which it is so")], what="the date from which it is so",
        hint=FOR_EXAMPLE,
    )  # fmt: skip
    why = TextField("Anything to add", max_length=LINE_LENGTH, hint="For example, who told us, or the deed poll seen")

    def turn(self) -> service.Turn:
        """What was filled in, once it is valid."""
        return service.Turn(self.nature.data, self.changed_on.data, self.why.data)


class DetailsForm(ChildFields, TurnForm):
    """What is known of a child."""

    @classmethod
    def opened(cls, child: Child) -> "DetailsForm":
        """The form with what is written down now."""
        form = cls(obj=child, version=child.version, nature=None, changed_on=None, why=None)
        if form.formdata is None:
            form.language.data = language_name(child.language)
        return form

    def details(self) -> service.Details:
        """What was filled in, once it is valid."""
        if self.date_of_birth.data is None:
            raise ValueError("a child was born on a day")
        return service.Details(
            legal_forename=self.legal_forename.data,
            legal_surname=self.legal_surname.data,
            preferred_name=self.preferred_name.data or None,
            date_of_birth=self.date_of_birth.data,
            sex=self.sex.data,
            sen_status=self.sen_status.data,
            upn=self.upn.data or None,
            nhs_number=self.nhs_number.data or None,
            language=language_of(self.language.data) or self.language.data,
        )


class ChangeParentForm(ParentForm, TurnForm):
    """What is known of a parent or carer."""

    @classmethod
    def opened(cls, parent: Parent) -> "ChangeParentForm":
        """The form with what is written down now."""
        form = cls(
            version=parent.version,
            name=parent.name,
            relationship=parent.relationship_,
            responsibility=parent.responsibility,
            email=parent.email,
            phone=parent.phone,
            address=parent.address,
        )
        form.place_hint(parent.position)
        return form


class EndParentForm(Form):
    """That someone is no longer a parent or carer of the child."""

    version = VersionField()
    until_on = DateField(
        "Until which day?", [Required("Enter the last day")], what="the last day", hint=FOR_EXAMPLE
    )  # fmt: skip
    why = TextAreaField(
        "Why?",
        [Required("Enter why they are no longer a parent or carer of this child")],
        rows=3,
        max_length=LONGEST_WHY,
        hint="For example, a placement ended, or they were written down by mistake",
    )


class ProtectionForm(ForOthers, Form):
    """Why a child's address and whereabouts are hidden, or need not be any more."""

    version = VersionField()
    why = TextAreaField(
        "Reason",
        [Required("Enter the reason")],
        rows=4,
        max_length=LONGEST_WHY,
        hint="Read by officers who may see the address. For example, what was agreed with whom, and until when",
    )
    along = CheckboxesField(
        "For whom else?",
        hint="Others of the family: where a brother or sister is known to live may tell where this child lives",
        message="Select from the children of this family",
        mark_optional=False,
    )


class HouseholdForm(Form):
    """Whether two children belong to one family."""

    version = VersionField()
    linked = SubmitField("They are one family")
    apart = SubmitField("They are not one family", classes="govuk-button--secondary")


class FindFamilyForm(Form):
    """Naming another child of the family."""

    other = TextField(
        "Reference of the other child",
        [Required("Enter the reference of the other child")],
        width="10",
        max_length=20,
        hint="It stands under the child’s name, for example 7K2MXQ0R4T. Search the register to find it",
    )

    @property
    def reference(self) -> str:
        """The reference that was meant."""
        return tidy_reference(self.other.data)
