"""Messages to a child's family stopped, and let go again. Why is read by those who may read safeguarding records."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.casefile import service
from ehe_portal.casefile.forms.stops import LetGoForm, StopForm
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Child

pages = Pages("stops", __name__, url_prefix="/children/<string:reference>/messages-stopped")


def back_to(child: Child) -> Any:
    """The page of stops again."""
    return redirect(url_for("stops.list_stops", reference=child.reference))


def note_stops(work: Work, child: Child) -> None:
    """Put down who reads why messages are or were stopped."""
    note_reading(work, "messages-stopped", authority_id=child.authority_id, child_id=child.id)


@pages.page("", needs=Permission.SAFEGUARDING_READ, on=queries.visible_child)
def list_stops(work: Work, child: Child) -> Any:
    """Whether messages are stopped, since when, by whom and why; and what there was before."""
    note_stops(work, child)
    stops = queries.stops_of(work, child.id)
    people = [one.stopped_by_id for one in stops] + [one.lifted_by_id for one in stops]
    return render_template("casefile/stops.html", child=child, stops=stops, names=accounts.names_of(work, people))


@pages.page("/stop", methods=["GET", "POST"], needs=Permission.MESSAGES_STOP, on=queries.visible_child)
def stop(work: Work, child: Child) -> Any:
    """Stop every message to the family at once."""
    if child.messages_stopped_at is not None:
        return back_to(child)
    form = StopForm()
    form.offer([one for one in queries.linked_children(work, child) if one.messages_stopped_at is None])
    if form.validate_on_submit():
        with form.refusals():
            service.stop_messages(work, child, form.why.data, form.others)
            flash("Messages to the family are stopped. Nothing more is sent, and their own page shows no change.")
            return back_to(child)
    return render_template("casefile/stop.html", child=child, form=form)


@pages.page("/let-go", methods=["GET", "POST"], needs=Permission.MESSAGES_LIFT_STOP, on=queries.visible_child)
def let_go(work: Work, child: Child) -> Any:
    """Let messages reach the family again."""
    found = queries.open_stop(work, child.id) or abort(404)
    note_stops(work, child)
    form = LetGoForm()
    if form.validate_on_submit():
        with form.refusals():
            register.let_messages_go(work, child, form.why.data)
            flash("Messages to the family are no longer stopped. What was held back is not sent after it.")
            return back_to(child)
    return render_template("casefile/let_go.html", child=child, form=form, stop=found)
