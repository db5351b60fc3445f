"""Every page of a registration with its form and its heading, by the names that rules/questions.py gives them.

The pages online, the officers' page and the paper form are all drawn from these, so they cannot ask different things.
"""

from typing import Final, NamedTuple

from wtforms.validators import ValidationError

from ehe_portal.core.govuk import RadiosField
from ehe_portal.register.forms.asking import AskedForm
from ehe_portal.register.forms.children import (
    AddressForm,
    BeganForm,
    BornForm,
    EthnicityForm,
    HoursForm,
    LanguagesForm,
    NameForm,
    NeedsForm,
    ReasonForm,
    SchoolForm,
    SexForm,
    StyleForm,
    SuggestedForm,
    TeachersForm,
)
from ehe_portal.register.forms.families import (
    AccessForm,
    HomeForm,
    InterpreterForm,
    OtherForm,
    OtherReachForm,
    ReachForm,
    RelationshipForm,
    SupportForm,
    WaysForm,
    YouForm,
)
from ehe_portal.register.rules.answers import OtherParent

OTHER: Final = frozenset({"other_email", "other_phone", "other_address"})
"""How to reach another parent."""


class Asked(NamedTuple):
    """A page's form, its heading where it asks several things, and what stands under that."""

    form: type[AskedForm]
    title: str = ""
    words: str = ""


ASKED: Final[dict[str, Asked]] = {
    "name": Asked(NameForm, "What is your child’s name?"),
    "born": Asked(BornForm),
    "sex": Asked(SexForm),
    "address": Asked(AddressForm),
    "began": Asked(BeganForm),
    "school": Asked(SchoolForm, "The last school or nursery"),
    "suggested": Asked(SuggestedForm),
    "reason": Asked(ReasonForm),
    "style": Asked(StyleForm),
    "teachers": Asked(TeachersForm),
    "hours": Asked(HoursForm, "Time spent on education"),
    "sen": Asked(NeedsForm),
    "languages": Asked(LanguagesForm),
    "ethnicity": Asked(EthnicityForm),
    "you": Asked(YouForm),
    "relationship": Asked(RelationshipForm, "You and your child"),
    "reach": Asked(ReachForm),
    "home": Asked(HomeForm),
    "other": Asked(OtherForm),
    "other-reach": Asked(
        OtherReachForm,
        "How to reach the other parent or carer",
        "We never show one parent’s address, phone or email to the other.",
    ),
    "ways": Asked(WaysForm),
    "interpreter": Asked(InterpreterForm),
    "access": Asked(AccessForm),
    "support": Asked(SupportForm),
}
"""Every page by its name."""


class KeyedChildForm(
    NameForm,
    BornForm,
    SexForm,
    AddressForm,
    BeganForm,
    SchoolForm,
    SuggestedForm,
    ReasonForm,
    StyleForm,
    TeachersForm,
    HoursForm,
    NeedsForm,
    LanguagesForm,
    EthnicityForm,
):
    """All that is asked of a child, on one page: an officer keys it in from paper."""


class KeyedFamilyForm(
    YouForm,
    RelationshipForm,
    ReachForm,
    HomeForm,
    OtherForm,
    OtherReachForm,
    WaysForm,
    InterpreterForm,
    AccessForm,
    SupportForm,
):
    """All that is asked of the parents, on one page."""

    def validate_has_other(self, field: RadiosField) -> None:
        """What is typed about another parent is not dropped because this was left out."""
        told = [name for name, answer in self.answers().items() if name in OTHER and answer]
        if told and field.data is not OtherParent.YES:
            raise ValidationError("Select yes, or leave out how to reach another parent")
