"""The clock strip: one thin line from the last contact to the lapse, with today on it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from ehe_portal.core.govuk.words import days_away, long_date

MARGIN = 3.0  # Per cent kept free at both ends, so that no mark is cut off.


@dataclass(frozen=True)
class ClockStrip:
    """What a clock strip shows; all are London dates.

    `since` is where the line begins: the last contact, or where there was none yet the day home education began
    (`contacted=False`). The clock lapses on the day after `grace_ends`. `lapsed` says that it has been found to.
    `held_until` is the last day of a hold that runs.
    """

    today: date
    since: date
    due_on: date
    grace_ends: date
    contacted: bool = True
    lapsed: bool = False
    held_until: date | None = None

    @property
    def lapses_on(self) -> date:
        """The first day on which the contact counts as lapsed."""
        return self.grace_ends + timedelta(days=1)

    def place(self, on: date) -> str:
        """Where a day stands, as "34.20%" of the width from the left."""
        first = min(self.since, self.today)
        last = max(self.lapses_on, self.today)
        share = (on - first).days / max((last - first).days, 1)
        return f"{MARGIN + share * (100 - 2 * MARGIN):.2f}%"

    @property
    def title(self) -> str:
        """The picture in a few words."""
        return f"Contact clock: next contact due {days_away(self.due_on, self.today)}"

    @property
    def description(self) -> str:
        """Everything that the picture shows, in words."""
        began = "Last contact" if self.contacted else "No contact yet; clock started"
        lapse = "Lapsed" if self.today >= self.lapses_on else "Lapses"
        held = f"Held until {long_date(self.held_until)}. " if self.held_until else ""
        return (
            f"{began} {long_date(self.since)}. Next contact due {long_date(self.due_on)}. "
            f"{held}Grace until {long_date(self.grace_ends)}. {lapse} on {long_date(self.lapses_on)}. "
            f"Today is {long_date(self.today)}."
        )

    @property
    def marks(self) -> list[tuple[str, str, date]]:
        """Each mark with its shape's name, its words and its day, in the order of the line's legend."""
        return [
            ("since", "Last contact" if self.contacted else "Clock started", self.since),
            ("due", "Due", self.due_on),
            *([("held", "Held until", self.held_until)] if self.held_until else []),
            ("lapse", "Lapsed" if self.today >= self.lapses_on else "Lapses", self.lapses_on),
            ("today", "Today", self.today),
        ]
