"""An officer's day."""

from datetime import timedelta
from typing import Any

from flask import render_template, request

from ehe_portal.accounts.policy import Permission, Role, permits
from ehe_portal.casefile.queries import today as queries
from ehe_portal.casefile.queries.child import load_by_adviser
from ehe_portal.casefile.views.frame import strip
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("my_day", __name__)
AHEAD = timedelta(days=28)


@pages.page("/my-day", needs=Permission.MY_DAY_READ)
def today(work: Work) -> Any:
    """The worklist: an adviser's own children, or with `?whose=team` everyone's. Managers begin with the team's."""
    begins_with = "mine" if work.actor.role == Role.ADVISER else "team"
    whose = request.args.get("whose", begins_with)
    day = queries.day(
        work,
        work.actor.account_id if whose == "mine" else None,
        work.today + AHEAD,
        checks_registrations=permits(work.actor, Permission.REGISTRATION_CHECK),
    )
    load = load_by_adviser(work) if permits(work.actor, Permission.EPISODE_ASSIGN) else []
    return render_template(
        "casefile/my_day.html",
        day=day,
        whose=whose,
        load=load,
        urgency=queries.Urgency,
        strip=strip,
    )
