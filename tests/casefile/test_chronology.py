"""One child's whole story: everything in it has words and leads somewhere, and what is withheld tells nothing."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import chronology as queries
from ehe_portal.casefile.rules import chronology as story
from ehe_portal.casefile.rules.chronology import Group, Place
from ehe_portal.contact.events import ObservationNoted
from ehe_portal.contact.models import Contact, SafeguardingObservation
from ehe_portal.core import db
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.notes import service as notes
from ehe_portal.notes.models import Note, NoteKind
from ehe_portal.register import service as register
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]

READERS = [role for role in Role if Permission.CHILD_READ in GRANTS[role]]


# What is withheld


def here(work: Work, village: Village, forename: str = "Ada") -> Child:
    child = visible_child(work, village[forename].reference)
    assert child is not None
    return child


def url_of(village: Village, path: str = "", forename: str = "Ada") -> str:
    return f"/children/{village[forename].reference}/chronology{path}"


def page_of(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.get_data(as_text=True)


def entries(page: str) -> list[str]:
    """The entries of a page, the latest first, each in words."""
    return [words_of(one) for one in tree_of(page).iter() if one.get("class") == "moj-timeline__item"]


@pytest.fixture
def eventful(village: Village, new_work: NewWork) -> Work:
    """Ada's address is protected; she moved, there is a worry, and a note that is a safeguarding record."""
    manager = new_work(village.staff[Role.EHE_MANAGER])
    ada = here(manager, village)
    register.set_protection(manager, ada, True, "The refuge asked for it", ada.version)
    manager.session.commit()
    work = new_work(village.adviser)
    ada = here(work, village)
    contact = work.session.query(Contact).filter_by(child_id=ada.id).one()
    register.move(work, ada, register.Place("9 Hidden Row, Poole", "BH15 9ZZ"), date(2026, 3, 2))
    notes.write(work, ada, notes.Draft(NoteKind.GENERAL, date(2026, 3, 1), "A worry", restricted=True))
    notes.write(work, ada, notes.Draft(NoteKind.GENERAL, date(2026, 3, 1), "Likes maps", restricted=False))
    keys: dict[str, Any] = {"authority_id": ada.authority_id, "child_id": ada.id}
    work.session.add(
        SafeguardingObservation(
            **keys, contact_id=contact.id, fact="Seen", recorded_at=work.at, recorded_by_id=village.adviser.id
        )
    )
    work.publish(ObservationNoted(**keys, contact_id=contact.id))
    work.session.commit()
    return work


@pytest.mark.parametrize("role", READERS)
def test_each_reader_sees_what_they_may_and_that_the_rest_is_withheld(
    client_as: ClientAs, village: Village, eventful: Work, role: Role
) -> None:
    page = page_of(client_as(village.staff[role]), url_of(village))
    hidden = 0
    for needs, titles in (
        (Permission.SAFEGUARDING_READ, ["Safeguarding note added"]),
        (Permission.CHILD_READ_PROTECTED, ["Lives somewhere else"]),
    ):
        for title in titles:
            assert (title in page) == (needs in GRANTS[role]), (role, title)
            hidden += needs not in GRANTS[role]
    hidden += Permission.SAFEGUARDING_READ not in GRANTS[role]  # one of the two notes
    assert page.count("Note written") == 2 - (Permission.SAFEGUARDING_READ not in GRANTS[role])
    withheld = [one for one in entries(page) if "withheld" in one]
    assert len(withheld) == hidden
    assert set(withheld) <= {"Restricted: withheld 12 March 2026"}, "a day, and nothing else"
    for never in ("Hidden Row", "BH15 9ZZ", "A worry", "refuge"):
        assert never not in page


def test_the_auditor_is_the_only_reader_from_whom_something_is_withheld() -> None:
    """Whoever reads more than the auditor reads all of it: the test above would not notice if nobody were left."""
    lacking = [
        role for role in READERS if not {Permission.SAFEGUARDING_READ, Permission.CHILD_READ_PROTECTED} <= GRANTS[role]
    ]
    assert Role.AUDITOR in lacking


@pytest.mark.parametrize("group", list(Group))
def test_asking_for_one_kind_does_not_betray_what_is_withheld(
    client_as: ClientAs, village: Village, eventful: Work, group: Group
) -> None:
    page = page_of(client_as(village.staff[Role.AUDITOR]), url_of(village, f"?kind={group.value}"))
    assert not [one for one in entries(page) if "withheld" in one]
    assert "stands only in the whole chronology" in page
    printed = page_of(client_as(village.staff[Role.AUDITOR]), url_of(village, f"/print?kind={group.value}"))
    assert story.WITHHELD not in printed


@pytest.mark.parametrize("path", ["", "/print"])
def test_what_is_printed_withholds_the_same(client_as: ClientAs, village: Village, eventful: Work, path: str) -> None:
    page = page_of(client_as(village.staff[Role.AUDITOR]), url_of(village, path))
    assert page.count(story.WITHHELD) == 3
    assert "Safeguarding note added" not in page
    assert "Lives somewhere else" not in page


