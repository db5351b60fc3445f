"""Mails about files that the virus scanner did not pass, about a scanner that does not do its part, and about files
that are damaged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import AboutChild, mail_to, not_stopped

TOLD_OF_FILES = (Role.ADMINISTRATOR, Role.EHE_MANAGER)


class Looked(AboutChild, Protocol):
    """A file was scanned. `account_id` sent it, or added it for a family: then it is `keyed_in`."""

    @property
    def file_id(self) -> int: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def keyed_in(self) -> bool: ...
    @property
    def sealed(self) -> bool: ...


class Delayed(Protocol):
    """Files of an authority wait for the scanner."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def since(self) -> datetime: ...


class Damaged(Protocol):
    """A file that is kept was found damaged; `first` where no other of its authority was known to be."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def identity(self) -> str: ...
    @property
    def first(self) -> bool: ...


def tell_file_sealed(work: Work, scanned: Sequence[Looked]) -> None:
    """Tell who sent a file that nobody may open, blaming nobody; and the child's adviser, or who added it."""
    sealed = [event for event in scanned if event.sealed]
    if not sealed:
        return
    senders = {event.file_id: event.account_id for event in not_stopped(work, sealed) if not event.keyed_in}
    advisers = queries.adviser_ids(work, {event.child_id for event in sealed if event.child_id is not None})
    staff = {
        event.file_id: event.account_id if event.keyed_in else advisers.get(event.child_id or 0) for event in sealed
    }
    tell_of_files(work, "file-not-opened", sealed, senders)
    tell_of_files(work, "file-sealed", sealed, staff)


def tell_of_files(work: Work, template: str, sealed: Sequence[Looked], told: Mapping[int, int | None]) -> None:
    """Write about each file to the holder of the account that is named for it."""
    found = queries.people(work, {one for one in told.values() if one is not None}, work.today)
    references = queries.child_references(work, [event.child_id or 0 for event in sealed])
    rows = []
    for event in sealed:
        account_id = told.get(event.file_id)
        if account_id is not None and account_id in found:
            family_of = event.child_id if template == "file-not-opened" else None
            context = {"child_reference": references[event.child_id or 0]}
            about = f"{event.file_id}-{work.at:%Y%m%d%H%M%S}"
            rows.append(mail_to(work, found[account_id], template, context, about, family_of))
    outbox.put(work, rows)


def tell_scanning_delayed(work: Work, delayed: Sequence[Delayed]) -> None:
    """Tell the administrators and managers of each authority, once, that files wait for the scanner."""
    rows = []
    for event in delayed:
        if event.authority_id is None:
            continue
        context = {"since": event.since.isoformat()}
        about = f"{event.authority_id}-{work.at.isoformat()}"
        people = queries.staff_of(work, [event.authority_id], TOLD_OF_FILES, work.today)
        rows += [mail_to(work, person, "scanning-delayed", context, about) for person in people]
    outbox.put(work, rows)


def tell_file_damaged(work: Work, found: Sequence[Damaged]) -> None:
    """Tell the administrators and managers of an authority, once, that a file that is kept cannot be opened."""
    rows = []
    for event in found:
        if event.authority_id is None or not event.first:
            continue
        about = f"{event.identity}-{work.at.isoformat()}"
        people = queries.staff_of(work, [event.authority_id], TOLD_OF_FILES, work.today)
        rows += [mail_to(work, person, "file-damaged", {}, about) for person in people]
    outbox.put(work, rows)
