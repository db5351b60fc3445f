"""One child's pages: the header, the family, what was written down before, and where a protected child is: nowhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.casefile.rules import badge_of, seen_words
from ehe_portal.casefile.rules.history import earlier
from ehe_portal.contact.models import Contact, Visit
from ehe_portal.core import db
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, DetailChange, HouseholdVerdict, Nature, Subject
from ehe_portal.register.queries import visible_child
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return words_of(tree_of(response.get_data(as_text=True)))


def address_of(village: Village, forename: str, path: str = "") -> str:
    return f"/children/{village[forename].reference}{path}"


def here(work: Work, village: Village, forename: str) -> Child:
    child = visible_child(work, village[forename].reference)
    assert child is not None
    return child


def a_contact(work: Work, child: Child, on: date, **more: Any) -> Contact:
    values: dict[str, Any] = {"kind": ContactKind.MEETING, "outcome": ContactOutcome.HELD, **more}
    contact = Contact(authority_id=child.authority_id, child_id=child.id, happened_on=on, recorded_at=work.at, **values)
    work.session.add(contact)
    work.session.flush()
    return contact


# The header


def test_the_header_says_when_how_and_by_whom_a_child_was_seen(
    client_as: ClientAs, village: Village, work: Work
) -> None:
    ada = village["Ada"]
    client = client_as(village.adviser)
    assert "Last seen Not yet" in read(client, address_of(village, "Ada"))
    a_contact(work, ada, date(2026, 1, 5), child_seen=ChildSeen.YES, adviser_id=village.adviser.id)
    a_contact(work, ada, date(2026, 2, 5), child_seen=ChildSeen.DECLINED, adviser_id=village.adviser.id)
    a_contact(work, ada, date(2026, 2, 6), child_seen=ChildSeen.YES, struck_out_at=work.at)
    assert "Last seen 5 January 2026, meeting by Ann Wessex" in read(client, address_of(village, "Ada"))
    a_contact(work, ada, date(2026, 1, 6), child_seen=ChildSeen.YES, kind=ContactKind.HOME_VISIT)
    assert "Last seen 6 January 2026, home visit Adviser" in read(client, address_of(village, "Ada"))


def test_who_has_no_clock_has_a_last_contact_too(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.adviser)
    assert "Last contact None yet" in read(client, address_of(village, "Gil"))
    for on, more in (
        (date(2026, 1, 5), {}),
        (date(2026, 1, 6), {"outcome": ContactOutcome.NO_ANSWER}),
        (date(2026, 1, 7), {"kind": ContactKind.EMAIL, "outcome": ContactOutcome.RECEIVED, "substantive": None}),
        (date(2026, 1, 8), {"struck_out_at": work.at}),
    ):
        a_contact(work, village["Gil"], on, **more)
    assert "Last contact 5 January 2026" in read(client, address_of(village, "Gil"))


def test_the_header_is_whole(client_as: ClientAs, village: Village) -> None:
    said = read(client_as(village.adviser), address_of(village, "Esi"))
    for shown in ("Esi Fraser", "Age 9", "Year 4", "Home educated", "Next contact due", "Last contact 24 February 2026",
                  "Last seen", "Adviser Ann Wessex", "Warning: Social care: child protection plan"):  # fmt: skip
        assert shown in said, shown


@pytest.mark.parametrize(
    ("path", "link", "value"),
    [
        ("", "Overview", "page"),
        ("/people", "People and addresses", "page"),
        ("/people/details", "People and addresses", "true"),
        ("/notes/new", "Notes", "true"),
        ("/evidence/key-in", "Evidence", "true"),
        ("/concerns", "Concerns", "page"),
        ("/people/protected-address", "People and addresses", "true"),
    ],
)
def test_the_navigation_shows_where_one_is(
    client_as: ClientAs, village: Village, path: str, link: str, value: str
) -> None:
    page = tree_of(client_as(village.adviser).get(address_of(village, "Ada", path)).text)
    side = next(one for one in page.iter() if one.get("class") == "child-nav")
    marked = {words_of(one): one.get("aria-current") for one in side.iter() if one.get("aria-current")}
    assert marked == {link: value}


def test_everything_on_a_child_is_one_press_away(client_as: ClientAs, village: Village) -> None:
    page = tree_of(client_as(village.staff[Role.EHE_MANAGER]).get(address_of(village, "Ada")).text)
    links = {one.get("href") for one in page.iter() if one.get("href")}
    base = address_of(village, "Ada")
    for path in ("/chronology", "/contact", "/evidence", "/concerns", "/people", "/notes", "/notes/new",
                 "/evidence/key-in", "/evidence/assess", "/concerns/new", "/episode/tier", "/episode/assign",
                 "/episode/close"):  # fmt: skip
        assert f"{base}{path}" in links, path


def test_a_child_of_whom_nobody_knows_where_they_live_is_warned_of_and_listed(
    client_as: ClientAs, village: Village, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    client = client_as(village.adviser)
    assert "Nobody knows where" not in read(client, address_of(village, "Ada"))
    for forename, on in (("Ada", date(2026, 3, 2)), ("Ben", date(2026, 3, 1)), ("Hana", date(2026, 3, 1))):
        place = register.Place.of(register.Whereabouts.NOT_KNOWN)
        register.move(work, here(work, village, forename), place, on)
    work.session.commit()
    assert "Warning: Nobody knows where this child lives now" in read(client, address_of(village, "Ada"))
    found = register_queries.nobody_knows_where(work)
    assert [(line.name, line.since) for line in found] == [
        ("Ben Carter", date(2026, 3, 1)), ("Ada Byrne", date(2026, 3, 2)),
    ], "Hana's episode is closed"  # fmt: skip
    assert len(register_queries.nobody_knows_where(work, village.adviser.id, 1)) == 1
    assert register_queries.nobody_knows_where(work, village.cme_officer.id) == []
    assert register_queries.nobody_knows_where(new_work(village.stranger[Role.ADVISER])) == []


# The family


@pytest.fixture
def linked(village: Village, new_work: NewWork) -> Work:
    """Ada, Ben and Esi are one family."""
    work = new_work(village.adviser)
    for one, other in (("Ada", "Ben"), ("Esi", "Ada")):
        register.decide_household(work, here(work, village, one), here(work, village, other), HouseholdVerdict.LINKED)
    work.session.commit()
    return work


def test_siblings_are_listed_both_ways(client_as: ClientAs, village: Village, linked: Work) -> None:
    client = client_as(village.adviser)
    for path in ("", "/people"):
        said = read(client, address_of(village, "Ada", path))
        assert "Ben Carter, 11 Home educated Next contact due 15 January 2026, 56 days overdue" in said
        assert "Esi Fraser, 9" in said
    assert "Ada Byrne, 10" in read(client, address_of(village, "Ben"))
    assert "Esi Fraser" not in read(client, address_of(village, "Ben")), "who is linked with whom is an officer's word"


def test_a_sibling_tells_nothing_of_where_a_protected_child_is(
    client_as: ClientAs, village: Village, linked: Work
) -> None:
    ada, ben = here(linked, village, "Ada"), here(linked, village, "Ben")
    register.move(linked, ben, register.Place("9 Hidden Row, Poole", "BH15 9ZZ", "100099"), date(2026, 3, 2))
    ben.protected = True
    linked.session.flush()
    linked.session.commit()
    for role in (Role.ADVISER, Role.EHE_MANAGER, Role.CME_OFFICER, Role.AUDITOR):
        client = client_as(village.staff[role])
        for path in ("", "/people", "/people/protected-address", "/chronology", "/people/move", "/people/family"):
            page = client.get(address_of(village, "Ada", path))
            for hidden in ("Hidden Row", "BH15 9ZZ", "100099"):
                assert hidden not in page.text, (role, path)
    said = read(client_as(village.adviser), address_of(village, "Ada"))
    assert "Ben Carter, 11 Home educated Protected Next contact due" in said
    assert ada.protected is False


def test_a_protected_childs_own_pages_hide_it_until_it_is_asked_for(
    client_as: ClientAs, village: Village, linked: Work, work: Work
) -> None:
    ada = here(linked, village, "Ada")
    address = ada.address
    assert address is not None
    register.correct_address(
        linked, address, register.Place("9 Hidden Row, Poole", "BH15 9ZZ"), address.from_on, address.version
    )
    ada.carers[0].address = "9 Hidden Row, Poole"
    ada.protected = True
    linked.session.add(
        Visit(
            authority_id=ada.authority_id,
            child_id=ada.id,
            kind=ContactKind.HOME_VISIT,
            on_date=linked.today + timedelta(days=3),
            at_time=time(10),
            adviser_id=village.adviser.id,
            offered_at=linked.at,
            place="9 Hidden Row",
        )
    )
    linked.session.flush()
    linked.session.commit()
    hidden = ("Hidden Row", "BH15 9ZZ", "Mill Lane", "BH16 6AA")
    for role in (Role.ADVISER, Role.HEAD_OF_SERVICE, Role.AUDITOR):
        client = client_as(village.staff[role])
        for path in ("", "/people", "/chronology", "/notes"):
            page = client.get(address_of(village, "Ada", path)).text
            assert not [one for one in hidden if one in page], (role, path)
    assert client_as(village.staff[Role.AUDITOR]).get(
        address_of(village, "Ada", "/people/protected-address")
    ).status_code == 403  # fmt: skip
    assert "protected-address" not in [entry.what for entry in work.session.scalars(select(AccessEntry))]
    said = read(client_as(village.adviser), address_of(village, "Ada", "/people/protected-address"))
    for shown in ("9 Hidden Row, Poole, BH15 9ZZ", "3 Mill Lane"):
        assert shown in said
    entry = work.session.scalars(select(AccessEntry).where(AccessEntry.what == "protected-address")).one()
    assert (entry.account_id, entry.child_id) == (village.adviser.id, ada.id)


def test_why_a_child_was_protected_is_not_for_everybody_afterwards(
    client_as: ClientAs, village: Village, new_work: NewWork
) -> None:
    work = new_work(village.staff[Role.EHE_MANAGER])
    ada = here(work, village, "Ada")
    register.set_protection(work, ada, True, "The refuge asked for it", ada.version)
    register.set_protection(work, ada, False, "They have moved on", ada.version)
    work.session.commit()
    url = address_of(village, "Ada", "/people")
    assert "The refuge asked for it" in read(client_as(village.adviser), url)
    said = read(client_as(village.staff[Role.AUDITOR]), url)
    assert "Mill Lane" in said, "the address is for all staff again"
    assert "refuge" not in said


def test_a_parents_page_tells_nothing_of_where_a_protected_child_is(
    client_as: ClientAs, village: Village, work: Work
) -> None:
    ada = village["Ada"]
    ada.protected = True
    work.session.add(
        Visit(
            authority_id=ada.authority_id,
            child_id=ada.id,
            kind=ContactKind.HOME_VISIT,
            on_date=work.today + timedelta(days=3),
            at_time=time(10),
            adviser_id=village.adviser.id,
            offered_at=work.at,
            place="9 Hidden Row",
        )
    )
    work.session.flush()
    said = read(client_as(village.parents["Ada"]), f"/family/children/{ada.reference}")
    assert "Home visit" in said
    for hidden in ("Hidden Row", "Mill Lane", "BH16 6AA"):
        assert hidden not in said


# What was written down before


def test_the_chronology_names_what_changed_and_not_what_it_says(
    client_as: ClientAs, village: Village, linked: Work
) -> None:
    ada = here(linked, village, "Ada")
    parent = ada.carers[0]
    register.change_parent(
        linked,
        parent,
        register.Carer(name=parent.name, phone="01632 960 777"),
        register.Turn(Nature.CHANGE, date(2026, 3, 1)),
        parent.version,
    )
    linked.session.commit()
    said = read(client_as(village.adviser), address_of(village, "Ada", "/chronology"))
    assert "Parent or carer: details changed" in said
    assert "Nature: change; email, phone" in said
    assert "Link to another child of the family decided" in said
    assert "960 777" not in said


def test_earlier_values_are_told_in_words_and_withheld_with_the_address() -> None:
    at = datetime(2026, 3, 12, 12, tzinfo=UTC)
    keys: dict[str, Any] = {"authority_id": 1, "child_id": 1, "at": at, "by_id": 7}
    changes = [
        DetailChange(**keys, subject=Subject.CHILD, nature=Nature.CORRECTION,
                     before={"sex": "U", "date_of_birth": "2015-05-04", "upn": None}),
        DetailChange(**keys, subject=Subject.PARENT, nature=Nature.CHANGE, parent_id=3, changed_on=date(2026, 3, 1),
                     before={"address": "9 Hidden Row", "responsibility": "yes"}),
        DetailChange(**keys, subject=Subject.PARENT, nature=Nature.ENDING, parent_id=3, before={}, why="Abroad"),
        DetailChange(**keys, subject=Subject.PROTECTION, nature=Nature.CHANGE, before={"protected": False}, why="W"),
    ]  # fmt: skip
    told = earlier(changes, {7: "Ann Head"}, whereabouts=False)
    assert told.child[0].words == "Put right on 12 March 2026, by Ann Head. It had said"
    assert told.child[0].said == [("Sex", "Not known"), ("Date of birth", "4 May 2015"), ("UPN", "Not given")]
    assert told.parents[3][0].said == [("Parental responsibility", "Has parental responsibility")]
    assert told.parents[3][1].why == "Abroad"
    assert told.protection[0].words == "Hidden since 12 March 2026, by Ann Head"
    assert ("Address", "9 Hidden Row") in earlier(changes, {}, whereabouts=True).parents[3][0].said


def test_words_of_a_sighting_and_of_no_episode() -> None:
    assert seen_words(date(2026, 3, 3), ContactKind.VIDEO_CALL, None) == "3 March 2026, video call"
    assert badge_of(None, lapsed=False, enquiry=False).words == "No episode"


# Speed


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(db.db.engine, "before_cursor_execute", count)


@pytest.mark.parametrize(
    ("path", "most"), [("", 10), ("/people", 14), ("/chronology", 6), ("/notes", 6), ("/people/move", 8)]
)
def test_a_page_costs_a_handful_of_queries(
    client_as: ClientAs, village: Village, linked: Work, path: str, most: int
) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    with counted() as asked:
        read(client, address_of(village, "Ada", path))
    assert len(asked) <= most, "\n".join(asked)
