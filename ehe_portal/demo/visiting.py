"""Visits as they really go: siblings visited together, times to pick from, a changed address, someone not back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import combinations, pairwise
from typing import Final

from sqlalchemy import select

from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, WelfareCheck
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.days import LONDON, add_working_days, roll_forward
from ehe_portal.demo import cast, timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.policy import queries as policy
from ehe_portal.register import service as register
from ehe_portal.register.models import HouseholdVerdict

CALM: Final = (Stage.ORDINARY, Stage.DUE_SOON, Stage.HALF_YEARLY)
OUT_FOR: Final = timedelta(hours=2, minutes=30)
"""How long ago the visit began from which somebody has not come back."""


@dataclass
class Visiting:
    """Plans the visits that are told as stories of their own; `now` is the moment at which the demonstration begins."""

    casework: Casework
    now: datetime

    def plan(self, told: Sequence[Story]) -> None:
        """Plan one of each."""
        council, last = self.casework.council, self.casework.last
        before = self.casework.hour(timing.working_days_before(last, 2))
        calm = [story for story in told if story.stage in CALM and not story.person and not story.is_online]
        siblings = list(self.siblings(calm))
        for pair in siblings[:1]:
            council.plan(before, partial(self.together, pair))
        for one, other in combinations(calm, 2):
            if one.household is other.household and one.adviser == other.adviser:
                council.plan(before, partial(self.link, (one, other)))
        alone = [story for story in calm if story not in {one.ref: one for pair in siblings for one in pair}.values()]
        mine = [story for story in alone if story.adviser == 0]
        others = [story for story in alone if story.adviser == 1]
        for story in mine[:1]:
            council.plan(before, partial(self.moved, story))
        for story in others[:1]:
            council.plan(self.begun() - timedelta(days=3), partial(self.not_back, story))
        for story in (one for one in told if one.person is cast.ACCEPTED):
            council.plan(self.casework.hour(last), partial(self.several_times, story))
            council.plan(self.casework.hour(last), partial(self.add, story))
            break

    def siblings(self, calm: Sequence[Story]) -> list[tuple[Story, Story]]:
        """Brothers and sisters of one household whom one adviser has, two by two; the first adviser's first."""
        pairs = [
            (one, other)
            for one, other in pairwise(calm)
            if one.household is other.household and one.adviser == other.adviser
        ]
        return sorted(pairs, key=lambda pair: pair[0].adviser)

    def begun(self) -> datetime:
        """When the visit began from which somebody has not come back: today if the day is old enough, or yesterday."""
        began = self.now.astimezone(LONDON) - OUT_FOR
        began -= timedelta(minutes=began.minute % 15, seconds=began.second, microseconds=began.microsecond)
        return began if began.hour >= 8 else datetime.combine(self.casework.last, time(15), LONDON)

    def together(self, pair: tuple[Story, Story], at: datetime) -> None:
        """Two siblings are visited together, today."""
        council = self.casework.council
        work = council.acting(self.casework.adviser(pair[0]), at)
        child, other = (council.child(story.child_id) for story in pair)
        register.decide_household(work, child, other, HouseholdVerdict.LINKED)
        first = roll_forward(council.work.today)
        known = contact_queries.companions(work, child, ContactKind.HOME_VISIT)
        kind = ContactKind.HOME_VISIT if other in known else ContactKind.MEETING
        offer = Offer(
            kind=kind,
            on_date=first,
            at_time=time(16),
            place=self.casework.place(kind) if kind is ContactKind.MEETING else None,
            note=words("visits")["together"],
            along=(other.reference,) if other in known or kind is ContactKind.MEETING else (),
        )
        contact.offer_visit(work, child, offer)

    def link(self, pair: tuple[Story, Story], at: datetime) -> None:
        """An officer finds two children to be of one family: a round of visits takes them together."""
        council = self.casework.council
        work = council.acting(self.casework.adviser(pair[0]), at)
        child, other = (council.child(story.child_id) for story in pair)
        register.decide_household(work, child, other, HouseholdVerdict.LINKED)

    def several_times(self, story: Story, at: datetime) -> None:
        """A family may pick one of three times."""
        council = self.casework.council
        days = [add_working_days(roll_forward(council.work.today), count) for count in (6, 7, 9)]
        first, *rest = zip(days, (time(10), time(14), time(9, 30)), strict=True)
        offer = Offer(
            kind=ContactKind.VIDEO_CALL,
            on_date=first[0],
            at_time=first[1],
            or_at=tuple(rest),
            note=words("visits")["several"],
        )
        contact.offer_visit(council.acting(self.casework.adviser(story), at), council.child(story.child_id), offer)

    def moved(self, story: Story, at: datetime) -> None:
        """A family moves after a visit at home was agreed."""
        council = self.casework.council
        work = council.acting(self.casework.adviser(story), at)
        child = council.child(story.child_id)
        on = add_working_days(roll_forward(council.work.today), 3)
        contact.offer_visit(work, child, Offer(kind=ContactKind.HOME_VISIT, on_date=on, at_time=time(11)))
        later = council.acting(self.casework.adviser(story), at + timedelta(hours=4))
        register.move(later, child, register.Place(words("visits")["new_home"], "AM4 2QT"), later.today)

    def not_back(self, story: Story, at: datetime) -> None:
        """Somebody went on a visit alone, and has not said that they are back."""
        council, began = self.casework.council, self.begun()
        adviser = self.casework.adviser(story)
        work = council.acting(adviser, at)
        offer = Offer(kind=ContactKind.HOME_VISIT, on_date=began.date(), at_time=began.time())
        visit = contact.offer_visit(work, council.child(story.child_id), offer)
        leaving = council.acting(adviser, began - timedelta(minutes=20))
        back_by = began + timedelta(hours=1)
        check_in = contact.set_check_in(leaving, visit, back_by, self.casework.advisers[0])
        contact.arrive(council.acting(adviser, began + timedelta(minutes=5)), check_in)
        grace = policy.in_force(work, visit.authority_id, work.today).values.check_in_minutes
        contact.miss(council.acting(None, back_by + timedelta(minutes=grace + 1)), [check_in.id])

    def add(self, story: Story, at: datetime) -> None:
        """An adviser puts something right under a record that is signed."""
        council = self.casework.council
        signed = council.work.session.scalars(
            select(Contact)
            .join(WelfareCheck, WelfareCheck.contact_id == Contact.id)
            .where(Contact.child_id == story.child_id, WelfareCheck.signed_at.is_not(None))
            .order_by(Contact.happened_on.desc())
        ).first()
        if signed is not None:
            work = council.acting(self.casework.adviser(story), at)
            contact.add_to_record(work, signed, words("visits")["added"], for_family=True)
