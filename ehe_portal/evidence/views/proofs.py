"""Files that show how a document of a notice or order was served: added, and struck out. For officers alone.

The room of orders has the documents; the portal's wiring finds one of them (`core.web.Portal.document`).
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, service
from ehe_portal.evidence.forms.ways import ProofEndForm, ProofForm
from ehe_portal.evidence.models import ServiceProof
from ehe_portal.evidence.views.arrivals import arrivals, taking_in

pages = Pages("proofs", __name__, url_prefix="/children/<string:reference>/orders")
pages.before_request(taking_in("proofs.add", Permission.ORDER_PROPOSE, service.expect_proof))


@pages.page(
    "/sendings/<string:sending_reference>/proof",
    methods=["GET", "POST"],
    needs=Permission.ORDER_PROPOSE,
    on=lambda work, reference, sending_reference: portal().document(work, reference, sending_reference),
)
@takes_files
def add(work: Work, served: Any) -> Any:
    """Add a picture or a PDF that shows how a document was served on one parent, or on the school."""
    back = url_for("orders.one", reference=served.child.reference, case_reference=served.step.case.reference)
    if request.method == "GET" and (served.served_on is None or served.struck_out_at is not None):
        return redirect(back)
    form, arrived = ProofForm(), arrivals()
    form.files.hint = f"Smaller than {service.largest_file(work, served.child) // 1024**2} MB"
    if form.validate_on_submit():
        with form.refusals():
            if arrived.refusal:
                raise arrived.refusal
            service.add_proof(work, served, arrived.kept[0] if arrived.kept else None)
            flash("Added. It is for the team alone.")
            return redirect(back)
    return render_template("evidence/proof.html", form=form, child=served.child, served=served, back_url=back)


@pages.page(
    "/proofs/<string:proof_reference>/strike-out",
    methods=["GET", "POST"],
    needs=Permission.ORDER_DECIDE,
    on=queries.proof_on,
)
def strike_out(work: Work, proof: ServiceProof) -> Any:
    """Strike out a file that was added wrongly. It stays."""
    back = url_for("orders.list_cases", reference=proof.child.reference)
    form = ProofEndForm()
    if form.validate_on_submit():
        with form.refusals():
            service.strike_out_proof(work, proof, form.why.data)
            flash("Struck out. The file stays readable, with your reason.")
            return redirect(back)
    elif request.method == "GET" and proof.struck_out_at is not None:
        return redirect(back)
    return render_template("evidence/proof_struck_out.html", form=form, child=proof.child, proof=proof, back_url=back)
