"""Is everything running? What `/healthz` and `flask jobs watch` tell a monitor, in words for staff."""

from typing import Any

from flask import render_template

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries import sight
from ehe_portal.core.health import Checkup
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

NAMES = {
    "close-over-age": "Close episodes at the end of school age",
    "follow-policy": "Recount clocks after policy values changed",
    "lapse-overdue-contact": "Sweep for lapsed contact",
    "climb-ladders": "Tell the next people of escalations that nobody answers",
    "climb-ladders-again": "Tell them again, for what the morning missed",
    "report-absent-owners": "Tell managers of escalations whose owner is not at work",
    "tell-of-late-complaints": "Tell the next people of complaints of which a day has passed",
    "remind": "Remind families and advisers before a contact is due",
    "tell-of-missed-check-ins": "Tell colleagues when someone is not back from a visit",
    "report-out-of-sight": "Tell managers of children out of sight",
    "report-late-reviews": "Tell managers of reviews of the education that are late",
    "report-late-plans": "Tell managers of annual reviews of EHC plans that are late",
    "throw-away-unsent-files": "Throw away files that were never sent",
    "remove-stray-files": "Remove files that belong to no record",
    "forget-handled-forms": "Forget forms that were handled",
    "forget-drafts": "Forget old drafts of registrations",
    "forget-form-drafts": "Forget old drafts of forms",
    "scan-files": "Scan files for viruses",
    "send-messages": "Send messages",
    "post-letters": "Post letters by GOV.UK Notify",
}
"""The jobs as staff say them; one that is not here is shown by its own name."""


def running_pages(checkup: Checkup) -> Pages:
    """The page `/health`, about this authority's children and messages, and everyone's jobs."""
    pages = Pages("running", __name__)

    @pages.page("/health", needs=Permission.HEALTH_READ)
    def everything(work: Work) -> Any:
        """Each check with what to do, each job, and the children behind the numbers."""
        found = checkup(work)
        to_look_at = found.in_sight.out_of_sight or found.in_sight.lapses_unanswered
        return render_template(
            "casefile/running.html",
            found=found,
            wrong=[check for check in found.checks if check.wrong],
            names=NAMES,
            children=sight.to_look_at(work) if to_look_at else [],
            most_named=sight.MOST_NAMED,
        )

    return pages
