"""The pages of the ladder: the queue by rung, and the picture on an escalation. The village: 12 March 2026."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import queue as casefile_queue
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.core.days import LONDON
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.models import Escalation, Rung, Triage
from ehe_portal.escalation.service import Decision
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village, a_child

ClientAs = Callable[[Account | None], LintingClient]
Climb = Callable[[str], None]
d = date.fromisoformat


@pytest.fixture
def raised(work: Work, village: Village) -> Escalation:
    """Ben's lapse, as the sweep raised it on 12 March; nobody had tried."""
    contact.lapse(work, list(work.session.scalars(contact_queries.overdue(work))))
    return queries.open_about(work, village["Ben"].id)[0]


@pytest.fixture
def climb(work: Work, clock: Clock) -> Climb:
    """Lets what is due on a day be told."""

    def on(day: str) -> None:
        work.at = clock.at = datetime.combine(d(day), datetime.min.time().replace(hour=6), LONDON)
        service.climb(work, work.session.scalars(queries.ladder_due(work)).all())
        service.report_absent(work, work.session.scalars(queries.without_holder(work)).all())

    return on


@pytest.fixture
def page(work: Work, village: Village, client_as: ClientAs) -> Callable[..., str]:
    """What the CME officer reads at an address, its words only."""

    def read(url: str) -> str:
        work.session.commit()
        answer = client_as(village.cme_officer).get(url)
        assert answer.status_code == 200
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())

    return read


def deliver(work: Work, **values: Any) -> None:
    work.session.execute(update(OutgoingMessage).values(**{"sent_at": work.at, "attempts": 1, **values}))


def of(escalation: Escalation) -> str:
    return f"/escalations/{escalation.reference}"


# One escalation


def test_that_the_authority_had_not_tried_is_said_first(page: Callable[..., str], raised: Escalation) -> None:
    words = page(of(raised))
    main = words[words.index("Contact lapse The authority made no attempt since") :]
    assert main.index("made no attempt") < main.index("Waiting for someone")


def test_the_picture_says_who_was_told_and_what_comes_next(
    work: Work, page: Callable[..., str], raised: Escalation
) -> None:
    waiting = page(of(raised))
    assert "Raised Being sent 12 March 2026 Cat Wessex, CME officer: waiting to be sent" in waiting
    deliver(work)
    words = page(of(raised))
    assert "Raised Told 12 March 2026 Cat Wessex, CME officer: sent 12 March 2026" in words
    assert "Ann Wessex, EHE adviser, the child’s adviser" in words
    assert "Bob Wessex, EHE manager, for the authority had made no attempt" in words
    assert "by a message of their own" in words
    assert (
        "The CME manager is told To come 13 March 2026 If nobody acknowledges it. "
        "As things are today: Dev Wessex (CME manager)." in words
    )
    assert "The head of service is told To come 16 March 2026 If still nobody acknowledges it, and again each" in words


def test_a_message_that_cannot_be_delivered_stands_in_red(
    work: Work, page: Callable[..., str], raised: Escalation, climb: Climb
) -> None:
    climb("2026-03-13")
    deliver(work, sent_at=None, attempts=3, last_problem="refused")
    words = page(of(raised))
    assert "CME manager told Not delivered 13 March 2026 Told because nobody has acknowledged it." in words
    assert "Dev Wessex, CME manager: not delivered yet (3 tries), by a message of their own" in words
    assert "could not be delivered yet" in page("/escalations?rung=manager")


def test_a_rung_told_late_says_so_and_the_daily_ones_are_counted(
    work: Work, page: Callable[..., str], raised: Escalation, climb: Climb
) -> None:
    for day in ("2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19"):
        climb(day)
    deliver(work)
    words = page(of(raised))
    assert "It was due on 13 March 2026, and told late." in words
    assert words.count("Head of service told") == 2
    assert "Head of service told again Told 19 March 2026" in words
    assert "Told 4 times by then, once each working day." in words
    assert "The head of service is told To come 20 March 2026" in words


