"""One child's whole story: in order, narrowed by kind and period, each part leading to its page; and to be printed."""

from collections.abc import Mapping
from typing import Any, Final

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.casefile.forms.chronology import ChronologyForm
from ehe_portal.casefile.queries import chronology as queries
from ehe_portal.casefile.queries.child import Standing, visible_standing
from ehe_portal.casefile.rules.chronology import Group
from ehe_portal.core.sealed import opened, sealed
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("chronology", __name__, url_prefix="/children/<string:reference>/chronology")

# To what page an entry leads: by what it names, with the word for its reference, or else by what it belongs to.
ONE: Final = {
    "contact_id": ("contact.one", "contact_reference"),
    "visit_id": ("offers.one", "visit_reference"),
    "escalation_id": ("queue.escalation", "reference"),
    "message_id": ("messages.find", "message_reference"),
}
AT_ANCHOR: Final = {"evidence_id": ("evidence.list_evidence", "evidence"), "note_id": ("notes.list_notes", "note")}
ALL: Final[Mapping[str, str]] = {
    Group.CONTACT: "contact.history",
    Group.MESSAGES: "messages.conversations",
    Group.EVIDENCE: "evidence.list_evidence",
    Group.CONCERNS: "concerns.list_concerns",
    Group.PEOPLE: "child.people",
    Group.ORDERS: "orders.list_cases",
    Group.NOTES: "notes.list_notes",
    Group.REGISTER: "child.overview",
    Group.FAMILY: "changes.list_changes",
    "access_id": "access.list_access",
}
NEEDS: Final = {
    "message_id": Permission.MESSAGES_READ,
    Group.MESSAGES.value: Permission.MESSAGES_READ,
    "evidence_id": Permission.EVIDENCE_READ,
    Group.EVIDENCE.value: Permission.EVIDENCE_READ,
    "escalation_id": Permission.ESCALATION_READ,
    Group.CONCERNS.value: Permission.ESCALATION_READ,
    Group.ORDERS.value: Permission.ORDER_READ,
}


def leads_to(work: Work, child_reference: str, happening: queries.Happening) -> str | None:
    """The address of what an entry is about; None where it is withheld, or its page is not for this reader."""
    if happening.about is None:
        return None
    what, reference = happening.about
    if what in NEEDS and not permits(work.actor, NEEDS[what]):
        return None
    if what in ONE:
        endpoint, word = ONE[what]
        return url_for(endpoint, **{"reference": child_reference, word: reference})  # type: ignore[arg-type]
    if what in AT_ANCHOR:
        endpoint, anchor = AT_ANCHOR[what]
        return url_for(endpoint, reference=child_reference, _anchor=f"{anchor}-{reference}")
    return url_for(ALL[what], reference=child_reference)


def asked_for() -> tuple[ChronologyForm, queries.Asked, dict[str, Any]]:
    """What the address asks for: as a form, for the query, and as it stands in other addresses."""
    form = ChronologyForm()
    form.validate()
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "from"}
    return form, form.asked(), kept


@pages.page("", needs=Permission.CHILD_READ, on=visible_standing)
def show(work: Work, standing: Standing) -> Any:
    """The story, the latest first, a page at a time."""
    child = standing.child
    form, asked, kept = asked_for()
    purpose = f"chronology:{child.id}"
    told = queries.chronology(work, child, asked, queries.understood(opened(purpose, request.args.get("from"))))
    after = sealed(purpose, queries.written(told.after)) if told.after else None
    address = {**kept, "reference": child.reference}
    return render_template(
        "casefile/chronology.html",
        child=child,
        form=form,
        filtered=bool(kept),
        of_one_kind=asked.group is not None,
        happenings=[(one, leads_to(work, child.reference, one)) for one in told.happenings],
        next_url=url_for("chronology.show", **(address | {"from": after})) if after else None,
        print_url=url_for("chronology.printed", **address),
    )


@pages.page("/print", needs=Permission.CHILD_READ, on=visible_standing)
def printed(work: Work, standing: Standing) -> Any:
    """The whole story of a period on one page, in the order in which it happened."""
    form, asked, kept = asked_for()
    back = url_for("chronology.show", **(kept | {"reference": standing.child.reference}))
    if form.problems:  # there they can be put right
        return redirect(back)
    told = queries.chronology(work, standing.child, asked, most=queries.MOST_PRINTED)
    return render_template(
        "casefile/chronology_printed.html",
        child=standing.child,
        asked=asked,
        happenings=told.happenings[::-1],
        more=told.after is not None,
        made_at=work.at,
        back=back,
    )
