"""Evidence that a family has sent, in the vault of a portal that is served, and an officer who opens it."""

import http.client
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.transaction import transaction
from ehe_portal.evidence import service
from ehe_portal.register.models import Child
from tests.bench.browsing import ADVISER, Browser
from tests.conftest import settings_for, signed_in
from tests.faults.test_row_02_uploads import Served

FIRST_KEY = b"v" * 32


@dataclass(frozen=True)
class Shown:
    """One file of a child's evidence: where an officer opens it, what the vault calls it, and what it is."""

    url: str
    identity: str
    content: bytes

    def lies_in(self, folder: Path) -> Path:
        """The file on the disk."""
        return folder / "vault" / "objects" / f"{self.identity}.sealed"


def sent(served: Served, folder: Path, contents: Sequence[bytes], media_type: str = "application/pdf") -> list[Shown]:
    """What the parent of this portal's child has sent: a file of each content."""
    app = create_app(settings_for(served.environment["DATABASE_URL"], folder, vault_key=FIRST_KEY))
    house = app.extensions["portal"]
    with app.app_context():
        session = db.new_session(writing=False)
        parent = session.scalars(select(Account).where(Account.email == "ada@home.example")).one()
        session.close()
        with transaction(house.work(*signed_in(parent), writing=True), may_write=True) as work:
            child = work.session.scalars(select(Child).where(Child.reference == served.child)).one()
            waiting = [service.expect_file(work, child, "leaf.pdf", media_type, len(one)) for one in contents]
            pairs = list(zip(waiting, contents, strict=True))
            service.note_kept(work, [house.vault.store(file.stored_as, [content]) for file, content in pairs])
            evidence = service.submit(work, child, "", [file.reference for file in waiting])
            place = f"/children/{served.child}/evidence/files"
            of_size = {len(content): content for content in contents}
            found = [Shown(f"{place}/{one.reference}", one.stored_as, of_size[one.size]) for one in evidence.files]
        db.db.engine.dispose()
    return found


@contextmanager
def officer(served: Served) -> Iterator[Browser]:
    """The child's adviser, signed in."""
    browser = Browser(served.port)
    with closing(browser.connection):
        browser.sign_in(ADVISER)
        yield browser


def opened(browser: Browser, url: str) -> tuple[int, bytes]:
    """What a browser gets that opens a file and follows where it is led; what came of an answer that broke off."""
    answer = browser.opened(url)
    try:
        with closing(answer):
            body = answer.read()
    except http.client.IncompleteRead as broken_off:
        browser.connection.close()
        return 0, broken_off.partial
    return opened(browser, answer.headers["Location"]) if answer.status == 302 else (answer.status, body)
