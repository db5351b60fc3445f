"""Pages about one offer, for officers: what the family answered, and changing or withdrawing it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.contact import queries, service
from ehe_portal.contact.forms import ChangeOfferForm, ReadForm, WithdrawForm
from ehe_portal.contact.models import ANSWERABLE, Visit
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("offers", __name__, url_prefix="/children/<string:reference>/offers/<string:visit_reference>")


def back_to(visit: Visit) -> Any:
    """The offer's own page again."""
    return redirect(url_for("offers.one", reference=visit.child.reference, visit_reference=visit.reference))


@pages.page("", needs=Permission.CHILD_READ, on=queries.visible_visit)
def one(work: Work, visit: Visit) -> Any:
    """One offer with everything that was answered to it."""
    return show(work, visit, ReadForm(version=visit.version))


def show(work: Work, visit: Visit, form: ReadForm) -> Any:
    """The page of one offer."""
    answers = queries.answers_to(work, visit)
    people = [visit.adviser_id, *(one.account_id for one in answers), *(one.read_by_id for one in answers)]
    return render_template(
        "contact/one_offer.html",
        child=visit.child,
        visit=visit,
        answers=answers,
        names=queries.names_of(work, people),
        unread=any(one.read_at is None for one in answers),
        open=visit.state in ANSWERABLE,
        form=form,
    )


@pages.page("/read", methods=["POST"], needs=Permission.CONTACT_OFFER, on=queries.visible_visit)
def read(work: Work, visit: Visit) -> Any:
    """Say that what was answered has been read, and that nothing more is to be done."""
    form = ReadForm(version=visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.note_answers_read(work, visit, version=form.version.data)
            flash("Noted: you have read the answer.")
            return back_to(visit)
    return show(work, visit, form)


@pages.page("/change", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.visible_visit)
def change(work: Work, visit: Visit) -> Any:
    """Offer something else in its place."""
    form = ChangeOfferForm(obj=visit)
    if form.validate_on_submit():
        with form.refusals():
            service.change_offer(work, visit, form.offer(), version=form.version.data)
            flash("The offer has been changed. The family will be told.")
            return back_to(visit)
    elif request.method == "GET" and visit.state not in ANSWERABLE:
        return back_to(visit)
    return render_template("contact/change_offer.html", child=visit.child, visit=visit, form=form)


@pages.page("/withdraw", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.visible_visit)
def withdraw(work: Work, visit: Visit) -> Any:
    """Take the offer back."""
    form = WithdrawForm(version=visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw_offer(work, visit, form.note.data, version=form.version.data)
            flash("The offer has been withdrawn. The family will be told.")
            return redirect(url_for("contact.history", reference=visit.child.reference))
    elif request.method == "GET" and visit.state not in ANSWERABLE:
        return back_to(visit)
    return render_template("contact/withdraw_offer.html", child=visit.child, visit=visit, form=form)
