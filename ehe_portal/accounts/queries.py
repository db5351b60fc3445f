"""Who is there: authorities, staff and accounts. What belongs to an authority is limited by the work's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from ehe_portal.accounts.models import Account, Authority, MailLink, SignInAttempt
from ehe_portal.accounts.policy import Role
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work


@dataclass(frozen=True, repr=False)
class Here:
    """The council's name and how to reach it, and the name of whoever has signed in."""

    council: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None


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
        Authority.name,
        Authority.contact_email,
        Authority.contact_phone,
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
