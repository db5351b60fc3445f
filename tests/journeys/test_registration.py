"""Two siblings are registered on a phone, with the sitting ending in the middle; a paper form is keyed in."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from ehe_portal.accounts.policy import Role
from ehe_portal.core.govuk.words import long_date
from tests.journeys.cast import (
    PASSWORD,
    NewChild,
    makes_account,
    tells_of_child,
    tells_of_family,
    today,
    years_ago,
)
from tests.journeys.running import RunningPortal, words_of
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, REFERENCE, Walker

Walkers = Callable[..., Walker]

JO = "jo.siblings@families.example"
ELDER = NewChild("Marigold", "Siblings", "", years_ago(11), "Jo Siblings", "8 Otter Row", "Poole", "BH15 1HJ")
YOUNGER = NewChild("Rowan", "Siblings", "", years_ago(7), "Jo Siblings")
HELP = "Rowan is deaf, so please write or use a video call with an interpreter."


def signs_in_again(walker: Walker) -> None:
    """From the page that says that one has been signed out."""
    walker.fills("Email address", JO)
    walker.page.get_by_label("Password", exact=True).fill(PASSWORD)
    walker.presses("Sign in")


def signs_out_elsewhere(walkers: Walkers) -> None:
    """The same person signs out on another device, which ends every sitting."""
    other = walkers()
    other.signs_in(JO, PASSWORD)
    other.signs_out()


def test_two_siblings_on_a_phone_and_the_sitting_ends(walkers: Walkers, portal: RunningPortal, stage: Stage) -> None:
    phone = walkers(width=PHONE)
    makes_account(phone, portal, JO, "Jo Siblings")
    phone.follows("Register a child")
    phone.sees("30 days")
    phone.presses("Start now")
    tells_of_child(phone, ELDER)
    phone.sees("kept until", long_date(today() + timedelta(days=30)))
    phone.presses("Add another child")
    phone.fills("Legal first name", YOUNGER.forename)
    phone.fills("Legal last name", YOUNGER.surname)
    signs_out_elsewhere(walkers)
    phone.presses("Save and continue")
    phone.sees("Sign in", "what you typed has been kept")
    signs_in_again(phone)
    phone.sees("We kept what you typed")
    expect(phone.page.get_by_label("Legal first name")).to_have_value(YOUNGER.forename)
    phone.presses("Save and continue")
    screen = on_another_device(walkers)
    references = the_rest_is_told(screen)
    letter = words_of(portal.posts(JO, "received your registration"))
    assert all(reference in letter for reference in references)
    assert ELDER.forename not in letter
    assert YOUNGER.forename not in letter
    an_officer_sees_them_together(walkers(), stage, references)


def on_another_device(walkers: Walkers) -> Walker:
    """What was typed on the phone is there on a bigger screen, and gone on with."""
    screen = walkers()
    screen.signs_in(JO, PASSWORD)
    screen.follows("Register a child")
    screen.sees("You have begun a registration")
    screen.presses("Continue")
    screen.sees(ELDER.forename, YOUNGER.forename, "In progress", "Cannot start yet")
    return screen


def the_rest_is_told(walker: Walker) -> list[str]:
    """The younger lives where the elder does; how they would like to be in contact; then all is sent."""
    walker.follows(f"Name and date of birth of {YOUNGER.forename}")
    walker.enters_date("date of birth", YOUNGER.born)
    walker.presses("Save and continue")
    walker.chooses("I would rather not say")
    walker.presses("Save and continue")
    walker.follows(f"Where your child lives of {YOUNGER.forename}")
    walker.presses(f"Same address as {ELDER.forename}")
    walker.follows(f"Home education of {YOUNGER.forename}")
    walker.enters_date("When did home education begin", years_ago(1))
    walker.presses("Save and continue")
    walker.follows("Back to the list")
    tells_of_family(walker, ELDER.parent)
    walker.follows("How you would like to be in contact")
    walker.chooses("In writing")
    walker.chooses("By video call")
    walker.presses("Save and continue")
    walker.chooses("Yes", among="interpreter")
    walker.fills("Which language", "British Sign Language")
    walker.presses("Save and continue")
    walker.fills("easier to be in contact", HELP)
    walker.presses("Save and continue")
    walker.presses("Save and continue")
    walker.follows("Check your answers")
    walker.sees(ELDER.forename, YOUNGER.forename, HELP, "British Sign Language")
    assert walker.words.count(ELDER.address) == 2
    walker.presses("Send registration")
    walker.sees("Registration received", "2 children")
    references = REFERENCE.findall(walker.page.locator("main").inner_text())
    assert len(set(references)) == 2
    return list(references)


def an_officer_sees_them_together(officer: Walker, stage: Stage, references: list[str]) -> None:
    """One registration leads to the other, and both say what the family would like."""
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    officer.goes_to(f"/registrations/{references[0]}")
    officer.sees("Sent together with", YOUNGER.forename, HELP)
    officer.follows(f"{YOUNGER.forename} {YOUNGER.surname}")
    officer.sees("Sent together with", ELDER.forename)


@pytest.fixture
def officer(walkers: Walkers, stage: Stage) -> Walker:
    """The manager of the team."""
    walker = walkers()
    walker.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    return walker


def test_a_paper_form_is_printed_and_keyed_in(walkers: Walkers, officer: Walker, portal: RunningPortal) -> None:
    visitor = walkers(width=PHONE)
    visitor.goes_to("/")
    link = visitor.page.get_by_role("link", name="paper form").first.get_attribute("href")
    form = PdfReader(BytesIO(visitor.page.request.get(f"{visitor.home}{link}").body()))
    printed = " ".join(" ".join(page.extract_text() for page in form.pages).split())
    assert "How would you like to be in contact with us?" in printed
    received = today() - timedelta(days=6)
    officer.goes_to("/registrations")
    officer.follows("Add a registration from paper or phone")
    officer.presses("Continue")
    officer.sees("There is a problem", "Select how it came", "Enter who told us", "Enter the date it was received")
    officer.chooses("On our paper form")
    officer.fills("Who told us", "The child’s grandmother")
    officer.enters_date("Date received", received)
    officer.presses("Continue")
    officer.fills("Legal first name", "Peony")
    officer.fills("Legal last name", "Papers")
    officer.enters_date("date of birth", years_ago(9))
    officer.chooses("They have no fixed address")
    officer.chooses("Through projects and topics")
    officer.presses("Save and continue")
    officer.fills("your full name", "Gwen Papers")
    officer.fills("your phone number", "01632 960 777")
    officer.chooses("By phone")
    officer.fills("support", "A library card")
    officer.presses("Save and continue")
    officer.sees("Check what you keyed in", "Peony", "No fixed address", "The child’s grandmother", long_date(received))
    officer.presses("Put on the register")
    officer.sees("Registration keyed in", "References to give to the family")
    officer.follows("Check the registration of Peony Papers")
    officer.sees("On our paper form", "The child’s grandmother", "A library card")
    officer.selects("Adviser", "Amrit Sandhu")
    officer.presses("Accept registration")
    officer.sees("Registration accepted.", "Peony")
    officer.follows("People and addresses")
    officer.sees("Gwen Papers", "No account", "By phone", "A library card", "Projects and topics")
    officer.follows("Chronology")
    officer.sees("Registration keyed in")
