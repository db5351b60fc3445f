"""Complaints, for those who answer them, and for those whom they are about once that was shared with them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.complaints import queries, service
from ehe_portal.complaints.forms import AnswerForm, PressForm
from ehe_portal.complaints.models import Complaint
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("complaints", __name__, url_prefix="/complaints-to-us")


@pages.page("", needs=Permission.COMPLAINT_READ)
def list_complaints(work: Work) -> Any:
    """All that the reader may read, what is open first."""
    after = request.args.get("after", "")
    found, last = queries.listed(work, queries.readable(work, after) if after else None)
    names = accounts.names_of(work, {one.handler_id for one in found})
    next_url = url_for("complaints.list_complaints", after=last.reference) if last is not None else None
    return render_template("complaints/list_complaints.html", complaints=found, names=names, next_url=next_url)


@pages.page("/<string:complaint_reference>", needs=Permission.COMPLAINT_READ, on=queries.readable)
def one(work: Work, complaint: Complaint) -> Any:
    """What a parent complained of, whom it may be about, and what became of it."""
    note_reading(work, "complaint", authority_id=complaint.authority_id, child_id=complaint.child_id)
    concerned = queries.concerned_of(work, complaint)
    people = {complaint.account_id, complaint.handler_id, complaint.overseer_id, complaint.answered_by_id}
    return render_template(
        "complaints/one.html",
        complaint=complaint,
        about=complaint.child,
        concerned=concerned,
        mine=work.actor.account_id not in {account.id for _, account in concerned},
        names=accounts.names_of(work, people),
        form=PressForm(version=complaint.version),
    )


@pages.page(
    "/<string:complaint_reference>/acknowledge",
    methods=["POST"],
    needs=Permission.COMPLAINT_ANSWER,
    on=queries.answerable,
)
def acknowledge(work: Work, complaint: Complaint) -> Any:
    """Tell the parent that it is being looked into."""
    form = PressForm(version=complaint.version)
    return pressed(work, complaint, form, lambda: service.acknowledge(work, complaint, form.version.data),
                   "Acknowledged. The parent is told, and by when they have the answer.")  # fmt: skip


@pages.page(
    "/<string:complaint_reference>/pass-on", methods=["POST"], needs=Permission.COMPLAINT_ANSWER, on=queries.answerable
)
def pass_on(work: Work, complaint: Complaint) -> Any:
    """Give it to somebody else, as it is about whoever has it."""
    form = PressForm(version=complaint.version)
    return pressed(work, complaint, form, lambda: service.pass_on(work, complaint, form.version.data),
                   "Passed on. You do not see it any more.")  # fmt: skip


@pages.page(
    "/<string:complaint_reference>/share/<string:account_reference>",
    methods=["POST"],
    needs=Permission.COMPLAINT_ANSWER,
    on=queries.concern_in,
)
def share(work: Work, concern: queries.Concern) -> Any:
    """Let somebody whom it is about read it."""
    form = PressForm(version=concern.complaint.version)
    return pressed(work, concern.complaint, form, lambda: service.share(work, concern.complaint, concern.of),
                   "Shared. They can read the complaint now, and cannot answer it.")  # fmt: skip


def pressed(work: Work, complaint: Complaint, form: PressForm, deed: Any, said: str) -> Any:
    """Do what a button says, and go back to where it leads: to the list where the complaint is not the actor's now."""
    if form.validate_on_submit():
        with form.refusals():
            deed()
            flash(said)
            if queries.readable(work, complaint.reference) is None:
                return redirect(url_for("complaints.list_complaints"))
            return redirect(url_for("complaints.one", complaint_reference=complaint.reference))
    flash("; ".join(words for words, _ in form.problems) or "Nothing was changed.", "notice")
    return redirect(url_for("complaints.one", complaint_reference=complaint.reference))


@pages.page(
    "/<string:complaint_reference>/answer",
    methods=["GET", "POST"],
    needs=Permission.COMPLAINT_ANSWER,
    on=queries.answerable,
    drafts=lambda _complaint: "Answer to a complaint",
)
def answer(work: Work, complaint: Complaint) -> Any:
    """Answer it, with reasons that the parent reads."""
    back = url_for("complaints.one", complaint_reference=complaint.reference)
    form = AnswerForm(version=complaint.version)
    if form.validate_on_submit():
        with form.refusals():
            service.answer(work, complaint, form.finding.data, form.answer.data, form.version.data)
            flash("Answered. The parent is told that they can read it.")
            return redirect(back)
    elif request.method == "GET" and not complaint.is_open:
        return redirect(back)
    return render_template("complaints/answer.html", form=form, complaint=complaint, back_url=back)
