"""Dates in three boxes, times in one: forgiving in how they are written, exact in what is wrong."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

from markupsafe import Markup
from typing_extensions import override

from ehe_portal.core.govuk import typed_text
from ehe_portal.core.govuk.components import draw
from ehe_portal.core.govuk.field import Check, Field
from ehe_portal.core.govuk.fields import Input

PARTS: Final = ("day", "month", "year")
YEARS: Final = range(1900, 2101)
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_DAY: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
_WHOLE: Final = re.compile(r"(\d{1,2}(?:st|nd|rd|th)?)[\s/.,-]+(\d{1,2}|[a-z]+)[\s/.,-]+(\d{4})", re.IGNORECASE)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME: Final = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?\s*(am|pm|a\.m\.?|p\.m\.?)?", re.IGNORECASE)
_RUN_TOGETHER: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:hrs|h))?", re.IGNORECASE)


class BadDate(ValueError):
    """What stands in the boxes is no date; `parts` are the boxes to look at, the words say what is expected."""

    def __init__(self, words: str, *parts: str) -> None:
        super().__init__(words)
        self.parts = parts or PARTS


def read_day(text: str) -> int | None:
    """The number of a day, from "3", "03" or "3rd"."""
    found = _DAY.fullmatch(text)
    number = int(found[1]) if found else 0
    return number if 1 <= number <= 31 else None


def read_month(text: str) -> int | None:
    """The number of a month, from "3", "03", "March", "mar" or "Sept."."""
    name = text.casefold().rstrip(".")
    if name.isdecimal() and len(name) <= 2:
        return int(name) if 1 <= int(name) <= 12 else None
    if len(name) < 3 or not name.isalpha():
        return None
    return next((number for number, month in enumerate(MONTHS, start=1) if month.startswith(name)), None)


def read_year(text: str) -> int | None:
    """The number of a year written in four figures."""
    fits = text.isdecimal() and len(text) == 4 and int(text) in YEARS
    return int(text) if fits else None


def spread(text: str) -> tuple[str, str, str]:
    """Day, month and year of a date written in one go ("3 March 2027", "3/3/2027", "2027-03-03"), or all as the day."""
    if found := _ISO.fullmatch(text):
        return found[3], found[2], found[1]
    if found := _WHOLE.fullmatch(text):
        return found[1], found[2], found[3]
    return text, "", ""


def read_date(day: str, month: str, year: str, what: str = "the date") -> date | None:
    """The date that three boxes say, None where all are empty. `what` it is the date of goes into the words.

    A whole date in the first box alone, as pasted from elsewhere, is read too. Raises `BadDate`.
    """
    if day and not month and not year:
        day, month, year = spread(day)
    written = {"day": day, "month": month, "year": year}
    missing = [part for part in PARTS if not written[part]]
    if len(missing) == len(PARTS):
        return None
    if missing:
        raise BadDate(f"Enter {what} including a {' and a '.join(missing)}", *missing)
    numbers = {"day": read_day(day), "month": read_month(month), "year": read_year(year)}
    wrong = [part for part in PARTS if numbers[part] is None]
    if wrong == ["year"] and year.isdecimal() and len(year) < 4:
        raise BadDate(f"Enter {what} with all 4 figures of the year, for example 2026", "year")
    try:
        return date(numbers["year"] or 0, numbers["month"] or 0, numbers["day"] or 0)
    except ValueError:
        raise BadDate(f"Enter {what} as a real date, for example 3 9 2026", *wrong) from None


def read_time(text: str) -> time | None:
    """The time of day that a line says, None where it is empty. Raises ValueError with words for the page."""
    words = text.casefold()
    if not words:
        return None
    if words in ("noon", "midday", "12 noon", "12 midday"):
        return time(12)
    together = _RUN_TOGETHER.fullmatch(words)
    if together:
        return time(int(together[1]), int(together[2]))
    found = _TIME.fullmatch(words)
    if found is None or not (found[2] or found[3]):
        raise ValueError("Enter a time, like 2:30pm or 14:30")
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").replace(".", "")
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        raise ValueError("Enter a real time, like 2:30pm or 14:30")
    if half:
        return time(hour % 12 + (12 if half == "pm" else 0), minute)
    if 1 <= hour <= 6 and not found[1].startswith("0"):
        # Nobody visits at half past two in the night, and the clock's other half is as likely meant.
        raise ValueError(f"Enter {hour}:{minute:02}am or {hour}:{minute:02}pm, so that it is clear which")
    return time(hour, minute)


class DateField(Field):
    """A date in three boxes; `data` is a date, or None. `what` it is the date of goes into messages."""

    data: date | None

    def __init__(
        self, label: str = "", validators: Sequence[Check] = (), *, what: str = "the date", **rest: Any
    ) -> None:
        super().__init__(label, validators, **rest)
        self.what = what
        self.typed: dict[str, str] | None = None
        self.wrong_parts: tuple[str, ...] = ()

    @override
    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.object_data = self.data = data if isinstance(data, date) else self.default
        if formdata is None:
            return
        self.typed = {part: typed_text.first_text(formdata.getlist(f"{self.name}-{part}")) for part in PARTS}
        self.clear()
        try:
            day, month, year = (typed_text.line(self.typed[part]) for part in PARTS)
            self.data = read_date(day, month, year, self.what)
        except BadDate as problem:
            self.wrong_parts = problem.parts
            self.process_errors = [str(problem)]

    @override
    def in_words(self, posted: Any) -> str:
        typed = (typed_text.first_text(posted.getlist(f"{self.name}-{part}")) for part in PARTS)
        return typed_text.shown_in_line(" ".join(part for part in typed if part))

    @property
    def values(self) -> dict[str, str]:
        """What stands in each box."""
        if self.typed is not None:
            return {part: typed_text.shown_in_line(typed) for part, typed in self.typed.items()}
        if self.data is None:
            return dict.fromkeys(PARTS, "")
        return {part: str(getattr(self.data, part)) for part in PARTS}

    @property
    @override
    def focus_id(self) -> str:
        return f"{self.id}-{(self.wrong_parts or PARTS)[0]}"

    @override
    def __call__(self, **options: Any) -> Markup:
        params = self._group(options, fieldset=True)
        marked = (self.wrong_parts or PARTS) if self.errors else ()
        items = []
        for part in PARTS:
            value = self.values[part]
            # A month in words needs the room.
            width = 4 if part == "year" else 5 if len(value) > 2 else 2
            classes = f"govuk-input--width-{width}"
            if part in marked:
                classes += " govuk-input--error"
            items.append({"name": part, "classes": classes, "value": value or None})
        return draw("date-input", {**params, "namePrefix": self.name, "items": items})


class TimeField(Input):
    """A time of day in one box, "2:30pm" or "14:30"; `data` is a time, or None."""

    data: time | None

    def __init__(self, label: str = "", validators: Sequence[Check] = (), **rest: Any) -> None:
        rest.setdefault("width", "5")
        rest.setdefault("max_length", 20)
        super().__init__(label, validators, **rest)

    @override
    def read(self, text: str) -> time | None:
        return read_time(text)

    @override
    def show(self, answer: Any) -> str:
        return f"{answer:%H:%M}" if isinstance(answer, time) else ""
