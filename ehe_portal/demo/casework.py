"""What advisers and families do from day to day: registering, accepting, offering visits, recording what happened."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, Visit
from ehe_portal.contact.service import Alone, Check, Happened, Observation, Offer, Told
from ehe_portal.core.codes import (
    ChildSeen,
    ContactKind,
    ContactOutcome,
    Destination,
    EducationStyle,
    PrimaryReason,
    SocialCare,
    Tier,
)
from ehe_portal.core.days import LONDON, add_working_days
from ehe_portal.demo import timing, told
from ehe_portal.demo.council import Council
from ehe_portal.demo.phrases import band, words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Line, Story
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Registration, Submission, Via
from ehe_portal.register.service import Answers, Closing, OtherParent, Source

TIMES: Final = (
    time(9, 30),
    time(10, 0),
    time(11, 0),
    time(11, 30),
    time(13, 30),
    time(14, 0),
    time(15, 0),
    time(15, 30),
)
OF_FAMILY: Final = ("other_name", "other_relationship", "other_responsibility", "other_email", "other_phone",
                    "other_address")  # fmt: skip
"""What is drawn by lot once for all children of a family."""

REPORTED: Final = (
    "environment",
    "progress",
    "aspirations",
    "social",
    "conclusion",
    "recommendations",
    "support",
    "health",
    "sen",
)
"""What an adviser writes about most families at the desk."""
WATCHED: Final = (Stage.CLOSE, Stage.HALF_YEARLY)
"""Stages in which advisers note safeguarding observations now and then."""


class Casework:
    """Plans what happens in the stories from the day on which the council got the portal."""

    def __init__(self, council: Council, begins: date, last: date) -> None:
        self.council = council
        self.chance = council.chance
        self.begins = begins
        self.last = last
        self.advisers = council.of_role(Role.ADVISER)
        self.parents: dict[str, Account] = {}
        self.registrations: dict[int, Registration] = {}
        self.together: dict[tuple[int, date], list[Story]] = {}
        self.papers = 0
        self.visits: dict[int, Visit] = {}
        self.observations = list(words("contact")["observations"])

    def adviser(self, story: Story) -> Account:
        """Whose story it is."""
        return self.advisers[story.adviser]

    def hour(self, day: date) -> datetime:
        """A moment of a day's office hours."""
        return timing.office_hours(self.chance, day)

    # Planning

    def plan(self, story: Story) -> None:
        """Plan one story."""
        if story.is_online:
            self.plan_registration(story)
        for line in story.lines:
            if line.on >= self.begins:
                self.plan_line(story, line)
        if story.stage is Stage.TIGHTENED and story.turns_on:
            self.council.plan(self.hour(story.turns_on), partial(self.tighten, story))
        if story.stage is Stage.LEAVING and story.turns_on:
            self.council.plan(self.hour(story.turns_on), partial(self.close, story))
        if story.stage is Stage.TEAM:
            self.council.plan(self.hour(self.last), partial(self.give_back, story))

    def plan_registration(self, story: Story) -> None:
        """Plan that a family registers all its children in one go and, unless it has only just done so, is accepted."""
        family = self.together.setdefault((id(story.household), story.opened_on), [])
        family.append(story)
        if len(family) == 1 and self.on_paper(story):
            self.council.plan(self.hour(self.last), partial(self.key_in, family))
        elif len(family) == 1:
            self.council.plan(timing.evening(self.chance, story.opened_on), partial(self.submit_all, family))
        if story.stage is not Stage.WAITING:
            self.council.plan(self.hour(self.accepted_on(story)), partial(self.accept, story))

    def on_paper(self, story: Story) -> bool:
        """Whether a family that waits uses paper: every second of those whom nobody signs in as."""
        if story.stage is not Stage.WAITING or story.person is not None:
            return False
        self.papers += 1
        return self.papers % 2 == 1

    def accepted_on(self, story: Story) -> date:
        """When a registration is checked: the working day after at the earliest."""
        return add_working_days(story.opened_on, 1)

    def plan_line(self, story: Story, line: Line) -> None:
        """Plan that a contact is recorded, and that the visit of which it came was offered."""
        if line.offered and line.outcome is ContactOutcome.HELD:
            offered_on = timing.working_days_before(line.on, self.chance.randint(3, 7))
            known_on = self.accepted_on(story) if story.is_online else self.begins
            if offered_on > known_on:
                offer = Offer(
                    kind=line.kind, on_date=line.on, at_time=self.chance.choice(TIMES), place=self.place(line.kind)
                )
                self.council.plan(self.hour(offered_on), partial(self.offer, story, offer, line))
        evening = datetime.combine(line.on, time(16, 0), LONDON) + timedelta(minutes=self.chance.randint(0, 90))
        self.council.plan(evening, partial(self.record, story, line))

    def place(self, kind: ContactKind) -> str | None:
        """Where a visit or meeting is."""
        choices = words("contact")["places"].get(kind.value)
        return str(self.chance.choice(choices)) if choices else None

    # Registering

    def account(self, story: Story, at: datetime) -> Account:
        """The account of the parent who writes, opened when it is first needed."""
        adult = story.household.adults[0]
        if adult.email is None:
            raise ValueError("a parent who registers has an address for mail")
        if adult.email not in self.parents:
            self.parents[adult.email] = self.council.open_account(adult.email, adult.name, Role.PARENT, at)
        return self.parents[adult.email]

    def submit(self, story: Story, typed: dict[str, Any] | None, at: datetime) -> None:
        """A parent registers a child; `typed` is what is typed otherwise than it is."""
        work = self.council.acting(self.account(story, at), at)
        registration = register.submit_registration(work, replace(self.answers(story), **(typed or {})))
        self.registrations[id(story)] = registration
        if story.is_online:
            story.child_id = registration.child_id

    def submit_all(self, family: list[Story], at: datetime) -> None:
        """A parent registers brothers and sisters in one go."""
        work = self.council.acting(self.account(family[0], at), at)
        self.note(family, register.submit_registrations(work, self.answers_of_all(family)))

    def key_in(self, family: list[Story], at: datetime) -> None:
        """An adviser keys in the paper form of a family without an account."""
        adult = family[0].household.adults[0]
        source = Source(Via.PAPER, told.told_by(self.chance), family[0].opened_on)
        answers = [replace(one, parent_email=adult.email or "") for one in self.answers_of_all(family)]
        work = self.council.acting(self.adviser(family[0]), at)
        self.note(family, register.key_in_registrations(work, answers, source))

    def note(self, family: list[Story], submission: Submission) -> None:
        """Remember which record is whose."""
        for story, registration in zip(family, submission.registrations, strict=True):
            self.registrations[id(story)] = registration
            story.child_id = registration.child_id

    def answers_of_all(self, family: list[Story]) -> list[Answers]:
        """What is told of each child: the same of the family, other things of the child."""
        first = self.answers(family[0])
        shared = {name: getattr(first, name) for name in OF_FAMILY} | told.about_family(self.chance, family[0])
        if first.other_name:
            shared["has_other"] = OtherParent.YES
        return [replace(self.answers(story), **shared, **told.about_child(self.chance, story)) for story in family]

    def answers(self, story: Story) -> Answers:
        """What the parent tells us."""
        kid, home, adults = story.kid, story.household.home, story.household.adults
        *lines, town = home.line.split(", ")
        other = adults[1] if len(adults) > 1 and self.chance.random() < 0.7 else None
        return Answers(
            legal_forename=kid.forename,
            legal_surname=kid.surname,
            preferred_name=kid.preferred or "",
            date_of_birth=kid.born,
            has_address=True,
            address_line_1=lines[0],
            address_line_2=", ".join(lines[1:]),
            town=town,
            postcode=home.postcode,
            parent_name=adults[0].name,
            relationship=adults[0].relationship,
            responsibility=adults[0].responsibility,
            phone=adults[0].phone or "",
            other_name=other.name if other else "",
            other_relationship=other.relationship if other else "",
            other_responsibility=other.responsibility if other else None,
            other_email=(other.email or "") if other else "",
            other_phone=(other.phone or "") if other else "",
            other_address=(other.address or "") if other else "",
            ehe_started_on=story.opened_on - timedelta(days=self.chance.randint(0, 20)),
            previous_school_type=story.school,
            reason=story.reason,
        )

    def accept(self, story: Story, at: datetime) -> None:
        """An adviser checks a registration; whoever looks alike is somebody else."""
        work = self.council.acting(self.adviser(story), at)
        registration = self.registrations[id(story)]
        for pair in register_queries.undecided_pairs(work, registration.child_id):
            register.decide_different(work, registration.child, pair.other)
        register.accept(work, registration, self.adviser(story))

    def join(self, story: Story, at: datetime) -> None:
        """An adviser finds that a child who was registered has been known for long."""
        work = self.council.acting(self.adviser(story), at)
        register.join(work, self.registrations[id(story)], self.council.child(story.child_id))

    # Contact

    def offer(self, story: Story, offer: Offer, line: Line | None, at: datetime) -> None:
        """An adviser offers a visit, a meeting or a call."""
        work = self.council.acting(self.adviser(story), at)
        visit = contact.offer_visit(work, self.council.child(story.child_id), offer)
        if line is not None:
            self.visits[id(line)] = visit

    def record(self, story: Story, line: Line, at: datetime) -> Contact:
        """An adviser records what happened."""
        held = line.outcome is ContactOutcome.HELD
        happened = Happened(
            kind=line.kind,
            outcome=line.outcome,
            happened_on=line.on,
            substantive=line.substantive,
            child_seen=line.seen if held else None,
            agreed_next_on=line.agreed_next_on,
            summary=self.summary(story, line),
            check=self.check(story, line) if held else None,
            signed=held and line.on < self.last,
            observation=self.observation(story, line),
            visit=self.visits.get(id(line)),
        )
        work = self.council.acting(self.adviser(story), at)
        if happened.visit is not None and happened.visit.place_doubtful_since is not None:
            # The family told of a new home after the visit was agreed.
            contact.confirm_place(work, happened.visit, happened.visit.place, version=happened.visit.version)
        return contact.record_contact(work, self.council.child(story.child_id), happened)

    def say(self, story: Story, choices: list[str]) -> str:
        """One of several ways to say something about a child."""
        return self.chance.choice(choices).format(name=story.kid.known_as, parent=story.parent)

    def summary(self, story: Story, line: Line) -> str:
        """What an adviser writes about a contact or an attempt."""
        told = words("contact")
        if line.outcome is ContactOutcome.HELD:
            return self.say(story, told["held"][line.kind.value])
        if line.outcome is ContactOutcome.RECEIVED:
            return self.say(story, told["written"]["substantive" if line.substantive else "reply"])
        return self.say(story, told["attempts"][line.outcome.value])

    def check(self, story: Story, line: Line) -> Check:
        """What was found at a contact that took place."""
        told, age = words("contact"), band(story.year_group)
        seen = line.seen is ChildSeen.YES
        visited = line.kind is ContactKind.HOME_VISIT
        looked = line.kind is not ContactKind.PHONE_CALL and self.chance.random() < 0.85
        check = Check(
            persons_present=self.say(story, told["present"]["seen" if seen else "not_seen"]),
            childs_words=self.say(story, told["child"][age]) if seen and self.chance.random() < 0.85 else None,
            education_seen=self.say(story, told["education"][age]) if looked else None,
            address_confirmed=True if visited else None,
        )
        return self.whole(story, line, check) if looked else check

    def whole(self, story: Story, line: Line, check: Check) -> Check:
        """A check completed at the desk: the sections that fit this family and this kind of contact."""
        report = words("contact")["report"]
        seen = line.seen is ChildSeen.YES
        on_site = line.kind in (ContactKind.HOME_VISIT, ContactKind.MEETING)
        suggested = story.reason is PrimaryReason.SCHOOL_SUGGESTION
        told: dict[str, Any] = {name: self.say(story, report[name]) for name in REPORTED if self.chance.random() < 0.8}
        return replace(
            check,
            **told,
            at_time=self.chance.choice(TIMES),
            minutes=self.chance.choice((35, 45, 50, 60, 75)),
            place=self.place(line.kind) if on_site else None,
            first_visit=line is story.lines[0],
            spoken_to=True if seen else None,
            alone=self.chance.choice((Alone.TOGETHER, Alone.NOT_ASKED, Alone.YES)) if seen else None,
            styles=tuple(self.chance.sample([style.value for style in EducationStyle][:-1], self.chance.randint(1, 3))),
            discussed_with_school=self.chance.choice(tuple(Told)),
            school_suggested=Told.YES if suggested else Told.NO,
            otherwise_considered=self.chance.choice(tuple(Told)) if suggested else None,
            reasons=(story.reason.value,),
            main_reason=story.reason,
            exams=self.say(story, report["exams"]) if story.year_group >= 9 else None,
            next_kind=self.chance.choice((ContactKind.WRITTEN_REPORT, ContactKind.HOME_VISIT, ContactKind.VIDEO_CALL)),
        )

    def observation(self, story: Story, line: Line) -> Observation | None:
        """A safeguarding observation, at a few of the visits to children whom social care knows too."""
        if story.stage not in WATCHED or line.seen is not ChildSeen.YES or not self.observations:
            return None
        noted = self.observations.pop(0)
        names = {"name": story.kid.known_as, "parent": story.parent}
        return Observation(
            fact=noted["fact"].format(**names),
            opinion=noted["opinion"].format(**names),
            source=noted["source"].format(**names),
            consulted=noted.get("consulted"),
            action=noted.get("action"),
        )

    def mistake(self, story: Story, line: Line, at: datetime) -> None:
        """An adviser records a brother's or sister's contact for the wrong child, and strikes it out."""
        recorded = self.record(story, line, at)
        work = self.council.acting(self.adviser(story), at + timedelta(minutes=20))
        why = words("decisions")["errors"]["strike_out"][0]
        contact.strike_out(work, recorded, why, version=recorded.version)

    # Episodes

    def tighten(self, story: Story, at: datetime) -> None:
        """A closer tier, because social care has become involved."""
        work = self.council.acting(self.adviser(story), at)
        episode = self.council.child(story.child_id).episode
        if episode is not None:
            register.set_tier(work, episode, Tier.HALF_YEARLY, SocialCare.CIN)

    def give_back(self, story: Story, at: datetime) -> None:
        """The manager takes a child back to the team, to be given to somebody else."""
        work = self.council.acting(self.council.of_role(Role.EHE_MANAGER)[0], at)
        episode = self.council.child(story.child_id).episode
        if episode is not None:
            register.assign(work, episode, None)

    def close(self, story: Story, at: datetime) -> None:
        """The manager closes an episode with a destination that was confirmed."""
        work = self.council.acting(self.council.of_role(Role.EHE_MANAGER)[0], at)
        destination = story.destination or Destination.SCHOOL
        note = self.say(story, words("decisions")["destinations"][destination.value])
        episode = self.council.child(story.child_id).episode
        if episode is not None:
            register.close_episode(work, episode, Closing(destination, work.today, note, confirmed=True))
