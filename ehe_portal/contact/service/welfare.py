"""The welfare check: written at the door, completed section by section at the desk, signed; and the family's copy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any

from ehe_portal.contact import queries, rules
from ehe_portal.contact.events import (
    ConcernMarked,
    ObservationNoted,
    RecordAddedTo,
    WelfareCheckChanged,
    WelfareCheckSigned,
)
from ehe_portal.contact.models import Contact, ContactAddendum, SafeguardingObservation, WelfareCheck
from ehe_portal.contact.rules import ON_CONTACT, Alone, Section, Told
from ehe_portal.contact.service.clocks import settle
from ehe_portal.core.codes import ChildSeen, ContactKind, PrimaryReason
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import service as register
from ehe_portal.register.models import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A welfare check: what was found. `address_confirmed` is None if not asked; most of it may stay empty.

    The names are those of rules.welfare, but for what belongs to the contact itself.
    """

    persons_present: str = ""
    childs_words: str | None = None
    education_seen: str | None = None
    address_confirmed: bool | None = None
    at_time: time | None = None
    minutes: int | None = None
    place: str | None = None
    first_visit: bool | None = None
    spoken_to: bool | None = None
    alone: Alone | None = None
    styles: tuple[str, ...] = ()
    environment: str | None = None
    progress: str | None = None
    aspirations: str | None = None
    social: str | None = None
    conclusion: str | None = None
    recommendations: str | None = None
    discussed_with_school: Told | None = None
    school_suggested: Told | None = None
    otherwise_considered: Told | None = None
    reasons: tuple[str, ...] = ()
    main_reason: PrimaryReason | None = None
    sen: str | None = None
    health: str | None = None
    support: str | None = None
    exams: str | None = None
    next_kind: ContactKind | None = None
    referrals: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is said, by field, as it is kept."""
        return {field.name: as_kept(field.name, getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A safeguarding observation: what was seen or heard, what the recorder makes of it, who said so.

    And whom they consulted, what was done, and at what time of that day. With `cannot_wait` the CME team is told.
    """

    fact: str
    opinion: str | None = None
    source: str | None = None
    consulted: str | None = None
    action: str | None = None
    done_time: time | None = None
    cannot_wait: bool = False


@dataclass(frozen=True, slots=True)
class FamilyCopy:
    """A welfare check as a verified parent may read it: sections of (label, words), and when it was signed by whom."""

    kind: ContactKind
    happened_on: date
    signed_at: datetime
    signed_by_id: int | None
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def as_kept(name: str, value: Any) -> Any:
    """An answer as the database keeps it: lists as lists, nothing as nothing."""
    if name in ("styles", "reasons"):
        return [str(one) for one in value or ()]
    if name == "persons_present":
        return value or ""
    return None if value == "" else value


def said_in(contact: Contact, names: tuple[str, ...]) -> dict[str, Any]:
    """What a contact and its check say in these fields."""
    return {name: getattr(contact if name in ON_CONTACT else contact.welfare_check, name) for name in names}


# Writing


def add_check(work: Work, contact: Contact, check: Check, *, signed: bool) -> None:
    """Add a welfare check to a contact that is being recorded."""
    kept = WelfareCheck(authority_id=contact.authority_id, contact_id=contact.id, **check.values)
    if signed:
        kept.signed_at, kept.signed_by_id = work.at, work.actor.account_id
    work.session.add(kept)
    if signed:
        confirm_home(work, contact, kept)


def confirm_home(work: Work, contact: Contact, check: WelfareCheck) -> None:
    """What a signed check says of the address holds on the register too."""
    if check.address_confirmed:
        register.confirm_as_seen(work, work.session.get_one(Child, contact.child_id), contact.happened_on)


def save_section(work: Work, contact: Contact, section: Section, said: Mapping[str, Any], *, as_read: str) -> None:
    """Write one section of a check. Raises `Refusal`.

    `as_read` is the mark (rules.as_read) of what the section said when its form was opened: whoever comes second is
    told, while changes to other sections disturb nobody. What is signed is not changed any more.
    """
    queries.hold(work, contact)
    names = rules.sections_of(contact.kind, contact.outcome).get(section, ())
    check = contact.welfare_check
    if check is None or contact.struck_out_at is not None or not names:
        raise Refusal("This record cannot be changed: it was struck out, or has no such part")
    if check.signed_at is not None:
        raise Refusal("This record has been signed, and says for good what it says. Add to it instead")
    if rules.as_read(said_in(contact, names)) != as_read:
        raise ChangedMeanwhile("This part of the record")
    values = {name: as_kept(name, said.get(name)) for name in names}
    refuse_section(contact, section, values)
    for name, value in values.items():
        setattr(contact if name in ON_CONTACT else check, name, value)
    work.session.flush()
    keys: dict[str, Any] = {"authority_id": contact.authority_id, "child_id": contact.child_id}
    work.publish(WelfareCheckChanged(**keys, contact_id=contact.id, section=section))
    if section in (Section.CHILD, Section.NEXT):
        settle(work, queries.running_episodes(work, [contact.child_id]), raising=True)


