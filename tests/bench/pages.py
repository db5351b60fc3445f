"""A child's page, as a browser gets it, against bare Flask; and what the benches of lists share with it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from tests.bench.browsing import ADVISER, Browser, served
from tests.bench.figures import Case, Different, Figure, compare, median_of
from tests.bench.portals import PASSWORD, Ground, Site
from tests.bench.served import DATABASE, FOLDER, PAGE
from tests.bench.sweeps import LAPSING, MANY
from tests.pages import form_of

ROUNDS, TURNS = 11, 50


@contextlib.contextmanager
def adviser_at(ground: Ground, site: Site, email: str = ADVISER) -> Iterator[Browser]:
    """The adviser, or someone else, signed in at a portal of its own process."""
    with served("portal", {DATABASE: site.database_url, FOLDER: str(ground.folder)}) as browser:
        browser.sign_in(email)
        yield browser


def child_page(ground: Ground) -> Figure:
    """A child's page against bare Flask."""
    site = ground.site(MANY, LAPSING)
    reference = a_child(site)
    path = f"/children/{reference}"
    kept = Path(ground.folder, "page.html")
    with adviser_at(ground, site) as adviser:
        page = adviser.get(path)
        if reference.encode() not in page:
            raise Different(f"{path} is not the child's page")
        kept.write_bytes(page)
        with served("bare", {PAGE: str(kept)}) as visitor:
            sizes = len(adviser.get(path)), len(visitor.get("/"))
            if sizes[0] != sizes[1]:
                raise Different(f"{sizes[0]} bytes against {sizes[1]}")
            what = (
                f"A child's page for the signed-in adviser, {MANY:,} children on PostgreSQL, {queries(site, path)} "
                f"queries, against a bare Flask page of the same {sizes[1]:,} bytes; both by granian with one worker "
                f"over a kept connection; medians of {TURNS} requests"
            )
            return compare(
                Case("child-page", 20, 40, what),
                lambda: median_of(lambda: adviser.get(path), TURNS),
                lambda: median_of(lambda: visitor.get("/"), TURNS),
                ROUNDS,
            )


def a_child(site: Site) -> str:
    """The reference of a child who has been heard from this year."""
    with site.app.app_context(), site.engine.connect() as connection:
        found = text("SELECT reference FROM child JOIN contact_clock ON child_id = child.id WHERE grace_ends > :today")
        return str(connection.scalar(found, {"today": site.today}))


def queries(site: Site, path: str) -> int:
    """How many statements one page asks of the database, for the signed-in adviser."""
    return len(questions(site, path))


def questions(site: Site, path: str, email: str = ADVISER) -> list[tuple[str, Any]]:
    """The statements that one page asks of the database for whoever has signed in, each with its values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        statements.append((statement, values))

    visitor = site.app.test_client()
    _, fields = form_of(visitor.get("/sign-in").get_data(as_text=True))
    visitor.post("/sign-in", data={**fields, "email": email, "password": PASSWORD})
    with site.app.app_context():
        engine = site.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        status = visitor.get(path).status_code
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if status != 200:
        raise Different(f"{path} answered {status}")
    return statements
