"""A school calendar from a file: CSV, or iCalendar as schools publish it. Pure: bytes in; lines, or what is wrong, out.

All or nothing: `BadFile` names every line that does not fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from icalendar import Calendar

from ehe_portal.core.csvfiles import BadCell, BadFile, Cells, Sheet, a_date, as_text, one_of, sheet_of, text
from ehe_portal.policy.rules.terms import LONGEST_TERM_NAME, Stretch, TermKind, stretch_problem

COLUMNS: Final = ("kind", "name", "first_on", "last_on")
CLOSED: Final = ("holiday", "half term", "half-term", "break", "inset", "training day", "closure", "closed")
"""What a holiday is called in calendars that schools publish; `term` is what a term is called."""

EVENT: Final = "BEGIN:VEVENT"
MOST_EVENTS: Final = 500


@dataclass(frozen=True)
class Line:
    """A term or holiday, with the line of the file on which it begins."""

    line: int
    kind: TermKind
    name: str
    first_on: date
    last_on: date

    @property
    def stretch(self) -> Stretch:
        """The days of it."""
        return Stretch(self.kind, self.first_on, self.last_on)


def read_calendar(name: str, raw: bytes) -> list[Line]:
    """What a file says, in its order. Raises `BadFile` with a line for each thing that is wrong."""
    path = Path(name)
    content = as_text(path, raw)
    found = from_ical(path, content) if content.lstrip().startswith("BEGIN:VCALENDAR") else from_csv(path, content)
    if not found:
        raise BadFile(f"{path.name}: there are no terms or holidays in it.")
    return found


def from_csv(path: Path, content: str) -> list[Line]:
    """The lines of a CSV file with the columns kind, name, first_on and last_on."""
    sheet = sheet_of(path, content, must=COLUMNS, may=())
    found = []
    for row in sheet.rows:
        cells = Cells(row, sheet.bad)
        kind = cells.must("kind", one_of(TermKind))
        called = cells.must("name", text(LONGEST_TERM_NAME))
        first_on, last_on = cells.must("first_on", a_date), cells.must("last_on", a_date)
        if kind is not None and called is not None and first_on is not None and last_on is not None:
            found.append(Line(row.line, kind, called, first_on, last_on))
    sheet.refuse_if_bad()
    return found


def from_ical(path: Path, content: str) -> list[Line]:
    """The all-day events of an iCalendar file. Its end is the day after the last (RFC 5545)."""
    try:
        events = list(Calendar.from_ical(content).walk("VEVENT"))
    except (ValueError, KeyError, IndexError):
        raise BadFile(f"{path.name}: this is no iCalendar file that can be read.") from None
    begun = [number for number, line in enumerate(content.splitlines(), 1) if line.strip() == EVENT]
    if len(events) > MOST_EVENTS or len(events) != len(begun):
        raise BadFile(f"{path.name}: this is no iCalendar file that can be read.")
    sheet = Sheet(COLUMNS)
    found = [an_event(number, event, sheet.bad) for number, event in zip(begun, events, strict=True)]
    sheet.refuse_if_bad()
    return [one for one in found if one is not None]


def an_event(line: int, event: Any, bad: list[BadCell]) -> Line | None:
    """One event; None where it was cancelled, and noted where it is no term and no holiday of whole days."""
    if str(event.get("status", "")).upper() == "CANCELLED":
        return None
    called = " ".join(str(event.get("summary", "")).split())
    kind = kind_of(called, str(event["categories"].to_ical(), "utf-8") if "categories" in event else "")
    first_on = getattr(event.get("dtstart"), "dt", None)
    ends_on = end_of(event, first_on)
    if not 0 < len(called) <= LONGEST_TERM_NAME:
        bad.append(BadCell(line, "SUMMARY", called, f"a name of 1 to {LONGEST_TERM_NAME} characters"))
    elif kind is None:
        bad.append(BadCell(line, "SUMMARY", called, "a name that says whether it is a term or a holiday"))
    elif not isinstance(first_on, date) or isinstance(first_on, datetime) or isinstance(ends_on, datetime):
        bad.append(BadCell(line, "DTSTART", called, "whole days, without times"))
    elif "rrule" in event or "rdate" in event:
        bad.append(BadCell(line, "RRULE", called, "one stretch of days, without repeating"))
    else:
        last_on = ends_on - timedelta(days=1) if isinstance(ends_on, date) else first_on
        return Line(line, kind, called, first_on, last_on)
    return None


def end_of(event: Any, first_on: Any) -> Any:
    """The day after an event's last, which it may say as a day or as how long it is; None where it says neither."""
    if "duration" in event and isinstance(first_on, date):
        try:
            return first_on + event["duration"].dt
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)  # no day that there is: refused as a time is
    return getattr(event.get("dtend"), "dt", None)


def kind_of(called: str, categories: str) -> TermKind | None:
    """Whether something is a term or a holiday, by its category or its name; None where neither says so."""
    for said in (categories.lower(), called.lower()):
        if any(word in said for word in CLOSED):
            return TermKind.HOLIDAY
        if "term" in said:
            return TermKind.TERM
    return None


def new_lines(lines: Sequence[Line], known: Iterable[Stretch]) -> list[Line]:
    """The lines that are not in the calendar yet. Raises `BadFile` naming each that does not fit beside the others."""
    there = list(known)
    same, bad, found = set(there), [], []
    for one in lines:
        if one.stretch in same:
            continue
        problem = stretch_problem(one.stretch, there)
        if problem is None:
            found.append(one)
            there.append(one.stretch)
        else:
            field, expected = problem
            bad.append(BadCell(one.line, field, one.name, expected.removeprefix("Enter ")))
    Sheet(COLUMNS, bad=bad).refuse_if_bad()
    return found
