"""Making letters: who they go to, where, signed by whom; and taking one back that has not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import update

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import STAFF_ROLES, Role
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules
from ehe_portal.letters.events import LetterWithdrawn, LetterWritten
from ehe_portal.letters.models import Goes, Letter, LetterWishes
from ehe_portal.letters.rules import Facts, Kind
from ehe_portal.letters.service import keeping, wordings
from ehe_portal.letters.service.keeping import Said
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child, Parent

TEAM: Final = "Home education team"
STOPPED: Final = "Messages to this family are stopped. Ask a manager to lift the stop before anything is sent"


@dataclass(frozen=True)
class House:
    """What every letter of one writing shares: the council, the wording and who signs."""

    authority: Authority
    own: wordings.Own
    signed: list[str]
    adviser: str


@dataclass(frozen=True)
class Wanted:
    """Letters to be made about one child: to these of its parents (or their row numbers), of these values."""

    child: Child
    to: Sequence[Parent | int]
    facts: Facts


@dataclass(frozen=True)
class Draft:
    """One letter that is about to be set."""

    child: Child
    parent: Parent
    own: wordings.Own
    said: Said
    goes: Goes
    large: bool


def write(
    work: Work, kind: str, child: Child, to: Sequence[Parent | int], facts: Facts, *, goes: Goes | None = None
) -> list[Letter]:
    """Make a letter to each of these parents of a child (or their row numbers), at their own address. Raises `Refusal`.

    `facts` are the values of the kind's placeholders. Without `goes` each goes as suits its parent: on their own page
    where an officer has verified them, else by post; a notice under an Act by post; by hand where no address is known.
    """
    return write_many(work, kind, [Wanted(child, to, facts)], goes=goes)


def write_many(work: Work, kind: str, wanted: Sequence[Wanted], *, goes: Goes | None = None) -> list[Letter]:
    """Make letters of one kind about many children, all or none. Raises `Refusal`."""
    known = rules.KINDS[kind]
    for one in wanted:
        check(known, one.child, one.facts)
    held = queries.fetch_families(work, [one.child.id for one in wanted]) if len(wanted) > 1 else []
    addressed = [(one, recipients(one.child, one.to)) for one in wanted]
    wishes = queries.wishes_of(work, [parent.id for _, parents in addressed for parent in parents])
    authorities = {one.child.authority_id for one in wanted}
    worded = {authority_id: wordings.own_words(work, authority_id, known) for authority_id in authorities}
    drafts = []
    for one, parents in addressed:
        house = house_of(work, one.child, worded[one.child.authority_id])
        drafts += [draft(work, house, one, parent, wishes.get(parent.id), goes) for parent in parents]
    letters = make(work, drafts)
    held.clear()
    work.session.add_all(letters)
    work.session.flush()
    work.publish(
        *(
            LetterWritten(
                authority_id=letter.authority_id,
                child_id=letter.child_id,
                letter_id=letter.id,
                parent_id=letter.parent_id,
                account_id=one.parent.account_id if one.parent.verified_at is not None else None,
                kind=letter.kind,
                goes=letter.goes.value,
            )
            for letter, one in zip(letters, drafts, strict=True)
        )
    )
    return letters


def draft(
    work: Work, house: House, wanted: Wanted, parent: Parent, wish: LetterWishes | None, goes: Goes | None
) -> Draft:
    """What one parent is to get, and how. Raises `Refusal`."""
    said = told(work, house, wanted.child, parent, wanted.facts)
    way = goes or rules.way(
        statutory=house.own.kind.statutory,
        has_account=parent.account_id is not None and parent.verified_at is not None,
        by_post=wish is not None and wish.by_post,
        has_address=len(said.to) > 1,
    )
    if way is Goes.POST and len(said.to) == 1:
        raise Refusal("Enter an address for this parent first: a letter by post needs one", "to")
    return Draft(wanted.child, parent, house.own, said, way, wish is not None and wish.large_print)


def preview(work: Work, kind: str, child: Child, parent: Parent, facts: Facts) -> Said:
    """What a letter would say; nothing is kept. Raises `Refusal`."""
    known = rules.KINDS[kind]
    check(known, child, facts)
    (reader,) = recipients(child, [parent])
    house = house_of(work, child, wordings.own_words(work, child.authority_id, known))
    return told(work, house, child, reader, facts)


def kinds() -> dict[str, Kind]:
    """The kinds of letters that an officer may write, by key."""
    return {key: kind for key, kind in rules.KINDS.items() if kind.by_hand}


def check(kind: Kind, child: Child, facts: Facts) -> None:
    """Raises `Refusal` where a value is missing, or nothing may be sent to the family."""
    if child.messages_stopped_at is not None:
        raise Refusal(STOPPED)
    if wrong := rules.facts_problem(kind, facts):
        name, what_to_do = wrong
        raise Refusal(what_to_do, name.replace(" ", "_"))


def recipients(child: Child, to: Sequence[Parent | int]) -> list[Parent]:
    """The parents of today who are meant. Raises `Refusal` for anyone else, and for nobody."""
    wanted = {one if isinstance(one, int) else one.id for one in to}
    found = [parent for parent in child.carers if parent.id in wanted]
    if not found or len(found) != len(wanted):
        raise Refusal("Select a parent or carer of this child", "to")
    return found


def house_of(work: Work, child: Child, own: wordings.Own) -> House:
    """The council, its wording and who signs: whoever writes it, or the child's adviser, or the team."""
    authority = work.session.get_one(Authority, child.authority_id)
    staff = work.actor.role is not None and Role(work.actor.role) in STAFF_ROLES
    adviser_id = child.episode.adviser_id if child.episode else None
    signer = work.session.get(Account, work.actor.account_id) if staff else None
    adviser = work.session.get(Account, adviser_id) if adviser_id else None
    signer = signer or adviser
    signed = [signer.name, signer.role.label] if signer else [TEAM]
    return House(
        authority,
        own,
        [*signed, authority.name],
        adviser.name if adviser else "",
    )


