"""Which children may belong to one family, and what was decided about them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, or_, select

from ehe_portal.core.codes import Destination
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode, HouseholdLink, HouseholdVerdict, Parent
from ehe_portal.register.queries.children import visible_child, within
from ehe_portal.register.rules.households import Gathered, Reachable, Tie, ties

MOST_ALIKE = 50
"""How many children are looked at: more share a switchboard's number than are a family."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A child who may belong to the same family, and why it is thought so."""

    other: Child
    ties: list[Tie]


@dataclass(frozen=True, slots=True)
class TwoChildren:
    """A child and another one of the same authority; `link` is what was decided about them."""

    child: Child
    other: Child
    link: HouseholdLink | None


def link_between(work: Work, one: Child, other: Child) -> HouseholdLink | None:
    """What was decided about two children, whichever is named first."""
    first, second = sorted((one.id, other.id))
    return work.session.scalar(
        select(HouseholdLink).where(
            HouseholdLink.child_id == first,
            HouseholdLink.other_child_id == second,
            within(work, HouseholdLink.child_id, HouseholdLink.authority_id),
        )
    )


def two_children(work: Work, reference: str, other_reference: str) -> TwoChildren | None:
    """Two different children in scope, of one authority."""
    child, other = visible_child(work, reference), visible_child(work, other_reference)
    if child is None or other is None or child.id == other.id or child.authority_id != other.authority_id:
        return None
    return TwoChildren(child, other, link_between(work, child, other))


def others_of(child_id: int, verdict: HouseholdVerdict | None = None) -> Select[int]:
    """The children about whom something was decided together with this one."""
    is_first = HouseholdLink.child_id == child_id
    found = select(case((is_first, HouseholdLink.other_child_id), else_=HouseholdLink.child_id)).where(
        or_(is_first, HouseholdLink.other_child_id == child_id)
    )
    return found if verdict is None else found.where(HouseholdLink.verdict == verdict)


def linked_children(work: Work, child: Child) -> list[Child]:
    """The children whom an officer found to belong to the same family, the eldest first."""
    return list(
        work.session.scalars(
            select(Child)
            .where(
                Child.id.in_(others_of(child.id, HouseholdVerdict.LINKED)), within(work, Child.id, Child.authority_id)
            )
            .order_by(Child.date_of_birth, Child.id)
        )
    )


def moving_along(work: Work, child: Child) -> list[Child]:
    """The linked children who live at this child's address, so that one move can be written down for all.

    A protected child is never among them, nor is anyone offered beside one: that would say where they live.
    """
    address = child.address
    if child.protected or address is None or address.postcode is None:
        return []
    living_there = select(Address.child_id).where(
        Address.authority_id == child.authority_id,
        Address.postcode == address.postcode,
        Address.line == address.line,
        Address.until_on.is_(None),
    )
    found = select(Child).where(
        Child.id.in_(others_of(child.id, HouseholdVerdict.LINKED)),
        Child.id.in_(living_there),
        Child.protected.is_(False),
        within(work, Child.id, Child.authority_id),
    )
    return list(work.session.scalars(found.order_by(Child.date_of_birth, Child.id)))


def household_proposals(work: Work, child: Child) -> list[Proposal]:
    """The children who may belong to this one's family and about whom nobody has decided yet.

    Where either of two is protected, living at one address is never said: it would tell where the other lives.
    """
    own = reachable(child)
    near = [condition for condition in (reached_alike(child, own), at_home(child, own)) if condition is not None]
    if not near:
        return []
    duplicate = select(Episode.child_id).where(Episode.destination == Destination.DUPLICATE)
    found = select(Child).where(
        Child.authority_id == child.authority_id,
        within(work, Child.id, Child.authority_id),
        Child.id != child.id,
        or_(*near),
        Child.id.not_in(others_of(child.id)),
        Child.id.not_in(duplicate.where(Episode.authority_id == child.authority_id)),
    )
    others = work.session.scalars(found.order_by(Child.date_of_birth, Child.id).limit(MOST_ALIKE)).all()
    known = reachable_of(work, others)
    proposals = [Proposal(other, ties(own, known[other.id])) for other in others]
    return [proposal for proposal in proposals if proposal.ties]


def reached_alike(child: Child, own: Reachable) -> ColumnElement[bool] | None:
    """Whether a child has a carer with one of these accounts, addresses of mail or numbers."""
    same = [
        column.in_(values)
        for column, values in (
            (Parent.account_id, own.accounts),
            (Parent.email, own.emails),
            (Parent.phone, own.phones),
        )
        if values
    ]
    if not same:
        return None
    alike = select(Parent.child_id).where(
        Parent.authority_id == child.authority_id, Parent.until_on.is_(None), or_(*same)
    )
    return Child.id.in_(alike)


def at_home(child: Child, own: Reachable) -> ColumnElement[bool] | None:
    """Whether a child lives at this postcode."""
    if own.home is None or own.home[1] is None:
        return None
    there = select(Address.child_id).where(
        Address.authority_id == child.authority_id, Address.postcode == own.home[1], Address.until_on.is_(None)
    )
    return Child.id.in_(there)


def reachable(child: Child) -> Reachable:
    """How this child's carers can be reached, as they are written down; the home where it may be told."""
    carers = child.carers
    address = None if child.protected else child.address
    return Reachable(
        frozenset(one.account_id for one in carers if one.account_id is not None),
        frozenset(spelling for one in carers if one.email for spelling in (one.email, one.email.casefold())),
        frozenset(spelling for one in carers if one.phone for spelling in (one.phone, "".join(one.phone.split()))),
        (address.line, address.postcode) if address is not None else None,
    )


def reachable_of(work: Work, children: Collection[Child]) -> dict[int, Reachable]:
    """The same of several children, in two queries."""
    gathered: dict[int, Gathered] = defaultdict(Gathered)
    ids = [child.id for child in children]
    for child_id, account_id, email, phone in work.session.execute(
        select(Parent.child_id, Parent.account_id, Parent.email, Parent.phone)
        .where(Parent.child_id.in_(ids), Parent.until_on.is_(None))
        .order_by(Parent.id)
    ):
        gathered[child_id].add(account_id, email, phone)
    open_to_tell = [child.id for child in children if not child.protected]
    for child_id, line, postcode in work.session.execute(
        select(Address.child_id, Address.line, Address.postcode)
        .where(Address.child_id.in_(open_to_tell), Address.until_on.is_(None))
        .order_by(Address.id)
    ):
        gathered[child_id].home = (line, postcode)
    return {child_id: gathered[child_id].reachable() for child_id in ids}


def links_of(work: Work, child: Child) -> list[HouseholdLink]:
    """Everything that was decided about a child and others. The child has been found in scope."""
    mine = or_(HouseholdLink.child_id == child.id, HouseholdLink.other_child_id == child.id)
    return list(work.session.scalars(select(HouseholdLink).where(mine).order_by(HouseholdLink.id)))
