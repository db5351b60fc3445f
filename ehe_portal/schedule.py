"""What happens by itself, and at what hour in London."""

from datetime import time

from ehe_portal.accounts import queries as accounts_queries
from ehe_portal.casefile import service as casefile
from ehe_portal.casefile.queries import sight
from ehe_portal.complaints import queries as complaint_queries
from ehe_portal.complaints import service as complaints
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.core import drafts, outbox, presses
from ehe_portal.core.jobs import Daily, Every, Job
from ehe_portal.escalation import queries as escalation_queries
from ehe_portal.escalation import service as escalation
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence
from ehe_portal.letters import queries as letters_queries
from ehe_portal.letters import service as letters
from ehe_portal.notices import service as notices
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register

SWEEP = Job("lapse-overdue-contact", contact_queries.overdue, contact.lapse, Daily(time(5, 0)), batch=1000)

KEPT = (*evidence_queries.KEPT, *letters_queries.KEPT)
"""Every table of every room whose rows name files in the vault: what none of them names is removed."""

JOBS = [
    Job("close-over-age", register_queries.over_age, register.close_over_age, Daily(time(4, 0))),
    Job("follow-policy", contact_queries.under_older_policy, contact.follow_policy, Daily(time(4, 30))),
    SWEEP,
    # After the sweep, so that the morning's mail has both; again at noon for what the morning missed.
    Job("climb-ladders", escalation_queries.ladder_due, escalation.climb, Daily(time(5, 30))),
    Job("climb-ladders-again", escalation_queries.ladder_due, escalation.climb, Daily(time(12, 30))),
    Job("report-absent-owners", escalation_queries.without_holder, escalation.report_absent, Daily(time(5, 45))),
    # In one go each, so that a manager gets one message of all.
    Job(
        "report-late-reviews",
        evidence_queries.late_reviews,
        evidence.report_late_reviews,
        Daily(time(6, 15)),
        batch=100_000,
    ),
    Job(
        "report-late-plans",
        register_queries.plans_late,
        register.report_late_plans,
        Daily(time(6, 15)),
        batch=100_000,
    ),
    Job("tell-of-late-complaints", complaint_queries.late, complaints.escalate, Daily(time(6, 15))),
    # After the sweep, which lapses what nobody is to be reminded of any more, and at an hour at which people read.
    Job("remind", contact_queries.reminding, contact.remind, Daily(time(7, 30))),
    Job("report-out-of-sight", sight.out_of_sight, casefile.report_out_of_sight, Daily(time(6, 0)), batch=100_000),
    Job("throw-away-unsent-files", evidence_queries.never_sent, evidence.throw_away_unsent, Daily(time(3, 15))),
    # One authority at a time, as a vault may be large.
    Job(
        "remove-stray-files",
        accounts_queries.authority_ids,
        evidence.removing_strays(KEPT),
        Daily(time(3, 45)),
        batch=1,
    ),
    Job("forget-handled-forms", presses.handled_long_ago, presses.forget_handled, Daily(time(3, 30))),
    Job("forget-drafts", register_queries.forgotten_drafts, register.forget_drafts, Daily(time(3, 30))),
    Job("forget-form-drafts", drafts.kept_too_long, drafts.forget, Daily(time(3, 30))),
    Job("tell-of-missed-check-ins", contact_queries.check_ins_due, contact.miss, Every(minutes=1)),
    Job("scan-files", evidence.to_scan, evidence.scan, Every(minutes=1), batch=20),
    # A few at a time, as each may take some seconds.
    Job("post-letters", letters.to_post_by_notify, letters.post_by_notify, Every(minutes=1), batch=20),
    Job("send-messages", outbox.waiting, notices.deliver, Every(minutes=1), batch=50),
]
