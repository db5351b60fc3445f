"""A child's education, health and care plan: written down, reviewed, ended."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms.plans import PlanEndForm, PlanForm, PlanReviewForm
from ehe_portal.register.models import Child, EhcPlan

pages = Pages("plan", __name__, url_prefix="/children/<string:reference>/plan")


def back_to(child: Child) -> Any:
    """The child's page again."""
    return redirect(url_for("child.overview", reference=child.reference))


def the_kept_one(work: Work, child: Child) -> EhcPlan:
    """The plan that the authority keeps; without one there is nothing to review, and the page is not found."""
    plan = queries.plan_of(work, child)
    return plan if plan is not None and plan.ended_on is None else abort(404)


@pages.page("", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def record(work: Work, child: Child) -> Any:
    """Write down when the plan was made and last reviewed, or put that right."""
    plan = queries.plan_of(work, child)
    form = PlanForm(
        version=plan.version if plan else 0,
        made_on=plan.made_on if plan else None,
        reviewed_on=plan.reviewed_on if plan else None,
    )
    if form.validate_on_submit() and form.made_on.data is not None:
        with form.refusals():
            kept = service.record_plan(work, child, form.made_on.data, form.reviewed_on.data, form.version.data or 0)
            flash(f"Saved. The last day for the next review of the plan is {long_date(kept.due_on)}.")
            return back_to(child)
    return render_template("register/plan.html", form=form, child=child, plan=plan)


@pages.page("/review", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def review(work: Work, child: Child) -> Any:
    """Write down that a review was held."""
    plan = the_kept_one(work, child)
    form = PlanReviewForm(version=plan.version)
    if form.validate_on_submit() and form.reviewed_on.data is not None:
        with form.refusals():
            kept = service.hold_review(work, child, form.reviewed_on.data, form.version.data or 0)
            flash(f"Saved. The last day for the next review of the plan is {long_date(kept.due_on)}.")
            return back_to(child)
    return render_template("register/plan_review.html", form=form, child=child, plan=plan)


@pages.page("/ended", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def end(work: Work, child: Child) -> Any:
    """Write down that the authority keeps the plan no longer."""
    plan = the_kept_one(work, child)
    form = PlanEndForm(version=plan.version)
    if form.validate_on_submit() and form.ended_on.data is not None:
        with form.refusals():
            service.end_plan(work, child, form.ended_on.data, form.version.data or 0)
            flash("Saved. No review of the plan is due. If the needs are others now, change the child’s details too.")
            return back_to(child)
    return render_template("register/plan_end.html", form=form, child=child, plan=plan)
