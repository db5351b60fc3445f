"""The sweep: against bare SQL, against itself among fewer children, and with nothing to do."""

from contextlib import closing
from typing import Any

from ehe_portal.core import jobs
from ehe_portal.core.db import Base
from ehe_portal.schedule import SWEEP
from tests.bench import bare_sweep
from tests.bench.figures import Case, Different, Figure, compare, median_of, timed
from tests.bench.portals import Ground, Site, noon

VERY_MANY, MANY, SOME, FEW = 1_000_000, 100_000, 10_000, 1_000
LAPSING, VERY_MANY_LAPSING = 2_000, 20_000
QUICK_ROUNDS, TURNS = 21, 5

# What both sides must have written alike: each row's bytes, and the row itself but for what is drawn by lot and for
# the numbers of rows that may be written in another order.
WRITTEN = {
    "contact_clock": "SELECT octet_length(t::text), to_jsonb(t) FROM contact_clock AS t WHERE lapsed_on IS NOT NULL",
    "escalation": "SELECT octet_length(t::text), to_jsonb(t) - 'reference' FROM escalation AS t",
    "audit_entry": "SELECT octet_length(t::text), (to_jsonb(t) - 'id') #- '{details,reference}' FROM audit_entry AS t"
    " WHERE id > %(audited)s",
    "outgoing_message": "SELECT octet_length(t::text), (to_jsonb(t) - ARRAY['id', 'message_id', 'carried_by_id'] - CASE"
    " WHEN template = 'escalation-digest' THEN 'idempotency_key' ELSE '' END) #- '{context,reference}'"
    " FROM outgoing_message AS t",
    "job_run": "SELECT octet_length(t::text), to_jsonb(t) FROM job_run AS t",
}
REWIND = (
    "DELETE FROM outgoing_message",
    "DELETE FROM escalation",
    "DELETE FROM audit_entry WHERE id > %(audited)s",
    "DELETE FROM job_run",
    "UPDATE contact_clock SET lapsed_due_on = NULL, lapsed_on = NULL WHERE lapsed_on IS NOT NULL",
    "SELECT setval('audit_entry_id_seq', %(audited)s)",
    "ALTER SEQUENCE outgoing_message_id_seq RESTART",
    "ALTER SEQUENCE escalation_id_seq RESTART",
    "ALTER SEQUENCE job_run_id_seq RESTART",
    "VACUUM (ANALYZE) contact_clock, escalation, audit_entry, outgoing_message, job_run",
)


