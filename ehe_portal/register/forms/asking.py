"""What all pages of a registration share: a question is required by the law's profile, and only by that."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from ehe_portal.core.govuk import Field, Form, Required
from ehe_portal.register.rules.questions import NOT_ONLINE, ONLY_IF_REQUIRED

LONGEST_WISH: Final = 2000

IF_MISSING: Final = {
    "legal_forename": "Enter your child’s legal first name",
    "legal_surname": "Enter your child’s legal last name",
    "preferred_name": "Enter the name your child likes to be called",
    "date_of_birth": "Enter your child’s date of birth",
    "sex": "Select your child’s sex",
    "has_address": "Select where your child lives",
    "address_line_1": "Enter the first line of the address",
    "address_line_2": "Enter the second line of the address",
    "town": "Enter the town or city",
    "county": "Enter the county",
    "postcode": "Enter the postcode",
    "ehe_started_on": "Enter the date you started educating at home, for example 3 9 2026",
    "previous_school_type": "Select where your child was taught before",
    "previous_school": "Enter the name of the last school or nursery",
    "school_suggested": "Select whether the school suggested home education",
    "reason": "Select your main reason",
    "styles": "Select how the education is arranged",
    "others_teach": "Select whether anyone else teaches your child",
    "other_teachers": "Enter who else teaches your child",
    "hours_from_parents": "Enter the hours a week that parents teach",
    "hours_from_others": "Enter the hours a week that others teach",
    "sen_status": "Select whether your child has special educational needs",
    "languages": "Enter the languages spoken at home",
    "ethnicity": "Select your child’s ethnic group",
    "parent_name": "Enter your full name",
    "relationship": "Enter your relationship to the child",
    "responsibility": "Select whether you have parental responsibility",
    "phone": "Enter your phone number",
    "parent_email": "Enter your email address",
    "lives_with_child": "Select whether you live with your child",
    "parent_address": "Enter your address",
    "has_other": "Select whether there is another parent or carer",
    "other_name": "Enter their full name",
    "other_relationship": "Enter their relationship to the child",
    "other_responsibility": "Select whether they have parental responsibility",
    "other_email": "Enter their email address",
    "other_phone": "Enter their phone number",
    "other_address": "Enter their address",
    "ways": "Select how you would like to be in contact",
    "interpreter": "Select whether you would like an interpreter",
    "interpreter_language": "Enter the language of the interpreter",
    "access_needs": "Enter what would make contact easier",
    "support": "Enter the support you would like",
}
"""What is said where a question must be answered and was not."""


class AskedForm(Form):
    """One page of a registration.

    `today` is the London date that dates are judged by; `required` names the questions that must be answered. A
    question that is asked only where a law wants it is left out otherwise, and one that an account answers where the
    family is `online`.
    """

    def __init__(self, today: date, required: Collection[str], *, online: bool = True, **known: Any) -> None:
        self.today = today
        super().__init__(**known)
        unasked = {name for name in ONLY_IF_REQUIRED if name not in required} | (NOT_ONLINE if online else set())
        for name in unasked & set(self._fields):
            del self[name]
        for name, field in self._fields.items():
            if isinstance(field, Field) and field.shown:
                field.says_optional = True
                if name in required and not field.required:
                    field.required = True
                    field.validators = [Required(IF_MISSING[name]), *field.validators]

    def answers(self) -> dict[str, Any]:
        """What was answered, by the names of the questions."""
        return {name: field.data for name, field in self._fields.items() if isinstance(field, Field) and field.shown}
