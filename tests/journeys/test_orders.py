"""A whole case in the browser, from the notice over the order to its revocation, under either law, on the right days.

Days go by in that all that was written down in the case is put back: so each page is seen on the day that it is about.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.core.days import add_working_days
from ehe_portal.core.govuk.words import long_date
from ehe_portal.orders.models import OrderCase, OrderSending, OrderStep
from ehe_portal.policy.models import PolicyValues, TermDate, TermKind
from ehe_portal.policy.service import keep
from ehe_portal.register.models import Child
from tests.journeys.cast import PASSWORD, today
from tests.journeys.stage import Stage, appears_unsuitable
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]


def days_go_by(stage: Stage, forename: str, days: int) -> None:
    """All that was written down in the child's case was so many days earlier."""
    back = timedelta(days=days)
    with stage.deed() as work:
        work.abandoned = False
        case = work.session.scalars(
            select(OrderCase).join(Child, Child.id == OrderCase.child_id)
            .where(Child.reference == stage.children[forename])
        ).one()  # fmt: skip
        case.begun_at -= back
        case.clock_on = None if case.clock_on is None else case.clock_on - back
        for step in work.session.scalars(select(OrderStep).where(OrderStep.case_id == case.id)):
            earlier(step, back, "written_at", "taken_at", "taken_on")
            step.said = {
                name: f"{date.fromisoformat(value) - back}" if name.endswith("_on") else value
                for name, value in step.said.items()
            }
            for sending in work.session.scalars(select(OrderSending).where(OrderSending.step_id == step.id)):
                earlier(sending, back, "sent_on", "served_on", "recorded_at")
        work.published += 1  # nothing happened but time


def earlier(row: Any, back: timedelta, *names: str) -> None:
    """These moments and days of a row, put back."""
    for name in names:
        known = getattr(row, name)
        setattr(row, name, None if known is None else known - back)


def takes(walker: Walker, step: str, reasons: str, **more: str) -> None:
    """A manager takes a step that may come next."""
    walker.follows(step)
    for label, words in more.items():
        if words in ("Yes", "No"):
            walker.chooses(words, among="permanently excluded")
        elif label == "school":
            walker.page.get_by_role("textbox", name="School", exact=True).fill(words)
        else:
            walker.chooses(words)
    walker.fills("Reasons", reasons)
    walker.presses("Take this step")


def serves(walker: Walker, way: str) -> None:
    """It is written down how a document was served today."""
    walker.follows("Write down how it was served")
    walker.chooses(way)
    walker.enters_date("On which day?", today())
    walker.fills("Proof", "Seen by a colleague")
    walker.presses("Save")


def until(days: int) -> str:
    """The last day of a period that begins today."""
    return long_date(today() + timedelta(days=days - 1))


def test_a_whole_case_under_the_act_of_1996(walkers: Walkers, stage: Stage) -> None:
    dilan = stage.children["Dilan"]
    adviser, manager = walkers(width=PHONE, javascript=False), walkers()
    adviser.signs_in(stage.address_of(Role.ADVISER), PASSWORD)
    adviser.goes_to(f"/children/{dilan}/orders")
    adviser.sees("never on silence, and never on a visit that was not wanted", "is no ground")
    appears_unsuitable(stage, "Dilan")
    adviser.goes_to(f"/children/{dilan}/orders")
    adviser.follows("School attendance order")
    adviser.fills("Reasons", "At our last meeting we were shown a few pages from last spring.")
    adviser.presses("Put it forward")
    adviser.sees("It has no effect until an EHE manager or the head of service takes it")

    manager.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    manager.goes_to("/my-day?kind=order-steps")
    manager.follows("Dilan Erdem")
    manager.chooses("Take this step")
    manager.presses("Save")
    manager.sees("not served yet", "The letter")
    serves(manager, "Handed to the person")
    manager.sees(f"The family has until the end of {until(15)}", "section 437(2) gives the family")
    days_go_by(stage, "Dilan", 14)
    manager.goes_to(manager.page.url)
    manager.sees(f"Choose this step from {long_date(today() + timedelta(days=1))} on")
    days_go_by(stage, "Dilan", 1)
    manager.goes_to(manager.page.url)
    takes(manager, "Not satisfied within", "Nothing more was shown.")
    takes(manager, "The child should go to school", "No tuition could be found.", plan="There is no EHC plan")
    takes(manager, "School consulted", "There is a place.", school="Elm School", excluded="No")
    takes(manager, "School told", "The governing body was written to.", school="Elm School", excluded="No")
    serves(manager, "Sent electronically")
    manager.sees(f"The school has until the end of {until(15)}", "section 439 gives the school")
    days_go_by(stage, "Dilan", 15)
    manager.goes_to(manager.page.url)
    takes(manager, "Notice of intention", "It is the nearest.", school="Elm School", excluded="No")
    serves(manager, "Left at the usual")
    manager.sees(f"The family has until the end of {until(15)}", "section 438 gives the family")
    manager.goes_to("/orders")
    manager.sees("Dilan Erdem", f"until the end of {until(15)}")
    manager.follows("Dilan Erdem")
    days_go_by(stage, "Dilan", 15)
    manager.goes_to(manager.page.url)
    manager.follows("School attendance order")
    manager.chooses("Yes", among="permanently excluded")
    manager.fills("Reasons", "The time to choose is over.")
    manager.presses("Take this step")
    manager.sees("There is a problem", "one that has permanently excluded the child is never named")
    manager.chooses("No", among="permanently excluded")
    manager.presses("Take this step")
    serves(manager, "Handed to the person")
    manager.sees("The school: not served yet", "nothing runs before it is")  # section 437(5)
    serves(manager, "Sent electronically")
    manager.sees("Nothing is waited for", "Order amended", "Order not complied with")
    takes(manager, "Order revoked", "The family showed us a suitable education since.")
    serves(manager, "Handed to the person")
    manager.sees("Over", "by its last step")
    manager.does_not_see("What may come next")
    manager.follows("Chronology")
    manager.sees("Notices and orders: step taken", "Step: order revoked", "Notices and orders: case over")


