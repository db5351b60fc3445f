"""A family registers its children: a task list, a question a page, check your answers, a receipt."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import ContactWay, EducationStyle, Ethnicity, PrimaryReason, SenStatus, Sex
from ehe_portal.core.work import Work
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.rules.profiles import PROFILES, Profile
from ehe_portal.register.models import Child, Registration, Submission
from ehe_portal.register.rules.answers import SchoolSuggested
from tests.conftest import NOON, Clock
from tests.pages import LintingClient
from tests.register.conftest import ClientAs, words
from tests.village import Village

START = "/family/register"
TASKS = "/family/register/tasks"
NAME = {"legal_forename": "Kit", "legal_surname": "O'Lowe"}
BORN = {"date_of_birth-day": "9", "date_of_birth-month": "4", "date_of_birth-year": "2016"}
ADDRESS = {"has_address": "yes", "address_line_1": "7 Quay Street", "town": "Poole", "postcode": "bh151hj"}
BEGAN = {"ehe_started_on-day": "1", "ehe_started_on-month": "3", "ehe_started_on-year": "2026"}
YOU = {"parent_name": "Mel Lowe"}
RELATIONSHIP = {"relationship": "Mother", "responsibility": "yes"}


@pytest.fixture
def family(client_as: ClientAs, parent: Account) -> LintingClient:
    """A parent's browser."""
    return client_as(parent)


def begin(family: LintingClient) -> str:
    """Press Start now; gives the address of the first child's pages."""
    done = family.submit(START)
    found = re.fullmatch(r"(/family/register/children/[0-9A-Z]{10})/name", done.location)
    assert found, done.location
    return found[1]


def answer(family: LintingClient, address: str, typed: dict[str, Any], leads_to: str) -> None:
    """Fill in one page, which leads on."""
    done = family.submit(address, typed)
    assert (done.status_code, done.location) == (302, leads_to), words(done)


def told_of_one(family: LintingClient) -> str:
    """All that must be answered, about one child and the family; gives the address of the child's pages."""
    child = begin(family)
    for page, typed in (("name", NAME), ("born", BORN), ("address", ADDRESS), ("began", BEGAN)):
        family.submit(f"{child}/{page}", typed)
    for page, typed in (("you", YOU), ("relationship", RELATIONSHIP)):
        family.submit(f"{START}/{page}", typed)
    return child


def another(family: LintingClient) -> str:
    """Press Add another child; gives the address of its pages."""
    page = family.get(TASKS).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    once = re.findall(r'name="once" value="([^"]+)"', page)
    assert token
    done = family.post(f"{START}/children", data={"csrf_token": token[1], "once": once[-1]})
    return str(done.location).removesuffix("/name")


