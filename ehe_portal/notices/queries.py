"""Whom to write to, and what a message may name.

These are asked about things that have just happened, by their row numbers; so they are limited by those, and not by
what the person who caused it may see: an adviser's concern alerts officers, a parent's mail goes to that parent.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true, tuple_

from ehe_portal.accounts.models import Account, Authority, MailLink
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.outbox import TEXT, OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.notices.models import NoticeWording
from ehe_portal.register.models import Child, Episode, Parent, ParentAccess, Registration

PORTION = 500
ALERTS = ("escalation", "escalation-digest")
"""The topics of alerts, and of what carries many of them."""


@dataclass(frozen=True)
class Person:
    """Someone a message can go to. `away`: marked away on the day of asking."""

    account_id: int
    authority_id: int
    email: str
    role: Role
    away: bool


@dataclass(frozen=True)
class Family:
    """A parent whom an officer has verified, with the reference of the child."""

    authority_id: int
    child_id: int
    child_reference: str
    account_id: int
    email: str


@dataclass(frozen=True)
class SocialWorker:
    """The social worker of a child, who is no user of the portal."""

    name: str
    email: str


def in_portions(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in lists that fit into one query."""
    ordered = list(ids)
    for start in range(0, len(ordered), PORTION):
        yield ordered[start : start + PORTION]


def authorities(work: Work, ids: Collection[int]) -> dict[int, Authority]:
    """Authorities by row number."""
    found = work.session.scalars(select(Authority).where(Authority.id.in_(ids)).order_by(Authority.id))
    return {authority.id: authority for authority in found}


def links(work: Work, ids: Collection[int]) -> Sequence[MailLink]:
    """Links waiting to be sent."""
    return work.session.scalars(select(MailLink).where(MailLink.id.in_(ids)).order_by(MailLink.id)).all()


def addresses_taken(work: Work, emails: Collection[str]) -> set[str]:
    """Which of these addresses have an account."""
    return set(work.session.scalars(select(Account.email).where(Account.email.in_(emails)).order_by(Account.email)))


def people(work: Work, account_ids: Collection[int], on: date) -> dict[int, Person]:
    """The holders of accounts that may sign in, by row number."""
    return {
        person.account_id: person
        for portion in in_portions(account_ids)
        for person in as_people(
            work.session.scalars(
                select(Account).where(Account.id.in_(portion), Account.is_active).order_by(Account.id)
            ).all(),
            on,
        )
    }


def mobiles(work: Work, account_ids: Collection[int]) -> dict[int, str]:
    """The numbers of those of these accounts whose holders asked for texts, by row number."""
    return {
        account_id: number
        for portion in in_portions(account_ids)
        for account_id, number in work.session.execute(
            select(Account.id, Account.text_to)
            .where(Account.id.in_(portion), Account.text_to.is_not(None), Account.role == Role.PARENT)
            .order_by(Account.id)
        )
        if number is not None
    }


