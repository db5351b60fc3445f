"""What is asked of those who take a step, answer one, write down how a document was served, or end a case."""

from typing import Any, Final

from ehe_portal.core.govuk import (
    YES_NO,
    CheckboxesField,
    Choice,
    DateField,
    Form,
    RadiosField,
    Required,
    SearchForm,
    SelectField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.orders import rules
from ehe_portal.orders.models import Document, Method, Whose
from ehe_portal.orders.service import Serving
from ehe_portal.register.models import Child, Parent

FOR_EXAMPLE: Final = "For example, 3 9 2026"
CONSIDERED: Final = (
    ("settings", "Where the child learns, and who teaches there"),
    ("home", "The home, as far as it is known"),
    ("learning", "How the child learns, and what"),
)
WAYS: Final = {
    Method.BY_HAND: "Someone of the council gave it to the person, on this day",
    Method.LEFT: "Left on this day where the person lives, or last lived as far as is known",
    Method.POST: "First class. It counts as served when it comes in the ordinary course of post",
    Method.ELECTRONIC: "On a parent only where they agreed in writing, for this kind of document, at this address",
    Method.OTHER: "Only where the law in force allows it",
}


class StepForm(Form):
    """A step. What it does not ask is left out."""

    version = VersionField()
    grounds = CheckboxesField(
        "What does the notice rest on?", [Required("Select what the notice rests on")], choices=rules.Ground
    )
    condition = RadiosField(
        "Why is consent needed?", [Required("Select why consent is needed")], choices=rules.Condition
    )
    applied_on = DateField(
        "When did the application come?",
        [Required("Enter the day on which the application came")],
        what="the day on which the application came",
        hint=FOR_EXAMPLE,
    )
    refusal = RadiosField(
        "What does the refusal rest on?", [Required("Select on what the refusal rests")], choices=rules.Refused
    )
    plan = RadiosField(
        "Is there an education, health and care (EHC) plan?",
        [Required("Select whether there is an EHC plan, and whether it names a school")],
        choices=[
            Choice(rules.Plan.NONE, rules.Plan.NONE.label),
            Choice(rules.Plan.NAMED, rules.Plan.NAMED.label, "That school goes into the order"),
            Choice(rules.Plan.UNNAMED, rules.Plan.UNNAMED.label, "The plan is amended first"),
        ],
    )
    considered = CheckboxesField(
        "What was considered?",
        [Required("Select that all of it was considered")],
        choices=[],
        hint="The law asks for all of it",
    )
    school = TextField(
        "School",
        [Required("Enter the school’s name")],
        max_length=rules.LONGEST_SCHOOL,
        hint="Its full name, as it is to stand in the letter",
    )
    excluded = RadiosField(
        "Has this school permanently excluded the child?",
        [Required("Select whether this school has permanently excluded the child")],
        choices=YES_NO,
        inline=True,
        hint="A school that has is never named",
    )
    alternatives = TextAreaField(
        "Other schools that the parent may choose instead",
        rows=3,
        max_length=rules.LONGEST_NOTE,
        hint="One on each line",
    )
    appeared_on = DateField(
        "On which day did it appear so?",
        [Required("Enter the day on which it appeared so")],
        what="the day on which it appeared so",
        hint=f"The notice is to be served within 5 days, that day included. {FOR_EXAMPLE}",
    )
    determined_on = DateField(
        "On which day was the school determined?",
        [Required("Enter the day on which the school was determined")],
        what="the day on which the school was determined",
        hint=f"The order is to be served within 5 days, that day included. {FOR_EXAMPLE}",
    )
    parents = CheckboxesField(
        "Who is it served on?",
        [Required("Select on whom it is to be served")],
        hint="Each gets a document of their own, and has their own last day. Nothing follows before the latest of them",
    )
    reasons = TextAreaField(
        "Reasons",
        [Required("Enter the reasons")],
        rows=8,
        max_length=rules.LONGEST_REASONS,
        hint="In plain English: the family may read them. Say what they rest on. "
        "Silence, or a visit that was not wanted, is no ground",
    )

    def ask(self, step: rules.Step, child: Child) -> None:
        """Leave only what a step asks."""
        for name in (*rules.DAYS, *rules.CHOICES, "school", "excluded", "alternatives"):
            if name not in step.asks:
                del self[name]
        if "considered" in self:
            self.considered.choices = [Choice(key, words) for key, words in CONSIDERED if key in step.considers]
        if "parents" in step.served:
            self.parents.choices = [Choice(one.reference, one.name, one.responsibility.label) for one in child.carers]
        else:
            del self.parents

    def wanted(self, step: rules.Step) -> rules.Wanted:
        """What was filled in, once it is valid."""
        said = {name: as_said(self[name].data) for name in step.asks if name in self}
        chosen = tuple(self.parents.data) if "parents" in step.served else ()
        return rules.Wanted(step.code, self.reasons.data, said, chosen)


def as_said(answer: Any) -> str:
    """An answer as it is kept: several choices with commas between, a day as YYYY-MM-DD."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, list):
        return ",".join(str(getattr(one, "value", one)) for one in answer)
    return answer.isoformat() if hasattr(answer, "isoformat") else str(getattr(answer, "value", answer))


TAKE, RETURN = "take", "return"


class AnswerForm(Form):
    """Take a step that someone put forward, or return it."""

    verdict = RadiosField(
        "What have you decided?",
        [Required("Select what you have decided")],
        choices=[
            Choice(TAKE, "Take this step", "It is yours from now on, with the reasons above"),
            Choice(RETURN, "Return it", "It has no effect. Whoever put it forward reads why"),
        ],
    )
    answer = TextAreaField("Your reasons", rows=4, max_length=rules.LONGEST_NOTE, hint="Needed where you return it")


class ServeForm(Form):
    """How one document was served."""

    method = RadiosField("How was it served?", [Required("Select how it was served")])
    on = DateField(
        "On which day?",
        [Required("Enter the day on which it was handed over, left, posted or sent")],
        what="the day on which it was handed over, left, posted or sent",
        hint=f"Of a letter, the day on which it was posted. {FOR_EXAMPLE}",
    )
    note = TextAreaField(
        "Proof", rows=3, max_length=rules.LONGEST_NOTE, hint="Who served it, where, and what shows it: a receipt number"
    )

    def offer_ways(self, *, free: bool, to_school: bool) -> None:
        """List the ways of section 572, and where the law allows it any other."""
        self.method.choices = [
            Choice(one, one.label, "" if to_school else words)
            for one, words in WAYS.items()
            if one is not Method.OTHER or free
        ]

    def done(self) -> Serving:
        """What was filled in, once it is valid."""
        if self.on.data is None:
            raise ValueError("a document is served on a day")
        return Serving(self.method.data, self.on.data, self.note.data)


class WhyForm(Form):
    """Why something ends, or is wrong."""

    version = VersionField()
    why = TextAreaField("Why?", [Required("Enter why")], rows=4, max_length=rules.LONGEST_REASONS)


class ConsentForm(Form):
    """A parent's written consent to electronic service."""

    parent = RadiosField("Who agreed?", [Required("Select who agreed")], message="Select a parent or carer")
    document = RadiosField(
        "To be served with what?",
        [Required("Select what they agreed to be served with")],
        choices=[one for one in Document if one is not Document.SCHOOL],
        hint="The law asks for consent to each kind of document",
    )
    address = TextField(
        "At which address?",
        [Required("Enter the address at which they agreed to be served")],
        max_length=254,
        hint="For example an email address, as it stands in what they wrote",
    )
    given_on = DateField(
        "On which day did they agree in writing?",
        [Required("Enter the day on which they agreed in writing")],
        what="the day on which they agreed in writing",
        hint=FOR_EXAMPLE,
    )

    def offer_parents(self, carers: list[Parent]) -> None:
        """List the child's parents and carers."""
        self.parent.choices = [Choice(one.reference, one.name) for one in carers]


class ClocksForm(SearchForm):
    """Which clocks to list."""

    whose = SelectField("Whose time is running", choices=Whose, blank="Anyone’s")


class ConsentEndForm(Form):
    """Nothing but a button."""
