"""Moving, putting right, confirming, ending, protecting: what the record said before is never lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.codes import Responsibility, SenStatus, Sex
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import (
    Address,
    Child,
    DetailChange,
    DoubleVerdict,
    HouseholdVerdict,
    Nature,
    Parent,
    Subject,
)
from ehe_portal.register.service import Carer, Details, Place, Turn
from tests.register.conftest import As, Told, child_of, clock_of, kinds
from tests.village import Village

TODAY = date(2026, 3, 12)
NEW_HOME = Place("7 Quay Street, Poole", "BH15 1HJ", "100040219")
WRONG = Turn(Nature.CORRECTION)


def changes(work: Work, child: Child) -> list[DetailChange]:
    found = select(DetailChange).where(DetailChange.child_id == child.id).order_by(DetailChange.id)
    return list(work.session.scalars(found))


def only_address(child: Child) -> Address:
    assert child.address is not None
    return child.address


# Addresses


def test_a_move_keeps_the_earlier_address(adviser: Work, village: Village, told: Told) -> None:
    ada = child_of(adviser, village["Ada"])
    service.move(adviser, ada, NEW_HOME, date(2026, 3, 1), only_address(ada).version)
    earlier, now = ada.addresses
    assert (earlier.line, earlier.until_on) == ("3 Mill Lane, Sturminster", date(2026, 3, 1))
    assert (now.line, now.postcode, now.uprn, now.from_on, now.until_on) == (
        "7 Quay Street, Poole", "BH15 1HJ", "100040219", date(2026, 3, 1), None,
    )  # fmt: skip
    assert ada.address is now
    assert kinds(told) == ["ChildMoved"]
    entry = adviser.session.scalars(select(AuditEntry).where(AuditEntry.kind == "ChildMoved")).one()
    assert entry.details["place"] == "address"
    assert "Quay" not in str(entry.details)


@pytest.mark.parametrize(
    ("place", "from_on", "field"),
    [
        (NEW_HOME, TODAY + timedelta(days=1), "from_on"),
        (NEW_HOME, date(2024, 9, 10), "from_on"),
        (Place(""), TODAY, "line"),
        (Place("3 Mill Lane, Sturminster", "BH16 6AA"), TODAY, "line"),
    ],
)
def test_what_is_no_move_is_refused(adviser: Work, village: Village, place: Place, from_on: date, field: str) -> None:
    ada = child_of(adviser, village["Ada"])
    with pytest.raises(Refusal) as refused:
        service.move(adviser, ada, place, from_on, only_address(ada).version)
    assert refused.value.field == field


def test_no_fixed_address_ends_an_address(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    service.move(adviser, ada, Place.of(service.Whereabouts.NO_FIXED_ADDRESS), TODAY, only_address(ada).version)
    assert only_address(ada).line == "No fixed address"
    assert only_address(ada).postcode is None


def test_the_second_who_moves_a_child_is_told(as_account: As, village: Village) -> None:
    work = as_account(village.adviser)
    ada = child_of(work, village["Ada"])
    read = only_address(ada).version
    service.correct_address(work, only_address(ada), Place("3a Mill Lane", "BH16 6AA"), date(2024, 9, 10), read)
    with pytest.raises(ChangedMeanwhile):
        service.move(work, ada, NEW_HOME, TODAY, read)
    with pytest.raises(ChangedMeanwhile):
        service.correct_address(work, only_address(ada), NEW_HOME, date(2024, 9, 10), read)


def test_a_typing_error_is_put_right_and_stays_readable(adviser: Work, village: Village, told: Told) -> None:
    ada = child_of(adviser, village["Ada"])
    address = only_address(ada)
    right = Place("3 Mill Lane, Sturminster", "BH16 6AB")
    service.correct_address(adviser, address, right, date(2024, 9, 10), address.version, "A slip")
    assert [(one.line, one.postcode) for one in ada.addresses] == [("3 Mill Lane, Sturminster", "BH16 6AB")]
    (kept,) = changes(adviser, ada)
    assert (kept.subject, kept.nature, kept.before, kept.why) == (
        Subject.ADDRESS, Nature.CORRECTION, {"postcode": "BH16 6AA"}, "A slip",
    )  # fmt: skip
    assert (kept.address_id, kept.by_id) == (address.id, village.adviser.id)
    assert kinds(told) == ["AddressCorrected"]
    with pytest.raises(Refusal, match="nothing differs"):
        service.correct_address(adviser, address, right, date(2024, 9, 10), address.version)


def test_a_corrected_first_day_moves_the_end_of_the_one_before(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    service.move(adviser, ada, NEW_HOME, date(2026, 3, 1))
    service.correct_address(adviser, ada.addresses[1], NEW_HOME, date(2026, 2, 1), ada.addresses[1].version)
    assert ada.addresses[0].until_on == date(2026, 2, 1)
    with pytest.raises(Refusal, match="after the address before"):
        service.correct_address(adviser, ada.addresses[1], NEW_HOME, date(2024, 1, 1), ada.addresses[1].version)


def test_an_address_is_confirmed_by_someone_on_a_day(adviser: Work, village: Village, told: Told) -> None:
    address = only_address(child_of(adviser, village["Ada"]))
    for on in (TODAY + timedelta(days=1), date(2024, 9, 9)):
        with pytest.raises(Refusal):
            service.confirm_address(adviser, address, on, address.version)
    service.confirm_address(adviser, address, date(2026, 3, 2), address.version)
    assert (address.confirmed_on, address.confirmed_by_id) == (date(2026, 3, 2), village.adviser.id)
    assert kinds(told) == ["AddressConfirmed"]
    with pytest.raises(Refusal, match="last confirmed"):
        service.confirm_address(adviser, address, date(2026, 3, 1), address.version)


def test_only_where_a_child_lives_now_can_be_confirmed(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    service.move(adviser, ada, Place.of(service.Whereabouts.NOT_KNOWN), TODAY)
    for address in ada.addresses:
        with pytest.raises(Refusal, match="lives now"):
            service.confirm_address(adviser, address, TODAY, address.version)


def test_a_family_moves_together(adviser: Work, village: Village, told: Told) -> None:
    ada, ben, cleo = (child_of(adviser, village[name]) for name in ("Ada", "Ben", "Cleo"))
    service.decide_household(adviser, ada, ben, HouseholdVerdict.LINKED)
    service.decide_household(adviser, ada, cleo, HouseholdVerdict.LINKED)
    assert queries.moving_along(adviser, ada) == [ben], "Cleo lives at another house"
    service.move(adviser, ada, NEW_HOME, TODAY, along=[ben.reference])
    assert [only_address(child).line for child in (ada, ben)] == [NEW_HOME.line] * 2
    assert only_address(cleo).line == "4 Mill Lane, Sturminster"
    assert kinds(told).count("ChildMoved") == 2
    with pytest.raises(Refusal, match="same address now"):
        service.move(adviser, ada, Place("1 New Road", "BH15 1HJ"), TODAY, along=[cleo.reference])


# Carers


def test_a_carer_is_added_in_the_first_free_place(adviser: Work, village: Village, told: Told) -> None:
    ada = child_of(adviser, village["Ada"])
    carer = Carer(name="Oz Byrne", relationship="Father", responsibility=Responsibility.YES, email="Oz@Home.example")
    added = service.add_parent(adviser, ada, carer, date(2020, 1, 1))
    assert (added.position, added.email, added.from_on) == (2, "oz@home.example", date(2020, 1, 1))
    assert (added.account_id, added.verified_at) == (None, None), "nobody sees a record by being written down"
    assert kinds(told) == ["ParentAdded"]
    with pytest.raises(Refusal):
        service.add_parent(adviser, ada, carer, date(2027, 1, 1))


def test_what_was_known_of_a_carer_is_kept(adviser: Work, village: Village, told: Told) -> None:
    parent = child_of(adviser, village["Ben"]).carers[0]
    known = Carer(name="Robin Carter", phone="01632 960 002", responsibility=Responsibility.YES)
    service.change_parent(adviser, parent, known, Turn(Nature.CHANGE, date(2026, 3, 1), "Rang us"), parent.version)
    (kept,) = changes(adviser, village["Ben"])
    assert kept.before == {"phone": None, "responsibility": "unknown"}
    assert (kept.nature, kept.changed_on, kept.why) == (Nature.CHANGE, date(2026, 3, 1), "Rang us")
    entry = adviser.session.scalars(select(AuditEntry).where(AuditEntry.kind == "ParentChanged")).one()
    assert entry.details["parts"] == ["responsibility", "phone"]
    assert "01632" not in str(entry.details)


def test_a_change_has_a_day_and_a_version(adviser: Work, village: Village) -> None:
    parent = child_of(adviser, village["Ben"]).carers[0]
    known = Carer(name="Robert Carter")
    for turn in (Turn(Nature.CHANGE), Turn(Nature.CHANGE, date(2027, 1, 1))):
        with pytest.raises(Refusal) as refused:
            service.change_parent(adviser, parent, known, turn, parent.version)
        assert refused.value.field == "changed_on"
    with pytest.raises(ChangedMeanwhile):
        service.change_parent(adviser, parent, known, WRONG, parent.version + 1)
    with pytest.raises(Refusal, match="nothing differs"):
        service.change_parent(adviser, parent, Carer(name="Robin Carter"), WRONG, parent.version)


def test_whose_part_has_ended_sees_the_child_no_longer(
    adviser: Work, as_account: As, village: Village, told: Told
) -> None:
    ada = child_of(adviser, village["Ada"])
    parent, account = ada.carers[0], village.parents["Ada"]
    assert queries.visible_child(as_account(account), ada.reference) is not None
    with pytest.raises(Refusal, match="Enter why"):
        service.end_parent(adviser, parent, TODAY, "", parent.version)
    service.end_parent(adviser, parent, TODAY, "The placement ended", parent.version)
    assert queries.visible_child(as_account(account), ada.reference) is None
    assert (parent.until_on, parent.account_id, parent.former_account_id) == (TODAY, None, account.id)
    assert (ada.carers, ada.parents) == ([], [parent])
    assert changes(adviser, ada)[0].why == "The placement ended"
    assert kinds(told) == ["ParentEnded"]
    with pytest.raises(Refusal, match="no longer"):
        service.change_parent(adviser, parent, Carer(name="X"), WRONG, parent.version)


def test_a_file_holds_the_carers_of_today(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    service.add_parent(adviser, ada, Carer(name="Oz Byrne"))
    service.end_parent(adviser, ada.carers[0], TODAY, "Moved away for good", ada.carers[0].version)
    service.add_parent(adviser, ada, Carer(name="Gran Byrne"))
    row = queries.register_rows(adviser, village.authority.id, [ada.id])[ada.id]
    assert [one.name if one else None for one in row.parents] == ["Gran Byrne", "Oz Byrne"]
    lone = child_of(adviser, village["Ben"])
    service.end_parent(adviser, lone.carers[0], TODAY, "In care", lone.carers[0].version)
    assert queries.register_rows(adviser, village.authority.id, [lone.id])[lone.id].parents == (None, None)


# The child's details


def details_of(child: Child, **changed: Any) -> Details:
    names = ("legal_forename", "legal_surname", "preferred_name", "date_of_birth", "sex", "sen_status", "upn",
             "nhs_number", "language")  # fmt: skip
    return Details(**{name: getattr(child, name) for name in names} | changed)


def test_a_date_of_birth_put_right_moves_school_age_and_the_clock(adviser: Work, village: Village, told: Told) -> None:
    ada = child_of(adviser, village["Ada"])
    assert clock_of(adviser, ada).age_ends == date(2031, 6, 27)
    service.change_details(adviser, ada, details_of(ada, date_of_birth=date(2014, 5, 4)), WRONG, ada.version)
    assert (ada.age_starts, ada.age_ends) == (date(2019, 8, 31), date(2030, 6, 28))
    adviser.session.expire_all()
    assert clock_of(adviser, ada).age_ends == date(2030, 6, 28)
    assert changes(adviser, ada)[0].before == {"date_of_birth": "2015-05-04"}
    assert kinds(told)[0] == "ChildDetailsChanged"


def test_who_is_put_right_is_looked_for_once_more(adviser: Work, village: Village, told: Told) -> None:
    """Cleo was Ben all along; that they are two children is decided once, and not asked again."""
    ben, cleo = child_of(adviser, village["Ben"]), child_of(adviser, village["Cleo"])
    like_ben = {"legal_forename": ben.legal_forename, "legal_surname": ben.legal_surname}
    service.change_details(adviser, cleo, details_of(cleo, sen_status=SenStatus.NONE), WRONG, cleo.version)
    assert queries.pairs_with(adviser, cleo.id) == []
    wanted = details_of(cleo, **like_ben, date_of_birth=ben.date_of_birth)
    service.change_details(adviser, cleo, wanted, WRONG, cleo.version)
    assert queries.pairs_with(adviser, cleo.id) == [{ben.id, cleo.id}]
    assert kinds(told).count("DoublesFound") == 1
    service.decide_different(adviser, cleo, ben)
    for name in ("Benjamin", ben.legal_forename):
        service.change_details(adviser, cleo, details_of(cleo, legal_forename=name), WRONG, cleo.version)
    pair = queries.pair_of(adviser, (ben.id, cleo.id))
    assert (pair and pair.verdict, kinds(told).count("DoublesFound")) == (DoubleVerdict.DIFFERENT, 1)


def test_a_childs_first_due_date_follows_the_date_of_birth(adviser: Work, village: Village) -> None:
    """Ivo is not of school age yet; born three years earlier he is, and his first contact is long due."""
    ivo = child_of(adviser, village["Ivo"])
    before = clock_of(adviser, ivo).due_on
    service.change_details(adviser, ivo, details_of(ivo, date_of_birth=date(2017, 1, 1)), WRONG, ivo.version)
    adviser.session.expire_all()
    assert clock_of(adviser, ivo).due_on < before


def test_a_name_is_found_by_what_it_is_now(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    turn = Turn(Nature.CHANGE, date(2026, 1, 5), "Deed poll seen")
    new = details_of(ada, legal_surname="O’Neill", preferred_name="Addie", sex=Sex.FEMALE, sen_status=SenStatus.EHCP)
    service.change_details(adviser, ada, new, turn, ada.version)
    assert ada.sort_name == "oneill  ada addie"
    assert changes(adviser, ada)[0].before == {
        "legal_surname": "Byrne", "preferred_name": None, "sex": "U", "sen_status": "unknown",
    }  # fmt: skip


def test_a_date_of_birth_does_not_change(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    new = details_of(ada, date_of_birth=date(2014, 5, 4))
    with pytest.raises(Refusal, match="does not change"):
        service.change_details(adviser, ada, new, Turn(Nature.CHANGE, TODAY), ada.version)
    with pytest.raises(ChangedMeanwhile):
        service.change_details(adviser, ada, new, WRONG, ada.version + 1)
    with pytest.raises(Refusal, match="nothing differs"):
        service.change_details(adviser, ada, details_of(ada), WRONG, ada.version)


# Protection


def test_a_manager_protects_a_child_and_its_family_with_a_reason(as_account: As, village: Village, told: Told) -> None:
    work = as_account(village.staff[Role.EHE_MANAGER])
    ada, ben = child_of(work, village["Ada"]), child_of(work, village["Ben"])
    with pytest.raises(Refusal, match="reason"):
        service.set_protection(work, ada, True, "", ada.version)
    with pytest.raises(Refusal, match="linked"):
        service.set_protection(work, ada, True, "Agreed with the police", ada.version, [ben.reference])
    service.decide_household(work, ada, ben, HouseholdVerdict.LINKED)
    service.set_protection(work, ada, True, "Agreed with the police", ada.version, [ben.reference])
    assert (ada.protected, ben.protected) == (True, True)
    assert kinds(told)[-2:] == ["ProtectionSet", "ProtectionSet"]
    assert "police" not in str([entry.details for entry in work.session.scalars(select(AuditEntry))])
    with pytest.raises(Refusal, match="protected already"):
        service.set_protection(work, ada, True, "Again", ada.version)
    service.set_protection(work, ada, False, "The order has ended", ada.version)
    assert (ada.protected, ben.protected) == (False, True)
    assert [change.why for change in changes(work, ada)] == ["Agreed with the police", "The order has ended"]


def test_nobody_moves_along_with_or_as_a_protected_child(adviser: Work, village: Village) -> None:
    """Whoever is offered to move along lives at that address: so it would be told."""
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    service.decide_household(adviser, ada, ben, HouseholdVerdict.LINKED)
    ben.protected = True
    adviser.session.flush()
    assert queries.moving_along(adviser, ada) == []
    assert queries.moving_along(adviser, ben) == []


def test_what_an_address_said_is_withheld_with_it(adviser: Work, village: Village) -> None:
    ada = child_of(adviser, village["Ada"])
    address = only_address(ada)
    service.correct_address(adviser, address, NEW_HOME, date(2024, 9, 10), address.version)
    service.set_protection(adviser, ada, True, "Agreed with the police", ada.version)
    told = {
        (whereabouts, reasons): {
            change.subject.value
            for change in queries.earlier_details(adviser, ada, whereabouts=whereabouts, reasons=reasons)
        }
        for whereabouts in (True, False)
        for reasons in (True, False)
    }
    assert told == {
        (True, True): {"address", "protection"}, (True, False): {"address"}, (False, True): set(),
        (False, False): set(),
    }  # fmt: skip


def test_others_find_none_of_it(as_account: As, village: Village) -> None:
    ada = village["Ada"]
    stranger = as_account(village.stranger[Role.ADVISER])
    parent = stranger.session.scalars(select(Parent.reference).where(Parent.child_id == ada.id)).one()
    address = stranger.session.scalars(select(Address.reference).where(Address.child_id == ada.id)).one()
    assert queries.visible_parent(stranger, ada.reference, parent) is None
    assert queries.visible_address(stranger, ada.reference, address) is None
    assert queries.two_children(stranger, ada.reference, village["Ben"].reference) is None
    own = as_account(village.adviser)
    assert queries.visible_address(own, village["Ben"].reference, address) is None, "of this child, not of another"
    assert queries.visible_parent(own, village["Ben"].reference, parent) is None
    assert queries.visible_address(own, ada.reference, address) is not None
    assert queries.visible_parent(own, ada.reference, parent) is not None
