"""What follows a decision. For officers: another approves or returns it; what was asked for with it is changed. A
parent comments on it.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.forms import APPROVE, MORE_TIME, ApprovalForm, ChangeRequestForm
from ehe_portal.evidence.forms.ways import DecisionCommentForm
from ehe_portal.evidence.models import Assessment, DecisionState, InformationRequest
from ehe_portal.evidence.queries import comments
from ehe_portal.evidence.views.serving import may_be_opened
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

own = Pages("family_decisions", __name__, url_prefix="/family/children/<string:reference>/decisions")
pages = Pages("decisions", __name__, url_prefix="/children/<string:reference>/evidence")


@pages.page(
    "/decisions/<string:assessment_reference>/approve",
    methods=["GET", "POST"],
    needs=Permission.EVIDENCE_APPROVE,
    on=queries.decision_on,
    drafts=lambda _assessment: "Answer to a decision that waits",
)
def approve(work: Work, assessment: Assessment) -> Any:
    """Approve what another person decided, or return it with reasons. The family sees nothing until then."""
    child = assessment.child
    back = url_for("evidence.list_evidence", reference=child.reference)
    form = ApprovalForm()
    if form.validate_on_submit():
        with form.refusals():
            if form.verdict.data == APPROVE:
                service.approve(work, assessment, form.reasons.data)
                flash("Approved. The decision stands, and each verified parent is told that they can read it.")
            else:
                service.return_it(work, assessment, form.reasons.data)
                flash("Returned. The person who decided sees why on their day.")
            return redirect(back)
    elif request.method == "GET":
        if assessment.state is not DecisionState.WAITING:
            return redirect(back)
        note_reading(work, "evidence", authority_id=assessment.authority_id, child_id=assessment.child_id)
    return render_template(
        "evidence/approve.html",
        form=form,
        child=child,
        assessment=assessment,
        own=assessment.decided_by_id == work.actor.account_id,
        names=accounts.names_of(work, {assessment.decided_by_id}),
        may_be_opened=may_be_opened,
        scanning=portal().scanner is not None,
        shown=rules.SHOWN,
        in_words=rules.in_words,
        back_url=back,
    )


@pages.page("/compare", needs=Permission.EVIDENCE_READ, on=visible_child)
def compare(work: Work, child: Child) -> Any:
    """The last two decisions that stand, side by side: criterion by criterion, and what each rests on."""
    note_reading(work, "evidence", authority_id=child.authority_id, child_id=child.id)
    decided = queries.last_decisions(work, child.id)
    return render_template(
        "evidence/compare.html",
        child=child,
        decided=decided,
        criteria=rules.Criterion,
        names=accounts.names_of(work, {one.decided_by_id for one in decided}),
        may_be_opened=may_be_opened,
        scanning=portal().scanner is not None,
        shown=rules.SHOWN,
        in_words=rules.in_words,
    )


@pages.page(
    "/requests/<string:request_reference>/change",
    methods=["GET", "POST"],
    needs=Permission.EVIDENCE_ASSESS,
    on=queries.request_on,
)
def change_request(work: Work, asked: InformationRequest) -> Any:
    """Give a family more time, or withdraw what it was asked for; it reads why."""
    child = asked.child
    back = url_for("evidence.list_evidence", reference=child.reference)
    form = ChangeRequestForm()
    if form.validate_on_submit():
        with form.refusals():
            if form.change.data == MORE_TIME:
                service.give_time(work, asked, form.last_on.data, form.reasons.data)
                flash(f"The family has until {long_date(asked.last_on)}. Its own page says so, and why.")
            else:
                service.withdraw(work, asked, form.reasons.data)
                flash("The request is withdrawn. The family’s own page says so, and why.")
            return redirect(back)
    elif request.method == "GET" and asked.ended_at is not None:
        return redirect(back)
    return render_template("evidence/change_request.html", form=form, child=child, asked=asked, back_url=back)


@own.page(
    "/<string:assessment_reference>/comment",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_ANSWER,
    on=comments.told_decision,
)
def comment(work: Work, assessment: Assessment) -> Any:
    """Say something of a decision, as of any other record."""
    back = url_for("family.decisions", reference=assessment.child.reference)
    form = DecisionCommentForm()
    if form.validate_on_submit():
        with form.refusals():
            service.comment(work, assessment, form.words.data)
            flash("Your comment stands beside our decision now. Officers who read the decision read it too.")
            return redirect(back)
    return render_template(
        "evidence/comment.html", child=assessment.child, assessment=assessment, form=form, back_url=back
    )
