"""Impatient fingers, the back button, two tabs, sittings that end meanwhile: nothing is done twice, no word is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import expect
from sqlalchemy import func, select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact, Visit
from ehe_portal.core.db import Base
from ehe_portal.register.models import Child, Registration
from tests.journeys.cast import PASSWORD, NewChild, begins, in_about, registers, today, years_ago
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]

LONG = "Ada measured the depth of the pond every Monday. " * 40
CHILD = NewChild("Juno", "Byrne", "", years_ago(7), "Pat Byrne")


@pytest.fixture
def parent(walkers: Walkers, stage: Stage) -> Walker:
    """Ada's father."""
    walker = walkers(width=PHONE)
    walker.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    return walker


@pytest.fixture
def adviser(walkers: Walkers, stage: Stage) -> Walker:
    """Ada's adviser."""
    walker = walkers()
    walker.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    return walker


def how_many(stage: Stage, model: type[Base]) -> int:
    """Rows of one kind."""
    with stage.deed() as work:
        return work.session.scalar(select(func.count()).select_from(model)) or 0


def another_tab(walker: Walker) -> Walker:
    """The same person's second tab."""
    return Walker(walker.page.context.new_page(), walker.home, examines_pages=walker.examines_pages)


# Double press


def test_a_double_press_registers_once(parent: Walker, stage: Stage) -> None:
    before = how_many(stage, Child)
    registers(parent, CHILD)
    parent.page.get_by_role("button", name="Send registration").dblclick()
    parent.page.wait_for_url("**/received/*")
    parent.sees("Registration received")
    assert how_many(stage, Child) == before + 1


def test_many_presses_at_the_same_moment_offer_one_visit(adviser: Walker, stage: Stage) -> None:
    """As a phone on a bad line sends them: all lead to the same page, one visit is offered."""
    before = how_many(stage, Visit)
    adviser.goes_to(f"/children/{stage.children['Ben']}/contact/offer")
    form = adviser.page.locator("main form")
    on = in_about(5)
    fields = {name: form.locator(f"input[name={name}]").input_value() for name in ("csrf_token", "once")}
    fields |= {"kind": "phone-call", "at_time": "10:30", "minutes": "30", "place": ""}
    fields |= {"on_date-day": str(on.day), "on_date-month": str(on.month), "on_date-year": str(on.year)}
    url, cookies = (
        adviser.page.url,
        "; ".join(f"{one['name']}={one['value']}" for one in adviser.page.context.cookies()),
    )
    with ThreadPoolExecutor(6) as fingers:
        led = list(fingers.map(lambda _: posted(url, cookies, fields), range(6)))
    assert led == [(302, f"/children/{stage.children['Ben']}/contact")] * 6
    assert how_many(stage, Visit) == before + 1


