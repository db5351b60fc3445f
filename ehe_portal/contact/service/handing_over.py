"""Giving visits and calls that are offered to those who will make them now."""

from collections.abc import Mapping, Sequence

from sqlalchemy import tuple_, update

from ehe_portal.contact.events import VisitHandedOver
from ehe_portal.contact.models import ANSWERABLE, Visit
from ehe_portal.contact.queries import VisitToCome, in_portions
from ehe_portal.core.errors import ChangedMeanwhile
from ehe_portal.core.work import Work


def hand_over_visits(work: Work, authority_id: int, given: Mapping[int | None, Sequence[VisitToCome]]) -> int:
    """Let others make these visits and calls; None where nobody is named yet. Gives how many. Raises `Refusal`."""
    happened = []
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
        happened += [
            VisitHandedOver(
                authority_id=authority_id, child_id=one.child_id, visit_id=one.visit_id, adviser_id=adviser_id
            )
            for one in moved.values()
        ]
    for known in list(work.session.identity_map.values()):
        if isinstance(known, Visit):
            work.session.expire(known)
    if happened:
        work.publish(*happened)
    return len(happened)
