"""The lists that officers work through: *My day* against bare questions, among very many children, against Django's."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from tests.bench import bare_day, django_admin
from tests.bench.bare_sweep import connect
from tests.bench.browsing import Browser, served
from tests.bench.figures import Case, Different, Figure, Measured, compare, median_of
from tests.bench.pages import adviser_at, queries, questions
from tests.bench.populate import CASELOAD
from tests.bench.portals import Ground, Site
from tests.bench.served import DATABASE, PAGE
from tests.bench.sweeps import FEW, VERY_MANY

ROUNDS, TURNS = 11, 30
OURS_BESIDE_SLOW = 5  # turns of ours to one of Django's, which takes as long as all of them
LINES = 100
MY_DAY, REGISTER = "/my-day", "/register"
ORDERS = (REGISTER, f"{REGISTER}?sort=due", f"{REGISTER}?sort=opened")
# Of My day one for each kind of waiting thing, and a few for who asks and what is in force.
MOST_QUERIES = {MY_DAY: 34, REGISTER: 5}
# A page is drawn anew each time, and holds marks that are; counts of what is everyone's differ a little.
ALIKE = 0.02
BOTH = "both by granian with one worker over a kept connection"


def my_day(ground: Ground) -> Figure:
    """An adviser's day against its bare questions and bytes."""
    site = ground.site(CASELOAD, busy=True)
    page_file, questions_file = ground.folder / "day.html", ground.folder / "questions.json"
    asked = questions(site, MY_DAY)
    bare_day.keep(questions_file, asked)
    with connect(site.database_url) as connection:
        rows = bare_day.ask(connection, asked)
    with adviser_at(ground, site) as adviser:
        page_file.write_bytes(adviser.get(MY_DAY))
        environment = {
            DATABASE: site.database_url,
            PAGE: str(page_file),
            bare_day.QUESTIONS: str(questions_file),
        }
        with served("bare_day", environment) as bare:
            sizes = len(adviser.get(MY_DAY)), len(bare.get("/"))
            if sizes[0] != sizes[1]:
                raise Different(f"{sizes[0]} bytes against {sizes[1]}")
            what = (
                f"My day of the signed-in adviser with {CASELOAD:,} children on PostgreSQL, {len(asked)} queries, "
                f"{rows} rows, against a bare Flask page that asks the same by psycopg and writes the same "
                f"{sizes[1]:,} bytes; {BOTH}; medians of {TURNS} requests"
            )
            return compare(Case("my-day", 6, 12, what), *turns((adviser, [MY_DAY]), (bare, ["/"])), ROUNDS)


def worklist_growth(ground: Ground) -> Figure:
    """The same day in an authority with very many children against one with few."""
    return growth(ground, "worklist-growth", [MY_DAY], "My day of an adviser with 1,000 children")


def register_list_growth(ground: Ground) -> Figure:
    """The register's first page, in each of its orders, among very many children against among few."""
    what = f"The register's first pages of {LINES} lines, by name, by next contact due and by opening, added up"
    return growth(ground, "register-list-growth", ORDERS, what)


def growth(ground: Ground, name: str, paths: Sequence[str], words: str) -> Figure:
    """The same pages among very many children against among few; they must be alike."""
    many, few = ground.site(VERY_MANY, busy=True), ground.site(FEW, busy=True)
    asked = [few_questions(many, path) for path in paths]
    with adviser_at(ground, many) as one, adviser_at(ground, few) as other:
        sizes = [alike(one.get(path), other.get(path), path) for path in paths]
        what = (
            f"{words}, {sum(asked)} queries, {VERY_MANY:,} children on PostgreSQL against {FEW:,}; {sum(sizes):,} "
            f"bytes; {BOTH}; medians of {TURNS} requests"
        )
        return compare(Case(name, 1.25, 2, what), *turns((one, paths), (other, paths)), ROUNDS)


def few_questions(site: Site, path: str) -> int:
    """How many questions a page asks; `Different` where that is too many."""
    asked = queries(site, path)
    most = MOST_QUERIES[path.partition("?")[0]]
    if asked > most:
        raise Different(f"{path} asks {asked} queries, {most} at most are allowed")
    return asked


def alike(page: bytes, other: bytes, path: str) -> int:
    """The bytes of a page, which must be about those of the other, with as many lines on both: the children of a
    register, the rows of a day, of which one child may have several."""
    found = [re.findall(rb"/children/([0-9A-Z]{10})", each) for each in (page, other)]
    lines = [len(set(each)) if path.startswith(REGISTER) else len(each) for each in found]
    if lines[0] != lines[1] or (path.startswith(REGISTER) and lines[0] != LINES):
        raise Different(f"{path}: {lines[0]} lines against {lines[1]}")
    if abs(len(page) - len(other)) > ALIKE * len(other):
        raise Different(f"{path}: {len(page)} bytes against {len(other)}")
    return len(page)


def register_django(ground: Ground) -> Figure:
    """The register's first page against the change list of Django's admin over the same rows and indexes."""
    site = ground.site(VERY_MANY, busy=True)
    address = django_admin.prepare(site.database_url)
    with adviser_at(ground, site) as adviser, served("django", {DATABASE: site.database_url}) as other:
        other.cookies.update(address.cookies)
        pages = adviser.get(REGISTER), other.get(address.path)
        lines = len(set(re.findall(rb"/children/([0-9A-Z]{10})", pages[0]))), pages[1].count(b'action-checkbox"')
        if lines != (LINES, LINES):
            raise Different(f"{lines[0]} lines against {lines[1]}, not {LINES}")
        what = (
            f"The register's first page of {LINES} lines, {VERY_MANY:,} children on PostgreSQL, against the change "
            f"list of Django {django_admin.VERSION}'s admin over the same rows, indexes, columns and order; "
            f"{len(pages[0]):,} bytes against {len(pages[1]):,}; {BOTH}; medians of "
            f"{OURS_BESIDE_SLOW} requests against one"
        )
        sides = turns((adviser, [REGISTER]), (other, [address.path]), (OURS_BESIDE_SLOW, 1))
        return compare(Case("register-django", 0.125, 0.25, what), *sides, ROUNDS)


Side = tuple[Browser, Sequence[str]]


def turns(ours: Side, baseline: Side, times: tuple[int, int] = (TURNS, TURNS)) -> tuple[Measured, Measured]:
    """Both sides: for each the medians of so many requests of its pages, added up."""

    def side(browser: Browser, paths: Sequence[str], many: int) -> Callable[[], float]:
        return lambda: sum(median_of(partial(browser.get, path), many) for path in paths)

    return side(*ours, times[0]), side(*baseline, times[1])
