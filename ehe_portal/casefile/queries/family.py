"""A family's own page: its children, where things stand, what was offered and decided. Only what this account may see.

Two parents may each see one child. Decisions, offers and records of contact are for both. What one parent sent is
theirs alone: evidence, what they answered in their own words, comments, changes they told us of. So neither learns the
other's address, phone or email from a page of ours, whatever the other wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import selectinload

from ehe_portal.accounts.models import Account
from ehe_portal.casefile import rules
from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import Contact, ContactClock, StepKind, Visit, VisitChild, VisitState
from ehe_portal.core.codes import ChildSeen, Tier
from ehe_portal.core.days import london_date
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence
from ehe_portal.evidence.models import Assessment, Evidence, InformationRequest, InformationStep
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, Episode, Parent, Registration

PAGE = 50


@dataclass(frozen=True)
class ShownClock:
    """A clock as the family's page shows it; the names are those of ContactClock."""

    due_on: date
    grace_ends: date
    basis: str
    tier: Tier
    last_contact_on: date | None
    last_reply_on: date | None
    lapsed_on: date | None
    held_until: date | None
    is_running: bool = True


UNSEEN: Final = (StepKind.RECORDED, StepKind.REOPENED)
"""What officers may do about a visit while messages to its family are stopped."""

LEAVES_IT: Final = {
    StepKind.OFFERED: VisitState.OFFERED,
    StepKind.TIMES_OFFERED: VisitState.OFFERED,
    StepKind.CHANGED: VisitState.OFFERED,
    StepKind.AGREED: VisitState.ACCEPTED,
    StepKind.ACCEPTED: VisitState.ACCEPTED,
    StepKind.RECORDED: VisitState.RECORDED,
    StepKind.REOPENED: VisitState.OFFERED,
}
"""How a visit stands after a step, of those that may come before these."""

DATES: Final = ("due_on", "grace_ends", "last_contact_on", "last_reply_on", "lapsed_on", "held_until")


def picture_of(work: Work, child: Child) -> dict[str, Any]:
    """What the pages of a child's family show now and may change by itself: kept when messages to it are stopped."""
    episode = child.episode
    clock = contact.clock_of(work, child.id)
    drawn = None
    if clock is not None:
        dates = {name: getattr(clock, name) for name in DATES}
        drawn = {name: day.isoformat() if day else None for name, day in dates.items()}
        drawn |= {"basis": clock.basis, "tier": clock.tier.value}
    unread = select(Contact.evidence_id).where(
        Contact.child_id == child.id, Contact.evidence_id.is_not(None), Contact.substantive.is_(None)
    )
    return {
        "open": episode is not None and episode.is_open,
        "adviser_id": episode.adviser_id if episode else None,
        "clock": drawn,
        "unread": list(work.session.scalars(unread.order_by(Contact.evidence_id))),
        "unsigned": {one.reference: as_kept(one) for one in contact.unsigned_records(work, child.id)},
    }


@dataclass(frozen=True)
class Said:
    """What of a record an officer may still change until it is signed."""

    summary: str | None
    agreed_next_on: date | None
    child_seen: ChildSeen | None


def as_kept(record: Contact) -> dict[str, str | None]:
    """The same, as a picture keeps it."""
    agreed_on, seen = record.agreed_next_on, record.child_seen
    return {
        "summary": record.summary,
        "agreed_next_on": agreed_on.isoformat() if agreed_on else None,
        "child_seen": seen.value if seen else None,
    }


def said_in(record: Contact, picture: dict[str, Any] | None) -> Said:
    """What a record says, as far as the family may know: what was not signed when messages were stopped, as it was."""
    kept = (picture or {}).get("unsigned", {}).get(record.reference)
    if kept is None:
        return Said(record.summary, record.agreed_next_on, record.child_seen)
    agreed_on, seen = kept["agreed_next_on"], kept["child_seen"]
    return Said(
        kept["summary"], date.fromisoformat(agreed_on) if agreed_on else None, ChildSeen(seen) if seen else None
    )


