"""A family's own page: its children, where things stand, what was offered and decided. Only what this account may see.

Two parents may each see one child. Decisions, offers and records of contact are for both. What one parent sent is
theirs alone: evidence, what they answered in their own words, comments, changes they told us of. So neither learns the
other's address, phone or email from a page of ours, whatever the other wrote.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import selectinload

from ehe_portal.accounts.models import Account
from ehe_portal.casefile import rules
from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import Contact, ContactClock, Visit
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence
from ehe_portal.evidence.models import Assessment, Evidence
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, Episode, Parent, Registration, RegistrationState

PAGE = 50


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
    def is_open(self) -> bool:
        """Whether the council is still in contact about the child."""
        return self.episode is not None and self.episode.is_open

    @property
    def running(self) -> ContactClock | None:
        """The clock, while it runs."""
        return self.clock if self.clock is not None and self.clock.is_running else None

    @property
    def why(self) -> str:
        """Why the next date is what it is."""
        clock = self.running
        return "" if clock is None else rules.why_due(clock.basis, clock.tier, clock.last_contact_on)

    @property
    def replied_on(self) -> date | None:
        """The day of a reply that counts, since the last contact."""
        return None if self.running is None else self.running.last_reply_on


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
    return Ours(child, True, registration, clock=clock, episode=episode, adviser=adviser.name if adviser else None)


def verified_child(work: Work, reference: str) -> Ours | None:
    """One child whose parent an officer has verified this account to be: what the pages beside the first one are on."""
    ours = our_child(work, reference)
    return ours if ours is not None and ours.verified else None


@dataclass(frozen=True)
class OurRecord:
    """The family's own copy of one record of contact. Safeguarding observations are never part of it."""

    child: Child
    contact: Contact
    adviser: str | None


def our_record(work: Work, reference: str, contact_reference: str) -> OurRecord | None:
    """One record of contact as this family may have it."""
    found = contact.family_record(work, reference, contact_reference)
    if found is None:
        return None
    adviser = work.session.get(Account, found.adviser_id) if found.adviser_id else None
    return OurRecord(found.child, found, adviser.name if adviser else None)


def sent(work: Work, child_id: int) -> list[Evidence]:
    """Evidence that this account's holder sent about a child, here or on paper, the latest first.

    What another parent sent is theirs.
    """
    return list(
        work.session.scalars(
            select(Evidence)
            .where(Evidence.child_id == child_id, evidence.mine(work))
            .order_by(Evidence.sent_at.desc(), Evidence.id.desc())
            .limit(PAGE)
            .options(selectinload(Evidence.files))
        )
    )


def how_read(work: Work, evidence: list[Evidence]) -> dict[int, bool | None]:
    """Of evidence this account sent: whether an officer found that it tells about the education; None: not read yet."""
    rows = work.session.execute(
        select(Contact.evidence_id, Contact.substantive)
        .where(Contact.evidence_id.in_([one.id for one in evidence]), Contact.struck_out_at.is_(None))
        .order_by(Contact.id)
    )
    return {evidence_id: substantive for evidence_id, substantive in rows if evidence_id is not None}


def standing_offers(work: Work, child_id: int) -> list[Visit]:
    """What is offered for today or later and has not been declined or changed, the next one first."""
    return contact.upcoming_visits(work, child_id)


def decided(work: Work, child_id: int, most: int = PAGE) -> list[Assessment]:
    """Decisions about the child's education, the latest first."""
    return list(
        work.session.scalars(
            select(Assessment)
            .where(Assessment.child_id == child_id)
            .order_by(Assessment.decided_at.desc(), Assessment.id.desc())
            .limit(most)
            .options(selectinload(Assessment.evidence))
        )
    )


def records(work: Work, child_id: int, before: int | None = None) -> tuple[list[Contact], int | None]:
    """Records of contact that this family has its copy of, the latest first; the key of the next page if there is one.

    Safeguarding observations are never among them.
    """
    found = (
        select(Contact)
        .where(Contact.child_id == child_id, *contact.for_family(work))
        .order_by(Contact.happened_on.desc(), Contact.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        place = select(Contact.happened_on, Contact.id).where(Contact.id == before, Contact.child_id == child_id)
        key = work.session.execute(place).first()
        if key is not None:
            found = found.where(tuple_(Contact.happened_on, Contact.id) < tuple_(*key))
    rows = list(work.session.scalars(found))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
