"""Handing out a letter as a PDF, and saying so where it cannot be opened any more."""

import logging
from typing import Any

from flask import Response, render_template

from ehe_portal.audit.service import note_reading
from ehe_portal.audit.service.damage import note_damaged
from ehe_portal.core.printing import PDF
from ehe_portal.core.vault import VaultDamaged, VaultMissing
from ehe_portal.core.work import Work
from ehe_portal.letters import service
from ehe_portal.letters.models import Letter

log = logging.getLogger(__name__)
GONE = 410


def note(work: Work, letter: Letter) -> None:
    """Put down, before anything leaves, who reads which letter."""
    note_reading(work, f"letter/{letter.reference}", authority_id=letter.authority_id, child_id=letter.child_id)


def as_pdf(work: Work, letter: Letter, layout: str, *, large: bool) -> Any:
    """A letter as it was made; in the other size set anew from the same words."""
    note(work, letter)
    try:
        content = service.pdf_of(work, letter, large=large)
    except (VaultDamaged, VaultMissing) as problem:
        return damaged(work, letter, problem, layout)
    name = f"letter-{letter.reference}{'-large-print' if large else ''}.pdf"
    return pdf(content, name)


def pdf(content: bytes, name: str) -> Response:
    """A PDF to be looked at, kept by no cache."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, mimetype=PDF, headers=headers)


def words_of(letter: Letter) -> service.Said | None:
    """What a letter says; None where that cannot be opened any more, which is logged."""
    try:
        return service.said_in(letter)
    except (VaultDamaged, VaultMissing) as problem:
        log.error("the words of letter %s cannot be opened: %s", letter.reference, type(problem).__name__)
        return None


def damaged(work: Work, letter: Letter, problem: Exception, layout: str) -> Any:
    """Say that a letter cannot be opened any more; people are told."""
    log.error("letter %s cannot be opened: %s", letter.reference, type(problem).__name__)
    note_damaged(work, letter.stored_as, letter.authority_id)
    return render_template("letters/damaged.html", letter=letter, child=letter.child, layout=layout), GONE
