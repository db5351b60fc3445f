"""What families send about a child's education, and what officers find in it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Final

from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import ChildSeen
from ehe_portal.core.days import add_working_days
from ehe_portal.core.vault import Vault
from ehe_portal.demo import timing
from ehe_portal.demo.arriving import Arrivals
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.papers import Learner, Paper, Press
from ehe_portal.demo.phrases import words
from ehe_portal.demo.pictures import Sketchbook
from ehe_portal.demo.stages import WHOLE, Stage
from ehe_portal.demo.stories import Line, Story
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Assessment, Evidence, Outcome
from ehe_portal.evidence.service import Criterion, Finding, Judged, Standing

NEW, READ = "new", "read"
"""What was sent waits to be read; it was read, and waits to be assessed."""

SHARES: Final[dict[Outcome | str, int]] = {
    Outcome.SUITABLE: 12,
    NEW: 5,
    Outcome.ADVICE: 5,
    Outcome.INSUFFICIENT: 3,
    READ: 5,
    Outcome.UNSUITABLE: 2,
}
FIRST: Final[dict[Outcome | str, int]] = {Outcome.UNSUITABLE: 5, Outcome.INSUFFICIENT: 33}
"""How many working days ago the first family sent what appears unsuitable, so that it waits for a second person; and
the first of whom more was asked, so that the last day to answer is past. Of the others some days in between."""

PDF: Final = "application/pdf"
SPOKEN: Final = 10
"""How many assessments rest on what was told and shown at a meeting."""


@dataclass
class Sendings:
    """Plans what is sent and what is found in it."""

    casework: Casework
    press: Press
    sketchbook: Sketchbook
    vault: Vault
    arrivals: Arrivals = field(default_factory=Arrivals)
    sent: dict[int, Evidence] = field(default_factory=dict)
    forms: Iterator[str] = field(default_factory=lambda: cycle(("docx", "odt", "docx")))
    decided: dict[int, Assessment] = field(default_factory=dict)

    @property
    def chance(self) -> random.Random:
        """Chance, the same as everywhere."""
        return self.casework.chance

    def plan(self, told: Sequence[Story]) -> None:
        """Plan what is sent by families that have an account."""
        share = len(told) / WHOLE
        rounds = range(max(SHARES.values()))
        ends = [end for turn in rounds for end, count in SHARES.items() if turn < max(1, round(count * share))]
        senders = [story for story in told if story.stage is Stage.WELCOMED]
        for number, (story, end) in enumerate(zip(senders, ends, strict=False)):
            self.plan_one(story, end, number, first=ends.index(end) == number)
        visited = [
            (story, line)
            for story in told
            if story.stage in (Stage.ORDINARY, Stage.DUE_SOON, Stage.HALF_YEARLY)
            for line in story.lines
            if line.on >= self.casework.begins and line.seen is ChildSeen.YES and line.on < self.casework.last
        ]
        for story, line in visited[: max(1, round(SPOKEN * share))]:
            self.casework.council.plan(
                self.casework.hour(add_working_days(line.on, 1)), partial(self.assess_what_was_told, story, line)
            )

    def plan_one(self, story: Story, end: Outcome | str, number: int, *, first: bool) -> None:
        """Plan one sending, the first of its end or a later one: to be read, to be assessed, or assessed."""
        last = self.casework.last
        ago = {NEW: (9, 1, 2, 3, 1)[number % 5], READ: 4 + number % 4}.get(end, 12 + number % 9)
        ago = FIRST.get(end, ago) if first else ago
        sent_on = max(timing.working_days_before(last, ago), add_working_days(story.opened_on, 2))
        self.casework.council.plan(timing.evening(self.chance, sent_on), partial(self.send, story, end))
        if end == NEW:
            return
        read_on = min(add_working_days(sent_on, 1 + number % 3), last)
        self.casework.council.plan(self.casework.hour(read_on), partial(self.confirm, story))
        if isinstance(end, Outcome):
            decided_on = min(add_working_days(read_on, 1 + number % 5), last)
            morning = max(self.casework.hour(decided_on), self.casework.hour(read_on) + timedelta(days=1))
            self.casework.council.plan(morning, partial(self.assess, story, end))
            if end is Outcome.UNSUITABLE and not first:
                self.casework.council.plan(morning + timedelta(days=1), partial(self.approve, story))

    # Deeds

    def send(self, story: Story, end: Outcome | str, at: datetime) -> None:
        """A parent sends a written account, with papers and pictures, such as will be found to be what `end` says."""
        work = self.casework.council.acting(self.casework.account(story, at), at)
        child = self.casework.council.child(story.child_id)
        kept = []
        for paper in self.papers(story, end, work.today):
            waiting = service.expect_file(work, child, paper.filename, paper.media_type, len(paper.content))
            service.note_kept(work, [self.vault.store(waiting.stored_as, [paper.content])])
            kept.append(waiting.reference)
        accounts = words("decisions")["accounts"]
        length = "little" if end == Outcome.UNSUITABLE else "words" if kept else "long"
        said = self.casework.say(story, accounts[length])
        self.sent[id(story)] = sent = service.submit(work, child, said, kept)
        self.arrivals.scanned(work, sent, for_good=end != NEW)

    def papers(self, story: Story, end: Outcome | str, on: date) -> list[Paper]:
        """What is sent along: mostly a report, often more, sometimes nothing; of different names each."""
        learner = Learner(story.kid.known_as, story.year_group, story.household.adults[0].name, on)
        if end == Outcome.INSUFFICIENT:
            return [self.press.timetable(learner)]
        if end == Outcome.UNSUITABLE or (story.person is None and self.chance.random() < 0.12):
            return []
        papers = [self.press.report(learner)]
        if story.person or self.chance.random() < 0.5:
            papers.append(self.chance.choice((self.press.reading_log, self.press.timetable))(learner))
        if story.person or (story.year_group <= 8 and self.chance.random() < 0.8):
            papers.append(self.sketchbook.any_picture())
        if story.person or story.year_group % 2:
            papers.append(self.press.diary(learner, next(self.forms)))
        return papers

    def confirm(self, story: Story, at: datetime) -> None:
        """The adviser says that what was sent tells about the child's education."""
        work = self.casework.council.acting(self.casework.adviser(story), at)
        evidence_id = self.sent[id(story)].id
        writing = work.session.scalars(select(Contact).where(Contact.evidence_id == evidence_id)).one()
        contact.confirm_writing(work, writing, substantive=True, version=writing.version)

    def assess(self, story: Story, outcome: Outcome, at: datetime) -> None:
        """The adviser decides about what was sent."""
        told = words("decisions")[outcome.value]
        advice = self.casework.say(story, told["advice"]) if "advice" in told else ""
        finding = Finding(
            outcome,
            self.casework.say(story, told["reasons"]),
            advice,
            self.criteria(story, outcome, self.sent[id(story)].reference),
            wanted=self.casework.say(story, told["wanted"]) if "wanted" in told else "",
            notes=self.noted(story, at) if outcome in (Outcome.SUITABLE, Outcome.ADVICE) else (),
        )
        self.decided[id(story)] = self.decide(story, finding, at)

    def noted(self, story: Story, at: datetime) -> tuple[str, ...]:
        """What the adviser writes against the first page of a document, one note for the team and one to rest on."""
        work = self.casework.council.acting(self.casework.adviser(story), at - timedelta(minutes=20))
        file = next((one for one in self.sent[id(story)].files if one.media_type == PDF), None)
        if file is None:
            return ()
        said = words("decisions")["page_notes"]
        service.write_page_note(work, file, 1, 1, self.casework.say(story, said["working"]))
        return (service.write_page_note(work, file, 1, 1, self.casework.say(story, said["relied_on"])).reference,)

    def approve(self, story: Story, at: datetime) -> None:
        """A manager approves what an adviser decided."""
        council = self.casework.council
        reasons = self.casework.say(story, words("decisions")["approved"]["reasons"])
        service.approve(council.acting(council.of_role(Role.EHE_MANAGER)[0], at), self.decided[id(story)], reasons)

    def criteria(self, story: Story, outcome: Outcome, sent: str) -> tuple[Judged, ...]:
        """What was found about each criterion in what was sent."""
        fine = service.all_satisfied(evidence=[sent], needs=story.kid.sen in service.NEEDS_KNOWN)
        judged = {
            Outcome.INSUFFICIENT: {Criterion.EFFICIENT: Standing.UNCLEAR, Criterion.FITTING: Standing.UNCLEAR},
            Outcome.UNSUITABLE: {Criterion.FULL_TIME: Standing.NOT_SATISFIED, Criterion.EFFICIENT: Standing.UNCLEAR},
        }.get(outcome, {})
        why = words("decisions")["criteria"]
        return tuple(
            replace(
                one,
                standing=judged[one.criterion],
                reasons=self.casework.say(story, why[judged[one.criterion].value]),
            )
            if one.criterion in judged
            else one
            for one in fine
        )

    def assess_what_was_told(self, story: Story, line: Line, at: datetime) -> None:
        """The adviser decides about what was told and shown at a meeting."""
        reasons = self.casework.say(story, words("decisions")["suitable"]["spoken"])
        heard = [one for one in self.heard(story) if one.happened_on == line.on]
        criteria = service.all_satisfied(
            contacts=[one.reference for one in heard], needs=story.kid.sen in service.NEEDS_KNOWN
        )
        self.decide(story, Finding(Outcome.SUITABLE, reasons, criteria=criteria), at)

    def heard(self, story: Story) -> Sequence[Contact]:
        """The contacts on which a finding about this child may rest."""
        return contact_queries.heard(self.casework.council.work, story.child_id)

    def decide(self, story: Story, finding: Finding, at: datetime) -> Assessment:
        """Record an assessment."""
        work = self.casework.council.acting(self.casework.adviser(story), at)
        return service.assess(work, self.casework.council.child(story.child_id), finding, self.heard(story))
