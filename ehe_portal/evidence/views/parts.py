"""Files that come in parts, by the tus protocol 1.0.0 (tus.io/protocols/resumable-upload), which other programs speak
too: creation, termination and expiration.

The bytes of a part are sealed and kept while they arrive, before the door's own transaction: a phone may take minutes
for them, and nobody should wait for it. After the last part the file is looked into and put in the vault; then it
waits, as those of a plain form do, until it is sent. What was put down is answered for only once it is on the disk.

The requests carry the portal's cookie, so those that change anything carry its token too (`X-CSRFToken`), and all but
OPTIONS the protocol's own header, which no form of another site can.
"""

import base64
import binascii
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase
from typing import cast

from flask import Response, request, url_for
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import http_date

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.errors import Refusal
from ehe_portal.core.files import Problem, Verdict, about, inspect, safe_filename
from ehe_portal.core.transaction import transaction
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.vault import Growing, Overtaken, StoredObject, Vault, VaultUnavailable
from ehe_portal.core.web import Pages, may_open, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.models import WaitingFile
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

log = logging.getLogger(__name__)

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
MEDIA_TYPE = "application/offset+octet-stream"
UNKNOWN = "application/octet-stream"
TAKEN = "ehe_portal.taken_part"
PIECE = 256 * 1024


@dataclass(frozen=True)
class Part:
    """What became of one part: how many bytes are kept now; the whole file, if it is; or what was wrong with it."""

    offset: int = 0
    stored: StoredObject | None = None
    verdict: Verdict | None = None
    status: int = 204
    problem: str = ""


def open_to_parts(pages: Pages, needs: Permission) -> None:
    """Give a slice's pages the addresses to which files come in parts."""
    one = "/uploads/<string:upload_reference>"
    for rule, on, method, view in (
        ("/uploads", visible_child, "OPTIONS", what_is_spoken),
        ("/uploads", visible_child, "POST", begin_upload),
        (one, queries.upload_on, "HEAD", how_far_upload),
        (one, queries.upload_on, "PATCH", takes_files(continue_upload)),
        (one, queries.upload_on, "DELETE", drop_upload),
    ):
        pages.program(rule, needs=needs, on=on, methods=[method], provide_automatic_options=False)(view)
    pages.before_request(taking_parts(f"{pages.name}.continue_upload", needs))


def answer(status: int, words: str = "", **headers: object) -> Response:
    """An answer as the protocol has it; `words` say to a person what is wrong."""
    response = Response(words, status, mimetype="text/plain")
    response.headers.update({"Tus-Resumable": VERSION, "Cache-Control": "no-store"})
    response.headers.update({name.replace("_", "-"): str(value) for name, value in headers.items()})
    return response


def in_other_words() -> Response | None:
    """The answer to a request in another version of the protocol, or in none."""
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return answer(412, "Tus-Resumable must be 1.0.0", Tus_Version=VERSION)


def expires(waiting: WaitingFile) -> str:
    """Until when what has arrived is kept."""
    kept = rules.UNFINISHED_KEPT if waiting.sha256 is None else rules.WAITING_FILES_KEPT
    return http_date(waiting.arrived_at + kept)


def growing(vault: Vault, waiting: WaitingFile) -> Growing:
    """What has arrived of a file."""
    return vault.growing(waiting.stored_as, waiting.to_come or 0)


# Requests


def what_is_spoken(work: Work, child: Child) -> Response:
    """OPTIONS: what of the protocol is spoken here."""
    most = service.largest_file(work, child)
    return answer(204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=most)


def begin_upload(work: Work, child: Child) -> Response:
    """POST: a file of `Upload-Length` bytes is to come."""
    if wrong := in_other_words():
        return wrong
    length = number_of("Upload-Length")
    filename = filename_of(request.headers.get("Upload-Metadata", ""))
    if length is None or filename is None:
        return answer(400, "Upload-Length must be a number, and Upload-Metadata as the protocol has it")
    if length == 0:
        return answer(422, about(Problem.EMPTY.value, safe_filename(filename)))
    try:
        waiting = service.expect_file(work, child, safe_filename(filename), UNKNOWN, length, in_parts=True)
    except Refusal as refusal:
        return answer(413 if length > service.largest_file(work, child) else 422, refusal.message)
    place = url_for(".how_far_upload", reference=child.reference, upload_reference=waiting.reference)
    return answer(201, Location=place, Upload_Expires=expires(waiting))


def how_far_upload(work: Work, waiting: WaitingFile) -> Response:
    """HEAD: how much of a file has arrived."""
    if wrong := in_other_words():
        return wrong
    offset = waiting.to_come if waiting.sha256 else growing(portal().vault, waiting).offset
    return answer(200, Upload_Offset=offset, Upload_Length=waiting.to_come, Upload_Expires=expires(waiting))


