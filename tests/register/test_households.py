"""Who may be of one family, and what an officer decides."""

from datetime import date

import pytest

from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Destination
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, HouseholdVerdict
from ehe_portal.register.rules.households import Tie
from tests.register.conftest import As, Told, child_of, kinds
from tests.village import Village

LINKED, APART = HouseholdVerdict.LINKED, HouseholdVerdict.APART


def proposed(work: Work, child: Child) -> dict[str, list[Tie]]:
    return {proposal.other.legal_forename: proposal.ties for proposal in queries.household_proposals(work, child)}


def test_children_of_one_address_are_proposed(adviser: Work, village: Village) -> None:
    """Ada, Ben, Esi, Gil and Ivo have names of three letters: the village puts them all at 3 Mill Lane."""
    found = proposed(adviser, child_of(adviser, village["Ada"]))
    assert set(found) == {"Ben", "Gil", "Ivo", "Esi"}
    assert found["Ben"] == [Tie.ADDRESS]


def test_children_of_one_parent_are_proposed_wherever_they_live(adviser: Work, village: Village) -> None:
    ada, cleo, hana = (child_of(adviser, village[name]) for name in ("Ada", "Cleo", "Hana"))
    ada.carers[0].phone, cleo.carers[0].phone = "01632 960 001", "01632 960 001"
    cleo.carers[0].email = ada.carers[0].email
    hana.carers[0].account_id = ada.carers[0].account_id
    adviser.session.flush()
    found = proposed(adviser, ada)
    assert found["Cleo"] == [Tie.EMAIL, Tie.PHONE]
    assert found["Hana"] == [Tie.ACCOUNT]
    assert set(proposed(adviser, cleo)) >= {"Ada"}


def test_former_carers_and_addresses_make_nobody_a_family(adviser: Work, village: Village) -> None:
    ada, cleo = child_of(adviser, village["Ada"]), child_of(adviser, village["Cleo"])
    cleo.carers[0].email = ada.carers[0].email
    adviser.session.flush()
    service.end_parent(adviser, cleo.carers[0], adviser.today, "A mistake", cleo.carers[0].version)
    service.move(adviser, ada, service.Place("7 Quay Street", "BH15 1HJ"), date(2026, 3, 1))
    assert proposed(adviser, ada) == {}


def test_a_shared_address_is_never_told_of_a_protected_child(adviser: Work, village: Village) -> None:
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    ben.protected = True
    adviser.session.flush()
    assert "Ben" not in proposed(adviser, ada), "to say so would tell where Ben lives"
    assert proposed(adviser, ben) == {}
    ben.carers[0].email = ada.carers[0].email
    adviser.session.flush()
    assert proposed(adviser, ada)["Ben"] == [Tie.EMAIL]
    assert proposed(adviser, ben) == {"Ada": [Tie.EMAIL]}


def test_a_link_is_listed_both_ways_and_proposed_no_more(adviser: Work, village: Village, told: Told) -> None:
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    service.decide_household(adviser, ben, ada, LINKED)
    assert queries.linked_children(adviser, ada) == [ben]
    assert queries.linked_children(adviser, ben) == [ada]
    assert "Ben" not in proposed(adviser, ada)
    assert {(event.child_id, kinds([event])[0]) for event in told} == {
        (ada.id, "HouseholdDecided"), (ben.id, "HouseholdDecided"),
    }  # fmt: skip


def test_a_refused_link_is_proposed_no_more_and_can_be_thought_over(adviser: Work, village: Village) -> None:
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    service.decide_household(adviser, ada, ben, APART, 0)
    assert queries.linked_children(adviser, ada) == []
    assert "Ben" not in proposed(adviser, ada)
    with pytest.raises(ChangedMeanwhile):
        service.decide_household(adviser, ada, ben, LINKED, 0)
    service.decide_household(adviser, ada, ben, LINKED, 1)
    assert queries.linked_children(adviser, ben) == [ada]


def test_what_was_decided_already_is_not_said_again(adviser: Work, village: Village, told: Told) -> None:
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    service.decide_household(adviser, ada, ben, LINKED)
    told.clear()
    service.decide_household(adviser, ben, ada, LINKED)
    assert told == []


def test_only_two_children_of_this_authority_can_be_linked(adviser: Work, village: Village) -> None:
    ada, ben = child_of(adviser, village["Ada"]), child_of(adviser, village["Ben"])
    for one, other in ((ada, ada), (ada, village["Zoe"])):
        with pytest.raises(Refusal, match="another child"):
            service.decide_household(adviser, one, other, LINKED)
    service.join_records(adviser, ben, ada)
    with pytest.raises(Refusal, match="duplicate"):
        service.decide_household(adviser, ada, ben, LINKED)
    assert ben.episode is not None
    assert ben.episode.destination is Destination.DUPLICATE
    assert "Ben" not in proposed(adviser, ada)


def test_links_go_with_the_record_that_stays(adviser: Work, village: Village) -> None:
    ada, ben, cleo, gil = (child_of(adviser, village[name]) for name in ("Ada", "Ben", "Cleo", "Gil"))
    service.decide_household(adviser, ben, cleo, LINKED)
    service.decide_household(adviser, ben, ada, LINKED)
    service.decide_household(adviser, ben, gil, LINKED)
    service.decide_household(adviser, ada, gil, APART)
    service.join_records(adviser, ben, ada)
    assert queries.linked_children(adviser, ada) == [cleo], "and Gil stays apart, as was said of Ada"
    assert queries.linked_children(adviser, ben) == []


def test_nothing_is_told_of_another_authority(as_account: As, adviser: Work, village: Village) -> None:
    zoe = village["Zoe"]
    zoe.parents[0].email = child_of(adviser, village["Ada"]).carers[0].email
    adviser.session.flush()
    assert proposed(as_account(village.stranger[Role.ADVISER]), zoe) == {}
    assert "Zoe" not in proposed(adviser, child_of(adviser, village["Ada"]))