@pytest.mark.parametrize("path", ["", "/print"])
def test_another_authority_and_a_family_find_nothing(client_as: ClientAs, village: Village, path: str) -> None:
    assert client_as(village.stranger[Role.ADVISER]).get(url_of(village, path)).status_code == 404
    assert client_as(village.parents["Ada"]).get(url_of(village, path)).status_code in (403, 404)
    assert client_as(village.staff[Role.ADMINISTRATOR]).get(url_of(village, path)).status_code == 403


# The whole of it, in order


def test_contacts_stand_on_the_day_on_which_they_happened(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.adviser)
    told = entries(page_of(client, url_of(village)))
    assert told[-1].startswith("Home visit: took place 1 December 2025")
    assert not [one for one in told if "Earlier contacts imported" in one], "the contacts tell of themselves"


def test_each_entry_leads_to_its_page(client_as: ClientAs, village: Village, eventful: Work) -> None:
    client = client_as(village.adviser)
    page = page_of(client, url_of(village))
    items = [one for one in tree_of(page).iter() if one.get("class") == "moj-timeline__item"]
    links = {words_of(a): a.get("href") for one in items for a in one.iter() if a.get("href")}
    assert len([one for one in items if not any(a.get("href") for a in one.iter())]) == 0
    contact = eventful.session.query(Contact).filter_by(child_id=village["Ada"].id).one()
    note = eventful.session.query(Note).order_by(Note.id.desc()).first()
    assert note is not None
    child = f"/children/{village['Ada'].reference}"
    assert links["Home visit: took place"] == f"{child}/contact/{contact.reference}"
    assert links["Note written"].startswith(f"{child}/notes#note-")
    assert links["Lives somewhere else"] == f"{child}/people"
    assert links["Entered from earlier records"] == child
    for url in set(links.values()):
        assert client.get(url.partition("#")[0]).status_code == 200, url


ROW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def noted(work: Work, village: Village, event_kind: str, at: datetime, **details: Any) -> None:
    ada = village["Ada"]
    work.session.add(
        AuditEntry(
            at=at, authority_id=ada.authority_id, actor_id=village.adviser.id, actor="adviser", kind=event_kind,
            child_id=ada.id, details=details,
        )
    )  # fmt: skip
    work.session.flush()


@pytest.mark.parametrize(
    ("kind", "details", "leads_to"),
    [
        ("MessageReceived", {"message_id": 1, "reference": "ABCDE12345"}, "/messages/ABCDE12345"),
        ("ParentVerified", {"access_id": 4, "account_id": 2}, "/access"),
        ("ChangeReported", {"change_id": 1, "kind": "school"}, "/changes"),
        ("EducationAssessed", {"assessment_id": 1, "outcome": "suitable"}, "/evidence"),
        ("ContactLapsed", {"episode_id": 1, "due_on": "2026-01-01"}, "/concerns"),
        ("VisitOffered", {"visit_id": 999_999}, "/contact"),  # a row that is not this child's
        ("ParentChanged", {"parts": ["phone"]}, "/people"),
        ("TierChanged", {"episode_id": 1}, ""),
    ],
)
def test_entries_lead_to_what_they_are_about(
    client_as: ClientAs, village: Village, work: Work, kind: str, details: dict[str, Any], leads_to: str
) -> None:
    noted(work, village, kind, ROW, **details)
    page = page_of(client_as(village.adviser), url_of(village))
    assert f'href="/children/{village["Ada"].reference}{leads_to}">{rules.title_of(kind)}' in page


def test_who_may_not_read_messages_is_led_nowhere(client_as: ClientAs, village: Village, work: Work) -> None:
    noted(work, village, "MessageReceived", ROW, message_id=1, reference="ABCDE12345")
    page = page_of(client_as(village.cme_officer), url_of(village))
    assert "Message from a parent" in page
    assert "ABCDE12345" not in page


def test_a_story_is_narrowed_by_kind_and_period(client_as: ClientAs, village: Village, work: Work) -> None:
    for days, kind in ((0, "TierChanged"), (10, "NoteWritten"), (20, "TierChanged")):
        noted(work, village, kind, datetime(2026, 2, 1, 12, tzinfo=UTC) + timedelta(days=days))
    client = client_as(village.adviser)

    def told(query: str) -> list[str]:
        return [one.partition(" by ")[0] for one in entries(page_of(client, url_of(village, query)))]

    period = "since-day=1&since-month=2&since-year=2026&until-day=20&until-month=2&until-year=2026"
    assert told(f"?{period}") == ["Note written", "Tier or social care status changed"]
    assert told(f"?{period}&kind=register") == ["Tier or social care status changed"]
    assert told(f"?{period}&kind=contact") == []
    assert [one[:10] for one in told("?kind=contact")] == ["Home visit"]
    assert told("?until-day=1&until-month=12&until-year=2025")[0].startswith("Home visit: took place")
    assert told("?since-day=2&since-month=12&since-year=2025&kind=contact") == []
    page = client.get(url_of(village, "?since-day=40&since-month=1&since-year=2026"))
    assert "Error: " in page.text, "a day that is none is said to be"


