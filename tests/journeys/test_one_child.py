"""An officer's work on one child's record, and what the next to read it finds."""

from collections.abc import Callable
from pathlib import Path

from ehe_portal.accounts.policy import Role
from tests.core import made_files
from tests.journeys.cast import PASSWORD, today, years_ago
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]


def types_address(walker: Walker, line: str) -> None:
    """Into the box, for "At an address" is among the choices too."""
    walker.page.get_by_role("textbox", name="Address", exact=True).fill(line)


def test_an_officer_puts_a_record_in_order(walkers: Walkers, stage: Stage, tmp_path: Path) -> None:
    """Two sisters linked, a slip put right, the family moved, and a letter added, without a script, on a phone."""
    officer = walkers(width=PHONE, javascript=False)
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    cleo, ruth = stage.children["Cleo"], stage.children["Ruth"]
    officer.goes_to(f"/children/{cleo}")
    officer.follows("People and addresses")
    officer.sees("Perhaps of the same family", "Ruth Byrne, born", "the same address and postcode")
    officer.follows("Decide whether Ruth Byrne")
    officer.presses("They are one family")
    officer.sees("Linked as one family", "Ruth Byrne")

    officer.follows("Correct")
    types_address(officer, "14 Mill Lane, Sturminster")
    officer.fills("What was wrong?", "A figure was missing")
    officer.presses("Save")
    officer.sees("14 Mill Lane, Sturminster, BH16 6AA", "What was written down before")
    officer.goes_to(f"/children/{ruth}/people")
    officer.sees("4 Mill Lane, Sturminster, BH16 6AA")
    officer.follows("Correct")
    types_address(officer, "14 Mill Lane, Sturminster")
    officer.presses("Save")

    officer.follows("Write down a new address")
    types_address(officer, "7 Quay Street, Poole")
    officer.fills("Postcode", "bh15 1hj")
    officer.enters_date("Since when?", years_ago(0, 3))
    officer.chooses("Cleo Dunn")
    officer.presses("Save")
    officer.sees("The move has been written down", "7 Quay Street, Poole, BH15 1HJ", "Until")
    officer.follows("Cleo Dunn")
    officer.sees("Brothers, sisters and others of the family", "Ruth Byrne")
    officer.follows("People and addresses")
    officer.sees("7 Quay Street, Poole, BH15 1HJ", "14 Mill Lane, Sturminster, BH16 6AA")

    letter = tmp_path / "letter.pdf"
    letter.write_bytes(made_files.pdf())
    officer.follows("Overview")
    officer.follows("Add evidence from paper")
    officer.enters_date("When did it come?", years_ago(0, 1))
    officer.chooses("By post")
    officer.chooses("Robin Dunn")
    officer.uploads("Upload scans or files", letter)
    officer.presses("Add")
    officer.sees("from Robin Dunn", "By post. Added by Amrit Sandhu", "letter.pdf")
    officer.follows("Contact", exact=True)
    officer.sees("Written report")
    officer.follows("Chronology")
    officer.sees("Lives somewhere else", "Address put right", "Evidence sent", "came by: post")


def test_a_manager_hides_a_child_and_a_sister_tells_nothing(walkers: Walkers, stage: Stage) -> None:
    """What the record says of a protected child's address is opened by itself, and never by way of the family."""
    manager, officer = walkers(), walkers()
    manager.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    manager.goes_to(f"/children/{stage.children['Ada']}/people")
    manager.sees("3 Mill Lane, Sturminster")
    manager.follows("Hide where this child lives")
    manager.fills("Reason", "Agreed with the police today.")
    manager.presses("Hide")
    manager.sees("Where the child lives is now hidden", "Protected: do not share")
    manager.does_not_see("3 Mill Lane")
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    officer.goes_to(f"/children/{stage.children['Ben']}/people")
    officer.sees("Ada Byrne", "Protected")
    officer.follows("Ada Byrne")
    officer.follows("People and addresses")
    officer.does_not_see("3 Mill Lane", "BH16 6AB")
    officer.follows("Show the addresses")
    officer.sees("3 Mill Lane, Sturminster, BH16 6AB", "Agreed with the police today.")


def test_a_note_is_written_struck_out_and_withheld(walkers: Walkers, stage: Stage) -> None:
    """Signed, unchangeable, crossed out with a reason; and a restricted one is not for everybody."""
    officer, auditor = walkers(), walkers(javascript=False)
    officer.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    officer.goes_to(f"/children/{stage.children['Ben']}")
    officer.follows("Write a note")
    officer.chooses("Call or message from another agency")
    officer.fills("Note", "The school nurse rang about a vaccination.")
    officer.chooses("Restricted")
    officer.presses("Save the note")
    officer.sees("The school nurse rang", "Restricted", "Written by Amrit Sandhu")
    auditor.signs_in(stage.address_of(Role.AUDITOR), PASSWORD)
    auditor.goes_to(f"/children/{stage.children['Ben']}/notes")
    auditor.sees("Withheld", f"{today().day} ")
    auditor.does_not_see("school nurse", "Write a note")
    officer.follows("Strike out")
    officer.fills("What is wrong with it?", "Meant for another child")
    officer.presses("Strike out")
    officer.sees("Struck out", "Meant for another child", "The school nurse rang")
