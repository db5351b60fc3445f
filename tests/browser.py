"""A real browser for the journeys, and axe's findings on the page it shows."""

import os
import shutil

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# What axe finds in order is a picture of the whole page: carrying it here takes longer than the looking.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


class NoBrowser(Exception):
    """No Chromium was found on this machine."""


def executable() -> str:
    """Where Chromium is: what `CHROMIUM` names, or else the first of the usual names on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    raise NoBrowser(f"The journeys need a browser: install Chromium ({', '.join(NAMES)}) or set CHROMIUM to it")


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium that asks nothing of the network on its own."""
    return playwright.chromium.launch(executable_path=executable(), args=FLAGS, headless=True)


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with the page under WCAG 2.2 AA and its good practice, a line for each element."""
    response = Axe().run(page, options=RULES).response
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]
