"""What a parent does with an account of their own: another address, and an end.

Asking for another address answers the same whether that has an account or not, in words, code and time: the same rows
are written either way, and only the message to it tells them apart.
"""

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.events import AccountClosed, EmailChanged, NewEmailAsked, TextsChosen
from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service.access import LinkSpent, count_attempt, forget_failures, keep_link, password_fits
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work


def ask_for_new_email(work: Work, account: Account, email: str, password: str, key: str) -> None:
    """Send a link to a new address, and tell the old one. Raises `Refusal`, which counts as a failed attempt."""
    check_password(work, account, password, key)
    email = rules.tidy_email(email)
    if email == account.email:
        raise Refusal("Enter another email address: this is the one you have", "email")
    if queries.links_waiting(work, email) >= rules.MOST_LINKS_WAITING:
        return
    link = keep_link(work, Purpose.NEW_EMAIL, email, account.authority_id, account.id)
    work.publish(NewEmailAsked(authority_id=account.authority_id, account_id=account.id, link_id=link.id))


def confirm_email(work: Work, link: MailLink, account: Account, password: str, key: str) -> None:
    """Let an account have the address to which this link was sent. Raises `LinkSpent`, and `Refusal`.

    The password is asked again: a link that went to a stranger by a slip of the pen gives them nothing.
    """
    check_password(work, account, password, key)
    if queries.account_by_email(work, link.email) is not None:
        raise LinkSpent("This email address has an account by now")
    if link.id not in spend_links(work, account, link.email):
        raise LinkSpent("This link has been used already")
    # Said first: those who are told need both addresses, and an event carries none.
    work.publish(EmailChanged(authority_id=account.authority_id, account_id=account.id, link_id=link.id))
    try:
        with work.session.begin_nested():
            account.email = link.email
    except IntegrityError:
        raise LinkSpent("This email address has an account by now") from None


def choose_texts(work: Work, account: Account, number: str | None) -> None:
    """Let a parent have a text at this number when there is something to read, or with None no texts. Raises `Refusal`.

    The number is theirs for this alone: what the council's record says of their phone is another matter.
    """
    if account.role is not Role.PARENT:
        raise Refusal("Choose a parent's account: staff get no texts")
    wanted = None if number is None else rules.mobile(number)
    if number is not None and wanted is None:
        raise Refusal("Enter a mobile number of the UK, like 07700 900 982", "number")
    if wanted == account.text_to:
        return
    account.text_to = wanted
    work.session.flush()
    work.publish(TextsChosen(authority_id=account.authority_id, account_id=account.id, wanted=wanted is not None))


def close_account(work: Work, account: Account, password: str, key: str) -> None:
    """Close a parent's own account. Raises `Refusal`, which counts as a failed attempt.

    What the council knows of the child stays: that is its duty (Education Act 1996, s.436A), and not the account's.
    """
    if account.role is not Role.PARENT:
        raise Refusal("Choose an administrator to close this account: staff cannot close their own")
    check_password(work, account, password, key)
    spend_links(work, account, account.email)
    work.publish(AccountClosed(authority_id=account.authority_id, account_id=account.id))
    account.email = rules.closed_email(account.reference)
    account.text_to = None
    account.password_hash = None
    account.is_active = False
    account.epoch += 1
    work.session.flush()


def check_password(work: Work, account: Account, password: str, key: str) -> None:
    """Whether this is whom they say. Raises `Refusal`, which counts as a failed attempt, and `TooSoon`."""
    who = rules.hashed_address(account.email, key)
    count_attempt(work, who)
    if not password_fits(account, password):
        raise Refusal("Enter your current password", "current_password")
    forget_failures(work, who)


def spend_links(work: Work, account: Account, email: str) -> set[int]:
    """Use up every link to an address and of an account: one that lies in an old mailbox must open nothing."""
    spent = work.session.scalars(
        update(MailLink)
        .where(or_(MailLink.email == email, MailLink.account_id == account.id), MailLink.used_at.is_(None))
        .values(used_at=work.at)
        .returning(MailLink.id)
    )
    return set(spent)
