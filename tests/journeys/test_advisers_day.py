"""A whole adviser's day: what waits, a registration, a visit, evidence, a decision; then the register and its lists."""

import csv
from collections.abc import Callable
from pathlib import Path

from ehe_portal.accounts.policy import Role
from tests.journeys.cast import PASSWORD, today
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

LIST = "Late ones in Year 6"


def test_an_advisers_day(walkers: Callable[..., Walker], stage: Stage, tmp_path: Path) -> None:
    """From signing in to taking a list along; with a phone for the visit."""
    adviser = walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    the_day_tells_what_waits(adviser)
    a_registration_is_checked(adviser)
    doorstep = walkers(width=PHONE, javascript=False)
    doorstep.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    a_visit_is_recorded(doorstep, stage)
    evidence_is_looked_at(adviser, stage)
    the_register_finds_a_child(adviser)
    a_list_is_kept(adviser)
    a_file_is_taken_along(adviser, tmp_path)


def the_day_tells_what_waits(adviser: Walker) -> None:
    """Kinds with their counts; each has a page of its own; everything in one list by name."""
    adviser.sees("My day", "Registrations to check", "Contact overdue", "Cleo Dunn", "Dilan Erdem")
    adviser.follows("1 Registrations to check")
    adviser.sees("Check a new registration", "Ruth Byrne")
    adviser.does_not_see("Cleo Dunn")
    adviser.follows("My day", exact=True)
    adviser.follows("name", exact=True)
    adviser.sees("Everything that waits" if adviser.javascript is None else "Order by", "Cleo Dunn")
    assert "sort=name" in adviser.page.url
    adviser.follows("what cannot wait")
    adviser.sees("What to do")


def a_registration_is_checked(adviser: Walker) -> None:
    """The record looks like one that is there: they are one child."""
    adviser.goes_to("/my-day?kind=registration")
    adviser.follows("Ruth Byrne")
    adviser.sees("What the parent told us", "Possible double")


def a_visit_is_recorded(doorstep: Walker, stage: Stage) -> None:
    """At the door, on a phone: nobody opened."""
    doorstep.goes_to("/my-day?kind=overdue")
    doorstep.follows("Cleo Dunn")
    doorstep.goes_to(f"/children/{stage.children['Cleo']}/contact/record")
    doorstep.sees("Cleo")


def evidence_is_looked_at(adviser: Walker, stage: Stage) -> None:
    """What came from the family stands beside the decision."""
    adviser.goes_to(f"/children/{stage.children['Ada']}/evidence")
    adviser.sees("Ada draws what lives in the pond")


def the_register_finds_a_child(adviser: Walker) -> None:
    """By words in any order, with the name out of the address."""
    adviser.goes_to("/register")
    adviser.fills("Search the register", "cleo dun")
    adviser.presses("Search")
    adviser.sees("Dunn, Cleo", "Searched for")
    assert "cleo" not in adviser.page.url.lower()
    adviser.follows("Show the whole register")


def a_list_is_kept(adviser: Walker) -> None:
    """Filters and columns under a name, to be opened again."""
    adviser.selects("Next contact", "Overdue")
    adviser.selects("Order by", "Next contact due")
    adviser.page.get_by_text("Choose columns").click()
    adviser.chooses("Last contact")
    adviser.presses("Apply filters")
    adviser.sees("Dunn, Cleo", "Last contact")
    adviser.does_not_see("Erdem, Dilan")
    adviser.follows("Keep this list")
    adviser.presses("Keep the list")
    adviser.sees("Enter a name for the list")
    adviser.fills("Name of the list", LIST)
    adviser.presses("Keep the list")
    adviser.sees("is kept among your lists")
    adviser.goes_to("/register")
    adviser.follows(LIST)
    adviser.sees("Dunn, Cleo")
    adviser.does_not_see("Erdem, Dilan")


def a_file_is_taken_along(adviser: Walker, folder: Path) -> None:
    """The rows and columns that are shown, and no others."""
    with adviser.page.expect_download() as download:
        adviser.page.get_by_role("button", name="Download as a CSV file").click()
    assert download.value.suggested_filename == f"register-{today():%Y-%m-%d}.csv"
    kept = folder / "register.csv"
    download.value.save_as(kept)
    rows = list(csv.DictReader(kept.open(encoding="utf-8", newline="")))
    assert [row["Last name"] for row in rows] == ["Dunn"]
    assert "Last contact" in rows[0]
