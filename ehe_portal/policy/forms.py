"""What is asked of those who set an authority's values and its schools' terms and holidays."""

from dataclasses import fields
from typing import Any

from ehe_portal.core.govuk import (
    DateField,
    FileField,
    Form,
    HiddenField,
    Length,
    NumberField,
    RadiosField,
    Required,
    TextField,
    VersionField,
)
from ehe_portal.policy import rules
from ehe_portal.policy.models import PolicyValues, TermKind
from ehe_portal.policy.service import TermWanted


class PolicyForm(Form):
    """Every value, and the day from which they hold. The values' own fields are put on it below."""

    version = VersionField()

    def values(self) -> PolicyValues:
        """What was filled in, once it is valid."""
        return PolicyValues(**{named.name: self[named.name].data for named in fields(PolicyValues)})

    def unnamed(self) -> list[Any]:
        """The questions for values that have no words of their own yet."""
        return [self[named.name] for named in fields(PolicyValues) if named.name not in rules.NAMED]


def asked(name: str) -> NumberField:
    """The question for one value; one that has no words yet is asked by its name."""
    named = rules.NAMED.get(name, rules.Named(name.replace("_", " ").capitalize(), "see the contact clock"))
    label = f"{named.label} ({named.unit})"
    return NumberField(
        label,
        [Required(f"Enter a number from {named.least} to {named.most} for “{label}”")],
        least=named.least,
        most=named.most,
        what=f"“{label}”",
        hint=named.source,
    )


for each in fields(PolicyValues):
    setattr(PolicyForm, each.name, asked(each.name))
PolicyForm.in_force_from = DateField(
    "From which day do these values hold?",
    [Required("Enter the day from which these values hold")],
    what="the day from which these values hold",
    hint="Today or later, and after the latest version’s. For example, 1 4 2027",
)


class TermForm(Form):
    """A term, half of one, or a holiday."""

    version = VersionField()
    kind = RadiosField(
        "What is it?", [Required("Select whether it is a term or a holiday")], choices=TermKind, inline=True
    )
    name = TextField(
        "Name",
        [Required("Enter a name"), Length(1, rules.LONGEST_TERM_NAME)],
        max_length=rules.LONGEST_TERM_NAME,
        hint="For example, Autumn term, first half",
        width="two-thirds",
    )
    first_on = DateField(
        "First day", [Required("Enter the first day")], what="the first day", hint="For example, 2 9 2026"
    )
    last_on = DateField(
        "Last day", [Required("Enter the last day")], what="the last day", hint="For example, 23 10 2026"
    )

    def wanted(self) -> TermWanted:
        """What was filled in, once it is valid."""
        first_on, last_on = self.first_on.data, self.last_on.data
        if first_on is None or last_on is None:
            raise ValueError("a term has a first and a last day")
        return TermWanted(kind=self.kind.data, name=self.name.data, first_on=first_on, last_on=last_on)


class ImportForm(Form):
    """A school calendar in a file."""

    file = FileField(
        "School calendar",
        [Required("Upload a file")],
        accept=".csv,.ics",
        hint="CSV with the columns kind, name, first_on and last_on, or an iCalendar file of whole days",
    )


class ImportCheckedForm(Form):
    """What was read from a file and looked at."""

    lines = HiddenField(max_length=200_000)

    def carry(self, lines: str) -> None:
        """Let the lines go with the page, whatever came with the request before."""
        self.lines.typed, self.lines.data = None, lines


class RemoveTermForm(Form):
    """Nothing but a button."""

    version = VersionField()
