"""Letters that GOV.UK Notify prints and posts: each once, until it was posted or comes back with the reason."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.service.authorities import set_logo
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import jobs
from ehe_portal.core.errors import Refusal
from ehe_portal.core.files import Picture
from ehe_portal.core.outbox import LEASE
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.demo import printable
from ehe_portal.demo.notifyserver import Mood, Store
from ehe_portal.letters import queries, service
from ehe_portal.letters.models import Letter, LetterSending
from ehe_portal.letters.rules import printing
from tests.conftest import Clock
from tests.letters.conftest import a_letter, text_of
from tests.pages import LintingClient
from tests.village import Village

NewWork = Callable[..., Work]
ClientAs = Callable[[Account], LintingClient]
POSTING = next(job for job in schedule.JOBS if job.name == "post-letters")
TODAY = date(2026, 3, 12)


@pytest.fixture
def go_on(house: Portal, clock: Clock) -> Callable[..., None]:
    """Runs the job that posts, so many times, some time apart."""

    def run(times: int = 1, apart: timedelta = timedelta(minutes=20)) -> None:
        for _ in range(times):
            jobs.run(POSTING, house)
            clock.at += apart

    return run


@pytest.fixture
def letter(village: Village, new_work: NewWork) -> Letter:
    """A letter to Ben's parent that waits for the post."""
    work = new_work(village.adviser)
    made = a_letter(work, village["Ben"])
    work.session.commit()
    return made


def given(village: Village, new_work: NewWork, *letters: Letter, first_class: bool = False) -> None:
    """An officer gives these to Notify."""
    work = new_work(village.adviser)
    found = [one for one in queries.to_post(work) if one.id in {letter.id for letter in letters}]
    service.give_to_notify(work, found, first_class=first_class)
    work.session.commit()


def now(new_work: NewWork, letter: Letter) -> tuple[Letter, LetterSending]:
    """A letter and its last sending as they are now."""
    session = new_work().session
    sending = session.scalars(select(LetterSending).where(LetterSending.letter_id == letter.id)).all()[-1]
    return session.scalars(select(Letter).where(Letter.id == letter.id)).one(), sending


def kinds(new_work: NewWork) -> list[str]:
    """What the trail says of letters, in order."""
    found = select(AuditEntry.kind).where(AuditEntry.kind.startswith("Letter")).order_by(AuditEntry.id)
    return list(new_work().session.scalars(found))


def test_a_letter_is_printed_once_and_posted_on_the_day_that_notify_says(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], house: Portal
) -> None:
    given(village, new_work, letter, first_class=True)
    assert queries.to_post(new_work(village.adviser)) == []
    go_on(4)
    (taken,) = notify_store.taken
    found, sending = now(new_work, letter)
    assert (taken.kind, taken.postage, taken.reference) == ("letter", "first", sending.reference)
    assert (found.posted_on, found.given_at, sending.status) == (TODAY, None, "received")
    assert kinds(new_work) == ["LetterWritten", "LetterGiven", "LetterPosted"]
    (known,) = queries.batches(new_work(village.adviser))
    assert known.confirmed_by_id is None, "it was Notify that said so"
    kept = service.pdf_of(new_work(), found, large=False)
    assert kept == taken.pdf, "what is kept is what was sent"
    assert found.sha256 == hashlib.sha256(taken.pdf).hexdigest()
    assert "We have not heard" in text_of(kept) or letter.reference in text_of(kept)
    assert sending.stored_as is None
    go_on(2)
    assert len(notify_store.taken) == 1


@pytest.mark.parametrize("mood", [Mood.TAKES_AND_HANGS, Mood.TAKES_AND_CLOSES])
def test_a_letter_that_notify_took_without_saying_so_is_not_sent_again(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], mood: Mood
) -> None:
    given(village, new_work, letter)
    notify_store.behaves(mood)
    go_on()
    _, sending = now(new_work, letter)
    assert (sending.notify_id, sending.last_problem) == (None, "Notify did not answer")
    notify_store.behaves(Mood.KIND)
    go_on(4)
    assert len(notify_store.taken) == 1
    assert now(new_work, letter)[0].posted_on == TODAY


