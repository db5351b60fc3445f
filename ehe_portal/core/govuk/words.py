"""How dates and distances are said on pages: 3 March 2027; in 12 days; 9 days overdue. Pure."""

from calendar import month_name
from datetime import date, datetime, time

from markupsafe import Markup, escape

from ehe_portal.core.days import LONDON

MONTHS = tuple(month_name)  # looked up once: a list says hundreds of dates


def long_date(on: date | None) -> str:
    """ "3 March 2027", the London date of a moment; "" for None."""
    if on is None:
        return ""
    if isinstance(on, datetime):
        on = on.astimezone(LONDON).date()
    return f"{on.day} {MONTHS[on.month]} {on.year}"


def clock_time(at: time | datetime | None) -> str:
    """ "2:30pm", in London where a moment is given; "midday" and "midnight" by name; "" for None."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        at = at.astimezone(LONDON).time()
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def london_time(at: datetime | None) -> str:
    """ "3 March 2027, 2:30pm" in London; "" for None."""
    return f"{long_date(at)}, {clock_time(at)}" if at is not None else ""


def days_away(on: date | None, today: date, late: str = "overdue") -> str:
    """ "in 12 days", "tomorrow", "today", "9 days overdue"; `late="ago"`: "yesterday", "9 days ago"; "" for None."""
    if on is None:
        return ""
    days = (on - today).days
    named = {0: "today", 1: "tomorrow"} | ({-1: "yesterday"} if late == "ago" else {-1: f"1 day {late}"})
    if days in named:
        return named[days]
    return f"in {days:,} days" if days > 0 else f"{-days:,} days {late}"


def breakable(address: str | None) -> Markup:
    """An email address that a narrow page breaks before its "@" or a full stop, not within a word; "" for None."""
    marked = str(escape(address or ""))
    return Markup(marked.replace("@", "<wbr>@").replace(".", "<wbr>."))  # noqa: S704  # escaped above


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 child", "3 children": a number with its word, in the plural where it is not one."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
