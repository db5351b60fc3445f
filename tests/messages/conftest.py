"""What the stories about messages share."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import Work
from ehe_portal.messages import queries, service
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.messages.queries import Conversation
from ehe_portal.register.models import Parent
from tests.village import LONG_AGO, Village

NewWork = Callable[..., Work]
Write = Callable[..., Message]
CANARY = "Ada’s heron-blue kayak"


@pytest.fixture
def other_parent(work: Work, village: Village) -> Account:
    """Ada's second parent, with an account of their own, verified too."""
    account = Account(
        authority_id=village.authority.id, email="ola@wessex.example", name="Ola Byrne", role=Role.PARENT,
        created_at=LONG_AGO,
    )  # fmt: skip
    work.session.add(account)
    work.session.flush()
    work.session.add(
        Parent(
            authority_id=village.authority.id, child_id=village["Ada"].id, position=2, name="Ola Byrne",
            account_id=account.id, verified_at=LONG_AGO, phone="01632 960 777",
        )
    )  # fmt: skip
    work.session.flush()
    work.session.expire(village["Ada"], ["parents"])
    return account


@pytest.fixture
def family_writes(village: Village, new_work: NewWork) -> Write:
    """A parent of Ada writes to the council."""

    def write(words: str = CANARY, by: Account | None = None) -> Message:
        parent = by or village.parents["Ada"]
        with transaction(new_work(parent), may_write=True) as work:
            return service.write_to_council(work, of_family(work, village), words)

    return write


@pytest.fixture
def council_writes(village: Village, new_work: NewWork) -> Write:
    """Ada's adviser writes to a parent, having read all there is."""

    def write(words: str = CANARY, to: Account | None = None) -> Message:
        with transaction(new_work(village.adviser), may_write=True) as work:
            theirs = of_council(work, village, to or village.parents["Ada"])
            shown, _ = queries.page_of(work, theirs.thread, None)
            return service.write_to_family(work, theirs, words, shown[-1].message.reference if shown else "")

    return write


def of_family(work: Work, village: Village) -> Conversation:
    """The actor's own conversation about Ada."""
    found = queries.family_conversation(work, village["Ada"].reference)
    assert found is not None
    return found


def of_council(work: Work, village: Village, parent: Account) -> Conversation:
    """A parent's conversation about Ada, for the actor, who is staff."""
    found = queries.conversation(work, village["Ada"].reference, parent.reference)
    assert found is not None
    return found


def thread_of(work: Work, account: Account) -> MessageThread:
    found = select(MessageThread).where(MessageThread.account_id == account.id)
    return work.session.scalars(found.execution_options(populate_existing=True)).one()


def contact_of(work: Work, message: Message) -> Contact:
    return work.session.scalars(select(Contact).where(Contact.message_id == message.id)).one()


def mails(work: Work) -> Sequence[OutgoingMessage]:
    return work.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)).all()
