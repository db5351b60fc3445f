"""Pages about one offer, for officers: its history, what the family answered, changing, cancelling, and its place."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.contact import queries, service
from ehe_portal.contact.forms import (
    AgreeForm,
    ChangeOfferForm,
    PlaceForm,
    ReadForm,
    ToldForm,
    WithdrawForm,
    on_offer,
    time_key,
)
from ehe_portal.contact.models import ANSWERABLE, STANDING, Visit, VisitSlot, VisitState
from ehe_portal.contact.queries import ChildsVisit
from ehe_portal.contact.views.versions import both_versions, offer_now
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

pages = Pages("offers", __name__, url_prefix="/children/<string:reference>/offers/<string:visit_reference>")


def back_to(seen: ChildsVisit) -> Any:
    """The offer's own page again."""
    return redirect(address(seen, "offers.one"))


def address(seen: ChildsVisit, endpoint: str, **more: Any) -> str:
    """One of the pages on a child's visit."""
    return url_for(endpoint, reference=seen.child.reference, visit_reference=seen.visit.reference, **more)


@pages.page("", needs=Permission.CHILD_READ, on=queries.childs_visit)
def one(work: Work, seen: ChildsVisit) -> Any:
    """One offer with everything that was answered to it and done about it."""
    return show(work, seen, ReadForm(version=seen.visit.version))


def show(work: Work, seen: ChildsVisit, form: ReadForm) -> Any:
    """The page of one offer."""
    visit = seen.visit
    answers, steps = queries.answers_to(work, visit), queries.steps_of(work, visit)
    check_in = queries.check_in_of(work, visit)
    people = [
        visit.adviser_id,
        check_in.colleague_id if check_in else None,
        *(one.account_id for one in answers),
        *(one.read_by_id for one in answers),
        *(one.by_id for one in steps),
    ]
    return render_template(
        "contact/one_offer.html",
        child=seen.child,
        visit=visit,
        parts=queries.visit_children(work, visit),
        answers=answers,
        steps=steps,
        slots=queries.open_slots(work, visit) if visit.choice else [],
        suggestions=queries.suggestions(work, visit) if visit.state is VisitState.ANOTHER_TIME else [],
        check_in=check_in,
        names=queries.names_of(work, people),
        unread=any(one.read_at is None for one in answers),
        open=visit.state in ANSWERABLE,
        standing=visit.state in STANDING,
        sees_places=sees_places(work, seen),
        form=form,
        agree=AgreeForm(version=visit.version),
        time_key=time_key,
    )


def sees_places(work: Work, seen: ChildsVisit) -> bool:
    """Whether the reader may see where the children of a visit live."""
    protected = any(part.child.protected for part in seen.visit.children)
    return not protected or permits(work.actor, Permission.CHILD_READ_PROTECTED)


