"""Handing out what the vault keeps: to be saved, never opened in the portal's own name; pictures made anew.

Each frame of a file is authenticated before it leaves, the last one after the whole is known to be what was sent. A
file's own address leads on to one that holds for two minutes, in this sitting alone: it may be left in a history, a
log or somebody's clipboard.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, redirect, render_template, request, session, stream_with_context, url_for

from ehe_portal.audit.service import note_reading
from ehe_portal.audit.service.damage import note_damaged, note_damaged_now
from ehe_portal.core.files import (
    NotShowable,
    Picture,
    content_disposition,
    page_for_viewing,
    pages_in,
    picture_for_viewing,
)
from ehe_portal.core.links import FileLink, read_file_link, sign_file_link
from ehe_portal.core.vault import StoredObject, VaultDamaged, VaultMissing, VaultReader
from ehe_portal.core.web import key_asked, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import EvidenceFile

log = logging.getLogger(__name__)

GONE = 410
LOCKED = 423
LINK = "link"
LINK_HOLDS = timedelta(minutes=2)
LOCKED_DOWN = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def as_download(work: Work, file: EvidenceFile, layout: str) -> Any:
    """The file as it was sent, to be saved, for whoever comes by a link that holds; others are given one."""
    if not may_be_opened(file):
        return not_open(file, layout)
    link = request.args.get(LINK)
    if link is None:
        fresh = sign_file_link(portal().settings.secret_key, link_of(work, file, work.at + LINK_HOLDS))
        return redirect(url_for(request.endpoint or "", **(request.view_args or {}), link=fresh))
    asked = read_file_link(portal().settings.secret_key, link)
    if asked is None or asked != link_of(work, file, asked.until) or asked.until <= work.at:
        return render_template("evidence/link_over.html", file=file, layout=layout), GONE
    return as_sent(work, file, layout)


def link_of(work: Work, file: EvidenceFile, until: datetime) -> FileLink:
    """The link to a file that this sitting may use until a moment."""
    return FileLink(file.reference, f"{work.actor.account_id}.{session.get('sitting', '')}", until)


def may_be_opened(file: EvidenceFile) -> bool:
    """Whether a file may leave the vault."""
    return rules.may_be_opened(file.scan, scanning=portal().scanner is not None)


def not_open(file: EvidenceFile, layout: str) -> Any:
    """Say why a file cannot be opened, now or at all."""
    return render_template("evidence/not_open.html", file=file, layout=layout), LOCKED


def as_sent(work: Work, file: EvidenceFile, layout: str) -> Any:
    """The file as it was sent, to be saved."""
    note(work, "evidence-file", file)
    try:
        content = opened(file)
    except (VaultDamaged, VaultMissing) as problem:
        return damaged(work, file, problem, layout)
    response = Response(
        stream_with_context(watched(content, file.stored_as, file.authority_id)),
        mimetype=file.media_type,
        headers=LOCKED_DOWN,
    )
    response.headers["Content-Disposition"] = content_disposition(file.filename)
    response.content_length = file.size
    response.call_on_close(content.close)
    return response


def as_picture(work: Work, file: EvidenceFile, layout: str) -> Any:
    """A picture of the file, or of the page that is asked for, made anew: without what the original carries besides."""
    paged = file.media_type in rules.PAGED

    def drawn(content: VaultReader) -> Picture:
        return page_for_viewing(content, key_asked("page") or 1) if paged else picture_for_viewing(content)

    picture = looked_into(work, file, layout, drawn)
    if not isinstance(picture, Picture):
        return picture
    response = Response(picture.jpeg, mimetype="image/jpeg", headers=LOCKED_DOWN)
    response.headers["Content-Disposition"] = "inline"
    return response


def pages_to_look_at(work: Work, file: EvidenceFile, layout: str) -> Any:
    """How many pages of a file can be looked at here, as a number; where none can, the answer that says why."""
    return looked_into(work, file, layout, lambda content: pages_in(content) if file.media_type in rules.PAGED else 1)


def looked_into(work: Work, file: EvidenceFile, layout: str, look: Callable[[VaultReader], Any]) -> Any:
    """What `look` finds in a file of which something can be shown here; where nothing can, the answer that says why."""
    if file.media_type not in rules.SHOWN:
        abort(404)
    if not may_be_opened(file):
        return not_open(file, layout)
    note(work, "evidence-picture", file)
    try:
        with closing(opened(file)) as content:
            return look(content)
    except NotShowable:
        return render_template("evidence/not_shown.html", file=file, layout=layout), GONE
    except (VaultDamaged, VaultMissing) as problem:
        return damaged(work, file, problem, layout)


def note(work: Work, what: str, file: EvidenceFile) -> None:
    """Put down, before anything leaves, who looks at which file."""
    note_reading(work, f"{what}/{file.reference}", authority_id=file.authority_id, child_id=file.child.id)


def opened(file: EvidenceFile) -> VaultReader:
    """The file's content. Raises `VaultError`."""
    return portal().vault.read(file.stored_as, StoredObject(file.stored_as, file.size, file.sha256))


def watched(content: VaultReader, stored_as: str, authority_id: int) -> Iterator[bytes]:
    """The frames of a file; one that is not what was kept ends the download, broken off, and people are told."""
    try:
        yield from content
    except (VaultDamaged, VaultMissing):
        note_damaged_now(stored_as, authority_id)
        raise


def damaged(work: Work, file: EvidenceFile, problem: Exception, layout: str) -> Any:
    """Say that a file cannot be opened any more; nothing of it is shown, and people are told."""
    log.error("evidence file %s cannot be opened: %s", file.reference, type(problem).__name__)
    note_damaged(work, file.stored_as, file.authority_id)
    return render_template("evidence/damaged.html", file=file, layout=layout), GONE
