"""Someone with a browser, who looks at every page they come to."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLong

from tests import browser as chromium

PHONE, SCREEN = 320, 1280  # pixels
REFERENCE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{10}\b")


@dataclass
class Walker:
    """Someone with a browser. Every page they come to is looked at by axe and must not be wider than the screen; on
    one database (`examines_pages`), for a page is the same whichever drew it.
    """

    page: Page
    home: str
    javascript: bool = True
    examines_pages: bool = True
    seen: set[str] = field(default_factory=set)

    def goes_to(self, path: str) -> None:
        """Open an address, as by typing it."""
        self.page.goto(path if path.startswith("http") else self.home + path)
        self.looks()

    def follows(self, words: str, *, exact: bool = False) -> None:
        """Press a link, or what looks like a button but leads somewhere."""
        link = self.page.get_by_role("link", name=words, exact=exact)
        button = self.page.get_by_role("button", name=words, exact=exact).and_(self.page.locator("a"))
        self.presses_one(link.or_(button).first)

    def presses(self, button: str) -> None:
        """Press a button of a form."""
        self.presses_one(self.page.get_by_role("button", name=button).first)

    def presses_one(self, what: Locator) -> None:
        """Press it, and look at what comes."""
        try:
            what.click()
        except TooLong as problem:
            raise AssertionError(f"nothing to press at {self.page.url}: {self.words}") from problem
        self.page.wait_for_load_state()
        self.looks()

    def fills(self, label: str, words: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_label(label, exact=False).first.fill(words)

    def uploads(self, label: str, *paths: Path) -> None:
        """Choose files, and wait until they have arrived where scripts send them at once."""
        self.page.get_by_label(label).set_input_files(list(paths))
        if self.javascript:
            expect(self.page.locator(".portal-upload").filter(has_text="Arrived:")).to_have_count(len(paths))

    def chooses(self, label: str, *, among: str | None = None) -> None:
        """Choose the radio or checkbox of this label; `among` are the words of its question."""
        asked = self.page if among is None else self.page.get_by_role("group", name=among)
        asked.get_by_label(label, exact=label in ("Yes", "No")).first.check()

    def unfolds(self, words: str) -> None:
        """Open a part of a page that is folded away."""
        self.page.locator("summary").filter(has_text=words).first.click()

    def selects(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def enters_date(self, group: str, on: date) -> None:
        """Type a date into its three boxes."""
        asked = self.page.get_by_role("group", name=group)
        for part, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
            asked.get_by_label(part).fill(str(number))

    def is_satisfied(self) -> None:
        """Say of each criterion of the law what was found."""
        for criterion in ("Efficient", "Full-time", "Suitable to age, ability and aptitude"):
            self.page.get_by_role("group", name=criterion).get_by_label("Satisfied", exact=True).check()
        self.chooses("Does not apply", among="special educational needs")

    def sees(self, *words: str) -> None:
        """All of these words are on the page."""
        for each in words:
            assert each in self.words, (each, self.page.url, self.page.inner_text("main"))

    def does_not_see(self, *words: str) -> None:
        """None of these words is anywhere in the page, shown or hidden."""
        for each in words:
            assert each not in self.page.content(), (each, self.page.url)

    @property
    def words(self) -> str:
        """Everything written on the page."""
        return " ".join(self.page.locator("body").inner_text().split())

    @property
    def reference(self) -> str:
        """The first reference on the page."""
        found = REFERENCE.search(self.page.locator("main").inner_text())
        assert found, ("no reference", self.page.url)
        return found.group(0)

    def sees_button(self, name: str) -> bool:
        """Whether there is something of this name to press."""
        pressed = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        return bool(pressed.count())

    def looks(self) -> None:
        """What is wrong with this page, for eyes, ears and fingers; each kind of page once."""
        self.sees_no_fault()
        kind = REFERENCE.sub("REF", self.page.url.partition("?")[0])
        if kind in self.seen or not self.examines_pages:
            return
        self.seen.add(kind)
        self.examines()

    def examines(self) -> None:
        """axe finds nothing, and nothing sticks out at the side."""
        assert not self.javascript or chromium.axe_violations(self.page) == [], self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"

    def sees_no_fault(self) -> None:
        """No page of this portal is broken."""
        assert "there is a problem with the service" not in self.page.title(), self.page.url
        expect(self.page.locator("h1")).to_have_count(1)

    def signs_in(self, address: str, password: str) -> None:
        """By the front door."""
        self.goes_to("/sign-in")
        self.fills("Email address", address)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")

    def signs_out(self) -> None:
        """From wherever one is."""
        self.presses("Sign out")