def clock_drawn(drawn: dict[str, Any] | None) -> ShownClock | None:
    """The clock of a picture."""
    if drawn is None:
        return None
    dates: dict[str, Any] = {name: date.fromisoformat(drawn[name]) if drawn[name] else None for name in DATES}
    return ShownClock(**dates, basis=drawn["basis"], tier=Tier(drawn["tier"]))


@dataclass(frozen=True)
class Ours:
    """A child as one account may see it.

    Until an officer has verified the account it sees only what it typed (`registration.answers`) and what it sent.
    While messages to the family are stopped, `picture` is what its pages showed then, and go on showing.
    """

    child: Child
    verified: bool
    registration: Registration | None
    sent: list[Evidence] = field(default_factory=list)
    clock: ContactClock | ShownClock | None = None
    episode: Episode | None = None
    adviser: str | None = None
    picture: dict[str, Any] | None = None

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
        if self.picture is not None:
            return bool(self.picture["open"])
        return self.episode is not None and self.episode.is_open

    def held_back(self, moment: datetime) -> bool:
        """Whether what happened at a moment is not for the family to know now."""
        return self.child.is_held_back(moment)

    def place_is_doubtful(self, visit: Visit) -> bool:
        """Whether the family may know that an address changed, and with it perhaps the place of a visit."""
        since = visit.place_doubtful_since
        return since is not None and not self.held_back(since)

    @property
    def running(self) -> ContactClock | ShownClock | None:
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
    stopped_at = child.messages_stopped_at
    if parent.verified_at is None or (stopped_at is not None and parent.verified_at > stopped_at):
        return Ours(child, False, registration, sent=sent(work, child.id))
    if stopped_at is not None and (stop := register_queries.open_stop(work, child.id)) is not None:
        return as_it_was(work, Ours(child, True, registration, episode=child.episode, picture=stop.shown or {}))
    episode = child.episode
    clock = None
    if episode is not None:
        clock = work.session.scalar(select(ContactClock).where(ContactClock.episode_id == episode.id))
    adviser = work.session.get(Account, episode.adviser_id) if episode and episode.adviser_id else None
    return Ours(child, True, registration, clock=clock, episode=episode, adviser=adviser.name if adviser else None)


def our_children(work: Work) -> list[Ours]:
    """The children whom this account typed in or was verified for, each as on its own page, the eldest record first."""
    found = (
        select(Child.id, Child.reference)
        .join(Parent, Parent.child_id == Child.id)
        .where(Parent.account_id == work.scope.account_id, Parent.account_id.is_not(None))
        .distinct()
        .order_by(Child.id)
    )
    shown = [our_child(work, reference) for _, reference in work.session.execute(found)]
    return [ours for ours in shown if ours is not None]


def as_it_was(work: Work, ours: Ours) -> Ours:
    """A child as the family saw it when messages to it were stopped."""
    picture = ours.picture or {}
    adviser = work.session.get(Account, picture.get("adviser_id") or 0)
    return replace(ours, clock=clock_drawn(picture.get("clock")), adviser=adviser.name if adviser else None)


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
    said: Said


def our_record(work: Work, reference: str, contact_reference: str) -> OurRecord | None:
    """One record of contact as this family may have it."""
    found = contact.family_record(work, reference, contact_reference)
    if found is None:
        return None
    adviser = work.session.get(Account, found.adviser_id) if found.adviser_id else None
    stop = register_queries.open_stop(work, found.child_id) if found.child.messages_stopped_at is not None else None
    said = said_in(found, stop.shown if stop is not None else None)
    return OurRecord(found.child, found, adviser.name if adviser else None, said)


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
            .options(*evidence.WHOLE)
        )
    )


