"""Files that arrive with a form: looked into and put in the vault before the form's own work begins.

Looking into a photograph and encrypting it takes seconds, for which no transaction should wait. What has arrived
stays, as long as a draft, whatever becomes of the form: one that comes back, to be corrected or finished, still has
its files.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import g, request, url_for
from werkzeug.datastructures import FileStorage

from ehe_portal.accounts.policy import Permission
from ehe_portal.core import presses
from ehe_portal.core.errors import Refusal
from ehe_portal.core.files import Problem, Verdict, about
from ehe_portal.core.transaction import transaction
from ehe_portal.core.uploads import inspect_upload, spooled
from ehe_portal.core.vault import StoredObject, VaultUnavailable
from ehe_portal.core.web import Portal, may_open, portal
from ehe_portal.core.work import Actor, Scope, Work
from ehe_portal.evidence import queries, service
from ehe_portal.evidence.forms import FilesForm
from ehe_portal.evidence.models import WaitingFile
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

log = logging.getLogger(__name__)

ARRIVED = "ehe_portal.arrived_files"
FIELD = "files"
TICKED = "keep"  # the field that lists what arrived before
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Arrivals:
    """The files of one request: references of those that are kept, and a sentence about each that is not."""

    kept: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def refusal(self) -> Refusal | None:
        """What the form says beside its files, if some were not taken."""
        return Refusal(f"Choose other files: {'. '.join(self.problems)}", "files") if self.problems else None


def arrivals() -> Arrivals:
    """What arrived with this request."""
    found: Arrivals = request.environ.get(ARRIVED, Arrivals())
    return found


def offer_files(work: Work, child: Child, form: FilesForm) -> list[str]:
    """List, on a page's form, the files that have arrived and wait; references of those that are ticked.

    On a page being opened these are all that its draft says, and those that have arrived since it was saved.
    """
    ticked = [*(form.keep.posted or []), *arrivals().kept]
    waiting = queries.files_kept(work, child, ticked)
    if request.method == "GET":
        kept = g.get("kept_words")
        since = kept.shown.saved_at if kept is not None else None
        waiting = queries.files_waiting(work, child)
        ticked += [file.reference for file in waiting if since is None or file.arrived_at > since]
    form.offer(waiting, ticked)
    address = url_for(".begin_upload", reference=child.reference)
    form.offer_uploads(address, service.largest_file(work, child), queries.unfinished(work, child))
    return ticked


ExpectAbout = Callable[[Work, Child, str, str, int], WaitingFile]
"""As `Expect`, of a child who has been found. Raises `Refusal`."""


def taking_in(endpoint: str, needs: Permission, expect: ExpectAbout = service.expect_file) -> Callable[[], None]:
    """What is done before the form of `endpoint` is handled, for those who have what it needs."""

    def before() -> None:
        if request.method == "POST" and request.endpoint == endpoint:
            take_in(needs, expect)

    return before


def take_in(needs: Permission, expect_about: ExpectAbout) -> None:
    """Keep the files of a form, if whoever sends them may, and has not sent them before."""
    files = [file for file in request.files.getlist(FIELD) if file.filename]
    house = portal()
    actor, scope = house.identify()
    if not files or not may_open(house, actor, needs):
        return
    reference = (request.view_args or {})["reference"]
    with transaction(house.work(actor, scope, writing=False), may_write=False) as reading:
        welcome = visible_child(reading, reference) is not None and presses.led_to(reading) is None
    if welcome:

        def expect(work: Work, filename: str, media_type: str, size: int) -> WaitingFile | None:
            child = visible_child(work, reference)
            return None if child is None else expect_about(work, child, filename, media_type, size)

        keep(house, actor, scope, files, expect)


Expect = Callable[[Work, str, str, int], WaitingFile | None]
"""Puts down that a file of a name, a media type and a size is about to be kept; None where nothing may be, any more."""


def keep(house: Portal, actor: Actor, scope: Scope, files: Sequence[FileStorage], expect: Expect) -> None:
    """Look into each file and put those that may be taken in the vault, each with its row first."""
    looked = [(file, inspect_upload(file)) for file in files]
    problems = [about(problem, verdict.safe_filename) for _, verdict in looked for problem in verdict.problems]
    expected: list[tuple[FileStorage, WaitingFile]] = []
    with transaction(house.work(actor, scope, writing=True), may_write=True) as work:
        for file, verdict in looked:
            if verdict.fine:
                try:
                    waiting = expect(work, *named(verdict), spooled(file).size)
                except Refusal as refusal:
                    problems.append(refusal.message)
                else:
                    expected += [(file, waiting)] if waiting is not None else []
    stored: list[StoredObject] = []
    for file, waiting in expected:
        try:
            stored.append(house.vault.store(waiting.stored_as, pieces(file)))
        except VaultUnavailable:
            log.exception("a file could not be put in the vault")
            problems.append(about(Problem.NOT_STORED.value, waiting.filename))
    with transaction(house.work(actor, scope, writing=True), may_write=True) as work:
        service.note_kept(work, stored)
    arrived = Arrivals(tuple(one.identity.rpartition("/")[2] for one in stored), tuple(problems))
    request.environ[ARRIVED] = arrived
    g.came_along = tuple((TICKED, one) for one in arrived.kept)


def named(verdict: Verdict) -> tuple[str, str]:
    """The name and the media type of a file that may be taken."""
    return verdict.safe_filename, verdict.media_type or "application/octet-stream"


def pieces(file: FileStorage) -> Iterator[bytes]:
    """A file bit by bit, from its start."""
    file.stream.seek(0)
    return iter(lambda: file.stream.read(PIECE), b"")
