"""Who is there: authorities, staff and accounts. What belongs to an authority is limited by the work's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from ehe_portal.accounts.models import (
    Account,
    Authority,
    AuthorityLogo,
    CalendarFeed,
    CalendarFeedReading,
    Leave,
    MailLink,
    Purpose,
    SignInAttempt,
    WorkingDay,
)
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.accounts.rules import FEED_READS_AN_HOUR, hashed_token
from ehe_portal.core.errors import Refusal
from ehe_portal.core.hours import USUAL_HOURS, DaysOff, Hours
from ehe_portal.core.work import Work


@dataclass(frozen=True, repr=False)
class Here:
    """The council's name, how to reach it and how it looks, and the name of whoever has signed in."""

    council: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    hours: str | None = None
    brand_colour: str | None = None
    brand_text_colour: str | None = None
    logo_mark: str | None = None
    name: str | None = None


COUNCIL = (
    Authority.name,
    Authority.contact_email,
    Authority.contact_phone,
    Authority.contact_address,
    Authority.opening_hours,
    Authority.brand_colour,
    Authority.brand_text_colour,
    Authority.logo_mark,
)
"""What `Here` says of a council, in its order."""


@dataclass(frozen=True)
class Sitting:
    """What is known of someone who has signed in: whether they still may be, what they may see, what pages say."""

    epoch: int
    role: Role
    authority_id: int
    here: Here


# Built once: every page of everyone who has signed in asks this.
SITTING = (
    select(
        Account.epoch,
        Account.role,
        Account.authority_id,
        *COUNCIL,
        Account.name,
    )
    .join(Authority, Authority.id == Account.authority_id)
    .where(Account.id == bindparam("account_id"), Account.is_active)
)


def sitting(session: Session, account_id: int) -> Sitting | None:
    """The sitting of an account that may sign in. Asked before there is any work; the cookie is what limits it."""
    found = session.execute(SITTING, {"account_id": account_id}).one_or_none()
    return None if found is None else Sitting(*found[:3], here=Here(*found[3:]))


def authorities(work: Work) -> list[Authority]:
    """Every authority of this deployment, by name. Not scoped: a visitor chooses their council from it."""
    return list(work.session.scalars(select(Authority).order_by(Authority.name, Authority.id)))


def authority_ids(_work: Work) -> Select[int]:
    """Every authority of this deployment. Not scoped: for what happens by itself."""
    return select(Authority.id).order_by(Authority.id)


def authority_by_code(work: Work, code: str) -> Authority | None:
    """The authority with this code, upper or lower case. Not scoped: codes are public."""
    return work.session.scalar(select(Authority).where(func.lower(Authority.code) == code.strip().lower()))


def authority_named(work: Work, code: str | None) -> Authority:
    """The authority that a command means: the one with `code`, or the only one there is. Raises `Refusal`."""
    if code is not None:
        found = authority_by_code(work, code)
        if found is None:
            raise Refusal(
                f"There is no authority with the code {code}. Add it with `flask authority add`.", "authority"
            )
        return found
    known = authorities(work)
    if not known:
        raise Refusal("There is no authority yet. Add one with `flask authority add CODE NAME`.", "authority")
    if len(known) > 1:
        codes = ", ".join(authority.code for authority in known)
        raise Refusal(f"There is more than one authority: say which with --authority, one of {codes}.", "authority")
    return known[0]


def authority_in_scope(work: Work) -> Authority | None:
    """The authority whose records this work may see."""
    return None if work.scope.authority_id is None else work.session.get(Authority, work.scope.authority_id)


def authority_shown(work: Work) -> Authority | None:
    """Whose colours and logo this browser sees: those of the account signed in, or of the only authority there is."""
    if work.actor.authority_id is not None:
        return work.session.get(Authority, work.actor.authority_id)
    known = work.session.scalars(select(Authority).order_by(Authority.id).limit(2)).all()
    return known[0] if len(known) == 1 else None


def logo_shown(work: Work) -> AuthorityLogo | None:
    """The logo that this browser sees, if there is one."""
    authority = authority_shown(work)
    return None if authority is None else logo_of(work, authority.id)


def logo_of(work: Work, authority_id: int) -> AuthorityLogo | None:
    """An authority's logo. Not scoped: it is for everyone who opens its pages."""
    return work.session.scalar(select(AuthorityLogo).where(AuthorityLogo.authority_id == authority_id))


def account_by_email(work: Work, email: str) -> Account | None:
    """The account with this address. Not scoped: an address signs in to one authority of the deployment."""
    return work.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def account_by_id(work: Work, account_id: int) -> Account | None:
    """The account of a sitting or a link. Not scoped: the sitting is what makes the scope."""
    return work.session.get(Account, account_id)


