"""Offering visits, one time or several; changing and withdrawing offers; taking up what a family suggested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ehe_portal.contact import queries
from ehe_portal.contact.events import (
    AnswersRead,
    FamilyToldOtherwise,
    VisitAgreed,
    VisitChanged,
    VisitLeft,
    VisitOffered,
    VisitParted,
    VisitWithdrawn,
)
from ehe_portal.contact.models import (
    ANSWERABLE,
    SlotState,
    StepKind,
    Visit,
    VisitChild,
    VisitSlot,
    VisitState,
)
from ehe_portal.contact.rules import LONGEST_MINUTES, SHORTEST_MINUTES, USUAL_MINUTES, WRITING
from ehe_portal.contact.service.parting import take_out
from ehe_portal.contact.service.safety import follow_moved_visit, stand_down
from ehe_portal.contact.service.steps import about, about_each, in_calendars_each, refuse_where_stopped, step
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.days import LONDON
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from ehe_portal.register.service import refuse_if_stopped

FARTHEST_OFFER = timedelta(days=366)
MOST_TIMES = 6
NOT_TOGETHER = "Select children of the family who can be visited together with this one"

At = tuple[date, time]
"""A day and a time of it, in London."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A visit, meeting or call to be offered; the time is London's. `note` is for the family to read.

    `or_at` are other times, among which the family picks one; `along` names, by reference, other children of the
    family whom the visit is about too.
    """

    kind: ContactKind
    on_date: date
    at_time: time
    place: str | None = None
    note: str | None = None
    minutes: int = USUAL_MINUTES
    or_at: tuple[At, ...] = ()
    along: tuple[str, ...] = ()

    @property
    def times(self) -> list[At]:
        """Every time on offer, the earliest first."""
        return sorted({(self.on_date, self.at_time), *self.or_at})


# Offering


def offer_visit(work: Work, child: Child, offer: Offer) -> Visit:
    """Offer the family a visit, meeting or call; they are told. It is an invitation, and stops no clock.

    One visit may be about several children of a family: each keeps a record and a clock of their own.
    Raises `Refusal`.
    """
    return offer_visits(work, [(child, offer)], work.actor.account_id)[0]


def offer_visits(work: Work, offers: Sequence[tuple[Child, Offer]], adviser_id: int | None) -> list[Visit]:
    """Offer several families a visit each, all of them to be made by one adviser. Raises `Refusal`, and offers none."""
    for child, offer in offers:
        check_offer(work, [child], offer)
    made = [(new_visit(work, child, offer, adviser_id), offer) for child, offer in offers]
    visits = [visit for visit, _ in made]
    work.session.add_all(visits)
    work.session.flush()
    for visit, offer in made:
        put_slots(work, visit, offer)
        step(work, visit, StepKind.TIMES_OFFERED if visit.choice else StepKind.OFFERED, words=visit.note)
    work.session.flush()
    work.publish(*(VisitOffered(**one) for visit in visits for one in in_calendars_each(visit, stood=False)))
    return visits


def new_visit(work: Work, child: Child, offer: Offer, adviser_id: int | None) -> Visit:
    """A visit as it is offered, about all whom it is to be about. Raises `Refusal`."""
    others = coming_along(work, child, offer)
    on_date, at_time = offer.times[-1]
    visit = Visit(
        authority_id=child.authority_id,
        child_id=child.id,
        kind=offer.kind,
        on_date=on_date,
        at_time=at_time,
        place=offer.place or None,
        adviser_id=adviser_id,
        offered_at=work.at,
        note=offer.note or None,
        choice=len(offer.times) > 1,
        minutes=offer.minutes,
    )
    visit.children += [VisitChild(authority_id=child.authority_id, child_id=one.id) for one in others]
    return visit


def coming_along(work: Work, child: Child, offer: Offer) -> list[Child]:
    """The other children of a visit. Raises `Refusal` where one cannot be visited together with this one."""
    if not offer.along:
        return []
    known = {one.reference: one for one in queries.companions(work, child, offer.kind)}
    if not set(offer.along) <= set(known):
        raise Refusal(NOT_TOGETHER, "along")
    return [one for one in known.values() if one.reference in offer.along]


def put_slots(work: Work, visit: Visit, offer: Offer) -> None:
    """Write down the times among which the family picks, where there are several."""
    if visit.choice:
        work.session.add_all(
            VisitSlot(authority_id=visit.authority_id, visit_id=visit.id, on_date=on, at_time=at)
            for on, at in offer.times
        )


def check_offer(work: Work, children: Sequence[Child], offer: Offer) -> None:
    """Raises `Refusal` where this cannot be offered to the families of all whom it is to be about."""
    for child in children:
        check_whom(child)
    if offer.kind in WRITING:
        raise Refusal("Select a visit, a meeting or a call", "kind")
    if len(offer.times) > MOST_TIMES:
        raise Refusal(f"Enter {MOST_TIMES} times or fewer", "or_on_1")
    for place, (on, at) in enumerate(((offer.on_date, offer.at_time), *offer.or_at)):
        field = "on_date" if place == 0 else f"or_on_{place}"
        if begins(on, at) <= work.at:
            raise Refusal("Enter a date and time in the future", field)
        if on > work.today + FARTHEST_OFFER:
            raise Refusal("Enter a date within the next 12 months", field)
    if offer.kind is ContactKind.MEETING and not offer.place:
        raise Refusal("Enter where you would meet", "place")
    if not SHORTEST_MINUTES <= offer.minutes <= LONGEST_MINUTES:
        raise Refusal(f"Enter a whole number from {SHORTEST_MINUTES} to {LONGEST_MINUTES}", "minutes")


def check_whom(child: Child) -> None:
    """Raises `Refusal` where a child's family can be offered nothing."""
    refuse_if_stopped(child)
    if child.episode is None or not child.episode.is_open:
        raise Refusal(f"A visit can be offered only while an episode is open, and {child.known_as} has none open")


