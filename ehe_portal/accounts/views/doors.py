"""Signing up, in and out, and the links that mails carry.

A link only shows a page, however often it is opened, for mail scanners open links too; the page's button uses it.
"""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.forms import AddressForm, ChoosePasswordForm, SignInForm
from ehe_portal.accounts.models import MailLink, Purpose
from ehe_portal.accounts.views.sittings import begin_sitting, home_of
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Form
from ehe_portal.core.links import read_link
from ehe_portal.core.web import Anyone, Pages, SignedIn, portal
from ehe_portal.core.work import Work

pages = Pages("accounts", __name__)
REFUSED = "refused"
ASKED_FOR = "asked_for"


@pages.page("/sign-in", methods=["GET", "POST"], needs=Anyone)
def sign_in(work: Work) -> Any:
    """Sign in, and go on to where one was going."""
    target = rules.safe_next(request.args.get("next"))
    form = SignInForm(email=session.get(REFUSED, {}).get("email"))
    if form.validate_on_submit():
        try:
            account = service.sign_in(work, form.email.data, form.password.data, portal().settings.secret_key)
        except Refusal as refusal:
            # By way of a redirect, so that the failed attempt is kept: only an answer that redirects keeps anything.
            refuse_next_time(refusal, "email", form.email.data)
            return redirect(url_for("accounts.sign_in", next=target))
        begin_sitting(account)
        return redirect(target or home_of(account.role.value))
    if request.method == "GET":
        if work.actor.signed_in:
            return redirect(target or home_of(work.actor.role))
        show_refusal(form)
    return render_template("accounts/sign_in.html", form=form)


def refuse_next_time(refusal: Refusal, field: str, email: str = "") -> None:
    """Let the page that is redirected to say what was refused."""
    session[REFUSED] = {"message": refusal.message, "field": refusal.field or field, "email": email}


def show_refusal(form: Form) -> None:
    """Say, once, what was refused before the redirect."""
    said = session.pop(REFUSED, None)
    if said:
        form.refuse(Refusal(said["message"], said["field"]))


@pages.page("/sign-out", methods=["POST"], needs=SignedIn)
def sign_out(work: Work) -> Any:
    """End every sitting of this account."""
    if work.actor.account_id is not None:
        service.sign_out(work, work.actor.account_id)
    session.clear()
    flash("You have signed out.")
    return redirect(url_for("public.start"))


@pages.page("/account/new", methods=["GET", "POST"], needs=Anyone)
def sign_up(work: Work) -> Any:
    """Ask for a link that opens a parent's account."""
    councils = queries.authorities(work)
    form = AddressForm()
    form.offer(councils)
    if form.validate_on_submit():
        with form.refusals():
            service.ask_to_sign_up(work, form.email.data, form.chosen(councils))
            session[ASKED_FOR] = [form.email.data, request.path]
            return redirect(url_for("accounts.check_your_email"))
    return render_template("accounts/sign_up.html", form=form)


@pages.page("/account/forgotten-password", methods=["GET", "POST"], needs=Anyone)
def forgotten_password(work: Work) -> Any:
    """Ask for a link to choose a new password."""
    councils = queries.authorities(work)
    form = AddressForm()
    form.offer(councils)
    if form.validate_on_submit():
        with form.refusals():
            service.ask_for_new_password(work, form.email.data, form.chosen(councils))
            session[ASKED_FOR] = [form.email.data, request.path]
            return redirect(url_for("accounts.check_your_email"))
    return render_template("accounts/forgotten_password.html", form=form)


@pages.page("/account/check-your-email", needs=Anyone)
def check_your_email(work: Work) -> Any:
    """The same for every address, known or not."""
    email, again = session.get(ASKED_FOR) or (None, url_for("accounts.sign_up"))
    return render_template("accounts/check_your_email.html", email=email, again=again)


@pages.page("/link/<string:token>", methods=["GET", "POST"], needs=Anyone)
def use_link(work: Work, token: str) -> Any:
    """Show what a link is for; its button opens the account or gives it the new password."""
    key = portal().settings.secret_key
    link = link_behind(work, token, key)
    if link is None:
        return render_template("accounts/link_over.html", why="unknown", purpose=None)
    if link.purpose is Purpose.NEW_EMAIL:
        return redirect(url_for("accounts.confirm_email", token=token))
    account = None if link.account_id is None else queries.account_by_id(work, link.account_id)
    state = rules.link_state(link.used_at, link.expires_at, work.at)
    if state is not rules.LinkState.FRESH or (account is not None and not account.is_active):
        why = state.value if state is not rules.LinkState.FRESH else "closed"
        return render_template("accounts/link_over.html", why=why, purpose=link.purpose)
    form = ChoosePasswordForm()
    if account is not None:
        del form.name
    if form.validate_on_submit():
        try:
            name = "" if account is not None else form.name.data
            opened = service.use_link(work, link, name, form.password.data, key)
        except service.LinkSpent:
            return render_template("accounts/link_over.html", why="used", purpose=link.purpose)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            begin_sitting(opened)
            flash("Your account is ready." if link.purpose is not Purpose.RESET else "Your password has been changed.")
            return redirect(home_of(opened.role.value))
    return render_template("accounts/use_link.html", form=form, link=link, account=account)


def link_behind(work: Work, token: str, key: str) -> MailLink | None:
    """The link that a token from a mail stands for."""
    link_id = read_link(key, token)
    return None if link_id is None else queries.link_by_id(work, link_id)
