"""Other ways in which families show the education, and what they complain of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Final

from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries.concerned import concerned
from ehe_portal.complaints import service as complaints
from ehe_portal.complaints.models import Complaint
from ehe_portal.core.days import LONDON, add_working_days
from ehe_portal.core.drafts import Place, Typed, keep
from ehe_portal.core.vault import Vault
from ehe_portal.core.work import Work
from ehe_portal.demo import cast, timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import AccountPart, Statement
from ehe_portal.evidence.service import statements

SENT_ON, WAITS, ASKED = "sent-on", "waits", "asked"
ENDS: Final = (SENT_ON, WAITS, ASKED)
"""How each statement that one family asked for stands: the first was sent on, the second waits for the parent."""

COMPLAINED: Final = (34, 26, 1, 4)
"""How many working days ago each complaint was made: answered; not answered in time; new; being looked into."""


@dataclass
class OtherWays:
    """Plans accounts in parts, statements by others, and complaints."""

    casework: Casework
    vault: Vault
    asked: dict[str, Statement] = field(default_factory=dict)
    complained: dict[int, Complaint] = field(default_factory=dict)

    def plan(self, told: Sequence[Story]) -> None:
        """Plan what families do in the last weeks."""
        council, last = self.casework.council, self.casework.last
        online = [story for story in told if story.stage is Stage.WELCOMED]
        shown = [story for story in online if story.person is cast.ACCEPTED]
        others = [story for story in online if story.person is None]
        for number, (story, said) in enumerate(zip(others, words("ways")["account"], strict=False)):
            on = timing.working_days_before(last, 2 + 3 * number)
            council.plan(timing.evening(council.chance, on), partial(self.write, story, said))
        for story in shown[:1]:
            self.plan_statements(story)
        for story in shown[1:2]:
            council.plan(datetime.combine(last, time(21, 5), LONDON), partial(self.begin, story))
        council.plan(datetime.combine(last, time(19, 50), LONDON), partial(self.comment, online))
        complaining = [*others[-2:], *shown[:1], *others[-3:-2]]
        for story, said, ago in zip(complaining, words("ways")["complaint"], COMPLAINED, strict=False):
            self.plan_complaint(story, said, ago)

    def plan_statements(self, story: Story) -> None:
        """One parent has asked three people: one has been sent on, one waits to be read, one has not written yet."""
        last, council = self.casework.last, self.casework.council
        for number, (said, end) in enumerate(zip(words("ways")["statement"], ENDS, strict=True)):
            asked_on = timing.working_days_before(last, 9 - 3 * number)
            at = datetime.combine(asked_on, time(19, 40), LONDON)
            council.plan(at, partial(self.ask, story, said))
            if end != ASKED:
                council.plan(at + timedelta(hours=23), partial(self.written, story, said))
            if end == SENT_ON:
                council.plan(at + timedelta(days=2), partial(self.send_on, story, said))

    def plan_complaint(self, story: Story, said: dict[str, Any], ago: int) -> None:
        """A parent complains so many working days ago; one is answered, and what is late was told by the jobs."""
        council, last = self.casework.council, self.casework.last
        at = datetime.combine(timing.working_days_before(last, ago), time(20, 15), LONDON)
        council.plan(at, partial(self.complain, story, said))
        if ago > 1:
            council.plan(self.casework.hour(add_working_days(at.date(), 1)), partial(self.acknowledge, story))
        if "answer" in said:
            answered_on = add_working_days(at.date(), 9)
            council.plan(self.casework.hour(answered_on), partial(self.answer, story, said))

    # Deeds

    def write(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """A parent writes an account in parts."""
        work = self.casework.council.acting(self.casework.account(story, at), at)
        parts = {part: self.casework.say(story, [said[part.field]]) for part in AccountPart if part.field in said}
        evidence.tell(work, self.casework.council.child(story.child_id), parts)

    def begin(self, story: Story, at: datetime) -> None:
        """A parent has begun an account and not finished it."""
        account = self.casework.account(story, at)
        said = words("ways")["account"][0]
        typed = (("learning", self.casework.say(story, [said["learning"]])), ("interests", "Cricket, and how"))
        child = self.casework.council.child(story.child_id)
        path = f"/family/children/{child.reference}/evidence/account"
        place = Place(path, "family_evidence.tell", child.reference, "An account of the education")
        keep(self.casework.council.work.session, self.vault, account.id, at, place, Typed(typed))

    def ask(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """A parent asks somebody."""
        council = self.casework.council
        work = council.acting(self.casework.account(story, at), at)
        wanted = statements.Wanted(said["asked_of"], said["email"], at_once=False)
        self.asked[said["email"]] = statements.ask(work, council.child(story.child_id), wanted)

    def comment(self, told: Sequence[Story], at: datetime) -> None:
        """Some parents comment on what was decided last."""
        said = iter(words("ways")["decision_comments"])
        for story in sorted(told, key=lambda one: one.person is not cast.ACCEPTED):
            work = self.casework.council.acting(self.casework.account(story, at), at)
            decision = evidence_queries.latest_assessment(work, story.child_id)
            if decision is not None and (words_ := next(said, None)) is not None:
                evidence.comment(work, decision, self.casework.say(story, [words_]))

    def written(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """Whoever was asked opens the link and writes."""
        asked, work = self.asked[said["email"]], self.casework.council.acting(None, at)
        statements.note_opened(work, asked)
        how_known, told = (self.casework.say(story, [said[name]]) for name in ("how_known", "words"))
        statements.write(work, self.vault, asked, statements.Said(said["writer"], how_known, told))

    def send_on(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """The parent has read it, and sends it to the council."""
        work = self.casework.council.acting(self.casework.account(story, at), at)
        statements.send_on(work, self.asked[said["email"]])

    def complain(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """A parent complains."""
        work = self.casework.council.acting(self.casework.account(story, at), at)
        child = self.casework.council.child(story.child_id)
        told = {name: self.casework.say(story, [said[name]]) for name in ("words", "whom", "wanted") if name in said}
        wanted = complaints.Wanted(complaints.About(said["about"]), **told)
        self.complained[id(story)] = complaints.make(work, child, wanted, concerned(work, child, wanted.whom))

    def acknowledge(self, story: Story, at: datetime) -> None:
        """Whoever has it says so."""
        made = self.complained[id(story)]
        complaints.acknowledge(self.handler(made, at), made, made.version)

    def answer(self, story: Story, said: dict[str, str], at: datetime) -> None:
        """Whoever has it answers it."""
        made, answer = self.complained[id(story)], self.casework.say(story, [said["answer"]])
        complaints.answer(self.handler(made, at), made, complaints.Finding(said["finding"]), answer, made.version)

    def handler(self, made: Complaint, at: datetime) -> Work:
        """The work of whoever answers a complaint."""
        council = self.casework.council
        staff = [*council.of_role(Role.EHE_MANAGER), *council.of_role(Role.HEAD_OF_SERVICE)]
        return council.acting(next(one for one in staff if one.id == made.handler_id), at)