def test_a_parent_registers_a_child_page_by_page(family: LintingClient, work: Work, parent: Account) -> None:
    assert "voluntary" in words(family.get(START))
    child = begin(family)
    for page, typed, then in (
        ("name", NAME, f"{child}/born"),
        ("born", BORN, f"{child}/sex"),
        ("sex", {"sex": "F"}, TASKS),
        ("address", ADDRESS, TASKS),
        ("began", BEGAN, f"{child}/school"),
        ("school", {"previous_school_type": "academy", "previous_school": "Hillside"}, f"{child}/suggested"),
        ("suggested", {"school_suggested": "not-sure"}, f"{child}/reason"),
        ("reason", {"reason": "no-reason-given"}, TASKS),
        ("style", {"styles": ["project", "online"]}, f"{child}/teachers"),
        ("teachers", {"others_teach": "yes", "other_teachers": "A tutor"}, TASKS),
        ("sen", {"sen_status": "support"}, f"{child}/languages"),
        ("languages", {"languages": "English and Polish"}, f"{child}/ethnicity"),
        ("ethnicity", {"ethnicity": "white-irish"}, TASKS),
    ):
        answer(family, f"{child}/{page}", typed, then)
    for page, typed, then in (
        ("you", YOU, f"{START}/relationship"),
        ("relationship", RELATIONSHIP, f"{START}/reach"),
        ("reach", {"phone": "01632 960 001"}, f"{START}/home"),
        ("home", {"lives_with_child": "no", "parent_address": "2 Hill Road"}, TASKS),
        ("other", {"has_other": "yes", "other_name": "Sam Lowe"}, f"{START}/other-reach"),
        ("other-reach", {"other_phone": "01632 960 002"}, TASKS),
        ("ways", {"ways": ["writing", "meeting"]}, f"{START}/interpreter"),
        ("interpreter", {"interpreter": "yes", "interpreter_language": "Polish"}, f"{START}/access"),
        ("access", {"access_needs": "Large print"}, f"{START}/support"),
        ("support", {"support": "Where to take exams"}, TASKS),
    ):
        answer(family, f"{START}/{page}", typed, then)
    tasks = words(family.get(TASKS))
    assert (tasks.count("Completed"), tasks.count("In progress"), tasks.count("Optional")) == (8, 0, 0)
    check = words(family.get(f"{START}/check"))
    for said in (
        "Kit O'Lowe",
        "9 April 2016",
        "7 Quay Street, Poole, BH15 1HJ",
        "I would rather not say",
        "Large print",
    ):
        assert said in check
    sent = family.submit(f"{START}/check")
    registration = work.session.scalars(select(Registration)).one()
    assert registration.submission is not None
    assert sent.location == f"{START}/received/{registration.submission.reference}"
    received = words(family.get(sent.location))
    assert registration.reference in received
    assert "19 March 2026" in received  # five working days
    assert family.get(f"{START}/check").location == START  # nothing is left to send
    its_own_columns(work, registration.child, parent)


def its_own_columns(work: Work, child: Child, parent: Account) -> None:
    """What was told stands where officers and counts find it."""
    assert (child.sex, child.sen_status, child.languages, child.ethnicity) == (
        Sex.FEMALE, SenStatus.SUPPORT, "English and Polish", Ethnicity.IRISH
    )  # fmt: skip
    episode, wishes = child.episodes[0], child.wishes
    assert (episode.primary_reason, episode.school_suggested, episode.other_teachers) == (
        PrimaryReason.NO_REASON_GIVEN, SchoolSuggested.NOT_SURE, "A tutor"
    )  # fmt: skip
    assert episode.style_codes == [EducationStyle.ONLINE, EducationStyle.PROJECT]
    assert wishes is not None
    assert (wishes.way_codes, wishes.interpreter, wishes.interpreter_language) == (
        [ContactWay.WRITING, ContactWay.MEETING], True, "Polish"
    )  # fmt: skip
    assert (wishes.access_needs, wishes.support, wishes.said_on) == ("Large print", "Where to take exams", NOON.date())
    mel, sam = child.parents
    assert (mel.account_id, mel.email, mel.address) == (parent.id, parent.email, "2 Hill Road")
    assert (sam.name, sam.phone, sam.account_id) == ("Sam Lowe", "01632 960 002", None)


def test_two_children_are_sent_in_one_go_with_a_reference_each(family: LintingClient, work: Work) -> None:
    told_of_one(family)
    lou = another(family)
    assert "Child 2" in words(family.get(TASKS))
    family.submit(f"{lou}/name", {"legal_forename": "Lou", "legal_surname": "Lowe"})
    assert family.get(f"{START}/check").location == f"{lou}/born"
    family.submit(f"{lou}/born", {**BORN, "date_of_birth-year": "2018"})
    family.submit(f"{lou}/began", BEGAN)
    page = family.get(f"{lou}/address")
    assert "Same address as Kit" in words(page)
    done = family.submit(f"{lou}/address")  # the first button of the page: one press
    assert done.location == TASKS
    check = words(family.get(f"{START}/check"))
    assert check.count("7 Quay Street, Poole, BH15 1HJ") == 2
    sent = family.submit(f"{START}/check")
    submission = work.session.scalars(select(Submission)).one()
    kit, lou_ = submission.registrations
    received = words(family.get(sent.location))
    assert kit.reference in received
    assert lou_.reference in received
    assert kit.child.episodes[0].id != lou_.child.episodes[0].id
    assert [one.child.address.postcode for one in (kit, lou_) if one.child.address] == ["BH15 1HJ", "BH15 1HJ"]
    assert family.submit(START).location.endswith("/name")  # what comes next is a new one


