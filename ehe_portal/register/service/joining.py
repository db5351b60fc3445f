"""Two records are found to be one child: what belongs to the duplicate goes to the record that stays."""

from typing import Any, Final

from sqlalchemy import delete, or_, update

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Destination, Responsibility, SenStatus, Sex
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import EpisodeOpened, ProtectionSet, RecordsJoined
from ehe_portal.register.models import (
    Address,
    Child,
    DoubleVerdict,
    Episode,
    Nature,
    Parent,
    PossibleDouble,
    Registration,
    RegistrationState,
    ReportedChange,
    Subject,
)
from ehe_portal.register.rules.names import fold
from ehe_portal.register.service.access import follow_parent
from ehe_portal.register.service.carers import Turn
from ehe_portal.register.service.doubles import decided, is_duplicate
from ehe_portal.register.service.episodes import check_adviser, end, give_to
from ehe_portal.register.service.households import move_links
from ehe_portal.register.service.kept import keep_before
from ehe_portal.register.service.registrations import check_waiting, checked, first_setting, verify_sender
from ehe_portal.register.service.stops import locked

PROTECTED_TOO: Final = "Another record of this child was protected, and was found to be a duplicate"
STOPPED_ON_ONE: Final = (
    "Messages are stopped on the record that would be closed. Ask a manager to stop them on the other record first, "
    "so that nothing reaches the family"
)


def join(
    work: Work,
    registration: Registration,
    existing: Child,
    *,
    adviser: Account | None = None,
    take_address: bool = False,
    version: int | None = None,
) -> None:
    """Find a registered child to be one already known, being satisfied who the parent is.

    The parent goes to the record that stays; with `take_address` so does the address they gave. Where that record
    has no open episode, this family's new one is opened there. Raises `Refusal`.
    """
    check_waiting(registration, version)
    duplicate = registration.child
    check_pair(work, duplicate, existing)
    if adviser is not None:
        check_adviser(existing.authority_id, adviser)
    checked(work, registration, RegistrationState.JOINED)
    registration.joined_child_id = existing.id
    verify_sender(work, registration)
    if take_address:
        take_over_address(work, duplicate, existing)
    fold_into(work, duplicate, existing, registration, adviser)


def join_records(work: Work, duplicate: Child, existing: Child) -> None:
    """Find two records, of which no registration waits, to be one child. Raises `Refusal`."""
    if queries.waiting_registration_of(work, duplicate.id) is not None:
        raise Refusal("Check the registration of this child first: that is where its doubles are decided")
    check_pair(work, duplicate, existing)
    fold_into(work, duplicate, existing, None, None)


def check_pair(work: Work, duplicate: Child, existing: Child) -> None:
    """Raises `Refusal` where two records cannot become one: nothing that hides a child may fall away with a record."""
    if duplicate.id == existing.id or duplicate.authority_id != existing.authority_id:
        raise Refusal("Choose another record of this authority")
    if is_duplicate(existing) or is_duplicate(duplicate):
        raise Refusal("Choose a record that has not itself been found to be a duplicate")
    for child in sorted((duplicate, existing), key=lambda one: one.id):
        locked(work, child)
    if duplicate.messages_stopped_at is not None and existing.messages_stopped_at is None:
        raise Refusal(STOPPED_ON_ONE)


def fold_into(
    work: Work, duplicate: Child, existing: Child, registration: Registration | None, adviser: Account | None
) -> None:
    """Close the duplicate as one of the record that stays, and move to that what belongs to the child."""
    move_parents(work, duplicate, existing)
    move_what_was_told(work, duplicate, existing)
    move_links(work, duplicate, existing)
    events: list[Event] = []
    ended = duplicate.episode
    if ended is not None:
        if ended.is_open and queries.open_episode(work, existing.id) is None:
            events += open_anew(work, ended, existing, adviser)
        ended.duplicate_of_id = existing.id
        ended.destination_confirmed_by_id = work.actor.account_id
    events.append(
        RecordsJoined(
            authority_id=existing.authority_id,
            child_id=existing.id,
            registration_id=registration.id if registration else None,
            account_id=registration.account_id if registration else None,
            duplicate_child_id=duplicate.id,
        )
    )
    events += [hide(work, one) for one, other in both_ways(duplicate, existing) if other.protected > one.protected]
    if ended is not None:
        events.append(end(ended, ended.closed_on or work.today, Destination.DUPLICATE))
    events.append(decided(work, duplicate, existing, DoubleVerdict.SAME))
    forget_undecided(work, duplicate)
    work.session.execute(
        update(ReportedChange).where(ReportedChange.child_id == duplicate.id).values(child_id=existing.id)
    )
    work.session.flush()
    for record in (existing, duplicate):
        work.session.expire(record, ["addresses", "parents", "episodes", "wishes"])
    work.publish(*events)


def both_ways(one: Child, other: Child) -> tuple[tuple[Child, Child], tuple[Child, Child]]:
    """Each of two records, with the other."""
    return (one, other), (other, one)


