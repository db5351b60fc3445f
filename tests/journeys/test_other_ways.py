"""A family shows the education in other ways: in short parts, on two devices; by the words of a grandmother."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from ehe_portal.accounts.policy import Role
from ehe_portal.core.drafts import FormDraft
from ehe_portal.evidence.models import Evidence
from tests.core.made_files import photograph
from tests.journeys.cast import PASSWORD
from tests.journeys.running import RunningPortal, link_in, words_of
from tests.journeys.stage import PARENT, Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]
GRAN = "grace@gran.example"


def parent(walkers: Walkers, **how: object) -> Walker:
    """Ada's parent, on a phone."""
    walker = walkers(width=PHONE, **how)
    walker.signs_in(PARENT, PASSWORD)
    return walker


@pytest.fixture
def newt(tmp_path: Path) -> Path:
    """A picture that Ada made."""
    path = tmp_path / "newt.jpg"
    path.write_bytes(photograph())
    return path


def how_many(stage: Stage, table: type[Evidence] | type[FormDraft]) -> int:
    with stage.deed() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("javascript", [True, False], ids=["by itself", "without scripts"])
def test_written_in_parts_on_two_devices(walkers: Walkers, stage: Stage, newt: Path, javascript: bool) -> None:
    before = how_many(stage, Evidence)
    phone = parent(walkers, javascript=javascript)
    phone.goes_to(f"/family/children/{stage.children['Ada']}")
    phone.follows("Write about the education in short parts")
    phone.sees("You do not have to fill in any of them", "a curriculum or a number of hours")
    phone.fills("What do you do in a week", "Ponds on Mondays")
    if javascript:
        expect(phone.page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved at"), timeout=15_000)
    else:
        phone.presses("Save and finish later")
    desk = walkers(javascript=javascript)
    desk.signs_in(PARENT, PASSWORD)
    desk.goes_to(f"/family/children/{stage.children['Ada']}/evidence/account")
    expect(desk.page.get_by_label("What do you do in a week")).to_have_value("Ponds on Mondays")
    desk.fills("In your child’s own words", "I found two newts.")
    desk.uploads("Pictures and files", newt)
    desk.presses("Check before you send")
    desk.sees("Check what you wrote", "Ponds on Mondays", "I found two newts.", "newt.jpg", "That is fine")
    desk.presses("Send")
    desk.sees("We have received what you sent", "I found two newts.", "newt.jpg")
    assert how_many(stage, Evidence) == before + 1
    assert how_many(stage, FormDraft) == 0
    adviser = walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(f"/children/{stage.children['Ada']}/evidence")
    adviser.sees("What happens in a week", "Ponds on Mondays", "In the child’s own words")


def test_a_grandmother_writes_by_a_link_and_the_parent_sends_it_on(
    walkers: Walkers, stage: Stage, portal: RunningPortal, newt: Path
) -> None:
    phone = parent(walkers)
    phone.goes_to(f"/family/children/{stage.children['Ada']}")
    phone.follows("Ask someone else to say something about it")
    phone.follows("Ask someone")
    phone.fills("Who do you want to ask", "Gran")
    phone.fills("Their email address", GRAN)
    phone.chooses("I read it first")
    phone.presses("Send them a link")
    phone.sees("We have sent them an email with a link", "Not written yet")

    portal.flask("jobs", "run", "send-messages")
    letter = portal.mailbox.to(GRAN)
    for name in ("Ada", "Byrne", "Pat", "Gran"):
        assert name not in f"{letter['Subject']} {words_of(letter)}"

    gran = walkers(width=PHONE, javascript=False)
    link = link_in(letter, "/statement/")
    gran.goes_to(link)
    gran.does_not_see("Ada", "Byrne")
    gran.presses("See who asks, and write")
    gran.sees("A few words about Ada’s education", "Pat Byrne educates Ada at home")
    gran.does_not_see("Mill Lane", stage.children["Ada"])
    gran.presses("Send")
    gran.sees("Enter your name", "Enter how you know the child")
    gran.fills("Your name", "Grace Byrne")
    gran.fills("How do you know the child", "I am her grandmother")
    gran.fills("What would you like to say", "We bake, and she doubles the cups.")
    gran.page.get_by_label("Upload files").set_input_files(newt)
    gran.presses("Send")
    gran.sees("Thank you")
    gran.goes_to(link)
    gran.sees("This link has been used already")
    gran.does_not_see("doubles")

    adviser = walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(f"/children/{stage.children['Ada']}/evidence")
    adviser.does_not_see("doubles the cups")

    portal.flask("jobs", "run", "send-messages")
    told = portal.mailbox.to(PARENT, "Someone you asked has written")
    assert "Grace" not in words_of(told)
    phone.goes_to(link_in(told, "/statements"))
    phone.follows("Gran")
    phone.sees("We bake, and she doubles the cups.", "newt.jpg", "Nobody else has seen this")
    phone.presses("Send it to the council")
    phone.sees("Sent to the council")
    adviser.goes_to(f"/children/{stage.children['Ada']}/evidence")
    adviser.sees("A statement by Grace Byrne", "I am her grandmother", "We bake, and she doubles the cups.", "newt.jpg")


def test_a_parent_complains_and_is_answered_by_somebody_else(walkers: Walkers, stage: Stage) -> None:
    phone = parent(walkers)
    phone.goes_to(f"/family/children/{stage.children['Ada']}")
    phone.follows("If you are not happy with us", exact=True)
    phone.follows("Make a complaint")
    phone.chooses("How I was treated")
    phone.fills("What happened", "I was asked three times about a whiteboard.")
    phone.presses("Send")
    phone.sees("We have your complaint", "You hear from us by", "Ombudsman")
    theirs = phone.page.url

    adviser = walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to("/complaints-to-us")
    adviser.does_not_see("whiteboard")

    manager = walkers()
    manager.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    manager.sees("Tell a parent that you look into their complaint")
    manager.follows("Complaints", exact=True)
    manager.follows("How I was treated")
    manager.sees("I was asked three times about a whiteboard.")
    manager.presses("Tell the parent that you are looking into it")
    manager.follows("Answer it")
    manager.chooses("We agree with part of it")
    manager.fills("Your answer, with the reasons", "Once was enough. I have said so.")
    manager.presses("Send the answer")
    manager.sees("Answered", "Once was enough. I have said so.")
    phone.goes_to(theirs)
    phone.sees("We agree with part of it", "Once was enough. I have said so.")
