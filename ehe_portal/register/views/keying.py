"""An officer keys in a registration that came on paper, by phone, by letter or in a school's notice."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import (
    AskedForm,
    ButtonForm,
    KeyedChildForm,
    KeyedFamilyForm,
    SourceForm,
    SubmitForm,
)
from ehe_portal.register.models import Submission, Via
from ehe_portal.register.rules.answers import typed_answers
from ehe_portal.register.rules.questions import CHILD_PAGES, FAMILY_PAGES, AskedPage, together
from ehe_portal.register.rules.reading import Section, as_officers_read, child_sections, family_sections
from ehe_portal.register.service import KEYED_MUST, Draft, Source
from ehe_portal.register.views.family import DraftChild, draft_child

pages = Pages("keying", __name__, url_prefix="/registrations/add")
MUST = Permission.REGISTRATION_KEY_IN


def source_of(draft: Draft) -> Source | None:
    """How it came, as far as that has been keyed in."""
    said = typed_source(draft.source)
    return Source(**said) if len(said) == len(Source.__dataclass_fields__) else None


def typed_source(kept: dict[str, Any]) -> dict[str, Any]:
    """How it came, from what was kept."""
    if not kept:
        return {}
    on = date.fromisoformat(kept["received_on"])
    return {"via": Via(kept["via"]), "said_by": kept["said_by"], "received_on": on}


def split(form: AskedForm, asked: dict[str, AskedPage]) -> dict[str, dict[str, Any]]:
    """What was answered on one long page, by the pages that a family has."""
    answers = form.answers()
    return {
        page.name: {question: answers[question] for question in page.questions if question in answers}
        for page in asked.values()
    }


@pages.page("", methods=["GET", "POST"], needs=MUST)
def source(work: Work) -> Any:
    """How it came, who said so and when."""
    draft = service.open_draft(work, portal().vault)
    form = SourceForm(work.today, **typed_source(draft.source))
    if form.validate_on_submit():
        vault = portal().vault
        service.keep_source(
            work,
            vault,
            {"via": form.via.data, "said_by": form.said_by.data, "received_on": form.received_on.data},
        )
        if draft.is_begun:
            return redirect(url_for("keying.check"))
        work.session.flush()
        return redirect(url_for("keying.child", child_key=service.add_child(work, vault)))
    return render_template("register/keyed_source.html", form=form, draft=draft, discard=ButtonForm(prefix="discard"))


@pages.page("/discard", methods=["POST"], needs=MUST)
def discard(work: Work) -> Any:
    """Throw away what was begun."""
    if ButtonForm(prefix="discard").validate_on_submit():
        service.discard_draft(work)
        flash("What was keyed in has been thrown away.")
    return redirect(url_for("keying.source"))


@pages.page("/children", methods=["POST"], needs=MUST)
def add_child(work: Work) -> Any:
    """Another child on the same form."""
    if ButtonForm(prefix="add").validate_on_submit():
        try:
            return redirect(url_for("keying.child", child_key=service.add_child(work, portal().vault)))
        except Refusal as refusal:
            flash(refusal.message)
    return redirect(url_for("keying.check"))


@pages.page("/children/<string:child_key>", methods=["GET", "POST"], needs=MUST, on=draft_child)
def child(work: Work, child: DraftChild) -> Any:
    """All that was told about one child."""
    draft, key = child
    kept = draft.children[key]
    form = KeyedChildForm(
        work.today, KEYED_MUST, online=False, **typed_answers({**first_address(draft), **together(kept)})
    )
    if form.validate_on_submit():
        with form.refusals():
            service.keep_pages(work, portal().vault, split(form, CHILD_PAGES), key)
            return redirect(url_for("keying.check" if draft.family else "keying.family"))
    number = list(draft.children).index(key) + 1
    return render_template("register/keyed_child.html", form=form, number=number, how_many=len(draft.children))


def first_address(draft: Draft) -> dict[str, Any]:
    """Where the first child lives: brothers and sisters mostly live there too."""
    return dict(next((pages_["address"] for pages_ in draft.children.values() if "address" in pages_), {}))


@pages.page("/children/<string:child_key>/remove", methods=["POST"], needs=MUST, on=draft_child)
def remove_child(work: Work, child: DraftChild) -> Any:
    """Take a child out again."""
    if ButtonForm(prefix="remove").validate_on_submit():
        service.remove_child(work, portal().vault, child.key)
    return redirect(url_for("keying.check"))


@pages.page("/family", methods=["GET", "POST"], needs=MUST)
def family(work: Work) -> Any:
    """All that was told about the parents, and how they would like to be in contact."""
    draft = service.open_draft(work, portal().vault)
    if not draft.is_begun:
        return redirect(url_for("keying.source"))
    form = KeyedFamilyForm(work.today, KEYED_MUST, online=False, **typed_answers(together(draft.family)))
    if form.validate_on_submit():
        service.keep_pages(work, portal().vault, split(form, FAMILY_PAGES))
        return redirect(url_for("keying.check"))
    return render_template("register/keyed_family.html", form=form, draft=draft, last=list(draft.children)[-1])


@pages.page("/check", methods=["GET", "POST"], needs=MUST)
def check(work: Work) -> Any:
    """Everything once more; then the children are put on the register."""
    draft = service.open_draft(work, portal().vault)
    came = source_of(draft)
    if came is None or not draft.is_begun:
        return redirect(url_for("keying.source"))
    told = {key: draft.answers_of(key, KEYED_MUST) for key in draft.children}
    whole = [answers for answers in told.values() if answers is not None]
    if len(whole) < len(told):
        lacking = next((key for key in told if "name" not in draft.children[key]), None)
        return redirect(url_for("keying.child", child_key=lacking) if lacking else url_for("keying.family"))
    form = SubmitForm()
    if form.validate_on_submit():
        with form.refusals():
            submission = service.key_in_registrations(work, whole, came)
            return redirect(url_for("keying.keyed_in", submission_reference=submission.reference))
    children = [
        (key, draft.name_of(key), lines(child_sections(answers)))
        for key, answers in told.items()
        if answers is not None
    ]
    return render_template(
        "register/keyed_check.html",
        form=form,
        source=came,
        children=children,
        family=lines(family_sections(whole[0])),
        add=ButtonForm(prefix="add"),
        remove=ButtonForm(prefix="remove"),
    )


def lines(sections: list[Section]) -> list[tuple[str, str]]:
    """What was told, without what was not."""
    return [(as_officers_read(row.question), row.answer) for section in sections for row in section.rows if row.answer]


@pages.page("/done/<string:submission_reference>", needs=MUST, on=queries.keyed_submission)
def keyed_in(work: Work, submission: Submission) -> Any:
    """They are on the register: a reference for each child, to be given to the family."""
    return render_template("register/keyed_in.html", submission=submission)
