"""What a changed address means for visits that are booked: the place is in doubt until an adviser has confirmed it.

None of it moves a date or stops a clock.
"""

from collections.abc import Collection, Mapping, Sequence

from ehe_portal.contact import queries
from ehe_portal.contact.events import VisitLeft, VisitParted, VisitPlaceConfirmed, VisitPlaceDoubted
from ehe_portal.contact.models import STANDING, StepKind, Visit
from ehe_portal.contact.service.parting import part
from ehe_portal.contact.service.steps import about_each, in_calendars_each, refuse_where_stopped, step
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register import queries as register
from ehe_portal.register.events import AddressCorrected, ChildMoved, ProtectionSet


def follow_moves(work: Work, moved: Sequence[ChildMoved]) -> None:
    """Doubt the places of visits at home of children who live somewhere else now, or nobody knows where."""
    child_ids = [event.child_id for event in moved if event.child_id is not None]
    doubt(work, register.lines_before(work, [event.address_id for event in moved]), child_ids)


def follow_corrections(work: Work, corrected: Sequence[AddressCorrected]) -> None:
    """The same where the address of today had been written down wrongly."""
    wrong = register.lines_corrected(work, [event.address_id for event in corrected])
    doubt(work, wrong, list(wrong))


def follow_protection(work: Work, protected: Sequence[ProtectionSet]) -> None:
    """The same of children whose whereabouts are hidden from now on; a visit that they share is parted."""
    child_ids = [event.child_id for event in protected if event.child_id is not None]
    parted: list[VisitLeft | VisitParted] = []
    for visit in queries.standing_together(work, child_ids):
        meant = [one for one in visit.children if one.child_id in child_ids and one.contact_id is None]
        # Where all of a visit's children are meant, all but the first have one of their own.
        parted += part(work, visit, meant[1:] if len(meant) == len(visit.children) else meant)
    doubt(work, register.lines_now(work, child_ids), child_ids)
    work.publish(*parted)


def doubt(work: Work, lines: Mapping[int, str], child_ids: Collection[int]) -> None:
    """Mark the standing visits at home of these children; `lines` is where each of them lived until now.

    Where only some of the children of a visit moved, each of them has a visit of their own from now on.
    """
    happened: list[VisitPlaceDoubted | VisitLeft | VisitParted] = []
    for visit in queries.standing_at_home(work, child_ids):
        moved = [one for one in visit.children if one.child_id in child_ids and one.contact_id is None]
        doubtful = [visit]
        if len(moved) < len(visit.children):
            happened += part(work, visit, moved)
            doubtful = [one.visit for one in moved]
        for one in doubtful:
            one.place_was = one.place or lines.get(one.child_id)
            one.place_doubtful_since = work.at
            step(work, one, StepKind.PLACE_DOUBTFUL, tells=False)
            happened += [VisitPlaceDoubted(**each) for each in about_each(one)]
    work.session.flush()
    work.publish(*happened)


def confirm_place(work: Work, visit: Visit, place: str | None, *, version: int | None) -> None:
    """Say where a visit is after the address changed: `place`, or None for where the child lives now.

    The family is told of the confirmed place. Raises `Refusal`.
    """
    if visit.version != version:
        raise ChangedMeanwhile("This visit")
    refuse_where_stopped(visit)
    if visit.place_doubtful_since is None or visit.state not in STANDING:
        raise Refusal("The place of this visit need not be confirmed")
    if not place and not (visit.child.address is not None and visit.child.address.is_a_place):
        raise Refusal("Enter where you will meet: no address is known where the child lives now", "place")
    visit.place, visit.place_doubtful_since = place or None, None
    step(work, visit, StepKind.PLACE_CONFIRMED)
    work.session.flush()
    stood = visit.status is not Status.CANCELLED
    work.publish(*(VisitPlaceConfirmed(**one) for one in in_calendars_each(visit, stood=stood)))
