"""What is kept, and when: the two rules of core.transaction, and those of the page wrapper."""

import contextlib
from collections.abc import Callable, Sequence

import pytest
from flask import Flask, Response, abort, g, redirect
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound

from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import presses
from ehe_portal.core.transaction import UnrecordedChange, WriteWhileReading, transaction
from ehe_portal.core.web import Access, Anyone, Portal, open_page
from ehe_portal.core.work import VISITOR, Event, PublishedInCircles, Scope, Work
from ehe_portal.register.events import EpisodeAssigned
from ehe_portal.register.models import Child
from tests.village import Village

NewWork = Callable[..., Work]


def ada(work: Work) -> Child:
    return work.session.scalars(select(Child).where(Child.legal_forename == "Ada")).one()


def assigned(village: Village) -> EpisodeAssigned:
    return EpisodeAssigned(authority_id=village.authority.id, episode_id=1, adviser_id=None)


def test_a_change_that_nobody_published_is_refused(village: Village, new_work: NewWork) -> None:
    with pytest.raises(UnrecordedChange), transaction(new_work(), may_write=True) as work:
        ada(work).preferred_name = "Adie"
    assert ada(new_work()).preferred_name is None


def test_nor_is_a_bulk_change(village: Village, new_work: NewWork) -> None:
    with pytest.raises(UnrecordedChange), transaction(new_work(), may_write=True) as work:
        work.session.execute(update(Child).values(preferred_name="Adie"))
    assert ada(new_work()).preferred_name is None


def test_nor_is_a_statement_in_plain_sql(village: Village, new_work: NewWork) -> None:
    with pytest.raises(UnrecordedChange), transaction(new_work(), may_write=True) as work:
        work.session.execute(text("UPDATE child SET preferred_name = 'Adie'"))


def test_reading_work_may_not_write(village: Village, new_work: NewWork) -> None:
    with pytest.raises(WriteWhileReading), transaction(new_work(), may_write=False) as work:
        ada(work).preferred_name = "Adie"
        work.session.flush()


def test_what_is_published_is_audited_in_the_same_transaction(village: Village, new_work: NewWork) -> None:
    def entries() -> int:
        return new_work().session.scalar(select(func.count(AuditEntry.id))) or 0

    before = entries()
    with pytest.raises(ZeroDivisionError), transaction(new_work(), may_write=True) as work:
        work.publish(assigned(village))
        raise ZeroDivisionError
    assert entries() == before
    with transaction(new_work(), may_write=True) as work:
        work.publish(assigned(village))
    assert entries() == before + 1


def test_a_failing_reaction_keeps_nothing(village: Village, new_work: NewWork) -> None:
    def fail(work: Work, happened: object) -> None:
        raise LookupError

    work = new_work()
    work.reactions = {**work.reactions, EpisodeAssigned: [fail]}
    with pytest.raises(LookupError), transaction(work, may_write=True):
        ada(work).preferred_name = "Adie"
        work.publish(assigned(village))
    assert ada(new_work()).preferred_name is None


def test_an_event_that_leads_to_itself_is_refused(village: Village, new_work: NewWork) -> None:
    def again(work: Work, happened: Sequence[Event]) -> None:
        work.publish(*happened)

    work = new_work()
    work.reactions = {EpisodeAssigned: [again]}
    with pytest.raises(PublishedInCircles), transaction(work, may_write=True):
        work.publish(assigned(village))


def test_what_is_put_off_happens_after_and_its_failure_is_seen(village: Village, new_work: NewWork) -> None:
    order = []

    def fail(session: Session) -> None:
        order.append("afterwards")
        raise LookupError

    with pytest.raises(LookupError), transaction(new_work(), may_write=True) as work:
        work.publish(assigned(village))
        work.afterwards(fail)
        order.append("the work")
    assert order == ["the work", "afterwards"]


def test_a_lost_update_is_noticed(village: Village, new_work: NewWork) -> None:
    first, second = new_work(), new_work()
    mine, theirs = ada(first), ada(second)
    mine.preferred_name, theirs.preferred_name = "Adie", "Addie"
    first.session.flush()
    with pytest.raises(StaleDataError):
        second.session.flush()


