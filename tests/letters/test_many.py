"""Many letters at once: all or none, in few questions, each the same as if it had been written alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from ehe_portal.accounts.models import Account
from ehe_portal.core import db
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.letters import service
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.service import Wanted
from ehe_portal.register.models import Child
from tests.letters.conftest import LAPSED, text_of
from tests.village import Village

NewWork = Callable[[Account | None], Work]
SEVERAL = ("Ben", "Cleo", "Esi", "Finn")


def wanted(work: Work, village: Village, names: tuple[str, ...]) -> list[Wanted]:
    ids = [village[name].id for name in names]
    children = work.session.scalars(select(Child).where(Child.id.in_(ids)).order_by(Child.id)).all()
    return [Wanted(child, child.carers[:1], LAPSED) for child in children]


def test_each_is_the_letter_of_its_own_family(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    letters = service.write_many(work, "contact-lapsed", wanted(work, village, SEVERAL))
    assert [one.child_id for one in letters] == [village[name].id for name in SEVERAL]
    for letter, surname in zip(letters, ("Carter", "Dunn", "Fraser", "Gray"), strict=True):
        words = text_of(service.pdf_of(work, letter, large=False))
        assert f"Dear Robin {surname}" in words
        assert words.count("Dear ") == 1


def test_none_is_made_where_one_cannot_be(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    several = wanted(work, village, SEVERAL)
    address = several[-1].child.address
    assert address is not None
    address.line = "No fixed address"
    with pytest.raises(Refusal, match="address"):
        service.write_many(work, "contact-lapsed", several, goes=Goes.POST)
    assert work.session.scalars(select(Letter)).all() == []


def test_more_letters_are_no_more_questions(village: Village, new_work: NewWork) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    counts = []
    for names in (SEVERAL[:2], SEVERAL):
        work = new_work(village.adviser)
        several = wanted(work, village, names)
        asked.clear()
        event.listen(db.db.engine, "before_cursor_execute", note)
        try:
            service.write_many(work, "contact-lapsed", several)
        finally:
            event.remove(db.db.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0, "\n".join(asked)
