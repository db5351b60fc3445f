"""One's own account."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.forms import ChangePasswordForm
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission, Role
from ehe_portal.accounts.views.doors import pages, refuse_next_time, show_refusal
from ehe_portal.accounts.views.sittings import begin_sitting
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work


def oneself(work: Work) -> Account | None:
    """The account of whoever is signed in."""
    return None if work.actor.account_id is None else queries.account_by_id(work, work.actor.account_id)


@pages.page("/account", needs=Permission.ACCOUNT_OWN, on=oneself)
def my_account(work: Work, account: Account) -> Any:
    """Name, address, role, and the way to another password."""
    return render_template("accounts/my_account.html", account=account, layout=layout_for(account), today=work.today)


@pages.page("/account/password", methods=["GET", "POST"], needs=Permission.ACCOUNT_OWN, on=oneself)
def change_password(work: Work, account: Account) -> Any:
    """Choose another password; every other sitting ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            service.change_password(
                work, account, form.current_password.data, form.password.data, portal().settings.secret_key
            )
        except Refusal as refusal:
            if refusal.field == "password":
                form.refuse(refusal)
            else:
                # By way of a redirect, so that the failed attempt is kept.
                refuse_next_time(refusal, "current_password")
                return redirect(url_for("accounts.change_password"))
        else:
            begin_sitting(account)
            flash("Your password has been changed. Anyone else signed in to your account has been signed out.")
            return redirect(url_for("accounts.my_account"))
    elif request.method == "GET":
        show_refusal(form)
    return render_template("accounts/change_password.html", form=form, layout=layout_for(account))


def layout_for(account: Account) -> str:
    """Round which pages someone moves."""
    return "core/family.html" if account.role is Role.PARENT else "core/staff.html"
