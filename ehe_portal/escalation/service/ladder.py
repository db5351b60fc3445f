"""The ladder: telling the next people of what nobody answers, each rung once, whatever runs twice or crashes between.

The day of the next rung stands on the escalation itself, so that a run costs what is due. What was told is a row that
no second one can stand beside; it is written in the transaction of the messages.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm.attributes import set_committed_value

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, rules
from ehe_portal.escalation.events import EscalationLadderReckoned, EscalationRungReached
from ehe_portal.escalation.models import Escalation, EscalationRung, Rung, State
from ehe_portal.escalation.rules import Counts, Place, Step, Told
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import TierChanged


@dataclass
class Ladders:
    """The values and the people by which escalations climb, each asked for once in a piece of work."""

    work: Work
    known: dict[tuple[int, date], Counts] = field(default_factory=dict)
    people: dict[int, list[Account]] = field(default_factory=dict)

    def counts(self, authority_id: int, alerted_on: date) -> Counts:
        """The values that held on the day of the alert: a later change moves nobody's date."""
        if (authority_id, alerted_on) not in self.known:
            values = policy.in_force(self.work, authority_id, alerted_on).values
            self.known[authority_id, alerted_on] = Counts(
                manager=values.unacknowledged_manager_days,
                head=values.unacknowledged_head_days,
                undecided=values.undecided_days,
                undecided_cp=values.undecided_days_cp,
            )
        return self.known[authority_id, alerted_on]

    def coming(self, escalation: Escalation, told: Mapping[Rung, Told]) -> list[Step]:
        """What is told next of an escalation if nobody acts, the earliest first."""
        return rules.coming(place_of(escalation, told), self.counts(escalation.authority_id, escalation.alerted_on))

    def whom(self, authority_id: int, rung: Rung, but: Account | None = None) -> list[Account]:
        """Who is told at a rung, `but` whom it is about: those at work; where nobody is, those who are away; it may be
        nobody.
        """
        if authority_id not in self.people:
            self.people[authority_id] = queries.ladder_staff(self.work, authority_id)
        staff, today = [one for one in self.people[authority_id] if one is not but], self.work.today
        here = [one for one in staff if not one.is_away(today)]
        return rules.whom(queries.TOLD_AT[rung], here, staff)


def place_of(escalation: Escalation, told: Mapping[Rung, Told]) -> Place:
    """Where an escalation stands on its ladder."""
    return Place(
        state=escalation.state,
        alerted_on=escalation.alerted_on,
        social_care=escalation.social_care,
        next_on=escalation.next_on,
        told=told,
    )


def told_since(escalation: Escalation, rungs: Sequence[EscalationRung]) -> dict[Rung, Told]:
    """What of each rung was told last since the latest alert, of an escalation's rungs in order."""
    return {one.rung: Told(one.due_on, one.told_on) for one in rungs if one.alert == escalation.alerts}


def first_rung_on(work: Work, authority_id: int) -> date:
    """The day on which someone is told of what is raised today if nobody acknowledges it."""
    counts = Ladders(work).counts(authority_id, work.today)
    return rules.coming(Place(State.RAISED, work.today, SocialCare.UNKNOWN, None, {}), counts)[0].on


def set_foot(work: Work, escalation: Escalation) -> None:
    """Let nobody above wait for an escalation any more, for someone answered it, or it rose again."""
    escalation.rung = Rung.RAISED if escalation.state is State.RAISED else Rung.ANSWERED
    reckon(work, escalation)


def reckon(work: Work, escalation: Escalation) -> None:
    """Work out anew on which day someone is told next."""
    steps = Ladders(work).coming(escalation, queries.told(work, [escalation]).get(escalation.id, {}))
    escalation.next_rung_on = steps[0].on if steps else None


def follow_social_care(work: Work, changed: Sequence[TierChanged]) -> None:
    """Let the open escalations of children whose social care status changed follow it: a plan shortens the wait."""
    now = {event.episode_id: event.social_care for event in changed}
    for escalation in queries.open_of_episodes(work, now):
        if escalation.episode_id is not None and escalation.social_care is not now[escalation.episode_id]:
            escalation.social_care = now[escalation.episode_id]
            reckon(work, escalation)
    work.session.flush()


