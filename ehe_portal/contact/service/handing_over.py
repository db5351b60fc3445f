"""Giving visits and calls that are offered to those who will make them now."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, tuple_, update

from ehe_portal.contact.events import VisitHandedOver
from ehe_portal.contact.models import ANSWERABLE, StepKind, Visit, VisitStep
from ehe_portal.contact.queries import VisitToCome, in_portions
from ehe_portal.core.errors import ChangedMeanwhile
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work


def hand_over_visits(work: Work, authority_id: int, given: Mapping[int | None, Sequence[VisitToCome]]) -> int:
    """Let others make these visits and calls; None where nobody is named yet. Gives how many. Raises `Refusal`.

    A visit about several children is one, and stands in the chronology of each.
    """
    happened: list[VisitHandedOver] = []
    handed: list[VisitToCome] = []
    for adviser_id, visits in given.items():
        moved = {one.visit_id: one for one in visits if one.adviser_id != adviser_id}
        for portion in in_portions(moved):
            keys = [(visit_id, moved[visit_id].version) for visit_id in portion]
            changed = work.session.scalars(
                update(Visit)
                .where(
                    tuple_(Visit.id, Visit.version).in_(keys),
                    Visit.authority_id == authority_id,
                    Visit.state.in_(ANSWERABLE),
                )
                .values(adviser_id=adviser_id, version=Visit.version + 1)
                .returning(Visit.id),
                execution_options={"synchronize_session": False},
            ).all()
            if len(changed) != len(portion):
                raise ChangedMeanwhile("One of the visits")
        handed += moved.values()
        happened += [
            VisitHandedOver(
                authority_id=authority_id,
                child_id=child_id,
                visit_id=one.visit_id,
                reference=one.reference,
                adviser_id=adviser_id,
                kind=one.kind,
                on_date=one.on_date,
                at_time=one.at_time,
                minutes=one.minutes,
                round=one.version + 1,
                status=one.status,
                choice=one.choice,
                stood=one.status is not Status.CANCELLED,
                former_adviser_id=one.adviser_id,
            )
            for one in moved.values()
            for child_id in one.child_ids
        ]
    for known in list(work.session.identity_map.values()):
        if isinstance(known, Visit):
            work.session.expire(known)
    if handed:
        note_steps(work, authority_id, handed)
        work.publish(*happened)
    return len(handed)


def note_steps(work: Work, authority_id: int, handed: Sequence[VisitToCome]) -> None:
    """Write down in the visits' histories that somebody else makes them now."""
    work.session.execute(
        insert(VisitStep),
        [
            {
                "authority_id": authority_id,
                "visit_id": one.visit_id,
                "step": StepKind.HANDED_OVER,
                "done_at": work.at,
                "by_id": work.actor.account_id,
                "kind": one.kind,
                "on_date": one.on_date,
                "at_time": one.at_time,
            }
            for one in handed
        ],
    )
