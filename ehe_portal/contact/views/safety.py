"""Coming and going safely: pages for whoever goes, made for one hand and a phone, and for whoever is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role, permits
from ehe_portal.contact import queries, service
from ehe_portal.contact.forms import CheckInForm, LongerForm, PressForm
from ehe_portal.contact.models import CheckIn, Visit
from ehe_portal.contact.queries import ChildsVisit, Expected
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.days import LONDON
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk.words import london_time
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

going = Pages(
    "going", __name__, url_prefix="/children/<string:reference>/offers/<string:visit_reference>/coming-and-going"
)
pages = Pages("check_ins", __name__, url_prefix="/check-ins/<string:check_in_reference>")

WHO_IS_TOLD = tuple(role for role in Role if Permission.MY_DAY_READ in GRANTS[role])


# For whoever goes


@going.page("", needs=Permission.CONTACT_RECORD, on=queries.childs_visit)
def one(work: Work, seen: ChildsVisit) -> Any:
    """Where it stands, and the buttons."""
    return show(work, seen, LongerForm())


def show(work: Work, seen: ChildsVisit, longer: LongerForm) -> Any:
    """The page of one check-in; where there is none, the way to one."""
    check_in = queries.check_in_of(work, seen.visit)
    if check_in is None:
        return redirect(address(seen, "going.set_up"))
    names = queries.names_of(work, [seen.visit.adviser_id, check_in.colleague_id])
    return render_template(
        "contact/going.html",
        child=seen.child,
        visit=seen.visit,
        check_in=check_in,
        names=names,
        press=PressForm(),
        longer=longer,
        is_late=check_in.back_at is None and check_in.back_by_at < work.at,
    )


def address(seen: ChildsVisit, endpoint: str) -> str:
    """One of the pages on a child's visit."""
    return url_for(endpoint, reference=seen.child.reference, visit_reference=seen.visit.reference)


@going.page("/set-up", methods=["GET", "POST"], needs=Permission.CONTACT_RECORD, on=queries.childs_visit)
def set_up(work: Work, seen: ChildsVisit) -> Any:
    """Say by when one is back, and whom to tell otherwise."""
    visit = seen.visit
    form = CheckInForm(back_by=usual_end(seen))
    staff = [one for one in colleagues(work, visit.authority_id) if one.id != visit.adviser_id]
    form.offer_colleagues(staff)
    if form.validate_on_submit() and form.back_by.data is not None:
        with form.refusals():
            colleague = next(one for one in staff if one.reference == form.colleague.data)
            back_by = datetime.combine(visit.on_date, form.back_by.data, LONDON)
            service.set_check_in(work, visit, back_by, colleague)
            flash(f"{colleague.name} is told if you are not back in time.")
            return redirect(address(seen, "going.one"))
    return render_template("contact/set_check_in.html", child=seen.child, visit=visit, form=form)


def usual_end(seen: ChildsVisit) -> Any:
    """Two hours after a visit begins, on the same day."""
    at = seen.visit.at_time
    return at.replace(hour=min(at.hour + 2, 23))


def colleagues(work: Work, authority_id: int) -> list[Account]:
    """Who may be named: staff who have a day of their own, and are here today."""
    return accounts.active_staff(work, authority_id, *WHO_IS_TOLD, here_on=work.today)


@dataclass(frozen=True)
class Going:
    """A visit, on the pages of one of its children, with its check-in."""

    visit: Visit
    child: Child
    check_in: CheckIn

    @property
    def seen(self) -> ChildsVisit:
        """The visit alone."""
        return ChildsVisit(self.visit, self.child)


def existing(work: Work, reference: str, visit_reference: str) -> Going | None:
    """A visit in scope that has a check-in."""
    seen = queries.childs_visit(work, reference, visit_reference)
    check_in = queries.check_in_of(work, seen.visit) if seen is not None else None
    return None if seen is None or check_in is None else Going(seen.visit, seen.child, check_in)


@going.page("/arrived", methods=["POST"], needs=Permission.CONTACT_RECORD, on=existing)
def arrived(work: Work, going: Going) -> Any:
    """I have arrived."""
    return pressed(going, lambda: service.arrive(work, going.check_in), "Noted: you have arrived.")


@going.page("/back", methods=["POST"], needs=Permission.CONTACT_RECORD, on=existing)
def back(work: Work, going: Going) -> Any:
    """I am back."""
    return pressed(going, lambda: service.come_back(work, going.check_in), "Noted: you are back. Nobody is told.")


def pressed(going: Going, deed: Callable[[], None], words: str) -> Any:
    """Do what a button asks for, and come back to the page."""
    if PressForm().validate_on_submit():
        try:
            deed()
        except Refusal as refusal:
            flash(refusal.message, "notice")
        else:
            flash(words)
    return redirect(address(going.seen, "going.one"))


@going.page("/longer", methods=["POST"], needs=Permission.CONTACT_RECORD, on=existing)
def longer(work: Work, going: Going) -> Any:
    """I need longer."""
    if going.check_in.back_at is not None:
        return redirect(address(going.seen, "going.one"))
    form = LongerForm()
    if form.validate_on_submit():
        with form.refusals():
            service.extend(work, going.check_in, form.minutes.data)
            flash(f"Noted: you are expected by {london_time(going.check_in.back_by_at)}.")
            return redirect(address(going.seen, "going.one"))
    return show(work, going.seen, form)


# For whoever is told


@pages.page("", methods=["GET", "POST"], needs=Permission.MY_DAY_READ, on=queries.visible_check_in)
def missed(work: Work, expected: Expected) -> Any:
    """Who is not back, where they went and what to do; and the button that says that all is well."""
    visit, check_in = expected.visit, expected.check_in
    form = PressForm()
    if form.validate_on_submit():
        with form.refusals():
            service.come_back(work, check_in)
            flash("Noted: all is well. Nobody else is told.")
            return redirect(url_for("my_day.today"))
    sees = permits(work.actor, Permission.CHILD_READ_PROTECTED) or not any(
        part.child.protected for part in queries.visit_children(work, visit)
    )
    home = expected.child.address.line if expected.child.address is not None else None
    return render_template(
        "contact/not_back.html",
        expected=expected,
        visit=visit,
        check_in=check_in,
        names=queries.names_of(work, [visit.adviser_id, check_in.colleague_id]),
        place=(visit.place or (home if visit.kind is ContactKind.HOME_VISIT else None)) if sees else None,
        sees=sees,
        form=form,
    )
