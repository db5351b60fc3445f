"""What an administrator does with staff: adding, inviting, changing."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.events import StaffChanged
from ehe_portal.accounts.models import Account, Authority, Purpose
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.accounts.service.access import LinkSpent, give_password, hash_of, open_account, put_link
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work


@dataclass(frozen=True)
class StaffChange:
    """What an administrator wants someone's account to say."""

    role: Role
    is_active: bool
    away_from: date | None
    away_until: date | None


def add_account(
    work: Work, authority: Authority, email: str, name: str, role: Role, password: str | None = None
) -> Account:
    """Open an account for someone; without a password they are sent an invitation. Raises `Refusal`."""
    email, name = rules.tidy_email(email), rules.tidy_name(name)
    if not rules.is_email(email):
        raise Refusal("Enter an email address in the correct format, like name@example.com", "email")
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Refusal(f"Enter a name of 1 to {rules.LONGEST_NAME} characters", "name")
    if queries.account_by_email(work, email) is not None:
        raise Refusal("Enter another email address: this one has an account already", "email")
    hashed = None if password is None else hash_of(password, (name, email))
    try:
        account = open_account(work, authority.id, email, name, role)
    except LinkSpent:
        raise Refusal("Enter another email address: this one has an account already", "email") from None
    if hashed is None:
        invite(work, account)
    else:
        give_password(work, account, hashed)
    return account


def invite(work: Work, account: Account) -> None:
    """Send someone a link to choose their first password. Raises `Refusal`."""
    if account.password_hash is not None or not account.is_active:
        raise Refusal("Select someone who has not chosen a password yet: this person has, or cannot sign in")
    put_link(work, Purpose.INVITATION, account.email, account.authority_id, account.id)


def change_staff(work: Work, account: Account, wanted: StaffChange, version: int | None) -> None:
    """Change someone's role, days away, and whether they may sign in. Raises `Refusal`.

    `version` is the one that the administrator had before their eyes.
    """
    check_change(work, account, wanted, version)
    changed = tuple(
        field
        for field in ("role", "is_active", "away_from", "away_until")
        if getattr(account, field) != getattr(wanted, field)
    )
    if not changed:
        return
    for field in changed:
        setattr(account, field, getattr(wanted, field))
    if not wanted.is_active:
        account.epoch += 1
    work.session.flush()
    work.publish(
        StaffChanged(
            authority_id=account.authority_id,
            account_id=account.id,
            fields=changed,
            role=account.role,
            is_active=account.is_active,
        )
    )


def check_change(work: Work, account: Account, wanted: StaffChange, version: int | None) -> None:
    """Raises `Refusal` where an account cannot be changed so."""
    if account.version != version:
        raise ChangedMeanwhile("This account")
    problem = rules.away_problem(wanted.away_from, wanted.away_until)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    if Role.PARENT in (wanted.role, account.role):
        raise Refusal("Select a role for staff", "role")
    keep_an_administrator(work, account, wanted)


def keep_an_administrator(work: Work, account: Account, wanted: StaffChange) -> None:
    """An authority whose last administrator is gone could not let anyone in again. Raises `Refusal`."""
    if account.role is not Role.ADMINISTRATOR or not account.is_active:
        return
    if wanted.role is Role.ADMINISTRATOR and wanted.is_active:
        return
    if not set(queries.administrators_held(work, account.authority_id)) - {account.id}:
        field = "role" if wanted.is_active else "is_active"
        raise Refusal("Choose another administrator first: this is the only one who can sign in", field)


def hands_over(account: Account, wanted: StaffChange) -> bool:
    """Whether a change takes someone out of work that they may have in hand: children, escalations that they own,
    destinations that they find out about.
    """
    if not account.is_active:
        return False
    owning = {Permission.ESCALATION_ANSWER, Permission.EPISODE_SET_TIER}
    stops_advising = account.role is Role.ADVISER and wanted.role is not Role.ADVISER
    stops_owning = bool(owning & GRANTS[account.role] - GRANTS[wanted.role])
    return not wanted.is_active or stops_advising or stops_owning
