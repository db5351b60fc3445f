"""A second parent comes in by an officer alone: invited or matched, verified, ended; nobody joins by themselves."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence import service as evidence
from ehe_portal.register import queries, service
from ehe_portal.register.models import AccessState, Child, Parent, ParentAccess
from tests.desks import waits
from tests.pages import LintingClient
from tests.register.conftest import As, ClientAs, child_of, words
from tests.village import Village, a_child, an_account

OZ = "oz@home.example"


@pytest.fixture
def second(work: Work, village: Village) -> Parent:
    """Ada's second parent, known by name and address of mail."""
    ada = village["Ada"]
    parent = Parent(
        authority_id=ada.authority_id, child_id=ada.id, position=2, name="Oz Byrne", email=OZ, relationship_="Father"
    )
    work.session.add(parent)
    work.session.flush()
    work.session.expire(ada, ["parents"])
    return parent


@pytest.fixture
def oz(work: Work, village: Village) -> Account:
    """Whoever owns that address has an account."""
    return an_account(work, village.authority, Role.PARENT, OZ, "Oz Byrne")


def parent_at(work: Work, reference: str, position: int) -> Parent | None:
    """A parent on a child's record, by the place on it."""
    found = select(Parent).join(Child).where(Child.reference == reference, Parent.position == position)
    return work.session.scalars(found).one_or_none()


def theirs(work: Work, village: Village) -> Parent:
    found = parent_at(work, village["Ada"].reference, 2)
    assert found is not None
    return found


def invited(adviser: Work, village: Village) -> ParentAccess:
    parent = theirs(adviser, village)
    return service.invite_parent(adviser, parent, version=parent.version)


def claim(work: Work, access: ParentAccess, child: Child) -> None:
    found = queries.own_invitation(work, access.reference)
    assert found is not None
    named, born_on = "Ada Byrne", child.date_of_birth
    service.answer_invitation(work, found, claims=True, child_named=named, child_born_on=born_on)


def reach(work: Work, village: Village) -> bool:
    return queries.verified_child(work, village["Ada"].reference) is not None


@pytest.mark.usefixtures("second")
def test_an_invitation_goes_to_the_address_on_the_record(adviser: Work, village: Village) -> None:
    access = invited(adviser, village)
    assert (access.email, access.state) == (OZ, AccessState.INVITED)
    mail = adviser.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "parent-invited")).one()
    link = adviser.session.scalars(select(MailLink)).one()
    assert (mail.to_address, mail.context) == (OZ, {"link_id": link.id})
    assert (link.email, link.purpose, link.account_id) == (OZ, Purpose.INVITATION, None)
    with pytest.raises(Refusal, match="invited already"):
        service.invite_parent(adviser, theirs(adviser, village), version=theirs(adviser, village).version)


@pytest.mark.usefixtures("second")
def test_the_link_opens_an_account_and_joins_nothing(adviser: Work, village: Village, as_account: As) -> None:
    access = invited(adviser, village)
    link = adviser.session.scalars(select(MailLink)).one()
    opened = accounts.use_link(adviser, link, "Oz Byrne", "copper lantern meadow 47", "key")
    assert opened.role is Role.PARENT
    family = as_account(opened)
    assert [one.reference for one in queries.own_invitations(family)] == [access.reference]
    assert not reach(family, village)
    assert theirs(adviser, village).account_id is None


@pytest.mark.usefixtures("second")
def test_a_claim_waits_for_an_officer(adviser: Work, village: Village, oz: Account, as_account: As) -> None:
    access = invited(adviser, village)
    assert adviser.session.scalars(select(MailLink)).all() == [], "there is an account: nothing is to be opened"
    claim(as_account(oz), access, village["Ada"])
    adviser.session.expire_all()
    assert not reach(as_account(oz), village)
    assert theirs(adviser, village).account_id is None
    (waiting,) = waits(adviser, "claim", village.adviser.id)
    assert (waiting.child_reference, waiting.address["parent_reference"]) == (
        village["Ada"].reference,
        theirs(adviser, village).reference,
    )
    assert waits(as_account(village.stranger[Role.ADVISER]), "claim") == []
    with pytest.raises(ChangedMeanwhile):
        service.verify_parent(adviser, theirs(adviser, village), version=access.version + 5)
    service.verify_parent(adviser, theirs(adviser, village), version=access.version)
    assert reach(as_account(oz), village)
    assert waits(adviser, "claim") == []
    told = select(OutgoingMessage.to_address).where(OutgoingMessage.template == "parent-verified")
    assert adviser.session.scalars(told).all() == [OZ]


