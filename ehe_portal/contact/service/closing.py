"""What the end of an episode means for visits that are still to come."""

from collections.abc import Sequence

from ehe_portal.contact import queries
from ehe_portal.contact.events import VisitLeft, VisitParted
from ehe_portal.contact.models import StepKind, Visit, VisitState
from ehe_portal.contact.service.parting import leaves, take_out
from ehe_portal.contact.service.steps import step
from ehe_portal.contact.service.visits import begins, withdraw
from ehe_portal.core.codes import Destination
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register.events import EpisodeClosed


def end_visits(work: Work, closed: Sequence[EpisodeClosed]) -> None:
    """Let no visit stand that was to be about children whose episodes ended; brothers and sisters keep theirs.

    What has begun by now is left to be recorded, and what was declined as it is. The visits of a duplicate go on with
    the record that stays.
    """
    ended = {event.child_id for event in closed if event.destination is not Destination.DUPLICATE}
    child_ids = queries.without_open_episode(work, [child_id for child_id in ended if child_id is not None])
    happened: list[VisitLeft | VisitParted] = []
    for visit in queries.answerable_about(work, child_ids):
        if visit.state is not VisitState.DECLINED and begins(visit.on_date, visit.at_time) > work.at:
            happened += end_visit(work, visit, child_ids)
    work.publish(*happened)


def end_visit(work: Work, visit: Visit, child_ids: set[int]) -> list[VisitLeft | VisitParted]:
    """Let one visit no longer be about these children; nobody left of it, and it is withdrawn. Gives what happened."""
    going = [one for one in visit.children if one.child_id in child_ids and one.contact_id is None]
    if len(going) < len(visit.children):
        return list(take_out(work, visit, going, told=False))
    stood = visit.status is not Status.CANCELLED
    withdraw(work, visit)
    step(work, visit, StepKind.WITHDRAWN, words="The episode of home education ended.")
    work.session.flush()
    return list(leaves(visit, [one.child_id for one in going], (), stood=stood, told=False))
