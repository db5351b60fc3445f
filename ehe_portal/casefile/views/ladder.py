"""The picture of an escalation's ladder: who was told and when, who answered, and what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import ladder as queries
from ehe_portal.casefile.queries.ladder import Alert
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import counted, london_time, long_date
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, EscalationRung, Rung
from ehe_portal.escalation.service import Ladders, told_since


class Mark(StrEnum):
    """How a rung stands, by shape and in words."""

    TOLD = "told"
    WAITING = "waiting"
    UNDELIVERED = "undelivered"
    NOBODY = "nobody"
    ANSWERED = "answered"
    COMING = "coming"


MARKS: Final = {
    Mark.TOLD: ("Told", "green"),
    Mark.WAITING: ("Being sent", "yellow"),
    Mark.UNDELIVERED: ("Not delivered", "red"),
    Mark.NOBODY: ("Nobody at work", "red"),
    Mark.ANSWERED: ("Answered", "blue"),
    Mark.COMING: ("To come", "grey"),
}

TOLD_AS: Final = {
    "adviser": "the child’s adviser",
    "manager": "for the authority had made no attempt",
    "social-worker": "the social worker, by mail out of the house",
}


@dataclass(frozen=True)
class Telling:
    """One person who was told: how, and what became of it."""

    who: str
    what: str
    problem: bool = False


@dataclass
class Shown:
    """One rung as it is shown."""

    title: str
    on: date
    mark: Mark
    words: str = ""
    tellings: list[Telling] = field(default_factory=list)

    @property
    def tag(self) -> tuple[str, str]:
        """The mark in words, and its colour."""
        return MARKS[self.mark]

    @property
    def is_red(self) -> bool:
        """Whether somebody has to be told by other means."""
        return self.mark in (Mark.UNDELIVERED, Mark.NOBODY)


def telling(sent: Alert) -> Telling:
    """What is said of one message."""
    parts = [sent.name or sent.address, sent.role.label if sent.role else "", TOLD_AS.get(as_what(sent), "")]
    how = "in a digest" if sent.carried else "by a message of their own"
    if sent.sent_at is not None:
        return Telling(", ".join(part for part in parts if part), f"sent {london_time(sent.sent_at)}, {how}")
    who = ", ".join(part for part in parts if part)
    if sent.problem is not None:
        tries = counted(sent.attempts, "try", "tries")
        return Telling(who, f"not delivered yet ({tries}), {how}; it goes on being tried", problem=True)
    return Telling(who, f"waiting to be sent, {how}")


def as_what(sent: Alert) -> str:
    """As what someone was told of the first alert."""
    told_as: str = sent.context.get("told_as", "")
    return told_as


def mark_of(sent: Sequence[Alert], *, at_work: bool) -> Mark:
    """How a rung stands whose messages these are; red where one was tried in vain or nobody at work was told."""
    if not at_work:
        return Mark.NOBODY
    if any(one.sent_at is None and one.problem is not None for one in sent):
        return Mark.UNDELIVERED
    return Mark.TOLD if all(one.sent_at is not None for one in sent) else Mark.WAITING


def first_alert(number: int, on: date, sent: Sequence[Alert]) -> Shown:
    """The foot of the ladder: the alert of this number, and who had a message."""
    theirs = [one for one in sent if one.context.get("alert", 1) == number and "rung" not in one.context]
    answering = any(as_what(one) == "officer" for one in theirs)
    return Shown(
        title="Raised" if number == 1 else "Raised again",
        on=on,
        mark=mark_of(theirs, at_work=answering),
        words=""
        if answering
        else "Nobody who answers escalations could be told: there is no active CME officer, "
        "CME manager or head of service.",
        tellings=[telling(one) for one in theirs],
    )


def told_rungs(number: int, reached: Iterable[EscalationRung], sent: Sequence[Alert]) -> list[Shown]:
    """The rungs told since the alert of this number; of the daily ones the first, and the latest with how many."""
    mine = [one for one in reached if one.alert == number]
    heads = [one for one in mine if one.rung is Rung.HEAD]
    shown = []
    for one in mine:
        if one in heads[1:-1]:
            continue
        theirs = [message for message in sent if is_of(message, one)]
        words = f"Told because {one.rung.because}."
        if one.told_on != one.due_on and one.rung is not Rung.ABSENT:
            words += f" It was due on {long_date(one.due_on)}, and told late."
        if one in heads[1:]:
            words += f" Told {counted(len(heads), 'time')} by then, once each working day."
        if not one.at_work:
            words += " Nobody who is at work could be told."
        title = f"{one.rung.label} again" if one in heads[1:] else one.rung.label
        shown.append(
            Shown(title, one.told_on, mark_of(theirs, at_work=bool(one.at_work)), words, [telling(m) for m in theirs])
        )
    return shown


def is_of(sent: Alert, reached: EscalationRung) -> bool:
    """Whether a message told of this rung."""
    about = sent.context
    told = (about.get("alert", 1), about.get("rung"), about.get("due_on"))
    return told == (reached.alert, reached.rung.value, reached.due_on.isoformat())


def answered(at: datetime, title: str, words: str) -> Shown:
    """Somebody answered."""
    return Shown(title, london_date(at), Mark.ANSWERED, words)


COMING: Final = {
    Rung.MANAGER: ("The CME manager is told", "If nobody acknowledges it"),
    Rung.HEAD: ("The head of service is told", "If still nobody acknowledges it, and again each working day"),
    Rung.UNDECIDED: ("The CME manager is told", "If no decision is recorded"),
    Rung.NEXT_DATE: ("The owner and the CME manager are told", "If the owner’s next date passes with nothing recorded"),
}


def coming(rung: Rung, on: date, people: Sequence[tuple[str, Role]], *, at_work: bool) -> Shown:
    """What comes next, and on which day. `people`: who would be told if it were today."""
    title, condition = COMING[rung]
    who = ", ".join(f"{name} ({role.label})" for name, role in people)
    words = f"{condition}."
    if people:
        words += f" As things are today: {who}."
    if not at_work:
        words += " Nobody on this rung is at work today." if people else " There is nobody who could be told."
    return Shown(title, on, Mark.COMING if at_work else Mark.NOBODY, words)


def absent_words(holder: Account | None, today: date) -> str:
    """What is said of whoever has an escalation in hand and is not at work; nothing where they are."""
    if holder is None or (holder.is_active and not holder.is_away(today)):
        return ""
    away = holder.away_words(today)
    why = f"is {away[:1].lower()}{away[1:]}" if holder.is_active else "can no longer sign in"
    return f"No owner at work: {holder.name}, who has this in hand, {why}"


# One escalation's


@dataclass(frozen=True)
class Ladder:
    """The picture of a ladder: since the latest alert, and what was told before it rose again."""

    rungs: list[Shown]
    earlier: list[Shown]


def ladder(work: Work, escalation: Escalation, names: dict[int, str]) -> Ladder:
    """Who was told, who answered, and what comes next."""
    sent, reached = queries.alerts(work, escalation), queries.rungs(work, escalation)
    earlier = []
    for number in range(1, escalation.alerts):
        began = [one.created_at for one in sent if one.context.get("alert", 1) == number]
        on = london_date(began[0]) if began else escalation.raised_on
        earlier += [first_alert(number, on, sent), *told_rungs(number, reached, sent)]
    now = [
        first_alert(escalation.alerts, escalation.alerted_on, sent),
        *told_rungs(escalation.alerts, reached, sent),
        *answers(escalation, names),
    ]
    return Ladder([*sorted(now, key=lambda one: one.on), *next_rungs(work, escalation, reached)], earlier)


def answers(escalation: Escalation, names: dict[int, str]) -> Iterator[Shown]:
    """What people have done about it since it rose."""
    if escalation.acknowledged_at is not None:
        by = names.get(escalation.acknowledged_by_id or 0, "")
        yield answered(escalation.acknowledged_at, "Acknowledged", f"By {by}.")
    decided = next((step for step in reversed(escalation.steps) if step.decision is not None), None)
    if decided is not None and escalation.owner_id is not None and escalation.next_on is not None:
        owner = names.get(escalation.owner_id, "")
        words = f"Owner {owner}, next on {long_date(escalation.next_on)}."
        yield answered(decided.at, "Decision recorded", words)
    if escalation.closed_at is not None and escalation.closing is not None:
        yield answered(escalation.closed_at, "Closed", f"{escalation.closing.label}.")


def next_rungs(work: Work, escalation: Escalation, reached: Sequence[EscalationRung]) -> Iterator[Shown]:
    """What comes next if nobody does anything, with those who would be told as things are today."""
    if escalation.next_rung_on is None:
        return
    climbing = Ladders(work)
    for step in climbing.coming(escalation, told_since(escalation, reached)):
        people = climbing.whom(escalation.authority_id, step.rung)
        at_work = any(not one.is_away(work.today) for one in people)
        yield coming(step.rung, step.on, [(one.name, one.role) for one in people], at_work=at_work)
