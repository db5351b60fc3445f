"""How documents were served, and who agreed to be served electronically."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.orders import queries, rules, service
from ehe_portal.orders.forms import ConsentEndForm, ConsentForm, ServeForm, WhyForm
from ehe_portal.orders.models import Method, OrderSending, ServiceConsent
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("serving", __name__, url_prefix="/children/<string:reference>/orders")


def to_case_of(sending: OrderSending) -> str:
    """The address of the case to which a document belongs."""
    return url_for("orders.one", reference=sending.child.reference, case_reference=sending.step.case.reference)


@pages.page(
    "/sendings/<string:sending_reference>/serve",
    methods=["GET", "POST"],
    needs=Permission.ORDER_PROPOSE,
    on=queries.sending_on,
)
def serve(work: Work, sending: OrderSending) -> Any:
    """Write down how a document was served on one parent, or on the school."""
    back = to_case_of(sending)
    if request.method == "GET" and (sending.served_on or sending.struck_out_at):
        return redirect(back)
    way = queries.way_of(sending.step.case)
    known = way.steps[sending.step.code]
    posted_on = sending.letter.posted_on if sending.letter is not None else None
    form = ServeForm(method=Method.POST, on=posted_on) if posted_on else ServeForm()
    form.offer_ways(free=sending.parent_id is None or way.electronic == "any", to_school=sending.parent_id is None)
    if form.validate_on_submit():
        with form.refusals():
            service.serve(work, sending, form.done())
            flash(f"Served on {long_date(sending.served_on)}.")
            return redirect(back)
    return render_template(
        "orders/serve.html",
        form=form,
        child=sending.child,
        sending=sending,
        known=known,
        post_days=rules.LAWS[sending.step.case.profile].post_working_days,
        consent=queries.consent_for(work, sending.parent_id, known.document, work.today)
        if sending.parent_id is not None and known.document is not None
        else None,
        back_url=back,
    )


@pages.page(
    "/sendings/<string:sending_reference>/strike-out",
    methods=["GET", "POST"],
    needs=Permission.ORDER_DECIDE,
    on=queries.sending_on,
)
def strike_out(work: Work, sending: OrderSending) -> Any:
    """Strike out what was written down wrongly about a document's service."""
    back = to_case_of(sending)
    form = WhyForm(version=0)
    if form.validate_on_submit():
        with form.refusals():
            service.strike_out(work, sending, form.why.data)
            flash("Struck out. Write down anew how it was served.")
            return redirect(back)
    elif request.method == "GET" and (sending.served_on is None or sending.struck_out_at):
        return redirect(back)
    return render_template("orders/strike_out.html", form=form, child=sending.child, sending=sending, back_url=back)


@pages.page("/consents/new", methods=["GET", "POST"], needs=Permission.ORDER_PROPOSE, on=visible_child)
def record_consent(work: Work, child: Child) -> Any:
    """Write down that a parent agreed in writing to be served electronically."""
    form = ConsentForm()
    form.offer_parents(child.carers)
    back = url_for("orders.list_cases", reference=child.reference)
    if form.validate_on_submit() and form.given_on.data is not None:
        with form.refusals():
            service.record_consent(
                work, child, form.parent.data, form.document.data, form.address.data, form.given_on.data
            )
            flash("Written down. This kind of document can now be served on them at that address.")
            return redirect(back)
    return render_template("orders/consent.html", form=form, child=child, back_url=back)


@pages.page(
    "/consents/<string:consent_reference>/withdraw",
    methods=["GET", "POST"],
    needs=Permission.ORDER_PROPOSE,
    on=queries.consent_on,
)
def withdraw_consent(work: Work, consent: ServiceConsent) -> Any:
    """A parent no longer agrees to be served electronically."""
    form = ConsentEndForm()
    back = url_for("orders.list_cases", reference=consent.child.reference)
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw_consent(work, consent)
            flash("Written down. From today on nothing more is served on them electronically.")
            return redirect(back)
    return render_template(
        "orders/withdraw_consent.html", form=form, child=consent.child, consent=consent, back_url=back
    )
