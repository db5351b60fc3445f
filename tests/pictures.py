"""`make pictures`: the README's pictures, taken of a demonstration that runs already (`make demo`)."""

import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from ehe_portal.core.settings import ROOT
from ehe_portal.demo.cast import SIGN_IN_WORDS
from tests import browser as chromium

FOLDER: Final = ROOT / "docs" / "pictures"
PHONE, SCREEN = (360, 1000), (1280, 860)
COLOURS: Final = 128  # enough for pages, and a third of the bytes


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page, by which links they come there, on what."""

    name: str
    who: str | None
    path: str
    size: tuple[int, int] = SCREEN
    follows: tuple[str, ...] = field(default=())


PICTURES: Final = (
    Picture("start", None, "/", PHONE),
    Picture("family", "folasade.balogun@example.org", "/family", PHONE, ("a[href*='/family/children/']",)),
    Picture("my-day", "priya.nair@aldermere.example", "/my-day"),
    Picture("child", "priya.nair@aldermere.example", "/register", SCREEN, ("main td a, main th a",)),
    Picture("calendar", "priya.nair@aldermere.example", "/calendar"),
    Picture("in-sight", "ruth.osgood@aldermere.example", "/in-sight"),
    Picture("team", "ruth.osgood@aldermere.example", "/team"),
)


def sign_in(page: Page, home: str, address: str) -> None:
    """By the front door."""
    page.goto(f"{home}/sign-in")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(SIGN_IN_WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def take(browser: Browser, home: str, picture: Picture) -> Path:
    """Take one picture."""
    width, height = picture.size
    page = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB").new_page()
    if picture.who is not None:
        sign_in(page, home, picture.who)
    page.goto(home + picture.path)
    for link in picture.follows:
        page.locator(link).first.click()
        page.wait_for_load_state()
    path = FOLDER / f"{picture.name}.png"
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS).save(path, optimize=True)
    page.context.close()
    return path


def main(home: str) -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for picture in PICTURES:
            path = take(browser, home, picture)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes", file=sys.stderr)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