def with_examples(authority: Authority, kind: Kind, words: rules.Words, today: date) -> Said:
    """What a letter of a wording would say, with made-up values and to made-up people."""
    examples = {one.name: one.example for one in kind.known} | {"council": authority.name}
    title, blocks = rules.composed(kind, words, examples | {"contact": reached(authority)})
    return Said(
        council=authority.name,
        ink=authority.ink or "",
        to=[examples["parent"], "1 Example Street", "Exampleton", "EX1 1EX"],
        reference="7K2MXQ0R4T",
        date=long_date(today),
        title=title,
        salutation=f"Dear {examples['parent']}",
        blocks=blocks,
        signed=[examples["adviser"], Role.ADVISER.label, authority.name],
        contact=contact_of(authority),
    )


def told(work: Work, house: House, child: Child, parent: Parent, facts: Facts) -> Said:
    """All that one letter says."""
    kind, authority = house.own.kind, house.authority
    texts = {one.name: text for one in kind.placeholders if (text := rules.said(one, facts.get(one.name)))}
    own = {
        "child": child.name,
        "first name": child.known_as,
        "parent": parent.name,
        "council": authority.name,
        "adviser": house.adviser,
        "contact": reached(authority),
    }
    title, blocks = rules.composed(kind, house.own.words, texts | own)
    return Said(
        council=authority.name,
        ink=authority.ink or "",
        to=[parent.name, *address_of(child, parent)],
        reference=new_reference(),
        date=long_date(work.today),
        title=title,
        salutation=f"Dear {parent.name}",
        blocks=blocks,
        signed=house.signed,
        contact=contact_of(authority),
        facts=texts,
    )


def contact_of(authority: Authority) -> list[tuple[str, str]]:
    """How to reach the council, as it stands at the end of a letter."""
    ways = [
        ("Email", authority.contact_email),
        ("Telephone", authority.contact_phone),
        ("Open", authority.opening_hours),
        ("Address", ", ".join(rules.address_lines(authority.contact_address or ""))),
    ]
    return [(label, words) for label, words in ways if words]


def reached(authority: Authority) -> str:
    """How to reach the council, within a sentence: "email a@b.example or ring 01234 567890"."""
    ways = [
        f"email {authority.contact_email}" if authority.contact_email else "",
        f"ring {authority.contact_phone}" if authority.contact_phone else "",
    ]
    return " or ".join(way for way in ways if way) or "write to us at the address in this letter"


def address_of(child: Child, parent: Parent) -> list[str]:
    """Where a parent's letters go, line by line; empty where that is not known.

    It is the parent's own address. Only of the first one does no address mean that they live with the child: another's
    letter never goes where the child lives, nor shows it, unless the record says so.
    """
    if parent.address:
        return rules.address_lines(parent.address)
    home = child.address
    if parent.position == 1 and home is not None and home.is_a_place:
        return rules.address_lines(home.line, home.postcode)
    return []


def make(work: Work, drafts: Sequence[Draft]) -> list[Letter]:
    """The rows of letters, with their PDFs in the vault."""
    kept = keeping.keep(work, [(one.child.authority_id, one.said, one.large) for one in drafts])
    return [
        Letter(
            authority_id=one.child.authority_id,
            reference=one.said.reference,
            child_id=one.child.id,
            parent_id=one.parent.id,
            kind=one.own.kind.key,
            wording=0 if one.own.is_original else one.own.number,
            goes=one.goes,
            large_print=one.large,
            words=words,
            stored_as=stored.identity,
            size=stored.size,
            sha256=stored.sha256,
            made_at=work.at,
            made_by_id=work.actor.account_id,
        )
        for one, (stored, words) in zip(drafts, kept, strict=True)
    ]


def withdraw(work: Work, letter: Letter, version: int) -> None:
    """Let a letter that has not left not be sent; it stays readable to staff. Raises `Refusal`."""
    if letter.version != version:
        raise ChangedMeanwhile("This letter")
    if letter.goes is Goes.PORTAL or letter.posted_on is not None:
        raise Refusal("This letter has gone to the parent. Write another one that puts it right")
    if letter.given_at is not None:
        raise Refusal("GOV.UK Notify has this letter to print. Cancel it there, and it comes back")
    if letter.withdrawn_at is not None:
        raise Refusal("This letter is not going to be sent already")
    letter.withdrawn_at, letter.withdrawn_by_id = work.at, work.actor.account_id
    work.session.flush()
    work.publish(LetterWithdrawn(authority_id=letter.authority_id, child_id=letter.child_id, letter_id=letter.id))


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: letters about the duplicate move to the record that stays."""
    for event in joined:
        work.session.execute(
            update(Letter).where(Letter.child_id == event.duplicate_child_id).values(child_id=event.child_id),
            execution_options={"synchronize_session": "fetch"},
        )
