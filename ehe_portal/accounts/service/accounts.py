"""Accounts: asking for a link, using it, signing in and out, and what an administrator does with staff.

Signing up and choosing a new password answer the same for known and unknown addresses, in words, code and time: the
same rows are written either way, and only the mail that follows tells them apart.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.events import (
    AccountOpened,
    AuthorityAdded,
    LinkAsked,
    PasswordChosen,
    SignedIn,
    SignedOut,
    SignUpOfKnownAddress,
    StaffChanged,
)
from ehe_portal.accounts.models import Account, Authority, MailLink, Purpose, SignInAttempt
from ehe_portal.accounts.policy import Role
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work

log = logging.getLogger(__name__)

# RFC 9106's second recommended option: argon2id with 64 MiB.
HASHER = PasswordHasher()
# Verified where there is no account or no password, so that this takes as long as where there is one.
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$YW8X8ZOQLb7XqRDAUi7GpQ$ftLkyPVkuumAnV/7W1uCyzvf+yynQY/9LgJA4rlnk5Y"
NO_MATCH = "Enter the email address and password that you use to sign in"


class LinkSpent(Refusal):
    """The link was used meanwhile, or its address has an account by now."""


class TooSoon(Refusal):
    """Too many attempts failed: the next one has to wait."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-int(wait.total_seconds()) // 60)
        super().__init__(
            f"Enter your password again in {minutes} {'minute' if minutes == 1 else 'minutes'}: "
            "it was wrong too often to try again now"
        )


@dataclass(frozen=True)
class StaffChange:
    """What an administrator wants someone's account to say."""

    role: Role
    is_active: bool
    away_from: date | None
    away_until: date | None


def add_authority(work: Work, code: str, name: str) -> tuple[Authority, bool]:
    """Let an authority use the portal; the authority, and whether it is new. Raises `Refusal`."""
    code, name = code.strip().upper(), rules.tidy_name(name)
    if not rules.is_authority_code(code):
        raise Refusal(
            "Enter the Department's three-digit or nine-character code, "
            "or a short code of up to 12 letters, digits and hyphens",
            "code",
        )
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Refusal(f"Enter a name of 1 to {rules.LONGEST_NAME} characters", "name")
    known = queries.authority_by_code(work, code)
    if known is not None:
        if known.name != name:
            raise Refusal(f"Enter another code: {code} is {known.name}", "code")
        return known, False
    authority = Authority(code=code, name=name, created_at=work.at)
    work.session.add(authority)
    work.session.flush()
    work.publish(AuthorityAdded(authority_id=authority.id))
    return authority, True


def ask_to_sign_up(work: Work, email: str, authority: Authority) -> None:
    """Send a parent a link that opens an account; the owner of a known address is told that there is one."""
    email = rules.tidy_email(email)
    account = queries.account_by_email(work, email)
    if queries.links_waiting(work, email) >= rules.MOST_LINKS_WAITING:
        return
    if account is None:
        put_link(work, Purpose.SIGN_UP, email, authority.id)
        return
    # The row is written here too, though its link never leaves: same work, same limit.
    keep_link(work, Purpose.SIGN_UP, email, account.authority_id, account.id)
    work.publish(SignUpOfKnownAddress(authority_id=account.authority_id, account_id=account.id))


def ask_for_new_password(work: Work, email: str, authority: Authority) -> None:
    """Send someone a link to choose a new password; an address without an account gets one to open an account."""
    email = rules.tidy_email(email)
    account = queries.account_by_email(work, email)
    if queries.links_waiting(work, email) >= rules.MOST_LINKS_WAITING:
        return
    if account is None:
        put_link(work, Purpose.SIGN_UP, email, authority.id)
    else:
        put_link(work, Purpose.RESET, email, account.authority_id, account.id)


def put_link(work: Work, purpose: Purpose, email: str, authority_id: int, account_id: int | None = None) -> None:
    """Make a link and have it sent."""
    link = keep_link(work, purpose, email, authority_id, account_id)
    work.publish(LinkAsked(authority_id=authority_id, link_id=link.id, purpose=purpose.value))


def keep_link(work: Work, purpose: Purpose, email: str, authority_id: int, account_id: int | None) -> MailLink:
    """A row for a link."""
    link = MailLink(
        authority_id=authority_id,
        account_id=account_id,
        email=email,
        purpose=purpose,
        expires_at=work.at + rules.LINK_LASTS[purpose],
    )
    work.session.add(link)
    work.session.flush()
    return link


def use_link(work: Work, link: MailLink, name: str, password: str, key: str) -> Account:
    """Open an account, or give it a password, by a link from a mail, which is spent with this; and sign in.

    `name` is for a new account only. Raises `LinkSpent`, and `Refusal` for the name or the password.
    """
    account = None if link.account_id is None else queries.account_by_id(work, link.account_id)
    name = rules.tidy_name(name) if account is None else account.name
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Refusal(f"Enter your full name, using {rules.LONGEST_NAME} characters or fewer", "name")
    hashed = hash_of(password, (name, link.email))
    # Every other link to this address goes with it: an older mail must not undo the password chosen now.
    spent = work.session.scalars(
        update(MailLink)
        .where(MailLink.email == link.email, MailLink.used_at.is_(None))
        .values(used_at=work.at)
        .returning(MailLink.id)
    ).all()
    if link.id not in spent:
        raise LinkSpent("This link has been used already")
    if account is None:
        account = open_account(work, link.authority_id, link.email, name, Role.PARENT)
    give_password(work, account, hashed)
    forget_failures(work, rules.hashed_address(account.email, key))
    work.publish(SignedIn(authority_id=account.authority_id, account_id=account.id))
    return account


