"""Brothers and sisters who are registered in one go: a record, an episode and a clock each, and one thing in common."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Submission
from tests.pages import LintingClient
from tests.register.conftest import As, Told, answers, clock_of, here, kinds, words
from tests.village import Village

LOU: dict[str, Any] = {"legal_forename": "Lou", "date_of_birth": date(2018, 1, 20)}


@pytest.fixture
def submission(as_account: As, parent: Account) -> Submission:
    """Kit and Lou, sent together."""
    return service.submit_registrations(as_account(parent), [answers(), answers(**LOU)])


def test_each_has_a_record_an_episode_and_a_clock(submission: Submission, told: Told, new_work: Any) -> None:
    assert kinds(told) == ["ChildRegistered", "ChildRegistered", "EpisodeOpened", "EpisodeOpened"]
    work = new_work()
    kit, lou = work.session.get_one(Submission, submission.id).registrations
    assert [one.child.legal_forename for one in (kit, lou)] == ["Kit", "Lou"]
    assert len({one.child.episodes[0].id for one in (kit, lou)}) == 2
    assert [clock_of(work, one.child).due_on for one in (kit, lou)] == [date(2026, 3, 26)] * 2


def test_one_message_gives_a_reference_for_each_and_no_name(submission: Submission, work: Work) -> None:
    (message,) = work.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.template == "registration-received")
    ).all()
    assert message.context["references"] == [one.reference for one in submission.registrations]
    assert "Kit" not in str(message.context)


def test_an_officer_sees_who_was_sent_together(submission: Submission, adviser: Work, officer: LintingClient) -> None:
    kit, lou = submission.registrations
    assert [one.id for one in queries.sent_together(adviser, here(adviser, kit))] == [lou.id]
    page = words(officer.get(f"/registrations/{kit.reference}"))
    assert "Sent together with Lou Lowe" in page


def test_each_is_checked_by_itself(submission: Submission, adviser: Work, village: Village) -> None:
    kit, lou = (here(adviser, one) for one in submission.registrations)
    for pair in queries.undecided_pairs(adviser, kit.child_id):
        service.decide_different(adviser, kit.child, pair.other)
    service.accept(adviser, kit, village.adviser)
    assert lou.child.episodes[0].accepted_at is None
    assert lou.child.parents[0].verified_at is None


def test_an_officer_of_another_authority_does_not_see_it(
    submission: Submission, as_account: As, village: Village
) -> None:
    stranger = as_account(village.stranger[Role.ADVISER])
    assert queries.sent_together(stranger, submission.registrations[0]) == []
    assert queries.keyed_submission(stranger, submission.reference) is None
    assert queries.own_submission(as_account(village.parents["Ada"]), submission.reference) is None


def test_nothing_is_sent_with_something_missing(as_account: As, parent: Account, new_work: Callable[..., Work]) -> None:
    work = as_account(parent)
    with pytest.raises(Refusal, match="Enter what is still missing: home education began"):
        service.submit_registrations(work, [answers(), answers(**LOU, ehe_started_on=None)])
    with pytest.raises(Refusal, match="Enter at least one child"):
        service.submit_registrations(work, [])
    assert new_work().session.scalars(select(Submission)).all() == []
