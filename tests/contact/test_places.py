"""An address change reaches booked visits: in doubt at once, struck through, confirmed by an adviser, told."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import StepKind, Visit, VisitState
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import service as register
from ehe_portal.register.models import Child
from ehe_portal.register.rules.people import Place, Whereabouts
from tests.contact.stories import ClockOf, d, visit
from tests.contact.test_households import link
from tests.desks import waits
from tests.pages import LintingClient
from tests.village import Village

SignIn = Callable[[Account | None], LintingClient]
OLD, NEW = "3 Mill Lane, Sturminster", "8 Quay Street, Poole"


def offer(kind: ContactKind = ContactKind.HOME_VISIT, place: str | None = None) -> Offer:
    return Offer(kind=kind, on_date=d("2026-03-20"), at_time=time(10), place=place)


@pytest.fixture
def adviser(village: Village, new_work: Callable[..., Work]) -> Work:
    return new_work(village.adviser)


@pytest.fixture
def ada(village: Village, adviser: Work) -> Child:
    return adviser.session.get_one(Child, village["Ada"].id)


@pytest.fixture
def booked(adviser: Work, ada: Child) -> Visit:
    made = service.offer_visit(adviser, ada, offer())
    made.state = VisitState.ACCEPTED
    adviser.session.flush()
    return made


def move(work: Work, child: Child, line: str = NEW) -> None:
    register.move(work, child, Place(line, "BH15 1HJ"), work.today)


@pytest.mark.parametrize("how", ["moved", "nowhere", "corrected", "protected"])
def test_a_changed_address_puts_the_place_in_doubt_at_once(adviser: Work, ada: Child, booked: Visit, how: str) -> None:
    address = ada.address
    assert address is not None
    if how == "moved":
        move(adviser, ada)
    elif how == "nowhere":
        register.move(adviser, ada, Place.of(Whereabouts.NOT_KNOWN), adviser.today)
    elif how == "corrected":
        register.correct_address(adviser, address, Place(NEW, "BH16 6AA"), address.from_on, address.version)
    else:
        register.set_protection(adviser, ada, True, "Told by social care", ada.version)
    assert (booked.place_was, booked.place_doubtful_since) == (OLD, adviser.at)
    assert booked.state is VisitState.ACCEPTED
    (last, *_) = queries.steps_of(adviser, booked)
    assert last.step is StepKind.PLACE_DOUBTFUL
    (row,) = waits(adviser, "place", adviser.actor.account_id)
    assert row.child_name == "Ada Byrne"
    assert OLD not in row.why + row.detail


def test_what_says_nothing_new_of_the_place_leaves_it(adviser: Work, ada: Child, booked: Visit) -> None:
    address = ada.address
    assert address is not None
    register.correct_address(adviser, address, Place(address.line, address.postcode), d("2024-09-11"), address.version)
    assert booked.place_doubtful_since is None


def test_other_visits_are_left_alone(adviser: Work, ada: Child, village: Village) -> None:
    call = service.offer_visit(adviser, ada, offer(ContactKind.PHONE_CALL))
    met = service.offer_visit(adviser, ada, offer(ContactKind.MEETING, "The library"))
    over = service.offer_visit(adviser, ada, offer())
    service.withdraw_offer(adviser, over, "", version=over.version)
    bens = service.offer_visit(adviser, adviser.session.get_one(Child, village["Ben"].id), offer())
    move(adviser, ada)
    assert [one.place_doubtful_since for one in (call, met, over, bens)] == [None] * 4


def test_it_cannot_be_recorded_as_held_until_the_place_is_confirmed(
    adviser: Work, ada: Child, booked: Visit, village: Village
) -> None:
    move(adviser, ada)
    adviser.at = datetime(2026, 3, 20, 15, tzinfo=UTC)
    with pytest.raises(Refusal, match="confirm where this visit is"):
        service.record_contact(adviser, ada, visit("2026-03-20", visit=booked))
    with pytest.raises(ChangedMeanwhile):
        service.confirm_place(adviser, booked, None, version=booked.version - 1)
    service.confirm_place(adviser, booked, None, version=booked.version)
    assert (booked.place, booked.place_was, booked.place_doubtful_since) == (None, OLD, None)
    mail = adviser.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "visit-place")).one()
    assert mail.to_address == village.parents["Ada"].email
    assert NEW not in str(mail.context)
    assert queries.steps_of(adviser, booked)[0].step is StepKind.PLACE_CONFIRMED
    service.record_contact(adviser, ada, visit("2026-03-20", visit=booked))
    assert waits(adviser, "place", adviser.actor.account_id) == []


def test_that_nobody_was_in_can_be_recorded_all_the_same(adviser: Work, ada: Child, booked: Visit) -> None:
    move(adviser, ada)
    adviser.at = datetime(2026, 3, 20, 15, tzinfo=UTC)
    nobody = service.Happened(
        kind=booked.kind, outcome=ContactOutcome.NO_ACCESS, happened_on=d("2026-03-20"), visit=booked
    )
    assert service.record_contact(adviser, ada, nobody).visit_id == booked.id


def test_where_nobody_knows_the_home_a_place_is_named(adviser: Work, ada: Child, booked: Visit) -> None:
    register.move(adviser, ada, Place.of(Whereabouts.NOT_KNOWN), adviser.today)
    with pytest.raises(Refusal) as refused:
        service.confirm_place(adviser, booked, None, version=booked.version)
    assert refused.value.field == "place"
    service.confirm_place(adviser, booked, "The library", version=booked.version)
    assert booked.place == "The library"


def test_it_can_be_cancelled_instead(adviser: Work, ada: Child, booked: Visit) -> None:
    move(adviser, ada)
    service.withdraw_offer(adviser, booked, "We find another day", version=booked.version)
    assert booked.place_doubtful_since is None
    assert waits(adviser, "place", adviser.actor.account_id) == []


def test_the_clock_runs_on(adviser: Work, ada: Child, booked: Visit, clock_of: ClockOf) -> None:
    before = clock_of(ada).due_on
    move(adviser, ada, "1 Far Away, Carlisle")
    assert (clock_of(ada).due_on, clock_of(ada).is_running) == (before, True)


def test_a_move_out_of_the_area_flags_a_hand_over_and_stops_nothing(
    adviser: Work, ada: Child, clock_of: ClockOf
) -> None:
    before = clock_of(ada).due_on
    register.move(adviser, ada, Place("1 Far Away, Carlisle", "CA1 1AA"), adviser.today, outside=True)
    (row,) = waits(adviser, "outside", adviser.actor.account_id)
    assert (row.child_name, row.why) == ("Ada Byrne", "Moved out of the area: hand over to the other council")
    assert "Carlisle" not in row.why + row.detail
    assert (clock_of(ada).due_on, clock_of(ada).is_running) == (before, True)
    assert ada.episode is not None
    assert ada.episode.is_open
    adviser.at += timedelta(days=1)
    register.move(adviser, ada, Place(NEW, "BH15 1HJ"), adviser.today)
    assert waits(adviser, "outside", adviser.actor.account_id) == [], "back again"


def test_when_one_of_a_household_moves_the_visit_is_parted(adviser: Work, ada: Child, village: Village) -> None:
    ben = adviser.session.get_one(Child, village["Ben"].id)
    link(adviser, ada, ben)
    adviser.session.flush()
    made = service.offer_visit(
        adviser,
        ada,
        Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-03-20"), at_time=time(10), along=(ben.reference,)),
    )
    move(adviser, ben)
    adviser.session.expire_all()
    assert [one.child_id for one in made.children] == [ada.id]
    assert made.place_doubtful_since is None
    own = adviser.session.scalars(select(Visit).where(Visit.child_id == ben.id)).one()
    assert (own.place_was, own.on_date) == (OLD, made.on_date)


# On screen


def test_the_old_place_is_struck_through_with_words(
    adviser: Work, ada: Child, booked: Visit, client_as: SignIn, village: Village
) -> None:
    move(adviser, ada)
    adviser.session.flush()
    officer = client_as(village.adviser)
    one = f"/children/{ada.reference}/offers/{booked.reference}"
    struck = f'<del><span class="govuk-visually-hidden">No longer: </span>{OLD}</del>'
    for page in (one, f"{one}/place", f"/children/{ada.reference}/contact"):
        assert struck in officer.get(page).get_data(as_text=True), page
    family = client_as(village.parents["Ada"])
    told = family.get(f"/family/children/{ada.reference}/visits").get_data(as_text=True)
    assert "Place to be confirmed" in told
    assert OLD not in told, "the family’s page never shows an address that the other parent could read"
    officer = client_as(village.adviser)
    assert officer.submit(f"{one}/place", {"where": "home"}).location == one
    assert struck in officer.get(one).get_data(as_text=True), "the old place stays struck through"
    family = client_as(village.parents["Ada"])
    assert "Place to be confirmed" not in family.get(f"/family/children/{ada.reference}/visits").get_data(as_text=True)


def test_a_protected_address_is_struck_through_for_those_who_may_see_it(
    adviser: Work, ada: Child, booked: Visit, client_as: SignIn, village: Village
) -> None:
    register.set_protection(adviser, ada, True, "Told by social care", ada.version)
    adviser.session.flush()
    one = f"/children/{ada.reference}/offers/{booked.reference}"
    assert OLD in client_as(village.adviser).get(one).get_data(as_text=True)
    assert OLD not in client_as(village.staff[Role.AUDITOR]).get(one).get_data(as_text=True)
