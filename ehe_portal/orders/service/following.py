"""What follows here from what happened elsewhere: decisions about the education, records that were joined."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import delete, select, update

from ehe_portal.core.days import london_date
from ehe_portal.core.work import Work
from ehe_portal.orders import queries
from ehe_portal.orders.models import Closing, OrderCase, OrderFinding
from ehe_portal.orders.service.cases import end
from ehe_portal.orders.service.clocks import reckon
from ehe_portal.register.events import RecordsJoined

UNSUITABLE = "appears-unsuitable"
JOINED = "Two records were found to be one child, and the other one has a case of the same kind"


class Assessed(Protocol):
    """What is read of a decision about a child's education that stands."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def child_id(self) -> int | None: ...
    @property
    def assessment_id(self) -> int: ...
    @property
    def outcome(self) -> str: ...


def note_assessed(work: Work, assessed: Sequence[Assessed]) -> None:
    """A decision stands: a notice can rest on it as long as it is the latest, and says that the education appears not
    to be suitable. Silence never makes one."""
    children = [one.child_id for one in assessed if one.child_id is not None]
    work.session.execute(delete(OrderFinding).where(OrderFinding.child_id.in_(children)))
    latest = {one.child_id: one for one in assessed}
    for one in latest.values():
        if one.outcome == UNSUITABLE and one.child_id is not None and one.authority_id is not None:
            work.session.add(
                OrderFinding(
                    authority_id=one.authority_id,
                    child_id=one.child_id,
                    assessment_id=one.assessment_id,
                    found_on=london_date(work.at),
                )
            )
    work.session.flush()


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: cases and the finding about the duplicate move to the record that stays.

    Of two open cases of one kind that of the duplicate ends, and stays readable.
    """
    for event in joined:
        stays = event.child_id
        if stays is None:
            continue
        ours = {case.route for case in queries.open_cases_of(work, [stays])}
        for case in queries.open_cases_of(work, [event.duplicate_child_id]):
            if case.route in ours:
                end(work, case, Closing.WITHDRAWN, JOINED)
                reckon(work, case)
        move = {"synchronize_session": "fetch"}
        work.session.execute(
            update(OrderCase).where(OrderCase.child_id == event.duplicate_child_id).values(child_id=stays),
            execution_options=move,
        )
        held = select(OrderFinding.id).where(OrderFinding.child_id == stays)
        if work.session.scalar(held) is None:
            work.session.execute(
                update(OrderFinding).where(OrderFinding.child_id == event.duplicate_child_id).values(child_id=stays),
                execution_options=move,
            )
