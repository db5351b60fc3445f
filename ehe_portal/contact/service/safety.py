"""Coming and going safely: somebody expects whoever makes a visit, and is told when they do not come back.

Nothing here says anything about a child, whom it is not about.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission
from ehe_portal.contact import queries
from ehe_portal.contact.events import (
    ArrivedAtVisit,
    BackFromVisit,
    CheckInExtended,
    CheckInMissed,
    CheckInSet,
)
from ehe_portal.contact.models import STANDING, CheckIn, CheckInAlarm, Visit, VisitState
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import PolicyValues

OPEN_TO = (*STANDING, VisitState.RECORDED)
"""The states of a visit that somebody may be on the way to, or not be back from yet."""
NOBODY, COLLEAGUE, MANAGERS = range(3)


def set_check_in(work: Work, visit: Visit, back_by: datetime, colleague: Account) -> CheckIn:
    """Say by when whoever makes a visit is expected back, and which colleague is told otherwise. Raises `Refusal`."""
    if visit.state not in OPEN_TO:
        raise Refusal("This visit does not take place: there is nobody to expect back")
    if back_by <= work.at:
        raise Refusal("Enter a time in the future", "back_by")
    if colleague.id == visit.adviser_id:
        raise Refusal("Select a colleague: nobody can miss themselves", "colleague")
    if (
        colleague.authority_id != visit.authority_id
        or Permission.MY_DAY_READ not in GRANTS[colleague.role]
        or not colleague.is_active
    ):
        raise Refusal("Select a colleague who can sign in", "colleague")
    check_in = queries.check_in_of(work, visit)
    first_alarm = back_by + timedelta(minutes=values(work, visit.authority_id).check_in_minutes)
    if check_in is None:
        check_in = CheckIn(
            authority_id=visit.authority_id,
            visit_id=visit.id,
            colleague_id=colleague.id,
            back_by_at=back_by,
            set_at=work.at,
            next_alarm_at=first_alarm,
        )
        work.session.add(check_in)
    else:
        check_in.colleague_id, check_in.back_by_at, check_in.next_alarm_at = colleague.id, back_by, first_alarm
        check_in.back_at, check_in.rung, check_in.round = None, NOBODY, check_in.round + 1
    work.session.flush()
    work.publish(CheckInSet(authority_id=visit.authority_id, visit_id=visit.id, check_in_id=check_in.id))
    return check_in


def values(work: Work, authority_id: int) -> PolicyValues:
    """What an authority has set for itself today."""
    return policy.in_force(work, authority_id, work.today).values


def arrive(work: Work, check_in: CheckIn) -> None:
    """Say that one has arrived. Raises `Refusal`."""
    refuse_if_back(check_in)
    check_in.arrived_at = work.at
    work.session.flush()
    work.publish(ArrivedAtVisit(**about(check_in)))


def come_back(work: Work, check_in: CheckIn) -> None:
    """Say that one is back and well: nobody is told any more. Raises `Refusal`."""
    refuse_if_back(check_in)
    check_in.back_at, check_in.next_alarm_at = work.at, None
    work.session.flush()
    work.publish(BackFromVisit(**about(check_in)))


def extend(work: Work, check_in: CheckIn, minutes: int) -> None:
    """Ask for more time, counted from now where the time has passed already. Raises `Refusal`."""
    refuse_if_back(check_in)
    if not 1 <= minutes <= 240:
        raise Refusal("Enter a number of minutes from 1 to 240", "minutes")
    check_in.back_by_at = max(check_in.back_by_at, work.at) + timedelta(minutes=minutes)
    grace = values(work, check_in.authority_id).check_in_minutes
    check_in.next_alarm_at = check_in.back_by_at + timedelta(minutes=grace)
    check_in.rung, check_in.round = NOBODY, check_in.round + 1
    work.session.flush()
    work.publish(CheckInExtended(**about(check_in)))


def refuse_if_back(check_in: CheckIn) -> None:
    """Raises `Refusal` where they are back already, or the visit did not take place."""
    if check_in.back_at is not None:
        raise Refusal("Nobody is expected any more: it was said already that all is well")


def about(check_in: CheckIn) -> dict[str, int]:
    """What every event about a check-in says: nothing about a child."""
    return {
        "authority_id": check_in.authority_id,
        "visit_id": check_in.visit_id,
        "check_in_id": check_in.id,
    }


def stand_down(work: Work, visit: Visit) -> None:
    """Expect nobody back from a visit that does not take place, unless they are on their way already."""
    check_in = queries.check_in_of(work, visit)
    if check_in is not None and check_in.arrived_at is None and check_in.back_at is None:
        check_in.back_at, check_in.next_alarm_at = work.at, None


def follow_moved_visit(work: Work, visit: Visit, by: timedelta) -> None:
    """Expect whoever makes a visit that was moved as much later, or earlier, unless they are on their way already."""
    check_in = queries.check_in_of(work, visit)
    if check_in is not None and by and check_in.arrived_at is None and check_in.back_at is None:
        check_in.back_by_at += by
        if check_in.next_alarm_at is not None:
            check_in.next_alarm_at += by


# When they do not come back


def miss(work: Work, ids: Collection[int]) -> None:
    """Tell the colleague of each check-in that was missed, and some minutes later the managers: each once a round.

    They are judged under lock, so that of two processes one finds nothing left to do.
    """
    missed = []
    for check_in in queries.held_check_ins(work, ids):
        check_in.rung += 1
        whom = told_on(work, check_in)
        later = timedelta(minutes=values(work, check_in.authority_id).check_in_manager_minutes)
        check_in.next_alarm_at = work.at + later if check_in.rung < MANAGERS else None
        work.session.add_all(
            CheckInAlarm(
                authority_id=check_in.authority_id,
                check_in_id=check_in.id,
                account_id=account_id,
                round=check_in.round,
                rung=check_in.rung,
                raised_at=work.at,
            )
            for account_id in whom
        )
        missed += [
            CheckInMissed(
                **about(check_in),
                account_id=account_id,
                reference=check_in.reference,
                round=check_in.round,
                rung=check_in.rung,
            )
            for account_id in whom
        ]
    work.session.flush()
    work.publish(*missed)


def told_on(work: Work, check_in: CheckIn) -> list[int]:
    """Who is told now. Where the colleague cannot be told, the managers are, without waiting."""
    if check_in.rung == COLLEAGUE:
        colleague = work.session.get(Account, check_in.colleague_id)
        if colleague is not None and colleague.is_active and not colleague.is_away(work.today):
            return [colleague.id]
        check_in.rung = MANAGERS
    goes = check_in.visit.adviser_id
    managers = [one.id for one in queries.managers_to_tell(work, check_in.authority_id)]
    return [one for one in managers if one not in (goes, check_in.colleague_id)] or managers
