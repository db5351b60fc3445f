"""Looking again at a child's education, and at those of brothers and sisters in turn: one record and one form each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.reference import PATTERN
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries
from ehe_portal.evidence.forms import TogetherForm
from ehe_portal.evidence.models import EducationReview
from ehe_portal.register.models import Child
from ehe_portal.register.queries import linked_children, open_episode, visible_child

pages = Pages("reviews", __name__, url_prefix="/children/<string:reference>/evidence")
THEN = "then"
"""What an address says of the children who come next, as references with a full stop between."""


@dataclass(frozen=True)
class Together:
    """A brother or sister about whom one may decide too, and the review that is due of them, if any is."""

    child: Child
    review: EducationReview | None


@pages.page("/review", methods=["GET", "POST"], needs=Permission.EVIDENCE_ASSESS, on=visible_child)
def begin(work: Work, child: Child) -> Any:
    """What was decided last and what has come since; who of the family is looked at together with this child."""
    others = [
        Together(one, queries.review_of(work, one))
        for one in linked_children(work, child)
        if open_episode(work, one.id) is not None and queries.waiting_decision(work, one.id) is None
    ]
    form = TogetherForm()
    form.offer([(one.child, one.review.due_on if one.review else None) for one in others], work.today)
    if form.validate_on_submit():
        return redirect(url_for("evidence.assess", reference=child.reference, **then(form.chosen)))
    return render_template(
        "evidence/review.html",
        form=form,
        child=child,
        review=queries.review_of(work, child),
        decided=queries.latest_assessment(work, child.id),
        waiting=queries.waiting_decision(work, child.id),
        is_open=open_episode(work, child.id) is not None,
        since=[one for one in queries.sent(work, child.id) if one.decided_in_id is None],
    )


def then(references: Sequence[str]) -> dict[str, Any]:
    """What an address says of the children who come next; nothing where there are none."""
    return {THEN: ".".join(references)} if references else {}


def next_in_turn(work: Work, child: Child) -> list[Child]:
    """The children who come next by the address of this request: of the child's family, with an open episode."""
    asked = [one for one in request.args.get(THEN, "").split(".") if PATTERN.fullmatch(one)]
    family = {one.reference: one for one in linked_children(work, child)} if asked else {}
    return [
        family[one] for one in dict.fromkeys(asked) if one in family and open_episode(work, family[one].id) is not None
    ]
