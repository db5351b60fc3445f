"""A visit of two siblings is a visit of the second one too: hand-overs, what waits on desks, chronologies, stops."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import StaffChange
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import service
from ehe_portal.contact import queries as contacts
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Visit, VisitReply
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ContactKind, Destination
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries as registers
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, Episode, Parent
from tests.contact.test_households import link
from tests.desks import waits
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, an_account

NewWork = Callable[..., Work]
MEETING = Offer(kind=ContactKind.MEETING, on_date=date(2026, 3, 20), at_time=time(10), place="The library")


def an_adviser(work: Work, village: Village, name: str) -> Account:
    return an_account(work, village.authority, Role.ADVISER, f"{name.lower()}@wessex.example", f"{name} Wessex")


@pytest.fixture
def ida(work: Work, village: Village) -> Account:
    return an_adviser(work, village, "Ida")


@pytest.fixture
def shared(work: Work, village: Village, new_work: NewWork) -> Visit:
    """Ada and Ben are of one family and both the adviser's, who has offered them one meeting."""
    link(work, village["Ada"], village["Ben"])
    work.session.flush()
    adviser = new_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    offer = Offer(kind=MEETING.kind, on_date=MEETING.on_date, at_time=MEETING.at_time, place=MEETING.place,
                  along=(village["Ben"].reference,))  # fmt: skip
    return contact.offer_visit(adviser, ada, offer)


@pytest.fixture
def manager(village: Village, new_work: NewWork) -> Work:
    return new_work(village.staff[Role.EHE_MANAGER])


def episode_of(work: Work, child: Child) -> Episode:
    return work.session.scalars(select(Episode).where(Episode.child_id == child.id, Episode.closed_on.is_(None))).one()


def given(work: Work, child: Child, adviser: Account) -> None:
    """The child is somebody else's from the beginning."""
    episode_of(work, child).adviser_id = adviser.id
    work.session.flush()


def move(work: Work, village: Village, names: tuple[str, ...], to: Account) -> None:
    held = registers.held_by(work, village.adviser.id)
    ids = {village[name].id for name in names}
    service.move(work, village.authority.id, [one for one in held if one.child_id in ids], [to])


def who_goes(work: Work, visit: Visit) -> int | None:
    work.session.expire_all()
    return work.session.get_one(Visit, visit.id).adviser_id


# Hand-overs


def test_the_visit_of_a_second_child_goes_along_with_that_child(
    village: Village, work: Work, manager: Work, shared: Visit, ida: Account
) -> None:
    """Ada has been somebody else's all along: whoever gets Ben makes the visit."""
    given(work, village["Ada"], an_adviser(work, village, "Uma"))
    move(manager, village, ("Ben",), ida)
    assert who_goes(work, shared) == ida.id
    told = work.session.scalars(select(AuditEntry.child_id).where(AuditEntry.kind == "VisitHandedOver")).all()
    assert sorted(one for one in told if one) == sorted(village[name].id for name in ("Ada", "Ben")), "each chronology"
    mails = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.account_id == ida.id)).all()
    assert [one.template for one in mails] == ["children-handed-over", "visit-of-yours"], "one visit, one entry"


@pytest.mark.parametrize("who", ["Ada", "Ben"])
def test_a_visit_stays_with_whoever_keeps_one_of_its_children(
    village: Village, work: Work, manager: Work, shared: Visit, ida: Account, who: str
) -> None:
    move(manager, village, (who,), ida)
    assert who_goes(work, shared) == village.adviser.id


def test_a_visit_goes_along_once_with_both_children(
    village: Village, work: Work, manager: Work, shared: Visit, ida: Account
) -> None:
    held = list(registers.held_by(manager, village.adviser.id))
    assert [one.visit_id for one in service.visits_along(manager, held)] == [shared.id]
    move(manager, village, ("Ada", "Ben"), ida)
    assert who_goes(work, shared) == ida.id
    assert len(contacts.steps_of(work, shared)) == 2


def test_whoever_leaves_hands_over_the_visit_of_a_second_child(
    village: Village, work: Work, new_work: NewWork, shared: Visit, ida: Account
) -> None:
    given(work, village["Ada"], an_adviser(work, village, "Uma"))
    leaver = village.adviser
    gone = StaffChange(role=leaver.role, is_active=False, away_from=None, away_until=None)
    administrator = new_work(village.staff[Role.ADMINISTRATOR])
    service.leave(administrator, leaver, gone, leaver.version, [ida], None)
    assert who_goes(work, shared) == ida.id


