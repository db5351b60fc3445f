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
from ehe_portal.letters.models import Goes, Letter
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


def write(
    work: Work, kind: str, child: Child, to: Sequence[Parent | int], facts: Facts, *, goes: Goes | None = None
) -> list[Letter]:
    """Make a letter to each of these parents of a child (or their row numbers), at their own address. Raises `Refusal`.

    `facts` are the values of the kind's placeholders. Without `goes` each goes as suits its parent: on their own page
    where an officer has verified them, else by post; a notice under an Act by post; by hand where no address is known.
    """
    known = rules.KINDS[kind]
    check(known, child, facts)
    parents = recipients(child, to)
    house = house_of(work, child, known)
    wishes = queries.wishes_of(work, [parent.id for parent in parents])
    letters = []
    for parent in parents:
        wish = wishes.get(parent.id)
        said = told(work, house, child, parent, facts)
        way = goes or rules.way(
            statutory=known.statutory,
            has_account=parent.account_id is not None and parent.verified_at is not None,
            by_post=wish is not None and wish.by_post,
            has_address=len(said.to) > 1,
        )
        if way is Goes.POST and len(said.to) == 1:
            raise Refusal("Enter an address for this parent first: a letter by post needs one", "to")
        large = wish is not None and wish.large_print
        letters.append(make(work, house, child, parent, said, way, large=large))
    work.session.add_all(letters)
    work.session.flush()
    work.publish(
        *(
            LetterWritten(
                authority_id=one.authority_id,
                child_id=one.child_id,
                letter_id=one.id,
                parent_id=parent.id,
                account_id=parent.account_id if parent.verified_at is not None else None,
                kind=one.kind,
                goes=one.goes.value,
            )
            for one, parent in zip(letters, parents, strict=True)
        )
    )
    return letters


def preview(work: Work, kind: str, child: Child, parent: Parent, facts: Facts) -> Said:
    """What a letter would say; nothing is kept. Raises `Refusal`."""
    known = rules.KINDS[kind]
    check(known, child, facts)
    (reader,) = recipients(child, [parent])
    return told(work, house_of(work, child, known), child, reader, facts)


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


def house_of(work: Work, child: Child, kind: Kind) -> House:
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
        wordings.own_words(work, child.authority_id, kind),
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


def make(work: Work, house: House, child: Child, parent: Parent, said: Said, goes: Goes, *, large: bool) -> Letter:
    """The row of a letter, with its PDF in the vault."""
    stored, words = keeping.keep(work, child.authority_id, said, large=large)
    return Letter(
        authority_id=child.authority_id,
        reference=said.reference,
        child_id=child.id,
        parent_id=parent.id,
        kind=house.own.kind.key,
        wording=0 if house.own.is_original else house.own.number,
        goes=goes,
        large_print=large,
        words=words,
        stored_as=stored.identity,
        size=stored.size,
        sha256=stored.sha256,
        made_at=work.at,
        made_by_id=work.actor.account_id,
    )


def withdraw(work: Work, letter: Letter, version: int) -> None:
    """Let a letter that has not left not be sent; it stays readable to staff. Raises `Refusal`."""
    if letter.version != version:
        raise ChangedMeanwhile("This letter")
    if letter.goes is Goes.PORTAL or letter.posted_on is not None:
        raise Refusal("This letter has gone to the parent. Write another one that puts it right")
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