def test_a_whole_case_under_the_act_of_2026(walkers: Walkers, stage: Stage) -> None:
    with stage.deed() as work:
        authority_id = stage.staff[Role.EHE_MANAGER].authority_id
        assert authority_id is not None
        keep(work, authority_id, PolicyValues(), today(), number=900, profile="cnis2026")
        work.session.add(
            TermDate(
                authority_id=authority_id, school_year=today().year, kind=TermKind.TERM, name="A long term",
                first_on=today() - timedelta(days=100), last_on=today() + timedelta(days=100),
            )
        )  # fmt: skip
    appears_unsuitable(stage, "Cleo")
    cleo = stage.children["Cleo"]
    manager = walkers()
    manager.signs_in(stage.address_of(Role.EHE_MANAGER), PASSWORD)
    manager.goes_to(f"/children/{cleo}/orders")
    manager.sees("Consent to withdraw from school", "Request for information", "sections 436H to 436Q")
    manager.follows("School attendance order")
    manager.chooses("A: it appears that the education is not suitable")
    manager.enters_date("On which day did it appear so?", today())
    for considered in ("Where the child learns", "The home"):
        manager.chooses(considered)
    manager.fills("Reasons", "A few pages from last spring.")
    manager.presses("Take this step")
    manager.sees(f"The council’s turn: {until(5)}")
    serves(manager, "In another effective way")
    manager.sees(f"The family has until the end of {until(15)}", "section 436H(10)(c) gives the family")
    days_go_by(stage, "Cleo", 15)
    manager.goes_to(manager.page.url)
    takes(manager, "Conditions of the notice not met", "Nothing more was shown.")
    manager.follows("The child should go to school")
    manager.chooses("There is no EHC plan")
    for considered in ("Where the child learns", "The home", "How the child learns"):
        manager.chooses(considered)
    manager.fills("Reasons", "No tuition could be found.")
    manager.presses("Take this step")
    manager.sees(
        f"Last day to serve the decision that follows it: {until(15)}"
    )  # from the day after the notice ended, which is today
    takes(manager, "School consulted", "The governing body was asked.", school="Elm School", excluded="No")
    takes(manager, "Decision sent to the school", "There is a place.", school="Elm School", excluded="No")
    serves(manager, "Sent electronically")
    # All working days are school days here; the first is today, if it is one.
    answered = add_working_days(today() - timedelta(days=1), 10)
    manager.sees(f"The school has until the end of {long_date(answered)}", "section 436N(5) gives the school")
    days_go_by(stage, "Cleo", (answered - today()).days + 1)
    manager.goes_to(manager.page.url)
    takes(manager, "School nomination notice", "It is the nearest.", school="Elm School", excluded="No")
    serves(manager, "Handed to the person")
    manager.sees(f"The family has until the end of {until(15)}")
    days_go_by(stage, "Cleo", 15)
    manager.goes_to(manager.page.url)
    manager.follows("School determined")
    manager.chooses("No", among="permanently excluded")
    manager.enters_date("On which day was the school determined?", today())
    manager.fills("Reasons", "Nothing else was chosen.")
    manager.presses("Take this step")
    manager.sees(f"Last day to serve it: {until(5)}")
    takes(manager, "School attendance order", "It is needed.", school="Elm School", excluded="No")
    serves(manager, "Handed to the person")
    manager.sees("The school: not served yet")
    serves(manager, "Sent electronically")
    manager.sees("Nothing is waited for", "up to level 4")
    takes(manager, "Order revoked", "The family showed us a suitable education since.")
    serves(manager, "Handed to the person")
    manager.sees("Over", "by its last step")
    manager.goes_to(f"/children/{stage.children['Dilan']}/orders")  # a case stays under the law under which it began
    manager.follows("School attendance order, begun")
    manager.sees("sections 437 to 447")
