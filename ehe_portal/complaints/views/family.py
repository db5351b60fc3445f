"""A parent's own complaints: where each stands, and what was answered. Making one is a page of the windows."""

from typing import Any

from flask import render_template

from ehe_portal.accounts.policy import Permission
from ehe_portal.complaints import queries
from ehe_portal.complaints.models import Complaint
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("family_complaints", __name__, url_prefix="/family/children/<string:reference>/complaints")


@pages.page("", needs=Permission.FAMILY_COMPLAIN, on=visible_child)
def list_complaints(work: Work, child: Child) -> Any:
    """What this parent complained of, and how to complain."""
    return render_template(
        "complaints/own.html", child=child, complaints=queries.own_complaints(work, child), known=known
    )


@pages.page("/<string:complaint_reference>", needs=Permission.FAMILY_COMPLAIN, on=queries.own_complaint)
def one(work: Work, complaint: Complaint) -> Any:
    """Where a complaint stands: what was said, by when it is answered, the answer, and who is above the council."""
    return render_template(
        "complaints/own_one.html",
        child=complaint.child,
        complaint=complaint,
        known=known,
        sources=policy.sources().of("complaints"),
    )


def known(complaint: Complaint, name: str) -> Any:
    """A moment of a complaint, as far as the family may know: not since messages to it were stopped."""
    moment = getattr(complaint, name)
    return None if moment is None or complaint.child.is_held_back(moment) else moment
