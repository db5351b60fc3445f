"""What is known of a child: names, date of birth, numbers, needs; and whether the child must be hidden."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from ehe_portal.core.codes import SenStatus, Sex
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import ChildDetailsChanged, ProtectionLifted, ProtectionSet
from ehe_portal.register.models import Child, Nature, Subject
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.rules.people import birth_problem, differing
from ehe_portal.register.service.addresses import refuse
from ehe_portal.register.service.ages import reopened
from ehe_portal.register.service.carers import Turn, check_turn
from ehe_portal.register.service.doubles import find_doubles
from ehe_portal.register.service.kept import keep_before

COMPARED: Final = {"legal_forename", "legal_surname", "preferred_name", "date_of_birth", "upn", "nhs_number"}
"""By what records are found to be alike: where it changes, they are looked for once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a child."""

    legal_forename: str
    legal_surname: str
    preferred_name: str | None
    date_of_birth: date
    sex: Sex
    sen_status: SenStatus
    upn: str | None
    nhs_number: str | None
    language: str


def change_details(work: Work, child: Child, details: Details, turn: Turn, version: int) -> None:
    """Put right or change what is known of a child; what the record said is kept. Raises `Refusal`.

    School age follows the date of birth, and the contact clock follows school age; what was said of its end was said of
    another birthday, and an episode that it had closed too early is open again.
    """
    if child.version != version:
        raise ChangedMeanwhile("What is known of this child")
    refuse(birth_problem(details.date_of_birth, work.today))
    check_turn(turn, details.date_of_birth, work.today)
    new = asdict(details)
    before = differing({name: getattr(child, name) for name in new}, new)
    if not before:
        raise Refusal("Enter what has changed: nothing differs from what is written down")
    if "date_of_birth" in before and turn.nature is not Nature.CORRECTION:
        raise Refusal("Select that the record was wrong: a date of birth does not change", "nature")
    for name in before:
        setattr(child, name, new[name])
    child.sort_name = sort_name(child.legal_forename, child.legal_surname, child.preferred_name)
    if "date_of_birth" in before:
        child.age_starts, child.age_ends = compulsory_school_age(child.date_of_birth)
        child.age_ends_said_on = None
    keep_before(work, child, Subject.CHILD, written(before), turn)
    work.session.flush()
    work.publish(
        ChildDetailsChanged(
            authority_id=child.authority_id, child_id=child.id, nature=turn.nature.value, parts=tuple(before)
        ),
        *reopened(work, child),
    )
    if COMPARED & set(before):
        work.publish(*find_doubles(work, child))


def written(before: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in before.items()}


def set_protection(
    work: Work, child: Child, protected: bool, why: str, version: int, along: Sequence[str] = ()
) -> None:
    """Hide a child's address and whereabouts, or lift that. `along` names linked children for whom the same is so.

    Raises `Refusal`.
    """
    if child.version != version:
        raise ChangedMeanwhile("What is known of this child")
    if not why:
        raise Refusal("Enter the reason", "why")
    if child.protected is protected:
        raise Refusal("This child is protected already" if protected else "This child is not protected")
    family = {one.reference: one for one in queries.linked_children(work, child)}
    if set(along) - set(family):
        raise Refusal("Select children who are linked as one family with this child", "along")
    events: list[Event] = []
    for one in (child, *(family[reference] for reference in along)):
        if one.protected is not protected:
            one.protected = protected
            keep_before(
                work, one, Subject.PROTECTION, {"protected": not protected}, Turn(Nature.CHANGE, work.today, why)
            )
            events.append(
                ProtectionSet(authority_id=one.authority_id, child_id=one.id)
                if protected
                else ProtectionLifted(authority_id=one.authority_id, child_id=one.id)
            )
    work.session.flush()
    work.publish(*events)
