"""The wording of letters: what each says, what it may carry, who worded it when; and going back."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.core import wordings
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules, service
from ehe_portal.letters.forms import RestoreForm, WordingForm
from ehe_portal.letters.views import serving

pages = Pages("letter_wordings", __name__, url_prefix="/settings/letters")


@dataclass(frozen=True)
class OwnKind:
    """One kind of letter as an authority words it."""

    authority: Authority
    own: service.Own


def own_kind(work: Work, letter_kind: str) -> OwnKind | None:
    """A kind by its key, as the authority in scope words it now."""
    authority, known = accounts.authority_in_scope(work), rules.KINDS.get(letter_kind)
    if authority is None or known is None:
        return None
    return OwnKind(authority, service.own_words(work, authority.id, known))


@pages.page("", needs=Permission.SETTINGS_READ, on=accounts.authority_in_scope)
def list_kinds(work: Work, authority: Authority) -> Any:
    """Every kind of letter, and which are in the council's own words."""
    latest = queries.wordings_in_force(work, authority.id)
    own = {key for key, one in latest.items() if one.title is not None}
    return render_template("letters/list_kinds.html", kinds=rules.KINDS.values(), own=own)


@pages.page("/<string:letter_kind>", needs=Permission.SETTINGS_READ, on=own_kind)
def one_kind(work: Work, known: OwnKind) -> Any:
    """One kind of letter: its wording now with made-up values, and every version there was."""
    versions = queries.wordings_of(work, known.authority.id, known.own.kind.key)
    return render_template(
        "letters/one_kind.html",
        own=known.own,
        said=service.with_examples(known.authority, known.own.kind, known.own.words, work.today),
        versions=versions,
        names=accounts.names_of(work, [one.set_by_id for one in versions]),
        restoring=RestoreForm(version=known.own.number),
    )


@pages.page("/<string:letter_kind>/example.pdf", needs=Permission.SETTINGS_READ, on=own_kind)
def example(work: Work, known: OwnKind) -> Any:
    """The letter with made-up values, as it is printed."""
    said = service.with_examples(known.authority, known.own.kind, known.own.words, work.today)
    large = request.args.get("size") == "large"
    return serving.pdf(service.typeset(work, known.authority.id, said, large=large), f"{known.own.kind.key}.pdf")


@pages.page("/<string:letter_kind>/change", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_kind)
def change_wording(work: Work, known: OwnKind) -> Any:
    """Word a kind of letter anew; a preview first, if that is the button."""
    own = known.own
    form = WordingForm(version=own.number, title=own.words.title, body=own.words.body)
    said = None
    if form.validate_on_submit():
        with form.refusals():
            if form.preview.data:
                said = previewed(work, known, form.words())
            else:
                service.set_wording(work, known.authority.id, own.kind, form.words(), form.version.data or 0)
                flash("Wording saved. Letters that are made from now on say it so.")
                return redirect(url_for("letter_wordings.one_kind", letter_kind=own.kind.key))
    return render_template("letters/change_wording.html", form=form, own=own, said=said, written=wordings.written)


def previewed(work: Work, known: OwnKind, words: service.Words) -> service.Said:
    """What a wording would look like. Raises `Refusal` where it does not fit."""
    if wrong := rules.problem(known.own.kind, words):
        field, what_to_do = wrong
        raise Refusal(what_to_do, field)
    return service.with_examples(known.authority, known.own.kind, words, work.today)


@pages.page("/<string:letter_kind>/restore", methods=["POST"], needs=Permission.SETTINGS_CHANGE, on=own_kind)
def restore_wording(work: Work, known: OwnKind) -> Any:
    """Put the version of this number back; 0 is the original."""
    form = RestoreForm()
    if form.validate_on_submit():
        try:
            service.restore_wording(
                work, known.authority.id, known.own.kind, key_asked("number") or 0, form.version.data or 0
            )
            flash("That wording holds again.")
        except Refusal:
            flash("Someone changed the wording meanwhile. Look at it again.", "notice")
    return redirect(url_for("letter_wordings.one_kind", letter_kind=known.own.kind.key))
