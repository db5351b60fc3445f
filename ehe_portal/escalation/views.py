"""Answering an escalation; the concerns about one child. The queue itself is drawn by the casefile."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.forms import CloseForm, ConcernForm, TriageForm
from ehe_portal.escalation.models import Escalation
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("escalation", __name__, url_prefix="/escalations/<string:reference>")
concerns = Pages("concerns", __name__, url_prefix="/children/<string:reference>/concerns")
ALL_PAGES = (pages, concerns)


def to_escalation(escalation: Escalation) -> Any:
    """Back to the escalation's own page."""
    return redirect(url_for("queue.escalation", reference=escalation.reference))


@pages.page("/acknowledge", methods=["POST"], needs=Permission.ESCALATION_ANSWER, on=queries.visible_escalation)
def acknowledge(work: Work, escalation: Escalation) -> Any:
    """Say that one is looking at it."""
    try:
        service.acknowledge(work, escalation)
    except Refusal as refusal:
        flash(f"{refusal.message}.", "notice")
    else:
        flash("Acknowledged. Others can see that you are looking at it.")
    return to_escalation(escalation)


@pages.page("/triage", methods=["GET", "POST"], needs=Permission.ESCALATION_ANSWER, on=queries.visible_escalation)
def triage(work: Work, escalation: Escalation) -> Any:
    """Record a decision."""
    owners = queries.owners(work, escalation.authority_id)
    own = next((one.reference for one in owners if one.id == (escalation.owner_id or work.actor.account_id)), None)
    form = TriageForm(version=escalation.version, owner=own)
    form.offer_owners(owners, work.today)
    if form.validate_on_submit():
        with form.refusals():
            service.triage(work, escalation, form.decided(owners), form.version.data or 0)
            flash("Decision recorded")
            return to_escalation(escalation)
    return render_template("escalation/triage.html", form=form, escalation=escalation)


@pages.page("/close", methods=["GET", "POST"], needs=Permission.ESCALATION_ANSWER, on=queries.visible_escalation)
def close(work: Work, escalation: Escalation) -> Any:
    """Close it, in one of the ways that do not silence it."""
    endings, latest = service.possible_endings(work, escalation)
    if not endings:
        return render_template("escalation/cannot_close.html", escalation=escalation)
    form = CloseForm(version=escalation.version, closing=endings[0] if len(endings) == 1 else None)
    form.offer_endings(endings, latest)
    if form.validate_on_submit():
        with form.refusals():
            service.close(work, escalation, form.ending(), form.version.data or 0)
            flash("Closed")
            return to_escalation(escalation)
    return render_template("escalation/close.html", form=form, escalation=escalation)


@concerns.page("", needs=Permission.ESCALATION_READ, on=visible_child)
def list_concerns(work: Work, child: Child) -> Any:
    """What has been raised about a child."""
    return render_template(
        "escalation/concerns.html",
        child=child,
        still_open=queries.open_about(work, child.id),
        closed=queries.closed_about(work, child.id),
    )


@concerns.page(
    "/new",
    methods=["GET", "POST"],
    needs=Permission.CONCERN_RAISE,
    on=visible_child,
    drafts=lambda _child: "Concern",
)
def raise_concern(work: Work, child: Child) -> Any:
    """Tell the CME team of a worry."""
    form = ConcernForm()
    if form.validate_on_submit():
        with form.refusals():
            service.raise_concern(work, child, form.words.data, danger_now=form.danger_now.data is True)
            flash("Concern raised. The CME team is being told now.")
            return redirect(url_for("concerns.list_concerns", reference=child.reference))
    return render_template("escalation/raise_concern.html", form=form, child=child)