def how_read(work: Work, ours: Ours, evidence: list[Evidence]) -> dict[int, bool | None]:
    """Of evidence this account sent: whether an officer found that it tells about the education; None: not read yet,
    as far as the family may know.
    """
    unread = set(ours.picture["unread"]) if ours.picture is not None else set()
    rows = work.session.execute(
        select(Contact.evidence_id, Contact.substantive)
        .where(
            Contact.evidence_id.in_([one.id for one in evidence if not ours.held_back(one.sent_at)]),
            contact.stands_for_family(),
        )
        .order_by(Contact.id)
    )
    read = {evidence_id: substantive for evidence_id, substantive in rows if evidence_id is not None}
    return {evidence_id: None if evidence_id in unread else substantive for evidence_id, substantive in read.items()}


def standing_offers(work: Work, ours: Ours) -> list[Visit]:
    """What is offered for today or later and has not been declined or changed, the next one first."""
    standing = contact.upcoming_visits(work, ours.child.id)
    if ours.picture is None:
        return standing
    return sorted([*standing, *recorded_unseen(work, ours)], key=lambda one: (one.on_date, one.at_time, one.id))


def recorded_unseen(work: Work, ours: Ours) -> list[Visit]:
    """Visits of today or later of which something was recorded since messages to the family were stopped."""
    part = select(VisitChild.visit_id).join(Contact, Contact.id == VisitChild.contact_id)
    since = Contact.recorded_at > ours.child.messages_stopped_at
    found = select(Visit).where(Visit.id.in_(part.where(VisitChild.child_id == ours.child.id, since)))
    return list(work.session.scalars(found.where(Visit.on_date >= work.today).order_by(Visit.id)))


def states_shown(work: Work, ours: Ours, visits: Sequence[Visit]) -> dict[int, VisitState]:
    """How visits stand as far as the family may know: what was recorded since its messages were stopped is not seen."""
    shown = {visit.id: visit.state for visit in visits}
    before: dict[int, VisitState] = {}
    for step in contact.steps_of_visits(work, list(shown) if ours.picture is not None else []):
        if step.step in UNSEEN and ours.held_back(step.done_at):
            shown[step.visit_id] = before.get(step.visit_id, VisitState.OFFERED)
        elif step.step in LEAVES_IT:
            before[step.visit_id] = LEAVES_IT[step.step]
    return shown


def decided(work: Work, child_id: int, most: int = PAGE) -> list[Assessment]:
    """Decisions about the child's education that stand, the latest first."""
    return list(
        work.session.scalars(
            select(Assessment)
            .where(Assessment.child_id == child_id, evidence.told(Assessment.child_id))
            .order_by(Assessment.decided_at.desc(), Assessment.id.desc())
            .limit(most)
            .options(
                selectinload(Assessment.evidence),
                selectinload(Assessment.request).selectinload(InformationRequest.steps),
            )
        )
    )


@dataclass(frozen=True)
class Asked:
    """What a family is asked for, as far as it may know: until when, whether it has answered, what was said since.

    `over` is whether it is asked no longer.
    """

    last_on: date
    answered_on: date | None
    over: bool
    steps: Sequence[InformationStep]


def asked_with(ours: Ours, decisions: Sequence[Assessment]) -> dict[int, Asked]:
    """What each of these decisions asks for, by the decision."""
    return {one.id: asked(ours, one.request) for one in decisions if one.request is not None}


def asked(ours: Ours, request: InformationRequest) -> Asked:
    """A request as its family may know it: what officers did since its messages were stopped is not seen."""
    seen = [step for step in request.steps if not ours.held_back(step.made_at)]
    unseen = [step for step in request.steps if ours.held_back(step.made_at)]
    answered_at, ended_at = request.answered_at, request.ended_at
    known = answered_at is not None and not ours.held_back(answered_at)
    return Asked(
        last_on=unseen[0].was_on if unseen else request.last_on,
        answered_on=london_date(answered_at) if known and answered_at is not None else None,
        over=ended_at is not None and not ours.held_back(ended_at),
        steps=seen,
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
