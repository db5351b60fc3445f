"""The sweep: against bare SQL, against itself among fewer children, and with nothing to do."""

from typing import Any

import psycopg

from ehe_portal.core import jobs
from ehe_portal.schedule import JOBS, SWEEP
from tests.bench import bare_sweep
from tests.bench.figures import Case, Different, Figure, compare, timed
from tests.bench.portals import Ground, Site, noon

JOB = next(job for job in JOBS if job.name == SWEEP)
MANY, SOME, FEW, LAPSING = 100_000, 10_000, 1_000, 2_000
QUICK_ROUNDS = 21
WRITTEN = ("contact_clock", "escalation", "audit_entry", "outgoing_message", "job_run")
# What is random, or may be given out in another order, on either side; each stays in the count of bytes.
DRAWN = {
    "contact_clock": "answered_due_on",
    "escalation": "reference",
    "audit_entry": "id,details,reference",
    "outgoing_message": "id,context,message_id",
    "job_run": "id,leased_until",
}


class Rewound:
    """One portal whose database is as it was before the sweep, as often as that is wanted."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.bare = bare_sweep.connect(site.database_url)
        self.audited = self.count("SELECT max(id) FROM audit_entry")

    def count(self, question: str) -> int:
        """The one number that a question has for its answer."""
        row = self.bare.execute(question.encode()).fetchone()
        return int(row[0]) if row is not None and row[0] is not None else 0

    def rewind(self) -> None:
        """Take back what a sweep wrote, sequences included, and leave the tables as tidy as they were."""
        for statement in (
            "DELETE FROM outgoing_message",
            "DELETE FROM escalation",
            f"DELETE FROM audit_entry WHERE id > {self.audited}",
            "DELETE FROM job_run",
            "UPDATE contact_clock SET lapsed_due_on = NULL, lapsed_on = NULL WHERE lapsed_on IS NOT NULL",
            f"SELECT setval('audit_entry_id_seq', {self.audited})",
            "ALTER SEQUENCE escalation_id_seq RESTART",
            "ALTER SEQUENCE outgoing_message_id_seq RESTART",
            "ALTER SEQUENCE job_run_id_seq RESTART",
            f"VACUUM (ANALYZE) {', '.join(WRITTEN)}",
        ):
            self.bare.execute(statement.encode())

    def ours(self) -> float:
        """Our sweep, from a rewound start."""
        self.rewind()
        return timed(self.sweep)

    def baseline(self) -> float:
        """The bare one, likewise."""
        self.rewind()
        at = noon(self.site.today)
        return timed(lambda: bare_sweep.sweep(self.bare, JOB.name, at, self.site.lapsing))

    def sweep(self) -> None:
        """Run the real job, with all that follows."""
        with self.site.app.app_context():
            report = jobs.run(JOB, self.site.house)
        if (report.done, report.failed) != (self.site.lapsing, 0):
            raise Different(f"the sweep did {report.done}, and {report.failed} failed: {report.problem}")

    def written(self) -> dict[str, tuple[int, int, list[Any]]]:
        """What a sweep left in each table: number of rows, their bytes, and all that is not drawn by lot."""
        found = {}
        for table in WRITTEN:
            which = {"contact_clock": "lapsed_on IS NOT NULL", "audit_entry": f"id > {self.audited}"}.get(table, "true")
            bare = f"to_jsonb(t) - '{{{DRAWN[table]}}}'::text[]"
            bare += "".join(f" || jsonb_build_object('{name}', t.{name}::jsonb - 'reference')"
                            for name in ("details", "context") if name in DRAWN[table])
            rows = self.bare.execute(
                f"SELECT octet_length(t::text), {bare} AS row FROM {table} AS t WHERE {which} ORDER BY row".encode()
            ).fetchall()
            found[table] = (len(rows), sum(size for size, _ in rows), [row for _, row in rows])
        return found
