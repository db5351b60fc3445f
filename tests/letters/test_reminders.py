"""Reminders on paper: to parents whom no message reaches, of each day once for each reminder."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.contact.models import ContactClock, ContactReminder
from ehe_portal.core import jobs
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.letters import service
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Child, FamilyWishes, Parent
from tests.conftest import Clock
from tests.letters.conftest import NewWork, text_of
from tests.village import Village

Run = Callable[[str], list[Letter]]
REMIND = next(job for job in schedule.JOBS if job.name == "remind")
DUE = date(2026, 12, 1)


@pytest.fixture
def ben(work: Work, village: Village) -> Child:
    """Nobody of his family has an account; the day by which to hear from it is 1 December."""
    clock = clock_of(work, village["Ben"])
    clock.due_on, clock.grace_ends, clock.remind_on = DUE, date(2026, 12, 15), date(2026, 11, 3)
    clock.lapsed_on = clock.lapsed_due_on = None
    work.session.flush()
    return village["Ben"]


def clock_of(work: Work, child: Child) -> ContactClock:
    return work.session.scalars(select(ContactClock).where(ContactClock.child_id == child.id)).one()


@pytest.fixture
def run(house: Portal, work: Work, clock: Clock, village: Village) -> Run:
    """Runs the job on a day; the letters about Ben that there are then."""

    def remind(day: str) -> list[Letter]:
        on = date.fromisoformat(day)
        clock.at = clock.at.replace(year=on.year, month=on.month, day=on.day)
        jobs.run(REMIND, house)
        work.session.expire_all()
        found = select(Letter).where(Letter.child_id == village["Ben"].id).order_by(Letter.id)
        return list(work.session.scalars(found))

    return remind


def kinds(letters: list[Letter]) -> list[str]:
    return [one.kind for one in letters]


def test_each_reminder_is_one_letter_that_waits_for_the_post(ben: Child, run: Run, new_work: NewWork) -> None:
    assert run("2026-11-02") == []
    (first,) = run("2026-11-03")
    assert (first.kind, first.goes, first.posted_on, first.made_by_id) == ("contact-soon", Goes.POST, None, None)
    assert first.parent_id == ben.carers[0].id
    assert "by 1 December 2026 if you can" in text_of(service.pdf_of(new_work(None), first, large=False))
    assert kinds(run("2026-11-24")) == ["contact-soon", "contact-soon"]
    assert kinds(run("2026-12-01")) == ["contact-soon", "contact-soon"], "what the adviser is told is no letter"
    last = run("2026-12-02")
    assert kinds(last) == ["contact-soon", "contact-soon", "contact-lapsed"]
    said = text_of(service.pdf_of(new_work(None), last[-1], large=False))
    assert "had hoped to hear from you about Ben Carter by 1 December 2026" in said
    assert "by 16 December 2026" in said


def test_a_second_run_and_one_that_was_cut_off_make_no_second_letter(ben: Child, run: Run, work: Work) -> None:
    assert len(run("2026-11-03")) == 1
    assert len(run("2026-11-03")) == 1
    clock_of(work, ben).remind_on = date(2026, 11, 3)  # as another process found it, before this one was done
    work.session.flush()
    assert len(run("2026-11-04")) == 1
    kept = work.session.scalars(select(ContactReminder).where(ContactReminder.child_id == ben.id)).all()
    assert len(kept) == 1


@pytest.mark.parametrize("why", ["policy", "stopped", "no address", "rung"])
def test_none_is_made_where_none_may_be_or_would_be_welcome(
    why: str, ben: Child, run: Run, work: Work, village: Village
) -> None:
    if why == "policy":
        set_values(work, village.authority.id, PolicyValues(letters_by_itself=1), work.today)
    if why == "stopped":
        ben.messages_stopped_at = work.at - timedelta(days=1)
    if why == "no address":
        assert ben.address is not None
        ben.address.line = "No fixed address"
    if why == "rung":
        work.session.add(
            FamilyWishes(
                authority_id=ben.authority_id, child_id=ben.id, said_on=work.today, ways=[ContactWay.PHONE.value]
            )
        )
    work.session.flush()
    assert run("2026-11-03") == []
    told = select(ContactReminder.way).where(ContactReminder.child_id == ben.id)
    assert list(work.session.scalars(told)) == ([ContactWay.PHONE] if why == "rung" else [])


def test_who_has_a_page_of_their_own_gets_a_message_and_no_letter(
    run: Run, work: Work, village: Village, other_parent: Parent
) -> None:
    ada = village["Ada"]
    assert clock_of(work, ada).due_on == DUE
    run("2026-11-03")
    about_ada = select(Letter).where(Letter.child_id == ada.id)
    assert work.session.scalars(about_ada).all() == []
    mailed = work.session.scalars(select(OutgoingMessage.template).where(OutgoingMessage.template == "contact-soon"))
    assert len(mailed.all()) == 2
    service.set_wishes(work, other_parent, large_print=False, by_post=True)
    run("2026-11-24")
    (letter,) = work.session.scalars(about_ada)
    assert letter.parent_id == other_parent.id
