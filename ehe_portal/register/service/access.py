"""Parents' ways to a child's page: invited by an officer, answered by whoever owns the address, verified by an officer.

An account never joins a child by itself. Until an officer is satisfied who it is, `Parent.account_id` stays empty, so
that nothing about the child is in its reach; and when access ends, it is empty again at once.
"""

from datetime import date
from typing import Any

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts import service as account_service
from ehe_portal.accounts.models import Account, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import InvitationAnswered, ParentAccessEnded, ParentInvited, ParentVerified
from ehe_portal.register.models import AccessState, Parent, ParentAccess
from ehe_portal.register.service.carers import verify
from ehe_portal.register.service.stops import refuse_if_stopped


def about(access: ParentAccess, parent: Parent) -> dict[str, Any]:
    """What every event about a parent's access says."""
    return {"authority_id": parent.authority_id, "child_id": parent.child_id, "access_id": access.id}


def check_parent(parent: Parent, version: int | None) -> None:
    """Raises `Refusal` where a parent has access already or, by the version, has changed since the page was read."""
    if parent.version != version:
        raise ChangedMeanwhile("What is known of this parent")
    if parent.until_on is not None:
        raise Refusal("Choose someone who cares for the child now: this person no longer does")
    if parent.account_id is not None:
        raise Refusal("This parent has an account already")


def invite_parent(work: Work, parent: Parent, *, version: int | None) -> ParentAccess:
    """Invite a parent, by mail to the address that the record has, to see the child's page. Raises `Refusal`."""
    refuse_if_stopped(parent.child)
    check_parent(parent, version)
    email = (parent.email or "").strip().lower()
    if not email:
        raise Refusal("Enter an email address for this parent on “People and addresses” first")
    if queries.open_access(work, parent) is not None:
        raise Refusal("This parent has been invited already. End that invitation to send another")
    known = accounts.account_by_email(work, email)
    if known is not None:
        check_account(parent, known)
    access = ParentAccess(
        authority_id=parent.authority_id,
        parent_id=parent.id,
        email=email,
        state=AccessState.INVITED,
        begun_at=work.at,
        begun_by_id=work.actor.account_id,
    )
    work.session.add(access)
    link = None
    if known is None:
        link = account_service.keep_link(work, Purpose.INVITATION, email, parent.authority_id, None)
    work.session.flush()
    work.publish(ParentInvited(**about(access, parent), link_id=link.id if link else None))
    return access


def check_account(parent: Parent, account: Account) -> None:
    """Raises `Refusal` where an account cannot be this parent's."""
    if account.role is not Role.PARENT or account.authority_id != parent.authority_id or not account.is_active:
        raise Refusal("Enter the email address of a parent’s account at this council", "email")
    if any(one.account_id == account.id for one in parent.child.parents):
        raise Refusal("Enter another email address: this account is another parent’s of this child", "email")


def answer_invitation(
    work: Work, access: ParentAccess, *, claims: bool, child_named: str = "", child_born_on: date | None = None
) -> None:
    """Say that one is the parent who was meant, and who the child is, for an officer to verify; or that one is not.

    Raises `Refusal`.
    """
    account = accounts.account_by_id(work, work.actor.account_id or 0)
    if account is None or account.email != access.email or account.authority_id != access.authority_id:
        raise Refusal("Sign in with the email address to which the invitation was sent")
    if access.state is not AccessState.INVITED:
        raise Refusal("This invitation has been answered already")
    if claims and (not child_named.strip() or child_born_on is None):
        raise Refusal("Enter your child’s name and date of birth", "child_named")
    access.state = AccessState.CLAIMED if claims else AccessState.DECLINED
    access.account_id = account.id
    access.claimed_at = work.at
    if claims:
        access.child_named, access.child_born_on = child_named.strip(), child_born_on
    work.session.flush()
    work.publish(InvitationAnswered(**about(access, access.parent), account_id=account.id, claimed=claims))


def verify_parent(work: Work, parent: Parent, *, version: int | None) -> None:
    """Be satisfied that whoever answered the invitation is this parent: from now on they see the child.

    `version` is the access's when the officer read it. Raises `Refusal`.
    """
    access = queries.open_access(work, parent)
    if access is None or access.state is not AccessState.CLAIMED or access.account_id is None:
        raise Refusal("Nobody waits to be verified as this parent")
    if access.version != version:
        raise ChangedMeanwhile("This parent’s answer")
    account = accounts.account_by_id(work, access.account_id)
    if account is None:
        raise Refusal("Nobody waits to be verified as this parent")
    open_page(work, parent, access, account)


def match_parent(work: Work, parent: Parent, email: str, *, version: int | None) -> None:
    """Be satisfied that an account that exists is this parent's: from now on they see the child. Raises `Refusal`."""
    check_parent(parent, version)
    account = accounts.account_by_email(work, email)
    if account is None:
        raise Refusal("Enter the email address of a parent’s account at this council", "email")
    access = queries.open_access(work, parent)
    if access is None:
        access = ParentAccess(
            authority_id=parent.authority_id,
            parent_id=parent.id,
            email=account.email,
            state=AccessState.CLAIMED,
            begun_at=work.at,
            begun_by_id=work.actor.account_id,
        )
        work.session.add(access)
    access.email = account.email
    open_page(work, parent, access, account)


def open_page(work: Work, parent: Parent, access: ParentAccess, account: Account) -> None:
    """Let an account see the child as this parent. Raises `Refusal`."""
    check_account(parent, account)
    access.state, access.account_id = AccessState.VERIFIED, account.id
    parent.account_id = account.id
    verify(work, parent)
    work.session.flush()
    work.publish(ParentVerified(**about(access, parent), account_id=account.id))


def end_access(work: Work, parent: Parent, why: str, *, version: int | None) -> None:
    """End a parent's access, or an invitation, at once; why is kept. Raises `Refusal`.

    `version` is the parent's when the officer read the page.
    """
    if parent.version != version:
        raise ChangedMeanwhile("What is known of this parent")
    if not why.strip():
        raise Refusal("Enter why it ends", "why")
    access = queries.open_access(work, parent)
    if access is None and parent.verified_at is None:
        raise Refusal("This parent has no access that could end")
    if access is None:
        account = accounts.account_by_id(work, parent.account_id or 0)
        access = ParentAccess(
            authority_id=parent.authority_id,
            parent_id=parent.id,
            email=account.email if account else "",
            state=AccessState.VERIFIED,
            begun_at=parent.verified_at or work.at,
            begun_by_id=parent.verified_by_id,
            account_id=parent.account_id,
        )
        work.session.add(access)
    lost = parent.account_id
    access.state, access.ended_why = AccessState.ENDED, why.strip()
    access.ended_at, access.ended_by_id = work.at, work.actor.account_id
    parent.account_id = parent.verified_at = parent.verified_by_id = None
    work.session.flush()
    work.publish(ParentAccessEnded(**about(access, parent), account_id=lost))


def follow_parent(work: Work, duplicate: Parent, known: Parent) -> None:
    """Two entries were one parent: the story of their access goes to the entry that stays. One way at most is open."""
    history = queries.access_history(work, [duplicate, known])
    taken = any(one.state in queries.OPEN_ACCESS for one in history[known.id])
    for access in history[duplicate.id]:
        if taken and access.state in queries.OPEN_ACCESS:
            access.state, access.ended_at = AccessState.ENDED, work.at
            access.ended_why = "The record was joined to another"
        access.parent_id = known.id
    work.session.flush()
