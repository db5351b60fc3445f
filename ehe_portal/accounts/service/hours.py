"""When staff are at work, and the private address at which their own calendar reads their visits."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.events import (
    CalendarFeedMade,
    CalendarFeedRevoked,
    LeaveAdded,
    LeaveRemoved,
    WorkingHoursSet,
)
from ehe_portal.accounts.models import Account, CalendarFeed, CalendarFeedReading, Leave, WorkingDay
from ehe_portal.core.errors import Refusal
from ehe_portal.core.hours import DaysOff, Hours
from ehe_portal.core.work import Work

TOKEN_BYTES = 32
UNKNOWN = {"synchronize_session": False}
FARTHEST_LEAVE = timedelta(days=2 * 366)


def set_hours(work: Work, account: Account, hours: Hours) -> None:
    """Set the weekly hours of a member of staff. Raises `Refusal`, whose field is `until_<weekday>`."""
    problem = rules.hours_problem(hours)
    if problem:
        weekday, message = problem
        raise Refusal(message, None if weekday is None else f"until_{weekday}")
    work.session.execute(delete(WorkingDay).where(WorkingDay.account_id == account.id))
    work.session.execute(
        insert(WorkingDay),
        [
            {
                "authority_id": account.authority_id,
                "account_id": account.id,
                "weekday": weekday,
                "from_time": begins,
                "until_time": ends,
            }
            for weekday, (begins, ends) in sorted(hours.items())
        ],
    )
    work.publish(
        WorkingHoursSet(authority_id=account.authority_id, account_id=account.id, weekdays=tuple(sorted(hours)))
    )


def add_leave(work: Work, account: Account, wanted: DaysOff, reason: str | None = None) -> Leave:
    """Enter days of leave for a member of staff. Raises `Refusal`."""
    problem = rules.leave_problem(wanted)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    if wanted.last_on < work.today:
        raise Refusal("Enter a last day that is today or later", "last_on")
    if wanted.last_on > work.today + FARTHEST_LEAVE:
        raise Refusal("Enter days within the next two years", "last_on")
    if len(queries.leave_to_come(work, account)) >= queries.MOST_LEAVE:
        raise Refusal("Enter no more than what is there already: remove some days first")
    added = Leave(
        authority_id=account.authority_id,
        account_id=account.id,
        first_on=wanted.first_on,
        last_on=wanted.last_on,
        part=wanted.part,
        reason=(reason or "").strip() or None,
    )
    work.session.add(added)
    work.session.flush()
    work.publish(LeaveAdded(**about(added)))
    return added


def remove_leave(work: Work, leave: Leave) -> None:
    """Take days of leave out again."""
    said = about(leave)
    work.session.delete(leave)
    work.session.flush()
    work.publish(LeaveRemoved(**said))


def about(leave: Leave) -> dict[str, Any]:
    """What an event about leave says: the days, never the reason."""
    return {
        "authority_id": leave.authority_id,
        "account_id": leave.account_id,
        "first_on": leave.first_on,
        "last_on": leave.last_on,
        "part": leave.part,
    }


# The private address


def make_feed(work: Work, account: Account) -> str:
    """Make a private calendar address for an account; gives its secret part, which nobody can read again.

    An address that there was before works no longer.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    again = forget_feed(work, account)
    work.session.add(
        CalendarFeed(
            authority_id=account.authority_id,
            account_id=account.id,
            token_hash=rules.hashed_token(token),
            made_at=work.at,
        )
    )
    work.session.flush()
    work.publish(CalendarFeedMade(authority_id=account.authority_id, account_id=account.id, again=again))
    return token


def revoke_feed(work: Work, account: Account) -> None:
    """Let someone's private calendar address work no longer. Raises `Refusal` where there is none."""
    if not forget_feed(work, account):
        raise Refusal("There is no private address to revoke")
    work.publish(CalendarFeedRevoked(authority_id=account.authority_id, account_id=account.id))


def forget_feed(work: Work, account: Account) -> bool:
    """Take an address away, with what is known of its readings; whether there was one."""
    feed = queries.feed_of(work, account)
    if feed is None:
        return False
    work.session.execute(delete(CalendarFeedReading).where(CalendarFeedReading.feed_id == feed.id))
    work.session.delete(feed)
    work.session.flush()
    return True


def note_feed_read(work: Work, feed: CalendarFeed) -> None:
    """Count that an address is being read, once this work has ended."""
    keys = {"authority_id": feed.authority_id, "feed_id": feed.id}
    at, began = work.at, work.at - queries.AN_HOUR

    def count(session: Session) -> None:
        counted = update(CalendarFeedReading).where(CalendarFeedReading.feed_id == keys["feed_id"])
        same_hour = counted.where(CalendarFeedReading.hour_began_at > began)
        once_more = same_hour.values(reads=CalendarFeedReading.reads + 1, last_read_at=at)
        begun_anew = counted.values(hour_began_at=at, reads=1, last_read_at=at)
        for change in (once_more, begun_anew):
            if session.scalars(change.returning(CalendarFeedReading.id), execution_options=UNKNOWN).first():
                return
        session.execute(insert(CalendarFeedReading).values(**keys, hour_began_at=at, reads=1, last_read_at=at))

    work.afterwards(count)
