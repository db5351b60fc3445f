"""Counting the days of notices and orders: when a document is served, the last day to answer, the last day to act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ehe_portal.core.days import (
    TermTime,
    add_months,
    add_school_days,
    add_working_days,
    last_day_beginning_with,
)
from ehe_portal.orders.rules.codes import Method
from ehe_portal.orders.rules.law import Law, Period

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Schools:
    """When the authority's schools are open: its terms, and the days of holidays in them."""

    terms: Sequence[TermTime] = ()
    closed: Collection[date] = ()


def last_day(period: Period, counted_from: date, schools: Schools) -> date | None:
    """The last day of a period; None where the school calendar does not reach so far.

    "15 days beginning with the day on which the notice is served" end on the 15th day, that day being the first
    (s.437(2)). A period of months ends on the same day of a later month, or on that month's last.
    """
    first = counted_from + period.first * A_DAY
    if period.unit == "months":
        return add_months(counted_from, period.number)
    if period.unit == "school-days":
        return add_school_days(first - A_DAY, period.number, schools.terms, schools.closed)
    return last_day_beginning_with(first, period.number)


def deemed_served(law: Law, method: Method, on: date) -> date:
    """The day on which a document counts as served: of a posted letter, when it comes in the ordinary course of post
    (Interpretation Act 1978 s.7); otherwise the day itself."""
    return add_working_days(on, law.post_working_days) if method is Method.POST else on


def latest(days: Collection[date | None]) -> date | None:
    """The latest of several last days: each parent has their own, and nothing follows before all are over. None while
    one of them is not known."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
