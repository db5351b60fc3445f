"""The council of the demonstration: its staff at work, and what happens there day by day."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import STAFF_ROLES, Role
from ehe_portal.complaints import queries as complaint_queries
from ehe_portal.complaints import service as complaints
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.core.days import LONDON
from ehe_portal.core.work import Actor, Scope, Work
from ehe_portal.demo import cast
from ehe_portal.escalation import queries as escalation_queries
from ehe_portal.escalation import service as escalation
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Child

Deed = Callable[[datetime], object]


@dataclass
class Council:
    """The authority, its accounts, and what is still to happen. All of it is part of `work`, of one transaction."""

    work: Work
    authority: Authority
    chance: random.Random
    staff: dict[str, Account] = field(default_factory=dict)
    hashed: str = ""
    to_come: list[tuple[datetime, int, Deed]] = field(default_factory=list)

    def of_role(self, role: Role) -> list[Account]:
        """The staff of a role, in the order of the cast; those who are away come last."""
        people = sorted((person for person in cast.STAFF if person.role is role), key=lambda person: person.is_away)
        return [self.staff[person.email] for person in people]

    def acting(self, account: Account | None, at: datetime) -> Work:
        """A piece of work of someone's, or of the portal's own, at a moment; it is part of the one transaction."""
        if account is None:
            return replace(self.work, at=at)
        actor = Actor(account.id, account.role.value, account.authority_id, account.role.value)
        staff = account.role in STAFF_ROLES
        scope = Scope(authority_id=account.authority_id) if staff else Scope(account_id=account.id)
        return replace(self.work, at=at, actor=actor, scope=scope)

    def child(self, child_id: int) -> Child:
        """A child whom the council knows."""
        found = self.work.session.get(Child, child_id)
        if found is None:
            raise LookupError("no such child in the demonstration")
        return found

    def open_account(self, email: str, name: str, role: Role, at: datetime) -> Account:
        """Open an account whose holder has chosen the words that all of them have."""
        work = self.acting(None, at)
        account = accounts.open_account(work, self.authority.id, email, name, role)
        accounts.give_password(work, account, self.hashed)
        return account

    # What happens

    def plan(self, at: datetime, deed: Deed) -> None:
        """Let something happen at a moment."""
        self.to_come.append((at, len(self.to_come), deed))

    def live(self, first: date, last: date) -> None:
        """Let everything that was planned happen in its order, with the nightly jobs of each day but for today's."""
        day = first
        while day <= last:
            morning = datetime.combine(day, time(5), LONDON)
            self.plan(morning, self.nightly)
            day += timedelta(days=1)
        for at, _, deed in sorted(self.to_come, key=lambda planned: planned[:2]):
            deed(at)
        self.to_come.clear()

    def nightly(self, at: datetime) -> None:
        """What the jobs do early each morning."""
        work = self.acting(None, at)
        over_age = work.session.scalars(register_queries.over_age(work)).all()
        if over_age:
            register.close_over_age(work, over_age)
        overdue = work.session.scalars(contact_queries.overdue(work)).all()
        if overdue:
            contact.lapse(work, overdue)
        reminding = work.session.scalars(contact_queries.reminding(work)).all()
        if reminding:
            contact.remind(work, reminding)
        self.climb(self.acting(None, at + timedelta(minutes=30)))
        self.report_late(self.acting(None, at + timedelta(minutes=75)))
        late = work.session.scalars(complaint_queries.late(work)).all()
        if late:
            complaints.escalate(work, late)

    def report_late(self, work: Work) -> None:
        """Tell the managers of reviews that are late."""
        reviews = work.session.scalars(evidence_queries.late_reviews(work)).all()
        if reviews:
            evidence.report_late_reviews(work, reviews)
        plans = work.session.scalars(register_queries.plans_late(work)).all()
        if plans:
            register.report_late_plans(work, plans)

    def climb(self, work: Work) -> None:
        """Tell the next people of what nobody answers."""
        due = work.session.scalars(escalation_queries.ladder_due(work)).all()
        if due:
            escalation.climb(work, due)
        absent = work.session.scalars(escalation_queries.without_holder(work)).all()
        if absent:
            escalation.report_absent(work, absent)


def found(work: Work, chance: random.Random, at: datetime) -> Council:
    """Let the council begin: the authority and its staff, at the moment when it got the portal."""
    beginning = replace(work, at=at)
    authority, _ = accounts.add_authority(beginning, cast.CODE, cast.COUNCIL)
    authority.contact_email, authority.contact_phone = cast.CONTACT_EMAIL, cast.CONTACT_PHONE
    # What is published by works made from this one is the record of the one transaction that they share.
    work.published += beginning.published
    # One hash for all: the words are on the page of accounts anyhow, and each hash takes a while on purpose.
    council = Council(work, authority, chance, hashed=accounts.hash_of(cast.SIGN_IN_WORDS, ()))
    for person in cast.STAFF:
        council.staff[person.email] = council.open_account(person.email, person.name, person.role, at)
    return council
