"""A family registers a child; an officer checks what they told us and accepts it."""

from typing import Any

from sqlalchemy import delete

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Arrangement, PreviousSchoolType, PrimaryReason, SocialCare, Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Event, Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries
from ehe_portal.register.events import ChildRegistered, EpisodeOpened, RegistrationAccepted
from ehe_portal.register.models import (
    Address,
    Child,
    Episode,
    EpisodeChange,
    Parent,
    Registration,
    RegistrationDraft,
    RegistrationState,
)
from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.service.doubles import find_doubles
from ehe_portal.register.service.episodes import check_adviser, give_to


def submit_registration(work: Work, answers: Answers) -> Registration:
    """Put a child on the register as its parent told us. The authority knows from today, so the episode opens today.

    It is always a new record: whether the child is known already is for an officer to say. The acting account
    becomes the first parent, not yet verified.
    """
    account = accounts.account_by_id(work, work.actor.account_id or 0)
    if account is None:
        raise Refusal("Sign in again to send this registration")
    child = new_child(work, account.authority_id, answers)
    episode = new_episode(work, child, answers)
    add_family(work, child, account, answers)
    registration = Registration(
        authority_id=child.authority_id,
        account_id=account.id,
        child_id=child.id,
        answers=answers.kept(),
        submitted_at=work.at,
    )
    work.session.add(registration)
    work.session.execute(delete(RegistrationDraft).where(RegistrationDraft.account_id == account.id))
    work.session.flush()
    work.session.expire(child, ["addresses", "parents", "episodes"])
    about: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
    work.publish(
        ChildRegistered(**about, registration_id=registration.id, account_id=account.id),
        EpisodeOpened(**about, episode_id=episode.id, opened_on=episode.opened_on),
        *find_doubles(work, child),
    )
    return registration


def new_child(work: Work, authority_id: int, answers: Answers) -> Child:
    """The child as the parent told us."""
    starts, ends = compulsory_school_age(answers.date_of_birth)
    child = Child(
        authority_id=authority_id,
        legal_forename=answers.legal_forename,
        legal_surname=answers.legal_surname,
        preferred_name=answers.preferred_name or None,
        sort_name=sort_name(answers.legal_forename, answers.legal_surname, answers.preferred_name),
        date_of_birth=answers.date_of_birth,
        age_starts=starts,
        age_ends=ends,
        created_at=work.at,
    )
    work.session.add(child)
    work.session.flush()
    return child


def new_episode(work: Work, child: Child, answers: Answers) -> Episode:
    """An episode that opens today, with the team, at the tier and social care status that are known: none."""
    episode = Episode(
        authority_id=child.authority_id,
        child_id=child.id,
        opened_on=work.today,
        arrangement=Arrangement.EHE,
        ehe_started_on=answers.ehe_started_on,
        primary_reason=answers.reason or PrimaryReason.UNKNOWN,
        previous_school_type=answers.previous_school_type or PreviousSchoolType.ELSEWHERE_OR_UNKNOWN,
        previous_school=answers.previous_school or None,
        tier=Tier.ANNUAL,
        social_care=SocialCare.UNKNOWN,
        team_since=work.today,
        opened_under_id=policy.in_force(work, child.authority_id, work.today).id,
    )
    work.session.add(episode)
    work.session.flush()
    work.session.add(first_setting(episode))
    return episode


def first_setting(episode: Episode) -> EpisodeChange:
    """The tier and social care status that hold from the day an episode opened."""
    return EpisodeChange(
        authority_id=episode.authority_id,
        episode_id=episode.id,
        from_on=episode.opened_on,
        tier=episode.tier,
        social_care=episode.social_care,
    )


def add_family(work: Work, child: Child, account: Account, answers: Answers) -> None:
    """Where the child lives and who cares for it, as the parent told us."""
    whose: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
    work.session.add_all(
        [
            Address(**whose, line=answers.address, postcode=answers.postcode or None, from_on=work.today),
            Parent(
                **whose,
                position=1,
                name=answers.parent_name,
                relationship_=answers.relationship,
                responsibility=answers.responsibility,
                email=account.email,
                phone=answers.phone or None,
                account_id=account.id,
            ),
        ]
    )
    if answers.other_name:
        other = Parent(
            **whose,
            position=2,
            name=answers.other_name,
            relationship_=answers.other_relationship or None,
            email=answers.other_email or None,
            phone=answers.other_phone or None,
            address=answers.other_address or None,
        )
        if answers.other_responsibility is not None:
            other.responsibility = answers.other_responsibility
        work.session.add(other)


def check_waiting(registration: Registration, version: int | None) -> None:
    """Raises `Refusal` where a registration has been decided or, by its version, has changed since it was read."""
    if registration.state is not RegistrationState.WAITING:
        raise Refusal("This registration has been checked already")
    if version is not None and version != registration.version:
        raise ChangedMeanwhile("This registration")


def accept(work: Work, registration: Registration, adviser: Account | None, version: int | None = None) -> None:
    """Accept a registration, being satisfied who the parent is, and give the episode to an adviser.

    Raises `Refusal` without one, and while records that may be the same child have not been decided.
    """
    check_waiting(registration, version)
    if adviser is None:
        raise Refusal("Select an adviser", "adviser")
    check_adviser(registration.authority_id, adviser)
    child = registration.child
    if queries.undecided_pairs(work, child.id):
        raise Refusal("Choose for each possible double whether it is the same child, then accept")
    events: list[Event] = [checked(work, registration, RegistrationState.ACCEPTED)]
    for parent in child.parents:
        if parent.account_id == registration.account_id:
            verify(work, parent)
    if episode := child.episode:
        episode.accepted_at = work.at
        if episode.is_open:
            events.append(give_to(work, episode, adviser))
    work.session.flush()
    work.publish(*events)


def checked(work: Work, registration: Registration, state: RegistrationState) -> RegistrationAccepted:
    """Write down who checked a registration and what came of it; gives the event of its acceptance."""
    registration.state = state
    registration.checked_at = work.at
    registration.checked_by_id = work.actor.account_id
    return RegistrationAccepted(
        authority_id=registration.authority_id,
        child_id=registration.child_id,
        registration_id=registration.id,
        account_id=registration.account_id,
    )


def verify(work: Work, parent: Parent) -> None:
    """Write down that an officer is satisfied who this parent is."""
    parent.verified_at = work.at
    parent.verified_by_id = work.actor.account_id
