"""Mails to those who are told that a colleague has not come back. They say nothing about a child."""

from collections.abc import Sequence
from typing import Protocol

from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import mail_to


class Missed(Protocol):
    """Somebody is told that a colleague has not said that they are back."""

    @property
    def account_id(self) -> int: ...
    @property
    def check_in_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def rung(self) -> int: ...


def tell_check_in_missed(work: Work, missed: Sequence[Missed]) -> None:
    """Tell each person at once, and where to read what to do."""
    found = queries.people(work, [event.account_id for event in missed], work.today)
    outbox.put(
        work,
        [
            mail_to(
                work,
                found[event.account_id],
                "check-in-missed",
                {"reference": event.reference, "again": event.rung > 1},
                f"{event.check_in_id}-{event.round}-{event.rung}",
            )
            for event in missed
            if event.account_id in found
        ],
    )
