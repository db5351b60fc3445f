"""One child's open episode: who has it, how tightly it is followed, how it ends."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.codes import Destination
from ehe_portal.core.govuk import Choice
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import ADVISERS_TEAM, AssignForm, CloseForm, TierForm
from ehe_portal.register.models import ChangeKind, Child, Episode, ReportedChange

pages = Pages("episode", __name__, url_prefix="/children/<string:reference>/episode")


def the_open_one(work: Work, child: Child) -> Episode:
    """The child's open episode; without one there is nothing to change, and the page is not found."""
    return queries.open_episode(work, child.id) or abort(404)


def back_to(child: Child) -> Any:
    """The child's page again."""
    return redirect(url_for("child.overview", reference=child.reference))


@pages.page("/assign", methods=["GET", "POST"], needs=Permission.EPISODE_ASSIGN, on=queries.visible_child)
def assign(work: Work, child: Child) -> Any:
    """Give the child to an adviser, or back to the team."""
    episode = the_open_one(work, child)
    current = work.session.get(Account, episode.adviser_id) if episode.adviser_id else None
    form = AssignForm(version=episode.version, adviser=current.reference if current else ADVISERS_TEAM)
    form.adviser.choices = [
        *(Choice(one.reference, one.name, one.away_words(work.today)) for one in accounts.advisers(work)),
        Choice(ADVISERS_TEAM, "The team", "For a few days at most, until someone is named"),
    ]
    if form.validate_on_submit():
        with form.refusals():
            team = form.adviser.data == ADVISERS_TEAM
            adviser = None if team else accounts.staff_by_reference(work, form.adviser.data)
            service.assign(work, episode, adviser, form.version.data or 0)
            away = f" {adviser.away_words(work.today)}." if adviser and adviser.away_words(work.today) else ""
            flash(f"{adviser.name} now has this child.{away}" if adviser else "This child is now with the team.")
            return back_to(child)
    return render_template("register/assign.html", form=form, child=child, current=current, episode=episode)


@pages.page("/tier", methods=["GET", "POST"], needs=Permission.EPISODE_SET_TIER, on=queries.visible_child)
def set_tier(work: Work, child: Child) -> Any:
    """Set how often contact is planned, and what is known of social care."""
    episode = the_open_one(work, child)
    form = TierForm(version=episode.version, tier=episode.tier, social_care=episode.social_care)
    if form.validate_on_submit():
        with form.refusals():
            service.set_tier(work, episode, form.tier.data, form.social_care.data, form.version.data or 0)
            flash("Tier and social care status saved. The next date has been worked out anew.")
            return back_to(child)
    return render_template("register/set_tier.html", form=form, child=child, episode=episode)


@pages.page("/close", methods=["GET", "POST"], needs=Permission.EPISODE_SET_TIER, on=queries.visible_child)
def close(work: Work, child: Child) -> Any:
    """End the episode with a destination that someone confirms."""
    episode = the_open_one(work, child)
    told = queries.reported_change(work, child.reference, request.args.get("change", ""))
    form = CloseForm(version=episode.version, **told_of_leaving(work, told))
    form.offer(manager=service.may_close_as_error(work))
    if form.validate_on_submit():
        with form.refusals():
            service.close_episode(work, episode, form.closing(), form.version.data or 0, told)
            flash("The episode has been closed. It can still be read.")
            return back_to(child)
    return render_template("register/close.html", form=form, child=child, episode=episode, told=told)


def told_of_leaving(work: Work, told: ReportedChange | None) -> dict[str, Any]:
    """How the form begins: with what a parent told us, where that led here. Nothing of it is confirmed by that."""
    if told is None or told.kind not in (ChangeKind.SCHOOL, ChangeKind.MOVING_AWAY):
        return {"closed_on": work.today}
    known: dict[str, Any] = {"closed_on": min(told.from_on or work.today, work.today)}
    if told.kind is ChangeKind.SCHOOL:
        return known | {"destination": Destination.SCHOOL, "school": told.told.get("school")}
    return known | {"destination": Destination.OTHER_AUTHORITY, "other_authority": told.told.get("where")}
