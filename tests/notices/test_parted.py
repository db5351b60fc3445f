"""When a child leaves a shared visit everybody’s calendar is right: its family’s, the others’ and the adviser’s."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Visit, VisitReply, VisitState
from ehe_portal.contact.service import Answer
from ehe_portal.core.codes import ContactKind, Destination
from ehe_portal.core.work import Work
from ehe_portal.notices.service import uid_of
from ehe_portal.register import service as register
from ehe_portal.register.events import ProtectionSet
from ehe_portal.register.models import Child, HouseholdVerdict, Parent
from ehe_portal.register.rules.people import Place
from tests.notices.conftest import Post
from tests.notices.test_invitations import OFFER, calendar_of, seen, shared, told
from tests.village import Village, an_account


def test_a_visit_that_is_parted_is_an_entry_of_its_own(
    village: Village, post: Post, at_work: Callable[[Account], Work], work: Work
) -> None:
    shared(work, village)
    adviser = at_work(village.adviser)
    ada, ben = (adviser.session.get_one(Child, village[name].id) for name in ("Ada", "Ben"))
    visit = contact.offer_visit(adviser, ada, replace(OFFER, along=(village["Ben"].reference,), minutes=90))
    whose = (village.parents["Ada"].email, village.adviser.email)
    _, before = calendar_of(*post()[village.adviser.email])
    contact.follow_protection(adviser, [ProtectionSet(authority_id=ben.authority_id, child_id=ben.id)])
    letters = post()
    for one in whose:
        events = {event["UID"]: event for _, event in map(calendar_of, letters[one])}
        assert {told(letter)[0] for letter in letters[one]} == {"REQUEST"}
        assert events.pop(before["UID"])["SEQUENCE"] > before["SEQUENCE"], "brought up to date: Ada stays"
        (own,) = events.values()
        assert own.decoded("DTEND") - own.decoded("DTSTART") == timedelta(minutes=90)
    assert [one.child_id for one in visit.children] == [ada.id]


@pytest.fixture
def apart(work: Work, village: Village, at_work: Callable[[Account], Work], post: Post) -> tuple[Visit, Account]:
    """A visit of Ada and Ben, in everybody's calendar; each of them has a parent of their own with an account."""
    shared(work, village)
    bens = an_account(work, village.authority, Role.PARENT, "ben@home.example", "Sam Carter")
    parent = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    parent.account_id = bens.id
    work.session.flush()
    adviser = at_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    visit = contact.offer_visit(adviser, ada, replace(OFFER, along=(village["Ben"].reference,)))
    assert set(post()) == {"ben@home.example", village.parents["Ada"].email, village.adviser.email}
    return visit, bens


def uid_and_told(letters: list[EmailMessage]) -> dict[str, tuple[str, int]]:
    """How each entry of these mails stands, by what it is known by: the method and the sequence."""
    return {str(calendar_of(one)[1]["UID"]): (told(one)[0], told(one)[2]) for one in letters}


@pytest.mark.parametrize("how", ["protected", "moved", "not of one family"])
def test_when_nobody_of_a_family_stays_its_entry_is_cancelled_and_its_own_comes(
    apart: tuple[Visit, Account], village: Village, post: Post, at_work: Callable[[Account], Work], how: str
) -> None:
    visit, bens = apart
    before, work = visit.version, at_work(village.adviser)
    ada, ben = (work.session.get_one(Child, village[name].id) for name in ("Ada", "Ben"))
    if how == "protected":
        register.set_protection(work, ben, True, "Told by social care", ben.version)
    elif how == "moved":
        register.move(work, ben, Place("8 Quay Street, Poole", "BH15 1HJ"), work.today)
    else:
        register.decide_household(work, ada, ben, HouseholdVerdict.APART)
    letters = post()
    own = work.session.scalars(select(Visit).where(Visit.child_id == ben.id)).one()
    assert uid_and_told(letters[bens.email]) == {
        uid_of(visit.reference): ("CANCEL", before + 1),
        uid_of(own.reference): ("REQUEST", 1),
    }
    assert village.parents["Ada"].email not in letters, "nothing has changed for Ada’s parent"
    assert uid_and_told(letters[village.adviser.email]) == {
        uid_of(visit.reference): ("REQUEST", before + 1),
        uid_of(own.reference): ("REQUEST", 1),
    }