def posted(url: str, cookies: str, fields: dict[str, str]) -> tuple[int, str | None]:
    """Send a form as a browser would, and say where that leads."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", parts.path, urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location")


# The back button


def test_back_shows_what_was_typed_and_after_sending_begins_anew(parent: Walker, stage: Stage) -> None:
    before = how_many(stage, Registration)
    registers(parent, CHILD)
    parent.follows(f"Change {CHILD.forename}: home education began")
    parent.page.go_back()
    expect(parent.page.get_by_role("heading", name="Check your answers")).to_be_visible()
    parent.page.go_forward()
    expect(parent.page.get_by_label("Year")).to_have_value(str(years_ago(1).year))
    parent.page.go_back()
    parent.presses("Send registration")
    parent.sees("Registration received")
    parent.page.go_back()
    parent.sees("Register for home education", "Start now")
    assert how_many(stage, Registration) == before + 1


def test_back_and_a_correction_is_another_deed(adviser: Walker, stage: Stage) -> None:
    before = how_many(stage, Visit)
    adviser.goes_to(f"/children/{stage.children['Cleo']}/contact/offer")
    offer(adviser, "At the library")
    adviser.sees("At the library")
    adviser.page.go_back()
    expect(adviser.page.get_by_label("Place")).to_have_value("At the library")
    adviser.fills("Place", "At the museum")
    adviser.presses("Send the offer")
    adviser.sees("There is another visit or call at 2:15pm")
    adviser.presses("Offer all the same")
    adviser.sees("At the museum")
    assert how_many(stage, Visit) == before + 2


def offer(adviser: Walker, place: str) -> None:
    """Fill in an offer, and send it."""
    adviser.chooses("Meeting")
    adviser.enters_date("Date", in_about(4))
    adviser.fills("Time", "2:15pm")
    adviser.fills("Place", place)
    adviser.presses("Send the offer")


# Two tabs


def test_what_changed_in_another_tab_is_not_overwritten(adviser: Walker, stage: Stage) -> None:
    """The second to save is told, keeps their choice, and saves it knowingly."""
    other = another_tab(adviser)
    for tab in (adviser, other):
        tab.goes_to(f"/children/{stage.children['Dilan']}/episode/tier")
    other.chooses("Half-yearly")
    other.presses("Save")
    other.sees("Tier and social care status saved")
    adviser.chooses("Close", among="Tier")
    adviser.presses("Save")
    adviser.sees("There is a problem", "changed")
    expect(adviser.page.get_by_role("group", name="Tier").get_by_label("Close")).to_be_checked()
    adviser.presses("Save")
    adviser.sees("Tier and social care status saved")
    other.goes_to(f"/children/{stage.children['Dilan']}")
    other.sees("Close")


def test_a_registration_goes_on_in_another_tab(parent: Walker) -> None:
    begins(parent)
    other = another_tab(parent)
    page = parent.page.url
    parent.fills("Legal first name", "Otis")
    parent.fills("Legal last name", "Byrne")
    parent.presses("Save and continue")
    other.goes_to(page)
    expect(other.page.get_by_label("Legal first name")).to_have_value("Otis")


# Sittings that end


def elsewhere(walkers: Walkers, stage: Stage, role: Role) -> None:
    """The same person signs out on another device, which ends every sitting."""
    other = walkers()
    other.signs_in(stage.address_of(role), PASSWORD)
    other.signs_out()


def test_a_parent_signed_out_meanwhile_gets_their_words_back(parent: Walker, walkers: Walkers, stage: Stage) -> None:
    parent.goes_to(f"/family/children/{stage.children['Ada']}/evidence/new")
    parent.fills("About your child", LONG)
    elsewhere(walkers, stage, Role.PARENT)
    parent.presses("Send")
    parent.sees("Sign in", "what you typed has been kept")
    parent.fills("Email address", stage.address_of(Role.PARENT))
    parent.page.get_by_label("Password", exact=True).fill(PASSWORD)
    parent.presses("Sign in")
    parent.sees("We kept what you typed")
    expect(parent.page.get_by_label("About your child")).to_have_value(LONG)
    parent.presses("Send")
    parent.sees("We have received what you sent", LONG.strip())
    parent.goes_to(f"/family/children/{stage.children['Ada']}/evidence/new")
    expect(parent.page.get_by_label("About your child")).to_have_value("")


def an_hour_goes_by(walker: Walker, stage: Stage) -> None:
    """The cookie says that its last page was opened longer ago than a sitting lasts."""
    sealing = SecureCookieSessionInterface().get_signing_serializer(stage.app)
    assert sealing is not None
    cookie = next(one for one in walker.page.context.cookies() if one["name"] == "portal")
    said = sealing.loads(cookie["value"])
    said["seen"] -= 3 * 3600
    walker.page.context.add_cookies([{"name": "portal", "value": sealing.dumps(said), "url": walker.home}])


def test_an_hour_away_from_the_desk_costs_no_word(adviser: Walker, stage: Stage) -> None:
    """The sitting runs out by itself while a long record is being written."""
    before = how_many(stage, Contact)
    path = f"/children/{stage.children['Esi']}/contact/record/phone-call/held/{today().isoformat()}"
    adviser.goes_to(path)
    adviser.fills("Who was there", "Esi and her aunt")
    adviser.chooses("No", among="Did you see the child")
    adviser.unfolds("Safeguarding")
    adviser.fills("What was seen or heard", "She asked twice whether the call was recorded.")
    an_hour_goes_by(adviser, stage)
    adviser.presses("Save contact")
    adviser.sees("what you typed has been kept")
    adviser.fills("Email address", stage.address_of(Role.ADVISER))
    adviser.page.get_by_label("Password", exact=True).fill(PASSWORD)
    adviser.presses("Sign in")
    assert adviser.page.url.endswith(path)
    expect(adviser.page.get_by_label("Who was there")).to_have_value("Esi and her aunt")
    expect(adviser.page.get_by_label("What was seen or heard")).to_have_value(
        "She asked twice whether the call was recorded."
    )
    adviser.presses("Save contact")
    adviser.sees("Phone call recorded")
    assert how_many(stage, Contact) == before + 1


def test_someone_else_at_the_same_desk_sees_nothing_of_it(adviser: Walker, walkers: Walkers, stage: Stage) -> None:
    """The words wait for whoever typed them, and come to nobody who signs in instead."""
    path = f"/children/{stage.children['Ben']}/concerns/new"
    adviser.goes_to(path)
    adviser.fills("What are you worried about", "Only I may read this yet.")
    elsewhere(walkers, stage, Role.ADVISER)
    adviser.presses("Raise concern")
    adviser.fills("Email address", stage.address_of(Role.CME_OFFICER))
    adviser.page.get_by_label("Password", exact=True).fill(PASSWORD)
    adviser.presses("Sign in")
    assert adviser.page.url.endswith(path)
    adviser.does_not_see("Only I may read this yet.")
    adviser.signs_out()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(path)
    expect(adviser.page.get_by_label("What are you worried about")).to_have_value("Only I may read this yet.")


def test_a_page_from_an_earlier_sitting_keeps_its_words(adviser: Walker, stage: Stage) -> None:
    """Signed out and in again in another tab: the old page's protection no longer fits, but its words do."""
    adviser.goes_to(f"/children/{stage.children['Ben']}/contact/offer")
    adviser.fills("Place", "By the old mill")
    other = another_tab(adviser)
    other.goes_to("/my-day")
    other.signs_out()
    other.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.presses("Send the offer")
    adviser.sees("We kept what you typed")
    expect(adviser.page.get_by_label("Place")).to_have_value("By the old mill")
