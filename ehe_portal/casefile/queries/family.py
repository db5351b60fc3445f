"""A family's own page: its children, where things stand, what was sent and decided. Only what this account may see."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import Contact, ContactClock, Visit, VisitState
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment, Evidence
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, Episode, Parent, Registration, RegistrationState


@dataclass(frozen=True)
class Ours:
    """A child as one account may see it.

    Until an officer has verified the account it sees only what it typed (`registration.answers`) and what it sent.
    """

    child: Child
    verified: bool
    registration: Registration | None
    sent: list[Evidence] = field(default_factory=list)
    clock: ContactClock | None = None
    episode: Episode | None = None
    adviser: str | None = None
    visits: list[Visit] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The child's name: as typed, until the account is verified."""
        if self.verified or self.registration is None:
            return self.child.known_as
        answers = self.registration.answers
        return str(answers.get("preferred_name") or answers.get("legal_forename") or "Your child")

    @property
    def told(self) -> list[tuple[str, str | None]]:
        """What this account typed when it registered the child."""
        return [] if self.registration is None else register.told_rows(self.registration)

    @property
    def next_on(self) -> date | None:
        """The next date that concerns the family."""
        return self.clock.due_on if self.clock is not None and self.clock.is_running else None


def registration_of(work: Work, child_id: int) -> Registration | None:
    """The registration that this account sent for a child."""
    return work.session.scalar(
        select(Registration)
        .where(Registration.child_id == child_id, Registration.account_id == work.scope.account_id)
        .order_by(Registration.id.desc())
        .limit(1)
    )


def our_children(work: Work) -> list[tuple[Child, Parent, Registration | None]]:
    """The children whom this account typed in or was verified for, the eldest registration first."""
    joined = Registration.state == RegistrationState.JOINED
    rows = work.session.execute(
        select(Child, Parent, Registration)
        .join(Parent, Parent.child_id == Child.id)
        .outerjoin(
            Registration,
            (Registration.child_id == Child.id) & (Registration.account_id == Parent.account_id) & ~joined,
        )
        .where(Parent.account_id == work.scope.account_id, Parent.account_id.is_not(None))
        .order_by(Child.id)
    )
    return [(child, parent, registration) for child, parent, registration in rows]


def our_child(work: Work, reference: str) -> Ours | None:
    """One child on the family's own page, or None where this account may not see it."""
    if work.scope.account_id is None:
        return None
    found = work.session.execute(
        select(Child, Parent)
        .join(Parent, Parent.child_id == Child.id)
        .where(Child.reference == reference, Parent.account_id == work.scope.account_id)
        .order_by(Parent.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    child, parent = found
    registration = registration_of(work, child.id)
    if parent.verified_at is None:
        return Ours(child, False, registration, sent=sent(work, child.id))
    episode = child.episode
    clock = None
    if episode is not None:
        clock = work.session.scalar(select(ContactClock).where(ContactClock.episode_id == episode.id))
    adviser = work.session.get(Account, episode.adviser_id) if episode and episode.adviser_id else None
    return Ours(
        child,
        True,
        registration,
        sent=sent(work, child.id),
        clock=clock,
        episode=episode,
        adviser=adviser.name if adviser else None,
        visits=upcoming(work, child.id),
        assessments=decided(work, child.id),
        contacts=contacts(work, child.id),
    )


def sent(work: Work, child_id: int) -> list[Evidence]:
    """Evidence that this account sent about a child, the latest first. What another parent sent is theirs."""
    return list(
        work.session.scalars(
            select(Evidence)
            .where(Evidence.child_id == child_id, Evidence.account_id == work.scope.account_id)
            .order_by(Evidence.sent_at.desc(), Evidence.id.desc())
        )
    )


def upcoming(work: Work, child_id: int) -> list[Visit]:
    """Visits and calls offered from today on."""
    return list(
        work.session.scalars(
            select(Visit)
            .where(Visit.child_id == child_id, Visit.state == VisitState.OFFERED, Visit.on_date >= work.today)
            .order_by(Visit.on_date, Visit.at_time, Visit.id)
        )
    )


def decided(work: Work, child_id: int) -> list[Assessment]:
    """Decisions about the child's education, the latest first."""
    return list(
        work.session.scalars(
            select(Assessment)
            .where(Assessment.child_id == child_id)
            .order_by(Assessment.decided_at.desc(), Assessment.id.desc())
        )
    )


def contacts(work: Work, child_id: int) -> list[Contact]:
    """Contacts on the family's own record, the latest first. Safeguarding observations are never among them."""
    return list(
        work.session.scalars(
            select(Contact)
            .where(Contact.child_id == child_id, Contact.struck_out_at.is_(None))
            .order_by(Contact.happened_on.desc(), Contact.id.desc())
            .limit(50)
        )
    )
