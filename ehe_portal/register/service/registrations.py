"""A family registers its children, or an officer keys them in; an officer checks what was told and accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import (
    Arrangement,
    PreviousSchoolType,
    PrimaryReason,
    Responsibility,
    SenStatus,
    Sex,
    SocialCare,
    Tier,
)
from ehe_portal.core.days import LONDON
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Event, Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries
from ehe_portal.register.events import ChildRegistered, EpisodeOpened, RegistrationAccepted, RegistrationKeyedIn
from ehe_portal.register.models import (
    Address,
    Child,
    Episode,
    EpisodeChange,
    FamilyWishes,
    Parent,
    Registration,
    RegistrationState,
    Submission,
    Via,
)
from ehe_portal.register.rules.answers import Answers, read_kept
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.rules.questions import missing_questions
from ehe_portal.register.rules.reading import named, read_back
from ehe_portal.register.service.carers import verify
from ehe_portal.register.service.doubles import find_doubles
from ehe_portal.register.service.drafts import discard_draft
from ehe_portal.register.service.episodes import check_adviser, give_to

KEYED_MUST: frozenset[str] = frozenset({"legal_forename", "legal_surname", "date_of_birth", "parent_name"})
"""What an officer must know to put a child on the register: whatever else is missing, the child is in sight."""


@dataclass(frozen=True)
class Source:
    """How a registration came that no parent sent here, who said so, and the day on which the authority first knew."""

    via: Via
    said_by: str
    received_on: date


def submit_registration(work: Work, answers: Answers) -> Registration:
    """Put one child on the register as its parent told us. Raises `Refusal`."""
    return submit_registrations(work, [answers]).registrations[0]


def submit_registrations(work: Work, told: Sequence[Answers]) -> Submission:
    """Put children on the register as their parent told us, each with a record, an episode and a clock of its own.

    They are always new records: whether a child is known already is for an officer to say. The acting account becomes
    the first parent, not yet verified. The authority knows from today, so the episodes open today. Raises `Refusal`.
    """
    account = accounts.account_by_id(work, work.actor.account_id or 0)
    if account is None:
        raise Refusal("Sign in again to send this registration")
    required = policy.profile_in_force(work, account.authority_id, work.today).required
    check_told(told, required)
    submission = Submission(
        authority_id=account.authority_id, received_on=work.today, entered_at=work.at, account_id=account.id
    )
    return take_in(work, submission, told, account)


def key_in_registrations(work: Work, told: Sequence[Answers], source: Source) -> Submission:
    """Put children on the register who were told of on paper, by phone or by a school; the actor keys them in.

    The authority knows from the day on which it was received, so the episodes open on that day. Raises `Refusal`.
    """
    if work.scope.authority_id is None:
        raise Refusal("Sign in again to key this in")
    if source.via is Via.PORTAL:
        raise Refusal("Select how it came", "via")
    check_told(told, KEYED_MUST)
    if source.received_on > work.today:
        raise Refusal("Enter a date that is today or earlier", "received_on")
    if any(answers.date_of_birth > source.received_on for answers in told):
        raise Refusal("Enter a date of receipt that is not before the child was born", "received_on")
    submission = Submission(
        authority_id=work.scope.authority_id,
        received_on=source.received_on,
        entered_at=work.at,
        via=source.via,
        keyed_by_id=work.actor.account_id,
        said_by=source.said_by,
    )
    return take_in(work, submission, told, None)


def check_told(told: Sequence[Answers], required: frozenset[str]) -> None:
    """Raises `Refusal` where nobody is registered, or where something that must be answered is not."""
    if not told:
        raise Refusal("Enter at least one child")
    for answers in told:
        missing = missing_questions(answers.kept(), required)
        if missing:
            raise Refusal(f"Enter what is still missing: {named(missing)}")


def take_in(work: Work, submission: Submission, told: Sequence[Answers], account: Account | None) -> Submission:
    """Keep what came in one go, and say what happened: all of it at once, so that one message tells of all."""
    work.session.add(submission)
    work.session.flush()
    events: list[Event] = []
    for answers in told:
        events += register_one(work, submission, answers, account)
    discard_draft(work)
    work.session.expire(submission, ["registrations"])
    work.publish(*events)
    return submission


def register_one(work: Work, submission: Submission, answers: Answers, account: Account | None) -> list[Event]:
    """Put one child on the register; gives the events to publish."""
    child = new_child(work, submission.authority_id, answers)
    episode = new_episode(work, child, answers, submission.received_on)
    add_family(work, child, account, answers, submission.received_on)
    registration = Registration(
        authority_id=child.authority_id,
        account_id=submission.account_id,
        submission_id=submission.id,
        child_id=child.id,
        answers=answers.kept(),
        submitted_at=known_at(work, submission),
    )
    work.session.add(registration)
    work.session.flush()
    work.session.expire(child, ["addresses", "parents", "episodes", "wishes"])
    about: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
    came: Event = (
        RegistrationKeyedIn(
            **about, registration_id=registration.id, via=submission.via, received_on=submission.received_on
        )
        if account is None
        else ChildRegistered(**about, registration_id=registration.id, account_id=account.id)
    )
    opened = EpisodeOpened(**about, episode_id=episode.id, opened_on=episode.opened_on)
    return [came, opened, *find_doubles(work, child)]


def known_at(work: Work, submission: Submission) -> datetime:
    """Since when it waits to be checked: since it was received, however late it is keyed in."""
    if submission.received_on == work.today:
        return work.at
    return datetime.combine(submission.received_on, time(12), LONDON)


def new_child(work: Work, authority_id: int, answers: Answers) -> Child:
    """The child as we were told."""
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
        sex=answers.sex or Sex.UNKNOWN,
        sen_status=answers.sen_status or SenStatus.UNKNOWN,
        languages=answers.languages or None,
        ethnicity=answers.ethnicity,
    )
    work.session.add(child)
    work.session.flush()
    return child


def new_episode(work: Work, child: Child, answers: Answers, opened_on: date) -> Episode:
    """An episode that opens when the authority knew, with the team, at the tier and status that are known: none."""
    episode = Episode(
        authority_id=child.authority_id,
        child_id=child.id,
        opened_on=opened_on,
        arrangement=Arrangement.EHE,
        ehe_started_on=answers.ehe_started_on,
        primary_reason=answers.reason or PrimaryReason.UNKNOWN,
        previous_school_type=answers.previous_school_type or PreviousSchoolType.ELSEWHERE_OR_UNKNOWN,
        previous_school=answers.previous_school or None,
        school_suggested=answers.school_suggested,
        styles=[style.value for style in answers.styles] or None,
        other_teachers="" if answers.others_teach is False else answers.other_teachers or None,
        hours_from_parents=answers.hours_from_parents,
        hours_from_others=answers.hours_from_others,
        tier=Tier.ANNUAL,
        social_care=SocialCare.UNKNOWN,
        team_since=work.today,
        opened_under_id=policy.in_force(work, child.authority_id, opened_on).id,
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


def add_family(work: Work, child: Child, account: Account | None, answers: Answers, known_on: date) -> None:
    """Where the child lives, who cares for it, and how they would like to be in contact, as we were told."""
    whose: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
    work.session.add_all(
        [
            Address(**whose, line=answers.address, postcode=answers.postcode or None, from_on=known_on),
            Parent(
                **whose,
                position=1,
                name=answers.parent_name,
                relationship_=answers.relationship or None,
                responsibility=answers.responsibility or Responsibility.UNKNOWN,
                email=account.email if account else answers.parent_email or None,
                phone=answers.phone or None,
                address=answers.parent_lives_at,
                account_id=account.id if account else None,
            ),
        ]
    )
    if answers.other_name:
        work.session.add(
            Parent(
                **whose,
                position=2,
                name=answers.other_name,
                relationship_=answers.other_relationship or None,
                responsibility=answers.other_responsibility or Responsibility.UNKNOWN,
                email=answers.other_email or None,
                phone=answers.other_phone or None,
                address=answers.other_address or None,
            )
        )
    if answers.has_wishes:
        work.session.add(
            FamilyWishes(
                **whose,
                said_on=known_on,
                ways=[way.value for way in answers.ways],
                interpreter=answers.interpreter,
                interpreter_language=answers.interpreter_language or None,
                access_needs=answers.access_needs or None,
                support=answers.support or None,
            )
        )


def told_rows(registration: Registration) -> list[tuple[str, str | None]]:
    """What was told when a child was registered, for its sender: questions with answers, None where there is none."""
    answers = read_kept(registration.answers)
    sections = read_back(answers) if answers else []
    return [(row.question, row.answer or None) for section in sections for row in section.rows]


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
    verify_sender(work, registration)
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


def verify_sender(work: Work, registration: Registration) -> None:
    """Write down that an officer is satisfied who the parent is who sent this; what was keyed in has no account."""
    if registration.account_id is None:
        return
    for parent in registration.child.parents:
        if parent.account_id == registration.account_id:
            verify(work, parent)
