"""The picture of the invariant, as a manager's browser gets it, against its one statement and its bytes."""

from tests.bench import bare_day
from tests.bench.bare_sweep import connect
from tests.bench.browsing import MANAGER, served
from tests.bench.figures import Case, Different, Figure, compare
from tests.bench.lists import BOTH, ROUNDS, TURNS, turns
from tests.bench.pages import adviser_at, questions
from tests.bench.portals import Ground
from tests.bench.served import DATABASE, PAGE
from tests.bench.sweeps import SOME

IN_SIGHT = "/in-sight"
LABEL = " AS stands"


def sight_page(ground: Ground) -> Figure:
    """The page with all that is on it, against the one statement of its picture and the same bytes."""
    site = ground.site(SOME, busy=True)
    page_file, questions_file = ground.folder / "sight.html", ground.folder / "sight-questions.json"
    asked = questions(site, IN_SIGHT, MANAGER)
    of_marks = [one for one in asked if LABEL in one[0]]
    if len(of_marks) != 1:
        raise Different(f"{len(of_marks)} statements of the picture, not one")
    bare_day.keep(questions_file, of_marks)
    with connect(site.database_url) as connection:
        rows = bare_day.ask(connection, of_marks)
    with adviser_at(ground, site, MANAGER) as manager:
        page_file.write_bytes(manager.get(IN_SIGHT))
        environment = {DATABASE: site.database_url, PAGE: str(page_file), bare_day.QUESTIONS: str(questions_file)}
        with served("bare_day", environment) as bare:
            sizes = len(manager.get(IN_SIGHT)), len(bare.get("/"))
            if sizes[0] != sizes[1]:
                raise Different(f"{sizes[0]} bytes against {sizes[1]}")
            what = (
                f"The picture of {SOME:,} children, with the counts that must be zero and the forecast, on PostgreSQL, "
                f"{len(asked)} queries, against a bare Flask page that asks the picture's one query ({rows} rows) by "
                f"psycopg and writes the same {sizes[1]:,} bytes; {BOTH}; medians of {TURNS} requests"
            )
            sides = turns((manager, [IN_SIGHT]), (bare, ["/"]))
            return compare(Case("sight-page", 3, 6, what), *sides, ROUNDS)
