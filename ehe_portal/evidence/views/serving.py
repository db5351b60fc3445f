"""Handing out what the vault keeps: to be saved, never opened in the portal's own name; pictures made anew.

Each frame of a file is authenticated before it leaves, the last one after the whole is known to be what was sent.
"""

import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from flask import Response, abort, render_template

from ehe_portal.audit.service import note_reading
from ehe_portal.core.files import NotShowable, content_disposition, picture_for_viewing
from ehe_portal.core.vault import StoredObject, VaultDamaged, VaultError, VaultMissing, VaultReader
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import EvidenceFile

log = logging.getLogger(__name__)

GONE = 410
LOCKED_DOWN = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def as_download(work: Work, file: EvidenceFile, layout: str) -> Any:
    """The file as it was sent, to be saved."""
    note(work, "evidence-file", file)
    try:
        content = opened(file)
    except (VaultDamaged, VaultMissing) as problem:
        return damaged(file, problem, layout)
    response = Response(watched(content, file.reference), mimetype=file.media_type, headers=LOCKED_DOWN)
    response.headers["Content-Disposition"] = content_disposition(file.filename)
    response.content_length = file.size
    response.call_on_close(content.close)
    return response


def as_picture(work: Work, file: EvidenceFile, layout: str) -> Any:
    """A picture of the file, made anew: without the place, time or camera that the original may carry."""
    if file.media_type not in rules.PICTURES:
        abort(404)
    note(work, "evidence-picture", file)
    try:
        with closing(opened(file)) as content:
            picture = picture_for_viewing(content)
    except (VaultDamaged, VaultMissing, NotShowable) as problem:
        return damaged(file, problem, layout)
    response = Response(picture.jpeg, mimetype="image/jpeg", headers=LOCKED_DOWN)
    response.headers["Content-Disposition"] = "inline"
    return response


def note(work: Work, what: str, file: EvidenceFile) -> None:
    """Put down, before anything leaves, who looks at which file."""
    note_reading(work, f"{what}/{file.reference}", authority_id=file.authority_id, child_id=file.evidence.child_id)


def opened(file: EvidenceFile) -> VaultReader:
    """The file's content. Raises `VaultError`."""
    return portal().vault.read(file.stored_as, StoredObject(file.stored_as, file.size, file.sha256))


def watched(content: VaultReader, reference: str) -> Iterator[bytes]:
    """The frames of a file; one that is not what was kept ends the download, broken off, and is logged."""
    try:
        yield from content
    except VaultError as problem:
        log.error("evidence file %s broke off: %s", reference, type(problem).__name__)
        raise


def damaged(file: EvidenceFile, problem: Exception, layout: str) -> Any:
    """Say that a file cannot be opened any more; nothing of it is shown."""
    log.error("evidence file %s cannot be opened: %s", file.reference, type(problem).__name__)
    return render_template("evidence/damaged.html", file=file, layout=layout), GONE
