"""The messages of escalations: rungs of the ladder, digests of many alerts, the social worker outside the house."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.events import EscalationRaised, EscalationRungReached
from ehe_portal.escalation.models import Reason, Rung
from ehe_portal.notices import service
from ehe_portal.notices.service.digests import GATHERING
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.notices.mailserver import MailServer, Mood
from tests.notices.test_service import to, words
from tests.village import Village

SEEN_ON_THE_LADDER = {"escalation-digest", "escalation-rung", "escalation-social-worker"}
Messages = Callable[[], Sequence[OutgoingMessage]]
Post = Callable[[], list[EmailMessage]]
Raise = Callable[..., None]
DUE_ON = date(2026, 3, 13)


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Post:
    """Sends what waits, and gives what has arrived since the last time. Nobody's name is in any of it."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        for letter in mail_server.letters:
            said = str(letter["Subject"]) + letter.get_content()
            assert not any(name in said for name in ("Ada", "Ben", "Carter", "Esi", "Fraser", "Mill Lane"))
            assert "," not in str(letter["To"])
        return list(mail_server.letters)

    return collect


def about(child: Child, number: int) -> dict[str, Any]:
    return {
        "authority_id": child.authority_id,
        "child_id": child.id,
        "escalation_id": number,
        "reference": f"REF{number}",
        "reason": Reason.CONTACT_LAPSE,
        "alert": 1,
    }


@pytest.fixture
def alert(work: Work) -> Raise:
    """Raises these many escalations about a child at once, as the sweep does."""

    def publish(child: Child, *numbers: int, **more: Any) -> None:
        events = [EscalationRaised(**{**about(child, number), "no_attempt": False, **more}) for number in numbers]
        service.alert_officers(work, events)

    return publish


@pytest.fixture
def reach(work: Work, village: Village) -> Raise:
    """Reaches a rung of these escalations at once."""

    def publish(rung: Rung, *numbers: int, people: Sequence[Account], **more: Any) -> None:
        ids = tuple(one.id for one in people)
        keys = [about(village["Ben"], number) for number in numbers]
        service.tell_rung(
            work, [EscalationRungReached(**one, rung=rung, due_on=DUE_ON, account_ids=ids, **more) for one in keys]
        )

    return publish


# Rungs


@pytest.mark.parametrize(
    ("rung", "subject", "says"),
    [
        (Rung.MANAGER, "Nobody has acknowledged it", "have not acknowledged this escalation. Please see to it"),
        (Rung.HEAD, "Still nobody has acknowledged it", "told again each working day until someone does"),
        (Rung.UNDECIDED, "Acknowledged, but no decision", "no decision has been recorded"),
        (Rung.NEXT_DATE, "Its next date has passed", "Please record what was done, and a new date"),
        (Rung.ABSENT, "Whoever has it in hand is not at work", "Please give it to someone who is at work"),
    ],
)
def test_each_person_of_a_rung_has_a_message_of_their_own(
    village: Village, reach: Raise, post: Post, messages: Messages, rung: Rung, subject: str, says: str
) -> None:
    people = [village.staff[Role.CME_MANAGER], village.staff[Role.HEAD_OF_SERVICE]]
    person = {"person_id": village.cme_officer.id} if rung is Rung.ABSENT else {}
    reach(rung, 7, people=people, **person)
    letters = post()
    assert to(letters) == ["cme-manager@wessex.example", "head-of-service@wessex.example"]
    assert all(str(letter["Subject"]).startswith(f"Contact lapse: REF7. {subject}") for letter in letters)
    assert all(says in words(letter) for letter in letters)
    assert "It was to be told on 13 March 2026." in words(letters[0])
    assert "http://127.0.0.1:5000/escalations/REF7" in words(letters[0])
    assert {(row.topic, row.topic_id) for row in messages()} == {("escalation", 7)}


def test_a_rung_for_which_there_is_nobody_writes_no_message(reach: Raise, work: Work, messages: Messages) -> None:
    reach(Rung.MANAGER, 7, people=[])
    work.session.commit()
    assert messages() == []


# Digests


