"""What a family sends about its child, and what it sent."""

from typing import Any

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.core import drafts
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Form
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.forms import SendForm
from ehe_portal.evidence.forms.ways import AccountForm
from ehe_portal.evidence.models import AccountPart, Evidence, EvidenceFile
from ehe_portal.evidence.views.arrivals import arrivals, offer_files, taking_in
from ehe_portal.evidence.views.parts import open_to_parts
from ehe_portal.evidence.views.serving import as_download
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

ACCOUNT, SEEN = "An account of the education", "seen"
pages = Pages("family_evidence", __name__, url_prefix="/family/children/<string:reference>/evidence")
for sends_files in ("family_evidence.send", "family_evidence.tell"):
    pages.before_request(taking_in(sends_files, Permission.FAMILY_SEND_EVIDENCE))
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
            if arrived.refusal:
                raise arrived.refusal
            evidence = service.submit(work, child, form.written_account.data, ticked)
            return redirect(
                url_for("family_evidence.sent", reference=child.reference, evidence_reference=evidence.reference)
            )
    elif arrived.refusal:
        form.refuse(arrived.refusal)
    return render_template("evidence/send.html", form=form, child=child)


@pages.page(
    "/account",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_SEND_EVIDENCE,
    on=visible_child,
    drafts=lambda _child: ACCOUNT,
)
@takes_files
def tell(work: Work, child: Child) -> Any:
    """Write an account in parts, none of which has to be there; what is written is checked before it is sent."""
    form = AccountForm()
    arrived = arrivals()
    ticked = offer_files(work, child, form)
    if form.validate_on_submit():
        with form.refusals():
            if arrived.refusal:
                raise arrived.refusal
            if problem := rules.parts_problem(form.parts(), len(ticked)):
                raise Refusal(problem[1], problem[0])
            drafts.put_down(work, portal().vault, ACCOUNT)
            return redirect(url_for("family_evidence.check", reference=child.reference))
    elif arrived.refusal:
        form.refuse(arrived.refusal)
    return render_template("evidence/tell.html", form=form, child=child)


@pages.page("/account/check", methods=["GET", "POST"], needs=Permission.FAMILY_SEND_EVIDENCE, on=visible_child)
def check(work: Work, child: Child) -> Any:
    """See an account as it will be read, and send it."""
    written_at = url_for("family_evidence.tell", reference=child.reference)
    copy = drafts.latest(work, portal().vault, written_at)
    if copy is None:
        return redirect(written_at)
    parts = {part: copy.words.get(part.field, "").strip() for part in AccountPart}
    ticked = copy.words.getlist("keep")
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            if request.form.get(SEEN) != copy.token:
                raise Refusal("Choose “Send” again once you have read it: it was changed in another tab or device")
            evidence = service.tell(work, child, parts, ticked)
            drafts.let_go(work, copy)
            return redirect(
                url_for("family_evidence.sent", reference=child.reference, evidence_reference=evidence.reference)
            )
    return render_template(
        "evidence/check.html",
        form=form,
        child=child,
        parts=[(part.label, words) for part, words in parts.items() if words],
        left_out=[part.label for part, words in parts.items() if not words],
        files=queries.files_kept(work, child, ticked),
        token=copy.token,
        in_words=rules.in_words,
        back_url=written_at,
    )


@pages.page("/<string:evidence_reference>/sent", needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.family_sending)
def sent(work: Work, evidence: Evidence) -> Any:
    """The receipt: what was received, what happens next and by when."""
    values = policy.in_force(work, evidence.authority_id, evidence.sent_on).values
    return render_template(
        "evidence/sent.html",
        evidence=evidence,
        child=evidence.child,
        added_by=accounts.names_of(work, {evidence.keyed_in_by_id}).get(evidence.keyed_in_by_id or 0, "the council"),
        read_by=add_working_days(evidence.sent_on, values.confirm_writing_days),
        in_words=rules.in_words,
    )


@pages.page("/files/<string:file_reference>", needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.file_on)
def download(work: Work, file: EvidenceFile) -> Any:
    """A file that this family sent, as it was sent."""
    return as_download(work, file, "core/family.html")
