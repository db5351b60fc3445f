"""One visit about several children of a family: a record, an outcome and a clock for each; nothing crosses parents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import Contact, Visit, VisitChild, VisitReply, VisitState
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import service as register
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child, HouseholdLink, HouseholdVerdict, Parent
from tests.conftest import Clock
from tests.contact.stories import THERE, ClockOf, d
from tests.desks import waits
from tests.pages import LintingClient, form_of
from tests.village import Village, an_account

NewWork = Callable[..., Work]
NAMES = ("Ada", "Cleo", "Ben")  # the child it is offered for, then the eldest first


def link(work: Work, one: Child, other: Child) -> None:
    first, second = sorted((one.id, other.id))
    work.session.add(
        HouseholdLink(
            authority_id=one.authority_id,
            child_id=first,
            other_child_id=second,
            verdict=HouseholdVerdict.LINKED,
            decided_at=work.at,
            decided_by_id=None,
        )
    )


@pytest.fixture
def family(village: Village, work: Work) -> Village:
    """Ada, Ben and Cleo are a family and live at one address; Ada's parent is Ben's verified parent too."""
    for one, other in (("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")):
        link(work, village[one], village[other])
    line = village["Ada"].address
    assert line is not None
    for name in NAMES:
        address = village[name].address
        assert address is not None
        address.line = line.line
    bens = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    bens.account_id, bens.verified_at = village.parents["Ada"].id, work.at
    work.session.flush()
    return village


def offer(family: Village, *along: str, kind: ContactKind = ContactKind.HOME_VISIT) -> Offer:
    return Offer(
        kind=kind,
        on_date=d("2026-03-20"),
        at_time=time(10),
        place="The library" if kind is ContactKind.MEETING else None,
        along=tuple(family[name].reference for name in along),
    )


@pytest.fixture
def together(family: Village, new_work: NewWork) -> tuple[Work, Visit]:
    adviser = new_work(family.adviser)
    ada = adviser.session.get_one(Child, family["Ada"].id)
    return adviser, service.offer_visit(adviser, ada, offer(family, "Ben", "Cleo"))


# Whom a visit may be about


def test_the_family_is_offered_and_told_once(family: Village, together: tuple[Work, Visit]) -> None:
    work, visit = together
    assert [one.child_id for one in visit.children] == [family[name].id for name in NAMES]
    mails = list(work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template != "visit-entry")))
    assert [(one.template, one.to_address) for one in mails] == [("visit-offered", family.parents["Ada"].email)]
    told = work.session.scalars(select(AuditEntry.child_id).where(AuditEntry.kind == "VisitOffered")).all()
    assert sorted(one for one in told if one) == sorted(family[name].id for name in NAMES), "in each chronology"


def test_a_protected_child_is_neither_offered_nor_taken_along(family: Village, work: Work, new_work: NewWork) -> None:
    family["Ben"].protected = True
    work.session.flush()
    adviser = new_work(family.adviser)
    ada, ben = (adviser.session.get_one(Child, family[name].id) for name in ("Ada", "Ben"))
    assert [one.legal_forename for one in queries.companions(adviser, ada)] == ["Cleo"]
    assert queries.companions(adviser, ben) == []
    for kind in (ContactKind.HOME_VISIT, ContactKind.MEETING):
        with pytest.raises(Refusal) as refused:
            service.offer_visit(adviser, ada, offer(family, "Ben", kind=kind))
        assert refused.value.field == "along"


def test_only_who_lives_there_is_visited_at_home(family: Village, work: Work, new_work: NewWork) -> None:
    address = family["Cleo"].address
    assert address is not None
    address.line = "99 Elsewhere Road"
    work.session.flush()
    adviser = new_work(family.adviser)
    ada = adviser.session.get_one(Child, family["Ada"].id)
    with pytest.raises(Refusal):
        service.offer_visit(adviser, ada, offer(family, "Cleo"))
    met = service.offer_visit(adviser, ada, offer(family, "Cleo", kind=ContactKind.MEETING))
    assert len(met.children) == 2


def test_nobody_else_comes_along(family: Village, work: Work, new_work: NewWork) -> None:
    """Not a child who is no relation, whose episode is closed, or of another authority."""
    adviser = new_work(family.adviser)
    ada = adviser.session.get_one(Child, family["Ada"].id)
    link(adviser, ada, family["Hana"])
    adviser.session.flush()
    for name in ("Esi", "Hana", "Zoe"):
        with pytest.raises(Refusal):
            service.offer_visit(adviser, ada, offer(family, name, kind=ContactKind.MEETING))


# What parents see


def test_a_parent_sees_and_hears_of_own_children_only(
    family: Village,
    together: tuple[Work, Visit],
    new_work: NewWork,
    client_as: Callable[[Account | None], LintingClient],
) -> None:
    work, visit = together
    cleos = an_account(work, family.authority, Role.PARENT, "cleo@home.example", "Sam Dunn")
    parent = work.session.scalars(select(Parent).where(Parent.child_id == family["Cleo"].id)).one()
    parent.account_id, parent.verified_at = cleos.id, work.at
    work.session.flush()
    other = new_work(cleos)
    assert queries.childs_visit(other, family["Ada"].reference, visit.reference) is None
    seen = queries.childs_visit(other, family["Cleo"].reference, visit.reference)
    assert seen is not None
    assert [one.legal_forename for one in queries.children_shown(other, [visit])[visit.id]] == ["Cleo"]
    page = client_as(cleos).get(f"/family/children/{family['Cleo'].reference}/visits").get_data(as_text=True)
    assert "Home visit on 20 March 2026" in page
    for secret in ("Ada", "Ben", "Mill Lane", str(family.parents["Ada"].email)):
        assert secret not in page
    mine = client_as(family.parents["Ada"]).get(f"/family/children/{family['Ada'].reference}/visits")
    assert "One visit about Ada and Ben." in mine.get_data(as_text=True)
    given = service.answer_offer(other, seen.visit, Answer(reply=VisitReply.ACCEPTED), version=seen.visit.version)
    replies = other.session.scalars(select(Contact.child_id).where(Contact.happened_on == other.today)).all()
    assert replies == [family["Cleo"].id], "a reply counts for the children of whoever answered"
    assert other.session.get_one(Contact, given.contact_id).child_id == family["Cleo"].id


# Recording


def held(visit: Visit, seen: ChildSeen = ChildSeen.YES) -> service.Happened:
    return service.Happened(
        kind=visit.kind, outcome=ContactOutcome.HELD, happened_on=d("2026-03-20"), child_seen=seen, check=THERE,
        visit=visit,
    )  # fmt: skip


def test_each_child_has_its_own_record_outcome_and_clock(
    family: Village, together: tuple[Work, Visit], clock: Clock, clock_of: ClockOf, new_work: NewWork
) -> None:
    work, visit = together
    clock.at = work.at = datetime(2026, 3, 20, 15, tzinfo=UTC)

    def day() -> list[str]:
        return [row.child_name for row in waits(new_work(family.adviser), "visit", family.adviser.id)]

    assert sorted(day()) == ["Ada Byrne", "Ben Carter", "Cleo Dunn"]
    ada, cleo, ben = (work.session.get_one(Child, family[name].id) for name in NAMES)
    before = clock_of(family["Ben"]).last_contact_on
    service.record_contact(work, ada, held(visit))
    assert (visit.state, queries.next_unrecorded(work, visit.id)) == (VisitState.OFFERED, cleo)
    assert sorted(day()) == ["Ben Carter", "Cleo Dunn"], "what is not recorded stays on the day"
    assert (clock_of(family["Ada"]).last_contact_on, clock_of(family["Ben"]).last_contact_on) == (
        d("2026-03-20"),
        before,
    )
    with pytest.raises(Refusal, match="already for this child"):
        service.record_contact(work, ada, held(visit))
    service.record_contact(work, cleo, held(visit, ChildSeen.DECLINED))
    not_there = service.Happened(
        kind=visit.kind, outcome=ContactOutcome.NO_ACCESS, happened_on=d("2026-03-20"), visit=visit
    )
    service.record_contact(work, ben, not_there)
    assert visit.state is VisitState.RECORDED
    assert day() == []
    outcomes = [(part.child_id, part.contact.outcome) for part in queries.visit_children(work, visit) if part.contact]
    assert outcomes == [
        (ada.id, ContactOutcome.HELD),
        (cleo.id, ContactOutcome.HELD),
        (ben.id, ContactOutcome.NO_ACCESS),
    ]
    work.session.expire_all()
    assert clock_of(family["Ben"]).last_contact_on == before, "nobody saw Ben: his clock has no contact of it"


def test_recording_walks_through_the_children(
    family: Village, together: tuple[Work, Visit], clock: Clock, client_as: Callable[[Account | None], LintingClient]
) -> None:
    _, visit = together
    clock.at = datetime(2026, 3, 20, 15, tzinfo=UTC)
    adviser = client_as(family.adviser)
    urls = {name: f"/children/{family[name].reference}/contact" for name in NAMES}
    first = adviser.get(f"{urls['Ada']}/record?visit={visit.reference}").get_data(as_text=True)
    assert "One visit, a record for each child" in first
    location = f"{urls['Ada']}/record/home-visit/held/2026-03-20?visit={visit.reference}"
    for name, following in (("Ada", "Cleo"), ("Cleo", "Ben")):
        answer = adviser.submit(location, {"persons_present": "All", "child_seen": "yes"})
        assert answer.location.startswith(f"{urls[following]}/record?"), name
        page = adviser.get(answer.location).get_data(as_text=True)
        assert f"Go on with {following}" in page
        location = adviser.submit(answer.location, {"outcome": "held"}).location
    done = adviser.submit(location, {"persons_present": "All", "child_seen": "declined"})
    assert done.location.startswith(f"{urls['Ben']}/")
    assert "/record" not in done.location


# When a family changes


def test_a_child_who_becomes_protected_is_parted(family: Village, together: tuple[Work, Visit]) -> None:
    work, visit = together
    ada = work.session.get_one(Child, family["Ada"].id)
    register.set_protection(work, ada, True, "Told by social care", ada.version)
    work.session.expire_all()
    parts = {part.child_id: part.visit_id for part in work.session.scalars(select(VisitChild))}
    assert parts[ada.id] != visit.id
    assert parts[family["Ben"].id] == parts[family["Cleo"].id] == visit.id
    assert visit.child_id == family["Cleo"].id
    own = work.session.get_one(Visit, parts[ada.id])
    assert (own.on_date, own.at_time, own.child_id) == (visit.on_date, visit.at_time, ada.id)
    assert own.place_doubtful_since is not None
    assert visit.place_doubtful_since is None


# Whom it is about, changed afterwards


def changed(family: Village, *along: str, kind: ContactKind = ContactKind.HOME_VISIT) -> Offer:
    return replace(offer(family, *along, kind=kind), at_time=time(11))


def about_whom(visit: Visit) -> list[str]:
    return [one.child.legal_forename for one in visit.children]


@pytest.mark.parametrize("page_of", ["Ada", "Cleo"])
def test_whom_a_visit_is_about_is_changed_from_the_page_of_any_of_its_children(
    family: Village, together: tuple[Work, Visit], page_of: str
) -> None:
    work, visit = together
    stays = work.session.get_one(Child, family[page_of].id)
    service.change_offer(work, visit, changed(family, "Ben"), version=visit.version, child=stays)
    assert about_whom(visit) == [page_of, "Ben"]
    assert visit.child_id == stays.id
    words = [one.words for one in queries.steps_of(work, visit)]
    assert f"No longer about {'Cleo' if page_of == 'Ada' else 'Ada'}." in words
    gone = family["Cleo" if page_of == "Ada" else "Ada"]
    (own,) = queries.offers_made(work, gone.id)
    assert (own.state, about_whom(own)) == (VisitState.WITHDRAWN, [gone.legal_forename])
    kinds = work.session.scalars(select(AuditEntry.kind).where(AuditEntry.child_id == gone.id)).all()
    assert [one for one in kinds if one.startswith("Visit")][-2:] == ["VisitLeft", "VisitParted"]


def test_a_child_joins_a_visit_and_its_parents_are_told(family: Village, work: Work, new_work: NewWork) -> None:
    cleos = an_account(work, family.authority, Role.PARENT, "cleo@home.example", "Sam Dunn")
    parent = work.session.scalars(select(Parent).where(Parent.child_id == family["Cleo"].id)).one()
    parent.account_id, parent.verified_at = cleos.id, work.at
    work.session.flush()
    adviser = new_work(family.adviser)
    ada = adviser.session.get_one(Child, family["Ada"].id)
    visit = service.offer_visit(adviser, ada, offer(family, "Ben"))
    service.change_offer(adviser, visit, changed(family, "Ben", "Cleo"), version=visit.version, child=ada)
    assert about_whom(visit) == ["Ada", "Ben", "Cleo"]
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.account_id == cleos.id)).one()
    assert (mail.template, mail.context["child_reference"]) == ("visit-changed", family["Cleo"].reference)
    assert "Now about Cleo too." in [one.words for one in queries.steps_of(adviser, visit)]


def test_nobody_who_may_not_be_visited_with_the_others_joins(
    family: Village, together: tuple[Work, Visit], work: Work
) -> None:
    _, visit = together
    ada = work.session.get_one(Child, family["Ada"].id)
    before = visit.version
    for name in ("Esi", "Zoe"):
        with pytest.raises(Refusal) as refused:
            service.change_offer(work, visit, changed(family, "Ben", name), version=before, child=ada)
        assert refused.value.field == "along"
    assert about_whom(visit) == list(NAMES)


def test_a_meeting_does_not_become_a_visit_to_the_home_of_only_some(
    family: Village, work: Work, new_work: NewWork
) -> None:
    """Cleo lives elsewhere: her parents would learn of a visit to another home."""
    address = family["Cleo"].address
    assert address is not None
    address.line = "99 Elsewhere Road"
    work.session.flush()
    adviser = new_work(family.adviser)
    ada = adviser.session.get_one(Child, family["Ada"].id)
    visit = service.offer_visit(adviser, ada, offer(family, "Ben", "Cleo", kind=ContactKind.MEETING))
    with pytest.raises(Refusal) as refused:
        service.change_offer(adviser, visit, changed(family, "Ben", "Cleo"), version=visit.version, child=ada)
    assert refused.value.field == "along"
    service.change_offer(adviser, visit, changed(family, "Ben"), version=visit.version, child=ada)
    assert about_whom(visit) == ["Ada", "Ben"]


def test_a_child_of_whom_something_is_recorded_stays(
    family: Village, together: tuple[Work, Visit], clock: Clock
) -> None:
    work, visit = together
    clock.at = work.at = datetime(2026, 3, 20, 15, tzinfo=UTC)
    ada, ben = (work.session.get_one(Child, family[name].id) for name in ("Ada", "Ben"))
    not_there = service.Happened(
        kind=visit.kind, outcome=ContactOutcome.NO_ACCESS, happened_on=d("2026-03-20"), visit=visit
    )
    service.record_contact(work, ben, not_there)
    later = replace(changed(family), on_date=d("2026-03-24"))
    service.change_offer(work, visit, later, version=visit.version, child=ada)
    assert about_whom(visit) == ["Ada", "Ben"]


def test_the_change_page_asks_whom_it_is_about_and_says_it_to_whoever_was_late(
    family: Village, together: tuple[Work, Visit], client_as: Callable[[Account | None], LintingClient]
) -> None:
    work, visit = together
    page = f"/children/{family['Ben'].reference}/offers/{visit.reference}/change"
    adviser = client_as(family.adviser)
    shown = adviser.get(page).get_data(as_text=True)
    assert "One visit about Ada, Cleo and Ben." in " ".join(shown.split())
    assert "Who else of the family is this about?" in shown
    _, fields = form_of(shown, "Send the changed offer")
    assert sorted(fields["along"]) == sorted(family[name].reference for name in ("Ada", "Cleo"))
    assert adviser.submit(page, {"along": family["Ada"].reference}).status_code == 302
    work.session.expire_all()
    assert about_whom(visit) == ["Ada", "Ben"]
    late = adviser.post(page, data=fields).get_data(as_text=True)
    assert "Ada Byrne" in late
    work.session.expire_all()
    assert about_whom(visit) == ["Ada", "Ben"], "nothing is changed by whoever had read an earlier version"


def test_records_joined_keep_one_part(family: Village, together: tuple[Work, Visit]) -> None:
    work, visit = together
    joined = RecordsJoined(
        authority_id=family.authority.id,
        child_id=family["Ada"].id,
        registration_id=None,
        account_id=None,
        duplicate_child_id=family["Ben"].id,
    )
    service.move_to_joined(work, [joined])
    work.session.expire_all()
    assert {one.child_id for one in visit.children} == {family["Ada"].id, family["Cleo"].id}
