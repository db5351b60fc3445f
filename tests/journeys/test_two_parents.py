"""A family answers an offer on a phone; and two parents at different addresses, neither of whom sees the other's."""

from collections.abc import Callable

from ehe_portal.accounts.policy import Role
from ehe_portal.core.govuk.words import long_date
from tests.journeys.cast import PASSWORD, in_about, today
from tests.journeys.running import RunningPortal, words_of
from tests.journeys.stage import SECOND, Stage
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]

PAT = ("CANARY-STREET-1", "01632 960 111", "Canary words of Pat")
SAM = ("CANARY-STREET-2", "01632 960 222", "Canary words of Sam")
PAGES = ("Visits and calls", "Evidence and decisions", "Our record", "Sent and received", "Tell us of a change")


def test_a_family_answers_an_offer_on_a_phone(walkers: Walkers, stage: Stage, portal: RunningPortal) -> None:
    """It asks for another time, is offered one, and says no, without a script and without a word of blame."""
    parent, adviser = walkers(width=PHONE, javascript=False), walkers()
    parent.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    parent.goes_to(f"/family/children/{stage.children['Ada']}")
    parent.sees("Offered to you", "Waiting for your answer")
    parent.follows("Answer")
    parent.presses("Send your answer")
    parent.sees("There is a problem", "Select what would suit you")
    parent.chooses("Another time would be better")
    parent.fills("Which days or times", "Any Tuesday morning")
    parent.presses("Send your answer")
    parent.sees("suggest another time", "Another time asked for", "Any Tuesday morning")
    letter = words_of(portal.posts(stage.address_of(Role.ADVISER), "A family has answered an offer"))
    assert "Ada" not in letter
    assert "Tuesday" not in letter

    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(f"/children/{stage.children['Ada']}/contact")
    adviser.sees("The family has answered")
    adviser.follows("Read the answer")
    adviser.sees("Any Tuesday morning", "Not read yet")
    adviser.follows("Offer something else instead")
    on = in_about(12)
    adviser.enters_date("Date", on)
    adviser.fills("A few words to the family", "Would this be better?")
    adviser.presses("Send the changed offer")
    adviser.sees("The offer has been changed", "Offered then")

    assert long_date(on) in words_of(portal.posts(stage.address_of(Role.PARENT), "A changed invitation"))
    parent.follows("Visits and calls")
    parent.sees("Would this be better?", "The offer has been changed since", "Any Tuesday morning")
    parent.follows("Answer")
    parent.chooses("No, thank you")
    parent.presses("Send your answer")
    parent.sees("That is fine", "Not this time")
    adviser.goes_to(f"/children/{stage.children['Ada']}/contact")
    adviser.sees("Not wanted this time")
    adviser.does_not_see("Waiting to be recorded")


def test_two_parents_at_different_addresses(walkers: Walkers, stage: Stage, portal: RunningPortal) -> None:
    """Sam is let in by an officer; each tells us where they live; neither finds the other's, wherever they look."""
    pat, sam, adviser = walkers(width=PHONE), walkers(), walkers()
    sam.signs_in(SECOND, PASSWORD)
    sam.sees("An officer will check it")
    sam.does_not_see("Ada")
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(f"/children/{stage.children['Ada']}/access")
    adviser.follows("Verify who this is")
    adviser.chooses("I am satisfied who this is")
    adviser.presses("Let this parent see the page")
    adviser.sees("This parent now sees the child’s page")
    assert "Ada" not in words_of(portal.posts(SECOND, "You can see the page now"))

    pat.signs_in(stage.address_of(Role.PARENT), PASSWORD)
    for walker, said in ((pat, PAT), (sam, SAM)):
        tells_of_an_address(walker, stage, *said)
        comments(walker, stage, said[2])
    for walker, own, other in ((pat, PAT, SAM), (sam, SAM, PAT)):
        walker.goes_to(f"/family/children/{stage.children['Ada']}")
        walker.sees("What we decided last, and why", "Ada explained a food web to me.")
        seen = ""
        for page in (None, *PAGES):
            if page is not None:
                walker.follows(page)
            walker.does_not_see(*other, "3 Mill Lane" if walker is sam else "sam.byrne", "A cough that went on")
            seen += walker.page.content()
        assert own[0] in seen
    for letter in portal.mailbox.letters:
        assert not any(secret in letter.as_string() for secret in (*PAT, *SAM, "CANARY"))
    access_ends(adviser, sam, stage)


def tells_of_an_address(parent: Walker, stage: Stage, street: str, phone: str, said: str) -> None:
    parent.goes_to(f"/family/children/{stage.children['Ada']}/changes")
    parent.follows("A change of address")
    parent.fills("What is the new address", street)
    parent.enters_date("When did your child move", today())
    parent.fills("Anything you would like to add", f"{said}, ring {phone}")
    parent.presses("Tell us")
    parent.sees("Thank you for telling us", street)


def comments(parent: Walker, stage: Stage, said: str) -> None:
    parent.goes_to(f"/family/children/{stage.children['Ada']}/records/{stage.references['visited']}")
    parent.sees("We talked about the pond.", "Drawings, a diary")
    parent.does_not_see("A cough that went on", "I like newts best.")
    parent.follows("Comment on this record")
    parent.fills("What would you like to add", said)
    parent.presses("Add your comment")
    parent.sees("stands beside our record", said)


def access_ends(adviser: Walker, sam: Walker, stage: Stage) -> None:
    """At once, in a page that is open already."""
    sam.goes_to(f"/family/children/{stage.children['Ada']}")
    adviser.goes_to(f"/children/{stage.children['Ada']}/access/{stage.references['second parent']}/end")
    adviser.fills("Why does it end", "An order of the court")
    adviser.presses("End it now")
    adviser.sees("no longer sees anything", "An order of the court")
    sam.page.reload()
    sam.sees("Page not found")
    sam.goes_to("/family")
    sam.does_not_see("Ada")
