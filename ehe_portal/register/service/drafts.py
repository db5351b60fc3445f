"""A registration that a parent has begun: kept sealed, page by page, until it is sent."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete

from ehe_portal.core.vault import Vault, VaultDamaged
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.models import RegistrationDraft
from ehe_portal.register.rules.answers import STEPS, plain

Draft = dict[str, dict[str, Any]]
"""Answers by page, then by question, as JSON keeps them."""


def purpose(account_id: int | None) -> str:
    """What drafts of one account are sealed for."""
    return f"registration-draft:{account_id}"


def draft_answers(work: Work, vault: Vault) -> Draft:
    """The answers so far; none where nothing was begun, or where what was kept cannot be opened any more."""
    found = queries.draft(work)
    if found is None:
        return {}
    try:
        opened = json.loads(vault.open_sealed(found.sealed, purpose(work.actor.account_id)))
    except (VaultDamaged, ValueError):
        return {}
    return {step: answers for step, answers in opened.items() if step in STEPS}


def keep_draft(work: Work, vault: Vault, step: str, answers: dict[str, Any]) -> None:
    """Keep the answers of one page beside those of the others."""
    kept = draft_answers(work, vault)
    kept[step] = {name: plain(value) for name, value in answers.items()}
    sealed = vault.seal(json.dumps(kept).encode(), purpose(work.actor.account_id))
    found = queries.draft(work)
    if found is not None:
        found.sealed, found.saved_at = sealed, work.at
    elif work.actor.account_id is not None:
        work.session.add(RegistrationDraft(account_id=work.actor.account_id, sealed=sealed, saved_at=work.at))


def forget_drafts(work: Work, ids: Sequence[int]) -> None:
    """Throw away drafts that nobody came back to."""
    work.session.execute(delete(RegistrationDraft).where(RegistrationDraft.id.in_(ids)))
