"""Where a child is said to be going: in sight until it is confirmed, with an owner and a date; the clock runs on."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Destination
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, Episode, PendingDestination
from ehe_portal.register.rules.closing import PROOF, pending_problem
from ehe_portal.register.service import Closing
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
TODAY = date(2026, 3, 12)
SOON = TODAY + timedelta(days=14)


def episode_of(child: Child) -> Episode:
    assert child.episode is not None
    return child.episode


def awaited(village: Village, owner: Account | None = None, next_on: date = SOON) -> service.Awaited:
    return service.Awaited(Destination.SCHOOL, "Hillside has offered a place", owner or village.adviser, next_on)


@pytest.mark.parametrize(
    ("destination", "known", "days", "field"),
    [
        (Destination.SCHOOL, "Offered", 1, None),
        (Destination.OTHER_AUTHORITY, "Asked", 60, None),
        (Destination.SCHOOL, "Offered", 0, "next_on"),
        (Destination.SCHOOL, "Offered", 61, "next_on"),
        (Destination.SCHOOL, " ", 1, "known"),
        (Destination.DIED, "Told", 1, "destination"),
        (Destination.OVER_AGE, "Old", 1, "destination"),
        (Destination.RECORDED_IN_ERROR, "Wrong", 1, "destination"),
    ],
)
def test_what_may_be_awaited(destination: Destination, known: str, days: int, field: str | None) -> None:
    problem = pending_problem(destination, known, TODAY + timedelta(days=days), TODAY)
    assert (problem.field if problem else None) == field


def test_the_episode_stays_open_and_its_clock_runs(work: Work, village: Village) -> None:
    ada = village["Ada"]
    service.await_destination(work, episode_of(ada), awaited(village))
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == ada.id)).one()
    assert episode_of(ada).is_open
    assert clock.is_running


@pytest.mark.parametrize("destination", list(PROOF))
def test_closing_needs_its_proof_whatever_was_awaited(work: Work, village: Village, destination: Destination) -> None:
    """The issue's own words: only with a destination that a person confirmed."""
    ada = village["Ada"]
    service.await_destination(work, episode_of(ada), awaited(village))
    with pytest.raises(Refusal):
        service.close_episode(work, episode_of(ada), Closing(destination, TODAY, " "))
    assert queries.pending_of(work, episode_of(ada).id) is not None


def test_a_confirmed_closing_settles_it(work: Work, village: Village) -> None:
    ada = village["Ada"]
    episode = episode_of(ada)
    service.await_destination(work, episode, awaited(village))
    service.close_episode(work, episode, Closing(Destination.SCHOOL, TODAY, "Hillside School", confirmed=True))
    kept = work.session.scalars(select(PendingDestination)).one()
    assert kept.settled_at == work.at
    assert queries.pending_of(work, episode.id) is None


def test_there_is_one_at_a_time_and_two_at_once_do_not_both_change_it(work: Work, village: Village) -> None:
    episode = episode_of(village["Ada"])
    service.await_destination(work, episode, awaited(village), 0)
    with pytest.raises(ChangedMeanwhile):
        service.await_destination(work, episode, awaited(village), 0)
    manager = village.staff[Role.EHE_MANAGER]
    service.await_destination(work, episode, awaited(village, manager, SOON + timedelta(days=1)), 1)
    kept = work.session.scalars(select(PendingDestination)).one()
    assert (kept.owner_id, kept.next_on) == (manager.id, SOON + timedelta(days=1))


def test_the_owner_works_here(work: Work, village: Village) -> None:
    for nobody in (village.stranger[Role.ADVISER], village.parents["Ada"]):
        with pytest.raises(Refusal, match="Select"):
            service.await_destination(work, episode_of(village["Ada"]), awaited(village, nobody))


def test_it_came_to_nothing(work: Work, village: Village) -> None:
    episode = episode_of(village["Ada"])
    with pytest.raises(Refusal, match="No destination"):
        service.give_up_destination(work, episode, "Changed their mind")
    service.await_destination(work, episode, awaited(village))
    with pytest.raises(Refusal, match="came to nothing"):
        service.give_up_destination(work, episode, " ")
    service.give_up_destination(work, episode, "They changed their mind")
    assert queries.pending_of(work, episode.id) is None
    assert episode.is_open


def test_it_is_kept_in_sight_on_the_pages(work: Work, village: Village, client_as: ClientAs) -> None:
    ada = village["Ada"]
    home = f"/children/{ada.reference}/episode"
    adviser = client_as(village.adviser)
    assert f"{home}/destination" in adviser.get(f"{home}/close").text
    answers = {
        "destination": "school",
        "known": "Hillside has offered a place",
        "owner": village.staff[Role.EHE_MANAGER].reference,
        "next_on-day": "26",
        "next_on-month": "3",
        "next_on-year": "2026",
    }
    assert adviser.submit(f"{home}/destination", answers).status_code == 302
    assert "Not confirmed yet: To a school" in adviser.get(f"/children/{ada.reference}").text
    assert "Hillside has offered" not in adviser.get("/my-day").text, "it is the manager who finds out"
    assert "Hillside has offered" in adviser.get("/my-day?whose=team").text
    assert "Hillside has offered" in client_as(village.staff[Role.EHE_MANAGER]).get("/my-day?whose=mine").text
    adviser = client_as(village.adviser)
    assert adviser.submit(f"{home}/destination/came-to-nothing", {"why": "They stay"}).status_code == 302
    assert adviser.get(f"{home}/destination/came-to-nothing").status_code == 404
