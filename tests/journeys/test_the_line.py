"""The whole main job, walked by people: a family registers, an adviser answers, another family stays silent."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from playwright.sync_api import expect

from ehe_portal.core.govuk.words import long_date
from tests.core import made_files
from tests.journeys.cast import PASSWORD, STAFF, Cast, NewChild, in_about, makes_account, registers, today, years_ago
from tests.journeys.running import RunningPortal, until, words_of
from tests.journeys.walker import PHONE, Walker

Walkers = Callable[..., Walker]

NELL = "nell.thistlewood@families.example"
STRANGER = "someone.else@families.example"
CHILD = NewChild("Wilhelmina", "Thistlewood", "Minna", years_ago(10, 40), "Nell Thistlewood")
SILENT = {"SIL-1": ("Peregrine", "Oakenshaw"), "SIL-2": ("Clementine", "Oakenshaw")}
HEARD_FROM = ("Barnaby", "Quillfeather")
SILENT_NAMES = [part for name in SILENT.values() for part in name]
NAMES = (CHILD.forename, CHILD.surname, CHILD.preferred, *HEARD_FROM, *SILENT_NAMES)

ACCOUNT = "Minna keeps bees with her grandfather and writes their diary every evening."
OBSERVATION = "A bruise the size of a coin on the left wrist."
OPINION = "It may be from the climbing frame she spoke of."
REASONS = "She read to me from her bee diary, and her sums go well beyond her age."


def test_the_line(walkers: Walkers, portal: RunningPortal, cast: Cast, tmp_path: Path) -> None:
    """From an empty portal to an answered alert."""
    parent, adviser = walkers(width=PHONE), walkers()
    makes_account(parent, portal, NELL, "Nell Thistlewood")
    registration = a_parent_registers(parent, portal)
    a_parent_sends_evidence(parent, portal, tmp_path)
    another_family_sees_nothing(walkers(width=PHONE), portal, cast, parent.page.url)

    an_adviser_is_added(walkers(), portal, cast, adviser)
    child = an_adviser_accepts(adviser, portal, registration)
    an_adviser_offers_a_visit(adviser, portal, parent)
    an_adviser_records_what_happened(adviser, child)
    an_adviser_decides(adviser, portal, child, parent)

    officers = [cast.staff("cme-officer", number=number) for number in (1, 2)]
    families_arrive(cast, tmp_path)
    silence_is_found(portal, officers)
    an_officer_answers(walkers(), officers[0], adviser)
    a_manager_looks_after_the_team(walkers(), cast, child)
    an_auditor_only_reads(walkers(), cast, child)
    no_child_is_named(portal)


# 1. A parent


def a_parent_registers(parent: Walker, portal: RunningPortal) -> str:
    """In a few pages that end in check your answers; what was wrong is told, what was typed is kept."""
    parent.follows("Register a child")
    parent.presses("Start now")
    parent.fills("Legal first name", CHILD.forename)
    parent.presses("Save and continue")
    parent.sees("There is a problem", "Enter your child’s legal last name")
    assert parent.page.get_by_label("Legal first name").input_value() == CHILD.forename
    registers(parent, CHILD)
    parent.follows("Change minna: name of the last school".replace("minna", CHILD.preferred))
    parent.fills("Name of the last school", "Hillside Primary")
    parent.presses("Save and continue")
    parent.sees("Check your answers", "Hillside Primary")
    parent.presses("Send registration")
    parent.sees("Registration received", "What happens next")
    reference = parent.reference
    assert reference in words_of(portal.posts(NELL, "received your registration"))
    return reference


def a_parent_sends_evidence(parent: Walker, portal: RunningPortal, folder: Path) -> None:
    """A written account and files of three kinds; then one page says where things stand."""
    files = {
        "bee diary.pdf": made_files.pdf(pages=2),
        "hive.jpg": made_files.photograph(place=True),
        "garden.heic": made_files.photograph(kind="HEIF"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    parent.follows("See where things stand")
    parent.follows("Where things stand")
    parent.sees("An adviser checks your registration by")
    parent.follows("Send something about the education")
    parent.fills("About your child", ACCOUNT)
    parent.uploads("Upload files", *(folder / name for name in files))
    parent.presses("Send")
    parent.sees("We have received what you sent", "3 files", *files, ACCOUNT)
    assert "has arrived" in words_of(portal.posts(NELL, "received what you sent"))
    with parent.page.expect_download() as download:
        parent.page.get_by_role("link", name="hive.jpg").click()
    assert Path(download.value.path()).read_bytes() == files["hive.jpg"]
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.sees("a written account and 3 files", *files)


def another_family_sees_nothing(stranger: Walker, portal: RunningPortal, cast: Cast, theirs: str) -> None:
    """An account is not parenthood."""
    cast.parent(STRANGER, "Someone Else")
    stranger.signs_in(STRANGER, PASSWORD)
    stranger.does_not_see(CHILD.preferred)
    for address in (theirs, f"{theirs}/evidence/new"):
        stranger.goes_to(address)
        stranger.sees("Page not found")
        stranger.does_not_see(CHILD.preferred, CHILD.surname)
    stranger.goes_to("/my-day")
    stranger.sees("You cannot open this page")


# 2. An adviser


def an_adviser_is_added(administrator: Walker, portal: RunningPortal, cast: Cast, adviser: Walker) -> None:
    """By an administrator, on the staff pages; the invitation's button lets them choose a password."""
    address = "adviser1@wessex.example"
    administrator.signs_in(cast.staff("administrator"), PASSWORD)
    administrator.sees("Staff")
    administrator.follows("Add someone")
    administrator.fills("Full name", STAFF["adviser"])
    administrator.fills("Email address", address)
    administrator.chooses("EHE adviser")
    administrator.presses("Add and invite")
    administrator.sees(f"{STAFF['adviser']} has been added", "Invited")
    cast.known.add(address)
    adviser.goes_to(portal.link_mailed(address, "Your account"))
    adviser.sees(f"Welcome, {STAFF['adviser']}")
    adviser.page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    adviser.presses("Save password")
    adviser.sees("My day")
    adviser.signs_out()
    adviser.signs_in(address, PASSWORD)