def test_where_nobody_could_be_told_both_pages_say_so_in_red(
    work: Work, page: Callable[..., str], village: Village, raised: Escalation, climb: Climb
) -> None:
    for role in (Role.CME_MANAGER, Role.HEAD_OF_SERVICE):
        village.staff[role].away_from = d("2026-03-01")
    climb("2026-03-13")
    assert "CME manager told Nobody at work" in page(of(raised))
    words = page(of(raised))
    assert "Nobody who is at work could be told." in words
    assert "Nobody on this rung is at work today." in words
    assert "CME manager told: but nobody who is at work could be told." in page("/escalations")
    for role in (Role.CME_MANAGER, Role.HEAD_OF_SERVICE):
        village.staff[role].is_active = False
    work.session.flush()
    assert "There is nobody who could be told." in page(of(raised))


def test_answers_stand_on_the_ladder(
    work: Work, new_work: Callable[..., Work], page: Callable[..., str], village: Village, raised: Escalation
) -> None:
    doing = as_(new_work, work, village.cme_officer)
    service.acknowledge(doing, raised)
    words = page(of(raised))
    assert "Acknowledged Answered 12 March 2026 By Cat Wessex." in words
    assert "The CME manager is told To come 19 March 2026 If no decision is recorded." in words
    decided = Decision(Triage.NO_INFORMATION, "No answer", village.cme_officer, d("2026-03-27"))
    service.triage(doing, raised, decided, raised.version)
    words = page(of(raised))
    assert "Decision recorded Answered 12 March 2026 Owner Cat Wessex, next on 27 March 2026." in words
    assert "The owner and the CME manager are told To come 30 March 2026" in words


def test_raised_again_the_earlier_ladder_is_kept_apart(
    work: Work, page: Callable[..., str], village: Village, raised: Escalation, climb: Climb
) -> None:
    about = {
        "authority_id": raised.authority_id,
        "child_id": raised.child_id,
        "episode_id": raised.episode_id,
        "due_on": raised.due_on,
    }
    climb("2026-03-13")
    service.close_answered(work, [SimpleNamespace(**about)])
    climb("2026-03-17")
    service.raise_lapses(work, [SimpleNamespace(**about, lapses_on=d("2026-01-30"), last_attempt_on=None)])
    words = page(of(raised))
    now, earlier = words[words.index("The ladder: who was told") :].split("Before it was raised again")
    assert "Raised again Being sent 17 March 2026" in now
    assert "CME manager told" not in now
    assert "Raised Being sent 12 March 2026" in earlier
    assert "CME manager told" in earlier


def as_(new_work: Callable[..., Work], work: Work, who: Account) -> Work:
    acting = new_work(who)
    acting.session.close()
    acting.session, acting.at = work.session, work.at
    return acting


# An owner who is not at work


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"away_from": d("2026-03-12"), "away_until": d("2026-12-18")}, "is away until 18 December 2026"),
        ({"is_active": False}, "can no longer sign in"),
    ],
)
def test_one_whose_owner_is_not_at_work_stands_in_red(
    work: Work, new_work: Callable[..., Work], client_as: ClientAs, village: Village, raised: Escalation,
    climb: Climb, changes: dict[str, Any], why: str,
) -> None:  # fmt: skip
    service.acknowledge(as_(new_work, work, village.cme_officer), raised)
    for name, value in changes.items():
        setattr(village.cme_officer, name, value)
    work.session.flush()
    climb("2026-03-13")
    work.session.commit()
    said = f"No owner at work: Cat Wessex, who has this in hand, {why}."
    manager = client_as(village.staff[Role.CME_MANAGER])
    for url in (of(raised), "/escalations", "/escalations?rung=absent"):
        text = manager.get(url).get_data(as_text=True)
        assert said in text
        assert "portal-alarm" in text
    assert "CME manager told: owner not at work" in manager.get(of(raised)).get_data(as_text=True)
    for name in changes:
        setattr(village.cme_officer, name, True if name == "is_active" else None)
    work.session.commit()
    assert "No owner at work" not in manager.get(of(raised)).get_data(as_text=True)


# The queue


def test_the_queue_counts_and_filters_by_rung(
    work: Work, page: Callable[..., str], village: Village, raised: Escalation, climb: Climb
) -> None:
    climb("2026-03-13")
    service.raise_concern(work, village["Cleo"], "A worry", danger_now=False)
    everything = page("/escalations")
    assert "CME officers (1) CME manager (1) Head of service (0) In hand (0)" in everything
    assert "Ladder CME manager told. Next on 16 March 2026" in everything
    assert "waited 1 working day" in everything
    by_rung = {rung: page(f"/escalations?rung={rung.value}") for rung in Rung}
    assert [rung for rung in Rung if "Ben Carter" in by_rung[rung]] == [Rung.MANAGER]
    assert [rung for rung in Rung if "Cleo Dunn" in by_rung[rung]] == [Rung.RAISED]
    assert "Ben Carter" in page("/escalations?rung=nonsense")


