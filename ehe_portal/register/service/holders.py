"""What follows on the register when a parent changes or closes the account that they hold."""

from collections.abc import Sequence

from sqlalchemy import delete

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.events import AccountClosed, EmailChanged
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import ParentLetGo, ParentMoved
from ehe_portal.register.models import RegistrationDraft
from ehe_portal.register.service.carers import close_access


def follow_email(work: Work, changed: Sequence[EmailChanged]) -> None:
    """Let a parent's address on the register follow their account's; another one that they gave us stays."""
    told: list[Event] = []
    for event in changed:
        account = accounts.account_by_id(work, event.account_id)
        link = accounts.link_by_id(work, event.link_id)
        if account is None or link is None:
            continue
        for parent in queries.parents_of_account(work, account.id):
            if (parent.email or account.email).casefold() == account.email:
                parent.email = link.email
                told.append(
                    ParentMoved(authority_id=parent.authority_id, child_id=parent.child_id, parent_id=parent.id)
                )
    work.session.flush()
    work.publish(*told)


def let_go(work: Work, closed: Sequence[AccountClosed]) -> None:
    """Let a parent be on the register as before, but without the account: who they are, and how to reach them, stays.

    Should they open another one, an officer has to be satisfied anew who that is.
    """
    told: list[Event] = []
    for event in closed:
        for parent in queries.parents_of_account(work, event.account_id):
            parent.account_id = parent.verified_at = parent.verified_by_id = None
            close_access(work, parent, "The account was closed by its owner")
            told.append(ParentLetGo(authority_id=parent.authority_id, child_id=parent.child_id, parent_id=parent.id))
        work.session.execute(delete(RegistrationDraft).where(RegistrationDraft.account_id == event.account_id))
    work.session.flush()
    work.publish(*told)
