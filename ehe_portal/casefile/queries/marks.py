"""Who stands where, and since when nobody has been in contact: what the picture of the invariant is drawn from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, func, literal, or_, select

from ehe_portal.casefile.queries.child import LAST_IN_CONTACT
from ehe_portal.casefile.queries.sight import is_latest, states
from ehe_portal.casefile.rules.sight import BANDS, SOON_DAYS, Band, Counted, Stand
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Arrangement, Tier
from ehe_portal.core.school_age import year_born
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.register.models import Child, Episode
from ehe_portal.register.queries import TEAM

LABEL = "stands"
"""The name under which a statement gives where children stand: by it the bench knows the statement."""


@dataclass(frozen=True)
class Shown:
    """Which children the picture shows. `adviser` is an account's number, or `team` for nobody's."""

    adviser: int | str | None = None
    tier: Tier | None = None
    year: int | None = None
    never_seen: bool = False


EVERYONE = Shown()


def stands(today: date) -> SQLColumnExpression[str]:
    """Where a child stands, as a code of `Stand`. The statement has the latest episode and its clock joined."""
    state = states(today)
    traced = exists().where(Escalation.child_id == Child.id, Escalation.state == State.ENQUIRY)
    alert = exists().where(
        Escalation.episode_id == ContactClock.episode_id,
        Escalation.reason == Reason.CONTACT_LAPSE,
        Escalation.state != State.CLOSED,
    )
    lapsed = ContactClock.lapsed_on.is_not(None)
    found = case(
        (Child.age_starts > today, Stand.YOUNG.value),
        (state["closed"], Stand.CLOSED.value),
        (or_(state["enquiry"], and_(or_(state["episode"], state["other"]), traced)), Stand.ENQUIRY.value),
        (state["other"], Stand.OTHER.value),
        (and_(state["episode"], lapsed, alert), Stand.LAPSED.value),
        (and_(state["episode"], lapsed), Stand.UNANSWERED.value),
        (and_(state["episode"], ContactClock.due_on < today), Stand.OVERDUE.value),
        (and_(state["episode"], ContactClock.due_on <= today + timedelta(days=SOON_DAYS)), Stand.SOON.value),
        (state["episode"], Stand.CONTACT.value),
        else_=Stand.OUT.value,
    )
    return found.label(LABEL)


def since() -> SQLColumnExpression[Any]:
    """The day of the last contact, or without any the day of opening; nothing for a child without an episode."""
    without_clock = case((Episode.arrangement != Arrangement.EHE, LAST_IN_CONTACT))
    return func.coalesce(ContactClock.last_contact_on, without_clock, Episode.opened_on)


def in_picture(today: date) -> ColumnElement[bool]:
    """Children up to the end of compulsory school age; before its beginning those with an open episode."""
    is_open = and_(Episode.id.is_not(None), Episode.closed_on.is_(None))
    return and_(Child.age_ends >= today, or_(Child.age_starts <= today, is_open))


def in_band(band: Band, today: date) -> ColumnElement[bool]:
    """Whether the last contact was in a band; whoever has no day belongs to the longest."""
    first, last = band.days(today)
    day = since()
    if first is None:
        return or_(day <= last, day.is_(None))
    # Nothing lies ahead but by mistake; that belongs to today.
    return day >= first if band is BANDS[0] else day.between(first, last)


def standing_as(work: Work, stand: Stand) -> ColumnElement[bool]:
    """Whether a child stands so today."""
    return stands(work.today) == literal(stand.value)


def tally(work: Work, shown: Shown = EVERYONE) -> list[Counted]:
    """How many children of this authority stand where, by the day since when: one statement, whoever is shown."""
    day: SQLColumnExpression[Any] = since().label("since_on")
    stand = stands(work.today)
    found = (
        select(day, stand, func.count())
        .select_from(Child)
        .outerjoin(Episode, and_(Episode.child_id == Child.id, is_latest()))
        .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
        .where(Child.authority_id == work.scope.authority_id, in_picture(work.today), *limits(work, shown))
        .group_by(day, stand)
        .order_by(day, stand)
    )
    return [Counted(since_on, Stand(code), children) for since_on, code, children in work.session.execute(found)]


def limits(work: Work, shown: Shown) -> list[ColumnElement[bool]]:
    """What a child and its episode must be to be shown."""
    found: list[ColumnElement[bool]] = []
    if shown.adviser is not None:
        nobodys = shown.adviser == TEAM
        found.append(Episode.adviser_id.is_(None) if nobodys else Episode.adviser_id == shown.adviser)
    if shown.tier is not None:
        found.append(Episode.tier == shown.tier)
    if shown.year is not None:
        found.append(Child.date_of_birth.between(*year_born(shown.year, work.today)))
    if shown.never_seen:
        found.append(ContactClock.last_seen_on.is_(None))
    return found