def change_a_name(village: Village, answer: Callable[[], object]) -> Callable[[Work], object]:
    """A view that changes a name and then answers in one way or another."""

    def view(work: Work) -> object:
        ada(work).preferred_name = "Adie"
        work.publish(assigned(village))
        return answer()

    return view


PAGE, ENDPOINT = range(300, 400), range(200, 300)


@pytest.mark.parametrize(
    ("keeps", "method", "answer", "kept"),
    [
        (PAGE, "POST", lambda: redirect("/"), True),
        (PAGE, "POST", lambda: "shown again", False),
        (PAGE, "POST", lambda: 1 / 0, False),
        (PAGE, "POST", lambda: abort(404), False),
        (ENDPOINT, "PUT", lambda: ("", 204), True),
        (ENDPOINT, "POST", lambda: ("", 422), False),
        (ENDPOINT, "PATCH", lambda: redirect("/"), False),
    ],
)
def test_a_change_is_kept_only_if_it_ends_well(
    app: Flask,
    house: Portal,
    clock: object,
    village: Village,
    new_work: NewWork,
    monkeypatch: pytest.MonkeyPatch,
    keeps: range,
    method: str,
    answer: Callable[[], object],
    kept: bool,
) -> None:
    monkeypatch.setattr(house, "identify", lambda: (VISITOR, Scope()))
    with app.test_request_context("/", method=method), contextlib.suppress(ZeroDivisionError, NotFound):
        open_page(change_a_name(village, answer), Access(Anyone, None, keeps), {})
    assert (ada(new_work()).preferred_name == "Adie") == kept


def test_a_page_that_shows_things_may_not_change_them(
    app: Flask, house: Portal, clock: object, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "identify", lambda: (VISITOR, Scope()))
    with app.test_request_context("/"), pytest.raises(WriteWhileReading):
        open_page(change_a_name(village, lambda: str(g.work.session.flush())), Access(Anyone, None, PAGE), {})


def test_a_second_press_leads_where_the_first_one_led(
    app: Flask, house: Portal, clock: object, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "identify", lambda: (VISITOR, Scope()))
    pressed = []

    def view(work: Work) -> object:
        pressed.append(1)
        work.publish(assigned(village))
        return redirect(f"/made/{len(pressed)}")

    def press(**said: str) -> str:
        with app.test_request_context("/", method="POST", data={"once": "abc", **said}):
            response: Response = open_page(view, Access(Anyone, None, PAGE), {})
            return str(response.location)

    assert [press(name="Ada"), press(name="Ada"), press(name="Ada, corrected")] == ["/made/1", "/made/1", "/made/2"]


def stale() -> object:
    raise StaleDataError


@pytest.mark.parametrize("meets", [lambda: "refused", lambda: abort(409), stale, None])
def test_of_two_presses_at_the_same_moment_the_second_leads_where_the_first_one_led(
    app: Flask,
    house: Portal,
    clock: object,
    village: Village,
    monkeypatch: pytest.MonkeyPatch,
    meets: Callable[[], object] | None,
) -> None:
    """Whatever the second one meets of what the first one did: a refusal, an error, or only the first one's mark."""
    monkeypatch.setattr(house, "identify", lambda: (VISITOR, Scope()))
    led_to, looked = presses.led_to, []

    def not_saved_yet(work: Work) -> object:
        looked.append(work)
        return led_to(work) if len(looked) > 2 else None  # both look before either has done anything

    monkeypatch.setattr(presses, "led_to", not_saved_yet)
    answers: list[Callable[[], object]] = [lambda: redirect("/made"), meets or (lambda: redirect("/made/twice"))]

    def view(work: Work) -> object:
        work.publish(assigned(village))
        return answers.pop(0)()

    def press() -> str | None:
        with app.test_request_context("/", method="POST", data={"once": "abc"}):
            response: Response = open_page(view, Access(Anyone, None, PAGE), {})
            return response.location

    assert [press(), press()] == ["/made", "/made"]
