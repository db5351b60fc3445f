"""Brothers and sisters reviewed together, with notes against pages; and what the parent reads of it, on a phone."""

from collections.abc import Callable

from ehe_portal.accounts.policy import Role
from tests.journeys.cast import PASSWORD
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]
FOR_THE_TEAM, RELIED_ON = "Ask about the second book", "Every book with a date and a sentence about it"


def test_two_children_are_reviewed_in_turn(walkers: Walkers, stage: Stage) -> None:
    officer, parent = walkers(), walkers(width=PHONE, javascript=False)
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    ada = stage.children["Ada"]
    officer.goes_to(f"/children/{ada}/evidence/review")
    officer.sees("It asks the family for nothing", "Last decision")
    officer.chooses("Ben Carter")
    officer.presses("Begin")
    officer.sees("You are deciding about Ada now. After this: Ben")

    officer.unfolds("reading list.pdf")
    frame = officer.page.frame_locator("iframe[title^='reading list.pdf']")
    for words in (FOR_THE_TEAM, RELIED_ON):
        frame.get_by_label("Write a note against this page").fill(words)
        frame.get_by_role("button", name="Keep this note").click()
        frame.get_by_text(words).wait_for()
    officer.page.reload()
    officer.chooses("Page 1 of what was sent", among="Notes against pages")
    officer.page.get_by_label("Page 1 of what was sent").nth(0).uncheck()
    officer.page.get_by_label("Page 1 of what was sent").nth(1).check()
    officer.is_satisfied()
    officer.chooses("Sent on", among="What this rests on")
    officer.chooses("Suitable", among="Outcome")
    officer.fills("Reasons", "Ada reads widely, and keeps track of it.")
    officer.presses("Record this outcome")
    officer.sees("That was Ada. Next is Ben", "Record an outcome about the education")
    officer.does_not_see("Ada reads widely")
    officer.is_satisfied()
    officer.chooses("Home visit on", among="What this rests on")
    officer.chooses("Suitable", among="Outcome")
    officer.fills("Reasons", "Ben builds, measures and explains.")
    officer.presses("Record this outcome")
    officer.sees("Your decision has been recorded", "Ben builds, measures and explains.")
    officer.goes_to(f"/children/{ada}")
    officer.sees("To be looked at again on")
    officer.goes_to(f"/children/{ada}/evidence/compare")
    officer.sees("The last decisions, side by side", "Ada reads widely", RELIED_ON)

    parent.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    parent.goes_to(f"/family/children/{ada}")
    parent.sees("Ada reads widely", "what we relied on", RELIED_ON, "Someone looks at this again", "or complain")
    parent.does_not_see(FOR_THE_TEAM, "Ben builds")
