"""Offering visits, what families answer, changing and withdrawing offers, and what parents say of their record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from ehe_portal.contact import queries
from ehe_portal.contact.events import (
    AnswersRead,
    RecordCommented,
    VisitAnswered,
    VisitChanged,
    VisitOffered,
    VisitWithdrawn,
)
from ehe_portal.contact.models import (
    ANSWERABLE,
    Contact,
    ContactComment,
    OtherWay,
    Visit,
    VisitAnswer,
    VisitReply,
    VisitState,
)
from ehe_portal.contact.rules import WRITING
from ehe_portal.contact.service.clocks import settle
from ehe_portal.contact.service.recording import tell_recorded
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.days import LONDON
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.events import ChangeReported
from ehe_portal.register.models import Child

FARTHEST_OFFER = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A visit, meeting or call to be offered; the time is London's. `note` is for the family to read."""

    kind: ContactKind
    on_date: date
    at_time: time
    place: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a parent answers to an offer. `way` goes with another way; `words` are theirs."""

    reply: VisitReply
    way: OtherWay | None = None
    words: str | None = None


# Offering


def offer_visit(work: Work, child: Child, offer: Offer) -> Visit:
    """Offer the family a visit, meeting or call; they are told. It is an invitation, and stops no clock."""
    check_offer(work, child, offer)
    visit = Visit(
        authority_id=child.authority_id,
        child_id=child.id,
        kind=offer.kind,
        on_date=offer.on_date,
        at_time=offer.at_time,
        place=offer.place or None,
        adviser_id=work.actor.account_id,
        offered_at=work.at,
        note=offer.note or None,
    )
    work.session.add(visit)
    work.session.flush()
    work.publish(VisitOffered(**about(visit), on_date=visit.on_date, kind=visit.kind))
    return visit


def check_offer(work: Work, child: Child, offer: Offer) -> None:
    """Raises `Refusal` where this cannot be offered."""
    if offer.kind in WRITING:
        raise Refusal("Select a visit, a meeting or a call", "kind")
    if child.episode is None or not child.episode.is_open:
        raise Refusal("A visit can be offered only while an episode is open, and this child has none open")
    if begins(offer.on_date, offer.at_time) <= work.at:
        raise Refusal("Enter a date and time in the future", "on_date")
    if offer.on_date > work.today + FARTHEST_OFFER:
        raise Refusal("Enter a date within the next 12 months", "on_date")
    if offer.kind is ContactKind.MEETING and not offer.place:
        raise Refusal("Enter where you would meet", "place")


def begins(on_date: date, at_time: time) -> datetime:
    """The moment at which a visit begins."""
    return datetime.combine(on_date, at_time, LONDON)


def about(visit: Visit) -> dict[str, Any]:
    """What every event about a visit says."""
    return {"authority_id": visit.authority_id, "child_id": visit.child_id, "visit_id": visit.id}


def change_offer(work: Work, visit: Visit, offer: Offer, *, version: int | None) -> None:
    """Offer something else instead; the family is told, and what it answered so far is kept. Raises `Refusal`."""
    check_answerable(visit, version)
    check_offer(work, visit.child, offer)
    visit.kind, visit.on_date, visit.at_time = offer.kind, offer.on_date, offer.at_time
    visit.place, visit.note = offer.place or None, offer.note or None
    visit.state, visit.offered_at = VisitState.OFFERED, work.at
    mark_read(work, visit)
    work.session.flush()
    work.publish(VisitChanged(**about(visit), on_date=visit.on_date, kind=visit.kind, round=visit.version))


def withdraw_offer(work: Work, visit: Visit, note: str, *, version: int | None) -> None:
    """Take an offer back, with a few words to the family, who is told. Raises `Refusal`."""
    check_answerable(visit, version)
    visit.state, visit.note = VisitState.WITHDRAWN, note.strip() or None
    mark_read(work, visit)
    work.session.flush()
    work.publish(VisitWithdrawn(**about(visit), on_date=visit.on_date, kind=visit.kind))


def check_answerable(visit: Visit, version: int | None) -> None:
    """Raises `Refusal` where an offer is over or, by its version, has changed since it was read."""
    if visit.version != version:
        raise ChangedMeanwhile("This offer")
    if visit.state is VisitState.RECORDED:
        raise Refusal("This offer is over: what came of it has been recorded")
    if visit.state not in ANSWERABLE:
        raise Refusal("This offer has been withdrawn")


# Answering


def answer_offer(work: Work, visit: Visit, answer: Answer, *, version: int | None) -> VisitAnswer:
    """Take in a parent's answer; the clock counts it as a reply, whichever answer it is. Raises `Refusal`.

    To decline lowers nobody's standing: it is a reply like any other. The offer now stands as answered.
    """
    check_answerable(visit, version)
    words = (answer.words or "").strip()
    if begins(visit.on_date, visit.at_time) <= work.at:
        raise Refusal("Choose another way to tell us, for the time of this offer has passed")
    if answer.reply is VisitReply.ANOTHER_TIME and not words:
        raise Refusal("Enter the days or times that would suit you", "times")
    if answer.reply is VisitReply.ANOTHER_WAY and answer.way is None:
        raise Refusal("Select the way that would suit you", "way")
    account_id = work.actor.account_id
    if account_id is None:
        raise Refusal("Sign in again to send this answer")
    reply = reply_received(work, visit.authority_id, visit.child_id, f"Answer to an offer: {answer.reply.label}")
    given = VisitAnswer(
        authority_id=visit.authority_id,
        visit_id=visit.id,
        account_id=account_id,
        contact_id=reply.id,
        answer=answer.reply,
        answered_at=work.at,
        kind=visit.kind,
        on_date=visit.on_date,
        at_time=visit.at_time,
        way=answer.way if answer.reply is VisitReply.ANOTHER_WAY else None,
        words=words or None,
    )
    work.session.add(given)
    visit.state = VisitState(answer.reply.value)
    flag_modified(visit, "state")  # the same answer anew is a change too, of which an officer has to hear
    work.session.flush()
    work.publish(VisitAnswered(**about(visit), answer_id=given.id, answer=given.answer.value))
    tell_recorded(work, [reply])
    settle(work, queries.running_episodes(work, [visit.child_id]))
    return given


def reply_received(work: Work, authority_id: int, child_id: int, summary: str) -> Contact:
    """A reply from the family as the clock counts it: writing received here that is not about the education."""
    reply = Contact(
        authority_id=authority_id,
        child_id=child_id,
        happened_on=work.today,
        kind=ContactKind.EMAIL,
        outcome=ContactOutcome.RECEIVED,
        substantive=False,
        summary=summary,
        recorded_at=work.at,
        recorded_by_id=work.actor.account_id,
    )
    work.session.add(reply)
    work.session.flush()
    return reply


def record_change_told(work: Work, told: Sequence[ChangeReported]) -> None:
    """Count what a family tells us of a change as a reply: it has been in touch."""
    replies = [
        reply_received(work, event.authority_id, event.child_id, "Told us of a change, on the family’s own page")
        for event in told
        if event.authority_id is not None and event.child_id is not None
    ]
    tell_recorded(work, replies)
    settle(work, queries.running_episodes(work, [reply.child_id for reply in replies]))


def note_answers_read(work: Work, visit: Visit, *, version: int | None) -> None:
    """Write down that an officer has read what was answered, and needs to do nothing more. Raises `Refusal`."""
    if visit.version != version:
        raise ChangedMeanwhile("This offer")
    mark_read(work, visit)
    work.session.flush()
    work.publish(AnswersRead(**about(visit)))


def mark_read(work: Work, visit: Visit) -> None:
    """Whoever acts on an offer has read what was answered to it."""
    for answer in queries.answers_to(work, visit):
        if answer.read_at is None:
            answer.read_at, answer.read_by_id = work.at, work.actor.account_id


# Saying something about one's own record


def comment(work: Work, contact: Contact, words: str) -> ContactComment:
    """Add what a parent says to the record of a contact; the record itself stays as it is. Raises `Refusal`."""
    if not words.strip():
        raise Refusal("Enter what you would like to add", "words")
    if contact.struck_out_at is not None:
        raise Refusal("This record has been struck out, and no longer counts")
    account_id = work.actor.account_id
    if account_id is None:
        raise Refusal("Sign in again to send this comment")
    said = ContactComment(
        authority_id=contact.authority_id,
        contact_id=contact.id,
        account_id=account_id,
        words=words.strip(),
        said_at=work.at,
    )
    work.session.add(said)
    work.session.flush()
    work.publish(
        RecordCommented(
            authority_id=contact.authority_id, child_id=contact.child_id, contact_id=contact.id, comment_id=said.id
        )
    )
    return said