def an_adviser_accepts(adviser: Walker, portal: RunningPortal, reference: str) -> str:
    """Checks what the parent told us, and takes the child on."""
    adviser.sees("My day", "Registrations to check (1)")
    adviser.follows(CHILD.surname)
    adviser.sees("Check a registration", reference, CHILD.postcode, "Hillside Primary", NELL, "No record looks like")
    adviser.presses("Accept registration")
    adviser.sees("There is a problem", "Select that you are satisfied who the parent is")
    adviser.selects("Adviser", STAFF["adviser"])
    adviser.chooses("I am satisfied who the parent is")
    adviser.presses("Accept registration")
    adviser.sees("Registration accepted", "Overview", STAFF["adviser"], "Next contact due")
    assert reference in words_of(portal.posts(NELL, "checked your registration"))
    return adviser.page.locator(".child-header .portal-reference").inner_text()


def an_adviser_offers_a_visit(adviser: Walker, portal: RunningPortal, parent: Walker) -> None:
    """The family is told, and sees it on its page."""
    on = in_about(3)
    adviser.follows("Offer a visit or call")
    adviser.chooses("Home visit")
    adviser.enters_date("Date", on)
    adviser.fills("Time", "half past nine")
    adviser.presses("Send the offer")
    adviser.sees("There is a problem", "Enter a time, like 2:30pm")
    adviser.fills("Time", "10:30am")
    adviser.fills("Place", "At your kitchen table")
    adviser.presses("Send the offer")
    adviser.sees("Home visit offered", "At your kitchen table")
    assert long_date(on) in words_of(portal.posts(NELL, "An invitation"))
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.sees("Offered to you", f"Home visit on {long_date(on)} at 10:30am, At your kitchen table", "an invitation")
    parent.sees("We would like to hear from you by", f"Your adviser is {STAFF['adviser']}")


def an_adviser_records_what_happened(adviser: Walker, child: str) -> None:
    """The visit came early; the welfare check, and a worry that is kept apart."""
    adviser.follows("Record what came of it")
    adviser.chooses("It took place")
    adviser.presses("Continue")
    adviser.sees("What happened", "Home visit", long_date(today()))
    adviser.fills("Who was there", "Minna, her mother and a dog")
    adviser.chooses("Yes", among="Did you see the child")
    adviser.fills("What the child said", "I know all nine queens by name.")
    adviser.fills("What you saw or heard", "Bee diary, sums, a map of the garden")
    adviser.chooses("Yes, it was confirmed")
    adviser.fills("Summary for the family", "We talked about bees and sums.")
    adviser.unfolds("Safeguarding")
    adviser.fills("What was seen or heard", OBSERVATION)
    adviser.fills("What you make of it", OPINION)
    adviser.chooses("This record is finished")
    adviser.presses("Save contact")
    adviser.sees("Home visit recorded", "I know all nine queens by name.", OBSERVATION, OPINION)


