"""A parent signs in and registers a child with the keyboard alone, seeing at every step where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from ehe_portal.accounts.policy import Role
from tests.journeys.cast import PASSWORD, years_ago
from tests.journeys.stage import PARENT, Stage
from tests.journeys.walker import SCREEN, Walker

MOST_TABS = 60

# Where the keyboard is: the name that a screen reader says, what it is, whether one can see it, and with what mark.
HERE = """() => {
  const one = document.activeElement
  const style = getComputedStyle(one)
  const box = one.getBoundingClientRect()
  const label = one.labels && one.labels.length ? one.labels[0].innerText : ""
  const drawn = one.type === "radio" || one.type === "checkbox"
  const mark = drawn ? getComputedStyle(one.nextElementSibling, "::before") : style
  return {
    name: (label || one.getAttribute("aria-label") || one.innerText || "").trim(),
    tag: one.tagName, type: one.type || "", id: one.id,
    marked: style.outlineStyle !== "none" || mark.boxShadow !== "none" || mark.outlineStyle !== "none",
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  }
}"""


@dataclass
class Keys:
    """Hands on a keyboard, and eyes on the mark that shows where they are."""

    walker: Walker

    @property
    def here(self) -> dict[str, Any]:
        """What the keyboard is on."""
        found: dict[str, Any] = self.walker.page.evaluate(HERE)
        return found

    def press(self, key: str) -> None:
        """Press one key; a page that comes is waited for."""
        self.walker.page.keyboard.press(key)

    def tab(self) -> dict[str, Any]:
        """Go one further: to something that can be seen, with a mark that can be seen."""
        self.press("Tab")
        here = self.here
        assert here["tag"] == "BODY" or (here["marked"] and here["inView"]), (self.walker.page.url, here)
        return here

    def to(self, name: str, tag: str = "") -> None:
        """Tab on until something of this name."""
        passed = []
        for _ in range(MOST_TABS):
            here = self.tab()
            passed.append(here["name"])
            if name in here["name"] and here["tag"].startswith(tag):
                return
        raise AssertionError(f"{name} is not reached at {self.walker.page.url}: {passed}")

    def type(self, words: str) -> None:
        """Type words where one is."""
        self.walker.page.keyboard.type(words)

    def fill(self, name: str, words: str) -> None:
        """Go to a field and type into it."""
        self.to(name, "INPUT")
        self.type(words)

    def fill_date(self, on: date) -> None:
        """Type a date into the next three boxes."""
        for part, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
            self.fill(part, str(number))

    def enter(self, button: str, tag: str = "BUTTON") -> None:
        """Go to a button or link and press Enter; look at what comes."""
        self.to(button, tag)
        with self.walker.page.expect_navigation():
            self.press("Enter")
        self.walker.looks()


@pytest.fixture
def keys(walkers: Callable[..., Walker], stage: Stage) -> Keys:
    """Someone before a page they have just opened."""
    return Keys(walkers(width=SCREEN))


def sign_in(keys: Keys) -> None:
    """From the start page, with the keyboard alone."""
    keys.walker.goes_to("/")
    keys.enter("Sign in", "A")
    keys.fill("Email address", PARENT)
    keys.fill("Password", PASSWORD)
    with keys.walker.page.expect_navigation():
        keys.press("Enter")
    keys.walker.sees("Your children", "Ada")


def test_the_skip_link_leads_to_the_content(keys: Keys) -> None:
    """It is the first thing on every page, shows when it is reached, and what comes after it is in the content."""
    for path in ("/", "/sign-in", "/help"):
        keys.walker.goes_to(path)
        assert keys.tab()["name"] == "Skip to main content"
        keys.press("Enter")
        keys.walker.page.wait_for_url("**#main-content")
        keys.tab()
        assert keys.walker.page.evaluate("document.querySelector('main').contains(document.activeElement)"), path


def test_a_parent_registers_with_the_keyboard_alone(keys: Keys) -> None:
    sign_in(keys)
    keys.enter("Register another child", "A")
    keys.enter("Start now")
    keys.fill("Legal first name", "Tamsin")
    keys.enter("Save and continue")
    keys.walker.sees("There is a problem")
    assert "There is a problem" in keys.here["name"], "the summary of what is wrong is where the keyboard is"
    with_the_first_problem(keys)
    keys.type("Byrne")
    keys.enter("Save and continue")
    keys.fill_date(years_ago(8))
    keys.enter("Save and continue")
    keys.enter("Save and continue")
    keys.enter("Where your child lives", "A")
    keys.to("At an address")
    keys.press("Space")
    keys.fill("Address line 1", "3 Mill Lane")
    keys.fill("Town", "Sturminster")
    keys.fill("Postcode", "BH16 6AA")
    keys.enter("Save and continue")
    keys.enter("Home education\n of", "A")
    keys.fill_date(years_ago(1))
    keys.enter("Save and continue")
    keys.to("Where was your child taught before", "SELECT")
    keys.type("Academy")
    keys.enter("Save and continue")
    keys.enter("Back to the list", "A")
    keys.enter("About you", "A")
    keys.fill("your full name", "Pat Byrne")
    keys.enter("Save and continue")
    keys.fill("Your relationship", "Father")
    keys.to("Yes")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.enter("Save and continue")
    keys.enter("Back to the list", "A")
    keys.enter("Check your answers", "A")
    keys.walker.sees("Check your answers", "Tamsin Byrne", "3 Mill Lane", "Yes", "Academy")
    keys.enter("Send registration")
    keys.walker.sees("Registration received")
    keys.enter("Sign out")
    keys.walker.sees("You have signed out")


def with_the_first_problem(keys: Keys) -> None:
    """Follow the summary's first link to the field to mend."""
    keys.to("Enter your child’s legal last name", "A")
    keys.press("Enter")
    assert keys.here["name"] == "Legal last name"


def test_an_adviser_reaches_everything_on_a_childs_page(keys: Keys, stage: Stage) -> None:
    """Every link and button is reached, in the order in which they stand, and the way out again is open."""
    keys.walker.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    keys.walker.goes_to(f"/children/{stage.children['Ada']}")
    reached = []
    while (here := keys.tab())["tag"] != "BODY":
        reached.append(here["name"])
        assert len(reached) < MOST_TABS * 2, "the keyboard goes round in a trap"
    for name in (
        "Skip to main content",
        "Chronology",
        "People and addresses",
        "Record contact",
        "Raise a concern",
        "Help",
    ):
        assert any(name in one for one in reached), (name, reached)