@pytest.mark.usefixtures("second", "oz")
def test_only_the_owner_of_the_address_can_answer(adviser: Work, village: Village, as_account: As) -> None:
    access = invited(adviser, village)
    for other in (village.parents["Ada"], village.parents["Zoe"]):
        work = as_account(other)
        assert queries.own_invitation(work, access.reference) is None
        with pytest.raises(Refusal, match="email address to which"):
            service.answer_invitation(work, work.session.get_one(ParentAccess, access.id), claims=True)


@pytest.mark.usefixtures("second")
def test_who_says_no_is_not_asked_again(adviser: Work, village: Village, oz: Account, as_account: As) -> None:
    access = invited(adviser, village)
    family = as_account(oz)
    mine = queries.own_invitation(family, access.reference)
    assert mine is not None
    service.answer_invitation(family, mine, claims=False)
    assert queries.own_invitations(family) == []
    adviser.session.expire_all()
    with pytest.raises(Refusal, match="Nobody waits"):
        service.verify_parent(adviser, theirs(adviser, village), version=access.version)


@pytest.mark.usefixtures("second")
def test_nobody_is_verified_who_did_not_claim(adviser: Work, village: Village, oz: Account, as_account: As) -> None:
    access = invited(adviser, village)
    with pytest.raises(Refusal, match="Nobody waits"):
        service.verify_parent(adviser, theirs(adviser, village), version=access.version)
    assert not reach(as_account(oz), village)


@pytest.mark.usefixtures("second")
def test_an_account_is_matched_by_an_officer(adviser: Work, village: Village, oz: Account, as_account: As) -> None:
    parent = theirs(adviser, village)
    for email in ("nobody@home.example", village.adviser.email, village.parents["Zoe"].email):
        with pytest.raises(Refusal, match="a parent’s account"):
            service.match_parent(adviser, parent, email, version=parent.version)
    with pytest.raises(Refusal, match="another parent’s"):
        service.match_parent(adviser, parent, village.parents["Ada"].email, version=parent.version)
    with pytest.raises(ChangedMeanwhile):
        service.match_parent(adviser, parent, OZ, version=parent.version + 1)
    service.match_parent(adviser, parent, OZ, version=parent.version)
    assert reach(as_account(oz), village)
    assert (parent.account_id, parent.verified_by_id) == (oz.id, village.adviser.id)


def test_access_ends_at_once(adviser: Work, village: Village, as_account: As, client_as: ClientAs) -> None:
    family = village.parents["Ada"]
    assert reach(as_account(family), village)
    first = parent_at(adviser, village["Ada"].reference, 1)
    assert first is not None
    with pytest.raises(Refusal, match="why it ends"):
        service.end_access(adviser, first, " ", version=first.version)
    work = as_account(family)
    sent = evidence.submit(work, child_of(work, village["Ada"]), "We read.", []).reference
    service.end_access(adviser, first, "An order of the court", version=first.version)
    assert not reach(as_account(family), village)
    client, ada = client_as(family), f"/family/children/{village['Ada'].reference}"
    closed = [client.get(page).status_code for page in (ada, f"{ada}/evidence/{sent}/sent", f"{ada}/evidence/new")]
    assert closed == [404] * 3
    (ended,) = queries.access_history(adviser, [first])[first.id]
    assert (ended.state, ended.ended_why, ended.account_id) == (
        AccessState.ENDED,
        "An order of the court",
        family.id,
    )
    mail = adviser.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "access-ended")).one()
    assert (mail.to_address, mail.context) == (family.email, {})
    with pytest.raises(Refusal, match="no access"):
        service.end_access(adviser, first, "Again", version=first.version)


@pytest.mark.usefixtures("second")
def test_an_ended_invitation_cannot_be_answered(adviser: Work, village: Village, oz: Account, as_account: As) -> None:
    access = invited(adviser, village)
    parent = theirs(adviser, village)
    service.end_access(adviser, parent, "Sent in error", version=parent.version)
    assert queries.own_invitation(as_account(oz), access.reference) is None
    again = invited(adviser, village)
    assert again.id != access.id


