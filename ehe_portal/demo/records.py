"""What officers write down beside visits and decisions: families, moves, slips put right, notes, papers that came."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Responsibility, SocialCare
from ehe_portal.core.work import Work
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.places import Gazetteer, Home
from ehe_portal.demo.stages import WHOLE, Stage
from ehe_portal.demo.stories import Story
from ehe_portal.demo.timing import office_hours, working_days_before
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import CameBy
from ehe_portal.notes import service as notes
from ehe_portal.notes.models import NoteKind
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, HouseholdVerdict, Nature

LINKS, MOVES, SLIPS, NOTES, PAPERS, CONFIRMED = 60, 9, 6, 34, 5, 24
"""How many of each to 600 children."""

QUIET: Final = (Stage.ORDINARY, Stage.DUE_SOON, Stage.HALF_YEARLY, Stage.CLOSE)
SEED: Final = 1996  # the year of the Education Act in force; of its own, so that nothing else is drawn otherwise


@dataclass
class Records:
    """Plans what is written down."""

    casework: Casework
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def plan(self, told: Sequence[Story]) -> None:
        """Plan it for some of the families who came with the council's spreadsheet and are there still."""
        share = len(told) / WHOLE
        known = [story for story in told if story.stage in QUIET and not story.is_online and not story.closed_on]
        homes = Gazetteer(self.chance)
        some = self.some(known, share)
        self.link_families(known, max(1, round(LINKS * share)))
        for story in some(MOVES):
            self.on(40, partial(self.move, story, homes.home()))
        for story in some(SLIPS):
            self.on(30, partial(self.put_right, story))
        for story in some(CONFIRMED):
            self.on(25, partial(self.confirm, story))
        for story in some(PAPERS):
            self.on(20, partial(self.key_in, story))
        for story in some(NOTES):
            self.on(35, partial(self.write, story))
        for story in some(1):
            self.on(12, partial(self.add_and_change, story))
            self.on(8, partial(self.mistake, story))
        watched = [story for story in known if story.social_care is SocialCare.CP]
        for story in watched[: max(1, round(3 * share))]:
            self.on(15, partial(self.write_restricted, story))

    def some(self, known: Sequence[Story], share: float) -> Callable[[int], Iterator[Story]]:
        """Gives so many stories to 600 children, at least one, each time others where there are enough."""
        order = self.chance.sample(list(known), len(known))
        taken = 0

        def give(count: int) -> Iterator[Story]:
            nonlocal taken
            for _ in range(max(1, round(count * share)) if order else 0):
                yield order[taken % len(order)]
                taken += 1

        return give

    def on(self, within: int, deed: Callable[[datetime], object]) -> None:
        """Let something happen in the office hours of one of the last working days."""
        day = working_days_before(self.casework.last, self.chance.randint(1, within))
        day = max(day, self.casework.begins + timedelta(days=1))
        self.casework.council.plan(office_hours(self.chance, day), deed)

    def work(self, story: Story, at: datetime, by: Account | None = None) -> tuple[Work, Child]:
        """A piece of work of a child's adviser, or someone else's, and the child."""
        work = self.casework.council.acting(by or self.casework.adviser(story), at)
        return work, self.casework.council.child(story.child_id)

    def say(self, story: Story, choices: Sequence[str]) -> str:
        """One of several ways to say something."""
        return self.chance.choice(choices).format(name=story.kid.known_as, parent=story.parent)

    # Families

    def link_families(self, known: Sequence[Story], count: int) -> None:
        """Officers link brothers and sisters; one of the first pair is protected. Others are left to be decided."""
        pairs = [(one, other) for one, other in pairwise(known) if one.household is other.household]
        for number, (one, other) in enumerate(pairs[:count]):
            self.on(45, partial(self.link, one, other))
            if number == 0:
                morning = office_hours(self.chance, self.casework.last)
                self.casework.council.plan(morning, partial(self.protect, one))

    def link(self, one: Story, other: Story, at: datetime) -> None:
        """An adviser links two children of one family."""
        work, child = self.work(one, at)
        register.decide_household(work, child, self.casework.council.child(other.child_id), HouseholdVerdict.LINKED)

    def protect(self, story: Story, at: datetime) -> None:
        """The manager hides where a child lives."""
        manager = self.casework.council.of_role(Role.EHE_MANAGER)[0]
        work, child = self.work(story, at, manager)
        if not child.protected:
            register.set_protection(work, child, True, words("records")["protection"]["reason"], child.version)

    # Addresses and people

    def move(self, story: Story, home: Home, at: datetime) -> None:
        """A family moves, with whom of it is linked and lives there."""
        work, child = self.work(story, at)
        moved_on = work.today - timedelta(days=self.chance.randint(2, 20))
        place = register.Place(home.line, home.postcode)
        along = [other.reference for other in register_queries.moving_along(work, child)]
        register.move(work, child, place, moved_on, along=along)

    def put_right(self, story: Story, at: datetime) -> None:
        """A house number had been misread."""
        work, child = self.work(story, at)
        address = child.address
        if address is not None and address.line[:1].isdigit():
            right = register.Place(f"{self.chance.randint(2, 9)}{address.line}", address.postcode)
            register.correct_address(work, address, right, address.from_on, address.version, "A digit was missing")

    def confirm(self, story: Story, at: datetime) -> None:
        """The adviser saw where the child lives."""
        work, child = self.work(story, at)
        if child.address is not None and child.address.from_on <= work.today:
            register.confirm_address(work, child.address, work.today)

    def add_and_change(self, story: Story, at: datetime) -> None:
        """A grandmother joins in; a phone number changes."""
        work, child = self.work(story, at)
        gran = register.Carer(
            name=f"Maureen {story.kid.surname}", relationship="Grandmother", responsibility=Responsibility.NO
        )
        register.add_parent(work, child, gran, work.today - timedelta(days=60))
        parent = child.carers[0]
        changed = register.Carer(
            name=parent.name,
            relationship=parent.relationship_ or "",
            responsibility=parent.responsibility,
            email=parent.email or "",
            phone="07700 900461",
            address=parent.address or "",
        )
        turn = register.Turn(Nature.CHANGE, work.today - timedelta(days=10), "Told us on the phone")
        register.change_parent(work, parent, changed, turn, parent.version)

    # Words

    def write(self, story: Story, at: datetime) -> None:
        """Someone writes a note."""
        kind = self.chance.choices(list(NoteKind), (6, 4, 2, 3))[0]
        by = self.casework.council.of_role(Role.EHE_MANAGER)[0] if kind is NoteKind.OVERSIGHT else None
        work, child = self.work(story, at, by)
        notes.write(work, child, notes.Draft(kind, work.today, self.say(story, words("records")["notes"][kind.value])))

    def write_restricted(self, story: Story, at: datetime) -> None:
        """An adviser notes what a social worker said."""
        work, child = self.work(story, at)
        said = self.say(story, words("records")["notes"]["restricted"])
        notes.write(work, child, notes.Draft(NoteKind.OTHER_AGENCY, work.today, said, restricted=True))

    def mistake(self, story: Story, at: datetime) -> None:
        """A note about someone else is struck out."""
        work, child = self.work(story, at)
        told = words("records")["notes"]
        note = notes.write(work, child, notes.Draft(NoteKind.GENERAL, work.today, self.say(story, [told["mistake"]])))
        later, _ = self.work(story, at + timedelta(minutes=25))
        notes.strike_out(later, note, told["struck_out"], note.version)

    def key_in(self, story: Story, at: datetime) -> None:
        """An adviser adds what came by post or was handed over."""
        work, child = self.work(story, at)
        carer = child.carers[0] if child.carers else None
        came_by = self.chance.choice((CameBy.POST, CameBy.BY_HAND, CameBy.EMAIL))
        receipt = evidence.Receipt(
            work.today - timedelta(days=self.chance.randint(0, 3)),
            came_by,
            carer.reference if carer is not None else None,
            "A parent",
        )
        evidence.key_in(work, child, receipt, self.say(story, [words("records")["paper"][came_by.value]]))
