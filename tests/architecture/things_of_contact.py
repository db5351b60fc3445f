"""Things about contact for `things_of`: a visit under way, a clock with all that can be said of it, values to come."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import (
    CheckIn,
    ClockHold,
    Contact,
    Sighting,
    Visit,
    VisitAnswer,
    VisitReply,
    VisitSlot,
    VisitState,
)
from ehe_portal.contact.rules import HoldReason, SeenBy
from ehe_portal.core.codes import ContactKind, ContactOutcome, Destination
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import (
    Episode,
    MessageStop,
    PendingDestination,
)
from tests.village import Village, a_child


def suggested_and_expected(work: Work, village: Village, visit: Visit) -> CheckIn:
    """A day that the family suggested for a visit, and a check-in of whoever makes it."""
    visit.state = VisitState.ANOTHER_TIME
    keys: dict[str, Any] = {"authority_id": visit.authority_id}
    reply = Contact(
        **keys,
        child_id=visit.child_id,
        happened_on=work.today,
        kind=ContactKind.EMAIL,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
        substantive=False,
    )
    work.session.add(reply)
    work.session.flush()
    answer = VisitAnswer(
        **keys,
        visit_id=visit.id,
        account_id=village.parents["Ada"].id,
        contact_id=reply.id,
        answer=VisitReply.ANOTHER_TIME,
        answered_at=work.at,
        kind=visit.kind,
        on_date=visit.on_date,
        at_time=visit.at_time,
    )
    work.session.add(answer)
    work.session.flush()
    check_in = CheckIn(
        **keys,
        visit_id=visit.id,
        colleague_id=village.staff[Role.EHE_MANAGER].id,
        back_by_at=work.at,
        set_at=work.at,
        next_alarm_at=work.at + timedelta(minutes=10),
    )
    slot = VisitSlot(**keys, visit_id=visit.id, on_date=date(2026, 3, 24), at_time=time(14), answer_id=answer.id)
    work.session.add_all([check_in, slot])
    work.session.flush()
    return check_in


def of_the_clock(work: Work, village: Village) -> tuple[str, str]:
    """A hold that runs, a sighting, messages that are stopped, a destination that is awaited: all of Ada."""
    ada = village["Ada"]
    episode = work.session.scalars(select(Episode).where(Episode.child_id == ada.id)).one()
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": ada.id}
    soon = work.today + timedelta(days=9)
    hold = ClockHold(
        **keys,
        episode_id=episode.id,
        from_on=work.today,
        until_on=soon,
        reason=HoldReason.HOSPITAL,
        words="On the ward",
        set_at=work.at,
        set_by_id=None,
    )
    sighting = Sighting(
        **keys,
        seen_on=work.today,
        seen_by=SeenBy.HEALTH,
        source="The school nurse",
        recorded_at=work.at,
        recorded_by_id=None,
    )
    awaited = PendingDestination(
        **keys,
        episode_id=episode.id,
        destination=Destination.SCHOOL,
        known="A place is offered",
        owner_id=village.adviser.id,
        next_on=soon,
        set_at=work.at,
        set_by_id=None,
    )
    stop = MessageStop(**keys, stopped_at=work.at, stopped_by_id=None, why="A wedding is planned", shown={})
    work.session.add_all([hold, sighting, awaited, stop])
    work.session.flush()
    return hold.reference, sighting.reference


def grown_up(work: Work, village: Village) -> str:
    """A young person whose episode ended with school age, on the earlier of the two days that the law leaves."""
    ended = date(2025, 6, 27)
    una = a_child(
        work, village.authority, "Una", "Vale", date(2009, 9, 3), date(2024, 1, 10), adviser=village.adviser,
        closed_on=ended, destination=Destination.OVER_AGE, to_review_since=work.today,
    )  # fmt: skip
    una.age_ends, una.age_ends_said_on = ended, work.today
    work.session.flush()
    return una.reference


def values_to_come(work: Work, village: Village) -> str:
    """Values that hold from next month."""
    since = work.today + timedelta(days=30)
    set_values(work, village.authority.id, PolicyValues(reply_days=15), since)
    return since.isoformat()
