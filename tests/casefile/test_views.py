"""The windows, as people see them."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, ContactClock, SafeguardingObservation, Visit
from ehe_portal.core import db
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment, DecisionState, Evidence, Outcome
from ehe_portal.register.models import Parent, Registration
from tests.pages import LintingClient, words_of
from tests.pages import tree_of as tree
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return words_of(tree(response.get_data(as_text=True)))


@pytest.fixture
def lapsed(work: Work, village: Village) -> Work:
    """Ben's family has been silent too long, and the sweep has been."""
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Ben"].id)).one()
    contact.lapse(work, [clock.id])
    work.session.flush()
    return work


def test_an_adviser_sees_what_cannot_wait_first(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    words = read(client_as(village.adviser), "/my-day")
    assert words.index("Ben Carter") < words.index("Cleo Dunn"), "a lapse comes before what is only overdue"
    assert "Ada Byrne" not in words.partition("Not seen for long (")[0], "nothing is due for Ada"
    assert "Ivo Jones" not in words


def test_a_manager_begins_with_the_team_and_sees_the_load(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    words = read(client_as(village.staff[Role.EHE_MANAGER]), "/my-day")
    assert "The team’s day" in words
    assert "Who has how many" in words


def test_the_queue_says_what_is_known(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    words = read(client_as(village.cme_officer), "/escalations")
    for said in ("Ben Carter", "15 January 2026", "no concern recorded", "made no attempt", "15 January 2025"):
        assert said in words, said


def test_an_alert_that_did_not_leave_stands_in_red(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    client = client_as(village.cme_officer)
    assert "could not be delivered" not in read(client, "/escalations")
    message = lapsed.session.scalars(select(OutgoingMessage).where(OutgoingMessage.topic == "escalation")).first()
    assert message is not None
    message.attempts, message.last_problem = 2, "SMTP 451"
    lapsed.session.flush()
    assert "could not be delivered yet" in read(client, "/escalations")


def test_a_queue_with_nobody_to_tell_says_so(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    lapsed.session.query(OutgoingMessage).delete()
    assert "Nobody could be told" in read(client_as(village.cme_officer), "/escalations")


def test_an_escalation_tells_what_was_tried_and_who_was_told(
    lapsed: Work, village: Village, client_as: ClientAs
) -> None:
    ben = village["Ben"]
    lapsed.session.add(
        Visit(
            authority_id=village.authority.id,
            child_id=ben.id,
            kind=ContactKind.HOME_VISIT,
            on_date=lapsed.today - timedelta(days=3),
            at_time=time(10),
            adviser_id=village.adviser.id,
            offered_at=lapsed.at,
        )
    )
    lapsed.session.flush()
    client = client_as(village.cme_officer)
    page = client.get("/escalations").get_data(as_text=True)
    link = next(a.get("href") for a in tree(page).iter() if words_of(a) == "Ben Carter" and a.get("href"))
    words = read(client, link)
    assert "Home visit offered" in words
    assert village.cme_officer.name in words


def test_an_auditor_sees_no_buttons(lapsed: Work, village: Village, client_as: ClientAs) -> None:
    auditor = client_as(village.staff[Role.AUDITOR])
    words = read(auditor, f"/children/{village['Ben'].reference}")
    for button in ("Record contact", "Offer a visit", "Raise a concern", "Close this episode"):
        assert button not in words
    trail = read(auditor, "/audit")
    assert "Contact lapsed" in trail
    assert "ContactLapsed" not in trail


@pytest.fixture
def two_parents(work: Work, village: Village) -> Account:
    """Ada has a second parent, with an account of their own that nobody has verified yet."""
    ada = village["Ada"]
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": ada.id}
    other = Account(
        authority_id=village.authority.id, email="other@x.example", name="Oz", role=Role.PARENT, created_at=work.at
    )
    work.session.add(other)
    work.session.flush()
    typed = {"legal_forename": "Ada-as-typed"}
    work.session.add_all(
        [
            Parent(**keys, position=2, name="Oz Byrne", account_id=other.id, address="9 Secret Lane",
                   phone="07700900111"),
            Registration(**keys, account_id=other.id, answers=typed, submitted_at=work.at),
            Evidence(**keys, account_id=village.parents["Ada"].id, sent_at=work.at, sent_on=work.today,
                     written_account="Sent by the first parent"),
            Assessment(**keys, outcome=Outcome.SUITABLE, reasons="Because of the maps.", decided_at=work.at,
                       decided_by_id=village.adviser.id, state=DecisionState.STANDS, stands_since=work.at),
        ]
    )  # fmt: skip
    work.session.flush()
    work.session.expire_all()
    return other


def test_an_unverified_account_sees_only_what_it_typed(
    two_parents: Account, village: Village, client_as: ClientAs
) -> None:
    words = read(client_as(two_parents), f"/family/children/{village['Ada'].reference}")
    assert "Ada-as-typed" in words
    for hidden in ("Because of the maps", village.adviser.name, "1 December 2025", "Byrne", "Mill Lane"):
        assert hidden not in words, hidden


def test_a_verified_parent_sees_their_record_and_not_the_other_parents(
    two_parents: Account, work: Work, village: Village, client_as: ClientAs
) -> None:
    held = village["Ada"].id
    visit = work.session.scalars(select(Contact).where(Contact.child_id == held)).one()
    work.session.add(
        SafeguardingObservation(
            authority_id=village.authority.id,
            child_id=held,
            contact_id=visit.id,
            fact="A worry of the adviser",
            recorded_at=work.at,
            recorded_by_id=village.adviser.id,
        )
    )
    work.session.flush()
    words = read(client_as(village.parents["Ada"]), f"/family/children/{village['Ada'].reference}")
    for shown in ("Because of the maps", village.adviser.name, "1 December 2025", "1 December 2026"):
        assert shown in words, shown
    for hidden in ("Secret Lane", "07700900111", "Oz Byrne", "A worry of"):
        assert hidden not in words, hidden


def test_another_family_finds_nothing(village: Village, client_as: ClientAs) -> None:
    client = client_as(village.parents["Zoe"])
    assert client.get(f"/family/children/{village['Ada'].reference}").status_code == 404
    assert "Ada" not in read(client, "/family")


@pytest.mark.parametrize(
    ("url", "most"), [("/my-day", 34), ("/escalations", 6), ("/register", 8), ("/children/{ada}", 13)]
)
def test_a_page_costs_a_handful_of_queries(
    app: Flask, lapsed: Work, village: Village, client_as: ClientAs, url: str, most: int
) -> None:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    client = client_as(village.staff[Role.EHE_MANAGER])
    event.listen(db.db.engine, "before_cursor_execute", count)
    try:
        read(client, url.format(ada=village["Ada"].reference))
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count)
    assert len(asked) <= most, "\n".join(asked)