def told_by_text(work: Work, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts to which a text is on its way that nobody has begun to send."""
    waits = select(OutgoingMessage.account_id).where(
        OutgoingMessage.account_id.in_(account_ids),
        OutgoingMessage.topic == TEXT,
        OutgoingMessage.sent_at.is_(None),
        OutgoingMessage.attempts == 0,
    )
    return {account_id for account_id in work.session.scalars(waits) if account_id is not None}


def staff_of(work: Work, authority_ids: Collection[int], roles: Collection[Role], on: date) -> list[Person]:
    """The staff in some roles who may sign in, of some authorities."""
    found = work.session.scalars(
        select(Account)
        .where(Account.authority_id.in_(authority_ids), Account.role.in_(roles), Account.is_active)
        .order_by(Account.id)
    ).all()
    return list(as_people(found, on))


def as_people(accounts: Sequence[Account], on: date) -> Iterator[Person]:
    """Accounts as those a message can go to."""
    for account in accounts:
        yield Person(account.id, account.authority_id, account.email, account.role, account.is_away(on))


def adviser_ids(work: Work, child_ids: Collection[int]) -> dict[int, int]:
    """The advisers of children's open episodes, by child."""
    return {
        child_id: adviser_id
        for portion in in_portions(child_ids)
        for child_id, adviser_id in work.session.execute(
            select(Episode.child_id, Episode.adviser_id)
            .where(Episode.child_id.in_(portion), Episode.closed_on.is_(None), Episode.adviser_id.is_not(None))
            .order_by(Episode.child_id)
        )
        if adviser_id is not None
    }


def social_workers(work: Work, child_ids: Collection[int]) -> dict[int, SocialWorker]:
    """The social workers of those of these children who have a protection plan, by child, where they are known."""
    return {
        child_id: SocialWorker(name or "", email or "")
        for portion in in_portions(child_ids)
        for child_id, name, email in work.session.execute(
            select(Episode.child_id, Episode.social_worker_name, Episode.social_worker_email)
            .where(
                Episode.child_id.in_(portion),
                Episode.closed_on.is_(None),
                Episode.social_care == SocialCare.CP,
                Episode.social_worker_email.is_not(None),
            )
            .order_by(Episode.child_id)
        )
    }


def lately_written(work: Work, account_ids: Collection[int], since: datetime) -> dict[int, list[OutgoingMessage]]:
    """The alerts and digests to some people, written a moment ago, that nobody has begun to send; locked."""
    found: dict[int, list[OutgoingMessage]] = {}
    for portion in in_portions(account_ids):
        for message in work.session.scalars(
            select(OutgoingMessage)
            .where(
                OutgoingMessage.account_id.in_(portion),
                OutgoingMessage.topic.in_(ALERTS),
                OutgoingMessage.sent_at.is_(None),
                OutgoingMessage.carried_by_id.is_(None),
                OutgoingMessage.attempts == 0,
                OutgoingMessage.created_at >= since,
            )
            .order_by(OutgoingMessage.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ):
            found.setdefault(message.account_id or 0, []).append(message)
    return found


def families(work: Work, child_ids: Collection[int], *, even_stopped: bool = False) -> list[Family]:
    """The verified parents of children; nobody else is written to about a child, and none while that is stopped: who
    wants to know of those too (`even_stopped`) writes to none of them.
    """
    return [
        Family(*row)
        for portion in in_portions(child_ids)
        for row in work.session.execute(
            select(Child.authority_id, Child.id, Child.reference, Account.id, Account.email)
            .join(Parent, Parent.child_id == Child.id)
            .join(Account, Account.id == Parent.account_id)
            .where(Child.id.in_(portion), Parent.verified_at.is_not(None), Account.is_active)
            .where(true() if even_stopped else Child.messages_stopped_at.is_(None))
            .order_by(Child.id, Account.id)
        )
    ]


def child_references(work: Work, ids: Collection[int]) -> dict[int, str]:
    """The references of children, by row number."""
    return {
        child_id: reference
        for portion in in_portions(ids)
        for child_id, reference in work.session.execute(
            select(Child.id, Child.reference).where(Child.id.in_(portion)).order_by(Child.id)
        )
    }


def registration_references(work: Work, ids: Collection[int]) -> dict[int, str]:
    """The references of registrations, by row number."""
    return {
        registration_id: reference
        for portion in in_portions(ids)
        for registration_id, reference in work.session.execute(
            select(Registration.id, Registration.reference)
            .where(Registration.id.in_(portion))
            .order_by(Registration.id)
        )
    }


def registrations_of(work: Work, child_ids: Collection[int]) -> dict[str, int | None]:
    """The references of these children's registrations, each with whose account sent it."""
    found = select(Registration.reference, Registration.account_id).where(Registration.child_id.in_(child_ids))
    return dict(work.session.execute(found.order_by(Registration.id)).all())


def waiting_receipts(work: Work, account_ids: Collection[int | None]) -> Sequence[OutgoingMessage]:
    """What acknowledges registrations that some accounts sent in one go, of several children, and has not left yet."""
    return work.session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.account_id.in_(account_ids),
            OutgoingMessage.template == "registration-received",
            OutgoingMessage.topic.is_(None),
            OutgoingMessage.sent_at.is_(None),
        )
        .order_by(OutgoingMessage.id)
        .with_for_update()
    ).all()


def latest_wording(work: Work, authority_id: int, template: str) -> NoticeWording | None:
    """The latest version of an authority's own wording of a message, if it ever had one."""
    return next(iter(wordings_of(work, authority_id, template)), None)


def wordings_of(work: Work, authority_id: int, template: str) -> Sequence[NoticeWording]:
    """Every version of an authority's own wording of a message, the latest first."""
    return work.session.scalars(
        select(NoticeWording)
        .where(NoticeWording.authority_id == authority_id, NoticeWording.template == template)
        .order_by(NoticeWording.number.desc())
    ).all()


def wordings_in_force(work: Work, authority_ids: Collection[int]) -> dict[tuple[int, str], NoticeWording]:
    """The messages that authorities word for themselves now, by authority and template."""
    latest = (
        select(NoticeWording.authority_id, NoticeWording.template, func.max(NoticeWording.number))
        .where(NoticeWording.authority_id.in_(authority_ids))
        .group_by(NoticeWording.authority_id, NoticeWording.template)
    )
    found = work.session.scalars(
        select(NoticeWording)
        .where(
            tuple_(NoticeWording.authority_id, NoticeWording.template, NoticeWording.number).in_(latest),
            NoticeWording.subject.is_not(None),
        )
        .order_by(NoticeWording.id)
    )
    return {(one.authority_id, one.template): one for one in found}


def invitations(work: Work, access_ids: Collection[int]) -> dict[int, str]:
    """The addresses to which invitations to parents were made out, by row number."""
    found = select(ParentAccess).where(ParentAccess.id.in_(access_ids)).order_by(ParentAccess.id)
    return {access.id: access.email for access in work.session.scalars(found)}