def continue_upload(work: Work, waiting: WaitingFile) -> Response:
    """PATCH: the next part, which is kept by now (see `take_part`)."""
    part: Part = request.environ[TAKEN]
    if part.stored is not None and part.verdict is not None:
        verdict = part.verdict
        service.note_arrived(work, waiting, part.stored, verdict.safe_filename, verdict.media_type or UNKNOWN)
    elif part.verdict is not None:
        # What may not be taken is gone already; its row goes too, though the answer keeps nothing else.
        work.afterwards(partial(service.forget_refused, waiting.id))
    if part.status >= 400:
        wrong = in_other_words()
        return wrong or answer(part.status, part.problem)
    return answer(204, Upload_Offset=part.offset, Upload_Expires=expires(waiting))


def drop_upload(work: Work, waiting: WaitingFile) -> Response:
    """DELETE: the file is not wanted any more."""
    if wrong := in_other_words():
        return wrong
    try:
        service.give_up(work, portal().vault, waiting)
    except Overtaken:
        return answer(423, "The file is just being put away")
    return answer(204)


# Parts


def taking_parts(endpoint: str, needs: Permission) -> Callable[[], None]:
    """What is done before the door of `endpoint` opens, for those who have what it needs: the part is kept."""

    def before() -> None:
        if request.endpoint != endpoint or request.method != "PATCH":
            return
        house = portal()
        actor, scope = house.identify()
        if not may_open(house, actor, needs):
            return
        with transaction(house.work(actor, scope, writing=False), may_write=False) as reading:
            if (waiting := queries.upload_on(reading, **(request.view_args or {}))) is not None:
                reading.session.expunge(waiting)
        if waiting is not None:
            request.environ[TAKEN] = take_part(house.vault, waiting)

    return before


def take_part(vault: Vault, waiting: WaitingFile) -> Part:
    """Keep the part that this request brings; the whole file, if it is the last one."""
    if problem := wrong_with_part(waiting):
        return problem
    offset = number_of("Upload-Offset") or 0
    try:
        with growing(vault, waiting) as so_far:
            if so_far.offset != offset:
                return Part(status=409, problem="Upload-Offset is not where the file ends")
            arrived = so_far.take(offset, arriving())
            return Part(arrived) if arrived < so_far.length else completed(vault, so_far, waiting)
    except Overtaken:
        return Part(status=423, problem="Another request is sending this file")
    except VaultUnavailable:
        log.exception("a part could not be kept")
        return Part(status=503, problem=about(Problem.NOT_STORED.value, waiting.filename))


def wrong_with_part(waiting: WaitingFile) -> Part | None:
    """Why nothing of this part is taken, if so."""
    offset, length = number_of("Upload-Offset"), waiting.to_come or 0
    if request.headers.get("Tus-Resumable") != VERSION:
        return Part(status=412)
    if request.mimetype != MEDIA_TYPE:
        return Part(status=415, problem=f"Content-Type must be {MEDIA_TYPE}")
    if offset is None or waiting.sha256 is not None:
        return Part(status=409, problem="Upload-Offset is not where the file ends")
    if request.content_length is None:
        return Part(status=411, problem="Content-Length is missing")
    if offset + request.content_length > length:
        return Part(status=413, problem="More than was announced")
    return None


def arriving() -> Iterator[memoryview]:
    """The bytes of this part, as far as the connection lasts; each piece lies where the next one will."""
    room, coming = memoryview(bytearray(PIECE)), cast(BufferedIOBase, request.stream)
    with suppress(ClientDisconnected, OSError):
        while size := coming.readinto(room):
            yield room[:size]


def completed(vault: Vault, so_far: Growing, waiting: WaitingFile) -> Part:
    """Look into a file that has arrived whole, and put it in the vault if it may be taken."""
    content = so_far.content()
    verdict = inspect(content, waiting.filename)
    if not verdict.fine:
        so_far.discard()
        vault.delete(waiting.stored_as)
        words = ". ".join(about(problem, verdict.safe_filename) for problem in verdict.problems)
        return Part(verdict=verdict, status=422, problem=words)
    for _ in content:
        pass  # what the look into it left unread must open too, and count for the hash
    return Part(so_far.length, vault.take_over(so_far), verdict)


# Headers


def number_of(header: str) -> int | None:
    """A header that says a number of bytes; None where it does not."""
    said = request.headers.get(header, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 15 else None


def filename_of(metadata: str) -> str | None:
    """The file's name among pairs of a key and a value in base64; empty where it has none, None where it is not so."""
    name = ""
    for pair in filter(None, (each.strip() for each in metadata.split(","))):
        key, _, value = pair.partition(" ")
        try:
            words = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        if key == "filename":
            name = words
    return name
