"""What to think of before a visit is offered: whether who makes it is at work, free, and can be there in time."""

from datetime import date, time

from ehe_portal.accounts import queries as accounts
from ehe_portal.contact import queries
from ehe_portal.contact.models import Visit
from ehe_portal.contact.rules import Attendance, Gaps, Slot, Warned, warnings
from ehe_portal.contact.service.visits import Offer
from ehe_portal.core.govuk.words import clock_time, long_date
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child


def warnings_about(
    work: Work, child: Child, offer: Offer, adviser_id: int | None, instead_of: Visit | None = None
) -> list[Warned]:
    """What to think of before this is offered, by whoever makes the visit; nothing is forbidden by it.

    Every time on offer is looked at. `instead_of` is the offer whose place it takes.
    """
    times = offer.times
    officer = None if adviser_id is None else accounts.officer(work, adviser_id, times[0][0], times[-1][0])
    if officer is None:
        return []
    postcode = child.address.postcode if child.address else None
    district = queries.district_at(offer.kind, postcode, protected=child.protected)
    between = gaps(work, child.authority_id)
    found = []
    for on, at in times:
        warned = warnings(
            on,
            Slot(at, offer.minutes, offer.kind, district),
            Attendance(officer.hours, officer.leave, officer.account.is_away(on)),
            queries.standing_slots(work, officer.account.id, on, without=None if instead_of is None else instead_of.id),
            between,
        )
        found += [of_one_time(one, on, at) for one in warned] if len(times) > 1 else warned
    return found


def of_one_time(warned: Warned, on: date, at: time) -> Warned:
    """A warning about one of several times, which it names."""
    words = f"{warned.words[0].lower()}{warned.words[1:]}"
    return Warned(warned.caution, f"{long_date(on)} at {clock_time(at)}: {words}")


def gaps(work: Work, authority_id: int) -> Gaps:
    """How many minutes an authority allows from one visit to the next."""
    values = policy.in_force(work, authority_id, work.today).values
    return Gaps(values.travel_minutes_near, values.travel_minutes_far)
