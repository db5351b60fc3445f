"""The private address at which one's own calendar reads one's visits: made, shown once, made anew, revoked."""

from typing import Any

from flask import flash, redirect, render_template, session, url_for

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.forms import FeedForm
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.accounts.views.own import oneself
from ehe_portal.core.mail import page_address
from ehe_portal.core.sealed import opened, sealed
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("feed", __name__, url_prefix="/account/calendar")
JUST_MADE = "calendar_address"


def purpose_of(account: Account) -> str:
    """What an address that waits to be shown is sealed for: nobody else's browser opens it."""
    return f"calendar-address:{account.id}"


@pages.page("", needs=Permission.CALENDAR_READ, on=oneself)
def show(work: Work, account: Account) -> Any:
    """Whether there is an address, when it was read last; the address itself once, right after it was made."""
    feed = queries.feed_of(work, account)
    token = opened(purpose_of(account), session.pop(JUST_MADE, None))
    return render_template(
        "accounts/calendar_feed.html",
        account=account,
        feed=feed,
        reading=queries.last_reading(work, feed) if feed else None,
        address=page_address("calendar.feed", token=token) if token and feed else None,
        make=FeedForm(prefix="make"),
        revoke_form=FeedForm(prefix="revoke"),
    )


@pages.page("/make", methods=["POST"], needs=Permission.CALENDAR_READ, on=oneself)
def make(work: Work, account: Account) -> Any:
    """Make an address; one that there was before works no longer."""
    form = FeedForm(prefix="make")
    if form.validate_on_submit():
        session[JUST_MADE] = sealed(purpose_of(account), service.make_feed(work, account))
    return redirect(url_for("feed.show"))


@pages.page("/revoke", methods=["POST"], needs=Permission.CALENDAR_READ, on=oneself)
def revoke(work: Work, account: Account) -> Any:
    """Let the address work no longer."""
    form = FeedForm(prefix="revoke")
    if form.validate_on_submit():
        with form.refusals():
            service.revoke_feed(work, account)
            flash("The private address has been revoked. Calendars that read it get nothing more.")
    return redirect(url_for("feed.show"))
