"""What is told of a fault of ours: to the visitor a reference, to the log where it was, to nobody whom it was about."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.caught import story
from ehe_portal.core.web import Access, Anyone, Portal, open_page
from ehe_portal.core.work import Work
from tests.pages import LintingClient
from tests.village import Village

SECRET = "canary.pemberton@families.example"


def write_twice(work: Work) -> str:
    """The same address on two rows; PostgreSQL would quote it, and the whole row where a column is empty."""
    village = work.session.query(Account).order_by(Account.id).first()
    assert village is not None
    one = {"authority_id": village.authority_id, "email": SECRET, "name": SECRET, "role": Role.PARENT}
    for reference in ("AAAAAAAAAA", "BBBBBBBBBB"):
        work.session.execute(insert(Account).values(**one, reference=reference, created_at=work.at))
    return "unreachable"


def read_wrongly(work: Work) -> str:
    return str(int(SECRET))


@pytest.mark.parametrize("fault", [write_twice, read_wrongly])
def test_a_fault_says_where_it_was_and_not_whom_it_was_about(
    app: Flask,
    house: Portal,
    village: Village,
    client_as: Callable[[Account | None], LintingClient],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[Work], str],
) -> None:
    def opened() -> object:
        return open_page(fault, Access(Anyone, None, range(300, 400)), {})

    opened.__dict__["access"] = Access(Anyone, None, range(300, 400))
    monkeypatch.setitem(app.view_functions, "public.privacy", opened)
    with caplog.at_level(logging.DEBUG):
        response = client_as(None).get("/privacy")
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert SECRET not in page
    assert SECRET not in caplog.text
    reference = caplog.messages[-1].split()[1]
    assert reference in page
    assert f"in {fault.__name__}" in caplog.text


def test_a_story_begins_with_what_led_to_it() -> None:
    def fail() -> None:
        try:
            int(SECRET)
        except ValueError as problem:
            raise LookupError(SECRET) from problem

    with pytest.raises(LookupError) as caught:
        fail()
    told = story(caught.value)
    assert SECRET not in told
    assert told.index("ValueError") < told.index("LookupError")
