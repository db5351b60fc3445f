"""What a family says about contact: its answer to an offer, its comment on the record."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.contact import queries, service
from ehe_portal.contact.forms import AnswerForm, CommentForm
from ehe_portal.contact.models import ANSWERABLE, Contact, VisitReply
from ehe_portal.contact.queries import ChildsVisit
from ehe_portal.contact.views.versions import both_versions, offer_now
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("family_contact", __name__, url_prefix="/family/children/<string:reference>")

THANKS: Final = {
    VisitReply.ACCEPTED: "Thank you. We look forward to it.",
    VisitReply.ANOTHER_TIME: "Thank you. Your adviser will read this and suggest another time.",
    VisitReply.ANOTHER_WAY: "Thank you. Your adviser will read this and get in touch about it.",
    VisitReply.DECLINED: "Thank you for telling us. That is fine. You can tell us about the education in any other "
    "way, now or later.",
    VisitReply.CANCELLED: "Thank you for telling us. That is fine. Your adviser will read this and get in touch.",
}


@pages.page(
    "/offers/<string:visit_reference>",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_ANSWER,
    on=queries.childs_visit,
)
def answer(work: Work, seen: ChildsVisit) -> Any:
    """Say whether what is offered suits, or what would; cancel what was confirmed."""
    visit = seen.visit
    back = url_for("family.offers", reference=seen.child.reference)
    slots = queries.open_slots(work, visit) if visit.choice else []
    form = AnswerForm(version=visit.version)
    form.fit(visit, slots)
    if form.validate_on_submit():
        with form.refusals():
            given = service.answer_offer(work, visit, form.answer(), version=form.version.data)
            flash(THANKS[given.answer])
            return redirect(back)
    elif request.method == "GET" and visit.state not in ANSWERABLE:
        return redirect(back)
    return render_template(
        "contact/answer.html",
        child=seen.child,
        together=queries.children_shown(work, [visit])[visit.id],
        visit=visit,
        slots=slots,
        form=form,
        both=both_versions(form, offer_now(visit, slots)),
        back_url=back,
    )


@pages.page(
    "/records/<string:contact_reference>/comment",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_ANSWER,
    on=queries.family_record,
)
def comment(work: Work, contact: Contact) -> Any:
    """Add something to the record of a contact."""
    back = url_for("family.record", reference=contact.child.reference, contact_reference=contact.reference)
    form = CommentForm()
    if form.validate_on_submit():
        with form.refusals():
            service.comment(work, contact, form.words.data)
            flash("Your comment stands beside our record now. Officers who read the record read it too.")
            return redirect(back)
    return render_template("contact/comment.html", child=contact.child, contact=contact, form=form, back_url=back)
