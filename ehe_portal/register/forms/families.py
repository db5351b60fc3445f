"""What a registration asks of the parents, and how they would like to be in contact, in the words of its pages."""

from ehe_portal.core.codes import ContactWay
from ehe_portal.core.govuk import (
    YES_NO,
    CheckboxesField,
    Choice,
    EmailField,
    PhoneField,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from ehe_portal.register.forms.asking import LONGEST_WISH, AskedForm
from ehe_portal.register.rules.answers import OtherParent
from ehe_portal.register.rules.reading import RESPONSIBILITY_WORDS
from ehe_portal.register.rules.rows import LINE_LENGTH, NAME_LENGTH


class YouForm(AskedForm):
    """The parent who tells us."""

    parent_name = TextField("What is your full name?", max_length=NAME_LENGTH, autocomplete="name")


class RelationshipForm(AskedForm):
    """What the parent is to the child."""

    relationship = TextField(
        "Your relationship to the child",
        max_length=NAME_LENGTH,
        width="two-thirds",
        hint="For example, mother, father, grandparent, foster carer",
    )
    responsibility = RadiosField(
        "Do you have parental responsibility for the child?",
        choices=RESPONSIBILITY_WORDS.items(),
        hint="Mothers have it automatically, and most fathers. It is fine if you are not sure.",
    )


class ReachForm(AskedForm):
    """How to reach the parent; online their email is their account's."""

    phone = PhoneField(
        "What is your phone number?",
        autocomplete="tel",
        hint="We ask so that an adviser can ring you, if you would like that. We can write instead.",
    )
    parent_email = EmailField("What is your email address?", autocomplete="email")


class HomeForm(AskedForm):
    """Whether the parent lives elsewhere."""

    lives_with_child = RadiosField(
        "Do you live at the same address as your child?",
        choices=(Choice(True, "Yes"), Choice(False, "No", reveals=("parent_address",))),
        hint="We ask so that letters reach you. We never show one parent’s address to the other.",
    )
    parent_address = TextField("Your address", max_length=LINE_LENGTH)


class OtherForm(AskedForm):
    """Another parent or carer: nobody has to tell of one."""

    has_other = RadiosField(
        "Is there another parent or carer we should know of?",
        choices=(
            Choice(OtherParent.YES, "Yes", reveals=("other_name", "other_relationship", "other_responsibility")),
            Choice(OtherParent.NO, "No"),
            Choice(OtherParent.NOT_SAID, "I would rather not say"),
        ),
        hint="We ask because they may like to hear from us too. If it would not be safe for someone to be contacted, "
        "do not name them here.",
    )
    # Nothing can be kept of someone without a name, whatever the law asks.
    other_name = TextField("Their full name", [Required("Enter their full name")], max_length=NAME_LENGTH)
    other_relationship = TextField("Their relationship to the child", max_length=NAME_LENGTH, width="two-thirds")
    other_responsibility = SelectField(
        "Do they have parental responsibility?", choices=RESPONSIBILITY_WORDS.items(), blank="Leave out"
    )


class OtherReachForm(AskedForm):
    """How to reach another parent."""

    other_email = EmailField("Their email address")
    other_phone = PhoneField("Their phone number")
    other_address = TextField(
        "Their address", max_length=LINE_LENGTH, hint="Only if it is different from the child’s, and you want to say."
    )


class WaysForm(AskedForm):
    """How to be in contact."""

    ways = CheckboxesField(
        "How would you like to be in contact with us?",
        choices=ContactWay,
        hint="You may choose any of these. You do not have to let us visit your home. Select all that suit you.",
    )


class InterpreterForm(AskedForm):
    """Whether an interpreter would help."""

    interpreter = RadiosField(
        "Would you like an interpreter?",
        choices=(Choice(True, "Yes", reveals=("interpreter_language",)), YES_NO[1]),
        hint="We ask so that we can bring one. It is free. British Sign Language counts too.",
    )
    interpreter_language = TextField("Which language?", max_length=NAME_LENGTH, width="two-thirds")


class AccessForm(AskedForm):
    """What makes contact easier."""

    access_needs = TextAreaField(
        "Is there anything that would make it easier to be in contact with you?",
        max_length=LONGEST_WISH,
        hint="We ask so that we get it right. For example, large print, a quiet room, or no calls before 10am",
    )


class SupportForm(AskedForm):
    """What would help."""

    support = TextAreaField(
        "Is there any support that you would like?",
        max_length=LONGEST_WISH,
        hint="We ask so that we can help where we can. For example, where to take exams, groups to join, or going "
        "back to school",
    )
