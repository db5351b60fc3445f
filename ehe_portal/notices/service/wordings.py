"""How messages are worded: the original, what an authority put in its place, and the values of placeholders."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from ehe_portal.core import mail, wordings
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk.words import counted, london_time, long_date
from ehe_portal.core.work import Work
from ehe_portal.notices import queries, rules
from ehe_portal.notices.events import WordingSet
from ehe_portal.notices.models import NoticeWording
from ehe_portal.notices.rules import Message, Placeholder, Shown, Words


def original(message: Message) -> Words:
    """The wording that everyone has: what the template says, placeholders in the place of values, without the end."""
    known = {one.source: wordings.written(one.name) for one in message.placeholders}
    whole, _, _ = mail.original_text(f"notices/{message.key}.txt", known).partition("\n--\n")
    subject, _, body = whole.partition("\n")
    return Words(subject.strip(), body.strip())


def set_wording(work: Work, authority_id: int, message: Message, words: Words | None, seen: int | None) -> None:
    """Word a message anew for an authority; with None, go back to the original. Raises `Refusal`.

    `seen` is the number of the version that the administrator had before their eyes, 0 for the original.
    """
    latest = queries.latest_wording(work, authority_id, message.key)
    number = 0 if latest is None else latest.number
    if seen != number:
        raise ChangedMeanwhile("The wording of this message")
    if words is not None:
        words = Words(words.subject.strip(), words.body.strip())
        problem = rules.problem(message, words)
        if problem:
            field, what_to_do = problem
            raise Refusal(what_to_do, field)
    in_force = None if latest is None or latest.subject is None else Words(latest.subject, latest.body or "")
    if words == in_force:
        return
    version = NoticeWording(
        authority_id=authority_id,
        template=message.key,
        number=number + 1,
        subject=None if words is None else words.subject,
        body=None if words is None else words.body,
        set_at=work.at,
        set_by_id=work.actor.account_id,
    )
    try:
        with work.session.begin_nested():
            work.session.add(version)
    except IntegrityError:
        raise ChangedMeanwhile("The wording of this message") from None
    work.publish(
        WordingSet(authority_id=authority_id, template=message.key, number=version.number, original=words is None)
    )


def written_out(message: Message, words: Words, context: Mapping[str, Any]) -> str:
    """A message as it leaves, in an authority's wording: the subject, then the body, then how every message ends."""
    values = {one.name: value_of(one, context) for one in message.placeholders}
    end = mail.render("notices/_end.txt", {"authority": context.get("authority")})
    return f"{wordings.filled(words.subject, values)}\n{wordings.filled(words.body, values)}\n{end}"


def text_in_own_words(template: str, wording: NoticeWording | None, context: Mapping[str, Any]) -> str | None:
    """A message in an authority's wording; None where it has none, or none that fits what this message carries."""
    message = rules.MESSAGES.get(template)
    if message is None or wording is None or wording.subject is None:
        return None
    words = Words(wording.subject, wording.body or "")
    # What was written into the outbox by an older version may lack what a newer wording names: it leaves all the same.
    if rules.problem(message, words) or not rules.sources(message) <= context.keys():
        return None
    return written_out(message, words, context)


def previewed(message: Message, words: Words, authority: Any) -> tuple[str, str]:
    """The subject and text of a message with made-up values."""
    home = mail.page_address("public.start").rstrip("/")
    values = {
        one.name: home + one.example if one.shown in rules.ADDRESSES else one.example for one in message.placeholders
    }
    end = mail.render("notices/_end.txt", {"authority": authority})
    return wordings.filled(words.subject, values), f"{wordings.filled(words.body, values)}\n{end}".strip("\n")


def value_of(placeholder: Placeholder, context: Mapping[str, Any]) -> str:
    """What a placeholder stands for in one message."""
    if placeholder.shown is Shown.PAGE:
        arguments = {argument: context[name] for argument, name in placeholder.arguments}
        return mail.page_address(placeholder.source, **arguments)
    value = context[placeholder.source]
    if placeholder.shown is Shown.LINK:
        return mail.link_address(value)
    if placeholder.shown is Shown.DATE:
        return long_date(date.fromisoformat(value))
    if placeholder.shown is Shown.MOMENT:
        return london_time(datetime.fromisoformat(value))
    if placeholder.shown is Shown.CHILDREN:
        return counted(value, "child", "children")
    return str(value)
