"""A video from a phone with a bad connection: it breaks off, goes on, and goes on again after the tab was closed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request, Route, expect
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.evidence.models import Evidence
from tests.core.made_files import MB, pdf, video
from tests.journeys.cast import PASSWORD
from tests.journeys.stage import Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]
PART = 16 * MB
PARTS = re.compile(r"/evidence/uploads/\w+$")
A_WHILE = 60_000


@pytest.fixture
def parent(walkers: Walkers, stage: Stage) -> Walker:
    walker = walkers(width=PHONE)
    walker.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    return walker


def test_a_video_goes_on_after_a_lost_connection_and_a_closed_tab(parent: Walker, stage: Stage, tmp_path: Path) -> None:
    film, letter = tmp_path / "pond é.mp4", tmp_path / "letter.pdf"
    film.write_bytes(video(pictures=40 * MB))
    letter.write_bytes(pdf())
    page = f"/family/children/{stage.children['Ada']}/evidence/new"

    def breaks_off(route: Route, request: Request) -> None:
        """The second part of the film never arrives."""
        if request.method == "PATCH" and int(request.headers["upload-offset"]) >= PART:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    parent.goes_to(page)
    parent.page.route(PARTS, breaks_off)
    parent.page.get_by_label("Upload files").set_input_files([film, letter])
    row = parent.page.locator(".portal-upload").filter(has_text="pond é.mp4")
    expect(row).to_contain_text("No connection. This goes on by itself when it is back", timeout=A_WHILE)
    expect(parent.page.locator(".portal-upload").filter(has_text="letter.pdf")).to_contain_text("Arrived:")
    expect(parent.page.locator("[role=status][aria-live=polite]").last).not_to_be_empty()
    parent.sees("You can leave this page and come back")
    parent.examines()

    # The tab is closed, between two tries, for a part that is just held back here would be let go with it; the same
    # file is chosen again in another.
    parent.page.wait_for_event("requestfailed", timeout=A_WHILE)
    context = parent.page.context
    parent.page.close()
    parent.page = context.new_page()
    parent.goes_to(page)
    parent.sees("These files have begun to arrive", "pond é.mp4", "letter.pdf")
    again: list[int] = []

    def notes(request: Request) -> None:
        if request.method == "PATCH":
            again.append(int(request.headers["upload-offset"]))

    parent.page.on("request", notes)
    parent.uploads("Upload files", film)
    assert again == [PART, 2 * PART], "what had arrived is not sent again"
    parent.presses("Send")
    parent.sees("We have received what you sent", "pond é.mp4", "letter.pdf")

    with stage.deed() as work:
        evidence = work.session.scalars(select(Evidence).order_by(Evidence.id.desc())).first()
        assert evidence is not None
        kept = {file.filename: b"".join(stage.house.vault.read(file.stored_as)) for file in evidence.files}
    assert kept == {"pond é.mp4": film.read_bytes(), "letter.pdf": letter.read_bytes()}


def test_a_proxy_that_takes_no_large_files_is_not_the_parents_fault(
    parent: Walker, stage: Stage, tmp_path: Path
) -> None:
    film = tmp_path / "pond.mp4"
    film.write_bytes(video(pictures=MB))
    parent.goes_to(f"/family/children/{stage.children['Ada']}/evidence/new")
    parent.page.route(PARTS, lambda route: route.fulfill(status=413, body="<h1>413 Request Entity Too Large</h1>"))
    parent.page.get_by_label("Upload files").set_input_files(film)
    row = parent.page.locator(".portal-upload")
    expect(row).to_contain_text("stopped on its way to us. You did nothing wrong", timeout=A_WHILE)
    expect(row.get_by_role("button", name="Remove pond.mp4")).to_be_visible()


def test_a_file_that_may_not_be_taken_is_said_beside_it(parent: Walker, stage: Stage, tmp_path: Path) -> None:
    """By keyboard: the file is removed, and the words that were typed are still there."""
    program = tmp_path / "holiday.jpg"
    program.write_bytes(b"MZ" + bytes(3000))
    parent.goes_to(f"/family/children/{stage.children['Ada']}/evidence/new")
    parent.fills("About your child", "We read.")
    parent.page.get_by_label("Upload files").set_input_files(program)
    row = parent.page.locator(".portal-upload")
    expect(row).to_contain_text("‘holiday.jpg’ must be a PDF")
    removing = row.get_by_role("button", name="Remove holiday.jpg")
    removing.focus()
    parent.page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    expect(parent.page.get_by_label("Upload files")).to_be_focused()
    parent.presses("Send")
    parent.sees("We have received what you sent", "We read.")
