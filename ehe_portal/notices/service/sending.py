"""Sending what waits in the outbox: mail by SMTP and, where that fails again and again, by GOV.UK Notify; texts by
Notify alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_mail import Message
from sqlalchemy.orm import Session

from ehe_portal.accounts.models import Authority
from ehe_portal.core import outbox
from ehe_portal.core.caught import Caught
from ehe_portal.core.mail import Postman, compose, render
from ehe_portal.core.notify import Notify, Refused, Unanswered
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.notices import queries, rules
from ehe_portal.notices.models import NoticeWording
from ehe_portal.notices.service.invitations import entries_of
from ehe_portal.notices.service.wordings import text_in_own_words
from ehe_portal.notices.service.writing import FAMILY
from ehe_portal.register import queries as register


@dataclass
class Round:
    """One round of sending, by whichever ways there are."""

    postman: Postman
    notify: Notify | None

    def by_notify(self, message: OutgoingMessage) -> Notify | None:
        """Notify, where this message goes by it: a text always, a mail once the mail server was tried often enough."""
        if self.notify is None or message.topic == outbox.TEXT:
            return self.notify
        settings = self.notify.settings
        goes = settings.email_template and message.attempts > settings.after and message.refused_at is None
        return self.notify if goes else None

    def close(self, _session: Session) -> None:
        """Say goodbye to both."""
        self.postman.close()
        if self.notify is not None:
            self.notify.close()


def deliver(work: Work, message_ids: Sequence[int]) -> None:
    """Take messages for sending; each leaves after the commit, and what came of it is noted by itself."""
    taken = held_back(work, outbox.lease(work, message_ids))
    authority_ids = {one.authority_id for one in taken if one.authority_id is not None}
    senders = queries.authorities(work, authority_ids)
    own_words = queries.wordings_in_force(work, authority_ids)
    settings = portal().settings.notify
    ways = Round(Postman(), Notify(settings) if settings.key else None)
    for message in taken:
        sender = senders.get(message.authority_id or 0)
        wording = own_words.get((message.authority_id or 0, message.template))
        work.afterwards(partial(send, ways, message, sender, wording, work.at))
    work.afterwards(ways.close)


def held_back(work: Work, taken: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """Those of these messages that may leave. What was written about a child at the very moment at which messages to
    its family were stopped is found here, and never leaves.
    """
    of_families = (FAMILY, outbox.TEXT)
    about = {one.topic_id for one in taken if one.topic in of_families and one.topic_id is not None}
    stopped = register.stopped_children(work, about)
    if stopped:
        for topic in of_families:
            outbox.withdraw_about(work, topic, stopped)
    return [one for one in taken if one.topic not in of_families or one.topic_id not in stopped]


def send(
    ways: Round,
    message: OutgoingMessage,
    sender: Authority | None,
    wording: NoticeWording | None,
    at: datetime,
    session: Session,
) -> None:
    """Send one message and note what came of it. Nothing is written before the server has answered."""
    notify = ways.by_notify(message)
    by = notify or ways.postman
    if by.gives_up:
        outbox.put_off(session, message.id, message.attempts, at + timedelta(seconds=by.elapsed))
        return
    problem: str | None = None
    refused = False
    with Caught() as caught:
        try:
            context = {**message.context, "authority": sender}
            if message.topic == outbox.TEXT:
                problem = send_text(notify, message, context)
            else:
                problem = send_mail(ways, notify, message, composed(message, sender, wording, context))
        except Unanswered as unanswered:
            problem, refused = unanswered.problem, isinstance(unanswered, Refused)
    now = at + timedelta(seconds=by.elapsed)
    if caught.problem or problem:
        noted = refusal(ways, message, now) if refused else {}
        outbox.note_problem(session, message.id, message.attempts, caught.problem or problem or "", now, **noted)
    else:
        outbox.note_sent(session, message.id, now)


def refusal(ways: Round, message: OutgoingMessage, now: datetime) -> dict[str, datetime]:
    """What a refusal for good means: a mail goes on being tried by SMTP, where the council sends any by that."""
    goes_on = message.topic != outbox.TEXT and ways.notify is not None and ways.notify.settings.after > 0
    return {"refused_at": now} if goes_on else {"refused_at": now, "given_up_at": now}


def composed(
    message: OutgoingMessage, sender: Authority | None, wording: NoticeWording | None, context: dict[str, Any]
) -> Message:
    """A mail with its words."""
    return compose(
        to=message.to_address,
        template=f"notices/{message.template}.txt",
        context=context,
        text=text_in_own_words(message.template, wording, context),
        message_id=message.message_id,
        at=message.created_at,
        sender_name="Home education" if sender is None else sender.name,
        entries=entries_of(context, message.created_at),
    )


def send_mail(ways: Round, notify: Notify | None, message: OutgoingMessage, made: Message) -> str | None:
    """Hand a mail to the mail server, or to Notify unless that has it: an earlier try may have been cut off after it
    was taken. What went wrong, if the mail server says so.
    """
    if notify is None:
        return ways.postman.send(made)
    if message.attempts == 1 or notify.known(message.message_id) is None:
        notify.send_email(message.to_address, made.subject, made.body or "", message.message_id)
    return None


def send_text(notify: Notify | None, message: OutgoingMessage, context: dict[str, Any]) -> str | None:
    """Hand a text to Notify, unless it has it. What went wrong, where nobody sends texts any more."""
    if notify is None or not notify.settings.text_template:
        return "No way to send texts"
    if message.attempts == 1 or notify.known(message.message_id) is None:
        words = render(f"notices/{rules.TEXT_TO_READ}.txt", context)
        notify.send_text(message.to_address, " ".join(words.split()), message.message_id)
    return None
