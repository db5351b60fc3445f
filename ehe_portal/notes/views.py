"""The notes about one child."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.notes import queries, service
from ehe_portal.notes.forms import NoteForm, StrikeOutForm
from ehe_portal.notes.models import Note
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("notes", __name__, url_prefix="/children/<string:reference>/notes")
ALL_PAGES = (pages,)


@pages.page("", needs=Permission.CHILD_READ, on=visible_child)
def list_notes(work: Work, child: Child) -> Any:
    """Every note about the child, the latest first; those that the reader may not read are withheld."""
    notes, after = queries.notes_about(work, child.id, request.args.get("after"))
    note_reading(work, "notes", authority_id=child.authority_id, child_id=child.id)
    return render_template("notes/list_notes.html", child=child, notes=notes, after=after)


@pages.page(
    "/new",
    methods=["GET", "POST"],
    needs=Permission.NOTE_WRITE,
    on=visible_child,
    drafts=lambda _child: "Note",
)
def write(work: Work, child: Child) -> Any:
    """Write a note."""
    form = NoteForm(about_on=work.today)
    if form.validate_on_submit():
        with form.refusals():
            service.write(work, child, form.draft())
            flash("The note has been saved. It can no longer be changed; one that is wrong can be struck out.")
            return redirect(url_for("notes.list_notes", reference=child.reference))
    return render_template("notes/write.html", child=child, form=form)


@pages.page(
    "/<string:note_reference>/strike-out",
    methods=["GET", "POST"],
    needs=Permission.NOTE_WRITE,
    on=queries.readable_note,
)
def strike_out(work: Work, note: Note) -> Any:
    """Strike out a note that is wrong."""
    form = StrikeOutForm(version=note.version)
    if form.validate_on_submit():
        with form.refusals():
            service.strike_out(work, note, form.why.data, form.version.data or 0)
            flash("The note has been struck out. It stays readable, with your reason.")
            return redirect(url_for("notes.list_notes", reference=note.child.reference))
    return render_template("notes/strike_out.html", child=note.child, note=note, form=form)