def hide(work: Work, child: Child) -> ProtectionSet:
    """Protect a record because the other of the same child is: it says where the child lives, or did. Both stay so."""
    child.protected = True
    keep_before(work, child, Subject.PROTECTION, {"protected": False}, Turn(Nature.CHANGE, work.today, PROTECTED_TOO))
    return ProtectionSet(authority_id=child.authority_id, child_id=child.id)


def open_anew(work: Work, ended: Episode, existing: Child, adviser: Account | None) -> list[Event]:
    """Open for a child who was known before the episode that was opened under a second record."""
    opened = Episode(
        authority_id=existing.authority_id,
        child_id=existing.id,
        opened_on=ended.opened_on,
        arrangement=ended.arrangement,
        ehe_started_on=ended.ehe_started_on,
        primary_reason=ended.primary_reason,
        previous_school_type=ended.previous_school_type,
        previous_school=ended.previous_school,
        school_suggested=ended.school_suggested,
        styles=ended.styles,
        other_teachers=ended.other_teachers,
        hours_from_parents=ended.hours_from_parents,
        hours_from_others=ended.hours_from_others,
        tier=ended.tier,
        social_care=ended.social_care,
        adviser_id=ended.adviser_id,
        team_since=None if ended.adviser_id else work.today,
        accepted_at=work.at,
        service_name=ended.service_name,
        review_on=ended.review_on,
        social_worker_name=ended.social_worker_name,
        social_worker_email=ended.social_worker_email,
        opened_under_id=ended.opened_under_id,
    )
    work.session.add(opened)
    work.session.flush()
    work.session.add(first_setting(opened))
    about: dict[str, Any] = {"authority_id": existing.authority_id, "child_id": existing.id, "episode_id": opened.id}
    events: list[Event] = [EpisodeOpened(**about, opened_on=opened.opened_on)]
    if adviser is not None:
        events.append(give_to(work, opened, adviser))
    return events


def move_what_was_told(work: Work, duplicate: Child, existing: Child) -> None:
    """Give the record that stays what only the duplicate says of the child, and the wishes that were told last."""
    if existing.sex is Sex.UNKNOWN:
        existing.sex = duplicate.sex
    if existing.sen_status is SenStatus.UNKNOWN:
        existing.sen_status = duplicate.sen_status
    existing.languages = existing.languages or duplicate.languages
    existing.ethnicity = existing.ethnicity or duplicate.ethnicity
    told, known = duplicate.wishes, existing.wishes
    if told is None or (known is not None and known.said_on > told.said_on):
        return
    if known is not None:
        work.session.delete(known)
        work.session.flush()
    told.child_id = existing.id


def move_parents(work: Work, duplicate: Child, existing: Child) -> None:
    """Give the record that stays the duplicate's parents. One who is on it already is not put there twice."""
    for parent in list(duplicate.parents):
        known = next((one for one in existing.carers if same_person(one, parent)), None)
        if known is None:
            taken = {one.position for one in existing.parents}
            parent.position = next(place for place in range(1, len(taken) + 2) if place not in taken)
            parent.child_id = existing.id
            work.session.flush()
            work.session.expire(existing, ["parents"])
            continue
        known.email = known.email or parent.email
        known.phone = parent.phone or known.phone
        known.address = parent.address or known.address
        known.relationship_ = known.relationship_ or parent.relationship_
        if known.responsibility is Responsibility.UNKNOWN:
            known.responsibility = parent.responsibility
        if parent.account_id is not None:
            known.account_id, parent.account_id = parent.account_id, None
            known.verified_at, known.verified_by_id = parent.verified_at, parent.verified_by_id
        follow_parent(work, parent, known)


def same_person(known: Parent, other: Parent) -> bool:
    """Whether two adults on two records of one child are one: by address of mail, or by name."""
    if known.account_id is not None and other.account_id is not None and known.account_id != other.account_id:
        return False
    if known.email and other.email and known.email.casefold() == other.email.casefold():
        return True
    return fold(known.name) == fold(other.name)


def addresses_differ(one: Child, other: Child) -> bool:
    """Whether two records say that the child lives at different places."""
    given, current = one.address, other.address
    if given is None or current is None:
        return given is not current
    return (fold(given.line), given.postcode) != (fold(current.line), current.postcode)


def take_over_address(work: Work, duplicate: Child, existing: Child) -> None:
    """Let the address that the parent gave be where the child lives, from today; the earlier one is kept as such."""
    given, current = duplicate.address, existing.address
    if given is None or not addresses_differ(duplicate, existing):
        return
    if current is not None:
        current.until_on = work.today
        work.session.flush()
    work.session.add(
        Address(
            authority_id=existing.authority_id,
            child_id=existing.id,
            line=given.line,
            postcode=given.postcode,
            uprn=given.uprn,
            from_on=work.today,
        )
    )


def forget_undecided(work: Work, duplicate: Child) -> None:
    """Whom a duplicate was thought to be is settled."""
    work.session.execute(
        delete(PossibleDouble).where(
            or_(PossibleDouble.child_id == duplicate.id, PossibleDouble.other_child_id == duplicate.id),
            PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
        )
    )
