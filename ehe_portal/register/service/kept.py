"""What a child's record said before it was put right or changed: kept, so that no earlier value is ever lost."""

from typing import Any

from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, DetailChange, Subject
from ehe_portal.register.service.carers import Turn


def keep_before(work: Work, child: Child, subject: Subject, before: dict[str, Any], turn: Turn) -> None:
    """Keep what the record said of a child."""
    work.session.add(
        DetailChange(
            authority_id=child.authority_id,
            child_id=child.id,
            subject=subject,
            nature=turn.nature,
            before=before,
            changed_on=turn.changed_on,
            at=work.at,
            by_id=work.actor.account_id,
            why=turn.why or None,
        )
    )
