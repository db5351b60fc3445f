"""A parent's whole part in a browser that runs no scripts, on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ehe_portal.accounts.policy import Role
from tests.core import made_files
from tests.journeys.cast import PASSWORD, NewChild, begins, makes_account, registers, years_ago
from tests.journeys.running import RunningPortal
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]

ADDRESS = "noor.script@families.example"
CHILD = NewChild("Idris", "Script", "", years_ago(9), "Noor Script")


@pytest.fixture
def parent(walkers: Walkers) -> Walker:
    """Someone on a phone, without scripts."""
    return walkers(width=PHONE, javascript=False)


def test_a_parent_needs_no_scripts(parent: Walker, portal: RunningPortal, tmp_path: Path) -> None:
    makes_account(parent, portal, ADDRESS, "Noor Script")
    registers(parent, CHILD)
    parent.presses("Send registration")
    parent.sees("Registration received", "Your reference is")
    parent.follows("See where things stand")
    parent.follows("Where things stand")
    parent.follows("Send something about the education")
    picture, letter = tmp_path / "map.png", tmp_path / "letter.docx"
    picture.write_bytes(made_files.photograph(kind="PNG"))
    letter.write_bytes(made_files.docx())
    parent.fills("About your child", "Idris draws maps.")
    parent.page.get_by_label("Upload files").set_input_files([picture, letter])
    parent.presses("Send")
    parent.sees("We have received what you sent", "2 files", "map.png", "letter.docx", "Idris draws maps.")
    parent.signs_out()
    parent.sees("You have signed out")
    parent.signs_in(ADDRESS, PASSWORD)
    parent.sees("Your children", "Idris")


def test_a_file_that_cannot_be_taken_loses_nothing(parent: Walker, stage: Stage, tmp_path: Path) -> None:
    """It is said beside the field; the words and the other file stay, and go with the second press."""
    good, bad = tmp_path / "newt.jpg", tmp_path / "song.pdf"
    good.write_bytes(made_files.photograph())
    bad.write_bytes(b"MZ this is a program\x00" * 50)
    parent.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    parent.goes_to(f"/family/children/{stage.children['Ada']}/evidence/new")
    parent.fills("About your child", "Newts, and a song.")
    parent.page.get_by_label("Upload files").set_input_files([good, bad])
    parent.presses("Send")
    parent.sees("There is a problem", "song.pdf", "Files you have uploaded", "newt.jpg")
    expect(parent.page.get_by_label("About your child")).to_have_value("Newts, and a song.")
    expect(parent.page.get_by_role("checkbox", name="newt.jpg")).to_be_checked()
    parent.presses("Send")
    parent.sees("We have received what you sent", "1 file", "newt.jpg", "Newts, and a song.")
    parent.does_not_see("song.pdf")


def test_what_a_choice_asks_for_is_there_without_scripts(parent: Walker, stage: Stage) -> None:
    """What belongs to a choice can be filled in, and is not asked for where another was chosen."""
    parent.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    begins(parent)
    parent.follows("Back to the list")
    parent.follows("Where your child lives")
    parent.presses("Save and continue")
    parent.sees("Select where your child lives")
    parent.chooses("At an address")
    parent.presses("Save and continue")
    parent.sees("Enter the first line of the address", "Enter the town or city", "Enter the postcode")
    parent.chooses("They have no fixed address")
    parent.presses("Save and continue")
    parent.sees("Your registration", "Completed")
