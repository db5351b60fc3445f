"""Many children at once, by set-based SQL: each with an address, a parent, an episode, contacts and a clock.

The clocks are worked out by the clock's own rules, for a year's worth of histories; each child has one of these.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from ehe_portal.contact.rules import DEFAULT_VALUES, ClockAnswer, Heard, Setting, clock
from ehe_portal.core.codes import SocialCare, Tier
from ehe_portal.core.days import add_months
from ehe_portal.core.school_age import compulsory_school_age
from tests.bench import busy
from tests.bench.bulk import bare_tables

HISTORIES = 360
# Twenty and twenty-four, all of one length, so that a page shows as many bytes whichever children it lists.
FORENAMES = (
    "Alice Blake Clara David Edith Frank Grace Harry Isaac Jacob Kiran Laila Maria Nadia Oscar Priya Quinn Rosie Sofia "
    "Tarek"
)
SURNAMES = (
    "Abbott Bailey Carter Dawson Eccles Foster Graham Harris Ingram Jordan Khalid Lawson Mistry Newton Osborn Palmer "
    "Quirke Rogers Sandhu Turner Usmani Vernon Watson Yeates"
)


@dataclass(frozen=True)
class Plan:
    """How many children, how many of them lapse today, and whose they are."""

    children: int
    lapsing: int
    today: date
    authority_id: int
    policy_id: int
    adviser_id: int
    # Of a busy authority each adviser has a thousand children; things of all kinds wait.
    busy: bool = False


def populate(engine: Engine, plan: Plan) -> date:
    """Fill an empty register. The last day on which none of the clocks has lapsed yet."""
    last_heard, eve = longest_silence(plan.today)
    tables = (*NUMBERED, *COUNTING)
    with engine.begin() as connection, bare_tables(connection, tables):
        lay_out_histories(connection, plan.today, last_heard)
        values = {
            "children": plan.children,
            "every": plan.children // plan.lapsing if plan.lapsing else plan.children + 1,
            "histories": HISTORIES,
            "forenames": FORENAMES,
            "surnames": SURNAMES,
            "today": plan.today,
            "authority": plan.authority_id,
            "policy": plan.policy_id,
            "adviser": plan.adviser_id,
            "busy": plan.busy,
            "share": max(plan.children // CASELOAD, 1) if plan.busy else 1,
        }
        for statement in (*STATEMENTS, *(busy.STATEMENTS if plan.busy else (CONTACTS,))):
            connection.execute(text(statement), values)
        for table in NUMBERED:
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    return eve


def longest_silence(today: date) -> tuple[date, date]:
    """The latest last contact whose clock has lapsed by today, and the last day of its grace."""
    born, opened_on = born_and_opened(today, 0)
    last_heard = add_months(today, -12)
    while (answer := clock_of(born, opened_on, last_heard, today)).lapses_on > today:
        last_heard -= timedelta(days=1)
    return last_heard, answer.grace_ends


def born_and_opened(today: date, number: int) -> tuple[date, date]:
    """The birth and the opening of one history: aged 7 to 14, at home for a year and a half to two years and a half."""
    return today - timedelta(days=2555 + 8 * number), today - timedelta(days=550 + number)


def clock_of(born: date, opened_on: date, last_heard: date, today: date) -> ClockAnswer:
    """The clock of an annual episode with contacts a week after it opened and on one later day."""
    held = [Heard(opened_on + timedelta(days=7), effective=True), Heard(last_heard, effective=True)]
    setting = Setting(opened_on, Tier.ANNUAL, SocialCare.NONE, DEFAULT_VALUES)
    return clock(opened_on, born, [setting], held, [], today)


def lay_out_histories(connection: Connection, today: date, last_heard: date) -> None:
    """A table of the histories, each twice: heard from within the year, and silent since `last_heard`."""
    rows: list[dict[str, Any]] = []
    for number in range(HISTORIES):
        born, opened_on = born_and_opened(today, number)
        age_starts, age_ends = compulsory_school_age(born)
        for silent, heard_on in ((False, today - timedelta(days=1 + number * 340 // HISTORIES)), (True, last_heard)):
            answer = clock_of(born, opened_on, heard_on, today)
            rows.append(
                {
                    "number": number,
                    "silent": silent,
                    "born": born,
                    "age_starts": age_starts,
                    "age_ends": age_ends,
                    "opened_on": opened_on,
                    "heard_on": heard_on,
                    "starts_on": answer.starts_on,
                    "due_on": answer.due_on,
                    "grace_ends": answer.grace_ends,
                    "basis": answer.basis.value,
                }
            )
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE history (number int, silent boolean, born date, age_starts date, age_ends date,"
            " opened_on date, heard_on date, starts_on date, due_on date, grace_ends date, basis text) ON COMMIT DROP"
        )
    )
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    connection.execute(text(f"INSERT INTO history ({', '.join(names)}) VALUES ({marks})"), rows)


# Row numbers are given, so that a child's rows find each other; those of other tables count up by themselves.
NUMBERED = ("child", "episode", "contact_clock")
COUNTING = ("address", "parent", "episode_change", "contact", "audit_entry")
CASELOAD = 1000

# Three of four silent families were tried since the date came near; of the rest, the EHE manager is to be told.
STATEMENTS = (
    f"""
    CREATE TEMPORARY TABLE one ON COMMIT DROP AS
    SELECT i, nth, i % :every = 0 AND (i / :every) % 4 <> 0 AS tried,
        split_part(:forenames, ' ', 1 + ((nth + other) / 24) % 20) AS forename,
        split_part(:surnames, ' ', 1 + (nth + other) % 24) AS surname,
        CASE WHEN other = 0 THEN :adviser ELSE {busy.FIRST_COLLEAGUE} - 1 + other END AS adviser_id,
        CASE WHEN :busy AND {busy.HANDED} THEN :today - 3 END AS given_on,
        {busy.DUE_ON} AS due_on, {busy.GRACE_ENDS} AS grace_ends, {busy.SEE_BY} AS see_by,
        born, age_starts, age_ends, opened_on, heard_on, starts_on, basis
    FROM (SELECT i, i / :share AS nth, i % :share AS other FROM generate_series(1, :children) AS i) AS numbered
    JOIN history ON history.number = nth % :histories AND history.silent = (i % :every = 0)
    ORDER BY i
    """,
    """
    INSERT INTO child (id, reference, version, authority_id, authority_ref, legal_forename, legal_surname, sort_name,
        date_of_birth, sex, sen_status, protected, language, age_starts, age_ends, created_at)
    SELECT i, upper(substr(md5('child' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, 'W-' || i,
        forename, surname, lower(surname || '  ' || forename), born, 'U', 'none', false, 'en', age_starts, age_ends,
        CAST(opened_on AS timestamptz)
    FROM one ORDER BY i
    """,
    """
    INSERT INTO address (reference, version, authority_id, child_id, line, postcode, from_on, outside)
    SELECT upper(substr(md5('address' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i,
        1 + i % 90 || ' Mill Lane, Sturminster', 'BH16 6AA', opened_on, false FROM one ORDER BY i
    """,
    """
    INSERT INTO parent (reference, version, authority_id, child_id, position, name, relationship, responsibility,
        email)
    SELECT upper(substr(md5('parent' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i, 1,
        'Robin ' || surname, 'mother', 'yes', 'parent-' || i || '@wessex.example'
    FROM one ORDER BY i
    """,
    """
    INSERT INTO episode (id, reference, version, authority_id, child_id, opened_on, arrangement, ehe_started_on,
        primary_reason, previous_school_type, tier, social_care, adviser_id, given_on, accepted_at, opened_under_id)
    SELECT i, upper(substr(md5('episode' || i), 1, 5) || lpad(to_hex(i), 5, '0')), 1, :authority, i, opened_on, 'ehe',
        opened_on, 'lifestyle', 'academy', 'annual', 'none', adviser_id, given_on,
        CAST(opened_on AS timestamptz), :policy
    FROM one ORDER BY i
    """,
    """
    INSERT INTO episode_change (authority_id, episode_id, from_on, tier, social_care)
    SELECT :authority, i, opened_on, 'annual', 'none' FROM one ORDER BY i
    """,
    """
    INSERT INTO contact_clock (id, authority_id, child_id, episode_id, is_running, starts_on, age_ends, due_on,
        grace_ends, basis, tier, last_contact_on, last_seen_on, see_by, policy_number, adviser_id)
    SELECT i, :authority, i, i, true, starts_on, age_ends, due_on, grace_ends, basis, 'annual', heard_on, heard_on,
        see_by, 1, adviser_id
    FROM one ORDER BY i
    """,
    """
    INSERT INTO audit_entry (at, authority_id, actor, kind, child_id, details)
    SELECT CAST(opened_on AS timestamptz), :authority, 'command', 'EpisodeOpened', i,
        json_build_object('episode_id', i, 'opened_on', opened_on, 'imported', true)
    FROM one ORDER BY i
    """,
)

# Three contacts of each child, and an attempt for those tried.
CONTACTS = """
    INSERT INTO contact (reference, version, authority_id, child_id, happened_on, kind, outcome, child_seen,
        adviser_id, summary, recorded_at, recorded_by_id)
    SELECT upper(substr(md5('contact' || n), 1, 4) || lpad(to_hex(n), 6, '0')), 1, :authority, i, day, kind, outcome,
        child_seen, :adviser, summary, CAST(day AS timestamptz), :adviser
    FROM (
        SELECT *, row_number() OVER (ORDER BY day, i) AS n FROM (
            SELECT i, opened_on + 7 AS day, 'home-visit' AS kind, 'held' AS outcome, 'yes' AS child_seen,
                'Saw work in English and science' AS summary FROM one
            UNION ALL SELECT i, heard_on - 14, 'email', 'sent', NULL, 'Offered a visit' FROM one
            UNION ALL SELECT i, heard_on, 'home-visit', 'held', 'yes', 'Saw a project on rivers' FROM one
            UNION ALL SELECT i, due_on + 1, 'phone-call', 'no-answer', NULL, 'Nobody answered' FROM one WHERE tried
        ) AS happened
    ) AS numbered
    ORDER BY n
    """
