"""Changing what is known of a child, its addresses, carers and family, in a browser."""

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, DetailChange, HouseholdLink, Parent
from tests.pages import LintingClient, form_of
from tests.register.conftest import ClientAs, words
from tests.village import Village


@pytest.fixture
def people_url(village: Village) -> str:
    return f"/children/{village['Ada'].reference}/people"


def fresh(work: Work, village: Village, forename: str = "Ada") -> Child:
    work.session.expire_all()
    return work.session.get_one(Child, village[forename].id)


def on(prefix: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{prefix}-day": str(day), f"{prefix}-month": str(month), f"{prefix}-year": str(year)}


def current_address(village: Village) -> Address:
    address = village["Ada"].address
    assert address is not None
    return address


def test_a_typing_error_is_put_right_and_both_can_be_read(
    officer: LintingClient, village: Village, work: Work, people_url: str
) -> None:
    url = f"{people_url}/addresses/{current_address(village).reference}/correct"
    assert officer.submit(url, {"line": "3a Mill Lane, Sturminster", "why": "A letter was missing"}).status_code == 302
    said = words(officer.get(people_url))
    assert "3a Mill Lane, Sturminster, BH16 6AA" in said
    assert "Put right on 12 March 2026, by Ann Wessex. It had said: address “3 Mill Lane, Sturminster”" in said
    assert "A letter was missing" in said


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"line": ""}, "Enter the address"),
        ({"postcode": "BH16"}, "Enter a full UK postcode"),
        ({"uprn": "12A"}, "Enter a UPRN of 1 to 12 digits"),
        ({"uprn": "1234567890123"}, "Enter a UPRN of 1 to 12 digits"),
        (on("from_on", 13, 3, 2026), "Enter a date that is not in the future"),
        ({}, "Enter what was wrong"),
    ],
)
def test_a_bad_correction_keeps_what_was_typed(
    officer: LintingClient, village: Village, people_url: str, typed: dict[str, str], message: str
) -> None:
    url = f"{people_url}/addresses/{current_address(village).reference}/correct"
    page = officer.submit(url, {"why": "My reason", **typed})
    assert page.status_code == 200
    assert message in page.text
    assert 'value="My reason"' in page.text


def test_the_second_of_two_editors_sees_both(officer: LintingClient, village: Village, people_url: str) -> None:
    url = f"{people_url}/addresses/{current_address(village).reference}/correct"
    stale = form_of(officer.get(url).text)[1]
    assert officer.submit(url, {"line": "3a Mill Lane"}).status_code == 302
    page = officer.post(url, data={**stale, "line": "3b Mill Lane"})
    assert page.status_code == 200
    said = words(page)
    assert "changed by someone else" in said
    assert "3a Mill Lane" in said, "what it says now"
    assert 'value="3b Mill Lane"' in page.text, "what was typed"
    again = form_of(page.text)[1]
    assert officer.post(url, data=again).status_code == 302, "saving again is meant"


@pytest.mark.parametrize("path", ["details", "parents/{parent}/change"])
def test_the_second_editor_of_people_is_told_too(
    officer: LintingClient, village: Village, people_url: str, path: str
) -> None:
    url = f"{people_url}/{path.format(parent=village['Ada'].parents[0].reference)}"
    field = "preferred_name" if path == "details" else "phone"
    first, second = ("Addie", "Adda") if path == "details" else ("01632 960 001", "01632 960 002")
    stale = form_of(officer.get(url).text)[1]
    turn = {"nature": "correction"}
    assert officer.submit(url, {field: first, **turn}).status_code == 302
    page = officer.post(url, data={**stale, field: second, **turn})
    assert "changed by someone else" in page.text
    assert first in words(page)
    assert f'value="{second}"' in page.text


def test_a_family_moves_together(officer: LintingClient, village: Village, work: Work, people_url: str) -> None:
    ben = village["Ben"]
    link = f"{people_url}/family/{ben.reference}"
    assert officer.submit(link, {"linked": "yes"}).location == people_url
    where = {"whereabouts": "address", "line": "7 Quay Street, Poole", "postcode": "bh151hj", "along": ben.reference}
    answer = officer.submit(f"{people_url}/move", {**where, **on("from_on", 1, 3, 2026)})
    assert answer.location == people_url, words(answer)
    for forename in ("Ada", "Ben"):
        address = fresh(work, village, forename).address
        assert address is not None
        assert (address.line, address.postcode) == ("7 Quay Street, Poole", "BH15 1HJ")
    said = words(officer.get(people_url))
    assert "Until 1 March 2026" in said


