"""What an officer has begun to write and not finished, for their own day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ehe_portal.casefile.queries.sight import within
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child


@dataclass(frozen=True)
class Unfinished:
    """One record that was begun: about which child, what it is, where it goes on, since when."""

    child: Child
    title: str
    path: str
    began_at: datetime
    saved_at: datetime


def my_unfinished_records(work: Work, most: int) -> list[Unfinished]:
    """What this account has begun about children in its scope and not finished, the longest begun first."""
    rows = work.session.execute(
        select(FormDraft, Child)
        .join(Child, Child.reference == FormDraft.about)
        .where(
            FormDraft.account_id == work.actor.account_id,
            FormDraft.form.is_not(None),
            FormDraft.kept_until > work.at,
            within(work, Child.authority_id),
        )
        .order_by(FormDraft.began_at, FormDraft.id)
        .limit(most)
    )
    return [
        Unfinished(child, draft.title or "", f"{draft.path}?draft={draft.reference}", draft.began_at, draft.saved_at)
        for draft, child in rows
    ]
