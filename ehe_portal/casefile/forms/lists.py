"""What officers are asked in the windows: lists and what is done to their rows."""

from collections.abc import Collection, Mapping
from typing import Any

from ehe_portal.casefile.queries import register as queries
from ehe_portal.casefile.queries.marks import Shown
from ehe_portal.core.codes import SenStatus, SocialCare, Tier
from ehe_portal.core.govuk import (
    CheckboxesField,
    Form,
    HiddenField,
    Required,
    SearchForm,
    SelectField,
    TextField,
)
from ehe_portal.core.govuk.choices import key_of
from ehe_portal.core.school_age import year_group_name
from ehe_portal.register.queries import LONGEST


class GiveForm(Form):
    """Giving several children to one adviser. `seen` has the version of each episode, as it was read."""

    seen = HiddenField(max_length=10_000)
    adviser = SelectField("Who should have them?", [Required("Select an adviser")])

    def versions(self, chosen: Collection[str]) -> dict[str, int]:
        """The version of the episode of each chosen child; 0, which none has, where none was sent."""
        pairs = (part.partition(".") for part in self.seen.data.split())
        sent = {
            reference: int(version)
            for reference, _, version in pairs
            if version.isascii() and version.isdigit() and len(version) < 10
        }
        return {reference: sent.get(reference, 0) for reference in chosen}


class FilterForm(SearchForm):
    """Which children to list, in which order and columns. The view offers the advisers."""

    adviser = SelectField("Adviser", blank="Anyone")
    state = SelectField("Episode", choices=queries.STATES.items(), blank=None)
    due = SelectField("Next contact", choices=queries.DUE_WINDOWS.items(), blank="Any time")
    sort = SelectField("Order by", choices=queries.SORTS.items(), blank=None)
    tier = SelectField("Tier", choices=Tier, blank="Any")
    social_care = SelectField("Social care", choices=SocialCare, blank="Any")
    sen = SelectField("Special educational needs", choices=SenStatus, blank="Any")
    year = SelectField("School year", choices=[(group, year_group_name(group)) for group in range(12)], blank="Any")
    seen = SelectField("Child seen", choices=[("never", "Never seen")], blank="Seen or not")
    double = SelectField("Possible double", choices=[("yes", "May be on the register twice")], blank="Any")
    stand = SelectField("In sight as", choices=queries.STANDS.items(), blank="Any")
    since = SelectField(
        "Last contact, or opened", choices=[(key, band.label) for key, band in queries.SINCE.items()], blank="Any time"
    )
    columns = CheckboxesField(
        "Columns", choices=[(column.key, column.label) for column in queries.COLUMNS.values()], small=True
    )

    first = ("adviser", "state", "due", "sort")
    further = ("tier", "social_care", "sen", "year", "seen", "double", "stand", "since")

    def asked(self) -> dict[str, Any]:
        """What is asked for, as it stands in an address; what is so anyway is left out."""
        said = {name: key_of(self[name].data) for name in (*self.first, *self.further)}
        usual = {"state": "open", "sort": "name"}
        kept: dict[str, Any] = {name: value for name, value in said.items() if value and value != usual.get(name)}
        chosen = tuple(self.columns.data)
        if chosen and chosen != queries.BEGINS_WITH:
            kept["columns"] = list(chosen)
        return kept

    def wanted(self, search: Any, advisers: Mapping[str, int]) -> queries.Wanted:
        """The same for the query; `advisers` are numbers by reference."""
        adviser = self.adviser.data
        return queries.Wanted(
            search=search,
            adviser=queries.TEAM if adviser == queries.TEAM else advisers.get(adviser or ""),
            tier=self.tier.data,
            social_care=self.social_care.data,
            sen=self.sen.data,
            year=self.year.data,
            due=self.due.data,
            never_seen=self.seen.data == "never",
            double=self.double.data == "yes",
            stand=self.stand.data,
            since=self.since.data,
            state=self.state.data or "open",
            sort=self.sort.data or "name",
            columns=tuple(self.columns.data) or queries.BEGINS_WITH,
        )


class SightForm(SearchForm):
    """Whose marks to show. The view offers the advisers."""

    adviser = SelectField("Adviser", blank="Anyone")
    tier = SelectField("Tier", choices=Tier, blank="Any")
    year = SelectField("School year", choices=[(group, year_group_name(group)) for group in range(12)], blank="Any")
    seen = SelectField("Child seen", choices=[("never", "Never seen")], blank="Seen or not")

    def asked(self) -> dict[str, Any]:
        """What is asked for, as it stands in an address."""
        said = {name: key_of(self[name].data) for name in ("adviser", "tier", "year", "seen")}
        return {name: value for name, value in said.items() if value}

    def shown(self, advisers: Mapping[str, int]) -> Shown:
        """The same for the query; `advisers` are numbers by reference."""
        adviser = self.adviser.data
        return Shown(
            adviser=queries.TEAM if adviser == queries.TEAM else advisers.get(adviser or ""),
            tier=self.tier.data,
            year=self.year.data,
            never_seen=self.seen.data == "never",
        )


class FindForm(Form):
    """The search box of the register. It is posted, for a name has no place in an address."""

    marks_optional = False
    words = TextField(
        "Search the register",
        [Required("Enter a name, reference, number, date of birth or postcode")],
        max_length=LONGEST,
        hint="Name, reference, UPN, NHS number, date of birth or postcode",
    )


class KeepForm(Form):
    """Keeping the filters of a list under a name."""

    name = TextField(
        "Name of the list",
        [Required("Enter a name for the list")],
        max_length=60,
        width="20",
        hint="Only you see it. For example, Overdue in Year 6. Do not use a child’s name.",
    )


class ButtonForm(Form):
    """Nothing but a button."""