def test_no_fixed_address_asks_for_none(officer: LintingClient, village: Village, work: Work, people_url: str) -> None:
    where = {"whereabouts": "no-fixed-address", "line": "left over", **on("from_on", 1, 3, 2026)}
    assert officer.submit(f"{people_url}/move", where).location == people_url
    assert "No fixed address" in words(officer.get(people_url))
    assert "left over" not in officer.get(people_url).text


def test_an_address_is_confirmed(officer: LintingClient, village: Village, people_url: str) -> None:
    url = f"{people_url}/addresses/{current_address(village).reference}/confirm"
    assert "not in the future" in officer.submit(url, on("confirmed_on", 13, 3, 2026)).text
    assert officer.submit(url, on("confirmed_on", 10, 3, 2026)).location == people_url
    assert "10 March 2026, by Ann Wessex" in words(officer.get(people_url))


def test_a_carer_is_added_changed_and_ended(
    officer: LintingClient, village: Village, work: Work, people_url: str
) -> None:
    assert "Enter their name" in officer.submit(f"{people_url}/parents/new", {"responsibility": "no"}).text
    added = {"name": "Gran Byrne", "relationship": "Grandmother", "responsibility": "no"}
    assert officer.submit(f"{people_url}/parents/new", added).location == people_url
    gran = work.session.scalars(select(Parent).where(Parent.name == "Gran Byrne")).one()
    change = f"{people_url}/parents/{gran.reference}/change"
    page = officer.submit(change, {"phone": "01632 960 001", "nature": "change"})
    assert "Enter the date from which it is so" in page.text
    more = {"phone": "01632 960 001", "nature": "change", **on("changed_on", 1, 3, 2026)}
    assert officer.submit(change, more).location == people_url
    assert "Changed from 1 March 2026" in words(officer.get(people_url))
    end = f"{people_url}/parents/{gran.reference}/end"
    assert "Enter why they are no longer" in officer.submit(end).text
    assert officer.submit(end, {"why": "She moved abroad"}).location == people_url
    said = words(officer.get(people_url))
    assert "Gran Byrne, until 12 March 2026" in said
    assert "She moved abroad" in said
    assert f"{people_url}/parents/{gran.reference}/change" not in officer.get(people_url).text


def test_an_ended_parent_no_longer_sees_the_child(client_as: ClientAs, village: Village, people_url: str) -> None:
    family = f"/family/children/{village['Ada'].reference}"
    assert client_as(village.parents["Ada"]).get(family).status_code == 200
    end = f"{people_url}/parents/{village['Ada'].parents[0].reference}/end"
    assert client_as(village.adviser).submit(end, {"why": "A mistake"}).status_code == 302
    assert client_as(village.parents["Ada"]).get(family).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"legal_surname": ""}, "Enter the legal last name"),
        ({"upn": "A801200005001"}, "Enter a UPN of 13 characters"),
        ({"nhs_number": "9434765918"}, "Enter an NHS number of 10 digits"),
        ({"language": "Welsh!"}, "Enter the name of the language"),
        (on("date_of_birth", 4, 5, 2027), "in the past"),
        ({"nature": None}, "Select why it differs"),
        ({**on("date_of_birth", 4, 5, 2014), "nature": "change", **on("changed_on", 1, 3, 2026)}, "does not change"),
    ],
)
def test_bad_details_are_answered(
    officer: LintingClient, people_url: str, typed: dict[str, str | None], message: str
) -> None:
    page = officer.submit(f"{people_url}/details", {"nature": "correction", **typed})
    assert page.status_code == 200
    assert message in page.text


def test_details_are_put_right(officer: LintingClient, village: Village, work: Work, people_url: str) -> None:
    typed = {"upn": "b801200005001", "nhs_number": "943 476 5919", "language": "cy", "sen_status": "support"}
    typed |= on("date_of_birth", 4, 5, 2014)
    assert officer.submit(f"{people_url}/details", {"nature": "correction", **typed}).location == people_url
    ada = fresh(work, village)
    assert (ada.upn, ada.nhs_number, ada.language) == ("B801200005001", "9434765919", "cy")
    said = words(officer.get(people_url))
    assert "Language of letters Welsh" in said
    for shown in ("31 August 2019 to 28 June 2030", "date of birth “4 May 2015”", "UPN “Not given”"):
        assert shown in said, shown
    assert "language of letters “English”" in said


@pytest.mark.parametrize(("typed", "tag"), [("polish", "pl"), ("Chinese (zh-Hant)", "zh-Hant"), ("mi", "mi")])
def test_the_language_of_letters_is_named(
    officer: LintingClient, village: Village, work: Work, people_url: str, typed: str, tag: str
) -> None:
    assert 'value="English"' in officer.get(f"{people_url}/details").text
    officer.submit(f"{people_url}/details", {"nature": "correction", "language": typed})
    assert fresh(work, village).language == tag