def test_a_second_press_adds_one_child(family: LintingClient) -> None:
    told_of_one(family)
    page = family.get(TASKS).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    once = re.findall(r'name="once" value="([^"]+)"', page)
    assert token
    pressed = [family.post(f"{START}/children", data={"csrf_token": token[1], "once": once[-1]}) for _ in range(2)]
    assert pressed[0].location == pressed[1].location
    assert words(family.get(TASKS)).count("Name and date of birth") == 2


def test_a_child_is_removed_before_sending(family: LintingClient, work: Work) -> None:
    told_of_one(family)
    lou = another(family)
    assert family.submit(f"{lou}/remove").location == TASKS
    assert "Child 2" not in words(family.get(TASKS))
    assert family.get(f"{lou}/name").status_code == 404
    family.submit(f"{START}/check")
    assert work.session.scalar(select(func.count(Registration.id))) == 1


def test_it_says_until_when_it_is_kept_and_goes_on_elsewhere(
    family: LintingClient, client_as: ClientAs, parent: Account, clock: Clock
) -> None:
    told_of_one(family)
    assert "11 April 2026" in words(family.get(TASKS))
    clock.at += timedelta(days=20)
    other_device = client_as(parent)
    begun = words(other_device.get(START))
    assert "We keep it until 11 April 2026" in begun
    assert other_device.submit(START).location == TASKS
    assert "Kit" in words(other_device.get(TASKS))
    other_device.submit(f"{START}/support", {"support": "Friends"})
    assert "1 May 2026" in words(other_device.get(TASKS))


def test_an_answer_is_changed_from_the_check(family: LintingClient) -> None:
    child = told_of_one(family)
    changed = family.submit(f"{child}/name?back=check", {"preferred_name": "Kitty"})
    assert changed.location == f"{START}/check"
    assert "Name they like to be called Kitty" in words(family.get(changed.location))
    family.submit(f"{child}/address?back=check", {"has_address": "no"})
    assert "Address No fixed address" in words(family.get(changed.location))
    more = family.submit(f"{START}/other?back=check", {"has_other": "yes", "other_name": "Sam"})
    assert more.location == f"{START}/other-reach"  # what this answer asks for comes first