def test_both_ends_of_a_period_are_whole_days_in_london(client_as: ClientAs, village: Village, work: Work) -> None:
    noted(work, village, "TierChanged", datetime(2026, 6, 30, 22, 59, tzinfo=UTC))  # 23:59 on 30 June
    noted(work, village, "NoteWritten", datetime(2026, 6, 30, 23, 0, tzinfo=UTC))  # midnight of 1 July
    day = "?since-day={0}&since-month={1}&since-year=2026&until-day={0}&until-month={1}&until-year=2026"
    client = client_as(village.adviser)
    for on, title in (((30, 6), "Tier or social"), ((1, 7), "Note written")):
        [only] = entries(page_of(client, url_of(village, day.format(*on))))
        assert only.startswith(title)


# Turning


def test_the_order_at_one_moment() -> None:
    noon = story.midday(date(2026, 7, 1))
    assert noon == datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert story.last_midday_before(noon) == date(2026, 6, 30)
    assert story.last_midday_before(noon + timedelta(seconds=1)) == date(2026, 7, 1)
    assert Place(noon, True, 1).order > Place(noon, False, 9).order


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_turning_pages_passes_over_nothing_and_tells_nothing_twice(
    new_work: NewWork, village: Village, work: Work, size: int
) -> None:
    ada = village["Ada"]
    for number in range(9):
        day = date(2026, 1, 5) + timedelta(days=number // 3)
        work.session.add(
            Contact(
                authority_id=ada.authority_id, child_id=ada.id, happened_on=day, kind=ContactKind.EMAIL,
                outcome=ContactOutcome.SENT, recorded_at=work.at,
            )
        )  # fmt: skip
        # Some at the very moment for which a contact stands, some before it and some after.
        noted(work, village, "TierChanged", story.midday(day) + timedelta(hours=number % 3 - 1))
    reading = new_work(village.adviser)
    child = here(reading, village)
    whole = queries.chronology(reading, child, queries.Asked()).happenings
    assert len(whole) > 18
    turned, place = [], None
    for _ in range(60):
        told = queries.chronology(reading, child, queries.Asked(), place, size)
        assert len(told.happenings) <= size
        turned += told.happenings
        if told.after is None:
            break
        place = queries.understood(queries.written(told.after))
    assert turned == whole


def test_pages_are_turned_by_a_link_that_says_nothing(client_as: ClientAs, village: Village, work: Work) -> None:
    for number in range(queries.PAGE + 5):
        noted(work, village, "TierChanged", ROW + timedelta(minutes=number))
    client = client_as(village.adviser)
    first = page_of(client, url_of(village, "?since-day=1&since-month=3&since-year=2026"))
    assert len(entries(first)) == queries.PAGE
    [link] = set(re.findall(r'href="([^"]*[?&;]from=[^"]*)"', first))
    second = page_of(client, link.replace("&amp;", "&"))
    assert "2026" in link, "the period goes along"
    assert len(entries(second)) >= 5
    assert len(entries(page_of(client, url_of(village, "?from=nonsense")))) == queries.PAGE


def test_the_whole_is_printed_in_the_order_in_which_it_happened(
    client_as: ClientAs, village: Village, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(queries.PAGE + 5):
        noted(work, village, "TierChanged", ROW + timedelta(minutes=number))
    client = client_as(village.adviser)
    words = words_of(tree_of(page_of(client, url_of(village, "/print"))))
    assert words.count("Tier or social care status changed") == queries.PAGE + 5
    assert words.index("Home visit: took place") < words.index("Tier or social care status changed")
    assert "for Ann Wessex. It has what this reader may see" in words or "Printed 12 March 2026" in words
    monkeypatch.setattr(queries, "MOST_PRINTED", 10)
    assert "There is more than fits" in page_of(client, url_of(village, "/print"))


def test_a_long_story_costs_a_handful_of_queries(
    client_as: ClientAs, village: Village, eventful: Work, work: Work
) -> None:
    contact = work.session.query(Contact).filter_by(child_id=village["Ada"].id).one()
    for number in range(200):
        noted(work, village, "WelfareCheckSigned", ROW + timedelta(minutes=number), contact_id=contact.id)
        noted(work, village, "VisitOffered", ROW + timedelta(minutes=number), visit_id=number)
        noted(work, village, "EscalationTriaged", ROW, escalation_id=number, owner_id=village.adviser.id)
    work.session.execute(update(Child).values(protected=True))
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    client = client_as(village.adviser)
    event.listen(db.db.engine, "before_cursor_execute", count)
    try:
        page_of(client, url_of(village, "/print"))
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count)
    assert len(asked) <= 11, "\n".join(asked)
