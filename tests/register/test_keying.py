"""An officer keys in what came on paper, by phone or from a school."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.core.codes import Responsibility, SenStatus
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, Registration, Submission, Via
from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.service import Source
from tests.conftest import NOON
from tests.pages import LintingClient
from tests.register.conftest import As, ClientAs, Told, answers, clock_of, here, kinds, words
from tests.village import Village

RECEIVED = date(2026, 3, 5)
PAPER = Source(Via.PAPER, "Her mother", RECEIVED)
ADD = "/registrations/add"
CAME = {
    "via": "paper",
    "said_by": "Her mother",
    "received_on-day": "5",
    "received_on-month": "3",
    "received_on-year": "2026",
}
CHILD = {
    "legal_forename": "Kit",
    "legal_surname": "Lowe",
    "date_of_birth-day": "9",
    "date_of_birth-month": "4",
    "date_of_birth-year": "2016",
    "has_address": "yes",
    "address_line_1": "7 Quay Street",
    "town": "Poole",
    "postcode": "BH15 1HJ",
    "sen_status": "support",
}
FAMILY = {"parent_name": "Mel Lowe", "parent_email": "mel@paper.example", "ways": ["writing"]}


def keyed(work: Work, told: Answers | None = None, source: Source = PAPER) -> Registration:
    """What an officer keyed in about one child."""
    return service.key_in_registrations(work, [told or answers()], source).registrations[0]


# The service


def test_the_episode_opens_on_the_day_the_authority_first_knew(adviser: Work, told: Told, village: Village) -> None:
    registration = keyed(adviser)
    assert kinds(told) == ["RegistrationKeyedIn", "LetterWritten", "EpisodeOpened"]
    child = registration.child
    assert child.episodes[0].opened_on == RECEIVED
    assert clock_of(adviser, child).due_on == date(2026, 3, 19)  # ten working days from then
    assert (registration.account_id, registration.submitted_at.date()) == (None, RECEIVED)
    submission = registration.submission
    assert submission is not None
    assert (submission.via, submission.said_by, submission.received_on) == (Via.PAPER, "Her mother", RECEIVED)
    assert (submission.keyed_by_id, submission.entered_at, submission.account_id) == (village.adviser.id, NOON, None)
    (parent,) = child.parents
    assert (parent.name, parent.account_id, parent.verified_at) == ("Mel Lowe", None, None)
    lines, _ = queries.waiting_registrations(adviser)
    assert [line.reference for line in lines] == [registration.reference]


def test_a_school_may_know_little_and_the_child_is_in_sight_all_the_same(adviser: Work) -> None:
    little = Answers(legal_forename="Kit", legal_surname="Lowe", date_of_birth=date(2016, 4, 9), parent_name="Mel Lowe")
    registration = keyed(adviser, little, Source(Via.SCHOOL_NOTICE, "Hillside School", NOON.date()))
    child = registration.child
    assert child.address is not None
    assert child.address.line == "Address not known yet"
    assert (child.parents[0].responsibility, child.episodes[0].ehe_started_on) == (Responsibility.UNKNOWN, None)
    assert clock_of(adviser, child).due_on == date(2026, 3, 26)
    assert registration.submitted_at == NOON


@pytest.mark.parametrize(
    ("source", "changed", "said"),
    [
        (Source(Via.PAPER, "Her mother", date(2026, 3, 13)), {}, "today or earlier"),
        (Source(Via.PAPER, "Her mother", date(2016, 4, 8)), {}, "not before the child was born"),
        (Source(Via.PORTAL, "Her mother", RECEIVED), {}, "Select how it came"),
        (PAPER, {"parent_name": ""}, "Enter what is still missing: your name"),
    ],
)
def test_what_cannot_be_is_refused(adviser: Work, source: Source, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        keyed(adviser, answers(**changed), source)


def test_doubles_are_found_as_for_any_other(adviser: Work, village: Village) -> None:
    ada = village["Ada"]
    twice = answers(legal_forename="Ada", legal_surname="Byrne", date_of_birth=ada.date_of_birth)
    registration = keyed(adviser, twice)
    assert [pair.other.id for pair in queries.undecided_pairs(adviser, registration.child_id)] == [ada.id]


def test_accepting_verifies_nobody_and_writes_to_nobody(adviser: Work, village: Village) -> None:
    """There is no account; a parent without one must not become verified because neither has one."""
    registration = here(adviser, keyed(adviser, answers(other_name="Sam Lowe")))
    service.accept(adviser, registration, village.adviser)
    assert registration.child.episodes[0].accepted_at == NOON
    assert [parent.verified_at for parent in registration.child.parents] == [None, None]
    assert adviser.session.scalars(select(OutgoingMessage)).all() == []


def test_it_is_found_by_officers_of_its_authority_alone(adviser: Work, as_account: As, village: Village) -> None:
    submission = keyed(adviser).submission
    assert submission is not None
    manager = as_account(village.staff[Role.EHE_MANAGER])
    assert queries.keyed_submission(manager, submission.reference) is not None
    assert queries.keyed_submission(as_account(village.stranger[Role.ADVISER]), submission.reference) is None
    assert queries.own_submission(as_account(village.parents["Ada"]), submission.reference) is None


def test_advisers_and_their_managers_key_in() -> None:
    granted = {role for role in Role if Permission.REGISTRATION_KEY_IN in GRANTS[role]}
    assert granted == {Role.ADVISER, Role.EHE_MANAGER}


# The pages


def test_an_officer_keys_in_two_children_from_one_form(officer: LintingClient, work: Work) -> None:
    first = officer.submit(ADD, CAME).location
    assert first.startswith(f"{ADD}/children/")
    assert officer.submit(first, CHILD).location == f"{ADD}/family"
    assert officer.submit(f"{ADD}/family", FAMILY).location == f"{ADD}/check"
    check = words(officer.get(f"{ADD}/check"))
    for said in ("On our paper form", "Her mother", "5 March 2026", "Kit Lowe", "7 Quay Street", "mel@paper.example"):
        assert said in check
    second = another(officer)
    sibling = officer.get(second)
    assert 'value="7 Quay Street"' in sibling.get_data(as_text=True)  # brothers and sisters mostly live there too
    lou = {**CHILD, "legal_forename": "Lou", "date_of_birth-year": "2018", "sen_status": ""}
    assert officer.submit(second, lou).location == f"{ADD}/check"
    done = press(officer, f"{ADD}/check", "Put on the register")
    submission = work.session.scalars(select(Submission)).one()
    assert done.location == f"{ADD}/done/{submission.reference}"
    page = words(officer.get(done.location))
    for registration in submission.registrations:
        assert registration.reference in page
    kit = submission.registrations[0].child
    assert (kit.sen_status, kit.parents[0].email) == (SenStatus.SUPPORT, "mel@paper.example")
    shown = words(officer.get(f"/registrations/{submission.registrations[0].reference}"))
    assert "On our paper form" in shown
    assert "Ann Wessex" in shown
    assert "Sent together with Lou Lowe" in shown
    assert "I am satisfied" not in shown  # nobody has an account to be satisfied of
    assert "In writing" in words(officer.get(f"/children/{kit.reference}/people"))


def press(client: LintingClient, url: str, button: str) -> Any:
    """Press one of a page's buttons."""
    return client.submit(url, button=button)


