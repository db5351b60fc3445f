"""What happens by itself, and at what hour in London."""

from datetime import time

from ehe_portal.casefile import service as casefile
from ehe_portal.casefile.queries import sight
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.core import drafts, outbox, presses
from ehe_portal.core.jobs import Daily, Every, Job
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence
from ehe_portal.notices import service as notices
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register

SWEEP = Job("lapse-overdue-contact", contact_queries.overdue, contact.lapse, Daily(time(5, 0)), batch=1000)

JOBS = [
    Job("close-over-age", register_queries.over_age, register.close_over_age, Daily(time(4, 0))),
    Job("follow-policy", contact_queries.under_older_policy, contact.follow_policy, Daily(time(4, 30))),
    SWEEP,
    Job("report-out-of-sight", sight.out_of_sight, casefile.report_out_of_sight, Daily(time(6, 0)), batch=100_000),
    Job("throw-away-unsent-files", evidence_queries.never_sent, evidence.throw_away_unsent, Daily(time(3, 15))),
    Job("forget-handled-forms", presses.handled_long_ago, presses.forget_handled, Daily(time(3, 30))),
    Job("forget-drafts", register_queries.forgotten_drafts, register.forget_drafts, Daily(time(3, 30))),
    Job("forget-form-drafts", drafts.kept_too_long, drafts.forget, Daily(time(3, 30))),
    Job("send-messages", outbox.waiting, notices.deliver, Every(minutes=1), batch=50),
]
