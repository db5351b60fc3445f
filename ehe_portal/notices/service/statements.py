"""Mails that say only that somebody has written what a parent asked for: what it says is on their own page alone."""

from collections.abc import Sequence
from typing import Protocol

from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import mail_to
from ehe_portal.register import queries as register


class Written(Protocol):
    """Somebody wrote a statement; `account_id` is the parent's who asked for it."""

    @property
    def statement_id(self) -> int: ...
    @property
    def of_child_id(self) -> int: ...
    @property
    def account_id(self) -> int: ...


def tell_statement_written(work: Work, written: Sequence[Written]) -> None:
    """Tell each parent that what they asked for has been written."""
    stopped = register.stopped_children(work, {event.of_child_id for event in written})
    told = [event for event in written if event.of_child_id not in stopped]
    found = queries.people(work, [event.account_id for event in told], work.today)
    references = queries.child_references(work, [event.of_child_id for event in told])
    rows = []
    for event in told:
        if event.account_id in found:
            context = {"child_reference": references[event.of_child_id]}
            about = str(event.statement_id)
            rows.append(mail_to(work, found[event.account_id], "statement-written", context, about, event.of_child_id))
    outbox.put(work, rows)