@pages.page("/read", methods=["POST"], needs=Permission.CONTACT_OFFER, on=queries.childs_visit)
def read(work: Work, seen: ChildsVisit) -> Any:
    """Say that what was answered has been read, and that nothing more is to be done."""
    form = ReadForm(version=seen.visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.note_answers_read(work, seen.visit, version=form.version.data)
            flash("Noted: you have read the answer.")
            return back_to(seen)
    return show(work, seen, form)


@dataclass(frozen=True)
class Suggested:
    """A visit, on the pages of one of its children, and a day that the family suggested."""

    visit: Visit
    child: Child
    slot: VisitSlot


def suggested_day(work: Work, reference: str, visit_reference: str, slot: str) -> Suggested | None:
    """A day with a time that a family suggested of a visit in scope, by the form's key of it."""
    seen = queries.childs_visit(work, reference, visit_reference)
    if seen is None:
        return None
    keys = {time_key(one): one for one in queries.suggestions(work, seen.visit) if one.at_time is not None}
    return Suggested(seen.visit, seen.child, keys[slot]) if slot in keys else None


@pages.page("/agree/<string:slot>", methods=["POST"], needs=Permission.CONTACT_OFFER, on=suggested_day)
def agree(work: Work, suggested: Suggested) -> Any:
    """Take up a time that the family suggested."""
    seen = ChildsVisit(suggested.visit, suggested.child)
    form = AgreeForm(version=seen.visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.agree_suggestion(work, seen.visit, suggested.slot, version=form.version.data)
            flash("Agreed: the visit is confirmed. The family will be told.")
            return back_to(seen)
    return show(work, seen, ReadForm(version=seen.visit.version))


@pages.page("/change", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.childs_visit)
def change(work: Work, seen: ChildsVisit) -> Any:
    """Offer something else in its place."""
    visit = seen.visit
    slots = queries.open_slots(work, visit)
    others = others_about(work, seen)
    form, warned = ChangeOfferForm(version=visit.version, **on_offer(visit, slots, day_asked(), seen.child)), []
    form.for_children(others)
    if form.validate_on_submit():
        with form.refusals():
            offer = form.offer()
            service.check_offer(work, service.whom_about(work, visit, seen.child, offer), offer)
            warned = service.warnings_about(work, seen.child, offer, visit.adviser_id, instead_of=visit)
            if form.hears(warned):
                service.change_offer(work, visit, offer, version=form.version.data, child=seen.child)
                flash("The offer has been changed. The family will be told.")
                return back_to(seen)
    elif request.method == "GET" and visit.state not in ANSWERABLE:
        return back_to(seen)
    both = both_versions(form, offer_now(visit, slots, seen.child if others else None))
    return render_template(
        "contact/change_offer.html", child=seen.child, visit=visit, form=form, both=both, warned=warned
    )


def others_about(work: Work, seen: ChildsVisit) -> list[Child]:
    """The children whom a visit may be about beside the one on whose page it is, and those whom it is about now; not
    those of whom it is recorded what came of it, who stay.
    """
    parts = [part for part in seen.visit.children if part.child_id != seen.child.id]
    recorded = {part.child_id for part in parts if part.contact_id is not None}
    now = [part.child for part in parts if part.child_id not in recorded]
    found = [one for one in queries.companions(work, seen.child) if one.id not in recorded and one not in now]
    return [*now, *found]


def day_asked() -> date | None:
    """A day that the address names: one that the family suggested."""
    with suppress(ValueError):
        return date.fromisoformat(request.args.get("on", ""))
    return None


@pages.page("/withdraw", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.childs_visit)
def withdraw(work: Work, seen: ChildsVisit) -> Any:
    """Cancel the visit, or take the offer back."""
    visit = seen.visit
    form = WithdrawForm(version=visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw_offer(work, visit, form.note.data, version=form.version.data)
            flash("The visit has been cancelled. The family will be told.")
            return redirect(url_for("contact.history", reference=seen.child.reference))
    elif request.method == "GET" and visit.state not in ANSWERABLE:
        return back_to(seen)
    both = both_versions(form, offer_now(visit, queries.open_slots(work, visit)))
    return render_template("contact/withdraw_offer.html", child=seen.child, visit=visit, form=form, both=both)


@pages.page("/place", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.childs_visit)
def place(work: Work, seen: ChildsVisit) -> Any:
    """Confirm where the visit is, after the address changed."""
    visit = seen.visit
    sees = sees_places(work, seen)
    address = visit.child.address
    home = address.line if address is not None and address.is_a_place else None
    form = PlaceForm(version=visit.version)
    form.offer_home(home if home is None or sees else "The address is protected: see People and addresses")
    if form.validate_on_submit():
        with form.refusals():
            where = None if form.where.data == "home" else form.place.data
            service.confirm_place(work, visit, where, version=form.version.data)
            flash("The place is confirmed. The family will be told.")
            return back_to(seen)
    elif request.method == "GET" and (visit.place_doubtful_since is None or visit.state not in STANDING):
        return back_to(seen)
    both = both_versions(form, {"Where it stands": visit.state.label, "place": visit.place or ""})
    return render_template(
        "contact/confirm_place.html", child=seen.child, visit=visit, form=form, both=both, sees_places=sees
    )


@pages.page("/told", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=queries.childs_visit)
def told(work: Work, seen: ChildsVisit) -> Any:
    """Say how the family was told of what mail could not tell."""
    visit = seen.visit
    form = ToldForm(version=visit.version)
    if form.validate_on_submit():
        with form.refusals():
            service.note_told(work, visit, form.how.data, version=form.version.data)
            flash("Noted: the family has been told.")
            return back_to(seen)
    elif request.method == "GET" and visit.tell_since is None:
        return back_to(seen)
    both = both_versions(form, {"Where it stands": visit.state.label})
    return render_template("contact/told.html", child=seen.child, visit=visit, form=form, both=both)