def test_a_parent_without_an_address_cannot_be_invited(adviser: Work, village: Village, second: Parent) -> None:
    parent = theirs(adviser, village)
    parent.email = None
    adviser.session.flush()
    with pytest.raises(Refusal, match="email address"):
        service.invite_parent(adviser, parent, version=parent.version)


def test_the_story_follows_a_parent_of_a_joined_record(
    adviser: Work, village: Village, work: Work, second: Parent
) -> None:
    """Ada was on the register twice; her father had been invited on the other record."""
    twin = a_child(work, village.authority, "Adah", "Byrne", village["Ada"].date_of_birth, work.today)
    work.session.add(Parent(authority_id=twin.authority_id, child_id=twin.id, position=2, name="Oz Byrne", email=OZ))
    work.session.flush()
    duplicate = child_of(adviser, twin)
    there = parent_at(adviser, twin.reference, 2)
    assert there is not None
    access = service.invite_parent(adviser, there, version=there.version)
    service.join_records(adviser, duplicate, child_of(adviser, village["Ada"]))
    assert access.parent_id == second.id
    assert access.state is AccessState.INVITED


# Pages


@pytest.fixture
def page(village: Village) -> str:
    return f"/children/{village['Ada'].reference}/access"


@pytest.fixture
def at(work: Work, village: Village) -> Callable[[int], str]:
    """The reference of Ada's first or second parent."""

    def reference(position: int) -> str:
        found = parent_at(work, village["Ada"].reference, position)
        assert found is not None
        return found.reference

    return reference


def test_an_officer_invites_compares_and_verifies(
    client_as: ClientAs, village: Village, second: Parent, oz: Account, page: str, work: Work, at: Callable[[int], str]
) -> None:
    officer = client_as(village.adviser)
    assert "No access" in words(officer.get(page))
    assert officer.submit(f"{page}/{at(2)}/invite").location == page
    access = work.session.scalars(select(ParentAccess)).one()
    family = client_as(oz)
    assert "Answer the invitation" in words(family.get("/family"))
    form = f"/family/invitations/{access.reference}"
    shown = words(family.get(form))
    for hidden in ("Ada", "Byrne’s", "2015", "Mill Lane"):
        assert hidden not in shown
    assert "Enter your child’s full name" in words(family.submit(form))
    born = {"child_born_on-day": "4", "child_born_on-month": "5", "child_born_on-year": "2015"}
    assert family.submit(form, {"child_named": "Ada B", **born}).location == "/family"
    assert "An officer will check it" in words(family.get("/family"))
    assert family.get(form).status_code == 404
    officer = client_as(village.adviser)
    compared = words(officer.get(f"{page}/{at(2)}/verify"))
    assert "Ada B" in compared
    assert "Select that you are satisfied" in words(officer.submit(f"{page}/{at(2)}/verify"))
    assert officer.submit(f"{page}/{at(2)}/verify", {"satisfied": "yes"}).location == page
    assert words(officer.get(page)).count("Sees the page") == 2
    assert "Where things stand" in words(client_as(oz).get("/family"))


def test_an_officer_ends_access(client_as: ClientAs, village: Village, page: str, at: Callable[[int], str]) -> None:
    officer = client_as(village.adviser)
    assert "Enter why it ends" in words(officer.submit(f"{page}/{at(1)}/end"))
    assert officer.submit(f"{page}/{at(1)}/end", {"why": "An order of the court"}).location == page
    shown = words(officer.get(page))
    assert "An order of the court" in shown
    assert "Sees the page" not in shown
    assert officer.get(f"{page}/ABCDEFGHJK/end").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CME_OFFICER])
def test_who_only_reads_lets_nobody_in(
    client_as: ClientAs, village: Village, page: str, role: Role, at: Callable[[int], str]
) -> None:
    reader: LintingClient = client_as(village.staff[role])
    assert "End access" not in words(reader.get(page))
    statuses = [reader.get(f"{page}/{at(1)}/{deed}").status_code for deed in ("invite", "match", "verify", "end")]
    assert set(statuses) == {403}
