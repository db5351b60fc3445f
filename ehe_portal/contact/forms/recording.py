"""What is asked when a visit is offered, a contact recorded, writing judged or a contact struck out."""

from datetime import date
from typing import Any, Final, Self

from ehe_portal.contact import service
from ehe_portal.contact.forms.welfare import (
    FOR_EXAMPLE,
    WORRIES,
    AtTheDesk,
    AtTheDoor,
    InShort,
    Signature,
    WhatComesNext,
    Worries,
    WritingQuestions,
    answers_of,
    fit_kind,
    nobody_need_be_there,
    observation_of,
)
from ehe_portal.contact.models import Visit
from ehe_portal.contact.rules import FIELDS, ON_CONTACT, asked_of
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.govuk import (
    YES_NO,
    Choice,
    DateField,
    Field,
    Form,
    HiddenField,
    RadiosField,
    Required,
    TextAreaField,
    VersionField,
)


class FirstForm(Form):
    """What happened, in three answers; what is asked next follows from them."""

    kind = RadiosField(
        "What kind of contact was it?", [Required("Select what kind of contact it was")], choices=ContactKind
    )
    outcome = RadiosField(
        "What came of it?",
        [Required("Select what came of it")],
        choices=[
            Choice(ContactOutcome.HELD, "It took place", "You spoke with the child, or with someone caring for them"),
            Choice(ContactOutcome.NO_ANSWER, "There was no answer"),
            Choice(ContactOutcome.NO_ACCESS, "You came, but the visit or meeting did not go ahead"),
            Choice(ContactOutcome.CANCELLED_BY_FAMILY, "The family cancelled it"),
            Choice(ContactOutcome.CANCELLED_BY_AUTHORITY, "We cancelled it"),
            Choice(ContactOutcome.RECEIVED, "It came from the family", "For a report, letter or email"),
            Choice(ContactOutcome.SENT, "We sent it", "For a report, letter or email"),
        ],
    )
    happened_on = DateField("When was it?", [Required("Enter the date of the contact")], hint=FOR_EXAMPLE)
    visit = HiddenField()


class Asked(Form):
    """The second page of recording a contact: whatever the first three answers ask for."""

    visit = HiddenField()

    def happened(
        self, kind: ContactKind, outcome: ContactOutcome, happened_on: date, visit: Visit | None
    ) -> service.Happened:
        """All that was filled in on both pages, once it is valid."""
        return service.Happened(
            kind=kind,
            outcome=outcome,
            happened_on=happened_on,
            substantive=self["substantive"].data if "substantive" in self else None,
            check=self.check(kind, outcome),
            signed="signed" in self and self["signed"].data,
            observation=observation_of(self),
            visit=visit,
            **answers_of(self, ON_CONTACT),
        )

    def check(self, kind: ContactKind, outcome: ContactOutcome) -> service.Check | None:
        """The welfare check, where one is asked for."""
        names = [name for name in asked_of(kind, outcome) if name not in ON_CONTACT]
        if not names:
            return None
        said = answers_of(self, names)
        return service.Check(**{**said, "persons_present": said["persons_present"] or ""})

    def fit(self, kind: ContactKind, outcome: ContactOutcome) -> Self:
        """Ask for what fits this kind of contact."""
        asked = asked_of(kind, outcome)
        for name in CHECKED & set(self._fields):
            if name not in asked:
                del self[name]
        if "child_seen" in self:
            fit_kind(self, kind)
        elif "persons_present" in self:
            nobody_need_be_there(self)
        return self

    def first(self) -> list[Field]:
        """The questions of the door, and what every contact is asked."""
        later = {*WORRIES, "signed", *AT_THE_DESK}
        return [field for field in self.questions() if field.short_name not in later]

    def later(self) -> list[tuple[str, list[Field]]]:
        """The questions that may wait for the desk, by the section that they belong to."""
        found: list[tuple[str, list[Field]]] = []
        for section, names in FIELDS.items():
            asked: list[Any] = [self[name] for name in names if name in AT_THE_DESK and name in self]
            if asked:
                found.append((section.label, asked))
        return found


class HeldForm(AtTheDoor, WhatComesNext, InShort, AtTheDesk, Worries, Signature, Asked):
    """A contact that took place: the welfare check."""


class ReceivedForm(WritingQuestions, WhatComesNext, InShort, Worries, Asked):
    """Writing received from the family."""


class NoAccessForm(AtTheDoor, InShort, AtTheDesk, Worries, Asked):
    """A door where nobody came in: the few things that can be said of it."""


class ShortForm(InShort, Worries, Asked):
    """An attempt, or something that the authority sent."""


FORMS: Final[dict[ContactOutcome, type[Asked]]] = {
    ContactOutcome.HELD: HeldForm,
    ContactOutcome.RECEIVED: ReceivedForm,
    ContactOutcome.NO_ACCESS: NoAccessForm,
}
CHECKED: Final = frozenset(name for names in FIELDS.values() for name in names) - {"summary", "agreed_next_on"}
AT_THE_DESK: Final = frozenset(vars(AtTheDesk))


def form_for(kind: ContactKind, outcome: ContactOutcome, **known: Any) -> Asked:
    """The second page's form."""
    return FORMS.get(outcome, ShortForm)(**known).fit(kind, outcome)


class SignForm(Form):
    """The signature under a welfare check: a button."""

    version = VersionField()


class AddendumForm(Form):
    """What is added to a signed record."""

    words = TextAreaField(
        "What do you want to add or put right?",
        [Required("Enter what you want to add")],
        rows=6,
        max_length=5000,
        hint="The record itself stays as it was signed. Your name and the date are put under this.",
    )
    for_family = RadiosField(
        "May the family read this in its copy?",
        [Required("Select whether the family may read this")],
        choices=[
            Choice(True, "Yes"),
            Choice(False, "No", "It is about something that is not in the family’s copy, or that one parent told us"),
        ],
    )


class ConfirmForm(Form):
    """Whether writing received tells about the child's education."""

    version = VersionField()
    substantive = RadiosField(
        "Does it tell about this child’s education?",
        [Required("Select whether it tells about this child’s education")],
        choices=YES_NO,
        hint="It need not be long, or in any set form.",
    )


class StrikeOutForm(Form):
    """Why a contact was recorded in error."""

    version = VersionField()
    why = TextAreaField(
        "Why was it recorded in error?",
        [Required("Enter why it was recorded in error")],
        rows=4,
        max_length=2000,
        hint="For example: this was about another child",
    )
