"""Is everything running? The same checks as a monitor's, in words for staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.views.running import NAMES
from ehe_portal.contact.models import ContactClock
from ehe_portal.core import db, jobs
from ehe_portal.core.jobs.leader import Leadership
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

READERS = {Role.EHE_MANAGER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE, Role.ADMINISTRATOR, Role.AUDITOR}
Page = Callable[[Role], str]


@pytest.fixture
def page(client_as: Callable[[Account | None], LintingClient], village: Village) -> Page:
    """The page's words, as someone of Wessex reads it."""

    def read(role: Role) -> str:
        answer = client_as(village.staff[role]).get("/health")
        assert answer.status_code == 200
        return " ".join(answer.get_data(as_text=True).split())

    return read


@pytest.fixture
def well(house: Portal, village: Village, clock: Clock) -> None:
    for job in schedule.JOBS:
        if job.name != "send-messages":
            jobs.run(job, house)
    with db.new_session(writing=True) as session:
        session.execute(update(OutgoingMessage).values(sent_at=clock.at))
        session.commit()
    jobs.run(next(job for job in schedule.JOBS if job.name == "send-messages"), house)
    Leadership().keep(clock.at)


@pytest.mark.parametrize("role", sorted(frozenset(Role) - {Role.PARENT}))
def test_managers_administrators_and_auditors_read_it(
    client_as: Callable[[Account | None], LintingClient], village: Village, role: Role
) -> None:
    client = client_as(village.staff[role])
    assert client.get("/health").status_code == (200 if role in READERS else 403)
    home = {Role.ADMINISTRATOR: "/staff", Role.AUDITOR: "/audit"}.get(role, "/escalations")
    assert ('href="/health"' in client.get(home).get_data(as_text=True)) == (role in READERS)


def test_all_is_well_in_words(page: Page, well: None) -> None:
    said = page(Role.EHE_MANAGER)
    assert "Yes. Everything that the portal does by itself is being done." in said
    assert "The last sweep ended on 12 March 2026, midday." in said
    assert "Wrong" not in said


def test_what_is_wrong_says_what_to_do_in_words_and_not_by_colour_alone(page: Page, well: None, clock: Clock) -> None:
    clock.at += timedelta(days=2)
    said = page(Role.HEAD_OF_SERVICE)
    assert "things need someone now" in said
    assert "What to do: See that flask jobs serve runs" in said
    assert said.count("> Wrong <") + said.count(">Wrong<") == 3, "nobody leads, the sweep and the other jobs are late"
    assert "1,860 minutes late" in said, "at midday on 14 March, since 05:00 on the 13th"


def test_children_out_of_sight_are_linked_for_those_who_may_read_records(
    page: Page, well: None, village: Village
) -> None:
    with db.new_session(writing=True) as session:
        session.execute(update(ContactClock).where(ContactClock.child_id == village["Ada"].id).values(is_running=False))
        session.commit()
    reference = village["Ada"].reference
    said = page(Role.CME_MANAGER)
    assert "Children out of sight: 1." in said
    assert f'href="/children/{reference}"' in said
    assert "in no state" in said
    as_administrator = page(Role.ADMINISTRATOR)
    assert f"Child {reference}" in as_administrator
    assert f"/children/{reference}" not in as_administrator
    assert "Byrne" not in said + as_administrator, "nobody's name"
    assert village["Zoe"].reference not in said, "another authority's child"


def test_messages_of_this_authority_only(page: Page, village: Village, house: Portal) -> None:
    jobs.run(schedule.SWEEP, house)
    with db.new_session(writing=True) as session:
        ours = OutgoingMessage.authority_id == village.authority.id
        session.execute(update(OutgoingMessage).where(~ours).values(last_problem="SMTPRecipientsRefused 550"))
        session.commit()
    assert "0 alerts tried without success" in page(Role.EHE_MANAGER)
    with db.new_session(writing=True) as session:
        session.execute(update(OutgoingMessage).where(ours).values(last_problem="SMTPRecipientsRefused 550"))
        session.commit()
    said = page(Role.EHE_MANAGER)
    assert "alerts could not be delivered yet. " in said
    assert "Tell those people yourself" in said
    assert "@" not in said.partition("<main")[2].partition("</main>")[0]


def test_every_job_has_a_name_for_people() -> None:
    assert set(NAMES) == {job.name for job in schedule.JOBS}
