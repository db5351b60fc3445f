"""What has happened between each family and the council, worked backwards from where the family is to stand today."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.codes import (
    Arrangement,
    ChildSeen,
    ContactKind,
    ContactOutcome,
    Destination,
    PreviousSchoolType,
    Responsibility,
    SenStatus,
    SocialCare,
    Tier,
)
from ehe_portal.core.days import add_working_days, roll_forward
from ehe_portal.core.school_age import compulsory_school_age, year_group
from ehe_portal.demo import cast, timing
from ehe_portal.demo.people import Adult, Household, Kid, Registry
from ehe_portal.demo.stages import ANY_AGE, AS_ORDINARY, OF_ONE_CHILD, ONLINE, WITH_ACCOUNT, Stage, queue
from ehe_portal.demo.stories import KINDS, LEAVING_FOR, LEFT_FOR, REASONS, SEEN, STEP, Line, Story

ADVISERS: Final = 5
PORTAL_WORKING_DAYS: Final = 85
"""For how long the council has been using the portal; what is older came in its spreadsheets."""

REGISTERED: Final = {
    Stage.WAITING: (0, 1),
    Stage.FIRST_DUE: (3, 8),
    Stage.FIRST_GRACE: (11, 13),
    Stage.FIRST_LAPSING: (15, 15),
    Stage.WELCOMED: (17, PORTAL_WORKING_DAYS - 3),
}
"""How many working days before the last one a family registered."""

LAPSED: Final = {
    Stage.LAPSING: (0, 0),
    Stage.RAISED: (1, 4),
    Stage.ACKNOWLEDGED: (3, 4),
    Stage.TRIAGED: (6, 9),
    Stage.UNDECIDED: (7, 8),
    Stage.OVERTAKEN: (10, 12),
    Stage.ABSENT: (6, 9),
    Stage.ENQUIRY: (12, 25),
    Stage.REOPENED: (6, 7),
    Stage.ANSWERED: (15, 55),
    Stage.NEXT_SET: (15, 40),
    Stage.LOST: (35, 55),
}
"""How many working days before the last one the days of grace ended."""


class Planner:
    """Plans so many children's stories, the same for the same seed and day."""

    def __init__(self, chance: random.Random, today: date) -> None:
        self.chance = chance
        self.today = today
        self.last = timing.last_working_day(today)
        self.begins = timing.working_days_before(today, PORTAL_WORKING_DAYS)
        self.registry = Registry(chance, today)
        self.number = 1040
        self.still_to_give = {Stage.LEFT: [*LEFT_FOR], Stage.LEAVING: [*LEAVING_FOR]}

    def stories(self, children: int) -> list[Story]:
        """All of them: the cast's families first."""
        told = [story for person in cast.PARENTS for story in self.of_cast(person)]
        stages = queue(self.chance, children)
        for household in self.with_edges(self.registry.households(children - len(told))):
            eldest = max(self.group(kid) for kid in household.kids)
            fits = bool(stages) and (stages[0] in ANY_AGE or eldest >= 4)
            told += self.family(household, stages.popleft() if fits else Stage.ORDINARY)
        self.put_on_edge(told)
        return told

    def put_on_edge(self, told: list[Story]) -> None:
        """Let two of those who are followed as usual turn 16 on a 1 September, before the autumn term begins."""
        births = (date(self.registry.school_year - age, 9, 1) for age in (16, 15))
        born = next(one for one in births if compulsory_school_age(one)[1] >= self.today)
        alone = [one for one in told if one.stage is Stage.ORDINARY and len(one.household.kids) == 1]
        for story in [one for one in alone if one.year_group in (10, 11)][-2:]:
            story.kid, story.year_group = replace(story.kid, born=born), self.group(replace(story.kid, born=born))
            story.stage = Stage.EDGE

    def group(self, kid: Kid) -> int:
        """A child's school year."""
        return year_group(kid.born, self.today)

    def with_edges(self, households: list[Household]) -> list[Household]:
        """The same, with birthdays at the very edge of a school year: 31 August, 1 and 4 September."""
        year = self.registry.school_year
        edges = [date(year - 16, 9, 1), date(year - 15, 8, 31), date(year - 16, 9, 4), date(year - 15, 9, 1)]
        for number, household in enumerate(households):
            if edges and len(household.kids) == 1 and self.group(household.kids[0]) in (9, 10, 11):
                households[number] = replace(household, kids=(replace(household.kids[0], born=edges.pop()),))
        return households

    def of_cast(self, person: cast.Person) -> list[Story]:
        """The stories of a parent whom one can be."""
        stage = {cast.WAITING: Stage.WAITING, cast.ACCEPTED: Stage.WELCOMED, cast.SILENT: Stage.FIRST_LAPSING}[person]
        kids = tuple(
            Kid(
                child.forename,
                child.surname,
                None,
                child.sex,
                self.registry.born_in(child.year_group),
                SenStatus.NONE,
                None,
                None,
            )
            for child in cast.CHILDREN[person]
        )
        relationship = "Father" if person is cast.SILENT else "Mother"
        adult = Adult(person.name, relationship, Responsibility.YES, person.email, self.registry.phone())
        household = Household(self.registry.gazetteer.home(), (adult,), kids, "en")
        told = self.family(household, stage)
        for story in told:
            story.person, story.adviser = person, 0
        return told

    def family(self, household: Household, stage: Stage) -> list[Story]:
        """The stories of a household's children: brothers and sisters mostly share theirs."""
        adviser = self.chance.randrange(ADVISERS)
        if stage in WITH_ACCOUNT:
            household = self.with_email(household)
        told: list[Story] = []
        for kid in sorted(household.kids, key=lambda kid: kid.born):
            shares = not told or (stage not in OF_ONE_CHILD and (self.group(kid) >= 2 or stage in ONLINE))
            own = stage if shares else Stage.ORDINARY
            story = Story(
                kid=kid,
                household=household,
                stage=own,
                adviser=adviser,
                opened_on=self.today,
                year_group=self.group(kid),
                reason=self.chance.choices(list(REASONS), list(REASONS.values()))[0],
                school=self.school(kid),
            )
            if told and told[0].stage is own and own is not Stage.LEFT:
                self.follow(story, told[0])
            else:
                self.tell(story)
            told.append(story)
        return told

    def with_email(self, household: Household) -> Household:
        """The same, with an address for mail of whoever writes to the council."""
        first, *others = household.adults
        if first.email is None:
            forename, _, surname = first.name.partition(" ")
            first = replace(first, email=self.registry.email(forename, surname or forename))
        return replace(household, adults=(first, *others))

    def follow(self, story: Story, eldest: Story) -> None:
        """Let a younger child have the eldest's story, from the day on which the council knew of this one."""
        story.ref = self.next_ref() if eldest.ref else None
        story.opened_on = eldest.opened_on if eldest.is_online else max(eldest.opened_on, self.earliest(story.kid))
        story.tier, story.social_care = eldest.tier, eldest.social_care
        story.grace_ends = eldest.grace_ends
        story.lines = [replace(line) for line in eldest.lines if line.on >= story.opened_on]
        first = self.first_contact(story.opened_on)
        if not eldest.is_online and story.opened_on > eldest.opened_on and first < self.begins:
            story.lines.insert(0, self.contact(first))

    def tell(self, story: Story) -> None:
        """Work out the story of an eldest or only child, or of one with a story of its own."""
        if story.stage in ONLINE:
            self.tell_online(story)
            return
        story.ref = self.next_ref()
        story.protected = story.stage is Stage.ORDINARY and self.chance.random() < 0.02
        story.social_care = SocialCare.PAST if self.chance.random() < 0.06 else self.some(SocialCare.NONE, 0.8)
        story.opened_on = self.known_since(story.kid)
        if story.stage is Stage.LEFT:
            self.tell_left(story)
        elif story.stage is Stage.OTHER:
            self.tell_other(story)
        else:
            self.tell_followed(story)

    def some(self, known: SocialCare, share: float) -> SocialCare:
        """What is known of social care, for so many of all; of the others nothing is."""
        return known if self.chance.random() < share else SocialCare.UNKNOWN

    def next_ref(self) -> str:
        """The next of the council's own references."""
        self.number += self.chance.randint(1, 4)
        return f"EHE-{self.number:05}"

    def school(self, kid: Kid) -> PreviousSchoolType:
        """Where a child was taught before."""
        if kid.upn is None:
            return self.chance.choice((PreviousSchoolType.NONE, PreviousSchoolType.ELSEWHERE_OR_UNKNOWN))
        kinds = (PreviousSchoolType.ACADEMY, PreviousSchoolType.LA_MAINTAINED, PreviousSchoolType.FREE_SCHOOL,
                 PreviousSchoolType.INDEPENDENT, PreviousSchoolType.SPECIAL)  # fmt: skip
        return self.chance.choices(kinds, (52, 34, 4, 6, 4))[0]

    # When

    def earliest(self, kid: Kid) -> date:
        """The first day on which the council may have known of a child in its spreadsheet."""
        starts, _ = compulsory_school_age(kid.born)
        return min(starts - timedelta(days=40), self.begins - timedelta(days=self.chance.randint(20, 90)))

    def known_since(self, kid: Kid, longest: int = 2400) -> date:
        """When the council first knew of a child who was in its spreadsheet; recent beginnings are the most."""
        days = min(longest, 25 + int(self.chance.expovariate(1 / 520)))
        return roll_forward(max(self.begins - timedelta(days=days), self.earliest(kid)))

    def first_contact(self, opened_on: date) -> date:
        """When a family was first heard from."""
        return add_working_days(opened_on, self.chance.randint(3, 9))

    def contacts(self, story: Story, latest: date) -> list[Line]:
        """Contacts from the first to the latest, with some attempts between."""
        first = min(self.first_contact(story.opened_on), latest)
        days = [latest]
        while (earlier := days[-1] - timedelta(days=STEP[story.tier] - self.chance.randint(0, 12))) > first:
            days.append(timing.working_days_before(earlier, 1))
        if days[-1] > first:
            days.append(first)
        lines = []
        for day in reversed(days):
            if day > first and self.chance.random() < 0.25:
                tried = timing.working_days_before(day, self.chance.randint(3, 12))
                if tried > first:
                    lines.append(self.attempt(tried))
            lines.append(self.contact(day))
        return lines

    # What

    def contact(self, on: date) -> Line:
        """A contact by which the family was heard from."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        if kind not in SEEN:
            return Line(on, kind, ContactOutcome.RECEIVED, substantive=True)
        seen = self.chance.choices((ChildSeen.YES, ChildSeen.NO, ChildSeen.DECLINED), SEEN[kind])[0]
        return Line(on, kind, ContactOutcome.HELD, seen, offered=kind is not ContactKind.PHONE_CALL)

    def attempt(self, on: date) -> Line:
        """An attempt by the council that came to nothing."""
        kind, outcome = self.chance.choice(
            (
                (ContactKind.LETTER, ContactOutcome.SENT),
                (ContactKind.EMAIL, ContactOutcome.SENT),
                (ContactKind.PHONE_CALL, ContactOutcome.NO_ANSWER),
                (ContactKind.HOME_VISIT, ContactOutcome.NO_ACCESS),
                (ContactKind.HOME_VISIT, ContactOutcome.CANCELLED_BY_FAMILY),
            )
        )
        return Line(on, kind, outcome)

    def tries(self, story: Story, due_on: date) -> None:
        """What the council tried as a date came near; with some families, nothing."""
        if self.chance.random() < 0.3:
            return
        written = timing.working_days_before(due_on, self.chance.randint(4, 9))
        story.lines.append(Line(written, ContactKind.LETTER, ContactOutcome.SENT))
        rung = add_working_days(due_on, self.chance.randint(1, 3))
        if rung <= self.last:
            story.lines.append(Line(rung, ContactKind.PHONE_CALL, ContactOutcome.NO_ANSWER))

    # Stories

    def tell_online(self, story: Story) -> None:
        """A family that registered through the portal."""
        story.opened_on = timing.working_days_before(self.last, self.chance.randint(*REGISTERED[story.stage]))
        story.grace_ends = timing.first_grace_ends(story.opened_on, SocialCare.UNKNOWN)
        story.social_care = SocialCare.UNKNOWN
        if story.stage in (Stage.FIRST_GRACE, Stage.FIRST_LAPSING):
            written, rung = (add_working_days(story.opened_on, days) for days in (4, 9))
            story.lines = [
                Line(written, ContactKind.LETTER, ContactOutcome.SENT),
                Line(rung, ContactKind.PHONE_CALL, ContactOutcome.NO_ANSWER),
            ]
        if story.stage is Stage.WELCOMED:
            first = self.contact(add_working_days(story.opened_on, self.chance.randint(5, 10)))
            first.offered = first.outcome is ContactOutcome.HELD and self.chance.random() < 0.7
            story.lines = [first]

    def destination(self, stage: Stage, shares: dict[Destination, int]) -> Destination:
        """Where a child went: each destination once, then by how common they are."""
        if self.still_to_give[stage]:
            return self.still_to_give[stage].pop(0)
        return self.chance.choices(list(shares), list(shares.values()))[0]

    def tell_left(self, story: Story) -> None:
        """A child who had gone elsewhere before the spreadsheet was made."""
        story.destination = self.destination(story.stage, LEFT_FOR)
        if story.destination is Destination.OVER_AGE:
            story.kid = replace(story.kid, born=self.registry.born_in(13))
            story.closed_on = compulsory_school_age(story.kid.born)[1]
            story.opened_on = story.closed_on - timedelta(days=self.chance.randint(300, 1500))
        else:
            story.closed_on = self.begins - timedelta(days=self.chance.randint(8, 420))
            story.opened_on = story.closed_on - timedelta(days=self.chance.randint(60, 1400))
        first = self.first_contact(story.opened_on)
        story.lines = self.contacts(story, max(first, story.closed_on - timedelta(days=self.chance.randint(5, 40))))

    def tell_other(self, story: Story) -> None:
        """A child known to the council who is taught under another arrangement."""
        kinds = (Arrangement.FLEXI, Arrangement.EOTAS, Arrangement.SECTION_19, Arrangement.COLLEGE_14_16)
        story.arrangement = self.chance.choices(kinds, (40, 35, 15, 10 if story.year_group >= 10 else 0))[0]
        if story.arrangement is Arrangement.EOTAS:
            story.kid = replace(story.kid, sen=SenStatus.EHCP)

    def tell_followed(self, story: Story) -> None:
        """A child whose clock is to stand at a certain place today."""
        if story.stage is Stage.CLOSE:
            story.tier, story.social_care = Tier.CLOSE, SocialCare.CP
            story.opened_on = self.begins - timedelta(days=self.chance.randint(30, 240))
        elif story.stage is Stage.HALF_YEARLY or (story.stage is Stage.LAPSING and self.chance.random() < 0.25):
            story.tier = Tier.HALF_YEARLY
            story.social_care = self.chance.choices(
                (SocialCare.CIN, SocialCare.LAC, SocialCare.PAST, SocialCare.NONE), (45, 12, 20, 23)
            )[0]
        due_on = self.due_for(story)
        latest, agreed = timing.contact_for(due_on, story.tier)
        first = self.first_contact(story.opened_on)
        if latest < first and story.stage in AS_ORDINARY:
            latest = first
        elif latest < first:
            story.opened_on = latest - timedelta(days=self.chance.randint(15, 60))
        story.lines = self.contacts(story, latest)
        story.lines[-1].agreed_next_on = agreed
        self.after_due(story, due_on)

    def due_for(self, story: Story) -> date:
        """When the contact of a story is due, or was before what happened then."""
        back = self.chance.randint
        if story.stage in LAPSED:
            story.grace_ends = timing.working_days_before(self.last, back(*LAPSED[story.stage]))
            return timing.due_before_grace(story.grace_ends, story.tier)
        if story.stage is Stage.GRACE:
            return timing.due_before_grace(add_working_days(self.today, back(0, 7)), story.tier)
        if story.stage is Stage.REPLIED:
            return timing.working_days_before(self.today, back(6, 12))
        if story.stage is Stage.DUE_SOON:
            return add_working_days(self.today, back(1, 19))
        soonest, latest = {Tier.ANNUAL: (20, 240), Tier.HALF_YEARLY: (3, 118), Tier.CLOSE: (2, 26)}[story.tier]
        return add_working_days(self.today, back(soonest, latest))

    def after_due(self, story: Story, due_on: date) -> None:
        """What was tried as the date came near, and what came of it."""
        if story.stage in (Stage.GRACE, Stage.REPLIED) or story.grace_ends is not None:
            self.tries(story, due_on)
        if story.stage is Stage.REPLIED:
            answered = timing.working_days_before(due_on, self.chance.randint(0, 2))
            story.lines.append(Line(answered, ContactKind.EMAIL, ContactOutcome.RECEIVED, substantive=False))
        if story.stage is Stage.ANSWERED and story.grace_ends is not None:
            story.lines.append(self.contact(add_working_days(story.grace_ends, self.chance.randint(3, 9))))
        if story.stage is Stage.TIGHTENED:
            story.turns_on = timing.working_days_before(self.today, self.chance.randint(30, 50))
            story.lines.append(self.contact(add_working_days(story.turns_on, 6)))
        if story.stage is Stage.LEAVING:
            story.turns_on = timing.working_days_before(self.today, self.chance.randint(3, 70))
            story.destination = self.destination(story.stage, LEAVING_FOR)
            story.lines = [line for line in story.lines if line.on < story.turns_on]
        if story.stage is Stage.ORDINARY and story.lines and self.chance.random() < 0.1:
            agreed = roll_forward(self.today + timedelta(days=self.chance.randint(20, 90)))
            latest = max(story.lines, key=lambda line: line.on)
            if latest.outcome in (ContactOutcome.HELD, ContactOutcome.RECEIVED):
                latest.agreed_next_on = agreed