def open_account(work: Work, authority_id: int, email: str, name: str, role: Role) -> Account:
    """A new account without a password. Raises `LinkSpent` where the address has one by now."""
    account = Account(authority_id=authority_id, email=email, name=name, role=role, created_at=work.at)
    try:
        with work.session.begin_nested():
            work.session.add(account)
    except IntegrityError:
        raise LinkSpent("This email address has an account by now") from None
    work.publish(AccountOpened(authority_id=authority_id, account_id=account.id, role=role))
    return account


def give_password(work: Work, account: Account, hashed: str) -> None:
    """Set a password; every sitting so far ends."""
    first = account.password_hash is None
    account.password_hash = hashed
    account.epoch += 1
    work.session.flush()
    work.publish(PasswordChosen(authority_id=account.authority_id, account_id=account.id, first=first))


def sign_in(work: Work, email: str, password: str, key: str) -> Account:
    """The account that this address and password open. `key` is the portal's secret.

    Raises `Refusal`, the same whatever was wrong, and `TooSoon`; the failed attempt must be kept then too.
    """
    email = rules.tidy_email(email)
    who = rules.hashed_address(email, key)
    count_attempt(work, who)
    account = queries.account_by_email(work, email)
    fits = password_fits(account, password)
    if account is None or not account.is_active or not fits:
        log.warning("signing in was refused for address %s", who[:12])
        raise Refusal(NO_MATCH)
    forget_failures(work, who)
    if account.password_hash and HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = HASHER.hash(rules.tidy_password(password))
    work.publish(SignedIn(authority_id=account.authority_id, account_id=account.id))
    return account


def count_attempt(work: Work, who: str) -> None:
    """Count an attempt as failed before it is tried, so that many at the same moment gain nothing. Raises `TooSoon`."""
    known = queries.attempts_of(work, who)
    if known is None:
        try:
            with work.session.begin_nested():
                work.session.add(SignInAttempt(who=who, failures=1, last_at=work.at))
            return
        except IntegrityError:
            known = queries.attempts_of(work, who)
    if known is None or work.at - known.last_at > rules.FAILURES_FORGOTTEN_AFTER:
        failures = 0
    else:
        failures = known.failures
        wait = rules.still_to_wait(failures, known.last_at, work.at)
        if wait:
            raise TooSoon(wait)
    if known is not None:
        known.failures, known.last_at = failures + 1, work.at
        work.session.flush()


def forget_failures(work: Work, who: str) -> None:
    """Start counting anew."""
    work.session.execute(delete(SignInAttempt).where(SignInAttempt.who == who))


def password_fits(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long where there is no account or no password."""
    hashed = account.password_hash if account is not None else None
    try:
        HASHER.verify(hashed or NOBODYS_HASH, rules.tidy_password(password[: rules.LONGEST_PASSWORD * 2]))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def hash_of(password: str, about: tuple[str, ...]) -> str:
    """A new password as it is kept. Raises `Refusal`."""
    password = rules.tidy_password(password)
    problem = rules.password_problem(password, about)
    if problem:
        raise Refusal(problem, "password")
    return HASHER.hash(password)


def sign_out(work: Work, account_id: int) -> None:
    """End every sitting of this account: a copy of its cookie is worth nothing from now on."""
    account = queries.account_by_id(work, account_id)
    if account is None:
        return
    # Not a change that an administrator at work on the same account needs to hear of: the version stays.
    work.session.execute(update(Account).where(Account.id == account_id).values(epoch=Account.epoch + 1))
    work.publish(SignedOut(authority_id=account.authority_id, account_id=account_id))


def change_password(work: Work, account: Account, current: str, new: str, key: str) -> None:
    """Give oneself a new password. Raises `Refusal`, which counts as a failed attempt, and `TooSoon`."""
    count_attempt(work, rules.hashed_address(account.email, key))
    if not password_fits(account, current):
        raise Refusal("Enter your current password", "current_password")
    forget_failures(work, rules.hashed_address(account.email, key))
    give_password(work, account, hash_of(new, (account.name, account.email)))


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
    if account.version != version:
        raise ChangedMeanwhile("This account")
    problem = rules.away_problem(wanted.away_from, wanted.away_until)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    if Role.PARENT in (wanted.role, account.role):
        raise Refusal("Select a role for staff", "role")
    keep_an_administrator(work, account, wanted)
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


def keep_an_administrator(work: Work, account: Account, wanted: StaffChange) -> None:
    """An authority whose last administrator is gone could not let anyone in again. Raises `Refusal`."""
    if account.role is not Role.ADMINISTRATOR or not account.is_active:
        return
    if wanted.role is Role.ADMINISTRATOR and wanted.is_active:
        return
    if not set(queries.administrators_held(work, account.authority_id)) - {account.id}:
        field = "role" if wanted.is_active else "is_active"
        raise Refusal("Choose another administrator first: this is the only one who can sign in", field)
