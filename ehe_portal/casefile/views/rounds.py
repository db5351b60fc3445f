"""Planning a round: who is due near each other, in an order and with times, offered in one go."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.accounts.queries import Officer
from ehe_portal.casefile.forms.calendar import BookForm, RoundForm, book_form
from ehe_portal.casefile.queries import rounds as queries
from ehe_portal.casefile.queries.rounds import Due
from ehe_portal.casefile.rules.calendar import WEEK, asked_day
from ehe_portal.casefile.rules.rounds import MOST, together, why_apart
from ehe_portal.contact import queries as contacts
from ehe_portal.contact import service as contact
from ehe_portal.contact.service import Attendance, Near, Offer, RoundPlan, Warned, in_order, lay_out, of_the_day
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import counted, long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import service as register

pages = Pages("rounds", __name__, url_prefix="/calendar/round")
USUAL_END = time(17)


@dataclass(frozen=True)
class Household:
    """One visit that is proposed: to a child, and to those of its family who live with it and are due too."""

    children: list[Due]

    @property
    def reference(self) -> str:
        """The first child's, for whom the visit is offered."""
        return self.children[0].reference

    @property
    def names(self) -> str:
        """Whom the visit is about."""
        *others, last = [one.name for one in self.children]
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def along(self) -> tuple[str, ...]:
        """The references of those beside the first child."""
        return tuple(one.reference for one in self.children[1:])


@dataclass(frozen=True)
class Proposal:
    """Who is proposed and who is not, on which day, at which times, and what to think of first."""

    officer: Officer
    on: date
    listed: list[Household]
    apart: list[tuple[Due, str]]
    plan: RoundPlan
    times: list[time]
    warned: list[Warned]


@pages.page("", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER)
def plan(work: Work) -> Any:
    """Propose a round; let it be ticked and put into another order; offer the visits in one go."""
    asked, people = asked_form(work)
    proposal = propose(work, asked, people) if people and not asked.problems else None
    if proposal is None:
        return render_template("casefile/round.html", asked=asked, proposal=None, form=None)
    names = [(one.reference, one.names) for one in proposal.listed]
    form = book_form(names, len(proposal.times))
    sent, times = form.validate_on_submit(), at_times(form, proposal)
    if sent:
        with form.refusals():
            form.must_have_some(form.ordered(), len(lay_out(proposal.plan, MOST)))
            if is_as_seen(form, proposal, times) and "again" not in request.form:
                return book(work, proposal, form, times)
    else:
        is_as_seen(form, proposal, times)
    return render_template(
        "casefile/round.html",
        asked=asked,
        proposal=proposal,
        form=form,
        times=times,
        again=sent and not form.problems,
        by_reference={one.reference: one for one in proposal.listed},
    )


def asked_form(work: Work) -> tuple[RoundForm, list[Officer]]:
    """What the address asks for, and those for whom someone may plan: oneself, for managers anyone."""
    form = RoundForm()
    on = day_of(work, form)
    everyone = accounts.officers_with_calendars(work, on, on)
    if not permits(work.actor, Permission.EPISODE_ASSIGN):
        everyone = [one for one in everyone if one.account.id == work.actor.account_id]
    form.adviser.choices = [Choice(one.account.reference, one.account.name) for one in everyone]
    form.validate()
    if form.day.data is not None and form.day.data < work.today:
        form.day.refuse("Enter a day that is today or later")
    if form.postcode.data and not register.postcode_prefixes(form.postcode.data):
        form.postcode.refuse("Enter the beginning of a postcode, like BH or BH16")
    return form, everyone


def day_of(work: Work, asked: RoundForm) -> date:
    """The day that is asked for; the next working day where none to come is."""
    tomorrow = add_working_days(work.today, 1)
    on = asked.day.data or asked_day(request.args.get("on"), tomorrow)
    return on if on >= work.today else tomorrow


def propose(work: Work, asked: RoundForm, people: Sequence[Officer]) -> Proposal:
    """A round as the address asks for it."""
    wanted = asked.adviser.data or request.args.get("adviser")
    named = [one for one in people if one.account.reference == wanted]
    own = [one for one in people if one.account.id == work.actor.account_id]
    officer, on = [*named, *own, *people][0], day_of(work, asked)
    asked.adviser.data, asked.day.data = officer.account.reference, on
    weeks = asked.weeks.data or 4
    prefixes = register.postcode_prefixes(asked.postcode.data) if asked.postcode.data else []
    due = queries.due(work, officer.account.id, work.today + weeks * WEEK, prefixes)
    reasons = {one.child_id: why_apart(one.situation) for one in due}
    near = [
        Near(one.child_id, one.situation.postcode, one.due_on)
        for one in due
        if reasons[one.child_id] is None and one.situation.postcode is not None
    ]
    by_id = {one.child_id: one for one in due}
    homes = {one.child_id: one.home for one in due}
    visits = together(in_order(near), homes, queries.linked(work, [one.key for one in near]))[:MOST]
    listed = [Household([by_id[child_id] for child_id in visit]) for visit in visits]
    hours = officer.hours.get(on.weekday())
    busy = contacts.standing_slots(work, officer.account.id, on)
    gaps = contact.gaps(work, officer.account.authority_id)
    laid = asked.plan(hours[1] if hours else USUAL_END, gaps.near, busy)
    asked.gap.data, asked.gap.typed = laid.gap, None
    return Proposal(
        officer=officer,
        on=on,
        listed=listed,
        apart=[(one, reason) for one in due if (reason := reasons[one.child_id]) is not None],
        plan=laid,
        times=lay_out(laid, len(listed)),
        warned=of_the_day(on, Attendance(officer.hours, officer.leave, officer.account.is_away(on))),
    )


def at_times(form: BookForm, proposal: Proposal) -> dict[str, time]:
    """The time of each visit that is in the round, by its first child, as the form says it now."""
    ordered = form.ordered()
    return dict(zip(ordered, lay_out(proposal.plan, len(ordered)), strict=False))


def is_as_seen(form: BookForm, proposal: Proposal, times: dict[str, time]) -> bool:
    """Whether these very times and children were on the page that was sent; from now on they are."""
    along = {one.reference: one.along for one in proposal.listed}
    told = [" ".join([reference, *along[reference], f"{at}"]) for reference, at in sorted(times.items())]
    told += [proposal.officer.account.reference, proposal.on.isoformat(), str(proposal.plan.minutes)]
    now = hashlib.sha256("\n".join([*told, *(one.words for one in proposal.warned)]).encode()).hexdigest()
    before, form.seen.data, form.seen.typed = form.seen.data, now, None
    return before == now


def book(work: Work, proposal: Proposal, form: BookForm, times: dict[str, time]) -> Any:
    """Offer every household in the round its visit."""
    in_round = [one for one in proposal.listed if one.reference in times]
    wanted = [child.reference for one in in_round for child in one.children]
    found = queries.children(work, wanted)
    if len(found) != len(wanted):
        raise Refusal("Select the children again: one of them has changed meanwhile")
    visit = Offer(
        kind=ContactKind.HOME_VISIT,
        on_date=proposal.on,
        at_time=proposal.plan.begins,
        minutes=proposal.plan.minutes,
        note=form.note.data or None,
    )
    offers = [(found[one.reference], replace(visit, at_time=times[one.reference], along=one.along)) for one in in_round]
    contact.offer_visits(work, offers, proposal.officer.account.id)
    flash(f"{counted(len(offers), 'visit')} offered for {long_date(proposal.on)}. Each family will be told.")
    return redirect(
        url_for("calendar.show", view="week", on=proposal.on.isoformat(), adviser=proposal.officer.account.reference)
    )
