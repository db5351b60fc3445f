"""An adviser leaves: a manager moves most of the children, an administrator hands over the rest with the account."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.cast import PASSWORD, Cast, today, years_ago
from tests.journeys.running import RunningPortal, words_of
from tests.journeys.walker import PHONE, Walker

LEAVER, MANY, FEW = "Amrit Sandhu", "Bea Lomax", "Cai Prosser"
CHILDREN = 14
TIERS = ("annual", "half-yearly")


def arrive(cast: Cast, folder: Path) -> list[str]:
    """The leaver has many children, of whom two live together; of the others one has some and one has none."""
    leaver = cast.staff("adviser", LEAVER)
    many, few = cast.staff("adviser", MANY, 2), cast.staff("adviser", FEW, 3)
    rows = [
        {
            "child_ref": f"L-{number}",
            "legal_forename": f"Kid{number}",
            "legal_surname": "Ashworth",
            "date_of_birth": years_ago(9, number).isoformat(),
            "address": "7 Weir Row, Sturminster" if number < 2 else f"{number} Mill Lane, Sturminster",
            "postcode": "BH16 6AA" if number < 10 else "DT1 1AA",
            "opened_on": years_ago(1).isoformat(),
            "adviser_email": leaver if number < CHILDREN else many,
            "tier": TIERS[number % 2],
        }
        for number in range(CHILDREN + 3)
    ]
    contacts = [
        {
            "child_ref": str(row["child_ref"]),
            "happened_on": today().isoformat(),
            "kind": "home-visit",
            "outcome": "held",
        }
        for row in rows
    ]
    cast.arrive(folder, rows, contacts)
    return [leaver, many, few]


def test_a_leavers_children(portal: RunningPortal, cast: Cast, walkers: Callable[..., Walker], tmp_path: Path) -> None:
    _, many, few = arrive(cast, tmp_path)
    manager = walkers()
    manager.signs_in(cast.staff("ehe-manager"), PASSWORD)
    manager.follows("Team")
    manager.sees("Who has how many children", LEAVER, MANY, FEW)
    expect(manager.page.get_by_role("img", name=f"{LEAVER}: 14 nothing due")).to_be_visible()
    moves_all_of_one_area(manager)
    told = portal.posts(few, "handed to you")
    assert words_of(told).startswith("Handed to you: ")
    assert "Ashworth" not in words_of(told)
    moves_one_whom_they_tick(manager)
    administrator = walkers(width=PHONE, javascript=False)
    hands_over_the_rest(administrator, cast)
    manager.goes_to("/team")
    manager.does_not_see(LEAVER)
    portal.flask("register", "doctor")
    assert len(portal.mailbox.all_to(many, "handed to you")) <= 1


def moves_all_of_one_area(manager: Walker) -> None:
    """Ten children of one postcode district, evenly; the brothers stay together."""
    manager.follows(LEAVER)
    manager.sees("14 children match")
    manager.fills("Postcode area", "BH16")
    manager.presses("Show")
    manager.sees("10 children match")
    manager.presses("Continue")
    manager.sees("There is a problem", "Select which children to move", "Select who should have these children")
    manager.chooses("All 10 children who match")
    manager.chooses("Several advisers, in even shares")
    manager.page.get_by_label(MANY).last.check()
    manager.page.get_by_label(FEW).last.check()
    manager.presses("Continue")
    manager.sees("Check before you move children", "10 children move", f"{MANY} 3 5 8", f"{FEW} 0 5 5")
    manager.presses("Move 10 children")
    manager.sees("10 children have been moved")


def moves_one_whom_they_tick(manager: Walker) -> None:
    """One child, by a tick, to a named adviser."""
    manager.goes_to("/team")
    manager.follows(LEAVER)
    manager.sees("4 children match")
    manager.chooses("Only some, whom I tick")
    manager.page.get_by_role("checkbox", name="Kid12 Ashworth").check()
    manager.chooses("One adviser")
    manager.page.get_by_label("Adviser", exact=True).select_option(label=f"{FEW} (5 children)")
    manager.presses("Continue")
    manager.sees("1 child moves", f"{FEW} 5 1 6")
    manager.presses("Move 1 child")
    manager.sees("1 child has been moved")


def hands_over_the_rest(administrator: Walker, cast: Cast) -> None:
    """On a phone, without scripts: the account is closed and what is left goes along with it."""
    administrator.signs_in(cast.staff("administrator"), PASSWORD)
    administrator.follows(LEAVER)
    administrator.chooses("No", among="Can they sign in?")
    administrator.presses("Save changes")
    administrator.sees("Hand over 3 children", f"{LEAVER} will not be able to sign in any more")
    administrator.does_not_see("Ashworth")
    administrator.presses("Hand over and change the account")
    administrator.sees("There is a problem", "Select who should have these children")
    administrator.chooses("Several advisers, in even shares")
    administrator.page.get_by_role("checkbox", name=FEW).check()
    administrator.presses("Hand over and change the account")
    administrator.sees("3 children have been handed over", "Cannot sign in")
