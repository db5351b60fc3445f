"""Sending what waits in the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from ehe_portal.accounts.models import Authority
from ehe_portal.core import outbox
from ehe_portal.core.caught import Caught
from ehe_portal.core.mail import Postman, compose
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.models import NoticeWording
from ehe_portal.notices.service.invitations import entries_of
from ehe_portal.notices.service.wordings import text_in_own_words
from ehe_portal.notices.service.writing import FAMILY
from ehe_portal.register import queries as register


def deliver(work: Work, message_ids: Sequence[int]) -> None:
    """Take messages for sending; each leaves after the commit, and what came of it is noted by itself."""
    taken = held_back(work, outbox.lease(work, message_ids))
    authority_ids = {one.authority_id for one in taken if one.authority_id is not None}
    senders = queries.authorities(work, authority_ids)
    own_words = queries.wordings_in_force(work, authority_ids)
    postman = Postman()
    for message in taken:
        sender = senders.get(message.authority_id or 0)
        wording = own_words.get((message.authority_id or 0, message.template))
        work.afterwards(partial(send, postman, message, sender, wording, work.at))
    work.afterwards(lambda _: postman.close())


def held_back(work: Work, taken: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """Those of these messages that may leave. What was written about a child at the very moment at which messages to
    its family were stopped is found here, and never leaves.
    """
    about = {one.topic_id for one in taken if one.topic == FAMILY and one.topic_id is not None}
    stopped = register.stopped_children(work, about)
    if stopped:
        outbox.withdraw_about(work, FAMILY, stopped)
    return [one for one in taken if one.topic != FAMILY or one.topic_id not in stopped]


def send(
    postman: Postman,
    message: OutgoingMessage,
    sender: Authority | None,
    wording: NoticeWording | None,
    at: datetime,
    session: Session,
) -> None:
    """Send one message and note what came of it. Nothing is written before the server has answered."""
    if postman.gives_up:
        outbox.put_off(session, message.id, message.attempts, at + timedelta(seconds=postman.elapsed))
        return
    problem = None
    with Caught() as caught:
        context = {**message.context, "authority": sender}
        problem = postman.send(
            compose(
                to=message.to_address,
                template=f"notices/{message.template}.txt",
                context=context,
                text=text_in_own_words(message.template, wording, context),
                message_id=message.message_id,
                at=message.created_at,
                sender_name="Home education" if sender is None else sender.name,
                entries=entries_of(context, message.created_at),
            )
        )
    now = at + timedelta(seconds=postman.elapsed)
    if caught.problem or problem:
        outbox.note_problem(session, message.id, message.attempts, caught.problem or problem or "", now)
    else:
        outbox.note_sent(session, message.id, now)