def another(officer: LintingClient) -> str:
    """Press Add another child; gives the address of its page."""
    return str(press(officer, f"{ADD}/check", "Add another child").location)


def test_what_was_begun_is_kept_for_whoever_began_it(officer: LintingClient, client_as: ClientAs,
                                                     village: Village) -> None:  # fmt: skip
    child = officer.submit(ADD, CAME).location
    officer.submit(child, CHILD)
    assert "You have begun to key one in. It is kept for you until 11 April 2026" in words(officer.get(ADD))
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert manager.get(child).status_code == 404
    assert "You have begun" not in words(manager.get(ADD))
    again = client_as(village.adviser)
    press(again, ADD, "Throw away what was begun")
    assert again.get(child).status_code == 404


@pytest.mark.parametrize(
    ("url", "typed", "said"),
    [
        (ADD, {**CAME, "via": ""}, "Select how it came"),
        (ADD, {**CAME, "via": "portal"}, "Select one of the answers on the page"),
        (ADD, {**CAME, "said_by": " "}, "Enter who told us"),
        (ADD, {**CAME, "received_on-year": "2027"}, "Enter a date that is today or earlier"),
        ("child", {**CHILD, "legal_surname": ""}, "Enter your child’s legal last name"),
        ("child", {**CHILD, "postcode": "here"}, "Enter a full UK postcode"),
        (f"{ADD}/family", {**FAMILY, "parent_name": ""}, "Enter your full name"),
        (f"{ADD}/family", {**FAMILY, "other_phone": "01632 960 002"}, "Select yes, or leave out how to reach another"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(officer: LintingClient, url: str, typed: dict[str, str], said: str) -> None:
    child = officer.submit(ADD, CAME).location
    shown = officer.submit(child if url == "child" else url, typed)
    assert shown.status_code == 200
    assert said in words(shown)


def test_received_before_birth_is_said_on_the_check(officer: LintingClient) -> None:
    child = officer.submit(ADD, {**CAME, "received_on-year": "2015"}).location
    officer.submit(child, CHILD)
    officer.submit(f"{ADD}/family", FAMILY)
    shown = press(officer, f"{ADD}/check", "Put on the register")
    assert "not before the child was born" in words(shown)


def test_a_keyed_registration_is_joined_to_a_known_record_with_what_was_told(adviser: Work, village: Village) -> None:
    ada = queries.visible_child(adviser, village["Ada"].reference)
    assert ada is not None
    told = answers(
        legal_forename="Ada", legal_surname="Byrne", date_of_birth=ada.date_of_birth, support="A maths group",
        languages="Irish", sen_status=SenStatus.SUPPORT,
    )  # fmt: skip
    registration = here(adviser, keyed(adviser, told))
    service.join(adviser, registration, ada)
    stays = adviser.session.get_one(Child, ada.id)
    assert stays.wishes is not None
    assert (stays.wishes.support, stays.languages, stays.sen_status) == ("A maths group", "Irish", SenStatus.SUPPORT)
    assert registration.child.wishes is None
    verified = [parent.verified_at for parent in stays.parents if parent.account_id is None]
    assert verified == [None] * len(verified)


def test_an_account_is_never_given_to_what_was_keyed_in(adviser: Work, parent: Account) -> None:
    """Whoever has the address that an officer keyed in does not see the child for that."""
    registration = keyed(adviser, answers(parent_email=parent.email))
    assert [one.account_id for one in registration.child.parents] == [None]