def account_by_reference(work: Work, reference: str) -> Account | None:
    """Any account in scope, by its reference."""
    return work.session.scalar(in_scope(work, select(Account).where(Account.reference == reference)))


def staff_by_reference(work: Work, reference: str) -> Account | None:
    """A member of staff in scope, by their reference."""
    return work.session.scalar(
        in_scope(work, select(Account).where(Account.reference == reference, Account.role != Role.PARENT))
    )


def staff(work: Work) -> list[Account]:
    """All staff in scope, those who may sign in first, then by name."""
    found = select(Account).where(Account.role != Role.PARENT)
    return list(
        work.session.scalars(in_scope(work, found).order_by(Account.is_active.desc(), Account.name, Account.id))
    )


def invitations(work: Work, account_ids: Collection[int]) -> dict[int, datetime]:
    """Until when the latest invitation of each of some staff in scope could be used; none for those never invited."""
    found = (
        select(MailLink.account_id, func.max(MailLink.expires_at))
        .join(Account, Account.id == MailLink.account_id)
        .where(MailLink.purpose == Purpose.INVITATION, MailLink.account_id.in_(account_ids))
        .group_by(MailLink.account_id)
        .order_by(MailLink.account_id)
    )
    if not work.scope.everything:
        found = found.where(Account.authority_id == work.scope.authority_id)
    return {account_id: expires_at for account_id, expires_at in work.session.execute(found) if account_id is not None}


def first_passwords(work: Work, account_ids: Collection[int]) -> dict[int, datetime]:
    """When each of some staff in scope took up an invitation, as far as one was used."""
    found = (
        select(MailLink.account_id, func.min(MailLink.used_at))
        .join(Account, Account.id == MailLink.account_id)
        .where(
            MailLink.purpose == Purpose.INVITATION,
            MailLink.account_id.in_(account_ids),
            MailLink.used_at.is_not(None),
        )
        .group_by(MailLink.account_id)
        .order_by(MailLink.account_id)
    )
    if not work.scope.everything:
        found = found.where(Account.authority_id == work.scope.authority_id)
    return {account_id: used_at for account_id, used_at in work.session.execute(found) if account_id and used_at}


def advisers(work: Work) -> list[Account]:
    """The advisers in scope who may sign in, by name."""
    found = select(Account).where(Account.role == Role.ADVISER, Account.is_active)
    return list(work.session.scalars(in_scope(work, found).order_by(Account.name, Account.id)))


def active_staff(work: Work, authority_id: int, *roles: Role, here_on: date | None = None) -> list[Account]:
    """An authority's staff in any of `roles` who may sign in, by name; with `here_on`, those not away on that day."""
    found = select(Account).where(Account.authority_id == authority_id, Account.role.in_(roles), Account.is_active)
    if here_on is not None:
        found = found.where(or_(Account.away_from.is_(None), Account.away_from > here_on, Account.away_until < here_on))
    return list(work.session.scalars(in_scope(work, found).order_by(Account.name, Account.id)))


def names_of(work: Work, account_ids: Collection[int | None]) -> dict[int, str]:
    """The names behind numbers that rows in scope carry."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    found = select(Account.id, Account.name).where(Account.id.in_(wanted)).order_by(Account.id)
    return {row.id: row.name for row in work.session.execute(found)}


def link_by_id(work: Work, link_id: int) -> MailLink | None:
    """A link that was sent by mail; only someone holding its signature knows to ask."""
    return work.session.get(MailLink, link_id)


def links_waiting(work: Work, email: str) -> int:
    """How many links sent to an address could still be used, or replace one that could."""
    waiting = select(func.count(MailLink.id)).where(
        MailLink.email == email, MailLink.used_at.is_(None), MailLink.expires_at > work.at
    )
    return work.session.scalars(waiting).one()


def attempts_of(work: Work, who: str) -> SignInAttempt | None:
    """The failed attempts of one (hashed) address; those who ask for the same one wait for each other."""
    return work.session.scalar(select(SignInAttempt).where(SignInAttempt.who == who).with_for_update())


def administrators_held(work: Work, authority_id: int) -> list[int]:
    """An authority's administrators who can sign in; nobody else can change them until this work ends."""
    found = select(Account.id).where(
        Account.authority_id == authority_id,
        Account.role == Role.ADMINISTRATOR,
        Account.is_active,
        Account.password_hash.is_not(None),
    )
    return list(work.session.scalars(found.order_by(Account.id).with_for_update()))


