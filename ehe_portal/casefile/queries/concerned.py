"""Whom a parent's complaint about a child is, or may be, about: so that none of them answers it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.rules.naming import is_named
from ehe_portal.complaints.queries import LADDER
from ehe_portal.contact.models import Contact
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment
from ehe_portal.letters.models import Letter
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.orders.models import OrderCase, OrderStep
from ehe_portal.register.models import Child, Episode

LOOKED_BACK: Final = timedelta(days=366)
"""A year: what is complained of is seldom older, and a council's team is soon all of it further back."""


def concerned(work: Work, child: Child, whom: str = "") -> set[int]:
    """The child's adviser; whoever in the last year decided, approved or returned a decision, was in contact, wrote to
    the parent, or put forward or took a step of a notice or order; and of those who answer complaints whoever is named
    in `whom`, the parent's own words. Not scoped: it is asked for a parent, who sees none of it."""
    since = work.at - LOOKED_BACK
    steps = OrderStep.case_id.in_(select(OrderCase.id).where(OrderCase.child_id == child.id))
    asked = (
        select(Episode.adviser_id).where(Episode.child_id == child.id, Episode.closed_on.is_(None)),
        select(Assessment.decided_by_id).where(Assessment.child_id == child.id, Assessment.decided_at > since),
        select(Assessment.answered_by_id).where(Assessment.child_id == child.id, Assessment.decided_at > since),
        select(Contact.adviser_id).where(Contact.child_id == child.id, Contact.recorded_at > since),
        select(OrderStep.written_by_id).where(steps, OrderStep.written_at > since),
        select(OrderStep.taken_by_id).where(steps, OrderStep.written_at > since),
        select(Letter.made_by_id).where(Letter.child_id == child.id, Letter.made_at > since),
        select(Message.author_id)
        .join(MessageThread, MessageThread.id == Message.thread_id)
        .where(MessageThread.child_id == child.id, Message.from_family.is_(False), Message.written_at > since),
    )
    found = {one for each in asked for one in work.session.scalars(each)} | named(work, child, whom)
    return {one for one in found if one is not None and one != work.actor.account_id}


def named(work: Work, child: Child, whom: str) -> set[int]:
    """Those who answer complaints and are named in what a parent wrote."""
    found = select(Account).where(Account.authority_id == child.authority_id, Account.role.in_(LADDER))
    people = work.session.scalars(found.order_by(Account.id))
    return {one.id for one in people if is_named(one.name, one.role.label, whom)}
