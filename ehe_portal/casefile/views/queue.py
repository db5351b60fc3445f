"""The CME queue, and one escalation."""

from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import child as children
from ehe_portal.casefile.queries import queue as queries
from ehe_portal.casefile.queries import turning
from ehe_portal.casefile.views.ladder import absent_words, ladder
from ehe_portal.core.sealed import opened, sealed
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Rung, State
from ehe_portal.escalation.queries import visible_escalation
from ehe_portal.register.models import Child

pages = Pages("queue", __name__)
BEFORE_DUE = timedelta(days=28)  # from here on the date has come near, and an attempt counts
OPEN = (State.RAISED, State.ACKNOWLEDGED, State.TRIAGED, State.ENQUIRY)
VIEWS = {"open": OPEN, "raised": (State.RAISED,), "enquiry": (State.ENQUIRY,), "closed": (State.CLOSED,)}


RUNGS = {rung.value: rung for rung in Rung}


@pages.page("/escalations", needs=Permission.ESCALATION_READ)
def escalations(work: Work) -> Any:
    """Every escalation that waits for someone, most urgent first."""
    view = request.args.get("view", "open")
    owner_id = work.actor.account_id if request.args.get("owner") == "me" else None
    rung = RUNGS.get(request.args.get("rung", ""))
    purpose = f"queue-place:{work.scope.authority_id}"
    place = turning.understood(opened(purpose, request.args.get("from")), [queries.ORDER])
    page = queries.queue(work, queries.Wanted(VIEWS.get(view, OPEN), owner_id, rung), place)

    def leads_to(key: turning.Key | None) -> str | None:
        if key is None:
            return None
        kept: dict[str, Any] = {"view": view, "owner": "me" if owner_id else None, "rung": rung.value if rung else None}
        return url_for("queue.escalations", **(kept | {"from": sealed(purpose, turning.written(key))}))

    return render_template(
        "casefile/escalations.html",
        waiting=page.waiting,
        next_url=leads_to(page.after),
        prev_url=leads_to(page.before),
        counts=queries.counts(work),
        stuck=queries.stuck(work),
        view=view if view in VIEWS else "open",
        mine=owner_id is not None,
        rung=rung,
        rungs=Rung,
        states=State,
        waited=rules.waited,
        absent_words=absent_words,
    )


@pages.page("/escalations/<string:reference>", needs=Permission.ESCALATION_READ, on=visible_escalation)
def escalation(work: Work, escalation: Escalation) -> Any:
    """One escalation: what lapsed, what is known, what was tried, the ladder with who was told, every step."""
    child = work.session.get_one(Child, escalation.child_id)
    since = (escalation.due_on or escalation.raised_on) - BEFORE_DUE
    names = queries.names_of(work, escalation)
    holder = None if escalation.holder_id is None else work.session.get(Account, escalation.holder_id)
    return render_template(
        "casefile/escalation.html",
        escalation=escalation,
        child=child,
        standing=children.standing(work, child),
        attempts=queries.attempts(work, child.id, since),
        since=since,
        ladder=ladder(work, escalation, names),
        absent=absent_words(holder, work.today),
        names=names,
        states=State,
        waited=rules.waited,
    )