# By itself


@dataclass
class Climbing:
    """What comes of one run: rows to write, and what to say."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    events: list[EscalationRungReached | EscalationLadderReckoned] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)

    def tell(
        self, work: Work, escalation: Escalation, step: Step, people: Sequence[Account], person_id: int | None = None
    ) -> None:
        """Tell these people of one rung."""
        self.rows.append(
            {
                "authority_id": escalation.authority_id,
                "escalation_id": escalation.id,
                "alert": escalation.alerts,
                "rung": step.rung,
                "due_on": step.on,
                "told_on": work.today,
                "at_work": sum(not one.is_away(work.today) for one in people),
                "person_id": person_id,
            }
        )
        self.events.append(
            EscalationRungReached(
                authority_id=escalation.authority_id,
                child_id=escalation.child_id,
                escalation_id=escalation.id,
                reference=escalation.reference,
                reason=escalation.reason,
                alert=escalation.alerts,
                rung=step.rung,
                due_on=step.on,
                account_ids=tuple(one.id for one in people),
                person_id=person_id,
            )
        )


def climb(work: Work, escalation_ids: Collection[int]) -> None:
    """Tell the next people of those of these escalations whose next rung is due: each rung once, however late."""
    found = queries.still_on_ladder(work, escalation_ids)
    told, ladders, climbing = queries.told(work, found), Ladders(work), Climbing()
    owners = queries.active_owners(work, found)
    for escalation in found:
        counts = ladders.counts(escalation.authority_id, escalation.alerted_on)
        place, rung = place_of(escalation, told.get(escalation.id, {})), escalation.rung
        steps = rules.due(place, counts, work.today)
        for step in steps:
            people = ladders.whom(escalation.authority_id, step.rung)
            if step.rung is Rung.NEXT_DATE and (owner := owners.get(escalation.owner_id or 0)):
                people = [owner, *(one for one in people if one.id != owner.id)]
            climbing.tell(work, escalation, step, people)
            place, rung = place.after(step, work.today), step.rung
        after = rules.coming(place, counts)
        next_on = after[0].on if after else None
        if not steps:
            climbing.events.append(reckoned(escalation, next_on))
        climbing.places.append({"which": escalation.id, "to_rung": rung, "to_next": next_on})
    write(work, found, climbing)
    work.publish(*climbing.events)


def reckoned(escalation: Escalation, next_rung_on: date | None) -> EscalationLadderReckoned:
    """The event that an escalation's next rung is on another day."""
    return EscalationLadderReckoned(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation_id=escalation.id,
        next_rung_on=next_rung_on,
    )


def write(work: Work, found: Sequence[Escalation], climbing: Climbing) -> None:
    """Write the rungs that were told, and where the escalations stand now.

    Their versions stay: an officer who has one of them open is not turned away because somebody else was told.
    """
    if climbing.rows:
        work.session.execute(insert(EscalationRung), climbing.rows)
    if climbing.places:
        table = Escalation.__table__
        work.session.execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("which"))
            .values(rung=bindparam("to_rung"), next_rung_on=bindparam("to_next")),
            climbing.places,
        )
    for escalation, place in zip(found, climbing.places, strict=bool(climbing.places)):
        set_committed_value(escalation, "rung", place["to_rung"])
        set_committed_value(escalation, "next_rung_on", place["to_next"])


def report_absent(work: Work, escalation_ids: Collection[int]) -> None:
    """Tell the CME manager of those of these escalations whose holder is not at work: once for each absence."""
    ladders, climbing = Ladders(work), Climbing()
    for escalation, holder in queries.still_without_holder(work, escalation_ids):
        people = ladders.whom(escalation.authority_id, Rung.ABSENT, but=holder)
        step = Step(queries.absent_since(escalation, holder), Rung.ABSENT)
        climbing.tell(work, escalation, step, people, person_id=holder.id)
    write(work, [], climbing)
    work.publish(*climbing.events)
