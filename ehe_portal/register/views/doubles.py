"""Records that may be one child, mostly from files: side by side, for an officer to decide."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import ButtonForm
from ehe_portal.register.models import Child
from ehe_portal.register.views.side_by_side import side_by_side

pages = Pages("doubles", __name__, url_prefix="/doubles")


@dataclass(frozen=True)
class Two:
    """A record and another that may be the same child."""

    child: Child
    other: Child


def two_records(work: Work, reference: str, other_reference: str) -> Two | None:
    """Two records in scope."""
    child, other = queries.visible_child(work, reference), queries.visible_child(work, other_reference)
    return None if child is None or other is None or child.id == other.id else Two(child, other)


@pages.page("", needs=Permission.REGISTRATION_CHECK)
def to_decide(work: Work) -> Any:
    """The children who may be on the register twice, the likeliest first."""
    lines, more = queries.children_with_doubles(work)
    return render_template("register/doubles.html", lines=lines, more=more)


@pages.page("/<string:reference>", needs=Permission.REGISTRATION_CHECK, on=queries.visible_child)
def compare(work: Work, child: Child) -> Any:
    """One record beside those that may be the same child."""
    return render_template(
        "register/compare.html",
        child=child,
        registration=queries.waiting_registration_of(work, child.id),
        pairs=[(pair, side_by_side(child, pair.other)) for pair in queries.undecided_pairs(work, child.id)],
        different=ButtonForm(prefix="different"),
    )


@pages.page(
    "/<string:reference>/different/<string:other_reference>",
    methods=["POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=two_records,
)
def different(work: Work, two: Two) -> Any:
    """Say that two records are two children."""
    service.decide_different(work, two.child, two.other)
    flash("Noted: these are two different children.")
    return redirect(url_for("doubles.compare", reference=two.child.reference))


@pages.page(
    "/<string:reference>/same/<string:other_reference>",
    methods=["GET", "POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=two_records,
)
def same(work: Work, two: Two) -> Any:
    """Say that two records are one child; the other record stays."""
    form = ButtonForm()
    if form.validate_on_submit():
        with form.refusals():
            service.join_records(work, two.child, two.other)
            flash("The two records are now one.")
            return redirect(url_for("child.overview", reference=two.other.reference))
    return render_template(
        "register/same.html",
        form=form,
        child=two.child,
        other=two.other,
        compared=side_by_side(two.child, two.other),
        back_url=url_for("doubles.compare", reference=two.child.reference),
    )
