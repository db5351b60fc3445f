"""Visits that took another turn: changed, cancelled by us, nobody in, no answer; a worry; a record that came late."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import partial
from typing import Final

from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Visit
from ehe_portal.contact.service import Check, Happened, Observation, Offer
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.days import LONDON, add_working_days, roll_forward
from ehe_portal.core.work import Work
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Line, Story
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, HouseholdVerdict

ADVISERS: Final = (2, 3, 1)
"""The advisers whose diaries have room, by their places; the one who works three days comes last."""


@dataclass
class Turns:
    """Plans one of each. `visits` are those that were offered, by the story."""

    casework: Casework
    visits: dict[int, Visit] = field(default_factory=dict)

    def plan(self, told: Sequence[Story]) -> None:
        """Plan them, each for a child of whom nothing else is told."""
        council, hour = self.casework.council, self.casework.hour
        ago = partial(timing.working_days_before, self.casework.last)
        calm = self.calm(told)
        ahead = partial(add_working_days, roll_forward(council.work.today))
        for deed, offer, on in (
            (self.change, Offer(kind=ContactKind.HOME_VISIT, on_date=ahead(5), at_time=time(14)), None),
            (self.cancel, Offer(kind=ContactKind.HOME_VISIT, on_date=ahead(3), at_time=time(10)), None),
            (self.nobody_in, Offer(kind=ContactKind.HOME_VISIT, on_date=ago(2), at_time=time(11)), ago(2)),
            (self.no_answer, Offer(kind=ContactKind.PHONE_CALL, on_date=ago(1), at_time=time(11)), ago(1)),
            (self.cannot_wait, Offer(kind=ContactKind.HOME_VISIT, on_date=ago(0), at_time=time(13)), ago(0)),
        ):
            for story in [one for one in (next(calm, None),) if one is not None]:
                council.plan(hour(ago(6)), partial(self.offer, story, offer))
                after = datetime.combine(on, time(15), LONDON) if on else hour(ago(3))
                council.plan(after, partial(deed, story))
        for pair in self.pairs(told)[:1]:
            council.plan(hour(ago(6)), partial(self.offer_together, pair))
            for story in pair:
                council.plan(datetime.combine(ago(1), time(16), LONDON), partial(self.meet, story))
        for story in [one for one in told if one.stage is Stage.ANSWERED][:1]:
            self.plan_late(story)

    def calm(self, told: Sequence[Story]) -> Iterator[Story]:
        """Only children of whom nothing else is told, whom their adviser has met."""
        homes = Counter(id(story.household) for story in told)
        theirs = [story for story in reversed(told) if story.adviser in ADVISERS]
        for story in sorted(theirs, key=lambda one: ADVISERS.index(one.adviser)):
            met = any(line.seen is ChildSeen.YES for line in story.lines)
            if story.stage is Stage.ORDINARY and homes[id(story.household)] == 1 and met:
                yield story

    def pairs(self, told: Sequence[Story]) -> list[tuple[Story, Story]]:
        """Two children of one family each, with nothing else to tell."""
        homes: dict[int, list[Story]] = {}
        for story in reversed(told):
            homes.setdefault(id(story.household), []).append(story)
        return [
            (one, other)
            for one, other in (home for home in homes.values() if len(home) == 2)
            if one.stage is other.stage is Stage.ORDINARY and one.adviser == other.adviser in ADVISERS
        ]

    def acting(self, story: Story, at: datetime) -> tuple[Work, Child]:
        """A piece of work of a child's adviser, and the child."""
        council = self.casework.council
        return council.acting(self.casework.adviser(story), at), council.child(story.child_id)

    # Offers

    def offer(self, story: Story, offer: Offer, at: datetime) -> None:
        """The adviser offers something."""
        self.visits[id(story)] = contact.offer_visit(*self.acting(story, at), offer)

    def offer_together(self, pair: tuple[Story, Story], at: datetime) -> None:
        """The adviser offers one meeting about both."""
        work, child = self.acting(pair[0], at)
        other = self.casework.council.child(pair[1].child_id)
        register.decide_household(work, child, other, HouseholdVerdict.LINKED)
        on = timing.working_days_before(self.casework.last, 1)
        place = self.casework.place(ContactKind.MEETING)
        offer = Offer(kind=ContactKind.MEETING, on_date=on, at_time=time(10), place=place, along=(other.reference,))
        self.offer(pair[0], offer, at)
        self.visits[id(pair[1])] = self.visits[id(pair[0])]

    def change(self, story: Story, at: datetime) -> None:
        """The adviser offers something else instead."""
        work, _ = self.acting(story, at)
        visit = self.visits[id(story)]
        other = Offer(
            kind=ContactKind.VIDEO_CALL,
            on_date=visit.on_date,
            at_time=visit.at_time,
            minutes=30,
            note=words("visits")["changed"],
        )
        contact.change_offer(work, visit, other, version=visit.version)

    def cancel(self, story: Story, at: datetime) -> None:
        """The adviser has to cancel."""
        work, _ = self.acting(story, at)
        visit = self.visits[id(story)]
        contact.withdraw_offer(work, visit, words("visits")["cancelled"], version=visit.version)

    # What came of them

    def nobody_in(self, story: Story, at: datetime) -> None:
        """The adviser came as offered, and nobody was in."""
        self.in_vain(story, ContactOutcome.NO_ACCESS, Check(persons_present=words("visits")["at_the_door"]), at)

    def no_answer(self, story: Story, at: datetime) -> None:
        """The adviser rang as offered, and nobody answered."""
        self.in_vain(story, ContactOutcome.NO_ANSWER, None, at)

    def in_vain(self, story: Story, outcome: ContactOutcome, check: Check | None, at: datetime) -> None:
        """Something that was offered did not come about."""
        visit = self.visits[id(story)]
        happened = Happened(
            kind=visit.kind,
            outcome=outcome,
            happened_on=visit.on_date,
            summary=words("visits")[outcome.value],
            check=check,
            visit=visit,
        )
        contact.record_contact(*self.acting(story, at), happened)

    def meet(self, story: Story, at: datetime) -> None:
        """What was offered took place."""
        contact.record_contact(*self.acting(story, at), self.held(story))

    def cannot_wait(self, story: Story, at: datetime) -> None:
        """At a visit something was said that cannot wait."""
        named = {"name": story.kid.known_as, "parent": story.parent}
        noted = {name: said.format(**named) for name, said in words("visits")["cannot_wait"].items()}
        worry = Observation(**noted, done_time=time(14, 20), cannot_wait=True)
        contact.record_contact(*self.acting(story, at), replace(self.held(story), observation=worry))

    def held(self, story: Story) -> Happened:
        """What an adviser writes of a visit or meeting at which the child was seen."""
        visit = self.visits[id(story)]
        line = Line(visit.on_date, visit.kind, ContactOutcome.HELD, ChildSeen.YES)
        return Happened(
            kind=line.kind,
            outcome=line.outcome,
            happened_on=line.on,
            child_seen=line.seen,
            summary=self.casework.summary(story, line),
            check=self.casework.check(story, line),
            signed=True,
            visit=visit,
        )

    # Late

    def plan_late(self, story: Story) -> None:
        """A call in the days of grace is written down only after the lapse, which that answers."""
        if story.grace_ends is not None:
            written_on = add_working_days(story.grace_ends, 3)
            self.casework.council.plan(datetime.combine(written_on, time(9, 40), LONDON), partial(self.write, story))

    def write(self, story: Story, at: datetime) -> None:
        """The adviser writes down a call of some days before."""
        if story.grace_ends is None:
            return
        rung_on = timing.working_days_before(story.grace_ends, 2)
        line = Line(rung_on, ContactKind.PHONE_CALL, ContactOutcome.HELD, ChildSeen.NO)
        happened = Happened(
            kind=line.kind,
            outcome=line.outcome,
            happened_on=rung_on,
            child_seen=line.seen,
            summary=words("visits")["written_late"].format(parent=story.parent, name=story.kid.known_as),
            check=self.casework.check(story, line),
            signed=True,
        )
        contact.record_contact(*self.acting(story, at), happened)