def in_scope(work: Work, found: Select[Account]) -> Select[Account]:
    """Accounts of the scope's authority, or the family's own account."""
    if work.scope.everything:
        return found
    if work.scope.authority_id is not None:
        return found.where(Account.authority_id == work.scope.authority_id)
    return found.where(Account.id == work.scope.account_id)


# Working hours, leave and the private address of a calendar

MOST_LEAVE = 200
AN_HOUR = timedelta(hours=1)
OFFERING = tuple(role for role in Role if Permission.CONTACT_OFFER in GRANTS[role])
"""The roles in which visits are offered."""


@dataclass(frozen=True)
class Officer:
    """A member of staff, their weekly hours, and their leave in a stretch of days."""

    account: Account
    hours: Hours
    leave: Sequence[DaysOff]


def officer(work: Work, account_id: int, first: date, last: date) -> Officer | None:
    """A member of staff in scope, and when they are at work in a stretch of days."""
    return next(iter(officers(work, Account.id == account_id, first, last)), None)


def officers_with_calendars(work: Work, first: date, last: date) -> list[Officer]:
    """Everyone in scope who offers visits and may sign in, by name, and when they are at work in a stretch of days."""
    return officers(work, and_(Account.role.in_(OFFERING), Account.is_active), first, last)


def officers(work: Work, which: ColumnElement[bool], first: date, last: date) -> list[Officer]:
    """Staff, with hours and leave: two queries."""
    found = (
        select(Account, WorkingDay)
        .outerjoin(WorkingDay, WorkingDay.account_id == Account.id)
        .where(which, Account.role != Role.PARENT)
        .order_by(Account.name, Account.id, WorkingDay.weekday)
    )
    if not work.scope.everything:
        found = found.where(Account.authority_id == work.scope.authority_id)
    people: dict[int, tuple[Account, dict[int, tuple[time, time]]]] = {}
    for account, day in work.session.execute(found):
        _, hours = people.setdefault(account.id, (account, {}))
        if day is not None:
            hours[day.weekday] = (day.from_time, day.until_time)
    leave: dict[int, list[DaysOff]] = {}
    for days in work.session.scalars(
        select(Leave)
        .where(Leave.account_id.in_(people), Leave.last_on >= first, Leave.first_on <= last)
        .order_by(Leave.first_on, Leave.id)
    ):
        leave.setdefault(days.account_id, []).append(days.days_off)
    return [Officer(who, hours or USUAL_HOURS, leave.get(who.id, ())) for who, hours in people.values()]


def leave_to_come(work: Work, account: Account) -> Sequence[Leave]:
    """Someone's leave of today and later, the earliest first."""
    return work.session.scalars(
        select(Leave)
        .where(Leave.account_id == account.id, Leave.last_on >= work.today)
        .order_by(Leave.first_on, Leave.id)
        .limit(MOST_LEAVE)
    ).all()


def leave_of(work: Work, account: Account, reference: str) -> Leave | None:
    """Days of leave of an account in scope, by their reference."""
    return work.session.scalar(select(Leave).where(Leave.account_id == account.id, Leave.reference == reference))


def feed_of(work: Work, account: Account) -> CalendarFeed | None:
    """Someone's private calendar address, if they have one."""
    return work.session.scalar(select(CalendarFeed).where(CalendarFeed.account_id == account.id))


def feed_behind(work: Work, token: str) -> tuple[CalendarFeed, Account] | None:
    """The calendar to which an address belongs, and whose it is. Not scoped: the address is all that its reader has.

    Only while its holder may sign in, and their role has a calendar.
    """
    row = work.session.execute(
        select(CalendarFeed, Account)
        .join(Account, Account.id == CalendarFeed.account_id)
        .where(CalendarFeed.token_hash == hashed_token(token), Account.is_active)
    ).one_or_none()
    if row is None or Permission.CALENDAR_READ not in GRANTS[row.Account.role]:
        return None
    return row.CalendarFeed, row.Account


def last_reading(work: Work, feed: CalendarFeed) -> CalendarFeedReading | None:
    """How often an address was read lately, and when last."""
    return work.session.scalar(select(CalendarFeedReading).where(CalendarFeedReading.feed_id == feed.id))


def was_read_too_often(work: Work, feed: CalendarFeed) -> bool:
    """Whether an address has been read as often this hour as anyone's calendar could need."""
    reading = last_reading(work, feed)
    return reading is not None and reading.hour_began_at > work.at - AN_HOUR and reading.reads >= FEED_READS_AN_HOUR
