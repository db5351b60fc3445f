"""A family registers a child, page by page."""

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.core.work import Work
from ehe_portal.register.models import Registration
from tests.pages import LintingClient
from tests.register.conftest import ClientAs, words

CHILD = {
    "legal_forename": "Kit",
    "legal_surname": "O'Lowe",
    "date_of_birth-day": "9",
    "date_of_birth-month": "4",
    "date_of_birth-year": "2016",
}
ADDRESS = {"has_address": "yes", "address_line_1": "7 Quay Street", "town": "Poole", "postcode": "bh151hj"}
YOU = {"parent_name": "Mel Lowe", "relationship": "Mother", "responsibility": "yes"}
EDUCATION = {"ehe_started_on-day": "1", "ehe_started_on-month": "3", "ehe_started_on-year": "2026"}


@pytest.fixture
def family(client_as: ClientAs, parent: Account) -> LintingClient:
    """A parent's browser."""
    return client_as(parent)


def test_a_parent_registers_a_child_page_by_page(family: LintingClient, work: Work, parent: Account) -> None:
    assert "voluntary" in words(family.get("/family/register"))
    for page, typed, leads_to in (
        ("child", CHILD, "address"),
        ("address", ADDRESS, "you"),
        ("you", YOU, "other-parent"),
        ("other-parent", {}, "education"),
        ("education", EDUCATION, "check"),
    ):
        done = family.submit(f"/family/register/{page}", typed)
        assert (done.status_code, done.location) == (302, f"/family/register/{leads_to}"), words(done)
    check = words(family.get("/family/register/check"))
    for said in ("Kit O'Lowe", "9 April 2016", "7 Quay Street, Poole, BH15 1HJ", "Mel Lowe", "1 March 2026"):
        assert said in check
    assert "Main reason for home education Not given" in check
    sent = family.submit("/family/register/check")
    registration = work.session.scalars(select(Registration)).one()
    assert sent.location == f"/family/register/received/{registration.reference}"
    received = words(family.get(sent.location))
    assert registration.reference in received
    assert "19 March 2026" in received  # five working days
    assert registration.account_id == parent.id
    assert family.get("/family/register/check").location == "/family/register"  # nothing is left to send


def test_an_answer_is_changed_from_the_check(family: LintingClient, parent: Account) -> None:
    for page, typed in (("child", CHILD), ("address", ADDRESS), ("you", YOU), ("education", EDUCATION)):
        family.submit(f"/family/register/{page}", typed)
    assert "Continue" in words(family.get("/family/register"))
    changed = family.submit("/family/register/child?back=check", {"preferred_name": "Kitty"})
    assert changed.location == "/family/register/check"
    assert "Name they like to be called Kitty" in words(family.get(changed.location))
    nowhere = {"has_address": "no"}
    family.submit("/family/register/address?back=check", nowhere)
    assert "Address No fixed address" in words(family.get(changed.location))


def test_the_check_asks_for_what_is_missing_first(family: LintingClient) -> None:
    assert family.get("/family/register/check").location == "/family/register"
    family.submit("/family/register/child", CHILD)
    assert family.get("/family/register/check").location == "/family/register/address"


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("child", {**CHILD, "legal_forename": " "}, "Enter your child’s legal first name"),
        ("child", {**CHILD, "date_of_birth-month": "13"}, "Enter your child’s date of birth"),
        ("child", {**CHILD, "date_of_birth-year": "2027"}, "Enter a date of birth that is in the past"),
        ("child", {**CHILD, "date_of_birth-year": "1999"}, "not over 25 years ago"),
        ("child", {**CHILD, "legal_surname": "x" * 101}, "Enter 100 characters or fewer"),
        ("address", {}, "Select where your child lives"),
        ("address", {**ADDRESS, "postcode": "nowhere"}, "Enter a full UK postcode"),
        ("you", {**YOU, "phone": "call me"}, "Enter a phone number"),
        ("other-parent", {"other_phone": "01632 960 002"}, "Enter their name, or leave all of this page empty"),
        ("education", {**EDUCATION, "ehe_started_on-year": "2031"}, "Enter a date in your child’s lifetime"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(family: LintingClient, page: str, typed: dict[str, str], said: str) -> None:
    shown = family.submit(f"/family/register/{page}", typed)
    assert shown.status_code == 200
    assert "There is a problem" in words(shown)
    assert said in words(shown)
    for value in typed.values():
        if value.strip() and value not in ("yes", "no"):
            assert value.replace("'", "&#39;") in shown.get_data(as_text=True)


def test_staff_do_not_register_and_families_do_not_check(officer: LintingClient, client_as: ClientAs,
                                                         parent: Account) -> None:  # fmt: skip
    assert officer.get("/family/register").status_code == 403
    assert client_as(parent).get("/registrations").status_code == 403
