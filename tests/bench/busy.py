"""A working day's worth of things that wait, of every kind, for each thousand children alike.

There is an adviser for each thousand children (`share` of them). Child `i` is the measured one's where `i` is a
multiple of the share; `nth` counts through each adviser's thousand, so that this adviser's day is the same however
many children there are. The others are managers, so that the lists of advisers to choose from are as long. What is
everyone's (registrations, doubles) grows with the number of children.
"""

DUE, OVERDUE, VISIT, WRITING, EVIDENCE = "nth % 12 = 1", "nth % 40 = 2", "nth % 125 = 3", "nth % 80 = 4", "nth % 40 = 5"
ESCALATED, REGISTERED, DOUBLE, HANDED = "nth % 200 = 6", "nth % 40 = 7", "nth % 40 = 8", "nth % 100 = 9"
UNSEEN, REVIEW, PLAN = "nth % 100 = 10", "nth % 100 = 11", "nth % 50 = 12"

FIRST_COLLEAGUE = 1001
DUE_ON = (
    f"CASE WHEN :busy AND {DUE} THEN :today + CAST(nth % 28 AS int)"
    f" WHEN :busy AND {OVERDUE} THEN :today - CAST(1 + nth % 9 AS int) ELSE due_on END"
)
GRACE_ENDS = f"CASE WHEN :busy AND ({DUE} OR {OVERDUE}) THEN :today + CAST(30 + nth % 28 AS int) ELSE grace_ends END"
# Everyone is to be seen some day; a few should have been by now.
SEE_BY = f":today + CAST(CASE WHEN :busy AND {UNSEEN} THEN -1 - nth % 28 ELSE 60 + nth % 300 END AS int)"

COLLEAGUES = f"""
INSERT INTO account (id, reference, version, authority_id, email, name, role, is_active, epoch, created_at)
SELECT {FIRST_COLLEAGUE} - 1 + i, upper(substr(md5('colleague' || i), 1, 10)), 1, :authority,
    'adviser-' || i || '@wessex.example', 'Adviser number ' || i, 'ehe-manager', true, 1, now()
FROM generate_series(1, CAST(:share AS int) - 1) AS i
"""

STATEMENTS = (
    COLLEAGUES,
    """
    INSERT INTO contact (reference, version, authority_id, child_id, happened_on, kind, outcome, child_seen,
        adviser_id, summary, recorded_at, recorded_by_id)
    SELECT upper(substr(md5('contact' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i, heard_on,
        'home-visit', 'held', 'yes', :adviser, 'Saw a project on rivers', CAST(heard_on AS timestamptz), :adviser
    FROM one ORDER BY one.heard_on, i
    """,
    f"""
    INSERT INTO contact (reference, version, authority_id, child_id, happened_on, kind, outcome, recorded_at)
    SELECT upper(substr(md5('writing' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i,
        :today - CAST(nth % 9 AS int), 'letter', 'received', CAST(:today AS timestamptz)
    FROM one WHERE {WRITING} ORDER BY i
    """,
    f"""
    INSERT INTO visit (reference, version, authority_id, child_id, kind, on_date, at_time, adviser_id, offered_at,
        state, choice, minutes)
    SELECT upper(substr(md5('visit' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i, 'home-visit',
        CAST(:today AS date), '10:30', adviser_id, CAST(:today AS timestamptz), 'offered', false, 60
    FROM one WHERE {VISIT} ORDER BY i
    """,
    """
    INSERT INTO visit_child (authority_id, visit_id, child_id) SELECT authority_id, id, child_id FROM visit ORDER BY id
    """,
    # Everyone's of the year before was looked at; a few sent more since.
    """
    INSERT INTO assessment (id, reference, authority_id, child_id, outcome, reasons, decided_at, decided_by_id, state,
        stands_since)
    SELECT i, upper(substr(md5('decision' || i), 1, 5) || lpad(to_hex(i), 5, '0')), :authority, i, 'suitable',
        'Reading and number go well.', CAST(opened_on + 120 AS timestamptz), :adviser, 'stands',
        CAST(opened_on + 120 AS timestamptz)
    FROM one ORDER BY i
    """,
    """
    INSERT INTO evidence (reference, authority_id, child_id, account_id, sent_at, sent_on, written_account,
        decided_in_id)
    SELECT upper(substr(md5('earlier' || i), 1, 5) || lpad(to_hex(i), 5, '0')), :authority, i, :adviser,
        CAST(opened_on + 100 AS timestamptz), opened_on + 100, 'We read about hills.', i
    FROM one ORDER BY i
    """,
    f"""
    INSERT INTO evidence (reference, authority_id, child_id, account_id, sent_at, sent_on, written_account)
    SELECT upper(substr(md5('evidence' || i), 1, 5) || lpad(to_hex(i), 5, '0')), :authority, i, :adviser,
        CAST(:today AS timestamptz), :today - CAST(nth % 20 AS int), 'We read about rivers.'
    FROM one WHERE {EVIDENCE} ORDER BY i
    """,
    f"""
    INSERT INTO education_review (authority_id, child_id, assessment_id, due_on)
    SELECT :authority, i, i, :today + CAST(CASE WHEN {REVIEW} THEN -1 - nth % 20 ELSE 30 + nth % 300 END AS int)
    FROM one ORDER BY i
    """,
    f"""
    INSERT INTO ehc_plan (version, authority_id, child_id, made_on, due_on)
    SELECT 1, :authority, i, :today - 300, :today + CAST(nth % 80 AS int) FROM one WHERE {PLAN} ORDER BY i
    """,
    f"""
    INSERT INTO escalation (reference, version, authority_id, child_id, episode_id, reason, state, social_care,
        raised_on, raised_at, danger_now, alerts, rung, next_rung_on)
    SELECT upper(substr(md5('escalation' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i, i, 'concern',
        'raised', 'none', :today - CAST(nth % 6 AS int), CAST(:today AS timestamptz), false, 1, 'raised', :today + 1
    FROM one WHERE {ESCALATED} ORDER BY i
    """,
    f"""
    INSERT INTO registration (reference, version, authority_id, account_id, child_id, answers, submitted_at, state)
    SELECT upper(substr(md5('registration' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, :adviser, i,
        '{{}}', CAST(:today AS timestamptz) - i * interval '1 second', 'waiting'
    FROM one WHERE {REGISTERED} ORDER BY i
    """,
    f"""
    INSERT INTO possible_double (authority_id, child_id, other_child_id, score, found_on, verdict)
    SELECT :authority, i, i - 1, 90, :today - CAST(nth % 30 AS int), 'undecided' FROM one WHERE {DOUBLE} ORDER BY i
    """,
)