def begins(on_date: date, at_time: time) -> datetime:
    """The moment at which a visit begins."""
    return datetime.combine(on_date, at_time, LONDON)


# Changing


def change_offer(work: Work, visit: Visit, offer: Offer, *, version: int | None, child: Child | None = None) -> None:
    """Offer something else instead; the family is told, and what it answered so far is kept. Raises `Refusal`.

    With `child`, who is one of its children, it is about that child and those named along from now on; without, whom
    it is about stays.
    """
    check_answerable(visit, version)
    whom = whom_about(work, visit, child, offer)
    check_offer(work, whom, offer)
    if child is not None:
        coming_along(work, child, offer)
    taken_out = change_whom(work, visit, whom)
    before, stood = begins(visit.on_date, visit.at_time), visit.status is not Status.CANCELLED
    let_go(work, visit)
    visit.kind, (visit.on_date, visit.at_time) = offer.kind, offer.times[-1]
    visit.place, visit.note, visit.minutes = offer.place or None, offer.note or None, offer.minutes
    visit.state, visit.offered_at, visit.choice = VisitState.OFFERED, work.at, len(offer.times) > 1
    visit.place_was, visit.place_doubtful_since = None, None
    put_slots(work, visit, offer)
    follow_moved_visit(work, visit, begins(visit.on_date, visit.at_time) - before)
    finish(work, visit, StepKind.CHANGED)
    work.publish(*taken_out, *(VisitChanged(**one) for one in in_calendars_each(visit, stood=stood)))


def whom_about(work: Work, visit: Visit, child: Child | None, offer: Offer) -> list[Child]:
    """Whom a visit would be about once it is changed: of whom something is recorded stays. Raises `Refusal`."""
    now = [one.child for one in visit.children]
    if child is None:
        return now
    family = {one.reference: one for one in (*now, *queries.companions(work, child))}
    if not set(offer.along) <= set(family):
        raise Refusal(NOT_TOGETHER, "along")
    stays = {one.child.reference for one in visit.children if one.contact_id is not None} | set(offer.along)
    return [child, *(one for one in family.values() if one.reference in stays and one.id != child.id)]


