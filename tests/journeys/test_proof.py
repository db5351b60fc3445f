"""A manager proves that nobody fell through, and follows one child's story to its beginning."""

from collections.abc import Callable

from ehe_portal.accounts.policy import Role
from tests.journeys.cast import PASSWORD
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]


def test_a_manager_proves_that_nobody_fell_through(walkers: Walkers, stage: Stage) -> None:
    """From the picture to the children behind a number, to the sheet that is signed; on a phone, without a script."""
    manager = walkers(width=PHONE, javascript=False)
    manager.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    manager.goes_to("/in-sight")
    manager.sees(
        "1 of 7 children of compulsory school age is out of sight",  # Esi, whom the team has had for too long
        "Give each of these children an adviser",
        "The next 13 weeks, if nobody is in contact",
    )
    manager.page.locator(".sight-key a", has_text="Lapsed, alert open").click()
    manager.looks()
    manager.sees("Ben", "Carter", "Contact lapsed")
    manager.goes_to("/in-sight")
    manager.selects("Child seen", "Never seen")
    manager.presses("Show")
    manager.sees("Show everyone")
    manager.follows("Statement to print")
    manager.sees("Where every child stands", "Looked at by", "Counts that must be zero")


def test_an_officer_reads_a_whole_story(walkers: Walkers, stage: Stage) -> None:
    """Narrowed to what happened between the family and the council, with each entry leading to its page."""
    officer = walkers(width=PHONE)
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    officer.goes_to(f"/children/{stage.children['Ada']}")
    officer.follows("Chronology")
    officer.sees("Registered by a parent", "Evidence sent")
    officer.selects("What", "Contacts, visits and calls")
    officer.presses("Show")
    officer.sees("Home visit")
    officer.does_not_see("Evidence sent")
    officer.page.locator(".moj-timeline__title a", has_text="Home visit").first.click()
    officer.looks()
    officer.sees("Home visit")
    officer.page.go_back()
    officer.follows("Print the whole of it")
    officer.sees("Contacts, visits and calls", "It has what this reader may see")
