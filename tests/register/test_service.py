"""Registering, accepting, joining, assigning, tiers, closing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.events import StaffChanged
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import (
    Destination,
    PrimaryReason,
    Responsibility,
    SocialCare,
    Tier,
)
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.events import (
    ChildRegistered,
    DoublesFound,
    EpisodeAssigned,
    EpisodeClosed,
    RegistrationAccepted,
    TierChanged,
)
from ehe_portal.register.models import (
    Child,
    Episode,
    EpisodeChange,
    Registration,
    RegistrationState,
)
from tests.conftest import NOON, Clock
from tests.register.conftest import As, Told, answers, child_of, clock_of, episode_of, here, kinds
from tests.village import Village

TODAY = NOON.date()


# Registering


def test_a_registration_puts_a_child_on_the_register_at_once(
    registration: Registration, parent: Account, told: Told, new_work: Callable[..., Work]
) -> None:
    assert kinds(told) == ["ChildRegistered", "EpisodeOpened"]
    work = new_work()
    child = work.session.get_one(Child, registration.child_id)
    assert (child.name, child.sort_name, child.authority_ref) == ("Kit Lowe", "lowe  kit", None)
    assert (child.age_starts, child.age_ends) == (date(2021, 8, 31), date(2032, 6, 25))
    episode = child.episodes[0]
    assert (episode.opened_on, episode.accepted_at, episode.team_since) == (TODAY, None, TODAY)
    assert (episode.tier, episode.social_care, episode.ehe_started_on) == (
        Tier.ANNUAL, SocialCare.UNKNOWN, date(2026, 3, 1)
    )  # fmt: skip
    changes = work.session.scalars(select(EpisodeChange).where(EpisodeChange.episode_id == episode.id)).all()
    assert [(change.from_on, change.tier) for change in changes] == [(TODAY, Tier.ANNUAL)]
    assert child.address is not None
    assert (child.address.line, child.address.postcode) == ("7 Quay Street, Poole", "BH15 1HJ")
    assert [(one.name, one.email, one.account_id, one.verified_at) for one in child.parents] == [
        ("Mel Lowe", "mel@home.example", parent.id, None)
    ]
    assert registration.answers["legal_forename"] == "Kit"
    assert clock_of(work, child).due_on == date(2026, 3, 26)  # ten working days


def test_what_a_parent_leaves_out_is_not_known_and_what_they_would_not_say_is_said(
    as_account: As, parent: Account
) -> None:
    work = as_account(parent)
    for reason, kept in (
        (None, PrimaryReason.UNKNOWN),
        (PrimaryReason.UNKNOWN, PrimaryReason.UNKNOWN),
        (PrimaryReason.NO_REASON_GIVEN, PrimaryReason.NO_REASON_GIVEN),
    ):
        child = service.submit_registration(work, answers(reason=reason)).child
        assert child.episodes[0].primary_reason is kept


def test_no_fixed_address_and_another_parent(as_account: As, parent: Account) -> None:
    told = answers(
        has_address=False, address_line_1="", town="", postcode="", other_name="Sam Lowe", other_phone="01632 960 002"
    )
    child = service.submit_registration(as_account(parent), told).child
    assert child.address is not None
    assert (child.address.line, child.address.postcode) == ("No fixed address", None)
    other = child.parents[1]
    assert (other.position, other.name, other.address, other.account_id) == (2, "Sam Lowe", None, None)
    assert other.responsibility is Responsibility.UNKNOWN


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({}, None),
        ({"lives_with_child": True}, None),
        ({"lives_with_child": False}, "Not with the child; address not given"),
        ({"lives_with_child": False, "parent_address": "2 Hill Road"}, "2 Hill Road"),
    ],
)
def test_a_parent_who_lives_elsewhere_is_not_written_down_at_the_childs_address(
    as_account: As, parent: Account, said: dict[str, Any], address: str | None
) -> None:
    child = service.submit_registration(as_account(parent), answers(**said)).child
    assert child.parents[0].address == address


def test_registering_a_known_child_makes_a_new_record_and_a_task(
    as_account: As, parent: Account, village: Village, told: Told, work: Work
) -> None:
    """An account never joins an existing child by itself."""
    ada = village["Ada"]
    twice = answers(legal_forename="ADA", legal_surname="Byrne", date_of_birth=ada.date_of_birth)
    registration = service.submit_registration(as_account(parent), twice)
    assert registration.child_id != ada.id
    assert [event for event in told if isinstance(event, DoublesFound)] == [
        DoublesFound(authority_id=ada.authority_id, child_id=registration.child_id, other_child_id=ada.id)
    ]
    pairs = queries.undecided_pairs(work, registration.child_id)
    assert [(pair.other.id, pair.double.score) for pair in pairs] == [(ada.id, 85)]
    assert [pair.other.id for pair in queries.undecided_pairs(work, ada.id)] == [registration.child_id]


def test_a_family_sees_its_own_child_and_no_other(
    as_account: As, registration: Registration, parent: Account, village: Village
) -> None:
    work = as_account(parent)
    assert queries.visible_child(work, registration.child.reference) is not None
    assert queries.visible_child(work, village["Ada"].reference) is None
    assert registration.submission is not None
    assert queries.own_submission(work, registration.submission.reference) is not None
    stranger = as_account(village.parents["Ada"])
    assert queries.visible_child(stranger, registration.child.reference) is None
    assert queries.own_submission(stranger, registration.submission.reference) is None


def test_an_officer_of_another_authority_sees_nothing(
    as_account: As, registration: Registration, village: Village
) -> None:
    work = as_account(village.stranger[Role.ADVISER])
    assert queries.registration_to_check(work, registration.reference) is None
    assert queries.visible_child(work, registration.child.reference) is None
    assert queries.waiting_registrations(work) == ([], 0)


# Accepting


def test_accepting_verifies_the_parent_and_names_an_adviser(
    adviser: Work, registration: Registration, village: Village, told: Told
) -> None:
    told.clear()
    found = here(adviser, registration)
    lines, _ = queries.waiting_registrations(adviser)
    assert [line.reference for line in lines] == [registration.reference]
    service.accept(adviser, found, village.adviser, found.version)
    assert kinds(told) == ["RegistrationAccepted", "EpisodeAssigned"]
    assert (found.state, found.checked_by_id, found.checked_at) == (
        RegistrationState.ACCEPTED, village.adviser.id, NOON
    )  # fmt: skip
    mel = found.child.parents[0]
    assert (mel.verified_at, mel.verified_by_id) == (NOON, village.adviser.id)
    episode = found.child.episodes[0]
    assert (episode.accepted_at, episode.adviser_id, episode.team_since) == (NOON, village.adviser.id, None)
    assert queries.waiting_registrations(adviser) == ([], 0)
    with pytest.raises(Refusal, match="checked already"):
        service.accept(adviser, found, village.adviser)


def test_accepting_waits_for_doubles_an_adviser_and_the_newest_version(
    as_account: As, parent: Account, adviser: Work, village: Village
) -> None:
    ada = village["Ada"]
    twice = answers(legal_forename="Ada", legal_surname="Byrne", date_of_birth=ada.date_of_birth)
    found = here(adviser, service.submit_registration(as_account(parent), twice))
    with pytest.raises(ChangedMeanwhile):
        service.accept(adviser, found, village.adviser, found.version + 1)
    with pytest.raises(Refusal, match="Select an adviser"):
        service.accept(adviser, found, None)
    with pytest.raises(Refusal, match="Choose for each possible double"):
        service.accept(adviser, found, village.adviser)
    service.decide_different(adviser, found.child, child_of(adviser, ada))
    service.accept(adviser, found, village.adviser)
    assert found.state is RegistrationState.ACCEPTED


def test_only_an_adviser_of_the_authority_who_works_here_can_have_an_episode(
    adviser: Work, registration: Registration, village: Village
) -> None:
    found = here(adviser, registration)
    for someone in (village.cme_officer, village.stranger[Role.ADVISER]):
        with pytest.raises(Refusal, match="Select an adviser who works here"):
            service.accept(adviser, found, someone)


# Assigning


def test_an_episode_goes_to_an_adviser_and_back_to_the_team(as_account: As, village: Village, told: Told) -> None:
    manager = as_account(village.staff[Role.EHE_MANAGER])
    episode = episode_of(manager, village["Ivo"])
    service.assign(manager, episode, village.adviser, episode.version)
    assert (episode.adviser_id, episode.team_since) == (village.adviser.id, None)
    service.assign(manager, episode, village.adviser)
    service.assign(manager, episode, None)
    assert (episode.adviser_id, episode.team_since) == (None, TODAY)
    assert [event.adviser_id for event in told if isinstance(event, EpisodeAssigned)] == [village.adviser.id, None]
    with pytest.raises(ChangedMeanwhile):
        service.assign(manager, episode, village.adviser, 1)


def test_the_children_of_someone_who_leaves_go_back_to_the_team(work: Work, village: Village) -> None:
    left = StaffChanged(authority_id=village.authority.id, account_id=village.adviser.id, fields=("is_active",),
                        role=Role.ADVISER, is_active=False)  # fmt: skip
    theirs = [episode.id for episode in queries.open_episodes_of(work, [village.adviser.id])]
    assert theirs
    work.publish(left)
    assert queries.open_episodes_of(work, [village.adviser.id]) == []
    assert {work.session.get_one(Episode, id_).team_since for id_ in theirs} == {TODAY}
    hana = work.session.get_one(Child, village["Hana"].id)
    assert hana.episodes[0].adviser_id == village.adviser.id  # a closed episode stays as it was


def test_those_of_someone_who_only_goes_away_stay(work: Work, village: Village) -> None:
    away = StaffChanged(authority_id=village.authority.id, account_id=village.adviser.id, fields=("away_from",),
                        role=Role.ADVISER, is_active=True)  # fmt: skip
    work.publish(away)
    assert queries.open_episodes_of(work, [village.adviser.id])


# Tier and social care


def test_a_tier_holds_from_today_on_and_moves_the_clock(adviser: Work, village: Village, told: Told) -> None:
    ada = village["Ada"]
    episode, before = episode_of(adviser, ada), clock_of(adviser, ada).due_on
    service.set_tier(adviser, episode, Tier.CLOSE, SocialCare.CP, episode.version)
    changed = [event for event in told if isinstance(event, TierChanged)]
    assert [(event.from_on, event.tier, event.social_care) for event in changed] == [(TODAY, Tier.CLOSE, SocialCare.CP)]
    adviser.session.expire_all()
    assert clock_of(adviser, ada).due_on < before
    service.set_tier(adviser, episode, Tier.CLOSE, SocialCare.CIN)  # twice in a day: the later one holds
    service.set_tier(adviser, episode, Tier.CLOSE, SocialCare.CIN)
    rows = adviser.session.execute(
        select(EpisodeChange.from_on, EpisodeChange.social_care)
        .where(EpisodeChange.episode_id == episode.id)
        .order_by(EpisodeChange.from_on)
    )
    assert [tuple(row) for row in rows] == [(date(2024, 9, 10), SocialCare.UNKNOWN), (TODAY, SocialCare.CIN)]
    assert len([event for event in told if isinstance(event, TierChanged)]) == 2


@pytest.mark.parametrize(
    ("tier", "social_care", "said"),
    [
        (Tier.ANNUAL, SocialCare.CIN, "Select half-yearly, or close"),
        (Tier.ANNUAL, SocialCare.LAC, "Select half-yearly, or close"),
        (Tier.HALF_YEARLY, SocialCare.CP, "Select close: the social care status asks for it"),
    ],
)
def test_a_tier_is_never_looser_than_social_care_asks(
    adviser: Work, village: Village, tier: Tier, social_care: SocialCare, said: str
) -> None:
    episode = episode_of(adviser, village["Ada"])
    with pytest.raises(Refusal, match=said):
        service.set_tier(adviser, episode, tier, social_care)


# Closing


def test_closing_needs_a_destination_that_someone_confirms(adviser: Work, village: Village, told: Told) -> None:
    episode = episode_of(adviser, village["Ada"])
    offered = service.Closing(Destination.SCHOOL, TODAY, "Hillside School", confirmed=False)
    with pytest.raises(Refusal, match="on roll"):
        service.close_episode(adviser, episode, offered)
    with pytest.raises(Refusal, match="Select a destination that you can confirm"):
        service.close_episode(adviser, episode, service.Closing(Destination.RECORDED_IN_ERROR, TODAY, "A mistake"))
    service.close_episode(
        adviser, episode, service.Closing(Destination.SCHOOL, TODAY, " Hillside School ", confirmed=True)
    )
    assert (episode.closed_on, episode.destination, episode.destination_note) == (
        TODAY, Destination.SCHOOL, "Hillside School"
    )  # fmt: skip
    assert episode.destination_confirmed_by_id == village.adviser.id
    assert [event.destination for event in told if isinstance(event, EpisodeClosed)] == [Destination.SCHOOL]
    with pytest.raises(Refusal, match="has ended"):
        service.assign(adviser, episode, None)
    running = select(ContactClock.is_running).where(ContactClock.episode_id == episode.id)
    assert adviser.session.scalar(running) is False


def test_only_a_manager_says_that_it_was_recorded_in_error(as_account: As, village: Village) -> None:
    manager = as_account(village.staff[Role.EHE_MANAGER])
    episode = episode_of(manager, village["Ada"])
    service.close_episode(manager, episode, service.Closing(Destination.RECORDED_IN_ERROR, TODAY, "A mistake"))
    assert episode.destination is Destination.RECORDED_IN_ERROR


def test_school_age_closes_episodes_by_itself(work: Work, village: Village, clock: Clock, told: Told) -> None:
    finn = village["Finn"]
    due = list(work.session.scalars(queries.over_age(work)))
    assert due == [episode_of(work, finn).id]
    others = [episode_of(work, village[name]).id for name in ("Ada", "Ben")]
    service.close_over_age(work, [*due, *others])
    episode = work.session.get_one(Episode, due[0])
    assert (episode.closed_on, episode.destination) == (finn.age_ends, Destination.OVER_AGE)
    assert episode.destination_confirmed_by_id is None
    assert all(work.session.get_one(Episode, id_).is_open for id_ in others)
    assert list(work.session.scalars(queries.over_age(work))) == []
    service.close_over_age(work, due)  # again changes nothing


def test_the_last_day_of_school_age_still_counts(work: Work, village: Village) -> None:
    ada = village["Ada"]
    work.at = NOON + (ada.age_ends - TODAY)
    assert work.today == ada.age_ends
    assert episode_of(work, ada).id not in list(work.session.scalars(queries.over_age(work)))
    work.at += timedelta(days=1)
    assert episode_of(work, ada).id in list(work.session.scalars(queries.over_age(work)))


def test_what_is_published_is_what_happened(registration: Registration, told: Told) -> None:
    registered = next(event for event in told if isinstance(event, ChildRegistered))
    assert (registered.registration_id, registered.account_id) == (registration.id, registration.account_id)
    assert not any(isinstance(event, RegistrationAccepted) for event in told)