def test_what_a_leaver_makes_for_others_goes_to_whoever_has_one_of_the_children(
    village: Village, work: Work, new_work: NewWork, shared: Visit, ida: Account
) -> None:
    """Ada is with the team, Ben is Uma's; neither is the leaver's, whose visit it is all the same."""
    uma = an_adviser(work, village, "Uma")
    given(work, village["Ben"], uma)
    episode = episode_of(work, village["Ada"])
    episode.adviser_id, episode.team_since = None, work.today
    work.session.flush()
    leaver = village.adviser
    gone = StaffChange(role=leaver.role, is_active=False, away_from=None, away_until=None)
    administrator = new_work(village.staff[Role.ADMINISTRATOR])
    service.leave(administrator, leaver, gone, leaver.version, [ida], None)
    assert who_goes(work, shared) == uma.id


# Desks and pages


@pytest.fixture
def bens(village: Village, work: Work) -> Account:
    """Ben's own parent, with an account."""
    account = an_account(work, village.authority, Role.PARENT, "ben@home.example", "Sam Carter")
    parent = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    parent.account_id, parent.verified_at = account.id, work.at
    work.session.flush()
    return account


@pytest.fixture
def answered(village: Village, new_work: NewWork, shared: Visit, bens: Account) -> Visit:
    """Ben's own parent has asked for another time."""
    family = new_work(bens)
    seen = contacts.childs_visit(family, village["Ben"].reference, shared.reference)
    assert seen is not None
    contact.answer_offer(
        family, seen.visit, Answer(reply=VisitReply.ANOTHER_TIME, words="A Tuesday"), version=seen.visit.version
    )
    return shared


def test_an_answer_waits_once_on_each_desk_that_has_one_of_the_children(
    village: Village, work: Work, manager: Work, answered: Visit, ida: Account
) -> None:
    assert [one.child_name for one in waits(manager, "answer", village.adviser.id)] == ["Ada Byrne"]
    assert [one.child_name for one in waits(manager, "answer")] == ["Ada Byrne"], "the team's, once"
    given(work, village["Ben"], ida)
    assert [one.child_name for one in waits(manager, "answer", ida.id)] == ["Ben Carter"]
    assert [one.child_name for one in waits(manager, "answer")] == ["Ada Byrne"]
    ended = episode_of(work, village["Ada"])
    ended.closed_on, ended.destination = work.today, Destination.SCHOOL
    work.session.flush()
    assert [one.child_name for one in waits(manager, "answer")] == ["Ben Carter"], "Ada's end hides nothing"


def test_the_chronology_of_the_second_child_leads_to_the_visit(
    village: Village, shared: Visit, client_as: Callable[[Account | None], LintingClient]
) -> None:
    for name in ("Ada", "Ben"):
        child = village[name].reference
        page = client_as(village.adviser).get(f"/children/{child}/chronology").get_data(as_text=True)
        assert f"/children/{child}/offers/{shared.reference}" in page, name


def test_it_stands_on_every_page_of_the_second_child(
    village: Village, shared: Visit, bens: Account, client_as: Callable[[Account | None], LintingClient]
) -> None:
    ben = village["Ben"].reference
    adviser = client_as(village.adviser)
    contact_page = adviser.get(f"/children/{ben}/contact").get_data(as_text=True)
    assert f"/children/{ben}/offers/{shared.reference}" in contact_page
    assert "20 March 2026" in words_of(tree_of(adviser.get(f"/children/{ben}").get_data(as_text=True)))
    family = client_as(bens)
    for page in (f"/family/children/{ben}", f"/family/children/{ben}/visits"):
        assert "20 March 2026" in words_of(tree_of(family.get(page).get_data(as_text=True))), page


# Stops


def test_while_messages_about_the_second_child_are_stopped_nothing_is_done_with_the_visit(
    village: Village, new_work: NewWork, shared: Visit
) -> None:
    manager = new_work(village.staff[Role.EHE_MANAGER])
    stopped = manager.session.get_one(Child, village["Ben"].id)
    register.stop_messages(manager, [(stopped, {})], "Told by the police")
    adviser = new_work(village.adviser)
    visit = contacts.visible_visit(adviser, village["Ada"].reference, shared.reference)
    assert visit is not None
    ada, ben = (adviser.session.get_one(Child, village[name].id) for name in ("Ada", "Ben"))
    deeds: list[Callable[[], None]] = [
        lambda: contact.change_offer(adviser, visit, MEETING, version=visit.version),
        lambda: contact.change_offer(adviser, visit, MEETING, version=visit.version, child=ada),
        lambda: contact.change_offer(adviser, visit, MEETING, version=visit.version, child=ben),
        lambda: contact.withdraw_offer(adviser, visit, "", version=visit.version),
    ]
    for deed in deeds:
        with pytest.raises(Refusal, match="Messages to this family are stopped"):
            deed()
    assert [one.child_id for one in visit.children] == [ada.id, ben.id]