def test_the_check_asks_for_what_is_missing_first(family: LintingClient) -> None:
    assert family.get(f"{START}/check").location == START
    child = begin(family)
    assert "Cannot start yet" in words(family.get(TASKS))
    family.submit(f"{child}/name", NAME)
    assert family.get(f"{START}/check").location == f"{child}/born"
    family.submit(f"{child}/born", BORN)
    assert family.get(f"{START}/check").location == f"{child}/address"


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("name", {**NAME, "legal_forename": " "}, "Enter your child’s legal first name"),
        ("born", {**BORN, "date_of_birth-month": "13"}, "Enter your child’s date of birth"),
        ("born", {**BORN, "date_of_birth-year": "2027"}, "Enter a date of birth that is in the past"),
        ("born", {**BORN, "date_of_birth-year": "1999"}, "not over 25 years ago"),
        ("name", {**NAME, "legal_surname": "x" * 101}, "Enter 100 characters or fewer"),
        ("address", {}, "Select where your child lives"),
        ("address", {**ADDRESS, "postcode": "nowhere"}, "Enter a full UK postcode"),
        ("address", {"has_address": "yes"}, "Enter the first line of the address"),
        ("began", {**BEGAN, "ehe_started_on-year": "2031"}, "Enter a date in your child’s lifetime"),
        ("/reach", {"phone": "call me"}, "Enter a phone number"),
        ("/other", {"has_other": "yes"}, "Enter their full name"),
        ("/relationship", {"relationship": "Mother"}, "Select whether you have parental responsibility"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(family: LintingClient, page: str, typed: dict[str, str], said: str) -> None:
    child = begin(family)
    shown = family.submit(START + page if page.startswith("/") else f"{child}/{page}", typed)
    assert shown.status_code == 200
    assert "There is a problem" in words(shown)
    assert said in words(shown)
    for value in typed.values():
        if value.strip() and value not in ("yes", "no"):
            assert value.replace("'", "&#39;") in shown.get_data(as_text=True)


def test_optional_questions_say_so_and_say_why(family: LintingClient) -> None:
    child = begin(family)
    for page in ("sex", "suggested", "reason", "style", "teachers", "sen", "languages", "ethnicity"):
        shown = words(family.get(f"{child}/{page}"))
        assert "(optional)" in shown, page
        assert "We ask" in shown, page
        assert family.submit(f"{child}/{page}").status_code == 302, page
    for page in ("reach", "home", "other", "ways", "interpreter", "access", "support"):
        assert "(optional)" in words(family.get(f"{START}/{page}")), page


def test_a_page_that_is_not_asked_leads_to_the_list(family: LintingClient) -> None:
    child = begin(family)
    assert family.get(f"{child}/hours").location == TASKS
    assert family.get(f"{START}/other-reach").location == TASKS


# The law's profile


@pytest.fixture
def commenced(monkeypatch: pytest.MonkeyPatch, work: Work, village: Village, clock: Clock) -> Callable[[], None]:
    """Lets the law to come be in force, and the authority work under it, from today."""

    def commence() -> None:
        law = PROFILES["cnis2026"]
        in_force = Profile(law.code, law.name, law.registration, law.required, commenced_on=NOON.date())
        monkeypatch.setitem(PROFILES, law.code, in_force)
        policy.set_values(work, village.authority.id, PolicyValues(), NOON.date(), law.code)

    return commence


def test_a_law_that_asks_more_requires_more_without_a_page_being_edited(
    family: LintingClient, work: Work, commenced: Callable[[], None]
) -> None:
    """A registration that could have been sent yesterday is asked for what has become the law meanwhile."""
    child = told_of_one(family)
    assert family.get(f"{START}/check").status_code == 200
    commenced()
    assert "voluntary" not in words(family.get(START))
    assert family.get(f"{START}/check").location == f"{child}/teachers"
    assert "Select whether anyone else teaches your child" in words(family.submit(f"{child}/teachers"))
    assert "(optional)" not in words(family.get(f"{child}/teachers"))
    answer(family, f"{child}/teachers", {"others_teach": "no"}, f"{child}/hours")
    assert "Enter the hours a week that parents teach" in words(family.submit(f"{child}/hours"))
    answer(family, f"{child}/hours", {"hours_from_parents": "15", "hours_from_others": "0"}, TASKS)
    family.submit(f"{START}/home", {"lives_with_child": "yes"})
    answer(family, f"{START}/other", {"has_other": "yes", "other_name": "Sam"}, f"{START}/other-reach")
    assert "Enter their address" in words(family.submit(f"{START}/other-reach"))
    family.submit(f"{START}/other", {"has_other": "no"})
    family.submit(f"{START}/check")
    episode = work.session.scalars(select(Registration)).one().child.episodes[0]
    assert (episode.hours_from_parents, episode.hours_from_others, episode.other_teachers) == (15, 0, "")


def test_staff_do_not_register_and_families_do_not_check(officer: LintingClient, client_as: ClientAs,
                                                         parent: Account) -> None:  # fmt: skip
    assert officer.get(START).status_code == 403
    family = client_as(parent)
    assert family.get("/registrations").status_code == 403
    assert family.get("/registrations/add").status_code == 403


def test_nobody_reads_another_familys_draft(family: LintingClient, client_as: ClientAs, village: Village) -> None:
    child = told_of_one(family)
    stranger = client_as(village.parents["Ada"])
    assert stranger.get(f"{child}/name").status_code == 404
    assert stranger.get(f"{child}/remove").status_code == 404
    assert "Kit" not in words(stranger.get(START))
