"""A parent's own letters."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, service
from ehe_portal.letters.forms import WishesForm
from ehe_portal.letters.queries import MyLetter, MyLetters
from ehe_portal.letters.views import serving

pages = Pages("family_letters", __name__, url_prefix="/family/children/<string:reference>/letters")
LAYOUT = "core/family.html"


@pages.page("", needs=Permission.FAMILY_READ, on=queries.my_child)
def list_letters(work: Work, ours: MyLetters) -> Any:
    """The letters to this parent, the latest first."""
    letters = queries.own_letters(work, ours.child.id)
    said = {one.id: serving.words_of(one) for one in letters}
    wishes = queries.wishes_of(work, [ours.parent.id]).get(ours.parent.id)
    return render_template("letters/family_list.html", child=ours.child, letters=letters, said=said, wishes=wishes)


@pages.page("/<string:letter_reference>", needs=Permission.FAMILY_READ, on=queries.my_letter)
def one_letter(work: Work, ours: MyLetter) -> Any:
    """One letter as a page."""
    said = serving.words_of(ours.letter)
    if said is None:
        return serving.damaged(work, ours.letter, LookupError("words"), LAYOUT)
    return render_template("letters/family_letter.html", child=ours.child, letter=ours.letter, said=said)


@pages.page("/<string:letter_reference>/letter.pdf", needs=Permission.FAMILY_READ, on=queries.my_letter)
def as_pdf(work: Work, ours: MyLetter) -> Any:
    """The letter as it was made."""
    return serving.as_pdf(work, ours.letter, LAYOUT, large=ours.letter.large_print)


@pages.page("/<string:letter_reference>/large-print.pdf", needs=Permission.FAMILY_READ, on=queries.my_letter)
def in_large_print(work: Work, ours: MyLetter) -> Any:
    """The letter in large print."""
    return serving.as_pdf(work, ours.letter, LAYOUT, large=True)


@pages.page("/wishes", methods=["GET", "POST"], needs=Permission.FAMILY_ANSWER, on=queries.my_child)
def set_wishes(work: Work, ours: MyLetters) -> Any:
    """Say how one would like letters."""
    form = WishesForm(obj=queries.wishes_of(work, [ours.parent.id]).get(ours.parent.id))
    form.by_post.hint = "You still find each letter on your own page too"
    if form.validate_on_submit():
        with form.refusals():
            service.set_wishes(work, ours.parent, large_print=form.large_print.data, by_post=form.by_post.data)
            flash("Thank you. Your letters will come like this from now on.")
            return redirect(url_for("family_letters.list_letters", reference=ours.child.reference))
    return render_template("letters/family_wishes.html", child=ours.child, form=form)
