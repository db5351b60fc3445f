"""Changes that a family tells us of: each waits for an officer, who takes it up or sets it aside, and says so."""

from collections.abc import Mapping
from datetime import date, timedelta

from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register.events import ChangeDecided, ChangeReported
from ehe_portal.register.models import ChangeKind, ChangeState, Child, ReportedChange
from ehe_portal.register.rules.people import Place
from ehe_portal.register.service.addresses import move
from ehe_portal.register.service.carers import Carer, add_parent

FARTHEST = timedelta(days=3 * 366)
ENDING = (ChangeKind.SCHOOL, ChangeKind.MOVING_AWAY)
"""Changes that may end the episode: they are taken up by closing it, with a destination that someone confirms."""


def report_change(
    work: Work, child: Child, kind: ChangeKind, told: Mapping[str, str], from_on: date | None = None
) -> ReportedChange:
    """Take in what a parent tells us; nothing changes before an officer has taken it up. Raises `Refusal`."""
    if work.actor.account_id is None:
        raise Refusal("Sign in again to send this")
    said = {name: words for name, words in told.items() if words}
    if not said:
        raise Refusal("Enter what has changed")
    if from_on is not None and abs(from_on - work.today) > FARTHEST:
        raise Refusal("Enter a date within 3 years of today", "from_on")
    change = ReportedChange(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=work.actor.account_id,
        kind=kind,
        told=said,
        told_at=work.at,
        from_on=from_on,
    )
    work.session.add(change)
    work.session.flush()
    work.publish(
        ChangeReported(authority_id=child.authority_id, child_id=child.id, change_id=change.id, kind=change.kind.value)
    )
    return change


def check_waits(change: ReportedChange, version: int | None) -> None:
    """Raises `Refusal` where a change has been decided or, by its version, is not as it was read."""
    if change.version != version:
        raise ChangedMeanwhile("This report")
    if change.state is not ChangeState.WAITING:
        raise Refusal("This has been decided already")


def decided(work: Work, change: ReportedChange, state: ChangeState, answer: str) -> ChangeDecided:
    """Write down what became of a change; gives the event."""
    change.state = state
    change.answer = answer.strip() or None
    change.decided_at, change.decided_by_id = work.at, work.actor.account_id
    return ChangeDecided(
        authority_id=change.authority_id,
        child_id=change.child_id,
        change_id=change.id,
        account_id=change.account_id,
        kind=change.kind.value,
        state=state.value,
    )


def set_aside(work: Work, change: ReportedChange, why: str, *, version: int | None) -> None:
    """Leave the record as it is, and tell the parent why. Raises `Refusal`."""
    check_waits(change, version)
    if not why.strip():
        raise Refusal("Enter why the record stays as it is: the parent reads it", "answer")
    event = decided(work, change, ChangeState.SET_ASIDE, why)
    work.session.flush()
    work.publish(event)


def take_up(work: Work, change: ReportedChange, answer: str, *, version: int | None) -> None:
    """Say that what was told has been dealt with; for what changes no record by itself. Raises `Refusal`."""
    check_waits(change, version)
    if change.kind is not ChangeKind.SOMETHING_ELSE:
        raise Refusal("Choose what is to be changed on the record: this kind of change is taken up by changing it")
    if not answer.strip():
        raise Refusal("Enter what has been done about it: the parent reads it", "answer")
    event = decided(work, change, ChangeState.TAKEN_UP, answer)
    work.session.flush()
    work.publish(event)


def take_up_address(
    work: Work, change: ReportedChange, place: Place, from_on: date, answer: str, *, version: int | None
) -> None:
    """Let the child live somewhere else from a day on; the earlier address is kept, and ends then. Raises `Refusal`."""
    check_waits(change, version)
    check_kind(change, ChangeKind.ADDRESS)
    move(work, change.child, place, from_on)
    taken = decided(work, change, ChangeState.TAKEN_UP, answer)
    work.session.flush()
    work.publish(taken)


def take_up_parent(work: Work, change: ReportedChange, told: Carer, answer: str, *, version: int | None) -> None:
    """Put another parent on the record: unverified, and without an account. Raises `Refusal`."""
    check_waits(change, version)
    check_kind(change, ChangeKind.NEW_PARENT)
    add_parent(work, change.child, told)
    taken = decided(work, change, ChangeState.TAKEN_UP, answer)
    work.session.flush()
    work.publish(taken)


def check_kind(change: ReportedChange, kind: ChangeKind) -> None:
    """Raises `Refusal` where a change is of another kind."""
    if change.kind is not kind:
        raise Refusal("Choose another way: this report is about something else")


def taken_up_by_closing(work: Work, change: ReportedChange | None) -> list[Event]:
    """The event that a change was taken up by closing the episode; none where no change led to it.

    A change that was decided meanwhile stays as it was: the closing stands by itself.
    """
    if change is None or change.state is not ChangeState.WAITING or change.kind not in ENDING:
        return []
    return [decided(work, change, ChangeState.TAKEN_UP, "It has been confirmed, and is on the record.")]
