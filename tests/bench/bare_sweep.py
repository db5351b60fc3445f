"""The sweep as a database would do it with nobody to explain it to: set-based SQL that writes the same rows."""

from datetime import datetime

import psycopg
from sqlalchemy import make_url

from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.notices.service.digests import GATHERING

SWEEP = """
WITH lapsed AS (
    UPDATE contact_clock SET lapsed_due_on = due_on, lapsed_on = %(today)s, answered_due_on = NULL,
        answered_after = NULL
    WHERE is_running AND lapsed_on IS NULL AND grace_ends < %(today)s AND age_ends >= %(today)s
    RETURNING id, authority_id, child_id, episode_id, due_on, grace_ends
), found AS (
    SELECT lapsed.*, episode.social_care, episode.adviser_id, (
        SELECT max(day) FROM (
            SELECT happened_on AS day FROM contact
            WHERE contact.child_id = lapsed.child_id AND struck_out_at IS NULL AND happened_on <= %(today)s
                AND outcome IN ('held', 'no-answer', 'no-access', 'cancelled-by-family', 'sent')
            UNION ALL
            SELECT CASE WHEN on_date <= %(today)s THEN on_date
                ELSE CAST(offered_at AT TIME ZONE 'Europe/London' AS date) END
            FROM visit WHERE visit.child_id = lapsed.child_id AND visit.state = 'offered'
        ) AS attempt WHERE day >= lapsed.due_on - 28
    ) AS last_attempt_on
    FROM lapsed JOIN episode ON episode.id = lapsed.episode_id
), raised AS (
    INSERT INTO escalation (reference, version, authority_id, child_id, episode_id, reason, state, due_on,
        should_have_risen_on, last_attempt_on, social_care, raised_on, raised_at, danger_now, alerts,
        rung, next_rung_on)
    SELECT upper(substr(md5(CAST(random() AS text)), 1, 10)), 1, authority_id, child_id, episode_id, 'contact-lapse',
        'raised', due_on, grace_ends + 1, last_attempt_on, social_care, %(today)s, %(at)s, false, 1,
        'raised', %(next_rung_on)s
    FROM found ORDER BY grace_ends, id
    RETURNING id, reference, authority_id, child_id, episode_id, last_attempt_on
), said_lapsed AS (
    INSERT INTO audit_entry (at, authority_id, actor, kind, child_id, details)
    SELECT %(at)s, authority_id, 'jobs', 'ContactLapsed', child_id, CAST(jsonb_build_object(
        'episode_id', episode_id, 'due_on', due_on, 'lapses_on', grace_ends + 1,
        'last_attempt_on', last_attempt_on) AS json)
    FROM found
), said_raised AS (
    INSERT INTO audit_entry (at, authority_id, actor, kind, child_id, details)
    SELECT %(at)s, authority_id, 'jobs', 'EscalationRaised', child_id, CAST(jsonb_build_object(
        'escalation_id', id, 'reference', reference, 'reason', 'contact-lapse', 'alert', 1,
        'no_attempt', last_attempt_on IS NULL) AS json)
    FROM raised
), told AS (
    SELECT raised.*, account.id AS account_id, account.email, CASE account.role
        WHEN 'cme-officer' THEN 'officer' WHEN 'ehe-manager' THEN 'manager' ELSE 'adviser' END AS told_as
    FROM raised
    JOIN found USING (episode_id)
    JOIN account ON account.is_active AND account.authority_id = raised.authority_id AND (
        account.role = 'cme-officer'
            AND (account.away_from IS NULL OR account.away_from > %(today)s OR account.away_until < %(today)s)
        OR account.role = 'ehe-manager' AND raised.last_attempt_on IS NULL
        OR account.id = found.adviser_id
    )
), digest AS (
    INSERT INTO outgoing_message (authority_id, account_id, to_address, template, context, topic, idempotency_key,
        message_id, created_at, next_try_at, attempts)
    SELECT authority_id, account_id, email, 'escalation-digest',
        CAST(jsonb_build_object('counts', jsonb_build_object('raised', count(*))) AS json), 'escalation-digest',
        'escalation-digest-' || upper(substr(md5(CAST(random() AS text)), 1, 10)),
        '<' || replace(CAST(gen_random_uuid() AS text), '-', '') || '@ehe-portal.invalid>', %(at)s, %(gathered_at)s, 0
    FROM told GROUP BY authority_id, account_id, email HAVING count(*) > 20 ORDER BY account_id
    RETURNING id, account_id
)
INSERT INTO outgoing_message (authority_id, account_id, to_address, template, context, topic, topic_id,
    idempotency_key, message_id, created_at, next_try_at, attempts, carried_by_id)
SELECT authority_id, account_id, email, 'escalation-raised', CAST(jsonb_build_object(
        'reference', reference, 'reason', 'contact-lapse', 'no_attempt', last_attempt_on IS NULL, 'again', false,
        'alert', 1, 'told_as', told_as) AS json),
    'escalation', told.id, 'escalation-' || told.id || '-1-' || account_id,
    '<' || replace(CAST(gen_random_uuid() AS text), '-', '') || '@ehe-portal.invalid>', %(at)s, %(at)s, 0, digest.id
FROM told LEFT JOIN digest USING (account_id) ORDER BY told.id, account_id
"""

RUN = """
INSERT INTO job_run (job, fence, started_at, leased_until, finished_at, done, failed)
VALUES (%(job)s, 1, %(at)s, %(at)s, %(at)s, %(done)s, 0)
"""


def connect(database_url: str) -> psycopg.Connection:
    """A connection with nothing between us and the server."""
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def sweep(connection: psycopg.Connection, job: str, at: datetime, expected: int) -> None:
    """Find what lapses and write all that follows, in one transaction."""
    today = london_date(at)
    values = {
        "at": at,
        "today": today,
        "next_rung_on": add_working_days(today, 1),
        "gathered_at": at + GATHERING,
        "job": job,
        "done": expected,
    }
    with connection.transaction():
        connection.execute(SWEEP, values)
        connection.execute(RUN, values)
