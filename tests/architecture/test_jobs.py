"""What happens by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from ehe_portal import schedule
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import jobs
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.jobs import Daily, Job
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.presses import HandledForm
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import WaitingFile
from ehe_portal.register.models import RegistrationDraft
from tests.conftest import Clock
from tests.village import Village

SHORT_LIVED = (HandledForm, FormDraft, WaitingFile, RegistrationDraft)
NAMES = [job.name for job in schedule.JOBS]


def traces(work: Work) -> tuple[int, ...]:
    """How much has been recorded, how many messages have been written or tried, how much is kept for a while."""
    kept = [work.session.scalar(select(func.count(one.id))) or 0 for one in SHORT_LIVED]
    entries = work.session.scalar(select(func.count(AuditEntry.id))) or 0
    messages = work.session.scalar(select(func.count(OutgoingMessage.id) + func.sum(OutgoingMessage.attempts))) or 0
    return entries, messages, *kept


@pytest.mark.parametrize("job", schedule.JOBS, ids=NAMES)
def test_the_village_has_something_for_every_job(
    job: Job, new_work: Callable[..., Work], village: Village, busy_village: None
) -> None:
    assert new_work(writing=False).session.scalars(job.find(new_work(writing=False))).all()


@pytest.mark.parametrize("job", schedule.JOBS, ids=NAMES)
def test_a_second_run_changes_nothing(
    job: Job, house: Portal, new_work: Callable[..., Work], village: Village, busy_village: None
) -> None:
    before = traces(new_work())
    jobs.run(job, house)
    once = traces(new_work())
    assert once != before
    jobs.run(job, house)
    assert traces(new_work()) == once


@pytest.mark.parametrize("job", schedule.JOBS, ids=NAMES)
def test_no_daily_slot_lies_where_the_clocks_change(job: Job) -> None:
    if isinstance(job.schedule, Daily):
        assert time(3) <= job.schedule.at <= time(23)


def test_one_broken_case_does_not_hold_up_the_others(
    house: Portal, new_work: Callable[..., Work], village: Village, clock: Clock
) -> None:
    clock.at += timedelta(days=60)  # by now several families have been silent too long
    job = schedule.SWEEP
    found = list(new_work().session.scalars(job.find(new_work())))
    assert len(found) > 1

    def breaks(work: Work, ids: Sequence[int]) -> None:
        if found[0] in ids:
            raise ValueError("a broken case")
        job.do(work, ids)

    jobs.run(replace(job, do=breaks), house)
    assert list(new_work().session.scalars(job.find(new_work()))) == [found[0]]
