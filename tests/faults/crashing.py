"""What random histories stand on: deeds that may crash in their midst, in a database of which nothing is kept."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from ehe_portal.core import db
from ehe_portal.core.errors import Refusal
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import JOBS, Scope, Work
from ehe_portal.notices.service import sending
from tests.conftest import NOON


class Doomed(Session):
    """A session in which a crash may come."""


MOMENTS = ("do_orm_execute", "before_flush", "after_flush", "before_commit")


class Crash(BaseException):
    """The process is gone, whatever it was doing."""


@dataclass
class Server:
    """A mail server as the portal's postman meets it; what it took, by Message-ID."""

    mood: str = "kind"
    took: Counter[str] = field(default_factory=Counter)
    gives_up = False
    elapsed = 0.0

    def send(self, message: Any) -> str | None:
        if self.mood == "refuses":
            return "SMTPRecipientsRefused 550"
        if self.mood == "breaks":
            raise ConnectionResetError
        self.took[message.msgId] += 1
        return None

    def close(self) -> None:
        """Nothing is kept open."""


class Crashing(RuleBasedStateMachine):
    """One history over a database of its own. Everything is undone at its end."""

    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self, app: Flask, undo: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.house: Portal = app.extensions["portal"]
        self.context: AbstractContextManager[Any] = app.app_context()
        self.context.__enter__()
        self.connection: Connection = db.db.engine.connect()
        self.outer = self.connection.begin()
        self.at: datetime = NOON
        self.server = Server()
        self.left: int | None = None
        self.sent_before: dict[str, tuple[str, datetime | None]] = {}
        self.raised_before: dict[int, int] = {}
        self.told_before: set[str] = set()
        undo.setattr(db, "new_session", self.new_session)
        undo.setattr(self.house, "now", lambda: self.at)
        undo.setattr(sending, "Postman", lambda: self.server)
        self.undo = undo
        self.counts["histories"] += 1
        for moment in MOMENTS:
            event.listen(Doomed, moment, self.count_down)

    def teardown(self) -> None:
        for moment in MOMENTS:
            event.remove(Doomed, moment, self.count_down)
        self.undo.undo()
        self.outer.rollback()
        self.connection.close()
        self.context.__exit__(None, None, None)

    def new_session(self, *, writing: bool | None) -> Session:
        """Everything in one transaction, which is undone at the end."""
        return Doomed(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    # Deeds, and crashes in their midst

    def count_down(self, *_: Any) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Crash

    def survives(self, deed: Callable[[], Any], steps: int | None) -> bool:
        """Do something, or crash after so many statements; whether it came to its end."""
        self.left = steps
        try:
            deed()
        except Crash:
            self.counts["crashes survived"] += 1
            return False
        finally:
            self.left = None
        return True

    def done(self, deed: Callable[[Work], Any], steps: int | None) -> bool:
        """One use-case in its transaction; whether it was kept. What is refused is as if it had not been asked."""

        def whole() -> None:
            work = self.house.work(JOBS, Scope(everything=True), writing=True)
            with transaction(work, may_write=True):
                deed(work)

        try:
            return self.survives(whole, steps)
        except Refusal:
            return False

    def reading(self) -> Session:
        return db.new_session(writing=False)

    @property
    def today(self) -> date:
        return self.at.date()
