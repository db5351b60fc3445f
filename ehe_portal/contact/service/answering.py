"""What families answer to an offer, and what parents say of their record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy.orm.attributes import flag_modified

from ehe_portal.contact import queries
from ehe_portal.contact.events import RecordCommented, VisitAnswered
from ehe_portal.contact.models import (
    Contact,
    ContactComment,
    OtherWay,
    SlotState,
    StepKind,
    Visit,
    VisitAnswer,
    VisitReply,
    VisitSlot,
    VisitState,
)
from ehe_portal.contact.service.clocks import settle
from ehe_portal.contact.service.recording import tell_recorded
from ehe_portal.contact.service.safety import follow_moved_visit
from ehe_portal.contact.service.steps import in_calendars_each, step
from ehe_portal.contact.service.visits import At, begins, check_answerable, close, let_go
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register.events import ChangeReported

MOST_SUGGESTED = 3
SETTLED = (VisitState.ACCEPTED, VisitState.CANCELLED)
"""What every parent of the children has to know, not only the one who answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a parent answers to an offer. `way` goes with another way; `words` are theirs.

    `picked` is the time that suits, where several are on offer; `suggested` are days, each perhaps with a time, that
    would suit better.
    """

    reply: VisitReply
    way: OtherWay | None = None
    words: str | None = None
    picked: At | None = None
    suggested: tuple[tuple[date, time | None], ...] = ()


# Answering


def answer_offer(work: Work, visit: Visit, answer: Answer, *, version: int | None) -> VisitAnswer:
    """Take in a parent's answer; the clock counts it as a reply, whichever answer it is. Raises `Refusal`.

    To decline or to cancel lowers nobody's standing: it is a reply like any other. The offer now stands as answered.
    """
    check_answerable(visit, version)
    words = (answer.words or "").strip()
    check_answer(work, visit, answer, words)
    account_id = work.actor.account_id
    if account_id is None:
        raise Refusal("Sign in again to send this answer")
    stood = visit.status is not Status.CANCELLED
    if answer.reply is VisitReply.ACCEPTED and visit.choice:
        pick(work, visit, answer.picked)
    replies = [
        reply_received(work, visit.authority_id, child.id, f"Answer to an offer: {answer.reply.label}")
        for child in queries.children_shown(work, [visit]).get(visit.id, [])
    ]
    given = VisitAnswer(
        authority_id=visit.authority_id,
        visit_id=visit.id,
        account_id=account_id,
        contact_id=replies[0].id,
        answer=answer.reply,
        answered_at=work.at,
        kind=visit.kind,
        on_date=visit.on_date,
        at_time=visit.at_time,
        way=answer.way if answer.reply is VisitReply.ANOTHER_WAY else None,
        words=words or None,
    )
    work.session.add(given)
    work.session.flush()
    take_in(work, visit, answer, given)
    work.publish(
        *(
            VisitAnswered(**one, answer_id=given.id, answer=given.answer.value)
            for one in in_calendars_each(visit, stood=stood)
        )
    )
    tell_recorded(work, replies)
    settle(work, queries.running_episodes(work, [reply.child_id for reply in replies]))
    return given


def check_answer(work: Work, visit: Visit, answer: Answer, words: str) -> None:
    """Raises `Refusal` where an answer says too little, or comes too late."""
    if begins(visit.on_date, visit.at_time) <= work.at:
        raise Refusal("Choose another way to tell us, for the time of this offer has passed")
    if answer.reply is VisitReply.ANOTHER_TIME and not (words or answer.suggested):
        raise Refusal("Enter the days or times that would suit you", "times")
    for place, (on, _) in enumerate(answer.suggested, start=1):
        if on < work.today:
            raise Refusal("Enter a day that is today or later", f"day_{place}")
    if answer.reply is VisitReply.ANOTHER_WAY and answer.way is None:
        raise Refusal("Select the way that would suit you", "way")
    if answer.reply is VisitReply.CANCELLED and visit.state is not VisitState.ACCEPTED:
        raise Refusal("Select another answer: only a visit that is confirmed can be cancelled", "reply")


def pick(work: Work, visit: Visit, picked: At | None) -> None:
    """Hold the visit at the time that the family picked; the others fall away. Raises `Refusal`."""
    slot = next(
        (one for one in queries.open_slots(work, visit) if picked == (one.on_date, one.at_time)),
        None,
    )
    if slot is None or slot.at_time is None:
        raise Refusal("Select the time that suits you", "picked")
    if begins(slot.on_date, slot.at_time) <= work.at:
        raise Refusal("Select a later time: this one has passed", "picked")
    before = begins(visit.on_date, visit.at_time)
    let_go(work, visit)
    slot.state = SlotState.PICKED
    visit.on_date, visit.at_time, visit.choice = slot.on_date, slot.at_time, False
    follow_moved_visit(work, visit, begins(visit.on_date, visit.at_time) - before)


def take_in(work: Work, visit: Visit, answer: Answer, given: VisitAnswer) -> None:
    """Let the visit stand as it was answered, and keep what was suggested."""
    if answer.reply is VisitReply.ANOTHER_TIME:
        for earlier in queries.suggestions(work, visit):
            earlier.state = SlotState.FELL_AWAY
        work.session.add_all(
            VisitSlot(authority_id=visit.authority_id, visit_id=visit.id, on_date=on, at_time=at, answer_id=given.id)
            for on, at in answer.suggested[:MOST_SUGGESTED]
        )
    visit.state = VisitState(answer.reply.value)
    flag_modified(visit, "state")  # the same answer anew is a change too, of which an officer has to hear
    if visit.state is VisitState.CANCELLED:
        close(work, visit)
    step(work, visit, StepKind(answer.reply.value), tells=visit.state in SETTLED)
    work.session.flush()


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


# Saying something about one's own record


def comment(work: Work, contact: Contact, words: str) -> ContactComment:
    """Add what a parent says to the record of a contact; the record itself stays as it is. Raises `Refusal`."""
    if not words.strip():
        raise Refusal("Enter what you would like to add", "words")
    if contact.is_struck_out_for_family:
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
