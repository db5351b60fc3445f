"""A registration that was begun: kept sealed, page by page, until it is sent or 30 days have passed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete

from ehe_portal.core.days import london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.reference import new_reference
from ehe_portal.core.vault import Vault, VaultDamaged
from ehe_portal.core.vault_rows import Sealed
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.models import RegistrationDraft
from ehe_portal.register.rules.answers import Answers, plain, read_kept
from ehe_portal.register.rules.questions import CHILD_PAGES, FAMILY_PAGES, MOST_CHILDREN, is_asked, together

Pages = dict[str, dict[str, Any]]
"""Answers by page, then by question, as JSON keeps them."""


@dataclass
class Draft:
    """What was typed so far: of each child under a random key, of the family, and of how it came where it is keyed in.

    `kept_until` is the last day on which it can be gone on with, if nothing more is typed.
    """

    children: dict[str, Pages] = field(default_factory=dict)
    family: Pages = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    kept_until: date | None = None

    @property
    def is_begun(self) -> bool:
        """Whether there is a child in it."""
        return bool(self.children)

    def pages_of(self, key: str | None) -> Pages:
        """The pages of one child, or of the family."""
        return self.family if key is None else self.children[key]

    def name_of(self, key: str) -> str:
        """What a child is called on the way: by name, or by number until that is told."""
        told = self.children[key].get("name", {})
        number = list(self.children).index(key) + 1
        return str(told.get("preferred_name") or told.get("legal_forename") or f"Child {number}")

    def answers_of(self, key: str, required: frozenset[str]) -> Answers | None:
        """What was told of one child; None where it is not whole. What is no longer asked is left out."""
        told = together({**self.children[key], **self.family})
        return read_kept({name: answer for name, answer in told.items() if is_asked(name, told, required)})


def purpose(account_id: int | None) -> str:
    """What drafts of one account are sealed for."""
    return f"registration-draft:{account_id}"


SEALED = Sealed(RegistrationDraft, purpose)


def open_draft(work: Work, vault: Vault) -> Draft:
    """What was begun; empty where nothing was, or where what was kept cannot be opened any more."""
    return opened(work, vault, queries.draft(work))


def opened(work: Work, vault: Vault, found: RegistrationDraft | None) -> Draft:
    """A draft from its row."""
    if found is None:
        return Draft()
    try:
        said = json.loads(vault.open_sealed(found.sealed, purpose(work.actor.account_id)))
    except (VaultDamaged, ValueError):
        return Draft()
    children = said.get("children", {})
    return Draft(
        children={key: known_pages(pages, CHILD_PAGES) for key, pages in children.items()},
        family=known_pages(said.get("family", {}), FAMILY_PAGES),
        source=said.get("source", {}),
        kept_until=london_date(found.saved_at + queries.DRAFT_KEPT_FOR),
    )


def known_pages(pages: Pages, known: Any) -> Pages:
    """The pages that there still are."""
    return {name: answers for name, answers in pages.items() if name in known}


def change(work: Work, vault: Vault) -> tuple[Draft, RegistrationDraft | None]:
    """The draft, to be changed and kept: another tab that keeps a page at the same moment waits for this one."""
    found = queries.draft(work, to_change=True)
    return opened(work, vault, found), found


def keep(work: Work, vault: Vault, draft: Draft, found: RegistrationDraft | None) -> None:
    """Seal a draft and keep it."""
    said = {"children": draft.children, "family": draft.family, "source": draft.source}
    sealed = vault.seal(json.dumps(said).encode(), purpose(work.actor.account_id))
    if found is not None:
        found.sealed, found.saved_at = sealed, work.at
    elif work.actor.account_id is not None:
        work.session.add(RegistrationDraft(account_id=work.actor.account_id, sealed=sealed, saved_at=work.at))


def add_child(work: Work, vault: Vault) -> str:
    """Make room for one more child; gives its key. Raises `Refusal`."""
    draft, found = change(work, vault)
    if len(draft.children) >= MOST_CHILDREN:
        raise Refusal(f"Choose {MOST_CHILDREN} children at most, send these, and then register the others")
    key = new_reference()
    draft.children[key] = {}
    keep(work, vault, draft, found)
    return key


def remove_child(work: Work, vault: Vault, key: str) -> None:
    """Forget what was typed of one child. One who is gone already stays so."""
    draft, found = change(work, vault)
    draft.children.pop(key, None)
    keep(work, vault, draft, found)


def keep_page(work: Work, vault: Vault, page: str, answers: dict[str, Any], key: str | None = None) -> None:
    """Keep the answers of one page, of a child or of the family, beside those of the others. Raises `Refusal`."""
    keep_pages(work, vault, {page: answers}, key)


def keep_pages(work: Work, vault: Vault, pages: Pages, key: str | None = None) -> None:
    """Keep the answers of several pages. Raises `Refusal` for a child who was removed in another tab."""
    draft, found = change(work, vault)
    if key is not None and key not in draft.children:
        raise Refusal("Choose “Add another child”: this child was removed in another tab")
    draft.pages_of(key).update({page: plain_answers(answers) for page, answers in pages.items()})
    keep(work, vault, draft, found)


def keep_source(work: Work, vault: Vault, answers: dict[str, Any]) -> None:
    """Keep how a registration came that is keyed in."""
    draft, found = change(work, vault)
    draft.source = plain_answers(answers)
    keep(work, vault, draft, found)


def plain_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """A page's answers as JSON keeps them."""
    return {name: plain(value) for name, value in answers.items()}


def discard_draft(work: Work) -> None:
    """Throw away what was begun."""
    work.session.execute(delete(RegistrationDraft).where(RegistrationDraft.account_id == work.actor.account_id))


def forget_drafts(work: Work, ids: Sequence[int]) -> None:
    """Throw away drafts that nobody came back to."""
    work.session.execute(delete(RegistrationDraft).where(RegistrationDraft.id.in_(ids)))