def test_a_process_that_is_killed_after_notify_took_it_prints_nothing_twice(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    given(village, new_work, letter)

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    work = new_work()
    with monkeypatch.context() as dying:
        dying.setattr("ehe_portal.letters.service.by_notify.note", killed)
        with pytest.raises(Killed), transaction(work, may_write=True):
            service.post_by_notify(work, work.session.scalars(service.to_post_by_notify(work)).all())
    assert len(notify_store.taken) == 1
    clock.at += LEASE
    go_on(4)
    assert len(notify_store.taken) == 1
    assert now(new_work, letter)[0].posted_on is not None


@pytest.mark.parametrize("mood", [Mood.FAILS, Mood.LIMITED, Mood.HANGS])
def test_a_notify_that_fails_is_tried_again(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], mood: Mood
) -> None:
    given(village, new_work, letter)
    notify_store.behaves(mood)
    go_on()
    found, sending = now(new_work, letter)
    assert (found.is_to_post, sending.ended_at, sending.attempts) == (False, None, 1)
    notify_store.behaves(Mood.KIND)
    go_on(4)
    assert now(new_work, letter)[0].posted_on == TODAY
    assert len(notify_store.taken) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Robin Ash"], "It has no address"),
        (["Robin Ash", "BH15 1AA"], "fewer than 3 lines"),
        (["Robin Ash", "8 Quay Street", "Poole"], "does not end with a UK postcode"),
    ],
)
def test_an_address_that_cannot_be_printed_brings_the_letter_back_unsent(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch, lines: list[str], said: str, client_as: ClientAs,
) -> None:  # fmt: skip
    whole = service.said_in(now_words(new_work, letter))
    monkeypatch.setattr("ehe_portal.letters.service.by_notify.said_in", lambda _: replace(whole, to=lines))
    given(village, new_work, letter)
    go_on()
    found, sending = now(new_work, letter)
    assert (found.is_to_post, sending.stored_as) == (True, None)
    assert said in service.why_back(sending)
    assert notify_store.asked == []
    assert kinds(new_work)[-1] == "LetterReturned"
    assert "GOV.UK Notify did not post it" in client_as(village.adviser).get("/post").text


def now_words(new_work: NewWork, letter: Letter) -> Letter:
    """The letter, with its words."""
    found = new_work().session.get(Letter, letter.id)
    assert found is not None
    return found


@pytest.mark.parametrize("status", ["validation-failed", "cancelled", "permanent-failure", "technical-failure"])
def test_what_notify_does_not_post_comes_back_and_can_go_again(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], status: str
) -> None:
    given(village, new_work, letter)
    go_on()
    notify_store.taken[0].status = status
    go_on(2)
    found, sending = now(new_work, letter)
    assert (found.is_to_post, sending.status) == (True, status)
    given(village, new_work, letter)
    go_on(4)
    found, again = now(new_work, letter)
    assert found.posted_on is not None
    assert again.reference != sending.reference
    assert len(notify_store.taken) == 2


def test_what_notify_refuses_comes_back_at_once(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None]
) -> None:
    given(village, new_work, letter)
    notify_store.behaves(Mood.TRIAL)
    go_on(2)
    found, sending = now(new_work, letter)
    assert (found.is_to_post, sending.status, sending.last_problem) == (True, "refused", "Notify 400 BadRequestError")


def test_a_letter_of_which_notify_knows_nothing_any_more_is_looked_into_by_a_person(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None]
) -> None:
    given(village, new_work, letter)
    go_on()
    notify_store.taken.clear()
    go_on(2)
    assert "find out whether it was printed" in service.why_back(now(new_work, letter)[1])


def test_without_a_day_of_notify_s_own_it_was_posted_on_the_next_working_day() -> None:
    friday, saturday, monday = (date(2026, 3, day) for day in (13, 14, 16))
    assert printing.day_posted(None, friday) == monday
    assert printing.day_posted(saturday, friday) == saturday


def test_a_day_that_is_yet_to_come_is_waited_for(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None], clock: Clock
) -> None:
    given(village, new_work, letter)
    go_on()
    notify_store.follow = lambda one: replace(one, status="received", completed_at=None)  # type: ignore[method-assign]
    go_on(3)
    found, sending = now(new_work, letter)
    assert (found.posted_on, sending.ended_at, found.is_to_post) == (None, None, False)
    clock.at += timedelta(days=1)
    go_on()
    assert now(new_work, letter)[0].posted_on == date(2026, 3, 13)


