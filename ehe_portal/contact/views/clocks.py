"""A child's contact clock, for officers: holds; who saw the child, and how not having been seen was looked into."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.contact import queries, rules, service
from ehe_portal.contact.forms import EndHoldForm, HoldForm, ReviewForm, SightingForm, StrikeOutSightingForm
from ehe_portal.contact.models import ClockHold, Sighting
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Episode
from ehe_portal.register.queries import visible_child

pages = Pages("clock", __name__, url_prefix="/children/<string:reference>/clock")


def back_to_holds(child_reference: str) -> Any:
    """The page of holds again."""
    return redirect(url_for("clock.holds", reference=child_reference))


def back_to_seen(child_reference: str) -> Any:
    """The page of who saw the child again."""
    return redirect(url_for("clock.seen", reference=child_reference))


def latest_episode(child: Child) -> Episode:
    """The child's latest episode; without one there is no clock, and the page is not found."""
    return child.episode or abort(404)


@pages.page("/holds", needs=Permission.CHILD_READ, on=visible_child)
def holds(work: Work, child: Child) -> Any:
    """Whether the clock is held, and every hold that there was."""
    found = queries.holds_of(work, latest_episode(child).id)
    return render_template(
        "contact/holds.html",
        child=child,
        holds=found,
        clock=queries.clock_of(work, child.id),
        names=queries.names_of(work, [one.set_by_id for one in found] + [one.ended_by_id for one in found]),
        longest=rules.LONGEST_HOLD,
        most=rules.MOST_HELD,
    )


@pages.page("/hold", methods=["GET", "POST"], needs=Permission.CLOCK_HOLD, on=visible_child)
def hold(work: Work, child: Child) -> Any:
    """Hold the clock until a day."""
    form = HoldForm()
    if form.validate_on_submit():
        with form.refusals():
            held = service.hold_clock(work, child, form.holding())
            flash(f"The clock is held until {long_date(held.until_on)}. The days of grace do not end before.")
            return back_to_holds(child.reference)
    return render_template("contact/hold.html", child=child, form=form, most=rules.MOST_HELD)


@pages.page(
    "/holds/<string:hold_reference>/end",
    methods=["GET", "POST"],
    needs=Permission.CLOCK_HOLD,
    on=queries.running_hold,
)
def end_hold(work: Work, hold: ClockHold) -> Any:
    """End a hold early."""
    child, form = hold.child, EndHoldForm()
    if form.validate_on_submit():
        with form.refusals():
            service.end_hold(work, hold, form.why.data)
            flash("The hold ends today.")
            return back_to_holds(child.reference)
    return render_template("contact/end_hold.html", child=child, hold=hold, form=form)


@pages.page("/seen", needs=Permission.CHILD_READ, on=visible_child)
def seen(work: Work, child: Child) -> Any:
    """When other professionals saw the child, and how not having been seen was looked into."""
    reviews = queries.reviews_of(work, child.episode.id) if child.episode else []
    sightings = queries.sightings_of(work, child.id)
    people = [one.recorded_by_id for one in sightings] + [one.decided_by_id for one in reviews]
    return render_template(
        "contact/seen.html",
        child=child,
        clock=queries.clock_of(work, child.id),
        sightings=sightings,
        reviews=reviews,
        names=queries.names_of(work, people),
    )


@pages.page("/seen/new", methods=["GET", "POST"], needs=Permission.CONTACT_RECORD, on=visible_child)
def record_sighting(work: Work, child: Child) -> Any:
    """Record that another professional saw the child."""
    form = SightingForm()
    if form.validate_on_submit():
        with form.refusals():
            service.record_sighting(work, child, form.seen())
            flash("Recorded. It is no contact with the family, and moves no date of one.")
            return back_to_seen(child.reference)
    return render_template("contact/record_sighting.html", child=child, form=form)


@pages.page(
    "/seen/<string:sighting_reference>/strike-out",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_STRIKE_OUT,
    on=queries.visible_sighting,
)
def strike_out_sighting(work: Work, sighting: Sighting) -> Any:
    """Strike out a sighting that was recorded in error."""
    child, form = sighting.child, StrikeOutSightingForm()
    if form.validate_on_submit():
        with form.refusals():
            service.strike_out_sighting(work, sighting, form.why.data)
            flash("Struck out. It stays readable.")
            return back_to_seen(child.reference)
    return render_template("contact/strike_out_sighting.html", child=child, sighting=sighting, form=form)


@pages.page("/seen/review", methods=["GET", "POST"], needs=Permission.SEEN_REVIEW, on=visible_child)
def review(work: Work, child: Child) -> Any:
    """Record what was checked about a child who has not been seen, and what is decided."""
    form = ReviewForm()
    if form.validate_on_submit():
        with form.refusals():
            decided = service.review_not_seen(work, child, form.review())
            flash(f"Decision recorded. It is next looked at on {long_date(decided.next_review_on)}.")
            return back_to_seen(child.reference)
    return render_template(
        "contact/review_not_seen.html", child=child, form=form, clock=queries.clock_of(work, child.id)
    )
