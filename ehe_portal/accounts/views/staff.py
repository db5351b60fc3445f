"""The people of an authority: who they are, what they may do, when they are away."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.forms import AddStaffForm, ChangeStaffForm
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.accounts.views.sittings import home_of
from ehe_portal.core.govuk import Form
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work

pages = Pages("staff", __name__, url_prefix="/staff")


class InviteForm(Form):
    """Nothing but a button."""


def own_authority(work: Work) -> Authority | None:
    """The authority whose staff this is about."""
    return queries.authority_in_scope(work)


@pages.page("", needs=Permission.STAFF_READ)
def list_staff(work: Work) -> Any:
    """Everyone in the team."""
    return render_template(
        "accounts/list_staff.html",
        staff=queries.staff(work),
        today=work.today,
        may_manage=portal().permits(work.actor, Permission.STAFF_MANAGE),
    )


@pages.page("/new", methods=["GET", "POST"], needs=Permission.STAFF_MANAGE, on=own_authority)
def add_staff(work: Work, authority: Authority) -> Any:
    """Add someone; they are sent an invitation."""
    form = AddStaffForm()
    if form.validate_on_submit():
        with form.refusals():
            added = service.add_account(work, authority, form.email.data, form.name.data, form.role.data)
            flash(f"{added.name} has been added. An invitation to choose a password is on its way.")
            return redirect(url_for("staff.list_staff"))
    return render_template("accounts/add_staff.html", form=form)


@pages.page(
    "/<string:reference>", methods=["GET", "POST"], needs=Permission.STAFF_MANAGE, on=queries.staff_by_reference
)
def change_staff(work: Work, account: Account) -> Any:
    """Change someone's role, days away, and whether they can sign in."""
    form = ChangeStaffForm(obj=account)
    if form.validate_on_submit():
        with form.refusals():
            service.change_staff(work, account, form.wanted(account), form.version.data)
            flash(f"{account.name}’s account has been changed.")
            is_oneself = account.id == work.actor.account_id
            return redirect(home_of(account.role.value) if is_oneself else url_for("staff.list_staff"))
    return render_template("accounts/change_staff.html", form=form, account=account, invite=InviteForm(prefix="invite"))


@pages.page(
    "/<string:reference>/invite", methods=["POST"], needs=Permission.STAFF_MANAGE, on=queries.staff_by_reference
)
def invite(work: Work, account: Account) -> Any:
    """Send someone who has not chosen a password yet another link."""
    form = InviteForm(prefix="invite")
    if form.validate_on_submit():
        with form.refusals():
            service.invite(work, account)
            flash(f"Another invitation is on its way to {account.name}.")
            return redirect(url_for("staff.list_staff"))
    return redirect(url_for("staff.change_staff", reference=account.reference))
