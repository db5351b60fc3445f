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


def deliver(work: Work, message_ids: Sequence[int]) -> None:
    """Take messages for sending; each leaves after the commit, and what came of it is noted by itself."""
    taken = outbox.lease(work, message_ids)
    senders = queries.authorities(work, {one.authority_id for one in taken if one.authority_id is not None})
    postman = Postman()
    for message in taken:
        work.afterwards(partial(send, postman, message, senders.get(message.authority_id or 0), work.at))
    work.afterwards(lambda _: postman.close())


def send(postman: Postman, message: OutgoingMessage, sender: Authority | None, at: datetime, session: Session) -> None:
    """Send one message and note what came of it. Nothing is written before the server has answered."""
    if postman.gives_up:
        outbox.put_off(session, message.id, message.attempts, at + timedelta(seconds=postman.elapsed))
        return
    problem = None
    with Caught() as caught:
        problem = postman.send(
            compose(
                to=message.to_address,
                template=f"notices/{message.template}.txt",
                context={**message.context, "authority": sender},
                message_id=message.message_id,
                at=message.created_at,
                sender_name="Home education" if sender is None else sender.name,
            )
        )
    now = at + timedelta(seconds=postman.elapsed)
    if caught.problem or problem:
        outbox.note_problem(session, message.id, message.attempts, caught.problem or problem or "", now)
    else:
        outbox.note_sent(session, message.id, now)
