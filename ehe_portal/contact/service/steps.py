"""A visit's history: each step is a row, and whoever cannot be told by mail is put on an officer's day."""

from collections.abc import Iterator
from typing import Any

from ehe_portal.contact import queries
from ehe_portal.contact.models import StepKind, Visit, VisitStep
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.register.service import refuse_if_stopped


def step(
    work: Work,
    visit: Visit,
    kind: StepKind,
    *,
    words: str | None = None,
    child_id: int | None = None,
    outcome: ContactOutcome | None = None,
    tells: bool = True,
) -> VisitStep:
    """Write down what was done about a visit, as it stands now.

    With `tells` the family hears of it: where mail does not reach it, or it wants to be written to on paper, telling
    it becomes something to do.
    """
    done = VisitStep(
        authority_id=visit.authority_id,
        visit_id=visit.id,
        step=kind,
        done_at=work.at,
        by_id=work.actor.account_id,
        kind=visit.kind,
        on_date=visit.on_date,
        at_time=visit.at_time,
        child_id=child_id,
        outcome=outcome,
        words=words or None,
    )
    work.session.add(done)
    if tells and visit.tell_since is None and queries.is_told_otherwise(work, visit):
        visit.tell_since = work.at
    return done


def refuse_where_stopped(visit: Visit) -> None:
    """Raises `Refusal` where nothing may be sent or shown to the family of one of a visit's children."""
    for one in visit.children:
        refuse_if_stopped(one.child)


def about(visit: Visit) -> dict[str, Any]:
    """What every event about a visit says."""
    return {"authority_id": visit.authority_id, "child_id": visit.child_id, "visit_id": visit.id}


def about_each(visit: Visit) -> Iterator[dict[str, Any]]:
    """The same for each of its children: an event of each stands in that child's chronology."""
    for one in visit.children:
        yield about(visit) | {"child_id": one.child_id}


def in_calendars(visit: Visit, *, stood: bool) -> dict[str, Any]:
    """What an event about a visit says where it stands in calendars; `stood` where it did so before."""
    return {
        **about(visit),
        "reference": visit.reference,
        "adviser_id": visit.adviser_id,
        "kind": visit.kind,
        "on_date": visit.on_date,
        "at_time": visit.at_time,
        "minutes": visit.minutes,
        "status": visit.status,
        "round": visit.version,
        "choice": visit.choice,
        "stood": stood,
    }


def in_calendars_each(visit: Visit, *, stood: bool) -> Iterator[dict[str, Any]]:
    """The same for each of its children; its entry is one all the same."""
    for one in about_each(visit):
        yield in_calendars(visit, stood=stood) | one
