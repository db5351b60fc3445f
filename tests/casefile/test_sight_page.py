"""The invariant as a picture: who stands where, the counts that must be zero, the forecast; and who may see it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import forecast, marks, sight, zeros
from ehe_portal.casefile.rules.sight import (
    DRAWN,
    ZEROS,
    Counted,
    Stand,
    by_stand,
)
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock
from ehe_portal.core import db
from ehe_portal.core.codes import Destination, Tier
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.register.models import Child, Episode
from ehe_portal.schedule import SWEEP
from tests.conftest import Clock
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
TODAY = date(2026, 3, 12)  # a Thursday
URL = "/in-sight"


# Who stands where


def change(work: Work, child: Child, **values: Any) -> None:
    work.session.execute(update(Episode).where(Episode.child_id == child.id).values(**values))
    work.session.expire_all()


def clock_says(work: Work, child: Child, **values: Any) -> None:
    work.session.execute(update(ContactClock).where(ContactClock.child_id == child.id).values(**values))


def as_manager(new_work: NewWork, village: Village) -> Work:
    return new_work(village.staff[Role.EHE_MANAGER])


def standing_of(work: Work, child: Child) -> Stand | None:
    """Where the register says that a child stands: by the list of those who stand so."""
    from ehe_portal.casefile.queries import register

    for stand in DRAWN:
        wanted = register.Wanted(state="all", stand=stand.value)
        if child.reference in [row.reference for row in register.lines(work, wanted).rows]:
            return stand
    return None


def test_the_village_stands_where_it_should(new_work: NewWork, work: Work, village: Village) -> None:
    manager = as_manager(new_work, village)
    found = {name: standing_of(manager, child) for name, child in village.children.items()}
    assert found == {
        "Ada": Stand.CONTACT,
        "Ben": Stand.OVERDUE,  # until the sweep has been
        "Cleo": Stand.OVERDUE,
        "Esi": Stand.SOON,
        "Finn": None,  # past compulsory school age
        "Gil": Stand.OTHER,
        "Hana": None,  # closed, with a school
        "Ivo": Stand.YOUNG,
        "Zoe": None,  # of another authority
    }
    assert by_stand(marks.tally(manager)) == {
        **dict.fromkeys(Stand, 0), Stand.CONTACT: 1, Stand.OVERDUE: 2, Stand.SOON: 1, Stand.OTHER: 1, Stand.YOUNG: 1,
        Stand.CLOSED: 1,
    }  # fmt: skip


def test_a_lapse_stands_as_such_while_its_alert_is_open(new_work: NewWork, work: Work, village: Village) -> None:
    ben = village["Ben"]
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == ben.id)).one()
    contact.lapse(work, [clock.id])
    manager = as_manager(new_work, village)
    assert standing_of(manager, ben) is Stand.LAPSED
    work.session.execute(update(Escalation).values(state=State.CLOSED, closed_at=work.at))
    assert standing_of(manager, ben) is Stand.UNANSWERED
    assert sight.examine(manager).lapsed_without_escalation == [ben.reference]


def an_enquiry(work: Work, village: Village, child: Child) -> None:
    work.session.add(
        Escalation(
            authority_id=village.authority.id, child_id=child.id, episode_id=None, reason=Reason.CONCERN,
            state=State.ENQUIRY, owner_id=village.cme_officer.id, next_on=work.today + timedelta(days=5),
            raised_on=work.today, raised_at=work.at,
        )
    )  # fmt: skip
    work.session.flush()


def test_an_enquiry_stands_as_one_with_an_open_episode_or_without(
    new_work: NewWork, work: Work, village: Village
) -> None:
    manager = as_manager(new_work, village)
    for name in ("Ada", "Gil", "Hana"):
        an_enquiry(work, village, village[name])
    change(work, village["Hana"], destination=Destination.CME_ENQUIRY)
    for name in ("Ada", "Gil", "Hana"):
        assert standing_of(manager, village[name]) is Stand.ENQUIRY, name


BROKEN: dict[str, Callable[[Work, Village], None]] = {
    "a clock that stopped": lambda work, village: clock_says(work, village["Ada"], is_running=False),
    "too long with the team": lambda work, village: change(
        work, village["Ada"], adviser_id=None, team_since=date(2026, 1, 2)
    ),
    "an arrangement without a service": lambda work, village: change(work, village["Gil"], service_name=None),
    "a review that is past": lambda work, village: change(work, village["Gil"], review_on=date(2026, 3, 11)),
    "a duplicate of nobody": lambda work, village: change(work, village["Hana"], destination=Destination.DUPLICATE),
    "an enquiry that is none": lambda work, village: change(work, village["Hana"], destination=Destination.CME_ENQUIRY),
}


@pytest.mark.parametrize("how", BROKEN)
def test_the_picture_and_doctor_agree_on_who_is_out_of_sight(
    new_work: NewWork, work: Work, village: Village, how: str
) -> None:
    manager = as_manager(new_work, village)
    assert sight.examine(manager).out_of_sight == by_stand(marks.tally(manager))[Stand.OUT] == 0
    BROKEN[how](work, village)
    found = sight.examine(manager)
    assert len(found.in_no_state) == by_stand(marks.tally(manager))[Stand.OUT] == 1
    zero = {one.zero.key: one for one in zeros.must_be_zero(manager, marks.tally(manager), SWEEP)}
    assert (zero["no_state"].count, list(zero["no_state"].about)) == (1, found.in_no_state)


def test_a_child_without_any_episode_has_a_mark(new_work: NewWork, work: Work, village: Village) -> None:
    work.session.add(
        Child(
            authority_id=village.authority.id, legal_forename="Nobody", legal_surname="Known", sort_name="known nobody",
            date_of_birth=date(2014, 1, 1), age_starts=date(2019, 3, 31), age_ends=date(2030, 6, 28),
            created_at=work.at,
        )
    )  # fmt: skip
    work.session.flush()
    manager = as_manager(new_work, village)
    [lost] = [one for one in marks.tally(manager) if one.stand is Stand.OUT]
    assert (lost.since_on, lost.children) == (None, 1)


def test_a_mark_is_placed_by_the_last_contact_or_by_the_opening(
    new_work: NewWork, work: Work, village: Village
) -> None:
    days = {one.stand: one.since_on for one in marks.tally(as_manager(new_work, village))}
    assert days[Stand.CONTACT] == date(2025, 12, 1)
    assert days[Stand.YOUNG] == date(2026, 1, 5), "opened, never heard of"
    assert days[Stand.OTHER] == date(2025, 9, 3)


@pytest.mark.parametrize(
    ("shown", "drawn"),
    [
        ({}, 6),
        ({"tier": Tier.CLOSE}, 1),
        ({"year": 6}, 1),
        ({"never_seen": True}, 6),
        ({"adviser": "team"}, 1),
        ({"adviser": "mine"}, 5),
        ({"adviser": "mine", "tier": Tier.CLOSE}, 1),
    ],
)
def test_the_picture_is_narrowed(new_work: NewWork, village: Village, shown: dict[str, Any], drawn: int) -> None:
    if shown.get("adviser") == "mine":
        shown = {**shown, "adviser": village.adviser.id}
    counts = by_stand(marks.tally(as_manager(new_work, village), marks.Shown(**shown)))
    assert sum(counts[stand] for stand in DRAWN) == drawn


# The page


def page_of(client: LintingClient, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.get_data(as_text=True)


def said(client: LintingClient, url: str = URL) -> str:
    return words_of(tree_of(page_of(client, url)))


@pytest.fixture
def swept(work: Work, village: Village, clock: Clock) -> None:
    """The sweep ran this morning and found nothing undone."""
    from ehe_portal.core.jobs.models import JobRun

    at = clock.at - timedelta(hours=3)
    work.session.add(
        JobRun(job=SWEEP.name, slot="today", started_at=at, leased_until=at, finished_at=at, fence=1, done=0, failed=0)
    )
    work.session.flush()


@pytest.mark.parametrize("role", [Role.EHE_MANAGER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE, Role.AUDITOR])
def test_managers_and_the_auditor_see_that_nobody_is_lost(
    client_as: ClientAs, swept: None, village: Village, role: Role
) -> None:
    words = said(client_as(village.staff[role]))
    assert "0 of 6 children of compulsory school age are out of sight on 12 March 2026" in words
    assert "Something else needs you" not in words
    assert "In contact: 1" in words


@pytest.mark.parametrize("role", [Role.ADVISER, Role.CME_OFFICER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["", "/statement", "/counts.csv"])
def test_nobody_else_does(client_as: ClientAs, village: Village, role: Role, path: str) -> None:
    client = client_as(village.staff[role])
    assert client.get(f"{URL}{path}").status_code == 403
    assert "In sight" not in client.get("/account/password").text


def test_the_picture_is_told_in_words_too(client_as: ClientAs, swept: None, village: Village) -> None:
    page = tree_of(page_of(client_as(village.staff[Role.EHE_MANAGER])))
    pictures = [one for one in page.iter() if one.tag.endswith("svg") and one.get("role") == "img"]
    assert len(pictures) == 2
    for one in pictures:
        named = (one.get("aria-labelledby") or "").split()
        parts = {part.get("id"): words_of(part) for part in one if part.get("id")}
        assert all(parts[name] for name in named), parts
    assert "6 children, from left to right" in words_of(pictures[0])
    drawn = [one.get("class").split("--")[1] for one in pictures[0] if "sight-mark" in (one.get("class") or "")]
    assert drawn == ["overdue", "soon", "contact", "other", "young"], "one path for each state, however many children"


def test_every_number_leads_to_these_children(client_as: ClientAs, swept: None, village: Village) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    page = tree_of(page_of(client))
    table = next(one for one in page.iter() if "sight-table" in (one.get("class") or ""))
    links = {words_of(one): one.get("href") for one in table.iter() if one.get("href")}
    assert len(links) > 10
    for words, url in links.items():
        number = int(words.partition(":")[0])
        listed = set(re.findall(r"/children/([0-9A-Z]{10})\"", page_of(client, url)))
        assert len(listed) == number, (words, url)
    assert any("Esi" in page_of(client, url) for words, url in links.items() if "Due within 4 weeks" in words)


def test_filters_stand_in_the_address_and_go_on_to_the_lists(
    client_as: ClientAs, swept: None, village: Village
) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    page = page_of(client, f"{URL}?tier=close")
    assert "1 child, from left to right" in page
    assert "0</strong> of 6 children" in page, "what must be zero is counted over everyone"
    links = re.findall(r'href="(/register[^"]*stand[^"]*)"', page)
    assert links
    assert all("tier=close" in one for one in links)
    assert "No children." in page_of(client, f"{URL}?tier=close&seen=never&adviser=team")
    assert "6 children, from" in page_of(client, f"{URL}?adviser=nobody&year=99"), "what there is not is left out"


def test_what_is_not_zero_is_named_with_what_to_do(
    client_as: ClientAs, swept: None, village: Village, work: Work
) -> None:
    ada, ben = village["Ada"], village["Ben"]
    change(work, ada, adviser_id=None, team_since=date(2026, 1, 2))
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == ben.id)).one()
    contact.lapse(work, [clock.id])
    work.session.execute(update(OutgoingMessage).values(attempts=2, last_problem="SMTP 451"))
    page = page_of(client_as(village.staff[Role.HEAD_OF_SERVICE]))
    words = words_of(tree_of(page))
    assert "1 of 6 children of compulsory school age is out of sight" in words
    for told in ("Episodes with the team for too long 1", "Give each of these children an adviser",
                 "Children in no state 1", "Tell the officers yourself"):  # fmt: skip
        assert told in words, told
    escalation = work.session.scalars(select(Escalation)).one()
    assert f"/escalations/{escalation.reference}" in page
    assert f"/children/{ada.reference}" in page


def test_an_escalation_of_which_nobody_was_told_is_counted(new_work: NewWork, work: Work, village: Village) -> None:
    an_enquiry(work, village, village["Ada"])
    manager = as_manager(new_work, village)
    zero = {one.zero.key: one for one in zeros.must_be_zero(manager, marks.tally(manager), SWEEP)}
    assert zero["nobody_told"].count == 1
    assert len(zero["nobody_told"].about) == 1


def test_a_sweep_that_did_not_run_is_said_to_be_late(client_as: ClientAs, village: Village) -> None:
    words = said(client_as(village.staff[Role.AUDITOR]))
    assert "Sweeps that are late 1" in words
    assert "Something else needs you" in words


def test_two_marks_of_one_child_are_two_states(new_work: NewWork, village: Village) -> None:
    """No child can have two open episodes, so the database must be deceived: by counts that were told."""
    manager = as_manager(new_work, village)
    counts = [*marks.tally(manager), Counted(TODAY, Stand.CONTACT, 1)]
    assert {one.zero.key: one.count for one in zeros.must_be_zero(manager, counts, SWEEP)}["two_states"] == 1


def test_another_authoritys_children_have_no_mark(new_work: NewWork, work: Work, village: Village) -> None:
    stranger = new_work(village.stranger[Role.EHE_MANAGER])
    assert sum(by_stand(marks.tally(stranger)).values()) == 1
    assert forecast.by_day(stranger, ContactClock.due_on).keys() == {date(2024, 2, 15)}


def test_the_statement_adds_up(client_as: ClientAs, swept: None, village: Village) -> None:
    page = tree_of(page_of(client_as(village.staff[Role.CME_MANAGER]), f"{URL}/statement"))
    words = words_of(page)
    assert "Wessex Council, 12 March 2026" in words
    assert "Dev Wessex" in words
    tables = [one for one in page.iter() if one.tag.endswith("table")]
    numbers = [int(words_of(cell)) for cell in tables[0].iter() if cell.tag.endswith("td")]
    assert sum(numbers[:-1]) == numbers[-1] == 6
    assert "Beside them 1 younger child is known" in words
    for zero in ZEROS:
        assert zero.words in words


def test_the_file_has_counts_and_nobodys_name(client_as: ClientAs, swept: None, village: Village) -> None:
    response = client_as(village.staff[Role.AUDITOR]).get(f"{URL}/counts.csv")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
    counts = {(row["count"], row["last_contact"]): int(row["children"]) for row in rows}
    assert counts["children of compulsory school age", ""] == 6
    assert counts["contact", "6-months"] == 1
    assert sum(number for (what, _), number in counts.items() if what in {stand.value for stand in DRAWN}) == 6
    assert {row["date"] for row in rows} == {"2026-03-12"}
    for hidden in (*village.children, *(child.reference for child in village.children.values())):
        assert hidden not in response.get_data(as_text=True)


def test_the_page_asks_few_questions(app: Flask, client_as: ClientAs, swept: None, village: Village) -> None:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    client = client_as(village.staff[Role.EHE_MANAGER])
    event.listen(db.db.engine, "before_cursor_execute", count)
    try:
        page_of(client)
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count)
    assert len([one for one in asked if marks.LABEL in one]) == 1
    assert len(asked) <= 14, asked


def test_a_moment_is_told_in_london(client_as: ClientAs, swept: None, village: Village, clock: Clock) -> None:
    clock.at = datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    assert "2 July 2026" in said(client_as(village.staff[Role.EHE_MANAGER]), f"{URL}/statement")
