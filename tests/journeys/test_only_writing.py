"""A family that only writes and is never visited: heard, read, found suitable, and left in peace for a year."""

from collections.abc import Callable
from datetime import date

from ehe_portal.core.days import add_months, roll_forward
from ehe_portal.core.govuk.words import long_date
from tests.journeys.cast import PASSWORD, Cast, NewChild, makes_account, registers, today, years_ago
from tests.journeys.running import RunningPortal, words_of
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]

IRIS = "iris.penhallow@families.example"
CHILD = NewChild("Thaddeus", "Penhallow", "Tad", years_ago(9, 30), "Iris Penhallow")
ASKED = "We would rather write than be visited.\n\n  Is a letter\n  twice a year enough?"
TOLD = "Tad has read the whole of Swallows and Amazons, and keeps a log of the tides in a table of his own making."
ANSWER = "Writing is just as good. Once a year is enough."
REASONS = "The tide log shows measuring, adding and patience well beyond what I had expected."
GROUNDS = "What Iris wrote in her messages"


def test_a_family_that_only_writes(walkers: Walkers, portal: RunningPortal, cast: Cast) -> None:
    """By phone on one side, at a desk on the other."""
    parent, adviser = walkers(width=PHONE), walkers()
    cast.staff("adviser")
    makes_account(parent, portal, IRIS, CHILD.parent)
    registers(parent, CHILD)
    parent.presses("Send registration")
    registration = parent.reference
    an_adviser_accepts(adviser, cast)
    a_parent_asks(parent, portal, cast)
    an_adviser_answers(adviser, portal, parent)
    a_parent_tells(parent)
    child = an_adviser_confirms(adviser)
    an_adviser_decides(adviser, child)
    a_parent_reads(parent, portal)
    nobody_was_named(portal, registration)


def a_year_on() -> date:
    """When the family is next due to be heard from, having been heard from today."""
    return roll_forward(add_months(today(), 12))


def an_adviser_accepts(adviser: Walker, cast: Cast) -> None:
    """And sees who the family is."""
    adviser.signs_in(cast.staff("adviser"), PASSWORD)
    adviser.follows(CHILD.surname)
    adviser.selects("Adviser", "Amrit Sandhu")
    adviser.chooses("I am satisfied who the parent is")
    adviser.presses("Accept registration")
    adviser.sees("Registration accepted", "Next contact due")


def a_parent_asks(parent: Walker, portal: RunningPortal, cast: Cast) -> None:
    """From the child's page; nothing typed is lost when nothing was typed."""
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.follows("Messages")
    parent.sees(f"Messages about {CHILD.preferred}", "Nothing has been written yet", "No other parent can see them")
    parent.presses("Send message")
    parent.sees("There is a problem", "Enter your message")
    parent.fills("Your message", ASKED)
    parent.presses("Send message")
    parent.sees("Your message has been sent", "Not read yet")
    assert ASKED in parent.page.locator(".portal-message__words").inner_text()
    mail = words_of(portal.posts(cast.staff("adviser"), "You have a message"))
    assert "A family has written to you" in mail


def an_adviser_answers(adviser: Walker, portal: RunningPortal, parent: Walker) -> None:
    """One press from the child's page; it is about no education, so it counts as a reply."""
    adviser.follows("Messages", exact=True)
    adviser.sees(f"Messages with {CHILD.parent}", "Waits for an answer")
    adviser.follows("Say whether it is about education")
    adviser.chooses("No", among="tell about this child")
    adviser.presses("Save")
    adviser.sees("Your answer is recorded", "It counts as a reply")
    adviser.fills("Your message", ANSWER)
    adviser.presses("Send message")
    adviser.sees("Your message has been sent", ANSWER)
    assert "Waits for an answer" not in adviser.words
    assert "You have a message from the home education team" in words_of(portal.posts(IRIS, "You have a message"))
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.follows("Messages")
    parent.sees(ANSWER, "Read by Amrit Sandhu", "It counts as a reply")


def a_parent_tells(parent: Walker) -> None:
    """In a message, and in a written account."""
    parent.fills("Your message", TOLD)
    parent.presses("Send message")
    parent.sees("Your message has been sent")
    parent.follows("send something about the education")
    parent.fills("About your child", "A list of the books that Tad has read.")
    parent.presses("Send")
    parent.sees("We have received what you sent")


def an_adviser_confirms(adviser: Walker) -> str:
    """The message tells about the education: the clock moves a year on."""
    adviser.follows("Messages", exact=True)
    adviser.sees(TOLD, "Waits for an answer")
    adviser.follows("Say whether it is about education")
    adviser.chooses("Yes", among="tell about this child")
    adviser.presses("Save")
    adviser.sees("It tells about the education: it counts as contact", long_date(a_year_on()))
    adviser.presses("No answer needed")
    adviser.sees("This no longer waits for an answer")
    return adviser.page.locator(".child-header .portal-reference").inner_text()


def an_adviser_decides(adviser: Walker, child: str) -> None:
    """Suitable, on what was written; nobody had to be seen for that."""
    adviser.goes_to(f"/children/{child}/evidence/assess")
    adviser.is_satisfied()
    adviser.page.get_by_role("radio", name="Suitable", exact=True).check()
    adviser.fills("Reasons", REASONS)
    adviser.page.get_by_role("checkbox").first.check()
    adviser.fills("What else you relied on", GROUNDS)
    adviser.presses("Record this outcome")
    adviser.sees("Your decision has been recorded", REASONS, long_date(a_year_on()))
    adviser.sees("Last seen Not yet")


def a_parent_reads(parent: Walker, portal: RunningPortal) -> None:
    """What was decided and why, and the date a year on."""
    assert REASONS not in words_of(portal.posts(IRIS, "something new"))
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.sees("Suitable", REASONS, GROUNDS, long_date(a_year_on()))
    parent.follows("Messages")
    parent.sees(TOLD, "it counts as contact from the day it came")


def nobody_was_named(portal: RunningPortal, registration: str) -> None:
    """No mail of the whole story says whom it is about, or a word of what was written."""
    letters = portal.mailbox.letters
    assert len(letters) >= 7
    for letter in letters:
        everything = f"{letter.as_string()} {words_of(letter)}".replace(IRIS, "")
        for said in (CHILD.forename, CHILD.surname, "Tad ", "tide log", "Swallows", "rather write", ANSWER, REASONS):
            assert said not in everything, (letter["Subject"], said)
    assert any(registration in words_of(letter) for letter in letters)
