"""What families and advisers write to each other: some of it answered, some waiting."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.core.days import LONDON, add_working_days
from ehe_portal.core.work import Work
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import WHOLE, Stage
from ehe_portal.demo.stories import Story
from ehe_portal.messages import queries, service
from ehe_portal.messages.models import Message
from ehe_portal.messages.queries import Conversation

THREADS: Final = 16
"""How many to 600 children."""


def fits(thread: dict[str, Any], story: Story) -> bool:
    """Whether what is said in a thread can be said of a child in this school year."""
    first, last = thread.get("years", (0, 13))
    return bool(first <= story.year_group <= last)


@dataclass
class Threads:
    """Plans what is written. Every turn is a working day after the one before, and the last is on the last of them."""

    casework: Casework
    last_message: dict[int, Message] = field(default_factory=dict)

    def plan(self, told: Sequence[Story]) -> None:
        """Plan the threads of families who have an account: those of whom one can sign in first."""
        share = max(4, round(THREADS * len(told) / WHOLE))
        writers = [story for story in told if story.stage is Stage.WELCOMED]
        writers.sort(key=lambda story: story.person is None)
        known = deque(words("messages")["thread"])
        for number, story in enumerate(writers[:share]):
            thread = next(one for one in known if fits(one, story))
            known.remove(thread)
            known.append(thread)
            self.plan_one(story, thread, quiet_days=number % 4)

    def plan_one(self, story: Story, thread: dict[str, Any], quiet_days: int) -> None:
        """Plan one thread, the last turn of which lies a few quiet days back."""
        turns = thread["turns"]
        begins = timing.working_days_before(self.casework.last, len(turns) + quiet_days)
        begins = max(begins, add_working_days(self.casework.accepted_on(story), 1))
        for number, turn in enumerate(turns):
            on = add_working_days(begins, number)
            if on > self.casework.last:
                return
            at = self.moment(turn, on)
            self.casework.council.plan(at, partial(self.write, story, turn))
            if turn.get("tells") and on < self.casework.last:
                read_at = datetime.combine(add_working_days(on, 1), time(8, 45), LONDON)
                self.casework.council.plan(read_at, partial(self.confirm, story))
        if thread["ends"] == "done":
            done_on = min(add_working_days(begins, len(turns)), self.casework.last)
            self.casework.council.plan(timing.evening(self.casework.chance, done_on), partial(self.leave, story))

    def moment(self, turn: dict[str, Any], on: date) -> datetime:
        """When someone writes: parents mostly in the evening."""
        return timing.evening(self.casework.chance, on) if turn["by"] == "family" else self.casework.hour(on)

    # Deeds

    def write(self, story: Story, turn: dict[str, Any], at: datetime) -> None:
        """Someone reads what is there, and writes."""
        said = self.casework.say(story, [turn["words"]])
        theirs = self.conversation(story, at)
        if turn["by"] == "family":
            work = self.casework.council.acting(theirs.account, at)
            self.read(work, theirs, by_family=True)
            message = service.write_to_council(work, theirs, said)
        else:
            work = self.casework.council.acting(self.casework.adviser(story), at)
            self.read(work, theirs, by_family=False)
            before = self.last_message.get(id(story))
            message = service.write_to_family(work, theirs, said, before.reference if before else "")
        self.last_message[id(story)] = message

    def leave(self, story: Story, at: datetime) -> None:
        """The adviser finds that nothing more is to be said."""
        work = self.casework.council.acting(self.casework.adviser(story), at)
        theirs = self.conversation(story, at)
        self.read(work, theirs, by_family=False)
        service.need_no_answer(work, theirs, self.last_message[id(story)].reference)

    def confirm(self, story: Story, at: datetime) -> None:
        """The adviser says that the last message tells about the child's education."""
        message = self.last_message[id(story)]
        work = self.casework.council.acting(self.casework.adviser(story), at)
        writing = work.session.scalars(select(Contact).where(Contact.message_id == message.id)).one()
        contact.confirm_writing(work, writing, substantive=True, version=writing.version)

    def read(self, work: Work, theirs: Conversation, *, by_family: bool) -> None:
        """Someone opens the page."""
        shown, _ = queries.page_of(work, theirs.thread, None)
        service.mark_read(work, shown, by_family=by_family)

    def conversation(self, story: Story, at: datetime) -> Conversation:
        """A family's own conversation about a child."""
        account = self.casework.account(story, at)
        child = self.casework.council.child(story.child_id)
        found = queries.family_conversation(self.casework.council.acting(account, at), child.reference)
        if found is None:
            raise LookupError("only a verified parent writes")
        return found
