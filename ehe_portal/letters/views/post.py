"""The pile of letters for the post: printing them in one go, confirming that they were posted, putting that right."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service.damage import note_damaged
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import counted, long_date
from ehe_portal.core.web import Pages, key_asked, portal
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules, service
from ehe_portal.letters.forms import ByNotifyForm, CorrectionForm, PostedForm
from ehe_portal.letters.models import Letter, LetterPosting, LetterSending
from ehe_portal.letters.views import serving

NOTHING: Final[Mapping[int, LetterSending]] = MappingProxyType({})
pages = Pages("post", __name__, url_prefix="/post")


def titles() -> dict[str, str]:
    """What each kind of letter is called."""
    return {key: kind.title for key, kind in rules.KINDS.items()}


def as_choice(letter: Letter, back: Mapping[int, LetterSending] = NOTHING) -> Choice:
    """A letter as one of several: to whom, what about which child, when it was made, why Notify did not post it."""
    size = ", in large print" if letter.large_print else ""
    about = f"{titles().get(letter.kind, 'Letter')}. About {letter.child.name}, made {long_date(letter.made_at)}{size}"
    if letter.id in back:
        about += f". GOV.UK Notify did not post it: {lower_first(service.why_back(back[letter.id]))}"
    return Choice(letter.reference, letter.parent.name, about)


def lower_first(words: str) -> str:
    """Words in the middle of a sentence."""
    return words[:1].lower() + words[1:]


def nothing_waits() -> Any:
    """Back to the page, which shows what was posted meanwhile."""
    flash("No letters wait to be posted.", "notice")
    return redirect(url_for("post.to_post"))


@pages.page("", methods=["GET", "POST"], needs=Permission.LETTER_POST)
def to_post(work: Work) -> Any:
    """The letters that wait to be posted, and the latest confirmations."""
    waiting = queries.to_post(work)
    if request.method == "POST" and not waiting:
        return nothing_waits()
    form = PostedForm(letters=[one.reference for one in waiting], posted_on=work.today)
    back = queries.came_back(work, [one.id for one in waiting])
    form.letters.choices = [as_choice(one, back) for one in waiting]
    if form.validate_on_submit() and form.posted_on.data is not None:
        with form.refusals():
            chosen = [one for one in waiting if one.reference in form.letters.data]
            service.confirm_posted(work, chosen, form.posted_on.data)
            flash(f"{counted(len(chosen), 'letter')} put down as posted.")
            return redirect(url_for("post.to_post"))
    done = queries.batches(work)
    return render_template(
        "letters/to_post.html",
        form=form,
        waiting=waiting,
        titles=titles(),
        batches=done,
        with_notify=queries.with_notify(work),
        by_notify=bool(portal().settings.notify.key),
        last=max((one.id for one in waiting), default=None),
        names=accounts.names_of(work, [one.confirmed_by_id for one in done]),
    )


@pages.page("/letters.pdf", needs=Permission.LETTER_POST)
def pile(work: Work) -> Any:
    """All the letters that wait, up to the last one that the page showed, in one file to be printed."""
    last = key_asked("last")
    waiting = [one for one in queries.to_post(work) if last is None or one.id <= last]
    if not waiting:
        return nothing_waits()
    for letter in waiting:
        serving.note(work, letter)
    whole, unopened = service.pile_of(waiting)
    for letter in unopened:
        note_damaged(work, letter.stored_as, letter.authority_id)
    if unopened:
        return render_template("letters/pile_damaged.html", letters=unopened), serving.GONE
    return serving.pdf(whole, "letters.pdf")


@pages.page("/by-notify", methods=["GET", "POST"], needs=Permission.LETTER_POST)
def by_notify(work: Work) -> Any:
    """Give letters to GOV.UK Notify, which prints and posts them."""
    waiting = queries.to_post(work)
    if not waiting:
        return nothing_waits()
    back = queries.came_back(work, [one.id for one in waiting])
    form = ByNotifyForm(letters=[one.reference for one in waiting if one.id not in back], postage="second")
    form.letters.choices = [as_choice(one, back) for one in waiting]
    if form.validate_on_submit():
        with form.refusals():
            chosen = [one for one in waiting if one.reference in form.letters.data]
            service.give_to_notify(work, chosen, first_class=form.postage.data == "first")
            flash(f"{counted(len(chosen), 'letter')} given to GOV.UK Notify. You see here when they were posted.")
            return redirect(url_for("post.to_post"))
    return render_template("letters/by_notify.html", form=form, on=bool(portal().settings.notify.key))


def known_batch(work: Work, batch: str) -> Sequence[LetterPosting] | None:
    """The confirmations of one batch in scope."""
    return queries.postings_in(work, batch) or None


@pages.page("/confirmed/<string:batch>", methods=["GET", "POST"], needs=Permission.LETTER_POST, on=known_batch)
def one_batch(work: Work, postings: Sequence[LetterPosting]) -> Any:
    """What was confirmed in one go; putting right what was a mistake, but for what GOV.UK Notify says."""
    standing: list[Letter] = [one.letter for one in postings if one.struck_out_at is None and one.confirmed_by_id]
    form = CorrectionForm()
    form.letters.choices = [as_choice(one) for one in standing]
    if standing and form.validate_on_submit():
        with form.refusals():
            chosen = [one for one in standing if one.reference in form.letters.data]
            service.correct_posting(work, chosen, form.posted_on.data if form.what.data == "other-day" else None)
            flash("It has been put right. What was confirmed before stays on the record.")
            return redirect(url_for("post.one_batch", **request.view_args or {}))
    people = [who for one in postings for who in (one.confirmed_by_id, one.struck_out_by_id)]
    return render_template(
        "letters/one_batch.html",
        form=form,
        postings=postings,
        standing=standing,
        titles=titles(),
        names=accounts.names_of(work, people),
    )
