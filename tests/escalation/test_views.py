"""The pages on which people answer escalations, and `flask escalation list`."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from ehe_portal.escalation import service
from ehe_portal.escalation.models import Closing, Escalation, Reason, State, Triage
from ehe_portal.escalation.service import Decision
from tests.conftest import Clock
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def officer(client_as: ClientAs, village: Village, work: Work, raised: Escalation) -> LintingClient:
    """The CME officer's browser; Ben's lapse has been raised."""
    work.session.commit()
    return client_as(village.cme_officer)


def now(work: Work, escalation: Escalation) -> Escalation:
    work.session.expire_all()
    work.session.refresh(escalation)
    return escalation


def decided(village: Village, **changes: Any) -> dict[str, Any]:
    return {
        "decision": Triage.WHEREABOUTS_UNKNOWN.value,
        "reasons": "Nobody at the address",
        "owner": village.cme_officer.reference,
        "next_on-day": "20",
        "next_on-month": "3",
        "next_on-year": "2026",
        **changes,
    }


def test_acknowledging_leads_back_to_the_escalation(officer: LintingClient, raised: Escalation, work: Work) -> None:
    url = f"/escalations/{raised.reference}"
    answer = officer.submit(url)
    assert (answer.status_code, answer.location) == (302, url)
    assert now(work, raised).state is State.ACKNOWLEDGED
    assert "Acknowledged. Others can see that you are looking at it." in officer.get(url).get_data(as_text=True)


def test_a_decision_is_recorded_on_a_page(
    officer: LintingClient, raised: Escalation, village: Village, work: Work
) -> None:
    page = officer.get(f"/escalations/{raised.reference}/triage").get_data(as_text=True)
    assert "call 999 first" in page
    assert village["Ben"].name in page, "the header of the child"
    assert "Cat Wessex, CME officer" in page
    assert "Ann Wessex, EHE adviser" not in page, "an adviser owns none"
    answer = officer.submit(f"/escalations/{raised.reference}/triage", decided(village))
    assert answer.status_code == 302
    assert (now(work, raised).state, raised.owner_id) == (State.ENQUIRY, village.cme_officer.id)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"decision": None}, "Select what you have decided"),
        ({"decision": "shrug"}, "Select"),
        ({"reasons": "  "}, "Enter your reasons"),
        ({"owner": ""}, "Select who owns this from now on"),
        ({"owner": "NOBODY1234"}, "Select"),
        ({"next_on-day": "", "next_on-month": "", "next_on-year": ""}, "Enter the date of the next step"),
        ({"next_on-year": "2025"}, "Enter a next date that is today or later"),
        ({"next_on-year": "2027"}, "Enter a next date within the next three months"),
        ({"next_on-day": "31", "next_on-month": "2"}, "date"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_what_was_typed_is_kept(
    officer: LintingClient, raised: Escalation, village: Village, work: Work, changes: dict[str, Any], message: str
) -> None:
    answer = officer.submit(
        f"/escalations/{raised.reference}/triage", decided(village, **{"reasons": "Kept words", **changes})
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert message in page
    assert "There is a problem" in page
    if "reasons" not in changes:
        assert "Kept words" in page
    assert now(work, raised).state is State.RAISED


def test_a_decision_about_what_someone_else_changed_is_shown_again(
    officer: LintingClient, raised: Escalation, village: Village, work: Work
) -> None:
    answer = officer.submit(f"/escalations/{raised.reference}/triage", decided(village, version="7"))
    page = answer.get_data(as_text=True)
    assert "This escalation was changed by someone else while you were reading it." in page
    assert "Nobody at the address" in page
    assert now(work, raised).state is State.RAISED


def test_closing_with_a_dated_next_contact(officer: LintingClient, raised: Escalation, work: Work) -> None:
    url = f"/escalations/{raised.reference}/close"
    assert "12 March 2027 at the latest" in officer.get(url).get_data(as_text=True)
    said = {
        "closing": Closing.NEXT_CONTACT.value,
        "reasons": "They answered the door",
        "next_contact_on-day": "1",
        "next_contact_on-month": "4",
        "next_contact_on-year": "2026",
    }
    refused = officer.submit(url, {**said, "next_contact_on-year": "2036"})
    assert "Enter a date of the next contact that is not after 12 March 2027" in refused.get_data(as_text=True)
    assert officer.submit(url, said).status_code == 302
    assert (now(work, raised).state, raised.closing) == (State.CLOSED, Closing.NEXT_CONTACT)
    assert "It has been closed" in officer.get(url).get_data(as_text=True)


def test_what_cannot_be_closed_yet_says_why(officer: LintingClient, work: Work, village: Village) -> None:
    concern = service.raise_concern(work, village["Ada"], "A worry", danger_now=False)
    work.session.commit()
    url = f"/escalations/{concern.reference}/close"
    assert "once a decision about it has been recorded" in officer.get(url).get_data(as_text=True)
    _, fields = form_of(officer.get(f"/escalations/{concern.reference}/triage").get_data(as_text=True), None)
    forced = {**fields, "closing": Closing.CONCERN_ANSWERED.value, "reasons": "x"}
    assert officer.post(url, data=forced).status_code == 200
    assert now(work, concern).state is State.RAISED


# Concerns


def test_raising_a_concern(client_as: ClientAs, village: Village, work: Work) -> None:
    work.session.commit()
    adviser = client_as(village.adviser)
    url = f"/children/{village['Ada'].reference}/concerns/new"
    assert "call 999 first" in adviser.get(url).get_data(as_text=True)
    refused = adviser.submit(url, {"words": "A neighbour rang"})
    assert "Select whether the child is in danger now" in refused.get_data(as_text=True)
    assert "A neighbour rang" in refused.get_data(as_text=True)
    answer = adviser.submit(url, {"words": "A neighbour rang", "danger_now": "yes"})
    assert answer.location == f"/children/{village['Ada'].reference}/concerns"
    page = adviser.get(answer.location).get_data(as_text=True)
    assert "If nobody has called 999 yet, call now." in page
    assert "A neighbour rang" not in page, "a list shows no words about a child"
    one = work.session.scalars(select(Escalation).where(Escalation.reason == Reason.CONCERN)).one()
    assert (one.words, one.danger_now) == ("A neighbour rang", True)


def test_a_second_press_raises_no_second_concern(client_as: ClientAs, village: Village, work: Work) -> None:
    work.session.commit()
    adviser = client_as(village.adviser)
    url = f"/children/{village['Ada'].reference}/concerns/new"
    _, fields = form_of(adviser.get(url).get_data(as_text=True), None)
    typed = {**fields, "words": "A worry", "danger_now": "no"}
    assert [adviser.post(url, data=typed).status_code for _ in range(2)] == [302, 302]
    assert len(work.session.scalars(select(Escalation)).all()) == 1


def test_the_list_of_a_child_tells_open_from_closed(
    client_as: ClientAs, village: Village, work: Work, raised: Escalation
) -> None:
    work.session.commit()
    page = client_as(village.adviser).get(f"/children/{village['Ben'].reference}/concerns").get_data(as_text=True)
    assert "Contact was due on 15 January 2026. No concern recorded with it." in page
    assert "Waiting for someone" in page
    empty = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/concerns").get_data(as_text=True)
    assert "Nothing is open." in empty
    auditor = client_as(village.staff[Role.AUDITOR]).get(f"/children/{village['Ben'].reference}/concerns")
    assert "Raise a concern" not in auditor.get_data(as_text=True)


# flask escalation list


def test_every_escalation_is_listed(app: Flask, clock: Clock, work: Work, village: Village, raised: Escalation) -> None:
    concern = service.raise_concern(work, village["Ivo"], "A worry", danger_now=False)
    village["Ivo"].authority_ref = None
    officer = village.cme_officer
    service.triage(work, concern, Decision(Triage.WELFARE, "Because", officer, date(2026, 3, 13)), concern.version)
    work.session.commit()
    result = app.test_cli_runner().invoke(args=["escalation", "list", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {
            "child_ref": "W-Ben",
            "reason": "contact-lapse",
            "due_on": "2026-01-15",
            "raised_on": "2026-03-12",
            "state": "raised",
        },
        {
            "child_ref": village["Ivo"].reference,
            "reason": "concern",
            "due_on": None,
            "raised_on": "2026-03-12",
            "state": "triaged",
        },
    ]
    plain = app.test_cli_runner().invoke(args=["escalation", "list"])
    assert plain.stdout.splitlines()[0] == "W-Ben  contact-lapse  2026-01-15  2026-03-12  raised"
    assert plain.stderr == "2 escalations\n"


def test_an_empty_list_is_an_empty_array(app: Flask, clock: Clock) -> None:
    assert app.test_cli_runner().invoke(args=["escalation", "list", "--json"]).stdout.strip() == "[]"