def change_whom(work: Work, visit: Visit, whom: Sequence[Child]) -> list[VisitLeft | VisitParted]:
    """Let a visit be about these children; gives what happened to those who are no longer among them."""
    wanted, known = {one.id for one in whom}, {one.child_id for one in visit.children}
    leaving = [one for one in visit.children if one.child_id not in wanted]
    for part in leaving:
        refuse_if_stopped(part.child)
    for one in whom:
        if one.id not in known:
            visit.children.append(VisitChild(authority_id=visit.authority_id, child_id=one.id))
            step(work, visit, StepKind.CHANGED, words=f"Now about {one.known_as} too.", tells=False)
    work.session.flush()
    return list(take_out(work, visit, leaving, told=True)) if leaving else []


def agree_suggestion(work: Work, visit: Visit, slot: VisitSlot, *, version: int | None) -> None:
    """Take up a day and time that the family suggested: the visit is confirmed. Raises `Refusal`."""
    check_answerable(visit, version)
    refuse_where_stopped(visit)
    if slot.visit_id != visit.id or slot.state is not SlotState.OPEN or slot.at_time is None:
        raise Refusal("Select a day with a time that the family suggested")
    if begins(slot.on_date, slot.at_time) <= work.at:
        raise Refusal("Select a time in the future: this one has passed")
    before, stood = begins(visit.on_date, visit.at_time), visit.status is not Status.CANCELLED
    let_go(work, visit)
    slot.state = SlotState.PICKED
    visit.on_date, visit.at_time, visit.choice, visit.state = slot.on_date, slot.at_time, False, VisitState.ACCEPTED
    follow_moved_visit(work, visit, begins(visit.on_date, visit.at_time) - before)
    finish(work, visit, StepKind.AGREED)
    work.publish(*(VisitAgreed(**one) for one in in_calendars_each(visit, stood=stood)))


def withdraw_offer(work: Work, visit: Visit, note: str, *, version: int | None) -> None:
    """Cancel a visit, or take an offer back, with a few words to the family, who is told. Raises `Refusal`."""
    check_answerable(visit, version)
    refuse_where_stopped(visit)
    stood = visit.status is not Status.CANCELLED
    visit.note = note.strip() or None
    withdraw(work, visit)
    finish(work, visit, StepKind.WITHDRAWN, words=visit.note)
    work.publish(*(VisitWithdrawn(**one) for one in in_calendars_each(visit, stood=stood)))


def withdraw(work: Work, visit: Visit) -> None:
    """Let a visit no longer be offered."""
    visit.state = VisitState.WITHDRAWN
    close(work, visit)


def finish(work: Work, visit: Visit, kind: StepKind, words: str | None = None) -> None:
    """Write down a step of an officer, who by acting has read what was answered."""
    mark_read(work, visit)
    step(work, visit, kind, words=words if words is not None else visit.note)
    work.session.flush()


def close(work: Work, visit: Visit) -> None:
    """Let everything go that only a visit to come needs."""
    let_go(work, visit)
    visit.choice, visit.place_doubtful_since = False, None
    stand_down(work, visit)


def let_go(work: Work, visit: Visit) -> None:
    """The times that were to be chosen, and those that were suggested, are no longer on offer."""
    for slot in (*queries.open_slots(work, visit), *queries.suggestions(work, visit)):
        slot.state = SlotState.FELL_AWAY


def check_answerable(visit: Visit, version: int | None) -> None:
    """Raises `Refusal` where an offer is over or, by its version, has changed since it was read."""
    if visit.version != version:
        raise ChangedMeanwhile("This offer")
    if visit.state is VisitState.RECORDED:
        raise Refusal("This offer is over: what came of it has been recorded")
    if visit.state is VisitState.CANCELLED:
        raise Refusal("This visit has been cancelled by the family. Offer another one if it is wanted")
    if visit.state not in ANSWERABLE:
        raise Refusal("This offer has been withdrawn")


# What officers note


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


def note_told(work: Work, visit: Visit, how: str, *, version: int | None) -> None:
    """Write down that the family has been told by other means than mail, and how. Raises `Refusal`."""
    if visit.version != version:
        raise ChangedMeanwhile("This visit")
    if visit.tell_since is None:
        raise Refusal("Nothing waits to be told")
    if not how.strip():
        raise Refusal("Enter how you told the family", "how")
    visit.tell_since = None
    step(work, visit, StepKind.TOLD, words=how.strip(), tells=False)
    work.session.flush()
    work.publish(*(FamilyToldOtherwise(**one) for one in about_each(visit)))
