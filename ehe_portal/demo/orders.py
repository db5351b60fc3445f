"""Notices and orders: one case with an order in force, one before it, one notice that was answered, one put forward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.core.codes import ChildSeen, SenStatus
from ehe_portal.core.days import LONDON, add_working_days, roll_forward
from ehe_portal.core.scanner import Answer, Scanned
from ehe_portal.core.vault import Vault
from ehe_portal.core.work import Work
from ehe_portal.demo import timing
from ehe_portal.demo.arriving import note
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.papers import Paper
from ehe_portal.demo.phrases import words
from ehe_portal.demo.receipts import certificate_of_posting
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import Assessment, Outcome
from ehe_portal.evidence.service import Criterion, Finding, Standing
from ehe_portal.letters.models import Goes
from ehe_portal.orders import service
from ehe_portal.orders.models import Method, OrderCase, OrderSending, OrderStep, Route, StepCode
from ehe_portal.orders.service import Serving, Wanted
from ehe_portal.register.models import Child

FIFTEEN: Final = timedelta(days=15)
MIDDLE: Final = range(2, 10)
"""School years in which a child is of compulsory school age, and stays so for a while."""

IN_POST: Final = 2
"""Working days that a letter takes."""


@dataclass
class Orders:
    """Plans them, each for a child whom the adviser met before, and of whom nothing else is told."""

    casework: Casework
    vault: Vault
    decided: dict[int, Assessment] = field(default_factory=dict)
    cases: dict[int, OrderCase] = field(default_factory=dict)

    def plan(self, told: Sequence[Story]) -> None:
        """Plan one of each."""
        ago = partial(timing.working_days_before, self.casework.last)
        stories = self.quiet(told)
        for start, until in (
            (ago(50), None),
            (ago(32), StepCode.INTENTION),
            (ago(13), StepCode.SATISFIED),
            (ago(18), StepCode.NOTICE),
            (ago(8), StepCode.NOTICE),
        ):
            for story in [one for one in (next(stories, None),) if one is not None]:
                self.plan_case(story, max(start, add_working_days(self.casework.begins, 1)), until)
        for story in [one for one in (next(stories, None),) if one is not None]:
            self.plan_finding(story, ago(5))
            self.at(ago(1), 16, partial(self.put_forward, story))

    def quiet(self, told: Sequence[Story]) -> Iterator[Story]:
        """Children who are followed as usual, were met before the portal came, and not since."""
        for story in told:
            met = [line for line in story.lines if line.seen is ChildSeen.YES]
            earlier = bool(met) and all(line.on < self.casework.begins for line in story.lines)
            middle = story.year_group in MIDDLE
            plain = story.kid.sen is not SenStatus.EHCP  # a plan leads another way
            if story.stage is Stage.ORDINARY and not story.person and middle and earlier and plain:
                yield story

    def at(self, day: date, hour: int, deed: partial[None]) -> None:
        """Let something happen at an hour of a day that has been."""
        if day <= self.casework.last:
            self.casework.council.plan(datetime.combine(day, time(hour, 20), LONDON), deed)

    def plan_finding(self, story: Story, day: date) -> None:
        """The adviser finds that the education appears not to be suitable, and a manager approves it."""
        self.at(day, 10, partial(self.find, story))
        self.at(add_working_days(day, 1), 11, partial(self.approve, story))

    def plan_case(self, story: Story, day: date, until: StepCode | None) -> None:
        """A case from the finding on, as far as it has come; with nobody saying stop, to the order."""
        self.plan_finding(story, day)
        self.at(add_working_days(day, 2), 10, partial(self.put_forward, story))
        day = add_working_days(day, 3)
        self.at(day, 11, partial(self.issue, story))
        if until is StepCode.SATISFIED:
            self.at(add_working_days(day, 6), 15, partial(self.take, story, StepCode.SATISFIED, None))
        if until in (StepCode.SATISFIED, StepCode.NOTICE):
            return
        day = roll_forward(add_working_days(day, IN_POST) + FIFTEEN)
        for hour, code in enumerate((StepCode.NOT_SATISFIED, StepCode.EXPEDIENT, StepCode.CONSULT), 10):
            self.at(day, hour, partial(self.take, story, code, None))
        day = add_working_days(day, 1)
        self.at(day, 10, partial(self.take, story, StepCode.TELL_SCHOOL, Method.ELECTRONIC))
        day = roll_forward(day + FIFTEEN)
        self.at(day, 10, partial(self.take, story, StepCode.INTENTION, Method.BY_HAND))
        if until is None:
            day = roll_forward(day + FIFTEEN)
            self.at(day, 10, partial(self.take, story, StepCode.ORDER, Method.BY_HAND))

    # Deeds

    def acting(self, account: Account, story: Story, at: datetime) -> tuple[Work, Child]:
        """A piece of someone's work, and the child."""
        council = self.casework.council
        return council.acting(account, at), council.child(story.child_id)

    @property
    def manager(self) -> Account:
        """Who decides."""
        return self.casework.council.of_role(Role.EHE_MANAGER)[0]

    def said(self, story: Story, what: str) -> str:
        """What is written, about this child."""
        said: str = words("orders")[what]
        return said.format(name=story.kid.known_as, parent=story.parent)

    def find(self, story: Story, at: datetime) -> None:
        """The adviser decides, by what was shown and told at the last meeting."""
        work, child = self.acting(self.casework.adviser(story), story, at)
        heard = contact_queries.heard(work, child.id)[:1]
        why = words("decisions")["criteria"][Standing.NOT_SATISFIED.value]
        criteria = tuple(
            replace(one, standing=Standing.NOT_SATISFIED, reasons=self.casework.say(story, why))
            if one.criterion is Criterion.FULL_TIME
            else one
            for one in evidence.all_satisfied(
                contacts=[one.reference for one in heard], needs=story.kid.sen in evidence.NEEDS_KNOWN
            )
        )
        finding = Finding(Outcome.UNSUITABLE, self.said(story, "found"), criteria=criteria)
        self.decided[id(story)] = evidence.assess(work, child, finding, heard)

    def approve(self, story: Story, at: datetime) -> None:
        """The manager approves it."""
        work, _ = self.acting(self.manager, story, at)
        evidence.approve(work, self.decided[id(story)], self.said(story, "approved"))

    def put_forward(self, story: Story, at: datetime) -> None:
        """The adviser puts a notice forward."""
        work, child = self.acting(self.casework.adviser(story), story, at)
        everyone = tuple(one.reference for one in child.carers)
        wanted = Wanted(StepCode.NOTICE, self.said(story, "notice"), {}, everyone)
        self.cases[id(story)] = service.begin(work, child, Route.ATTENDANCE, wanted)

    def issue(self, story: Story, at: datetime) -> None:
        """The manager takes it, and it is posted."""
        work, _ = self.acting(self.manager, story, at)
        step = self.cases[id(story)].steps[0]
        service.issue(work, step, self.said(story, "issued"))
        self.serve(work, story, step, Method.POST, "proof")

    def take(self, story: Story, code: StepCode, method: Method | None, at: datetime) -> None:
        """The manager takes a step; it is served the same day."""
        work, child = self.acting(self.manager, story, at)
        case = self.cases[id(story)]
        school, other = self.said(story, "school"), self.said(story, "other_school")
        said = {"plan": "none", "school": school, "excluded": "no", "alternatives": other}
        reasons = self.said(story, code.value.replace("-", "_"))
        wanted = Wanted(code, reasons, said, tuple(one.reference for one in child.carers))
        step = service.put_down(work, case, wanted, case.version)
        if method is not None:
            self.serve(work, story, step, method, "by_hand" if method is Method.BY_HAND else "tell_school")

    def serve(self, work: Work, story: Story, step: OrderStep, method: Method, proof: str) -> None:
        """It is served on everyone, on the same day; where no address for the post is known, by hand."""
        for sending in step.sendings:
            by_hand = method is Method.POST and sending.letter is not None and sending.letter.goes is not Goes.POST
            way, shown = (Method.BY_HAND, "by_hand") if by_hand else (method, proof)
            if sending.parent_id is None:
                way, shown = Method.ELECTRONIC, "order_told" if step.code is StepCode.ORDER else "tell_school"
            service.serve(work, sending, Serving(way, work.today, self.said(story, shown)))
            if way is Method.POST and sending.parent is not None:
                self.prove(work, sending, certificate_of_posting(sending.parent.name, work.today))

    def prove(self, work: Work, sending: OrderSending, paper: Paper) -> None:
        """Whoever wrote it down adds the certificate, which the scanner has found clean."""
        child = sending.child
        waiting = evidence.expect_proof(work, child, paper.filename, paper.media_type, len(paper.content))
        evidence.note_kept(work, [self.vault.store(waiting.stored_as, [paper.content])])
        proof = evidence.add_proof(work, sending, waiting.reference)
        note(work, proof.file, Scanned(Answer.CLEAN))