def test_twenty_alerts_are_twenty_messages(village: Village, alert: Raise, post: Post, clock: Clock) -> None:
    alert(village["Ben"], *range(1, 21))
    assert Counter(to(post())) == {"cme-officer@wessex.example": 20, "adviser@wessex.example": 20}


def test_more_become_one_digest_that_names_nothing_and_each_is_still_tracked(
    village: Village, alert: Raise, post: Post, clock: Clock, messages: Messages
) -> None:
    alert(village["Ben"], *range(1, 22))
    assert post() == [], "it waits for what the same sweep may still raise"
    clock.at += GATHERING
    letters = post()
    assert to(letters) == ["adviser@wessex.example", "cme-officer@wessex.example"]
    for letter in letters:
        assert letter["Subject"] == "Escalations: 21 alerts in one message"
        assert "REF" not in words(letter)
        assert "21 raised" in words(letter)
        assert "http://127.0.0.1:5000/escalations " in words(letter)
    rows = [row for row in messages() if row.topic == "escalation"]
    assert Counter(row.topic_id for row in rows) == dict.fromkeys(range(1, 22), 2)
    assert all(row.sent_at is not None for row in rows), "delivered with the digest"
    clock.at += timedelta(hours=1)
    assert post() == []


def test_a_digest_that_cannot_be_delivered_says_so_of_each_escalation(
    village: Village, alert: Raise, post: Post, clock: Clock, messages: Messages, mail_server: MailServer
) -> None:
    alert(village["Ben"], *range(1, 22))
    clock.at += GATHERING
    mail_server.behaves(Mood.REFUSES)
    assert post() == []
    rows = [row for row in messages() if row.topic == "escalation"]
    assert all((row.sent_at, row.attempts) == (None, 1) and row.last_problem for row in rows)
    mail_server.behaves(Mood.KIND)
    clock.at += timedelta(minutes=5)
    assert len(post()) == 2
    assert all(row.sent_at is not None and row.last_problem is None for row in messages())


def test_the_batches_of_one_sweep_are_one_digest(
    village: Village, alert: Raise, post: Post, clock: Clock, work: Work, messages: Messages
) -> None:
    """However small its batches are: what was written alone before there were too many is taken up."""
    for number in range(1, 26):
        alert(village["Ben"], number)
        work.session.flush()
    alert(village["Ben"], *range(26, 60))
    clock.at += GATHERING
    letters = post()
    assert to(letters) == ["adviser@wessex.example", "cme-officer@wessex.example"]
    assert {letter["Subject"] for letter in letters} == {"Escalations: 59 alerts in one message"}
    assert len([row for row in messages() if row.topic == "escalation" and row.sent_at is not None]) == 118


def test_two_sweeps_are_two_digests(village: Village, alert: Raise, post: Post, clock: Clock, work: Work) -> None:
    alert(village["Ben"], *range(1, 31))
    clock.at += GATHERING
    assert len(post()) == 2
    work.at = clock.at = clock.at + timedelta(days=1)
    alert(village["Ben"], *range(31, 61))
    clock.at += GATHERING
    assert {letter["Subject"] for letter in post()} == {"Escalations: 30 alerts in one message"}


def test_many_rungs_at_once_are_a_digest_too(village: Village, reach: Raise, post: Post, clock: Clock) -> None:
    manager = [village.staff[Role.CME_MANAGER]]
    reach(Rung.MANAGER, *range(1, 19), people=manager)
    reach(Rung.UNDECIDED, *range(19, 23), people=manager)
    clock.at += GATHERING
    (letter,) = post()
    assert letter["Subject"] == "Escalations: 22 alerts in one message"
    assert "18 not acknowledged" in words(letter)
    assert "4 acknowledged, with no decision" in words(letter)


def test_how_many_are_too_many_is_the_authoritys_own_value(
    village: Village, alert: Raise, post: Post, clock: Clock, work: Work
) -> None:
    set_values(work, village.authority.id, PolicyValues(backlog_digest_over=2), clock.at.date())
    alert(village["Ben"], 1, 2, 3)
    clock.at += GATHERING
    assert {letter["Subject"] for letter in post()} == {"Escalations: 3 alerts in one message"}