def an_adviser_decides(adviser: Walker, portal: RunningPortal, child: str, parent: Walker) -> None:
    """Reads what was sent, says that it is about education, and records an outcome that the parent sees."""
    adviser.follows("Contact", exact=True)
    adviser.follows("Say whether it is about education")
    adviser.chooses("Yes", among="tell about this child")
    adviser.presses("Save")
    adviser.follows("Evidence", exact=True)
    adviser.sees(ACCOUNT, "bee diary.pdf")
    pictures = adviser.page.get_by_role("link", name="look at it here")
    for number in range(2):
        with adviser.page.expect_response("**/picture*") as answer:
            pictures.nth(number).click()
        assert answer.value.headers["content-type"] == "image/jpeg"
        adviser.page.go_back()
    adviser.follows("Record an outcome")
    adviser.is_satisfied()
    adviser.page.get_by_role("radio", name="Suitable", exact=True).check()
    adviser.fills("Reasons", REASONS)
    adviser.presses("Record this outcome")
    adviser.sees("There is a problem", "Select the evidence you relied on")
    assert adviser.page.get_by_label("Reasons").input_value() == REASONS
    adviser.page.get_by_role("checkbox").first.check()
    adviser.presses("Record this outcome")
    adviser.sees("Your decision has been recorded", REASONS, "Suitable")
    assert REASONS not in words_of(portal.posts(NELL, "something new"))
    parent.goes_to("/family")
    parent.follows("Where things stand")
    parent.sees("What we decided last, and why", "Suitable", REASONS)
    parent.does_not_see(OBSERVATION, OPINION)
    parent.follows("Our record")
    parent.follows("home visit, took place")
    parent.sees("We talked about bees and sums.", "Bee diary, sums, a map of the garden")
    parent.does_not_see(OBSERVATION, OPINION, "I know all nine queens by name.")


# 3. Silence


def families_arrive(cast: Cast, folder: Path) -> None:
    """Two siblings of whom nothing was heard for two years, and a child seen last month."""
    long_ago, lately = years_ago(2), today() - timedelta(days=30)

    def row(reference: str, name: tuple[str, str]) -> dict[str, str]:
        return {
            "child_ref": reference,
            "legal_forename": name[0],
            "legal_surname": name[1],
            "date_of_birth": years_ago(11).isoformat(),
            "address": "7 Mill Lane, Sturminster",
            "opened_on": years_ago(3).isoformat(),
            "adviser_email": "adviser1@wessex.example",
        }

    def contact(reference: str, on: date) -> dict[str, str]:
        return {"child_ref": reference, "happened_on": on.isoformat(), "kind": "home-visit", "outcome": "held"}

    cast.arrive(
        folder,
        [*(row(reference, name) for reference, name in SILENT.items()), row("HEARD", HEARD_FROM)],
        [*(contact(reference, long_ago) for reference in SILENT), contact("HEARD", lately)],
    )


def is_alerted(portal: RunningPortal, officer: str) -> bool:
    """Whether a message about each silent child has come."""
    return len(portal.mailbox.all_to(officer, "contact lapse")) == len(SILENT)


def silence_is_found(portal: RunningPortal, officers: list[str]) -> None:
    """The jobs process finds the lapse by itself; each officer is told once about each child."""
    with portal.jobs():
        for officer in officers:
            until(partial(is_alerted, portal, officer), f"alerts to {officer}", 120)
    portal.flask("jobs", "run", "lapse-overdue-contact")
    portal.flask("jobs", "run", "send-messages")
    raised = portal.escalations()
    assert sorted(one["child_ref"] for one in raised) == sorted(SILENT)
    assert {one["reason"] for one in raised} == {"contact-lapse"}
    for officer in officers:
        letters = portal.mailbox.all_to(officer, "contact lapse")
        assert len({letter["Message-ID"] for letter in letters}) == len(letters) == len(SILENT)
        assert all("made no attempt" in words_of(letter) for letter in letters)


# 4. A CME officer