def test_another_authority_is_not_counted(
    work: Work, page: Callable[..., str], village: Village, raised: Escalation, client_as: ClientAs
) -> None:
    work.session.commit()
    client = client_as(village.stranger[Role.CME_OFFICER])
    text = client.get("/escalations").get_data(as_text=True)
    assert "CME officers (1)" in text  # Zoe's own
    assert "Ben Carter" not in text
    assert client.get(of(raised)).status_code == 404


@pytest.mark.parametrize("url", ["/escalations", "/escalations?rung=raised"])
def test_the_queue_asks_as_often_for_many_as_for_a_few(
    work: Work, village: Village, client_as: ClientAs, clock: Clock, url: str
) -> None:
    def visit() -> int:
        work.session.commit()
        asked: list[str] = []
        listening = (work.session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        event.listen(*listening)
        assert client_as(village.cme_officer).get(url).status_code == 200
        event.remove(*listening)
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    children = [
        a_child(work, village.authority, f"N{n}", "Quiet", date(2014, 1, 1), date(2025, 1, 6)) for n in range(12)
    ]
    counted = []
    for some in (children[:2], children[2:]):
        for child in some:
            service.raise_concern(work, child, "A worry", danger_now=False)
        counted.append(visit())
    assert counted[0] == counted[1] < 9


def test_every_page_of_the_queue_can_be_reached(
    work: Work, village: Village, client_as: ClientAs, raised: Escalation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Danger now and child protection plans first, whichever page they are on; nobody twice, nobody left out."""
    for n in range(7):
        child = a_child(work, village.authority, f"N{n}", "Quiet", date(2014, 1, 1), date(2025, 1, 6))
        service.raise_concern(work, child, "A worry", danger_now=n == 6)
    service.raise_concern(work, village["Esi"], "A worry", danger_now=False)
    work.session.commit()
    monkeypatch.setattr(casefile_queue, "queue", partial(casefile_queue.queue, size=4))
    client = client_as(village.cme_officer)

    def read(url: str) -> tuple[list[str], dict[str, str]]:
        text = client.get(url).get_data(as_text=True)
        names = re.findall(r'<a class="govuk-link" href="/escalations/\w{10}">([^<]+)</a>', text)
        return names, {rel: html.unescape(href) for href, rel in re.findall(r'href="([^"]+)" rel="(\w+)"', text)}

    first, links = read("/escalations?view=open")
    second, onwards = read(links["next"])
    third, last = read(onwards["next"])
    assert (first[:2], len(first), len(second), len(third)) == (["N6 Quiet", "Esi Fraser"], 4, 4, 1)
    assert len({*first, *second, *third}) == 9
    assert "next" not in last
    assert read(read(last["prev"])[1]["prev"])[0] == first
    for broken in ("x", "-1", "A" * 3000):
        assert read(f"/escalations?from={broken}")[0] == first


# The social worker


def test_the_social_worker_is_written_down_beside_the_social_care_status(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    work.session.commit()
    client = client_as(village.adviser)
    url = f"/children/{village['Esi'].reference}/episode/tier"
    asked = {"social_care": "cp", "tier": "close", "social_worker_name": "Olu Hart"}
    refused = client.submit(url, {**asked, "social_worker_email": ""})
    assert "Enter the email address of the social worker" in refused.get_data(as_text=True)
    assert client.submit(url, {**asked, "social_worker_email": "olu.hart@care.example"}).status_code == 302
    overview = client.get(f"/children/{village['Esi'].reference}").get_data(as_text=True)
    assert "Olu Hart, olu.hart@care.example" in overview
    assert "Speak to the social worker, Olu Hart, before a visit" in overview
    history = client.get(f"/children/{village['Esi'].reference}/chronology").get_data(as_text=True)
    assert "Social worker written down or changed" in history
    assert client.submit(url, {"social_care": "cin", "tier": "half-yearly"}).status_code == 302
    assert "Olu Hart" not in client.get(f"/children/{village['Esi'].reference}").get_data(as_text=True)
