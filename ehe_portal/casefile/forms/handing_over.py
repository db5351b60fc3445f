"""What is asked of those who hand children over: which, and to whom."""

from collections.abc import Mapping, Sequence

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Tier
from ehe_portal.core.govuk import (
    CheckboxesField,
    Choice,
    Form,
    HiddenField,
    RadiosField,
    Required,
    SearchForm,
    SelectField,
    TextField,
    VersionField,
)
from ehe_portal.core.govuk.words import counted
from ehe_portal.core.school_age import year_group_name
from ehe_portal.register.queries import TEAM

ONE, EVENLY = "one", "evenly"
ALL, TICKED = "all", "ticked"
YEARS = range(-1, 12)


def with_load(adviser: Account, loads: Mapping[int | None, int], away: str) -> str:
    """An adviser as someone to give children to: how many they have, and whether they are here."""
    has = counted(loads.get(adviser.id, 0), "child", "children")
    invited = "has not accepted the invitation yet" if adviser.is_invited else ""
    return f"{adviser.name} ({', '.join(part for part in (has, away[:1].lower() + away[1:], invited) if part)})"


class FilterForm(SearchForm):
    """Which children may be moved."""

    adviser = SelectField("Adviser now", blank="Anyone")
    tier = SelectField("Tier", choices=Tier, blank="Any")
    year = SelectField("School year", choices=[(str(year), year_group_name(year)) for year in YEARS], blank="Any")
    postcode = TextField("Postcode area", max_length=8, width="5", hint="The beginning of a postcode, like BH or BH16")


class WhichForm(Form):
    """Which children: all who match, or those who are ticked."""

    which = RadiosField("Which children?", [Required("Select which children to move")])
    child = CheckboxesField("Children", [Required("Select the children to move")])

    def offer_children(self, children: Sequence[Choice], how_many: int) -> None:
        """Offer children, the first of so many who match."""
        self.child.choices = children
        everyone = (
            f"All {counted(how_many, 'child', 'children')} who match" if how_many != 1 else "The child who matches"
        )
        self.which.choices = [Choice(ALL, everyone), Choice(TICKED, "Only some, whom I tick", reveals=("child",))]


class ToWhomForm(Form):
    """Who should have them: one adviser, several, or for a few days the team."""

    how = RadiosField("Who should have these children?", [Required("Select who should have these children")])
    adviser = SelectField("Adviser", [Required("Select an adviser")], blank="Select an adviser")
    advisers = CheckboxesField("Advisers", [Required("Select the advisers to share among")])

    def offer(self, advisers: Sequence[Account], labels: Mapping[int, str], team_days: int) -> None:
        """Offer these advisers, and the team for so many working days."""
        offered = [Choice(one.reference, labels[one.id]) for one in advisers]
        self.adviser.choices = offered
        self.advisers.choices = offered
        self.how.choices = [
            Choice(ONE, "One adviser", reveals=("adviser",)),
            Choice(
                EVENLY,
                "Several advisers, in even shares",
                "Children at the same address stay together",
                reveals=("advisers",),
            ),
            Choice(TEAM, "The team", f"For {counted(team_days, 'working day')} at most, until someone is named"),
        ]

    def references(self) -> list[str]:
        """The references of those who were chosen; none for the team."""
        if self.how.data == ONE:
            return [self.adviser.data]
        return list(self.advisers.data) if self.how.data == EVENLY else []


class PickForm(WhichForm, ToWhomForm):
    """Which children, and to whom."""


class MoveForm(Form):
    """Nothing but a button. `seal` tells what was looked at from what is there now."""

    seal = HiddenField()


class HandOverForm(ToWhomForm):
    """All that someone has, before they leave or do other work. `version` is of their account."""

    version = VersionField()
    seal = HiddenField()
    owner = SelectField(
        "Who owns their escalations from now on?",
        [Required("Select who owns their escalations from now on")],
        blank="Select someone",
    )
    finder = SelectField(
        "Who finds out about destinations that nobody has confirmed yet?",
        [Required("Select who finds out about their destinations from now on")],
        blank="Select someone",
    )

    def ask_only(self, *, children: bool, owned: bool, awaited: bool) -> None:
        """Leave out what there is nothing to ask about."""
        if not children:
            del self.how, self.adviser, self.advisers
        if not owned:
            del self.owner
        if not awaited:
            del self.finder
