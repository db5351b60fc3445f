"""What a parent is asked when something changes, and what an officer is asked when taking it up."""

from datetime import date
from typing import Any, Final

from ehe_portal.core.govuk import (
    DateField,
    EmailField,
    Field,
    Form,
    PhoneField,
    Postcode,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.register import service
from ehe_portal.register.forms.officers import FOR_EXAMPLE
from ehe_portal.register.models import ChangeKind, ReportedChange
from ehe_portal.register.rules.reading import RESPONSIBILITY_WORDS
from ehe_portal.register.rules.rows import LINE_LENGTH, NAME_LENGTH

ANYTHING_ELSE: Final = "Anything you would like to add"
ONLY_OFFICERS: Final = "Only the council’s officers read this. Another parent who uses this service does not see it."
TO_THE_PARENT: Final = "The parent who told us reads this. Leave out what another person must not know."


class ToldForm(Form):
    """A change that a parent tells us of."""

    def told(self) -> dict[str, str]:
        """What was typed, by the names of the questions; the date is kept apart."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if isinstance(field, Field) and field.shown and name != "from_on" and field.data
        }


class AddressChangeForm(ToldForm):
    """A change of address."""

    address = TextAreaField(
        "What is the new address?",
        [Required("Enter the new address")],
        rows=4,
        max_length=LINE_LENGTH,
        hint=f"If you have no fixed address at the moment, say so here. {ONLY_OFFICERS}",
    )
    postcode = TextField("Postcode", [Postcode()], max_length=20, width="10", autocomplete="postal-code")
    from_on = DateField(
        "When did your child move there, or when will they?",
        [Required("Enter the date of the move, for example 3 9 2026")],
        what="the date of the move",
        hint=FOR_EXAMPLE,
    )
    words = TextAreaField(ANYTHING_ELSE, rows=3, max_length=5000)


class SchoolChangeForm(ToldForm):
    """Going back to school."""

    school = TextField("Which school or college?", [Required("Enter the name of the school")], max_length=NAME_LENGTH)
    from_on = DateField(
        "When did your child start there, or when will they?",
        [Required("Enter the date on which your child starts, for example 3 9 2026")],
        what="the date on which your child starts",
        hint="If you are not sure of the day, your best guess is fine. For example, 3 9 2026",
    )
    words = TextAreaField(ANYTHING_ELSE, rows=3, max_length=5000)


class MovingChangeForm(ToldForm):
    """Moving to another council's area, or abroad."""

    where = TextField(
        "Where are you moving to?",
        [Required("Enter where you are moving to")],
        max_length=LINE_LENGTH,
        hint="The town, council or country",
    )
    address = TextAreaField("The new address, if you know it", rows=4, max_length=LINE_LENGTH, hint=ONLY_OFFICERS)
    from_on = DateField(
        "When did you move, or when will you?",
        [Required("Enter the date of the move, for example 3 9 2026")],
        what="the date of the move",
        hint=FOR_EXAMPLE,
    )
    words = TextAreaField(ANYTHING_ELSE, rows=3, max_length=5000)


class ParentChangeForm(ToldForm):
    """Another parent or carer."""

    name = TextField("Their full name", [Required("Enter their full name")], max_length=NAME_LENGTH)
    relationship = TextField("Their relationship to the child", max_length=NAME_LENGTH, width="two-thirds")
    email = EmailField("Their email address", hint="So that the council can invite them to this service")
    phone = PhoneField("Their phone number")
    address = TextField("Their address", max_length=LINE_LENGTH, hint="Only if you want to say")
    words = TextAreaField(ANYTHING_ELSE, rows=3, max_length=5000, hint=ONLY_OFFICERS)


class OtherChangeForm(ToldForm):
    """Something else."""

    words = TextAreaField(
        "What has changed?", [Required("Enter what has changed")], rows=6, max_length=5000, hint=ONLY_OFFICERS
    )


CHANGE_FORMS: Final[dict[ChangeKind, type[ToldForm]]] = {
    ChangeKind.ADDRESS: AddressChangeForm,
    ChangeKind.SCHOOL: SchoolChangeForm,
    ChangeKind.MOVING_AWAY: MovingChangeForm,
    ChangeKind.NEW_PARENT: ParentChangeForm,
    ChangeKind.SOMETHING_ELSE: OtherChangeForm,
}
"""What is asked about each kind of change."""


class TakeUpForm(Form):
    """Saying what has been done about a change that a parent told us of."""

    version = VersionField()
    answer = TextAreaField(
        "What has been done about it?",
        [Required("Enter what has been done about it")],
        rows=4,
        max_length=2000,
        hint=TO_THE_PARENT,
    )


class TakeUpAddressForm(Form):
    """A new address, as it goes on the record."""

    version = VersionField()
    line = TextField(
        "Address",
        [Required("Enter the address")],
        max_length=LINE_LENGTH,
        hint="On one line, its parts separated by commas",
    )
    postcode = TextField("Postcode", [Postcode()], max_length=20, width="10")
    from_on = DateField(
        "The child lives there from",
        [Required("Enter the date from which the child lives there")],
        what="the date from which the child lives there",
        hint=FOR_EXAMPLE,
    )
    answer = TextAreaField("A few words to the parent", rows=3, max_length=2000, hint=TO_THE_PARENT)

    @staticmethod
    def known(change: ReportedChange) -> dict[str, Any]:
        """What the parent told us, as it might go on the record."""
        lines = change.told.get("address", "").splitlines()
        return {
            "line": ", ".join(part for line in lines if (part := line.strip(" ,"))),
            "postcode": change.told.get("postcode", ""),
            "from_on": change.from_on,
        }

    def address(self) -> tuple[service.Place, date]:
        """What was filled in, once it is valid: where, and from when."""
        if self.from_on.data is None:
            raise ValueError("an address has a first day")
        return service.Place.of(service.Whereabouts.ADDRESS, self.line.data, self.postcode.data), self.from_on.data


class TakeUpParentForm(Form):
    """Another parent or carer, as they go on the record."""

    version = VersionField()
    name = TextField("Full name", [Required("Enter their full name")], max_length=NAME_LENGTH)
    relationship = TextField("Relationship to the child", max_length=NAME_LENGTH, width="two-thirds")
    responsibility = SelectField(
        "Do they have parental responsibility?", choices=RESPONSIBILITY_WORDS.items(), blank="Not known"
    )
    email = EmailField("Email address")
    phone = PhoneField("Phone number")
    address = TextField("Address", max_length=LINE_LENGTH)
    answer = TextAreaField("A few words to the parent who told us", rows=3, max_length=2000, hint=TO_THE_PARENT)

    def parent(self) -> service.Carer:
        """What was filled in, once it is valid."""
        known = {"responsibility": self.responsibility.data} if self.responsibility.data else {}
        return service.Carer(
            name=self.name.data,
            relationship=self.relationship.data,
            email=self.email.data,
            phone=self.phone.data,
            address=self.address.data,
            **known,
        )


class SetAsideForm(Form):
    """Leaving the record as it is."""

    version = VersionField()
    answer = TextAreaField(
        "Why does the record stay as it is?",
        [Required("Enter why the record stays as it is")],
        rows=4,
        max_length=2000,
        hint=TO_THE_PARENT,
    )
