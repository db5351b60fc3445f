"""Two records are found to be one child."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import (
    ContactKind,
    ContactOutcome,
    Destination,
)
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.events import (
    DoubleDecided,
    EpisodeOpened,
    ProtectionSet,
    RecordsJoined,
)
from ehe_portal.register.models import (
    Child,
    DoubleVerdict,
    Parent,
    PossibleDouble,
    Registration,
    RegistrationState,
)
from tests.conftest import NOON
from tests.register.conftest import As, Told, answers, child_of, clock_of, here, kinds
from tests.village import Village

TODAY = NOON.date()


def joined(as_account: As, parent: Account, adviser: Work, village: Village, name: str, **told: object) -> Registration:
    """A registration of a child whom the village knows, joined to that child's record."""
    known = village[name]
    found = service.submit_registration(
        as_account(parent),
        answers(legal_forename=name, legal_surname=known.legal_surname, date_of_birth=known.date_of_birth, **told),
    )
    found = here(adviser, found)
    service.join(adviser, found, child_of(adviser, known), take_address=True, version=found.version)
    return found


def test_joining_moves_the_parent_and_closes_the_duplicate(
    as_account: As, parent: Account, adviser: Work, village: Village, told: Told, new_work: Callable[..., Work]
) -> None:
    found = joined(as_account, parent, adviser, village, "Ada")
    assert kinds(told)[-3:] == ["RecordsJoined", "EpisodeClosed", "DoubleDecided"]
    work = new_work()
    ada, twice = work.session.get_one(Child, village["Ada"].id), work.session.get_one(Child, found.child_id)
    ended = twice.episodes[0]
    assert (ended.destination, ended.duplicate_of_id, ended.closed_on) == (Destination.DUPLICATE, ada.id, TODAY)
    assert ended.destination_confirmed_by_id == village.adviser.id
    assert [(one.position, one.name, one.account_id) for one in ada.parents] == [
        (1, village.parents["Ada"].name, village.parents["Ada"].id),
        (2, "Mel Lowe", parent.id),
    ]
    assert ada.parents[1].verified_at == NOON
    assert twice.parents == []
    assert (found.state, found.joined_child_id) == (RegistrationState.JOINED, ada.id)
    assert ada.address is not None
    assert ada.address.line == "7 Quay Street, Poole"
    assert [address.until_on for address in ada.addresses] == [TODAY, None]
    assert ada.episodes[0].is_open
    assert work.session.scalars(select(PossibleDouble.verdict)).all() == [DoubleVerdict.SAME]
    assert queries.visible_child(as_account(parent), ada.reference) is not None
    assert queries.visible_child(as_account(parent), twice.reference) is None


def test_a_parent_who_is_on_the_record_already_is_not_put_there_twice(
    as_account: As, parent: Account, adviser: Work, village: Village, work: Work
) -> None:
    joined(as_account, parent, adviser, village, "Ben", parent_name="Robin CARTER")
    parents = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).all()
    assert [(one.name, one.email, one.phone, one.account_id, one.verified_at) for one in parents] == [
        ("Robin Carter", "mel@home.example", "01632 960 001", parent.id, NOON)
    ]


def test_contacts_and_evidence_of_the_duplicate_go_with_it(
    as_account: As, parent: Account, adviser: Work, village: Village, work: Work
) -> None:
    registered = service.submit_registration(as_account(parent), answers())
    work.session.add(
        Contact(
            authority_id=registered.authority_id,
            child_id=registered.child_id,
            happened_on=TODAY,
            kind=ContactKind.PHONE_CALL,
            outcome=ContactOutcome.HELD,
            recorded_at=NOON,
        )
    )
    work.session.flush()
    service.join(adviser, here(adviser, registered), child_of(adviser, village["Ben"]))
    assert clock_of(work, village["Ben"]).last_contact_on == TODAY
    assert work.session.scalar(select(func.count(Contact.id)).where(Contact.child_id == registered.child_id)) == 0


def test_a_child_who_had_gone_has_an_open_episode_again(
    as_account: As, parent: Account, adviser: Work, village: Village, told: Told, new_work: Callable[..., Work]
) -> None:
    """Hana had gone to school; her family registers her again."""
    found = joined(as_account, parent, adviser, village, "Hana")
    work = new_work()
    hana = work.session.get_one(Child, village["Hana"].id)
    assert [(episode.opened_on, episode.closed_on) for episode in hana.episodes] == [
        (date(2024, 4, 15), date(2025, 9, 3)), (TODAY, None)
    ]  # fmt: skip
    assert hana.episodes[1].accepted_at == NOON
    assert clock_of(work, hana).episode_id == hana.episodes[1].id
    opened = [event for event in told if isinstance(event, EpisodeOpened)]
    assert [event.child_id for event in opened] == [found.child_id, hana.id]


