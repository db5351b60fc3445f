"""One's own account."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.forms import ChangePasswordForm, NewEmailForm, PasswordAgainForm, TextsForm
from ehe_portal.accounts.models import Account, Purpose
from ehe_portal.accounts.policy import Permission, Role, permits
from ehe_portal.accounts.views.doors import link_behind, pages, refuse_next_time, show_refusal
from ehe_portal.accounts.views.sittings import begin_sitting
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Anyone, portal
from ehe_portal.core.work import Work

WANTED = "new_email"


def oneself(work: Work) -> Account | None:
    """The account of whoever is signed in."""
    return None if work.actor.account_id is None else queries.account_by_id(work, work.actor.account_id)


@pages.page("/account", needs=Permission.ACCOUNT_OWN, on=oneself)
def my_account(work: Work, account: Account) -> Any:
    """Name, address, role, and the way to another password."""
    return render_template(
        "accounts/my_account.html",
        account=account,
        layout=layout_for(account),
        today=work.today,
        may_change=permits(work.actor, Permission.ACCOUNT_CHANGE),
        texts=bool(portal().settings.notify.text_template),
    )


@pages.page("/account/texts", methods=["GET", "POST"], needs=Permission.ACCOUNT_CHANGE, on=oneself)
def choose_texts(work: Work, account: Account) -> Any:
    """Ask for a text when there is something to read, or for none."""
    form = TextsForm(wanted="yes" if account.text_to else "no", number=account.text_to or "")
    if form.validate_on_submit():
        with form.refusals():
            service.choose_texts(work, account, form.number.data if form.wanted.data == "yes" else None)
            flash("Thank you. We have kept your choice.")
            return redirect(url_for("accounts.my_account"))
    sent = bool(portal().settings.notify.text_template)
    return render_template("accounts/texts.html", form=form, account=account, sent=sent)


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


@pages.page("/account/email", methods=["GET", "POST"], needs=Permission.ACCOUNT_CHANGE, on=oneself)
def change_email(work: Work, account: Account) -> Any:
    """Ask to use another address; the answer is the same whether it has an account or not."""
    form = NewEmailForm(email=session.get(WANTED))
    if form.validate_on_submit():
        key = portal().settings.secret_key
        session[WANTED] = form.email.data
        try:
            service.ask_for_new_email(work, account, form.email.data, form.current_password.data, key)
        except Refusal as refusal:
            # By way of a redirect, so that the failed attempt is kept.
            refuse_next_time(refusal, "current_password")
            return redirect(url_for("accounts.change_email"))
        return redirect(url_for("accounts.new_email_asked"))
    if request.method == "GET":
        show_refusal(form)
    return render_template("accounts/change_email.html", form=form, account=account)


@pages.page("/account/email/check-your-email", needs=Permission.ACCOUNT_CHANGE, on=oneself)
def new_email_asked(work: Work, account: Account) -> Any:
    """The same for every address, known or not."""
    return render_template("accounts/new_email_asked.html", account=account, email=session.get(WANTED))


@pages.page("/account/email/confirm/<string:token>", methods=["GET", "POST"], needs=Anyone)
def confirm_email(work: Work, token: str) -> Any:
    """Confirm a new address by the link that was sent to it, and one's password."""
    key = portal().settings.secret_key
    link = link_behind(work, token, key)
    account = None if link is None or link.account_id is None else queries.account_by_id(work, link.account_id)
    if link is None or account is None or link.purpose is not Purpose.NEW_EMAIL:
        return render_template("accounts/link_over.html", why="unknown", purpose=None)
    state = rules.link_state(link.used_at, link.expires_at, work.at)
    if state is not rules.LinkState.FRESH:
        return render_template("accounts/link_over.html", why=state.value, purpose=link.purpose)
    form = PasswordAgainForm()
    if form.validate_on_submit():
        try:
            service.confirm_email(work, link, account, form.current_password.data, key)
        except service.LinkSpent:
            return render_template("accounts/link_over.html", why="used", purpose=link.purpose)
        except Refusal as refusal:
            refuse_next_time(refusal, "current_password")
            return redirect(url_for("accounts.confirm_email", token=token))
        session.pop(WANTED, None)
        flash("Your email address has been changed. From now on you sign in with the new one.")
        signed_in = work.actor.account_id == account.id
        return redirect(url_for("accounts.my_account" if signed_in else "accounts.sign_in"))
    if request.method == "GET":
        show_refusal(form)
    return render_template("accounts/confirm_email.html", form=form, link=link)


@pages.page("/account/close", methods=["GET", "POST"], needs=Permission.ACCOUNT_CHANGE, on=oneself)
def close_account(work: Work, account: Account) -> Any:
    """Close one's account, knowing what stays."""
    form = PasswordAgainForm()
    if form.validate_on_submit():
        try:
            service.close_account(work, account, form.current_password.data, portal().settings.secret_key)
        except Refusal as refusal:
            refuse_next_time(refusal, "current_password")
            return redirect(url_for("accounts.close_account"))
        session.clear()
        flash("Your account has been closed. We have sent you a last email to say so.")
        return redirect(url_for("public.start"))
    if request.method == "GET":
        show_refusal(form)
    return render_template("accounts/close_account.html", form=form)


def layout_for(account: Account) -> str:
    """Round which pages someone moves."""
    return "core/family.html" if account.role is Role.PARENT else "core/staff.html"
