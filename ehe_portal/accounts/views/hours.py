"""When staff are at work: weekly hours and leave, one's own or, for managers, those of others."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.forms import HoursForm, LeaveForm, RemoveLeaveForm
from ehe_portal.accounts.models import Account, Leave
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.hours import DayPart
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("hours", __name__, url_prefix="/staff/<string:reference>/hours")


def whose(work: Work, reference: str) -> Account | None:
    """Whose hours these are: one's own, or for managers those of anyone on the staff in scope."""
    account = queries.staff_by_reference(work, reference)
    if account is None or account.id == work.actor.account_id:
        return account
    return account if permits(work.actor, Permission.STAFF_SET_HOURS) else None


@dataclass(frozen=True)
class LeaveOf:
    """Days of leave, and whose they are."""

    account: Account
    leave: Leave


def leave_of(work: Work, reference: str, leave_reference: str) -> LeaveOf | None:
    """Days of leave of someone whose hours the actor may set."""
    account = whose(work, reference)
    leave = None if account is None else queries.leave_of(work, account, leave_reference)
    return None if account is None or leave is None else LeaveOf(account, leave)


def back_to(account: Account) -> Any:
    """The page of someone's hours again."""
    return redirect(url_for("hours.show", reference=account.reference))


@pages.page("", methods=["GET", "POST"], needs=Permission.CALENDAR_READ, on=whose)
def show(work: Work, account: Account) -> Any:
    """Someone's weekly hours, to be changed, and their leave."""
    known = queries.officer(work, account.id, work.today, work.today)
    form = HoursForm(**HoursForm.known(known.hours if known else {}))
    if form.validate_on_submit():
        with form.refusals():
            service.set_hours(work, account, form.wanted())
            flash("The working hours have been saved.")
            return back_to(account)
    return render_template(
        "accounts/hours.html",
        account=account,
        form=form,
        leave=queries.leave_to_come(work, account),
        own=account.id == work.actor.account_id,
        whole=DayPart.WHOLE,
    )


@pages.page("/leave", methods=["GET", "POST"], needs=Permission.CALENDAR_READ, on=whose)
def add_leave(work: Work, account: Account) -> Any:
    """Enter days of leave."""
    form = LeaveForm(part=DayPart.WHOLE)
    if form.validate_on_submit():
        with form.refusals():
            service.add_leave(work, account, form.wanted(), form.reason.data)
            flash("The leave has been saved.")
            return back_to(account)
    return render_template(
        "accounts/add_leave.html", account=account, form=form, own=account.id == work.actor.account_id
    )


@pages.page(
    "/leave/<string:leave_reference>/remove",
    methods=["GET", "POST"],
    needs=Permission.CALENDAR_READ,
    on=leave_of,
)
def remove_leave(work: Work, found: LeaveOf) -> Any:
    """Take days of leave out again."""
    form = RemoveLeaveForm()
    if form.validate_on_submit():
        service.remove_leave(work, found.leave)
        flash("The leave has been removed.")
        return back_to(found.account)
    return render_template("accounts/remove_leave.html", account=found.account, leave=found.leave, form=form)