def test_a_letter_that_notify_has_is_nobody_else_s_to_post_withdraw_or_give(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    waiting = queries.to_post(work)
    service.give_to_notify(work, waiting, first_class=False)
    with pytest.raises(Refusal, match="no longer wait"):
        service.give_to_notify(work, waiting, first_class=False)
    with pytest.raises(Refusal, match="no longer wait"):
        service.confirm_posted(work, waiting, TODAY)
    with pytest.raises(Refusal, match="Cancel it there"):
        service.withdraw(work, waiting[0], waiting[0].version)
    with pytest.raises(Refusal, match="Select"):
        service.give_to_notify(work, [], first_class=False)


def test_what_notify_posted_is_not_put_right_by_hand(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None],
    client_as: ClientAs,
) -> None:  # fmt: skip
    given(village, new_work, letter)
    go_on(4)
    work = new_work(village.adviser)
    with pytest.raises(Refusal, match="Notify says that it posted these"):
        service.correct_posting(work, [now_words(new_work, letter)], None)
    page = client_as(village.adviser)
    (batch,) = queries.batches(work)
    assert "by GOV.UK Notify" in page.get("/post").text
    assert "Put a mistake right" not in page.get(f"/post/confirmed/{batch.batch}").text


def test_without_a_key_nothing_goes_and_nothing_offers_it(
    letter: Letter, village: Village, new_work: NewWork, house: Portal, client_as: ClientAs
) -> None:
    page = client_as(village.adviser)
    assert "Notify" not in page.get("/post").text
    assert "do not go by GOV.UK Notify here" in page.get("/post/by-notify").text
    work = new_work(village.adviser)
    with pytest.raises(Refusal, match="another way"):
        service.give_to_notify(work, queries.to_post(work), first_class=False)


def test_an_officer_gives_letters_on_the_page(
    letter: Letter, notify_store: Store, village: Village, new_work: NewWork, go_on: Callable[..., None],
    client_as: ClientAs,
) -> None:  # fmt: skip
    page = client_as(village.adviser)
    assert "/post/by-notify" in page.get("/post").text
    answer = page.submit("/post/by-notify", {"letters": [], "postage": "second"})
    assert "Select the letters to post" in answer.text
    assert page.submit("/post/by-notify", {"letters": [letter.reference], "postage": "second"}).location == "/post"
    assert "It leaves within a minute or two" in page.get("/post").text
    go_on()
    assert "It has the letter" in page.get("/post").text
    found = now_words(new_work, letter)
    at = f"/children/{village['Ben'].reference}/letters/{found.reference}"
    assert "With GOV.UK Notify to be posted" in page.get(at).text


# The layout


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("with_logo", [False, True])
def test_what_goes_to_notify_is_set_as_it_prints_letters(
    letter: Letter, village: Village, new_work: NewWork, large: bool, with_logo: bool
) -> None:
    work = new_work(village.adviser)
    if with_logo:
        picture = io.BytesIO()
        Image.new("RGB", (900, 120), (0, 80, 60)).save(picture, "PNG")
        logo = Picture(picture.getvalue(), 900, 120)
        set_logo(work, village.authority, logo, village.authority.version)
    said = replace(
        service.said_in(now_words(new_work, letter)),
        council="Bournemouth, Christchurch and Poole Metropolitan Borough Council",
        to=printing.window_lines(
            ["Ms Folasade Oluwaseun Balogun-Featherstonehaugh", "Flat 12b, The Old Corn Exchange Apartments",
             "Riverside Industrial Heritage Quarter", "99 Upper Nether Wallop Street", "Little Snoring on the Wold",
             "Longer Snoring", "Poole", "BH15 1AA"]
        ),
    )  # fmt: skip
    pdf = service.typeset(work, village.authority.id, said, large=large, notify=True)
    assert printable.letter_problem(pdf) is None
    first = PdfReader(io.BytesIO(pdf)).pages[0]
    assert printable.address_in(first) == said.to
    fonts = [one.get_object() for one in first["/Resources"]["/Font"].values()]  # type: ignore[index]
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(described), "embedded"
    for_windows = service.typeset(work, village.authority.id, said, large=large)
    assert printable.letter_problem(for_windows) == "content-outside-printable-area", "the check sees a difference"


@pytest.mark.parametrize(
    ("lines", "pages", "problem"),
    [
        (["Robin Ash", "8 Quay Street", "BH15 1AA"], 10, None),
        (["Robin Ash", "8 Quay Street", "bh151aa"], 1, None),
        (["Robin Ash", "8 Quay Street", "BH15 1AA"], 11, "letter-too-long"),
        (["Robin Ash"], 1, "address-is-empty"),
        (["Robin Ash", "BH15 1AA"], 1, "not-enough-address-lines"),
        (["Robin Ash", "8 Quay Street", "Ireland"], 1, "not-a-real-uk-postcode"),
    ],
)
def test_what_notify_would_not_print_is_known_before_it_is_asked(
    lines: list[str], pages: int, problem: str | None
) -> None:
    assert printing.printing_problem(lines, pages) == problem
    assert problem is None or problem in printing.PROBLEMS
