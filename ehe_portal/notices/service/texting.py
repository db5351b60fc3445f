"""Texts to parents who asked for them: each says that there is something to read, beside the mail that says so too."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from ehe_portal.core import outbox
from ehe_portal.core.days import LONDON
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.notices import queries, rules

FROM, UNTIL = time(8), time(20)
"""Texts leave between these hours of London: a phone makes a noise."""

KEY: Final = "text-{}"


def put_with_texts(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Let these messages leave, and with those that wait to be read a text to each parent who asked for texts."""
    outbox.put(work, [*rows, *texts_for(work, rows)])


def texts_for(work: Work, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One text for each parent, however many messages they get, and none where one has not left yet."""
    if not portal().settings.notify.text_template:
        return []
    told = {row["account_id"]: row for row in reversed(rows) if row["template"] in rules.TEXTED and row["account_id"]}
    numbers = queries.mobiles(work, told)
    waiting = queries.told_by_text(work, numbers)
    return [a_text(work, told[whose], number) for whose, number in numbers.items() if whose not in waiting]


def a_text(work: Work, mail: dict[str, Any], number: str) -> dict[str, Any]:
    """The text beside a mail. It carries nothing at all of what that says."""
    row = outbox.row(
        work,
        authority_id=mail["authority_id"],
        account_id=mail["account_id"],
        to=number,
        template=rules.TEXT_TO_READ,
        context={},
        key=KEY.format(mail["idempotency_key"]),
        topic=outbox.TEXT,
        topic_id=mail["topic_id"],
    )
    # Until then it does not count as one that waits (see core/health.py).
    return {**row, "created_at": by_day(work.at), "next_try_at": by_day(work.at)}


def by_day(at: datetime) -> datetime:
    """The moment itself, where phones may ring then; else the next morning."""
    here = at.astimezone(LONDON)
    if FROM <= here.time() < UNTIL:
        return at
    day = here.date() + timedelta(days=here.time() >= UNTIL)
    return datetime.combine(day, FROM, LONDON)