def test_a_language_is_read_and_written_by_its_name(
    officer: LintingClient, village: Village, work: Work, people_url: str
) -> None:
    assert 'value="English"' in officer.get(f"{people_url}/details").text
    assert officer.submit(f"{people_url}/details", {"nature": "correction", "language": "polish"}).status_code == 302
    assert fresh(work, village).language == "pl"
    said = words(officer.get(people_url))
    assert "Language of letters Polish" in said
    assert "language of letters “English”" in said


# Families


def test_a_link_is_proposed_decided_and_thought_over(
    officer: LintingClient, village: Village, work: Work, people_url: str
) -> None:
    ben = village["Ben"]
    said = words(officer.get(people_url))
    assert "Ben Carter , born 7 July 2014: the same address and postcode" in said
    link = f"{people_url}/family/{ben.reference}"
    assert officer.submit(link, {"apart": "yes"}).location == people_url
    assert "Ben Carter" not in words(officer.get(people_url))
    assert "Said not to be one family" in words(officer.get(link))
    assert officer.submit(link, {"linked": "yes"}).location == people_url
    assert "Ben Carter , 11" in words(officer.get(people_url))
    assert "Ada Byrne , 10" in words(officer.get(f"/children/{ben.reference}/people"))
    assert work.session.scalars(select(HouseholdLink)).one().decided_by_id == village.adviser.id


def test_the_second_who_decides_is_told(officer: LintingClient, village: Village, people_url: str) -> None:
    link = f"{people_url}/family/{village['Ben'].reference}"
    stale = form_of(officer.get(link).text)[1]
    officer.submit(link, {"linked": "yes"})
    page = officer.post(link, data={**stale, "apart": "yes"})
    assert "changed by someone else" in page.text


def test_another_child_is_found_by_reference(officer: LintingClient, village: Village, people_url: str) -> None:
    find = f"{people_url}/family"
    for typed in ("", "NOSUCHONE0", village["Ada"].reference, village["Zoe"].reference):
        assert "Enter the reference" in officer.submit(find, {"other": typed}).text
    cleo = village["Cleo"].reference
    assert officer.submit(find, {"other": f" {cleo.lower()} "}).location == f"{people_url}/family/{cleo}"


# Who may


CHANGING = (
    "details", "move", "parents/new", "family", "family/{ben}", "addresses/{address}/correct",
    "addresses/{address}/confirm", "parents/{parent}/change", "parents/{parent}/end",
)  # fmt: skip


@pytest.mark.parametrize("path", CHANGING)
def test_only_advisers_and_their_managers_change_a_child(
    client_as: ClientAs, village: Village, people_url: str, path: str
) -> None:
    ada = village["Ada"]
    found = path.format(
        ben=village["Ben"].reference, address=current_address(village).reference, parent=ada.parents[0].reference
    )
    for role in (Role.ADVISER, Role.EHE_MANAGER):
        assert client_as(village.staff[role]).get(f"{people_url}/{found}").status_code == 200
        assert client_as(village.stranger[role]).get(f"{people_url}/{found}").status_code == 404
    for role in (Role.CME_OFFICER, Role.HEAD_OF_SERVICE, Role.AUDITOR, Role.ADMINISTRATOR):
        assert client_as(village.staff[role]).get(f"{people_url}/{found}").status_code == 403


def test_only_managers_hide_where_a_child_lives(
    client_as: ClientAs, village: Village, work: Work, people_url: str
) -> None:
    assert client_as(village.adviser).get(f"{people_url}/protection").status_code == 403
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert "Enter the reason" in manager.submit(f"{people_url}/protection").text
    assert manager.submit(f"{people_url}/protection", {"why": "Agreed with the police"}).location == people_url
    assert fresh(work, village).protected
    assert manager.submit(f"{people_url}/protection", {"why": "The order has ended"}).location == people_url
    assert not fresh(work, village).protected
    assert len(work.session.scalars(select(DetailChange)).all()) == 2


def test_an_address_of_a_protected_child_is_opened_by_itself_and_noted(
    client_as: ClientAs, village: Village, work: Work, people_url: str
) -> None:
    fresh(work, village).protected = True
    work.session.flush()
    officer = client_as(village.adviser)
    for path in ("move", "addresses/{}/correct"):
        page = officer.get(f"{people_url}/{path.format(current_address(village).reference)}")
        seen = [entry.what for entry in work.session.scalars(select(AccessEntry).order_by(AccessEntry.id))]
        assert ("Mill Lane" in page.text) is (path != "move")
        assert ("protected-address" in seen) is (path != "move")
