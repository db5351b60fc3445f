"""Who cares for a child: adding a parent or carer, putting right or changing what is known, ending their part."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ehe_portal.core.codes import Responsibility
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import ParentAdded, ParentChanged, ParentEnded
from ehe_portal.register.models import AccessState, Child, DetailChange, Nature, Parent, Subject
from ehe_portal.register.rules.people import differing, span_problem
from ehe_portal.register.service.addresses import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """What is known of a parent or carer."""

    name: str
    relationship: str = ""
    responsibility: Responsibility = Responsibility.UNKNOWN
    email: str = ""
    phone: str = ""
    address: str = ""

    def kept(self) -> dict[str, Any]:
        """By the names of a parent's columns; what was left empty is not known."""
        return {
            "name": self.name.strip(),
            "relationship_": self.relationship or None,
            "responsibility": self.responsibility,
            "email": self.email.strip().lower() or None,
            "phone": self.phone or None,
            "address": self.address or None,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a record was wrong, or something has become different from a day on."""

    nature: Nature
    changed_on: date | None = None
    why: str = ""


PARTS = ("name", "relationship_", "responsibility", "email", "phone", "address")


def add_parent(work: Work, child: Child, carer: Carer, from_on: date | None = None) -> Parent:
    """Add a parent or carer, who cares for the child from a day on if it is known. Raises `Refusal`."""
    check_carer(carer)
    if from_on is not None:
        refuse(span_problem("from_on", from_on, child.date_of_birth, work.today))
    queries.hold_child(work, child.id)
    work.session.expire(child, ["parents"])
    taken = {parent.position for parent in child.parents}
    parent = Parent(
        authority_id=child.authority_id,
        child_id=child.id,
        position=next(place for place in range(1, len(taken) + 2) if place not in taken),
        from_on=from_on,
        **carer.kept(),
    )
    work.session.add(parent)
    work.session.flush()
    work.session.expire(child, ["parents"])
    work.publish(ParentAdded(authority_id=child.authority_id, child_id=child.id, parent_id=parent.id))
    return parent


def check_carer(carer: Carer) -> None:
    """Raises `Refusal` where nobody is named."""
    if not carer.name:
        raise Refusal("Enter their name", "name")


def change_parent(work: Work, parent: Parent, carer: Carer, turn: Turn, version: int) -> None:
    """Put right or change what is known of a parent or carer; what the record said is kept. Raises `Refusal`."""
    refuse_if_changed(parent, version)
    refuse_if_ended(parent)
    check_carer(carer)
    check_turn(turn, parent.from_on or parent.child.date_of_birth, work.today)
    now = {name: getattr(parent, name) for name in PARTS}
    new = carer.kept()
    before = differing(now, new)
    if not before:
        raise Refusal("Enter what has changed: nothing differs from what is written down")
    for name in before:
        setattr(parent, name, new[name])
    keep_before(work, parent, before, turn)
    work.session.flush()
    work.publish(
        ParentChanged(
            authority_id=parent.authority_id,
            child_id=parent.child_id,
            parent_id=parent.id,
            nature=turn.nature.value,
            parts=tuple(name.rstrip("_") for name in before),
        )
    )


def check_turn(turn: Turn, began_on: date, today: date) -> None:
    """Raises `Refusal` where a change lacks its day, or that day cannot be."""
    if turn.nature is not Nature.CORRECTION and turn.changed_on is None:
        raise Refusal("Enter the date from which it is so", "changed_on")
    if turn.changed_on is not None:
        refuse(span_problem("changed_on", turn.changed_on, began_on, today))


def end_parent(work: Work, parent: Parent, until_on: date, why: str, version: int) -> None:
    """Write down that someone has no part in the child's life any more. What is known of them stays readable.

    An account of theirs sees the child no longer. Raises `Refusal`.
    """
    refuse_if_changed(parent, version)
    refuse_if_ended(parent)
    if not why:
        raise Refusal("Enter why they are no longer a parent or carer of this child", "why")
    refuse(span_problem("until_on", until_on, parent.from_on or parent.child.date_of_birth, work.today))
    queries.hold_child(work, parent.child_id)
    work.session.expire(parent.child, ["parents"])
    parent.until_on = until_on
    # Every look into the record goes by `account_id`: without it there is none, whatever page is added later.
    parent.former_account_id, parent.account_id = parent.account_id, None
    parent.position = 1 + max(one.position for one in parent.child.parents)
    close_access(work, parent, why)
    keep_before(work, parent, {}, Turn(Nature.ENDING, until_on, why))
    work.session.flush()
    work.session.expire(parent.child, ["parents"])
    work.publish(
        ParentEnded(
            authority_id=parent.authority_id,
            child_id=parent.child_id,
            parent_id=parent.id,
            until_on=until_on,
            former_account_id=parent.former_account_id,
        )
    )


def verify(work: Work, parent: Parent) -> None:
    """Write down that an officer is satisfied who this parent is."""
    parent.verified_at = work.at
    parent.verified_by_id = work.actor.account_id


def close_access(work: Work, parent: Parent, why: str) -> None:
    """End whatever way to the page a parent has who is no longer one, or whose account has closed."""
    access = queries.open_access(work, parent)
    if access is not None:
        access.state, access.ended_why = AccessState.ENDED, why
        access.ended_at, access.ended_by_id = work.at, work.actor.account_id


def keep_before(work: Work, parent: Parent, before: dict[str, Any], turn: Turn) -> None:
    """Keep what the record said of a parent."""
    work.session.add(
        DetailChange(
            authority_id=parent.authority_id,
            child_id=parent.child_id,
            subject=Subject.PARENT,
            nature=turn.nature,
            parent_id=parent.id,
            before=before,
            changed_on=turn.changed_on,
            at=work.at,
            by_id=work.actor.account_id,
            why=turn.why or None,
        )
    )


def refuse_if_changed(parent: Parent, version: int) -> None:
    """Raises `ChangedMeanwhile` where what is known of someone is no longer as it was read."""
    if parent.version != version:
        raise ChangedMeanwhile("What is known of this person")


def refuse_if_ended(parent: Parent) -> None:
    """Raises `Refusal` where someone has no part in the child's life any more."""
    if parent.until_on is not None:
        raise Refusal("This person is no longer a parent or carer of the child, so this can be read but not changed")
