"""A whole adviser's day: what waits, a registration, a visit, evidence, a decision; then the register and its lists."""

import csv
from collections.abc import Callable
from datetime import time
from pathlib import Path

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import service as contact
from ehe_portal.register import queries as register
from ehe_portal.register import service as registrations
from tests.journeys.cast import PASSWORD, today
from tests.journeys.stage import Stage, an_offer, child_of, send_something
from tests.journeys.walker import PHONE, Walker

LIST = "Late ones in Year 6"

LATE = time(23, 58)  # still to come, whenever this story is told


def test_an_advisers_day(walkers: Callable[..., Walker], stage: Stage, tmp_path: Path) -> None:
    """From signing in to taking a list along; with a phone for the call."""
    something_comes_for_today(stage)
    adviser = walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    the_day_tells_what_waits(adviser)
    a_registration_is_checked(adviser, stage)
    doorstep = walkers(width=PHONE, javascript=False)
    doorstep.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    a_call_is_recorded(doorstep)
    writing_is_read_and_evidence_decided_on(adviser)
    the_register_finds_a_child(adviser)
    a_list_is_kept(adviser)
    a_file_is_taken_along(adviser, tmp_path)


def something_comes_for_today(stage: Stage) -> None:
    """A family sends something, a call is due before midnight, and the manager hands a child over."""
    with stage.deed(stage.staff[Role.PARENT]) as work:
        send_something(stage, work)
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        contact.offer_visit(work, child_of(stage, work, "Dilan"), an_offer(work.today, LATE))
    with stage.deed(stage.staff[Role.EHE_MANAGER]) as work:
        episode = register.open_episode(work, child_of(stage, work, "Esi").id)
        assert episode is not None
        registrations.assign(work, episode, stage.staff[Role.ADVISER])


def the_day_tells_what_waits(adviser: Walker) -> None:
    """Kinds with their counts, each with a page of its own; everything in one list, by name."""
    adviser.sees("My day", "Registrations to check: 1", "Contact overdue", "Cleo Dunn", "Phone call: today at 11:58pm")
    adviser.sees("Handed to you lately", "Esi Fraser", "Evidence to look at", "Writing to read")
    adviser.follows("Registrations to check: 1")
    adviser.sees("Check a new registration", "Ruth Byrne")
    adviser.does_not_see("Cleo Dunn")
    adviser.goes_to("/my-day")
    adviser.follows("name", exact=True)
    adviser.sees("Order by", "Cleo Dunn")
    assert "sort=name" in adviser.page.url
    adviser.follows("what cannot wait")


def a_registration_is_checked(adviser: Walker, stage: Stage) -> None:
    """The record looks like one that is there, but it is another child."""
    adviser.goes_to("/my-day?kind=registration")
    adviser.follows("Ruth Byrne")
    adviser.sees("What the parent told us")
    while adviser.sees_button("Different child from"):
        adviser.presses("Different child from")
    adviser.selects("Adviser", stage.staff[Role.ADVISER].name)
    adviser.chooses("I am satisfied who the parent is")
    adviser.presses("Accept registration")
    adviser.sees("Registration accepted", "Overview")
    adviser.goes_to("/my-day")
    adviser.does_not_see("Registrations to check")


def a_call_is_recorded(doorstep: Walker) -> None:
    """On a phone without JavaScript: nobody answered."""
    doorstep.goes_to("/my-day?kind=visit")
    doorstep.follows("Dilan Erdem")
    doorstep.chooses("There was no answer")
    doorstep.presses("Continue")
    doorstep.presses("Save contact")
    doorstep.goes_to("/my-day?kind=visit")
    doorstep.sees("No visit or call is planned for today")


def writing_is_read_and_evidence_decided_on(adviser: Walker) -> None:
    """What came is about the education; then the decision, beside what it rests on."""
    adviser.goes_to("/my-day?kind=writing")
    adviser.follows("Ada Byrne")
    adviser.chooses("Yes", among="tell about this child")
    adviser.presses("Save")
    adviser.goes_to("/my-day?kind=evidence")
    adviser.follows("Ada Byrne")
    adviser.sees("Ada draws what lives in the pond")
    adviser.follows("Record an outcome")
    adviser.is_satisfied()
    adviser.page.get_by_role("radio", name="Suitable", exact=True).check()
    adviser.fills("Reasons", "Her drawings of the pond show close looking.")
    adviser.page.get_by_role("checkbox").first.check()
    adviser.presses("Record this outcome")
    adviser.sees("Your decision has been recorded")
    adviser.goes_to("/my-day?kind=evidence")
    adviser.sees("No evidence waits to be looked at")


def the_register_finds_a_child(adviser: Walker) -> None:
    """By words in any order, with the name out of the address."""
    adviser.goes_to("/register")
    adviser.page.get_by_role("textbox", name="Search the register").fill("cleo dun")
    adviser.presses_one(adviser.page.get_by_role("button", name="Search", exact=True))
    adviser.sees("Dunn, Cleo", "Searched for")
    assert "cleo" not in adviser.page.url.lower()
    adviser.follows("Show the whole register")


def a_list_is_kept(adviser: Walker) -> None:
    """Filters and columns under a name, to be opened again."""
    adviser.selects("Next contact", "Overdue")
    adviser.selects("Order by", "Next contact due")
    adviser.page.get_by_text("Choose columns").click()
    adviser.page.get_by_role("checkbox", name="Last contact").check()
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
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8").splitlines()))
    assert [row["Last name"] for row in rows] == ["Dunn"]
    assert "Last contact" in rows[0]