def refuse_section(contact: Contact, section: Section, values: Mapping[str, Any]) -> None:
    """Whether a section can say this. Raises `Refusal`."""
    held = "child_seen" in rules.asked_of(contact.kind, contact.outcome)
    if section is Section.VISIT and held and not values["persons_present"]:
        raise Refusal("Enter who was there", "persons_present")
    if section is Section.CHILD:
        refuse_unless_fitting(rules.seen_problem(values["child_seen"], values))
    agreed: date | None = values.get("agreed_next_on")
    if agreed is not None and agreed <= contact.happened_on:
        raise Refusal("Enter a date that is later than this contact", "agreed_next_on")


def refuse_unless_fitting(problem: tuple[str, str] | None) -> None:
    """Raises `Refusal` for a problem that a rule has found."""
    if problem is not None:
        field, message = problem
        raise Refusal(message, field)


def sign(work: Work, contact: Contact, *, version: int | None) -> None:
    """Sign a check: it is what the officer saw and was told. Raises `Refusal`.

    `version` is the check's when the officer read it: nobody signs what they have not read.
    """
    queries.hold(work, contact)
    check = contact.welfare_check
    if check is None or contact.struck_out_at is not None:
        raise Refusal("This record cannot be signed: it was struck out, or holds no welfare check")
    if check.version != version:
        raise ChangedMeanwhile("This record")
    if check.signed_at is not None:
        raise Refusal("This record is signed already")
    check.signed_at, check.signed_by_id = work.at, work.actor.account_id
    work.session.flush()
    work.publish(
        WelfareCheckSigned(authority_id=contact.authority_id, child_id=contact.child_id, contact_id=contact.id)
    )
    confirm_home(work, contact, check)


def add_to_record(work: Work, contact: Contact, words: str, *, for_family: bool) -> ContactAddendum:
    """Add a correction to a signed record: it stands under the record for good, with a name and a date. Raises
    `Refusal`.
    """
    check = contact.welfare_check
    if check is None or contact.struck_out_at is not None:
        raise Refusal("Nothing can be added: this record was struck out, or holds no welfare check")
    if check.signed_at is None:
        raise Refusal("Change the record itself: it has not been signed yet")
    if not words.strip():
        raise Refusal("Enter what you want to add", "words")
    added = ContactAddendum(
        authority_id=contact.authority_id,
        contact_id=contact.id,
        words=words.strip(),
        for_family=for_family,
        written_at=work.at,
        written_by_id=work.actor.account_id,
    )
    work.session.add(added)
    work.session.flush()
    work.publish(
        RecordAddedTo(
            authority_id=contact.authority_id, child_id=contact.child_id, contact_id=contact.id, addendum_id=added.id
        )
    )
    return added


# Safeguarding


def note_observation(work: Work, contact: Contact, noted: Observation) -> None:
    """Add a safeguarding observation to a contact, with its record or later; what cannot wait is raised at once.

    Earlier ones stay as they are. Raises `Refusal`.
    """
    if not noted.fact:
        raise Refusal("Enter what was seen or heard", "fact")
    kept = SafeguardingObservation(
        authority_id=contact.authority_id,
        child_id=contact.child_id,
        contact_id=contact.id,
        fact=noted.fact,
        opinion=noted.opinion or None,
        source=noted.source or None,
        consulted=noted.consulted or None,
        action=noted.action or None,
        done_time=noted.done_time,
        cannot_wait=noted.cannot_wait,
        recorded_at=work.at,
        recorded_by_id=work.actor.account_id,
    )
    work.session.add(kept)
    work.session.flush()
    work.publish(ObservationNoted(authority_id=contact.authority_id, child_id=contact.child_id, contact_id=contact.id))
    if kept.cannot_wait:
        work.publish(
            ConcernMarked(
                authority_id=contact.authority_id,
                child_id=contact.child_id,
                contact_id=contact.id,
                observation_id=kept.id,
            )
        )


# The family's copy


def family_copy(check: WelfareCheck) -> FamilyCopy | None:
    """What a verified parent may read of a check: the fields of rules.FAMILY_READS and no others, once it is signed.

    None while it is not signed, or where its contact was struck out, as far as the family may know. Safeguarding
    observations are rows of another table, which this never opens.
    """
    contact = check.contact
    if check.signed_at is None or contact.child.is_held_back(check.signed_at) or contact.is_struck_out_for_family:
        return None
    asked = rules.asked_of(contact.kind, contact.outcome)
    sections = []
    for section, names in rules.FAMILY_READS.items():
        said = said_in(contact, tuple(name for name in names if name in asked))
        told = [(rules.LABELS[name], rules.answer_in_words(name, value)) for name, value in said.items()]
        if answered := tuple((label, words) for label, words in told if words is not None):
            sections.append((section.label, answered))
    return FamilyCopy(contact.kind, contact.happened_on, check.signed_at, check.signed_by_id, tuple(sections))


def seen_or_refused(child_seen: ChildSeen | None, check: Check) -> None:
    """Whether what is said of the child fits together. Raises `Refusal`."""
    refuse_unless_fitting(rules.seen_problem(child_seen, check.values))
