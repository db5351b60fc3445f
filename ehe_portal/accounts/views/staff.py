"""The people of an authority: who they are, what they may do, when they are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.forms import AddStaffForm, ChangeStaffForm
from ehe_portal.accounts.models import Account, Authority, Purpose
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


def in_address(wanted: service.StaffChange) -> dict[str, Any]:
    """What someone's account is to say, as it goes on in an address."""
    days = {"away_from": wanted.away_from, "away_until": wanted.away_until}
    told = {name: day.isoformat() for name, day in days.items() if day is not None}
    return {"role": wanted.role.value, "is_active": "yes" if wanted.is_active else "no", **told}


@dataclass(frozen=True)
class Invited:
    """What became of someone's invitation, and when: sent and until when it can be used, or accepted."""

    state: rules.Invitation
    sent_at: datetime | None
    expires_at: datetime | None
    accepted_at: datetime | None


def invitations(work: Work, staff: Sequence[Account]) -> dict[int, Invited]:
    """The invitations of some staff, by account."""
    ids = [one.id for one in staff]
    until, used = queries.invitations(work, ids), queries.first_passwords(work, ids)
    return {
        one.id: Invited(
            rules.invitation_state(one.id in until, one.password_hash is not None, until.get(one.id), work.at),
            until[one.id] - rules.LINK_LASTS[Purpose.INVITATION] if one.id in until else None,
            until.get(one.id),
            used.get(one.id),
        )
        for one in staff
    }


@pages.page("", needs=Permission.STAFF_READ)
def list_staff(work: Work) -> Any:
    """Everyone in the team."""
    staff = queries.staff(work)
    return render_template(
        "accounts/list_staff.html",
        staff=staff,
        invited=invitations(work, staff),
        states=rules.Invitation,
        resend=InviteForm(prefix="invite"),
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
    """Change someone's role, days away, and whether they can sign in; what they have in hand is handed over first."""
    form = ChangeStaffForm(obj=account)
    if form.validate_on_submit():
        with form.refusals():
            wanted = form.wanted(account)
            if service.hands_over(account, wanted):
                service.check_change(work, account, wanted, form.version.data)
                seen = {"version": account.version, **in_address(wanted)}
                return redirect(url_for("leaving.hand_over", reference=account.reference, **seen))
            service.change_staff(work, account, wanted, form.version.data)
            flash(f"{account.name}’s account has been changed.")
            is_oneself = account.id == work.actor.account_id
            return redirect(home_of(account.role.value) if is_oneself else url_for("staff.list_staff"))
    return render_template(
        "accounts/change_staff.html",
        form=form,
        account=account,
        invite=InviteForm(prefix="invite"),
        invited=invitations(work, [account])[account.id],
        states=rules.Invitation,
    )


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
