"""What the missing-education team does about lapses and concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, Destination
from ehe_portal.core.days import add_working_days, roll_forward
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Line, Story
from ehe_portal.demo.timing import working_days_before
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.models import Closing, Escalation, Triage
from ehe_portal.escalation.service import Decision, Ending
from ehe_portal.register.models import Child

OF_A_LAPSE: Final = (Triage.NO_INFORMATION, Triage.CONTACT_MADE, Triage.NO_INFORMATION, Triage.WELFARE)
"""What is decided about one lapse after another."""


@dataclass
class Alarms:
    """Plans what is done about escalations. `today` is the day on which the demonstration begins."""

    casework: Casework
    today: date
    concerns: int = 0
    decisions: int = 0

    @property
    def officers(self) -> list[Account]:
        """The officers who are here."""
        return self.casework.council.of_role(Role.CME_OFFICER)[:2]

    def plan(self, story: Story) -> None:
        """Plan what is done about one child's escalation."""
        planned: dict[Stage, Callable[[Story, date], None]] = {
            Stage.ACKNOWLEDGED: self.plan_acknowledged,
            Stage.TRIAGED: self.plan_triaged,
            Stage.UNDECIDED: self.plan_acknowledged,
            Stage.OVERTAKEN: self.plan_overtaken,
            Stage.ABSENT: self.plan_absent,
            Stage.REOPENED: self.plan_reopened,
            Stage.ENQUIRY: self.plan_enquiry,
            Stage.ANSWERED: self.plan_acknowledged,
            Stage.NEXT_SET: self.plan_next,
            Stage.LOST: self.plan_lost,
        }
        if story.stage in planned and story.grace_ends is not None:
            planned[story.stage](story, roll_forward(story.grace_ends + timedelta(days=1)))
        if story.stage is Stage.CONCERN:
            self.plan_concern(story, working_days_before(self.today, (1, 2, 5)[self.concerns % 3]), self.concerns % 3)
            self.concerns += 1
        if story.stage is Stage.CONCERN_ANSWERED:
            self.plan_answered_concern(story, working_days_before(self.today, 30))

    def later(self, day: date, deed: Callable[[datetime], object]) -> None:
        """Plan a deed in a day's office hours."""
        self.casework.council.plan(self.casework.hour(day), deed)

    # Lapses

    def plan_acknowledged(self, story: Story, raised_on: date) -> None:
        """Somebody acknowledges on the next working day."""
        self.later(add_working_days(raised_on, 1), partial(self.acknowledge, story))

    def plan_triaged(self, story: Story, raised_on: date) -> None:
        """Somebody decides some days later."""
        self.plan_acknowledged(story, raised_on)
        decision = OF_A_LAPSE[self.decisions % len(OF_A_LAPSE)]
        self.decisions += 1
        self.later(add_working_days(raised_on, 3), partial(self.decide, story, decision))

    def plan_overtaken(self, story: Story, raised_on: date) -> None:
        """Somebody decides, and the date of the next step passes."""
        self.plan_acknowledged(story, raised_on)
        next_on = add_working_days(raised_on, 5)
        self.later(add_working_days(raised_on, 3), partial(self.decide, story, Triage.NO_INFORMATION, next_on=next_on))

    def plan_absent(self, story: Story, raised_on: date) -> None:
        """The officer who keeps it goes away."""
        self.plan_acknowledged(story, raised_on)
        away = self.casework.council.of_role(Role.CME_OFFICER)[-1]
        self.later(add_working_days(raised_on, 3), partial(self.decide, story, Triage.NO_INFORMATION, owner=away))

    def plan_reopened(self, story: Story, raised_on: date) -> None:
        """A contact with another child closes it by mistake, and is struck out."""
        on = add_working_days(raised_on, 2)
        line = Line(on, ContactKind.PHONE_CALL, ContactOutcome.HELD, ChildSeen.DECLINED)
        self.plan_acknowledged(story, raised_on)
        self.later(on, partial(self.casework.mistake, story, line))

    def plan_enquiry(self, story: Story, raised_on: date) -> None:
        """Somebody opens an enquiry, for nobody knows where the family is."""
        self.plan_acknowledged(story, raised_on)
        self.later(add_working_days(raised_on, 4), partial(self.decide, story, Triage.WHEREABOUTS_UNKNOWN))

    def plan_next(self, story: Story, raised_on: date) -> None:
        """The lapse ends with a dated next contact."""
        self.plan_acknowledged(story, raised_on)
        self.later(add_working_days(raised_on, 4), partial(self.set_next, story))

    def plan_lost(self, story: Story, raised_on: date) -> None:
        """An enquiry finds the family elsewhere."""
        self.plan_enquiry(story, raised_on)
        story.destination = Destination.ABROAD
        self.later(add_working_days(raised_on, 18), partial(self.casework.close, story))

    # Concerns

    def plan_concern(self, story: Story, on: date, answered: int) -> None:
        """An adviser tells of a worry; somebody acknowledges it (1), and decides (2)."""
        at = self.casework.hour(on)
        self.casework.council.plan(at, partial(self.raise_concern, story))
        if answered >= 1:
            self.casework.council.plan(at + timedelta(minutes=25), partial(self.acknowledge, story))
        if answered >= 2:
            self.casework.council.plan(at + timedelta(minutes=70), partial(self.decide, story, Triage.WELFARE))

    def plan_answered_concern(self, story: Story, on: date) -> None:
        """A worry that was answered since."""
        self.plan_concern(story, on, 2)
        self.later(add_working_days(on, 9), partial(self.answer_concern, story))

    # Deeds

    def officer(self, story: Story) -> Account:
        """Who sees to it."""
        return self.officers[story.child_id % len(self.officers)]

    def child(self, story: Story) -> Child:
        """Whom it is about."""
        return self.casework.council.child(story.child_id)

    def open_one(self, story: Story, at: datetime) -> Escalation:
        """The child's open escalation."""
        work = self.casework.council.acting(self.officer(story), at)
        return queries.open_about(work, story.child_id)[0]

    def acknowledge(self, story: Story, at: datetime) -> None:
        """An officer has seen it."""
        service.acknowledge(self.casework.council.acting(self.officer(story), at), self.open_one(story, at))

    def decide(
        self,
        story: Story,
        decision: Triage,
        at: datetime,
        *,
        next_on: date | None = None,
        owner: Account | None = None,
    ) -> None:
        """An officer decides what to do, with reasons, and keeps it or gives it to another."""
        work = self.casework.council.acting(self.officer(story), at)
        escalation = self.open_one(story, at)
        reasons = self.casework.say(story, words("decisions")["triage"][decision.value]["reasons"])
        on = next_on or add_working_days(self.today, 1 + story.child_id % 9)
        decided = Decision(decision, reasons, owner or self.officer(story), on)
        service.triage(work, escalation, decided, escalation.version)

    def set_next(self, story: Story, at: datetime) -> None:
        """An officer closes a lapse with a date for the next contact."""
        reasons = self.casework.say(story, words("decisions")["closing"]["next-contact"])
        next_on = add_working_days(self.today, 12 + story.child_id % 20)
        self.close(story, Ending(Closing.NEXT_CONTACT, reasons, next_on), at)

    def answer_concern(self, story: Story, at: datetime) -> None:
        """An officer closes a concern that was answered."""
        reasons = self.casework.say(story, words("decisions")["closing"]["concern-answered"])
        self.close(story, Ending(Closing.CONCERN_ANSWERED, reasons), at)

    def close(self, story: Story, ending: Ending, at: datetime) -> None:
        """An officer closes an escalation."""
        work = self.casework.council.acting(self.officer(story), at)
        escalation = self.open_one(story, at)
        service.close(work, escalation, ending, escalation.version)

    def raise_concern(self, story: Story, at: datetime) -> None:
        """An adviser tells of a worry at once."""
        work = self.casework.council.acting(self.casework.adviser(story), at)
        told = self.casework.say(story, words("decisions")["concerns"]["words"])
        service.raise_concern(work, self.child(story), told, danger_now=False)