def an_officer_answers(officer: Walker, address: str, adviser: Walker) -> None:
    """Sees what waits, says that it is in hand, decides, and ends it in a way that does not silence."""
    officer.signs_in(address, PASSWORD)
    officer.goes_to("/escalations")
    officer.sees("Contact lapse: no concern recorded", "The authority made no attempt")
    officer.sees(*(" ".join(name) for name in SILENT.values()))
    officer.follows(" ".join(SILENT["SIL-1"]))
    officer.sees("Waiting for someone", f"{STAFF['cme-officer']}, CME officer: sent")
    officer.presses("Acknowledge")
    officer.sees("Acknowledged. Others can see that you are looking at it.", STAFF["cme-officer"])
    officer.follows("Record a decision")
    officer.chooses("Open an enquiry")
    officer.enters_date("Next date", today() + timedelta(days=400))
    officer.fills("Reasons", "Two letters came back.")
    officer.presses("Save decision")
    officer.sees("There is a problem", "Enter a next date within the next three months")
    assert officer.page.get_by_label("Reasons").input_value() == "Two letters came back."
    officer.enters_date("Next date", today() + timedelta(days=7))
    officer.presses("Save decision")
    officer.sees("Enquiry open", "Two letters came back.", f"Owner {STAFF['cme-officer']}")
    officer.follows("Close", exact=True)
    officer.fills("What was done", "Spoke to the grandmother; the family is travelling until the new year.")
    officer.enters_date("Date of the next contact", today() + timedelta(days=30))
    officer.presses("Close")
    officer.sees("Closed", "A dated next contact has been agreed or set")
    # The other child's silence ends by contact, which the adviser records.
    adviser.goes_to("/my-day")
    adviser.sees("Escalations (1)")
    adviser.follows(" ".join(SILENT["SIL-2"]))
    adviser.follows("Contact", exact=True)
    adviser.follows("Record a contact")
    adviser.chooses("Phone call")
    adviser.chooses("It took place")
    adviser.enters_date("When was it", today())
    adviser.presses("Continue")
    adviser.fills("Who was there", "Her father")
    adviser.chooses("No: the parent chose another way")
    adviser.presses("Save contact")
    officer.goes_to("/escalations")
    officer.sees("Nothing here")
    officer.goes_to("/escalations?view=closed")
    officer.sees(*(" ".join(name) for name in SILENT.values()))


# 5. Managers and auditors


def a_manager_looks_after_the_team(manager: Walker, cast: Cast, child: str) -> None:
    """Gives the child to someone else and looks closer."""
    cast.staff("adviser", number=2)
    manager.signs_in(cast.staff("ehe-manager"), PASSWORD)
    manager.sees("The team’s day", "Who has how many")
    manager.goes_to(f"/children/{child}")
    manager.follows("Change adviser")
    manager.chooses(f"{STAFF['adviser']} 2")
    manager.presses("Save")
    manager.sees(f"{STAFF['adviser']} 2 now has this child")
    manager.follows("Change tier")
    manager.chooses("Child in need")
    manager.chooses("Half-yearly")
    manager.presses("Save")
    manager.sees("Tier and social care status saved", "Half-yearly", "Child in need")
    manager.follows("Chronology")
    manager.sees(STAFF["ehe-manager"])


def an_auditor_only_reads(auditor: Walker, cast: Cast, child: str) -> None:
    """Sees the record and its trail, has nothing to press, and is refused what is pressed all the same."""
    auditor.signs_in(cast.staff("auditor"), PASSWORD)
    auditor.goes_to("/audit")
    auditor.goes_to(f"/children/{child}")
    auditor.sees(CHILD.surname)
    pages = [auditor.page.url]
    pages += [link.get_attribute("href") or "" for link in auditor.page.locator(".child-nav__link").all()]
    for address in pages:
        auditor.goes_to(address)
        expect(auditor.page.locator("main form[method=post], main a[role=button]")).to_have_count(0)
        auditor.does_not_see(OBSERVATION)
    token = auditor.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    for path in ("contact/offer", "contact/record", "episode/tier", "concerns/new", "evidence/assess"):
        answer = auditor.page.request.post(f"{auditor.home}/children/{child}/{path}", form={"csrf_token": token})
        assert answer.status == 403, path


def no_child_is_named(portal: RunningPortal) -> None:
    """Not in any message of the whole story."""
    assert len(portal.mailbox.letters) >= 10
    for letter in portal.mailbox.letters:
        everything = f"{letter.as_string()} {words_of(letter)}"
        for name in (*NAMES, OBSERVATION, REASONS, ACCOUNT):
            # The parent's own address has her name in it, and is where her letters go.
            assert name not in everything.replace(NELL, ""), (letter["Subject"], name)
