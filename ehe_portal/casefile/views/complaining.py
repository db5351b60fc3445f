"""A parent complains: from here, for whom it may be about is known to every room."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.forms.complaining import ComplainForm
from ehe_portal.casefile.queries.concerned import concerned
from ehe_portal.complaints import service as complaints
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("complaining", __name__, url_prefix="/family/children/<string:reference>/complaints")


@pages.page(
    "/new",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_COMPLAIN,
    on=visible_child,
    drafts=lambda _child: "A complaint",
)
def complain(work: Work, child: Child) -> Any:
    """Say what is not right, in one's own words."""
    form = ComplainForm()
    if form.validate_on_submit():
        with form.refusals():
            said = form.said()
            made = complaints.make(work, child, said, concerned(work, child, said.whom))
            flash(f"We have your complaint. You have an answer by {long_date(made.answer_by)}.")
            address: dict[str, Any] = {"reference": child.reference, "complaint_reference": made.reference}
            return redirect(url_for("family_complaints.one", **address))
    values = policy.in_force(work, child.authority_id, work.today).values
    return render_template(
        "casefile/complain.html",
        form=form,
        child=child,
        acknowledge_days=values.complaint_acknowledge_days,
        answer_days=values.complaint_answer_days,
        back_url=url_for("family_complaints.list_complaints", reference=child.reference),
    )
