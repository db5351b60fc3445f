"""When a child is no longer part of a visit about several: each has a visit of their own from then on, as it stands or
withdrawn. What was answered stays with the others'.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm.attributes import flag_modified

from ehe_portal.contact import queries
from ehe_portal.contact.events import VisitLeft, VisitParted
from ehe_portal.contact.models import StepKind, Visit, VisitChild, VisitSlot, VisitState
from ehe_portal.contact.service.steps import in_calendars, step
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register.events import HouseholdDecided
from ehe_portal.register.models import HouseholdVerdict

Happened = VisitLeft | VisitParted


def follow_households(work: Work, decided: Sequence[HouseholdDecided]) -> None:
    """Part the visits to come of two children who, as an officer has found, are not of one family."""
    happened: list[Happened] = []
    for event in decided:
        pair = {event.child_id or 0, event.other_child_id}
        if event.verdict == HouseholdVerdict.APART and event.child_id == min(pair):  # the same is said of both
            for visit in queries.standing_together(work, pair):
                both = [one for one in visit.children if one.child_id in pair]
                happened += part(work, visit, both[1:]) if len(both) > 1 else []
    work.publish(*happened)


def part(work: Work, visit: Visit, leaving: Sequence[VisitChild]) -> list[Happened]:
    """Give each of these children of a shared visit one of their own, as it stands. Gives what happened."""
    stood, owns = visit.status is not Status.CANCELLED, []
    for one in leaving:
        own = own_visit(work, visit, one, visit.state)
        for slot in queries.open_slots(work, visit):
            work.session.add(
                VisitSlot(authority_id=own.authority_id, visit_id=own.id, on_date=slot.on_date, at_time=slot.at_time)
            )
        owns.append(own)
        for each in (visit, own):
            step(work, each, StepKind.PARTED, tells=False)
    return left(work, visit, owns, stood=stood, told=False)


def take_out(work: Work, visit: Visit, leaving: Sequence[VisitChild], *, told: bool) -> list[Happened]:
    """Let a shared visit no longer be about these children: what they were offered is withdrawn. Gives what happened.

    `told` says whether the families of those who stay hear of it by another event.
    """
    stood, owns = visit.status is not Status.CANCELLED, []
    for one in leaving:
        own = own_visit(work, visit, one, VisitState.WITHDRAWN)
        own.choice = False
        owns.append(own)
        step(work, visit, StepKind.CHANGED, words=f"No longer about {one.child.known_as}.", tells=False)
        step(work, own, StepKind.WITHDRAWN)
    return left(work, visit, owns, stood=stood, told=told)


def own_visit(work: Work, visit: Visit, one: VisitChild, state: VisitState) -> Visit:
    """A visit about one child alone who was part of another until now, on the same terms."""
    own = Visit(
        authority_id=visit.authority_id,
        child_id=one.child_id,
        kind=visit.kind,
        on_date=visit.on_date,
        at_time=visit.at_time,
        adviser_id=visit.adviser_id,
        offered_at=visit.offered_at,
        place=visit.place,
        state=state,
        note=visit.note,
        choice=visit.choice,
        tell_since=visit.tell_since,
        minutes=visit.minutes,
        children=[one],
    )
    work.session.add(own)
    work.session.flush()
    return own


def left(work: Work, visit: Visit, owns: Sequence[Visit], *, stood: bool, told: bool) -> list[Happened]:
    """What happened once these visits are apart from one: it is about those who stay, and its version is a new one."""
    staying = tuple(one.child_id for one in visit.children)
    if visit.child_id not in staying:
        visit.child_id = staying[0]
    if all(one.contact_id is not None for one in visit.children):
        visit.state = VisitState.RECORDED
    flag_modified(visit, "state")  # whom it is about is a row beside it: what calendars are told counts up all the same
    work.session.flush()
    return [
        *leaves(visit, [own.child_id for own in owns], staying, stood=stood, told=told),
        *(VisitParted(**in_calendars(own, stood=False), from_visit_id=visit.id) for own in owns),
    ]


def leaves(
    visit: Visit, child_ids: Collection[int], staying: tuple[int, ...], *, stood: bool, told: bool
) -> list[VisitLeft]:
    """That each of these children is part of a visit no longer."""
    said = in_calendars(visit, stood=stood)
    return [VisitLeft(**(said | {"child_id": child_id}), staying=staying, told=told) for child_id in child_ids]
