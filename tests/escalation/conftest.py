"""What the stories about escalations share."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import jobs
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.escalation import service
from ehe_portal.escalation.models import Escalation
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.escalation.climbing import Heard, Run, at
from tests.village import Village

DUE = date(2026, 1, 15)


@pytest.fixture
def lapse(work: Work) -> Callable[..., None]:
    """Tells the escalations that a child's contact lapsed."""

    def tell(*children: Child, due_on: date = DUE, last_attempt_on: date | None = None) -> None:
        service.raise_lapses(
            work,
            [
                SimpleNamespace(
                    **about(child),
                    due_on=due_on,
                    lapses_on=due_on + timedelta(days=15),
                    last_attempt_on=last_attempt_on,
                )
                for child in children
            ],
        )

    return tell


def about(child: Child) -> dict[str, Any]:
    return {"authority_id": child.authority_id, "child_id": child.id, "episode_id": child.episodes[0].id}


@pytest.fixture
def raised(work: Work, village: Village, lapse: Callable[..., None]) -> Escalation:
    """A lapse of Ben's, raised."""
    lapse(village["Ben"])
    return work.session.scalars(select(Escalation)).one()


@pytest.fixture
def happened(work: Work) -> Callable[[], list[str]]:
    """The kinds of everything that was put down about escalations, in order."""

    def read() -> list[str]:
        kinds: Sequence[str] = work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
        return [kind for kind in kinds if kind.startswith("Escalation") or kind == "NextContactSet"]

    return read


@pytest.fixture
def as_officer(new_work: Callable[..., Work], work: Work, village: Village) -> Callable[[], Work]:
    """The same session, as the CME officer acts in it."""

    def act() -> Work:
        acting = new_work(village.cme_officer)
        acting.session.close()
        acting.session = work.session
        acting.at = work.at
        return acting

    return act


@pytest.fixture
def run(house: Portal, clock: Clock, work: Work) -> Run:
    """Runs the ladder's jobs on a day."""

    def on(day: str, *names: str) -> None:
        clock.at = at(day)
        work.session.commit()
        for job in schedule.JOBS:
            if job.name in (names or ("climb-ladders", "climb-ladders-again", "report-absent-owners")):
                report = jobs.run(job, house)
                assert report.failed == 0, report.problem
        work.session.expire_all()

    return on


@pytest.fixture
def told(work: Work) -> Heard:
    """Whom the ladder told: (day, rung, account), in order; the first alerts are left out."""

    def read() -> list[tuple[str, str, str]]:
        rows = work.session.scalars(
            select(OutgoingMessage)
            .where(OutgoingMessage.template == "escalation-rung")
            .order_by(OutgoingMessage.created_at, OutgoingMessage.id)
            .execution_options(populate_existing=True)
        )
        return [
            (row.created_at.date().isoformat(), row.context["rung"], row.to_address.partition("@")[0]) for row in rows
        ]

    return read
