"""A family's own pages on a child: what they say, and that they say it kindly."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import family as queries
from ehe_portal.casefile.queries import story
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, ContactClock
from ehe_portal.core.codes import ContactKind, ContactOutcome, Destination, Tier
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Evidence
from tests.contact.stories import text_of
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def family(client_as: ClientAs, village: Village) -> LintingClient:
    village.authority.contact_email, village.authority.contact_phone = "team@wessex.example", "01632 960100"
    return client_as(village.parents["Ada"])


@pytest.fixture
def ours(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}"


@pytest.mark.parametrize(
    ("basis", "tier", "said"),
    [
        ("interval", Tier.ANNUAL, "about once a year, and last were on 1 December 2025"),
        ("interval", Tier.CLOSE, "every few weeks"),
        ("agreed", Tier.ANNUAL, "We agreed this date"),
        ("planned", Tier.ANNUAL, "An adviser set this date"),
        ("first-contact", Tier.ANNUAL, "soon after we first hear"),
    ],
)
def test_why_a_date_is_what_it_is(basis: str, tier: Tier, said: str) -> None:
    assert said in rules.why_due(basis, tier, date(2025, 12, 1))


def test_the_first_page_says_what_happens_next_and_why(
    family: LintingClient, ours: str, village: Village, work: Work
) -> None:
    work.session.flush()
    page = text_of(family, ours)
    for words in (
        "We would like to hear from you by <strong>1 December 2026",
        "last were on 1 December 2025",
        "What counts as being in touch",
        "days of grace until 15 December 2026",
        village.adviser.name,
        "team@wessex.example",
        "01632 960100",
    ):
        assert words in page, words


def test_the_list_of_children_says_what_is_next_and_what_waits(
    family: LintingClient, ours: str, village: Village, work: Work
) -> None:
    main = text_of(family, "/family")
    assert "We would like to hear from you by <strong>1 December 2026" in main
    assert "for your answer" not in main
    ada = village["Ada"]
    for day in (19, 20):
        call = contact.Offer(kind=ContactKind.PHONE_CALL, on_date=date(2026, 3, day), at_time=time(10))
        contact.offer_visits(work, [(ada, call)], village.adviser.id)
    work.session.flush()
    main = text_of(family, "/family")
    assert f'href="{ours}/visits"' in main
    assert "2 visits or calls offered" in main
    assert "wait for your answer" in " ".join(main.split())


def test_the_list_of_children_shows_no_more_than_their_pages_while_messages_are_stopped(
    family: LintingClient, village: Village, work: Work
) -> None:
    """Who was verified after messages were stopped reads what they read before."""
    ada = village["Ada"]
    parent = next(one for one in ada.parents if one.account_id == village.parents["Ada"].id)
    parent.verified_at = work.at
    ada.messages_stopped_at = work.at - timedelta(hours=1)
    work.session.flush()
    main = text_of(family, "/family")
    assert "1 December 2026" not in main
    assert "You do not need to do anything" in main


def test_a_lapse_is_told_without_blame(family: LintingClient, ours: str, village: Village, work: Work) -> None:
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Ada"].id)).one()
    clock.lapsed_on = clock.lapsed_due_on = work.today
    work.session.flush()
    main = text_of(family, ours).partition("<main")[2].partition("</main")[0]
    assert "would be glad to" in main
    for threat in ("lapse", "fail", "must", "escalat", "enforce", "warning"):
        assert threat not in main.lower(), threat


def test_the_evidence_page_says_what_became_of_each(
    family: LintingClient, ours: str, village: Village, work: Work
) -> None:
    ada = village["Ada"]
    keys: dict[str, Any] = {"authority_id": ada.authority_id, "child_id": ada.id}
    for number, substantive in enumerate((None, True, False)):
        sent = Evidence(
            **keys,
            account_id=village.parents["Ada"].id,
            sent_at=work.at,
            sent_on=work.today,
            written_account="We read.",
        )
        work.session.add(sent)
        work.session.flush()
        work.session.add(
            Contact(
                **keys,
                happened_on=work.today - timedelta(days=number),
                kind=ContactKind.WRITTEN_REPORT,
                outcome=ContactOutcome.RECEIVED,
                substantive=substantive,
                evidence_id=sent.id,
                recorded_at=work.at,
                recorded_by_id=village.parents["Ada"].id,
            )
        )
    work.session.flush()
    page = text_of(family, f"{ours}/decisions")
    assert "Someone will read it by 19 March 2026" in page
    assert "counts as contact from the day it came" in page
    assert "It counts as a reply." in page


def many_records(work: Work, village: Village, how_many: int) -> None:
    ada = village["Ada"]
    work.session.add_all(
        Contact(
            authority_id=ada.authority_id,
            child_id=ada.id,
            happened_on=date(2025, 1, 1) + timedelta(days=number // 2),
            kind=ContactKind.LETTER,
            outcome=ContactOutcome.SENT,
            recorded_at=work.at,
        )
        for number in range(how_many)
    )
    work.session.flush()


def test_records_page_by_key(new_work: Callable[..., Work], work: Work, village: Village) -> None:
    many_records(work, village, 110)
    mine = new_work(village.parents["Ada"])
    seen, before = [], None
    for _ in range(9):
        found, before = queries.records(mine, village["Ada"].id, before)
        seen += [one.id for one in found]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 111


def test_the_story_pages_by_day(new_work: Callable[..., Work], work: Work, village: Village) -> None:
    many_records(work, village, 110)
    mine = new_work(village.parents["Ada"])
    seen: list[story.Entry] = []
    before = None
    for _ in range(9):
        found, before = story.story(mine, village["Ada"].id, before)
        assert len(found) <= story.PAGE
        seen += found
        if before is None:
            break
    assert len({one.key for one in seen}) == len(seen) == 111
    assert [one.order for one in seen] == sorted((one.order for one in seen), reverse=True)


def test_everything_stands_in_one_order(family: LintingClient, ours: str, village: Village, work: Work) -> None:
    ada = village["Ada"]
    work.session.add(
        Evidence(
            authority_id=ada.authority_id,
            child_id=ada.id,
            account_id=village.parents["Ada"].id,
            sent_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            sent_on=date(2026, 3, 2),
            written_account="We read.",
        )
    )
    work.session.flush()
    page = text_of(family, f"{ours}/story")
    assert page.index("Something about the education") < page.index("Home visit: took place")
    assert text_of(family, f"{ours}/story?before=2026-01-01").count("moj-timeline__item") == 1
    assert "will appear here" in text_of(family, f"{ours}/story?before=2020-01-01")


def test_a_closed_child_can_be_read_and_nothing_is_asked(client_as: ClientAs, village: Village, work: Work) -> None:
    episode = village["Ada"].episode
    assert episode is not None
    episode.closed_on, episode.destination = date(2026, 3, 2), Destination.SCHOOL
    work.session.flush()
    family = client_as(village.parents["Ada"])
    ours = f"/family/children/{village['Ada'].reference}"
    assert "ended on 2 March 2026" in text_of(family, ours)
    assert "Send something" not in text_of(family, f"{ours}/decisions")
    assert "What has changed" not in text_of(family, f"{ours}/changes")
