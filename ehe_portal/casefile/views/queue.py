"""The CME queue, and one escalation."""

from datetime import timedelta
from typing import Any

from flask import render_template, request

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import child as children
from ehe_portal.casefile.queries import queue as queries
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.escalation.queries import visible_escalation
from ehe_portal.register.models import Child

pages = Pages("queue", __name__)
BEFORE_DUE = timedelta(days=28)  # from here on the date has come near, and an attempt counts
OPEN = (State.RAISED, State.ACKNOWLEDGED, State.TRIAGED, State.ENQUIRY)
VIEWS = {"open": OPEN, "raised": (State.RAISED,), "enquiry": (State.ENQUIRY,), "closed": (State.CLOSED,)}


@pages.page("/escalations", needs=Permission.ESCALATION_READ)
def escalations(work: Work) -> Any:
    """Every escalation that waits for someone, most urgent first."""
    view = request.args.get("view", "open")
    owner_id = work.actor.account_id if request.args.get("owner") == "me" else None
    waiting = queries.queue(work, states=VIEWS.get(view, OPEN), owner_id=owner_id)
    return render_template(
        "casefile/escalations.html",
        waiting=waiting[: queries.PAGE],
        cut=len(waiting) > queries.PAGE,
        counts=queries.counts(work),
        stuck=queries.stuck(work),
        view=view if view in VIEWS else "open",
        mine=owner_id is not None,
        states=State,
        waited=rules.waited,
    )


@pages.page("/escalations/<string:reference>", needs=Permission.ESCALATION_READ, on=visible_escalation)
def escalation(work: Work, escalation: Escalation) -> Any:
    """One escalation: what lapsed, what is known, what was tried, who was told, every step."""
    child = work.session.get_one(Child, escalation.child_id)
    since = (escalation.due_on or escalation.raised_on) - BEFORE_DUE
    return render_template(
        "casefile/escalation.html",
        escalation=escalation,
        child=child,
        standing=children.standing(work, child),
        attempts=queries.attempts(work, child.id, since),
        since=since,
        alerts=queries.alerts(work, escalation),
        names=queries.names_of(work, escalation),
        states=State,
        waited=rules.waited,
    )
