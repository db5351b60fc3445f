"""A letter as it is kept: the PDF in the vault, and all that it says sealed beside its row."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from ehe_portal.accounts import queries as accounts
from ehe_portal.core.printing import printed
from ehe_portal.core.vault import StoredObject, VaultMissing, VaultReader
from ehe_portal.core.vault_rows import Sealed
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.letters.models import Letter, LetterWords
from ehe_portal.letters.rules.words import Block

AT_ONCE: Final = 8
"""How many files are put on the disk at once."""

LAYOUT: Final = ("templates", "letters", "letter.typ")


@dataclass(frozen=True, repr=False)
class Said:
    """All that a letter says, in the layout's terms. `to` begins with the parent's name; `facts` are the values that it
    was made of, as texts.
    """

    council: str
    ink: str
    to: list[str]
    reference: str
    date: str
    title: str
    salutation: str
    blocks: list[Block]
    signed: list[str]
    contact: list[tuple[str, str]]
    facts: dict[str, str] = field(default_factory=dict)


def purpose(reference: str) -> str:
    """What a letter's words are sealed for: nothing else opens them."""
    return f"letter/{reference}"


SEALED: Final = Sealed(LetterWords, purpose, made_of="reference")


def typeset(work: Work, authority_id: int, said: Said, *, large: bool, notify: bool = False) -> bytes:
    """A letter as a PDF, with the council's logo of today; for GOV.UK Notify as that prints letters."""
    return set_with(logo_of(work, authority_id), said, large=large, notify=notify)


def logo_of(work: Work, authority_id: int) -> bytes | None:
    """The council's logo of today, if it has one."""
    logo = accounts.logo_of(work, authority_id)
    return logo.jpeg if logo else None


def set_with(logo: bytes | None, said: Said, *, large: bool, notify: bool = False) -> bytes:
    """A letter as a PDF, with a logo."""
    words = {named.name: getattr(said, named.name) for named in fields(Said) if named.name != "facts"}
    return printed(portal().settings.root.joinpath(*LAYOUT), {**words, "large": large, "notify": notify}, logo)


def keep(work: Work, letters: Sequence[tuple[int, Said, bool]]) -> list[tuple[StoredObject, LetterWords]]:
    """Set letters and put them in the vault, each of (authority, words, in large print); what is kept there, and the
    row of its words.

    The vault first: a file whose row is never committed is swept away, a row without its file would be a broken letter.
    Putting a file on the disk for good is mostly waiting: meanwhile the next ones are set.
    """
    vault = portal().vault
    logos = {authority_id: logo_of(work, authority_id) for authority_id in {one for one, _, _ in letters}}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as waiting:
        stored = [
            waiting.submit(
                vault.store,
                f"{authority_id}/letters/{said.reference}",
                [set_with(logos[authority_id], said, large=large)],
            )
            for authority_id, said, large in letters
        ]
        return [
            (kept.result(), words_row(authority_id, said))
            for kept, (authority_id, said, _) in zip(stored, letters, strict=True)
        ]


def words_row(authority_id: int, said: Said) -> LetterWords:
    """What a letter says, sealed."""
    sealed = portal().vault.seal(json.dumps(asdict(said)).encode(), purpose(said.reference))
    return LetterWords(authority_id=authority_id, reference=said.reference, sealed=sealed)


def said_in(letter: Letter) -> Said:
    """What a letter says. Raises `VaultError` where that cannot be opened any more."""
    if letter.words is None:
        raise VaultMissing("the words of this letter are gone")
    told: Mapping[str, Any] = json.loads(portal().vault.open_sealed(letter.words.sealed, purpose(letter.reference)))
    return Said(**told)


def opened(letter: Letter) -> VaultReader:
    """The PDF as it was made. Raises `VaultError`."""
    return portal().vault.read(letter.stored_as, StoredObject(letter.stored_as, letter.size, letter.sha256))


def pdf_of(work: Work, letter: Letter, *, large: bool) -> bytes:
    """The PDF as it was made; in the other size it is set anew from the same words. Raises `VaultError`."""
    if large == letter.large_print:
        return b"".join(opened(letter))
    return typeset(work, letter.authority_id, said_in(letter), large=large)
