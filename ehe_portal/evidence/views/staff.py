"""What a family sent, for officers: to read, and to decide about."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.forms import AssessForm, KeyInForm, PageNoteForm
from ehe_portal.evidence.models import DecisionState, EvidenceFile
from ehe_portal.evidence.queries import comments
from ehe_portal.evidence.views import looking
from ehe_portal.evidence.views.arrivals import arrivals, offer_files, taking_in
from ehe_portal.evidence.views.parts import open_to_parts
from ehe_portal.evidence.views.reviews import next_in_turn, then
from ehe_portal.evidence.views.serving import as_download, as_picture, may_be_opened
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child
from ehe_portal.register.queries import open_episode, visible_child

pages = Pages("evidence", __name__, url_prefix="/children/<string:reference>/evidence")
LAYOUT = "core/staff.html"
RECORDED = {
    DecisionState.STANDS: "Your decision has been recorded. Each verified parent is told that they can read it.",
    DecisionState.WAITING: "Your decision has been recorded. It waits for another person to approve it; the family is "
    "told nothing before that.",
}
PROFILES = {"ea1996": "the Education Act 1996", "cnis2026": "the Act of 2026"}
pages.before_request(taking_in("evidence.key_in", Permission.EVIDENCE_KEY_IN))
open_to_parts(pages, Permission.EVIDENCE_KEY_IN)


@pages.page("", needs=Permission.EVIDENCE_READ, on=visible_child)
def list_evidence(work: Work, child: Child) -> Any:
    """Everything a family sent, and what was decided."""
    sent = queries.sent(work, child.id)
    decided = queries.assessments(work, child.id)
    note_reading(work, "evidence", authority_id=child.authority_id, child_id=child.id)
    policies = policy.versions(work, child.authority_id) if decided else []
    people = {
        *(one.account_id for one in sent),
        *(one.keyed_in_by_id for one in sent),
        *(one.decided_by_id for one in decided),
        *(one.answered_by_id for one in decided),
        *(kept.note.written_by_id for one in decided for kept in one.notes),
    }
    return render_template(
        "evidence/list_evidence.html",
        child=child,
        sent=sent,
        decided=decided,
        comments=comments.of_decisions(work, [one.id for one in decided]),
        names=accounts.names_of(work, people),
        versions={one.id: f"{PROFILES[one.profile]}, values {one.number}" for one in policies},
        may_assess=portal().permits(work.actor, Permission.EVIDENCE_ASSESS)
        and open_episode(work, child.id)
        and not any(one.state is DecisionState.WAITING for one in decided),
        actor_id=work.actor.account_id,
        may_be_opened=may_be_opened,
        scanning=portal().scanner is not None,
        shown=rules.SHOWN,
        in_words=rules.in_words,
    )


@pages.page(
    "/key-in",
    methods=["GET", "POST"],
    needs=Permission.EVIDENCE_KEY_IN,
    on=visible_child,
    drafts=lambda _child: "What came on paper",
)
@takes_files
def key_in(work: Work, child: Child) -> Any:
    """Add what came on paper, by mail or by hand. Files that arrived stay while the rest is put right."""
    form = KeyInForm(received_on=work.today)
    arrived = arrivals()
    ticked = offer_files(work, child, form)
    form.offer_senders(child.carers)
    if form.validate_on_submit():
        with form.refusals():
            if arrived.refusal:
                raise arrived.refusal
            service.key_in(work, child, form.receipt(), form.written_account.data, ticked)
            flash("Added. It counts as a reply from the day it came until someone has read it and said what it is.")
            return redirect(url_for("evidence.list_evidence", reference=child.reference))
    elif arrived.refusal:
        form.refuse(arrived.refusal)
    return render_template("evidence/key_in.html", form=form, child=child)


@pages.page(
    "/assess",
    methods=["GET", "POST"],
    needs=Permission.EVIDENCE_ASSESS,
    on=visible_child,
    drafts=lambda _child: "Decision about the education",
)
def assess(work: Work, child: Child) -> Any:
    """Decide about a child's education, beside what was sent and told, with reasons that the family reads."""
    sent, heard = queries.sent(work, child.id), portal().heard(work, child.id)
    about_family = queries.sent_about_family(work, child)
    form = AssessForm()
    form.offer(sent, heard, about_family, queries.notes_to_decide(work, child.id, [*sent, *about_family]))
    form.offer_needs(child.sen_status in service.NEEDS_KNOWN)
    coming = next_in_turn(work, child)
    if request.method == "POST" and form.show_notes.data:
        pass  # Drawn again as it was filled in, with the notes written meanwhile: nothing is decided or refused yet.
    elif form.validate_on_submit():
        with form.refusals():
            decided = service.assess(work, child, form.finding(), heard)
            flash(RECORDED[decided.state])
            return to_next(child, coming)
    elif request.method == "GET":
        note_reading(work, "evidence", authority_id=child.authority_id, child_id=child.id)
    return render_template(
        "evidence/assess.html",
        form=form,
        child=child,
        sent=sent,
        heard=heard,
        about_family=about_family,
        coming=coming,
        last=queries.latest_assessment(work, child.id),
        criteria=rules.Criterion,
        not_a_ground=rules.NOT_A_GROUND,
        may_be_opened=may_be_opened,
        scanning=portal().scanner is not None,
        shown=rules.SHOWN,
        in_words=rules.in_words,
    )


def to_next(child: Child, coming: Sequence[Child]) -> Any:
    """On to the form about the next of the family, where one decides about several in turn; else back."""
    if not coming:
        return redirect(url_for("evidence.list_evidence", reference=child.reference))
    following = then([one.reference for one in coming[1:]])
    flash(f"That was {child.known_as}. Next is {coming[0].known_as}: a form and reasons of their own.")
    return redirect(url_for("evidence.assess", reference=coming[0].reference, **following))


@pages.page("/files/<string:file_reference>", needs=Permission.EVIDENCE_READ, on=queries.file_for_staff)
def download(work: Work, file: EvidenceFile) -> Any:
    """A file as the family sent it, to be saved."""
    return as_download(work, file, LAYOUT)


@pages.page("/files/<string:file_reference>/picture", needs=Permission.EVIDENCE_READ, on=queries.file_for_staff)
def picture(work: Work, file: EvidenceFile) -> Any:
    """What a photograph, or one page of a document, shows, in the browser."""
    return as_picture(work, file, LAYOUT)


@pages.page("/files/<string:file_reference>/look", needs=Permission.EVIDENCE_READ, on=queries.file_for_staff)
def look(work: Work, file: EvidenceFile) -> Any:
    """A file page by page, without its leaving the portal."""
    return looking.show(work, file, PageNoteForm())
