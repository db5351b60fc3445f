"""A file page by page, without its leaving the portal, and the notes that officers write against a page.

Beside a form it stands in a frame of its own, so that looking on and writing a note leave the form as it is.
"""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.doors import framed_here
from ehe_portal.core.web import Pages, key_asked, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.forms import PageNoteForm
from ehe_portal.evidence.models import EvidenceFile
from ehe_portal.evidence.views.serving import pages_to_look_at

pages = Pages("page_notes", __name__, url_prefix="/children/<string:reference>/evidence")
BESIDE = "beside"
WHOLE, FRAMED = "core/child.html", "evidence/beside.html"


@pages.page(
    "/files/<string:file_reference>/note",
    methods=["GET", "POST"],
    needs=Permission.EVIDENCE_ASSESS,
    on=queries.file_on,
)
def write(work: Work, file: EvidenceFile) -> Any:
    """Write a note against a page: signed and dated, for the team unless a decision rests on it."""
    form = PageNoteForm()
    if form.validate_on_submit():
        count = pages_to_look_at(work, file, layout())
        if not isinstance(count, int):
            return count
        with form.refusals():
            note = service.write_page_note(work, file, key_asked("page") or 1, count, form.words.data)
            flash(f"Your note against page {note.page} is kept.")
            return redirect(address("evidence.look", file, note.page))
    return show(work, file, form)


def show(work: Work, file: EvidenceFile, form: PageNoteForm) -> Any:
    """One page of a file, with the notes against it."""
    count = pages_to_look_at(work, file, layout())
    if not isinstance(count, int):
        return framed_here(make_response(count))
    page = min(key_asked("page") or 1, count)
    notes = queries.notes_on(work, file)
    drawn = render_template(
        "evidence/look.html",
        layout=layout(),
        framed=layout() == FRAMED,
        file=file,
        child=file.child,
        pages=count,
        page=page,
        set_anew=file.media_type in rules.TEXTS,
        notes=[one for one in notes if one.page == page],
        elsewhere=sorted({one.page for one in notes} - {page}),
        names=accounts.names_of(work, {one.written_by_id for one in notes}),
        form=form if file.proof is None and portal().permits(work.actor, Permission.EVIDENCE_ASSESS) else None,
        address=address,
    )
    return framed_here(make_response(drawn))


def layout() -> str:
    """Round what it is drawn: the child's page, or nothing beside a form."""
    return FRAMED if request.args.get(BESIDE) else WHOLE


def address(endpoint: str, file: EvidenceFile, page: int) -> str:
    """A page of a file, or its form of notes, in the frame or out of it as now."""
    beside: dict[str, Any] = {BESIDE: "1"} if request.args.get(BESIDE) else {}
    return url_for(endpoint, reference=file.child.reference, file_reference=file.reference, page=page, **beside)