class Rewound:
    """A portal whose database is put back to what it was before the sweep, as often as that is wanted."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.bare = bare_sweep.connect(site.database_url)
        self.audited = self.number("SELECT max(id) FROM audit_entry")

    def number(self, question: str) -> int:
        """The number that a question has for its answer."""
        row = self.bare.execute(question.encode()).fetchone()
        return int(row[0]) if row is not None else 0

    def rewind(self) -> None:
        """Take back what a sweep wrote, sequences included, and leave the tables as tidy as they were."""
        for statement in REWIND:
            self.bare.execute(statement.replace("%(audited)s", str(self.audited)).encode())

    def sweep(self, expected: int) -> None:
        """Run the real job, with all that follows from it."""
        with self.site.app.app_context():
            report = jobs.run(SWEEP, self.site.house)
        if (report.done, report.failed) != (expected, 0):
            raise Different(f"the sweep did {report.done}, and {report.failed} failed: {report.problem}")

    def ours(self) -> float:
        """Our sweep, in milliseconds."""
        self.rewind()
        return timed(lambda: self.sweep(self.site.lapsing))

    def idle(self) -> float:
        """Our sweep where nothing is due: some turns of it, for one is short."""
        return median_of(lambda: self.sweep(0), TURNS)

    def baseline(self) -> float:
        """The bare one."""
        self.rewind()
        return timed(lambda: bare_sweep.sweep(self.bare, SWEEP.name, noon(self.site.today), self.site.lapsing))

    def written(self) -> dict[str, tuple[int, list[Any]]]:
        """What a sweep left in each table: how many bytes, and the rows."""
        found = {}
        for table, question in WRITTEN.items():
            rows = self.bare.execute(question.replace("%(audited)s", str(self.audited)).encode()).fetchall()
            found[table] = (sum(size for size, _ in rows), sorted((row for _, row in rows), key=repr))
        return found

    def sizes(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table: self.number(f"SELECT count(*) FROM {table}") for table in Base.metadata.tables}

    def touched_by_idling(self) -> dict[str, int]:
        """How many rows of each table a sweep with nothing due writes, or takes away."""
        before = self.sizes()
        begins = self.number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        self.sweep(0)
        after = self.sizes()
        touched = {
            table: self.number(f"SELECT count(*) FROM {table} WHERE xmin::text::bigint >= {begins}")
            + max(before[table] - after[table], 0)
            for table in before
        }
        return {table: count for table, count in touched.items() if count}

    def close(self) -> None:
        """Leave the database."""
        self.bare.close()


def sweep(ground: Ground) -> Figure:
    """Against bare SQL."""
    return against_bare(ground.site(MANY, LAPSING), "sweep", goal=8, floor=12)


def sweep_million(ground: Ground) -> Figure:
    """Against bare SQL, among very many children, very many of whom lapse."""
    return against_bare(ground.site(VERY_MANY, VERY_MANY_LAPSING), "sweep-million", goal=6, floor=12)


def against_bare(site: Site, name: str, *, goal: float, floor: float) -> Figure:
    """Both sides write the same; then which is how fast."""
    with closing(Rewound(site)) as rewound:
        counts = alike_written(rewound)
        what = (
            f"PostgreSQL, {site.children:,} open episodes of which {site.lapsing:,} lapse, 3 CME officers, an adviser "
            f"and an EHE manager: the job with its reactions, against set-based SQL in one transaction that finds them "
            f"and writes the same rows ({', '.join(f'{rows:,} {table}' for table, rows in counts.items())})"
        )
        return compare(Case(name, goal, floor, what), rewound.ours, rewound.baseline)


def alike_written(rewound: Rewound) -> dict[str, int]:
    """How many rows of each table both sides wrote; `Different` unless they are the same, byte for byte."""
    rewound.ours()
    ours = rewound.written()
    rewound.baseline()
    bare = rewound.written()
    for table, (size, rows) in ours.items():
        bare_size, bare_rows = bare[table]
        if rows != bare_rows:
            unlike = [pair for pair in zip(rows, bare_rows, strict=False) if pair[0] != pair[1]]
            raise Different(f"{table}: {len(rows)} rows against {len(bare_rows)}; the first unlike: {unlike[:1]}")
        if size != bare_size:
            raise Different(f"{table}: {size} bytes against {bare_size}")
    return {table: len(rows) for table, (_, rows) in ours.items()}


def sweep_growth(ground: Ground) -> Figure:
    """Among many children against among some."""
    return growth(ground.site(MANY, LAPSING), ground.site(SOME, LAPSING), "sweep-growth")


def sweep_million_growth(ground: Ground) -> Figure:
    """Very many lapses, among very many children against among many."""
    among = ground.site(VERY_MANY, VERY_MANY_LAPSING), ground.site(MANY, VERY_MANY_LAPSING)
    return growth(*among, "sweep-million-growth")


def growth(large: Site, small: Site, name: str) -> Figure:
    """As many lapses in a large authority as in a small one."""
    with closing(Rewound(large)) as many, closing(Rewound(small)) as some:
        many.ours()
        some.ours()
        counts = [{table: len(rows) for table, (_, rows) in each.written().items()} for each in (many, some)]
        if counts[0] != counts[1]:
            raise Different(f"rows written: {counts[0]} against {counts[1]}")
        what = (
            f"PostgreSQL, the sweep of {large.lapsing:,} lapses among {large.children:,} open episodes against among "
            f"{small.children:,}"
        )
        return compare(Case(name, 1.3, 2, what), many.ours, some.ours)


def sweep_idle(ground: Ground) -> Figure:
    """With nothing due, among very many children against among few."""
    sites = ground.site(VERY_MANY, VERY_MANY_LAPSING), ground.site(FEW, 0)
    what = (
        f"PostgreSQL, the sweep with nothing due, {VERY_MANY:,} open episodes against {FEW:,}; it wrote its run record "
        f"and nothing else; medians of {TURNS} sweeps"
    )
    with closing(Rewound(sites[0])) as many, closing(Rewound(sites[1])) as few:
        try:
            for each in (many, few):
                each.rewind()
                each.site.set_clock(each.site.eve)
                touched = each.touched_by_idling()
                if touched != {"job_run": 1}:
                    raise Different(f"with nothing due the sweep wrote {touched}")
            return compare(Case("sweep-idle", 1.25, 2, what), many.idle, few.idle, QUICK_ROUNDS)
        finally:
            for site in sites:
                site.set_clock(site.today)
