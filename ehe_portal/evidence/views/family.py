"""What a family sends about its child, and what it sent."""

from typing import Any

from flask import redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import Refusal
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.forms import SendForm
from ehe_portal.evidence.models import Evidence, EvidenceFile
from ehe_portal.evidence.views.arrivals import arrivals, offer_files, taking_in
from ehe_portal.evidence.views.parts import open_to_parts
from ehe_portal.evidence.views.serving import as_download
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("family_evidence", __name__, url_prefix="/family/children/<string:reference>/evidence")
pages.before_request(taking_in("family_evidence.send", Permission.FAMILY_SEND_EVIDENCE))
open_to_parts(pages, Permission.FAMILY_SEND_EVIDENCE)


@pages.page(
    "/new",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_SEND_EVIDENCE,
    on=visible_child,
    drafts=lambda _child: "Something about the education",
)
@takes_files
def send(work: Work, child: Child) -> Any:
    """Send a written account, files, or both. Files that arrived stay while the rest is put right."""
    form = SendForm()
    arrived = arrivals()
    ticked = offer_files(work, child, form)
    if form.validate_on_submit():
        with form.refusals():
            if arrived.problems:
                raise Refusal(f"Choose other files: {'. '.join(arrived.problems)}", "files")
            evidence = service.submit(work, child, form.written_account.data, ticked)
            return redirect(
                url_for("family_evidence.sent", reference=child.reference, evidence_reference=evidence.reference)
            )
    elif arrived.problems:
        form.refuse(Refusal(f"Choose other files: {'. '.join(arrived.problems)}", "files"))
    return render_template("evidence/send.html", form=form, child=child)


@pages.page("/<string:evidence_reference>/sent", needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.family_sending)
def sent(work: Work, evidence: Evidence) -> Any:
    """The receipt: what was received, what happens next and by when."""
    values = policy.in_force(work, evidence.authority_id, evidence.sent_on).values
    return render_template(
        "evidence/sent.html",
        evidence=evidence,
        child=evidence.child,
        read_by=add_working_days(evidence.sent_on, values.confirm_writing_days),
        in_words=rules.in_words,
    )


@pages.page("/files/<string:file_reference>", needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.file_on)
def download(work: Work, file: EvidenceFile) -> Any:
    """A file that this family sent, as it was sent."""
    return as_download(work, file, "core/family.html")
