"""Who plays in the journeys: staff of every role, parents, and families who came in a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ehe_portal.core.days import london_date, roll_forward
from tests.journeys.running import RunningPortal
from tests.journeys.walker import Walker

PASSWORD = "copper lantern meadow 47"
STAFF = {
    "adviser": "Amrit Sandhu",
    "ehe-manager": "Moira Kettle",
    "cme-officer": "Olu Adeyemi",
    "cme-manager": "Marta Nowak",
    "head-of-service": "Hector Grange",
    "administrator": "Dilys Pryce",
    "auditor": "Otto Beck",
}


def today() -> date:
    """The London date that the portal is asked on."""
    return london_date(datetime.now(UTC))


def in_about(days: int) -> date:
    """A working day so many days ahead, or the next one: nobody is asked twice before offering it."""
    return roll_forward(today() + timedelta(days=days))


def years_ago(years: int, days: int = 0) -> date:
    """A day about so many years and days ago."""
    return today() - timedelta(days=round(years * 365.25) + days)


@dataclass
class Cast:
    """Makes people, each once; staff are known by their roles."""

    portal: RunningPortal
    known: set[str] = field(default_factory=set)

    def staff(self, role: str, name: str | None = None, number: int = 1) -> str:
        """The email address of someone in this role, who has chosen their password."""
        address = f"{role}{number}@wessex.example"
        if address not in self.known:
            named = name or (STAFF[role] if number == 1 else f"{STAFF[role]} {number}")
            self.command("accounts", "add", address, "--name", named, "--role", role, password=True)
            self.known.add(address)
        return address

    def parent(self, address: str, name: str) -> str:
        """A parent whose account is open already."""
        if address not in self.known:
            self.command("accounts", "add", address, "--name", name, "--role", "parent", password=True)
            self.known.add(address)
        return address

    def command(self, *words: str, password: bool = False) -> None:
        """Run a command of the portal, with a password to read where it asks for one."""
        more = ("--password-stdin",) if password else ()
        self.portal.flask(*words, *more, stdin=f"{PASSWORD}\n" if password else None)

    def arrive(
        self, folder: Path, register: Sequence[Mapping[str, str]], contacts: Sequence[Mapping[str, str]]
    ) -> None:
        """Families who come in the authority's spreadsheets."""
        for slice_, rows in (("register", register), ("contact", contacts)):
            if rows:
                file = folder / f"{slice_}.csv"
                file.write_text(as_csv(rows), encoding="utf-8")
                self.command(slice_, "import", str(file))


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """A spreadsheet of rows, whose columns are those of all rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def makes_account(walker: Walker, portal: RunningPortal, address: str, name: str) -> None:
    """A parent makes an account, by way of a mail whose link does nothing until its button is pressed."""
    walker.goes_to("/")
    walker.follows("Start now")
    walker.fills("Email address", address)
    walker.presses("Send me a link")
    walker.sees("Check your email", address)
    link = portal.link_mailed(address, "confirm your email")
    walker.goes_to(link)
    walker.goes_to(link)
    walker.fills("Your full name", name)
    walker.page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    walker.presses("Create account")
    walker.sees("Your account is ready", "Your children")


@dataclass(frozen=True)
class NewChild:
    """What a parent types about a child."""

    forename: str
    surname: str
    preferred: str
    born: date
    parent: str
    address: str = "4 Quarry Steps"
    town: str = "Sturminster"
    postcode: str = "BH16 6AA"


def registers(walker: Walker, child: NewChild) -> str:
    """A parent registers a child, page by page, as far as the check; the walker then stands there."""
    begins(walker)
    tells_of_child(walker, child)
    tells_of_family(walker, child.parent)
    walker.follows("Check your answers")
    walker.sees("Check your answers", child.forename, child.surname, child.address, child.postcode)
    return child.forename


def begins(walker: Walker) -> None:
    """A parent starts, or goes on with what they have begun; they then stand on the first child's first page."""
    walker.goes_to("/family")
    walker.follows("Register")
    if walker.sees_button("Start now"):
        walker.presses("Start now")
    else:
        walker.presses("Continue")
        walker.follows("Name and date of birth")


def tells_of_child(walker: Walker, child: NewChild) -> None:
    """What must be told of one child, from the page of its name to the task list; what may be left out is."""
    walker.fills("Legal first name", child.forename)
    walker.fills("Legal last name", child.surname)
    walker.fills("Name they like to be called", child.preferred)
    walker.presses("Save and continue")
    walker.enters_date("date of birth", child.born)
    walker.presses("Save and continue")
    walker.sees("sex", "(optional)")
    walker.presses("Save and continue")
    called = child.preferred or child.forename
    walker.follows(f"Where your child lives of {called}")
    walker.chooses("At an address")
    walker.fills("Address line 1", child.address)
    walker.fills("Town or city", child.town)
    walker.fills("Postcode", child.postcode)
    walker.presses("Save and continue")
    walker.follows(f"Home education of {called}")
    walker.enters_date("When did home education begin", years_ago(1))
    walker.presses("Save and continue")
    walker.follows("Back to the list")


def tells_of_family(walker: Walker, name: str) -> None:
    """What must be told of the parent, from the task list and back to it."""
    walker.follows("About you", exact=True)
    walker.fills("your full name", name)
    walker.presses("Save and continue")
    walker.fills("Your relationship", "Mother")
    walker.chooses("Yes", among="parental responsibility")
    walker.presses("Save and continue")
    walker.fills("phone number", "01632 960 001")
    walker.presses("Save and continue")
    walker.chooses("Yes", among="same address")
    walker.presses("Save and continue")