def test_when_the_first_child_leaves_the_advisers_entry_leads_to_who_stays(
    apart: tuple[Visit, Account], village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    visit, _ = apart
    work = at_work(village.adviser)
    ada = work.session.get_one(Child, village["Ada"].id)
    register.set_protection(work, ada, True, "Told by social care", ada.version)
    entries = [calendar_of(one)[1] for one in post()[village.adviser.email]]
    (stays,) = [one for one in entries if one["UID"] == uid_of(visit.reference)]
    assert f"/children/{village['Ben'].reference}/offers/{visit.reference}" in stays["DESCRIPTION"]


def test_whoever_is_taken_out_loses_the_entry_and_the_others_keep_it(
    apart: tuple[Visit, Account], village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    visit, bens = apart
    before, work = visit.version, at_work(village.adviser)
    found = seen(work, village, visit)
    contact.change_offer(work, found, OFFER, version=before, child=work.session.get_one(Child, village["Ada"].id))
    letters = post()
    ((uid, (method, round_)),) = uid_and_told(letters[bens.email]).items()
    assert (uid, method) == (uid_of(visit.reference), "CANCEL")
    assert round_ > before
    ((uid, (method, later)),) = uid_and_told(letters[village.parents["Ada"].email]).items()
    assert (uid, method) == (uid_of(visit.reference), "REQUEST")
    assert later >= round_
    assert list(uid_and_told(letters[village.adviser.email])) == [uid_of(visit.reference)]


def test_a_family_with_somebody_left_in_it_hears_of_a_child_taken_out_by_one_message(
    village: Village, post: Post, at_work: Callable[[Account], Work], work: Work
) -> None:
    shared(work, village)
    adviser = at_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    visit = contact.offer_visit(adviser, ada, replace(OFFER, along=(village["Ben"].reference,)))
    post()
    contact.change_offer(adviser, visit, OFFER, version=visit.version, child=ada)
    (letter,) = post()[village.parents["Ada"].email]
    assert uid_and_told([letter]) == {uid_of(visit.reference): ("REQUEST", visit.version)}


def test_nothing_goes_to_a_family_whose_messages_are_stopped_when_a_visit_is_parted(
    apart: tuple[Visit, Account], village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    _, bens = apart
    work = at_work(village.adviser)
    ben = work.session.get_one(Child, village["Ben"].id)
    ben.messages_stopped_at = work.at
    work.session.flush()
    register.set_protection(work, ben, True, "Told by social care", ben.version)
    assert bens.email not in post()


@pytest.mark.parametrize("who", ["Ada", "Ben"])
def test_the_end_of_an_episode_ends_that_childs_part_of_a_visit(
    apart: tuple[Visit, Account], village: Village, post: Post, at_work: Callable[[Account], Work], who: str
) -> None:
    visit, bens = apart
    before, work = visit.version, at_work(village.staff[Role.EHE_MANAGER])
    emails = {"Ada": village.parents["Ada"].email, "Ben": bens.email}
    leaves = work.session.get_one(Child, village[who].id)
    end(work, leaves)
    letters = post()
    assert uid_and_told(letters[emails[who]]) == {uid_of(visit.reference): ("CANCEL", before + 1)}
    assert emails["Ben" if who == "Ada" else "Ada"] not in letters
    assert uid_and_told(letters[village.adviser.email]) == {uid_of(visit.reference): ("REQUEST", before + 1)}
    assert [one.child.legal_forename for one in visit.children] == ["Ben" if who == "Ada" else "Ada"]
    assert visit.child_id == visit.children[0].child_id
    (own,) = contact_queries.offers_made(work, leaves.id)
    assert own.state is VisitState.WITHDRAWN


def test_the_end_of_an_episode_cancels_a_visit_of_that_child_alone_and_nothing_that_has_begun(
    village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    adviser = at_work(village.adviser)
    offered = contact.offer_visit(adviser, adviser.session.get_one(Child, village["Ada"].id), OFFER)
    work = at_work(village.staff[Role.EHE_MANAGER])
    ada = work.session.get_one(Child, village["Ada"].id)
    this_morning = Visit(
        authority_id=ada.authority_id, child_id=ada.id, kind=ContactKind.PHONE_CALL, on_date=work.today,
        at_time=time(0, 5), adviser_id=village.adviser.id, offered_at=work.at,
    )  # fmt: skip
    work.session.add(this_morning)
    post()
    end(work, ada)
    gone = {uid_of(offered.reference): ("CANCEL", 2)}
    letters = post()
    assert uid_and_told(letters[village.parents["Ada"].email]) == gone
    assert uid_and_told(letters[village.adviser.email]) == gone
    assert letters[village.adviser.email][0]["Subject"] == "A visit of yours has been cancelled: 20 March 2026"
    assert (offered.state, this_morning.state) == (VisitState.WITHDRAWN, VisitState.OFFERED)


def test_a_visit_that_was_declined_stays_declined_and_nobody_is_written_to(
    village: Village, post: Post, at_work: Callable[[Account], Work]
) -> None:
    adviser, family = at_work(village.adviser), at_work(village.parents["Ada"])
    ada = adviser.session.get_one(Child, village["Ada"].id)
    visit = contact.offer_visit(adviser, ada, OFFER)
    contact.answer_offer(family, visit, Answer(reply=VisitReply.DECLINED), version=visit.version)
    post()
    end(at_work(village.staff[Role.EHE_MANAGER]), ada)
    assert post() == {}
    assert visit.state is VisitState.DECLINED


def end(work: Work, child: Child) -> None:
    """The child is on roll of a school: the episode ends."""
    assert child.episode is not None
    closing = register.Closing(
        destination=Destination.SCHOOL, closed_on=work.today, note="On roll, says the school", confirmed=True
    )
    register.close_episode(work, child.episode, closing, child.episode.version)
