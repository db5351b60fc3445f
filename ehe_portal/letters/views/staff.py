"""The letters about one child, for staff."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.audit.service import note_reading
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules, service
from ehe_portal.letters.forms import ANY_WAY, HandedForm, LetterForm, WishesForm, WithdrawForm, asking_for
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.rules import Kind
from ehe_portal.letters.views import serving
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import visible_child, visible_parent

pages = Pages("letters", __name__, url_prefix="/children/<string:reference>/letters")
LAYOUT = "core/child.html"


@dataclass(frozen=True)
class NewLetter:
    """A kind of letter that is being written about a child."""

    child: Child
    kind: Kind


def new_letter(work: Work, reference: str, letter_kind: str) -> NewLetter | None:
    """A child in scope, and a kind that an officer may write."""
    child, kind = visible_child(work, reference), service.kinds().get(letter_kind)
    return None if child is None or kind is None else NewLetter(child, kind)


def may_see_address(work: Work, child: Child) -> bool:
    """Whether the reader may see where a letter about this child goes."""
    return not child.protected or permits(work.actor, Permission.CHILD_READ_PROTECTED)


@pages.page("", needs=Permission.LETTER_READ, on=visible_child)
def list_letters(work: Work, child: Child) -> Any:
    """Every letter about the child, the latest first, and how each parent would like theirs."""
    letters = queries.letters_about(work, child.id)
    note_reading(work, "letters", authority_id=child.authority_id, child_id=child.id)
    return render_template(
        "letters/list_letters.html",
        child=child,
        letters=letters,
        titles={key: kind.title for key, kind in rules.KINDS.items()},
        names=accounts.names_of(work, [one.made_by_id for one in letters]),
        wishes=queries.wishes_of(work, [parent.id for parent in child.carers]),
    )


@pages.page("/new", needs=Permission.LETTER_WRITE, on=visible_child)
def choose_kind(work: Work, child: Child) -> Any:
    """Choose what kind of letter to write."""
    return render_template("letters/choose_kind.html", child=child, kinds=service.kinds().values())


@pages.page(
    "/new/<string:letter_kind>",
    methods=["GET", "POST"],
    needs=Permission.LETTER_WRITE,
    on=new_letter,
    drafts=lambda new: f"Letter: {new.kind.title}" if new else "Letter",
)
def write(work: Work, new: NewLetter) -> Any:
    """Write a letter: to whom, how, and what only the officer knows; a preview first, if that is the button."""
    carers = new.child.carers
    form = asking_for(new.kind)(goes=ANY_WAY, to=[carers[0].id] if len(carers) == 1 else [])
    form.offer(carers)
    said = None
    if form.validate_on_submit():
        with form.refusals():
            if form.preview.data:
                said = first_look(work, new, form)
            else:
                made = service.write(work, new.kind.key, new.child, form.to.data, form.facts(new.kind), goes=form.way())
                flash("The letter has been made." if len(made) == 1 else f"{len(made)} letters have been made.")
                return redirect(url_for("letters.list_letters", reference=new.child.reference))
    return render_template("letters/write.html", child=new.child, kind=new.kind, form=form, said=said)


def first_look(work: Work, new: NewLetter, form: LetterForm) -> service.Said:
    """What the first of the letters would say. Raises `Refusal`."""
    first = next(parent for parent in new.child.carers if parent.id == form.to.data[0])
    return service.preview(work, new.kind.key, new.child, first, form.facts(new.kind))


@pages.page("/<string:letter_reference>", needs=Permission.LETTER_READ, on=queries.visible_letter)
def one_letter(work: Work, letter: Letter) -> Any:
    """One letter: what it says, how it goes, what was confirmed of its posting."""
    serving.note(work, letter)
    postings = queries.postings_of(work, letter.id)
    people = [letter.made_by_id, letter.withdrawn_by_id]
    people += [who for one in postings for who in (one.confirmed_by_id, one.struck_out_by_id)]
    return render_template(
        "letters/one_letter.html",
        child=letter.child,
        letter=letter,
        said=serving.words_of(letter),
        address_shown=may_see_address(work, letter.child),
        title=rules.KINDS[letter.kind].title if letter.kind in rules.KINDS else "Letter",
        postings=postings,
        names=accounts.names_of(work, people),
        withdrawing=WithdrawForm(version=letter.version, prefix="withdraw"),
        hand=Goes.HAND,
    )


@pages.page("/<string:letter_reference>/letter.pdf", needs=Permission.LETTER_READ, on=queries.visible_letter)
def as_pdf(work: Work, letter: Letter) -> Any:
    """The letter as it was made."""
    if not may_see_address(work, letter.child):
        abort(403)
    return serving.as_pdf(work, letter, LAYOUT, large=letter.large_print)


@pages.page("/<string:letter_reference>/large-print.pdf", needs=Permission.LETTER_READ, on=queries.visible_letter)
def in_large_print(work: Work, letter: Letter) -> Any:
    """The letter in large print."""
    if not may_see_address(work, letter.child):
        abort(403)
    return serving.as_pdf(work, letter, LAYOUT, large=True)


@pages.page(
    "/<string:letter_reference>/withdraw",
    methods=["POST"],
    needs=Permission.LETTER_WRITE,
    on=queries.visible_letter,
)
def withdraw(work: Work, letter: Letter) -> Any:
    """Let a letter that has not left not be sent."""
    form = WithdrawForm(prefix="withdraw")
    if form.validate_on_submit():
        try:
            service.withdraw(work, letter, form.version.data or 0)
            flash("The letter is not going to be sent. It stays here, for staff to read.")
        except Refusal as refusal:
            flash(refusal.message, "notice")
    return redirect(url_for("letters.one_letter", **request.view_args or {}))


@pages.page(
    "/<string:letter_reference>/handed-over",
    methods=["GET", "POST"],
    needs=Permission.LETTER_POST,
    on=queries.visible_letter,
)
def hand_over(work: Work, letter: Letter) -> Any:
    """Put down that a letter was handed over."""
    form = HandedForm(posted_on=work.today)
    if form.validate_on_submit() and form.posted_on.data is not None:
        with form.refusals():
            service.confirm_posted(work, [letter], form.posted_on.data)
            flash("It is put down that the letter was handed over.")
            return redirect(url_for("letters.one_letter", **request.view_args or {}))
    return render_template("letters/hand_over.html", child=letter.child, letter=letter, form=form)


@pages.page(
    "/wishes/<string:parent_reference>",
    methods=["GET", "POST"],
    needs=Permission.LETTER_WRITE,
    on=visible_parent,
)
def set_wishes(work: Work, parent: Parent) -> Any:
    """Put down how a parent would like their letters."""
    wishes = queries.wishes_of(work, [parent.id]).get(parent.id)
    form = WishesForm(obj=wishes)
    if form.validate_on_submit():
        with form.refusals():
            service.set_wishes(work, parent, large_print=form.large_print.data, by_post=form.by_post.data)
            flash(f"Letters to {parent.name} follow this from now on.")
            return redirect(url_for("letters.list_letters", reference=parent.child.reference))
    return render_template("letters/set_wishes.html", child=parent.child, parent=parent, form=form)
