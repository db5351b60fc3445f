"""The wording of messages: what each says, what it may carry, who worded it when."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.core import wordings
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.notices import queries, rules, service
from ehe_portal.notices.forms import RestoreForm, WordingForm
from ehe_portal.notices.rules import Message, Words

pages = Pages("wordings", __name__, url_prefix="/settings/messages")
ALL_PAGES = (pages,)


@dataclass(frozen=True)
class OwnMessage:
    """One message as an authority words it; `number` is of the latest version, 0 where it never had its own."""

    authority: Authority
    message: Message
    words: Words
    is_original: bool
    number: int


def own_authority(work: Work) -> Authority | None:
    """The authority whose settings these are."""
    return accounts.authority_in_scope(work)


def own_message(work: Work, message: str) -> OwnMessage | None:
    """A message by its key, as the authority in scope words it now."""
    authority, known = own_authority(work), rules.MESSAGES.get(message)
    if authority is None or known is None:
        return None
    latest = queries.latest_wording(work, authority.id, known.key)
    if latest is None or latest.subject is None:
        return OwnMessage(authority, known, service.original(known), True, latest.number if latest else 0)
    return OwnMessage(authority, known, Words(latest.subject, latest.body or ""), False, latest.number)


@pages.page("", needs=Permission.SETTINGS_READ, on=own_authority)
def list_messages(work: Work, authority: Authority) -> Any:
    """Every message that may be worded, and which are."""
    own = {template for _, template in queries.wordings_in_force(work, [authority.id])}
    return render_template("notices/messages.html", messages=rules.MESSAGES.values(), own=own)


@pages.page("/<string:message>", needs=Permission.SETTINGS_READ, on=own_message)
def one_message(work: Work, own: OwnMessage) -> Any:
    """One message: its wording now with made-up values, and every version there was."""
    versions = queries.wordings_of(work, own.authority.id, own.message.key)
    return render_template(
        "notices/one.html",
        own=own,
        preview=service.previewed(own.message, own.words, own.authority),
        versions=versions,
        names=accounts.names_of(work, [one.set_by_id for one in versions]),
        restoring=RestoreForm(version=own.number),
    )


@pages.page("/<string:message>/change", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_message)
def change_wording(work: Work, own: OwnMessage) -> Any:
    """Word a message anew; a preview first, if that is the button."""
    form = WordingForm(version=own.number, subject=own.words.subject, body=own.words.body)
    preview = None
    if form.validate_on_submit():
        with form.refusals():
            if form.preview.data:
                preview = previewed(own, form.words())
            else:
                service.set_wording(work, own.authority.id, own.message, form.words(), form.version.data or 0)
                flash("Wording saved. Messages that leave from now on say it so.")
                return redirect(url_for("wordings.one_message", message=own.message.key))
    return render_template("notices/change.html", form=form, own=own, preview=preview, written=wordings.written)


def previewed(own: OwnMessage, words: Words) -> tuple[str, str]:
    """What a wording would look like. Raises `Refusal` where it does not fit."""
    problem = rules.problem(own.message, words)
    if problem:
        field, what_to_do = problem
        raise Refusal(what_to_do, field)
    return service.previewed(own.message, words, own.authority)


@pages.page("/<string:message>/restore", methods=["POST"], needs=Permission.SETTINGS_CHANGE, on=own_message)
def restore_wording(work: Work, own: OwnMessage) -> Any:
    """Go back to the original wording."""
    form = RestoreForm()
    if form.validate_on_submit():
        try:
            service.set_wording(work, own.authority.id, own.message, None, form.version.data or 0)
            flash("The original wording holds again.")
        except Refusal:
            flash("Someone changed the wording meanwhile. Look at it again.", "notice")
    return redirect(url_for("wordings.one_message", message=own.message.key))
