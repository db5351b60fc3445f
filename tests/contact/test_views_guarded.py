"""The pages about contact that not everyone may open, or that put something right."""

from collections.abc import Callable
from datetime import date

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from tests.contact.stories import CHECK, HELD, WORRY, latest, text_of
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]


# Safeguarding


def test_safeguarding_is_for_those_who_may_read_it(village: Village, work: Work, client_as: SignIn, home: str) -> None:
    client_as(village.adviser).submit(home + HELD, {**CHECK, **WORRY})
    url = f"{home}/{latest(work, village['Ada']).reference}"
    for role in (Role.ADVISER, Role.CME_OFFICER, Role.HEAD_OF_SERVICE):
        assert "A bruise on the arm" in text_of(client_as(village.staff[role]), url)
    auditors = text_of(client_as(village.staff[Role.AUDITOR]), url)
    assert "We talked about maps" in auditors
    assert "bruise" not in auditors
    assert "Safeguarding" not in auditors
    assert "bruise" not in text_of(client_as(village.adviser), home)


# Confirming and striking out


@pytest.fixture
def waiting(village: Village, work: Work) -> Contact:
    """A report that came through the portal and waits for an officer's word."""
    contact = Contact(
        authority_id=village.authority.id,
        child_id=village["Ada"].id,
        happened_on=date(2026, 3, 11),
        kind=ContactKind.WRITTEN_REPORT,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
    )
    work.session.add(contact)
    work.session.flush()
    return contact


def test_an_officer_says_what_writing_is(
    village: Village, work: Work, adviser: LintingClient, home: str, waiting: Contact
) -> None:
    url = f"{home}/{waiting.reference}/confirm"
    assert "Select whether it tells" in adviser.submit(url).get_data(as_text=True)
    assert adviser.submit(url, {"substantive": "yes"}).location == f"{home}/{waiting.reference}"
    contact = latest(work, village["Ada"])
    assert (contact.substantive, contact.confirmed_by_id) == (True, village.adviser.id)
    assert "Yes: it counts as contact" in text_of(adviser, f"{home}/{waiting.reference}")


def test_two_officers_at_once_are_told(
    village: Village, work: Work, adviser: LintingClient, home: str, waiting: Contact
) -> None:
    url = f"{home}/{waiting.reference}/confirm"
    page = adviser.submit(url, {"substantive": "yes", "version": "7"}).get_data(as_text=True)
    assert "was changed by someone else" in page
    assert latest(work, village["Ada"]).substantive is None


def test_only_writing_received_has_a_page_to_confirm(
    village: Village, work: Work, adviser: LintingClient, home: str
) -> None:
    visit = latest(work, village["Ada"])
    assert adviser.get(f"{home}/{visit.reference}/confirm").location == f"{home}/{visit.reference}"


def test_striking_out(village: Village, work: Work, adviser: LintingClient, home: str) -> None:
    contact = latest(work, village["Ada"])
    url = f"{home}/{contact.reference}/strike-out"
    assert "Enter why it was recorded in error" in adviser.submit(url).get_data(as_text=True)
    assert adviser.submit(url, {"why": "It was her sister"}).location == f"{home}/{contact.reference}"
    assert latest(work, village["Ada"]).struck_out_by_id == village.adviser.id
    page = text_of(adviser, f"{home}/{contact.reference}")
    assert "Struck out" in page
    assert "It was her sister" in page
    assert "It was her sister" in text_of(adviser, home)
    assert adviser.get(url).location == f"{home}/{contact.reference}"


# Who may open what


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (Role.CME_OFFICER, {"offer", "confirm", "strike-out"}),
        (Role.AUDITOR, {"offer", "record", "describe", "confirm", "strike-out"}),
        (Role.HEAD_OF_SERVICE, {"offer", "record", "describe", "confirm", "strike-out"}),
        (Role.EHE_MANAGER, set()),
    ],
)
def test_each_role_opens_its_own(
    village: Village, client_as: SignIn, home: str, waiting: Contact, role: Role, refused: set[str]
) -> None:
    client = client_as(village.staff[role])
    places = {
        "offer": "/offer",
        "record": "/record",
        "describe": HELD,
        "confirm": f"/{waiting.reference}/confirm",
        "strike-out": f"/{waiting.reference}/strike-out",
    }
    assert {name for name, place in places.items() if client.get(home + place).status_code == 403} == refused


def test_strangers_find_nothing(village: Village, client_as: SignIn, home: str, waiting: Contact) -> None:
    stranger = client_as(village.stranger[Role.ADVISER])
    for place in ("", "/offer", "/record", HELD, f"/{waiting.reference}", f"/{waiting.reference}/confirm"):
        assert stranger.get(home + place).status_code == 404
    theirs = f"/children/{village['Zoe'].reference}/contact"
    assert client_as(village.adviser).get(f"{theirs}/{waiting.reference}").status_code == 404
    elsewhere = f"/children/{village['Ben'].reference}/contact"
    assert client_as(village.adviser).get(f"{elsewhere}/{waiting.reference}").status_code == 404