def test_what_cannot_be_joined(as_account: As, parent: Account, adviser: Work, village: Village) -> None:
    first = here(adviser, service.submit_registration(as_account(parent), answers()))
    second = here(adviser, service.submit_registration(as_account(parent), answers(legal_forename="Kitty")))
    with pytest.raises(Refusal, match="another record"):
        service.join(adviser, first, first.child)
    with pytest.raises(Refusal, match="Check the registration"):
        service.join_records(adviser, first.child, child_of(adviser, village["Ben"]))
    service.join(adviser, first, child_of(adviser, village["Ben"]))
    with pytest.raises(Refusal, match="not itself been found to be a duplicate"):
        service.join(adviser, second, first.child)
    with pytest.raises(Refusal, match="checked already"):
        service.join(adviser, first, child_of(adviser, village["Ada"]))


def test_a_registration_of_a_child_whose_messages_are_stopped_tells_its_sender_nothing_more(
    as_account: As, parent: Account, adviser: Work, village: Village, work: Work
) -> None:
    ada = child_of(adviser, village["Ada"])
    service.stop_messages(adviser, [(ada, {})], "The aunt says that a wedding is planned")
    joined(as_account, parent, adviser, village, "Ada")
    told = work.session.scalars(
        select(OutgoingMessage.template).where(OutgoingMessage.account_id == parent.id).order_by(OutgoingMessage.id)
    ).all()
    assert "registration-accepted" not in told


def test_records_from_files_are_joined_without_a_registration(adviser: Work, village: Village, told: Told) -> None:
    ben, cleo = child_of(adviser, village["Ben"]), child_of(adviser, village["Cleo"])
    service.join_records(adviser, cleo, ben)
    joined_ = next(event for event in told if isinstance(event, RecordsJoined))
    assert (joined_.registration_id, joined_.account_id, joined_.duplicate_child_id) == (None, None, cleo.id)
    assert queries.open_episode(adviser, cleo.id) is None
    assert [one.name for one in ben.parents] == ["Robin Carter", "Robin Dunn"]
    assert queries.children_with_doubles(adviser) == ([], False)


@pytest.mark.parametrize(("hidden", "open_"), [("Cleo", "Ben"), ("Ben", "Cleo")])
def test_who_is_hidden_on_one_record_is_hidden_on_both(
    adviser: Work, village: Village, told: Told, hidden: str, open_: str
) -> None:
    """Cleo's record is closed as a duplicate of Ben's: what either says of the address stays hidden."""
    ben, cleo = child_of(adviser, village["Ben"]), child_of(adviser, village["Cleo"])
    child_of(adviser, village[hidden]).protected = True
    service.join_records(adviser, cleo, ben)
    assert (ben.protected, cleo.protected) == (True, True)
    assert [event.child_id for event in told if isinstance(event, ProtectionSet)] == [village[open_].id]


def test_a_stop_of_messages_is_not_joined_away(adviser: Work, village: Village) -> None:
    ben, cleo = child_of(adviser, village["Ben"]), child_of(adviser, village["Cleo"])
    cleo.messages_stopped_at = NOON
    with pytest.raises(Refusal, match="Messages are stopped"):
        service.join_records(adviser, cleo, ben)
    assert queries.open_episode(adviser, cleo.id) is not None
    ben.messages_stopped_at = NOON
    service.join_records(adviser, cleo, ben)
    assert ben.messages_stopped_at == NOON


def test_deciding_that_two_are_different_is_remembered(adviser: Work, village: Village, told: Told) -> None:
    ben, cleo = child_of(adviser, village["Ben"]), child_of(adviser, village["Cleo"])
    for _ in range(2):
        service.decide_different(adviser, ben, cleo)
    assert [event.verdict for event in told if isinstance(event, DoubleDecided)] == ["different"]
    pair = queries.pair_of(adviser, (cleo.id, ben.id))
    assert pair is not None
    assert (pair.verdict, pair.decided_by_id) == (DoubleVerdict.DIFFERENT, village.adviser.id)