def test_what_a_person_raises_is_told_at_once(
    village: Village, new_work: Callable[..., Work], work: Work, alert: Raise, post: Post
) -> None:
    alert(village["Ben"], *range(1, 22))
    work.session.commit()
    acting = new_work(village.adviser)
    concern = EscalationRaised(**{**about(village["Ben"], 99), "reason": Reason.CONCERN}, no_attempt=False)
    service.alert_officers(acting, [concern])
    acting.session.commit()
    assert [letter["Subject"] for letter in post()] == ["Concern raised: REF99"]


def test_nor_is_it_taken_up_by_a_sweep_that_comes_just_after_it(
    village: Village, new_work: Callable[..., Work], work: Work, alert: Raise, post: Post, messages: Messages
) -> None:
    acting = new_work(village.staff[Role.EHE_MANAGER])
    concern = EscalationRaised(**{**about(village["Ben"], 99), "reason": Reason.CONCERN}, no_attempt=False)
    service.alert_officers(acting, [concern])
    acting.session.commit()
    alert(village["Ben"], *range(1, 22))
    carried = {row.topic_id for row in messages() if row.carried_by_id is not None}
    assert carried == set(range(1, 22))
    assert {letter["Subject"] for letter in post()} == {"Concern raised: REF99"}


# Who is told of the first alert, beside the officers


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "ehe-manager"),
        ({"away_from": date(2026, 3, 1)}, "head-of-service"),
        ({"is_active": False}, "head-of-service"),
    ],
)
def test_where_nobody_had_tried_and_the_ehe_manager_is_not_here_the_next_higher_is_told(
    work: Work, village: Village, alert: Raise, post: Post, changes: dict[str, Any], told: str
) -> None:
    for name, value in changes.items():
        setattr(village.staff[Role.EHE_MANAGER], name, value)
    work.session.flush()
    alert(village["Ben"], 1, no_attempt=True)
    assert to(post()) == ["adviser@wessex.example", "cme-officer@wessex.example", f"{told}@wessex.example"]


def test_with_a_protection_plan_the_social_worker_is_told_by_reference_only(
    work: Work, village: Village, alert: Raise, post: Post, messages: Messages
) -> None:
    episode = village["Esi"].episodes[0]
    register.name_social_worker(work, episode, register.SocialWorker(" Olu  Hart ", "Olu.Hart@care.example "))
    village.authority.contact_phone = "01632 960100"
    work.session.flush()
    alert(village["Esi"], 5)
    letters = {str(letter["To"]): letter for letter in post()}
    assert set(letters) == {"adviser@wessex.example", "cme-officer@wessex.example", "olu.hart@care.example"}
    outside = letters["olu.hart@care.example"]
    assert outside["Subject"] == "Home education: our reference REF5"
    assert "Please ring us and give our reference, REF5. Phone: 01632 960100" in words(outside)
    assert "http" not in words(outside), "there is nothing here that they could open"
    assert "silence alone is not one" in words(outside)
    assert [row.topic_id for row in messages() if row.template == "escalation-social-worker"] == [5]


@pytest.mark.parametrize("status", [SocialCare.CIN, SocialCare.NONE])
def test_without_a_plan_no_social_worker_is_told(
    work: Work, village: Village, alert: Raise, post: Post, status: SocialCare
) -> None:
    episode = village["Esi"].episodes[0]
    register.name_social_worker(work, episode, register.SocialWorker("Olu Hart", "olu.hart@care.example"))
    episode.social_care = status
    work.session.flush()
    alert(village["Esi"], 5)
    assert to(post()) == ["adviser@wessex.example", "cme-officer@wessex.example"]


def test_a_backlog_is_gathered_in_a_handful_of_statements(work: Work, village: Village, alert: Raise) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    listening = (work.session.get_bind(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    event.listen(*listening)
    alert(village["Ben"], *range(1, 500))
    event.remove(*listening)
    assert len(statements) < 25
    assert len(work.session.scalars(select(OutgoingMessage)).all()) == 2 * 499 + 2
