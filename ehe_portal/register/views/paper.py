"""The paper form, for everyone."""

from typing import Any

from flask import make_response, request

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Authority
from ehe_portal.core.printing import PDF, printed
from ehe_portal.core.web import Anyone, Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.forms.paper import printed_questions

pages = Pages("paper", __name__)


def council(work: Work) -> Authority | None:
    """Whose form it is: one's own authority's, or that of the only one here."""
    known = accounts.authorities(work)
    if work.actor.authority_id is not None:
        return next((one for one in known if one.id == work.actor.authority_id), None)
    return known[0] if len(known) == 1 else None


@pages.page("/registration-form.pdf", needs=Anyone)
def registration_form(work: Work) -> Any:
    """The registration on paper: the same questions, as a PDF that can be printed and that a screen reader can read."""
    authority = council(work)
    profile = policy.profile_in_force(work, authority.id if authority else None, work.today)
    said = {
        "council": authority.name if authority else "Your council",
        "email": (authority.contact_email if authority else None) or "",
        "phone": (authority.contact_phone if authority else None) or "",
        "voluntary": profile.is_voluntary,
        "parts": printed_questions(work.today, profile.required),
    }
    layout = portal().settings.root / "templates" / "register" / "registration-form.typ"
    response = make_response(printed(layout, said))
    response.mimetype = PDF
    response.headers["Content-Disposition"] = 'inline; filename="registration-form.pdf"'
    response.add_etag()
    return response.make_conditional(request)
