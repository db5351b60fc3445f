"""What families answer, say of their record and tell of changes; and the other parent of a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, OtherWay, Visit, VisitReply, VisitState
from ehe_portal.contact.service import Answer
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.days import LONDON, add_working_days
from ehe_portal.core.work import Work
from ehe_portal.demo import cast, timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.register import service as register
from ehe_portal.register.models import ChangeKind, Parent, ReportedChange

REPLIES: Final = (
    (VisitReply.ANOTHER_TIME, None),
    (VisitReply.ANOTHER_WAY, OtherWay.WRITING),
    (VisitReply.ACCEPTED, None),
    (VisitReply.DECLINED, None),
    (VisitReply.CANCELLED, None),
    (VisitReply.ANOTHER_WAY, OtherWay.ELSEWHERE),
)


@dataclass
class FamiliesAnswer:
    """Plans what families do on their own pages in the last days."""

    casework: Casework

    def plan(self, told: Sequence[Story]) -> None:
        """Plan answers to offers, comments, changes, and a second parent."""
        council, last = self.casework.council, self.casework.last
        evening = datetime.combine(last, time(19, 30), LONDON)
        council.plan(evening, self.answer_offers)
        council.plan(evening + timedelta(minutes=5), self.comment)
        online = [story for story in told if story.stage is Stage.WELCOMED and not story.person]
        for number, (story, change) in enumerate(zip(online, words("families")["changes"], strict=False)):
            on = timing.working_days_before(last, 1 + number % 3)
            council.plan(datetime.combine(on, time(18, number), LONDON), partial(self.tell, story, change))
        decided = evening - timedelta(hours=4)
        council.plan(decided, self.take_up_first)
        for story in (one for one in told if one.person is cast.ACCEPTED):
            council.plan(evening + timedelta(minutes=10), partial(self.let_in, story))

    def answer_offers(self, at: datetime) -> None:
        """Families answer what was offered to them; one offer is left for whoever looks."""
        shown = cast.ACCEPTED.email
        rows = self.casework.council.work.session.execute(
            select(Visit, Account)
            .join(Parent, Parent.child_id == Visit.child_id)
            .join(Account, Account.id == Parent.account_id)
            .where(
                Visit.state == VisitState.OFFERED,
                Visit.on_date > self.casework.council.work.today,
                Visit.choice.is_(False),
                Parent.verified_at.is_not(None),
                Account.email != shown,
            )
            .order_by(Visit.on_date, Visit.id)
            .limit(len(REPLIES))
        ).all()
        said = words("families")["answers"]
        for number, (visit, account) in enumerate(rows):
            reply, way = REPLIES[number]
            work = self.casework.council.acting(account, at)
            if reply is VisitReply.CANCELLED:
                agreed = self.casework.council.acting(account, at - timedelta(hours=5))
                contact.answer_offer(agreed, visit, Answer(reply=VisitReply.ACCEPTED), version=visit.version)
            later = add_working_days(visit.on_date, 2)
            answer = Answer(
                reply=reply,
                way=way,
                words=said[reply.value][number % len(said[reply.value])],
                suggested=((later, time(14)), (add_working_days(later, 3), None))
                if reply is VisitReply.ANOTHER_TIME
                else (),
            )
            contact.answer_offer(work, visit, answer, version=visit.version)

    def comment(self, at: datetime) -> None:
        """A few parents say what they see differently."""
        said = words("families")["comments"]
        rows = self.casework.council.work.session.execute(
            select(Contact, Account)
            .join(Parent, Parent.child_id == Contact.child_id)
            .join(Account, Account.id == Parent.account_id)
            .where(
                Contact.outcome == ContactOutcome.HELD,
                Contact.struck_out_at.is_(None),
                Parent.verified_at.is_not(None),
            )
            .order_by(Contact.happened_on.desc(), Contact.id)
            .limit(len(said))
        ).all()
        for (record, account), comment in zip(rows, said, strict=False):
            contact.comment(self.casework.council.acting(account, at), record, comment)

    def tell(self, story: Story, change: dict[str, Any], at: datetime) -> None:
        """A parent tells of a change."""
        work = self.casework.council.acting(self.casework.account(story, at), at)
        child = self.casework.council.child(story.child_id)
        from_on = work.today + timedelta(days=change["days"]) if "days" in change else None
        register.report_change(work, child, ChangeKind(change["kind"]), change["told"], from_on)

    def take_up_first(self, at: datetime) -> None:
        """An adviser deals with the first thing that was told."""
        work = self.casework.council.acting(self.casework.advisers[0], at)
        told = work.session.scalars(
            select(ReportedChange)
            .where(ReportedChange.kind == ChangeKind.SOMETHING_ELSE, ReportedChange.told_at < at)
            .order_by(ReportedChange.id)
        ).first()
        if told is not None:
            register.take_up(work, told, words("families")["done"], version=told.version)

    def let_in(self, story: Story, at: datetime) -> None:
        """The other parent of a family has an account too, and lives elsewhere."""
        council = self.casework.council
        account = next(iter(self.second(council.work)), None) or council.open_account(
            cast.SECOND.email, cast.SECOND.name, Role.PARENT, at
        )
        child = council.child(story.child_id)
        other = next((parent for parent in child.parents if parent.account_id is None), None)
        work = council.acting(self.casework.adviser(story), at + timedelta(minutes=5))
        if other is None:
            mother = council.acting(self.casework.account(story, at), at)
            told = {"name": cast.SECOND.name, "relationship": "Father", "email": cast.SECOND.email}
            change = register.report_change(mother, child, ChangeKind.NEW_PARENT, told)
            new = register.Carer(name=cast.SECOND.name, relationship="Father", email=cast.SECOND.email)
            register.take_up_parent(work, change, new, "He is on the record now.", version=change.version)
            other = child.parents[-1]
        register.match_parent(work, other, account.email, version=other.version)

    def second(self, work: Work) -> list[Account]:
        """The account of the other parent, where it is open already."""
        return list(work.session.scalars(select(Account).where(Account.email == cast.SECOND.email)))
