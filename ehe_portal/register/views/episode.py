"""One child's open episode: who has it, how tightly it is followed, how it ends."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.codes import Destination
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import (
    ADVISERS_TEAM,
    AssignForm,
    CloseForm,
    GiveUpForm,
    PendingForm,
    ReviewEndForm,
    SchoolAgeForm,
    TierForm,
)
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
    form = TierForm(
        version=episode.version,
        tier=episode.tier,
        social_care=episode.social_care,
        social_worker_name=episode.social_worker_name,
        social_worker_email=episode.social_worker_email,
    )
    if form.validate_on_submit():
        with form.refusals():
            service.set_tier(work, episode, form.tier.data, form.social_care.data, form.version.data or 0)
            service.name_social_worker(work, episode, form.social_worker())
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


@pages.page("/destination", methods=["GET", "POST"], needs=Permission.EPISODE_SET_TIER, on=queries.visible_child)
def pending(work: Work, child: Child) -> Any:
    """Keep in sight where the child is said to be going, until someone confirms it."""
    episode = the_open_one(work, child)
    known = queries.pending_of(work, episode.id)
    owner = work.session.get(Account, known.owner_id if known else work.actor.account_id or 0)
    form = PendingForm(
        version=known.version if known else 0,
        destination=known.destination if known else None,
        known=known.known if known else "",
        owner=owner.reference if owner else "",
        next_on=known.next_on if known else None,
    )
    form.owner.choices = [Choice(one.reference, one.name) for one in queries.finders(work, child.authority_id)]
    if form.validate_on_submit() and form.next_on.data is not None:
        with form.refusals():
            chosen = accounts.staff_by_reference(work, form.owner.data)
            awaited = service.Awaited(form.destination.data, form.known.data, chosen, form.next_on.data)
            service.await_destination(work, episode, awaited, form.version.data or 0)
            flash("Kept in sight. The episode stays open and the contact clock runs on.")
            return back_to(child)
    return render_template("register/pending.html", form=form, child=child, known=known)


@pages.page(
    "/destination/came-to-nothing",
    methods=["GET", "POST"],
    needs=Permission.EPISODE_SET_TIER,
    on=queries.visible_child,
)
def give_up_destination(work: Work, child: Child) -> Any:
    """Say that a destination came to nothing."""
    episode = the_open_one(work, child)
    known = queries.pending_of(work, episode.id) or abort(404)
    form = GiveUpForm()
    if form.validate_on_submit():
        with form.refusals():
            service.give_up_destination(work, episode, form.why.data)
            flash("Noted. The child stays home educated.")
            return back_to(child)
    return render_template("register/give_up_destination.html", form=form, child=child, known=known)


@pages.page("/school-age", methods=["GET", "POST"], needs=Permission.EPISODE_SET_TIER, on=queries.visible_child)
def say_age_ends(work: Work, child: Child) -> Any:
    """Say with which of two days school age ends, where a birthday in the first days of September leaves that open."""
    edge = queries.edge_of(work, child) or abort(404)
    episode = queries.episode_of_age(work, child) or abort(404)
    said = child.age_ends_said_on is not None
    form = SchoolAgeForm(version=child.version, ends_on=child.age_ends.isoformat() if said else None)
    form.offer(edge)
    if form.validate_on_submit():
        with form.refusals():
            ends_on = date.fromisoformat(form.ends_on.data)
            service.say_age_ends(work, child, ends_on, form.why.data, form.version.data or 0)
            flash(f"Noted. The last day of compulsory school age is {long_date(ends_on)}.")
            return back_to(child)
    return render_template(
        "register/school_age.html", form=form, child=child, edge=edge, episode=episode, today=work.today
    )


@pages.page("/ended", methods=["GET", "POST"], needs=Permission.EPISODE_SET_TIER, on=queries.visible_child)
def review_end(work: Work, child: Child) -> Any:
    """Look at an episode that the end of school age has closed by itself."""
    episode = queries.episode_to_review(work, child) or abort(404)
    form = ReviewEndForm(version=episode.version)
    if form.validate_on_submit():
        with form.refusals():
            service.review_end(work, episode, form.found.data, form.version.data or 0)
            flash("Noted. The episode stays closed, and can still be read.")
            return back_to(child)
    edge = queries.edge_of(work, child)
    return render_template("register/review_end.html", form=form, child=child, episode=episode, edge=edge)
