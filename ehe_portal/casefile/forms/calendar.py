"""What is asked of the calendar: whose it is, and how a round of visits is to be laid out."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from flask import request
from typing_extensions import override

from ehe_portal.contact.service import LONGEST_MINUTES, SHORTEST_MINUTES, USUAL_MINUTES, RoundPlan, Slot
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import (
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    NumberField,
    Required,
    SearchForm,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)

MOST_WEEKS = 26
LONGEST_GAP = 120


class WhoseForm(SearchForm):
    """Whose calendar?"""

    adviser = SelectField("Whose calendar")


class RoundForm(SearchForm):
    """Which children, on which day, at which pace."""

    adviser = SelectField("Adviser")
    day = DateField("Day", what="the day", hint="For example, 17 3 2027")
    weeks = NumberField("Due in the next so many weeks", least=1, most=MOST_WEEKS, default=4, width="3")
    postcode = TextField("Postcode area", max_length=8, width="5", hint="The beginning of a postcode, like BH or BH16")
    begins = TimeField("First visit at", default=time(9, 30))
    minutes = NumberField(
        "Minutes for each visit", least=SHORTEST_MINUTES, most=LONGEST_MINUTES, default=USUAL_MINUTES, width="3"
    )
    gap = NumberField("Minutes between visits", least=0, most=LONGEST_GAP, width="3")
    lunch_from = TimeField("Lunch from", default=time(12, 30))
    lunch_until = TimeField("Lunch until", default=time(13, 15))

    @override
    def _posted(self) -> Any:
        # An address that names only a day and an adviser comes from the calendar: the rest is as it usually is.
        return request.args if "weeks" in request.args else None

    def plan(self, ends: time, gap: int, busy: Sequence[Slot]) -> RoundPlan:
        """How the round is laid out; `gap` where none was entered. Without both ends there is no lunch."""
        begins, until = self.lunch_from.data, self.lunch_until.data
        return RoundPlan(
            begins=self.begins.data or time(9, 30),
            minutes=self.minutes.data or USUAL_MINUTES,
            gap=gap if self.gap.data is None else self.gap.data,
            ends=ends,
            lunch=(begins, until) if begins and until and begins < until else None,
            busy=tuple(busy),
        )


class BookForm(Form):
    """Which of the visits proposed, in which order. A field for each, by its first child, is put on it by `book_form`.

    `seen` tells the times that were on the page from those that the answers make now.
    """

    seen = HiddenField()
    note = TextAreaField(
        "A few words to the families", rows=3, max_length=2000, hint="Each family reads them beside its own offer."
    )
    references: Sequence[str] = ()

    def rows(self) -> list[tuple[str, Any, Any]]:
        """The fields of each child: the reference, whether it is in the round, its place."""
        return [(one, self[f"in_{one}"], self[f"place_{one}"]) for one in self.references]

    def ordered(self) -> list[str]:
        """The references of the children in the round, in their order."""
        places = [
            (place.data if place.data is not None else len(self.references) + number, number, reference)
            for number, (reference, ticked, place) in enumerate(self.rows(), 1)
            if ticked.data
        ]
        return [reference for _, _, reference in sorted(places)]

    def must_have_some(self, ordered: Sequence[str], fits: int) -> None:
        """Raises `Refusal` where nobody is ticked, or more than the day is long enough for."""
        if not ordered:
            raise Refusal("Select at least one child")
        if len(ordered) > fits:
            raise Refusal(f"Select {fits} or fewer visits: there is no time for more on that day")


def book_form(names: Sequence[tuple[str, str]], ticked: int) -> BookForm:
    """The form for these visits, as the first child's reference and the names, the first so many of them ticked."""
    fields: dict[str, Any] = {"references": [reference for reference, _ in names]}
    for number, (reference, name) in enumerate(names, 1):
        fields[f"in_{reference}"] = CheckboxField(f"Offer {name} a visit", default=number <= ticked)
        fields[f"place_{reference}"] = NumberField(
            f"Place of {name} in the round",
            [Required("Enter a number for the place in the round")],
            least=1,
            most=99,
            default=number,
            width="2",
        )
    made: type[BookForm] = type("BookForm", (BookForm,), fields)
    return made(prefix="book")
