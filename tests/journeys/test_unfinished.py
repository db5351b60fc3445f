"""Begun at the door on a phone, finished at the desk; saved by itself; open in two tabs at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact, WelfareCheck
from ehe_portal.core.drafts import FormDraft
from tests.journeys.cast import PASSWORD, today
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]
SAVED = re.compile(r"^Saved at \d{1,2}:\d{2}[ap]m$")
A_WHILE = 15_000


def adviser(walkers: Walkers, stage: Stage, **how: object) -> Walker:
    """Ada's adviser, with a browser of their own."""
    walker = walkers(**how)
    walker.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    return walker


def door_of(stage: Stage, forename: str) -> str:
    """The page of a home visit today."""
    return f"/children/{stage.children[forename]}/contact/record/home-visit/held/{today().isoformat()}"


def how_many_drafts(stage: Stage) -> int:
    with stage.deed() as work:
        return work.session.scalar(select(func.count(FormDraft.id))) or 0


def hears(walker: Walker, words: re.Pattern[str] | str) -> None:
    """What the form says of itself, aloud."""
    expect(walker.page.locator("[data-autosave-status]")).to_have_text(words, timeout=A_WHILE)


def latest_check(stage: Stage, forename: str) -> tuple[Contact, WelfareCheck]:
    with stage.deed() as work:
        found = work.session.execute(
            select(Contact, WelfareCheck)
            .join(WelfareCheck, WelfareCheck.contact_id == Contact.id)
            .order_by(Contact.id.desc())
            .limit(1)
        ).one()
        assert found[0].child.reference == stage.children[forename]
        return found[0], found[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["by itself", "without scripts"])
def test_begun_at_the_door_and_finished_at_the_desk(walkers: Walkers, stage: Stage, javascript: bool) -> None:
    forename = "Cleo" if javascript else "Dilan"
    phone = adviser(walkers, stage, width=PHONE, javascript=javascript)
    phone.goes_to(door_of(stage, forename))
    phone.fills("Who was there", "Both of them, and a dog")
    phone.chooses("Yes", among="Did you see the child")
    phone.fills("What the child said", "The dog knows three words.")
    if javascript:
        hears(phone, SAVED)
    else:
        phone.presses("Save and finish later")
        phone.sees("We kept what you typed", "It is not finished")
    elsewhere = walkers()
    elsewhere.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    elsewhere.signs_out()

    desk = adviser(walkers, stage)
    desk.goes_to(f"/children/{stage.children[forename]}/contact")
    desk.sees("You began, and have not finished")
    desk.follows("Home visit on")
    desk.sees("You began this on")
    expect(desk.page.get_by_label("Who was there")).to_have_value("Both of them, and a dog")
    expect(desk.page.get_by_label("What the child said")).to_have_value("The dog knows three words.")
    desk.page.get_by_text("Who, when and where").click()
    desk.fills("How many minutes", "40")
    desk.chooses("This record is finished")
    desk.presses("Save contact")
    desk.sees("Home visit recorded", "40 minutes", "The dog knows three words.")
    contact, check = latest_check(stage, forename)
    assert (check.minutes, check.signed_by_id) == (40, contact.recorded_by_id)
    assert how_many_drafts(stage) == 0
    desk.goes_to(door_of(stage, forename))
    expect(desk.page.get_by_label("Who was there")).to_have_value("")


def test_two_tabs_lose_nothing(walkers: Walkers, stage: Stage) -> None:
    """Each saves itself; whoever comes back is shown both."""
    path = f"/children/{stage.children['Ben']}/concerns/new"
    one = adviser(walkers, stage)
    other = Walker(one.page.context.new_page(), one.home, examines_pages=one.examines_pages)
    for tab in (one, other):
        tab.goes_to(path)
    one.fills("What are you worried about", "What the first tab says")
    hears(one, SAVED)
    other.fills("What are you worried about", "What the second tab says")
    hears(other, SAVED)
    again = Walker(one.page.context.new_page(), one.home, examines_pages=one.examines_pages)
    again.goes_to(path)
    expect(again.page.get_by_label("What are you worried about")).to_have_value("What the second tab says")
    again.page.get_by_text("Another version, saved on").click()
    again.sees("What the first tab says")
    again.examines()
    again.follows("Open that version")
    expect(again.page.get_by_label("What are you worried about")).to_have_value("What the first tab says")
    again.presses("Throw this away")
    again.sees("Thrown away")
    expect(again.page.get_by_label("What are you worried about")).to_have_value("What the second tab says")
    again.presses("Throw this away")
    assert how_many_drafts(stage) == 0


def test_a_form_sent_while_it_saves_leaves_nothing(walkers: Walkers, stage: Stage) -> None:
    tab = adviser(walkers, stage)
    tab.goes_to(f"/children/{stage.children['Ben']}/concerns/new")
    tab.chooses("No", among="in danger now")
    tab.fills("What are you worried about", "A worry that is sent at once")
    hears(tab, SAVED)
    tab.fills("What are you worried about", "A worry that is sent at once, and ends here")
    tab.presses("Raise concern")
    tab.sees("Concern raised")
    tab.page.wait_for_timeout(4_000)
    assert how_many_drafts(stage) == 0


def test_signed_out_meanwhile_it_says_so_and_keeps_the_words(walkers: Walkers, stage: Stage) -> None:
    tab = adviser(walkers, stage)
    path = f"/children/{stage.children['Esi']}/concerns/new"
    tab.goes_to(path)
    elsewhere = adviser(walkers, stage)
    elsewhere.signs_out()
    tab.fills("What are you worried about", "Typed after it had ended")
    hears(tab, re.compile("you have been signed out"))
    tab.presses("Save and finish later")
    tab.fills("Email address", stage.address_of(Role.ADVISER))
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.presses("Sign in")
    assert tab.page.url.endswith(path)
    expect(tab.page.get_by_label("What are you worried about")).to_have_value("Typed after it had ended")
    tab.presses("Throw this away")
    assert how_many_drafts(stage) == 0


def test_without_a_connection_it_says_so_and_goes_on_later(walkers: Walkers, stage: Stage) -> None:
    tab = adviser(walkers, stage)
    tab.goes_to(f"/children/{stage.children['Esi']}/concerns/new")
    tab.page.context.set_offline(True)
    tab.fills("What are you worried about", "Typed in a lift")
    hears(tab, re.compile("no connection"))
    tab.page.context.set_offline(False)
    hears(tab, SAVED)
    tab.presses("Save and finish later")
    tab.presses("Throw this away")
    assert how_many_drafts(stage) == 0
