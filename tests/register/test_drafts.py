"""A registration that was begun: sealed, of several children, kept for 30 days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import ContactWay, Responsibility
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import RegistrationDraft
from tests.conftest import NOON, Clock
from tests.register.conftest import As, answers
from tests.village import Village

NONE: frozenset[str] = frozenset()


@pytest.fixture
def work(as_account: As, parent: Account) -> Work:
    """A parent at work."""
    return as_account(parent)


def test_a_draft_is_kept_page_by_page_and_child_by_child_and_gone_once_sent(work: Work, house: Portal) -> None:
    vault = house.vault
    assert not service.open_draft(work, vault).is_begun
    kit, lou = service.add_child(work, vault), service.add_child(work, vault)
    service.keep_page(work, vault, "name", {"legal_forename": "Kit", "legal_surname": "Lowe"}, kit)
    service.keep_page(work, vault, "born", {"date_of_birth": date(2016, 4, 9)}, kit)
    service.keep_page(work, vault, "relationship", {"responsibility": Responsibility.YES})
    service.keep_page(work, vault, "relationship", {"responsibility": Responsibility.NO})
    service.keep_page(work, vault, "ways", {"ways": [ContactWay.WRITING]})
    draft = service.open_draft(work, vault)
    assert draft.children == {
        kit: {"name": {"legal_forename": "Kit", "legal_surname": "Lowe"}, "born": {"date_of_birth": "2016-04-09"}},
        lou: {},
    }
    assert draft.family == {"relationship": {"responsibility": "no"}, "ways": {"ways": ["writing"]}}
    assert [draft.name_of(key) for key in (kit, lou)] == ["Kit", "Child 2"]
    assert draft.kept_until == NOON.date() + timedelta(days=30)
    assert b"Kit" not in work.session.scalars(select(RegistrationDraft)).one().sealed
    service.submit_registration(work, answers())
    assert work.session.scalar(select(func.count(RegistrationDraft.id))) == 0


def test_it_is_one_accounts_own(work: Work, as_account: As, house: Portal, village: Village) -> None:
    service.add_child(work, house.vault)
    sealed = work.session.scalars(select(RegistrationDraft)).one().sealed
    ada = village.parents["Ada"]
    stranger = as_account(ada)
    assert not service.open_draft(stranger, house.vault).is_begun
    stranger.session.add(RegistrationDraft(account_id=ada.id, sealed=sealed, saved_at=NOON))
    stranger.session.flush()
    assert not service.open_draft(stranger, house.vault).is_begun  # sealed for another: it does not open


def test_a_draft_that_cannot_be_opened_is_begun_anew(work: Work, parent: Account, house: Portal) -> None:
    work.session.add(RegistrationDraft(account_id=parent.id, sealed=b"damaged", saved_at=work.at))
    work.session.flush()
    assert not service.open_draft(work, house.vault).is_begun
    key = service.add_child(work, house.vault)
    assert list(service.open_draft(work, house.vault).children) == [key]


def test_a_child_who_was_removed_in_another_tab_takes_no_answers(work: Work, house: Portal) -> None:
    key = service.add_child(work, house.vault)
    service.remove_child(work, house.vault, key)
    service.remove_child(work, house.vault, key)
    with pytest.raises(Refusal, match="removed in another tab"):
        service.keep_page(work, house.vault, "name", {"legal_forename": "Kit"}, key)


def test_there_is_an_end_to_how_many(work: Work, house: Portal) -> None:
    for _ in range(12):
        service.add_child(work, house.vault)
    with pytest.raises(Refusal, match="12 children at most"):
        service.add_child(work, house.vault)


def test_it_is_kept_for_thirty_days_after_the_last_change(work: Work, house: Portal, clock: Clock) -> None:
    key = service.add_child(work, house.vault)
    work.at = NOON + timedelta(days=20)
    service.keep_page(work, house.vault, "name", {"legal_forename": "Kit"}, key)
    work.session.flush()
    work.at = NOON + timedelta(days=50)
    assert work.session.scalars(queries.forgotten_drafts(work)).all() == []
    work.at += timedelta(seconds=1)
    forgotten = work.session.scalars(queries.forgotten_drafts(work)).all()
    assert len(forgotten) == 1
    service.forget_drafts(work, forgotten)
    assert not service.open_draft(work, house.vault).is_begun


def test_what_is_no_longer_asked_is_not_sent(work: Work, house: Portal) -> None:
    """Someone who says after all that there is no other parent does not send that parent's phone number."""
    vault = house.vault
    key = service.add_child(work, vault)
    service.keep_page(work, vault, "name", {"legal_forename": "Kit", "legal_surname": "Lowe"}, key)
    service.keep_page(work, vault, "born", {"date_of_birth": date(2016, 4, 9)}, key)
    service.keep_page(work, vault, "you", {"parent_name": "Mel Lowe"})
    service.keep_page(work, vault, "other", {"has_other": "yes", "other_name": "Sam"})
    service.keep_page(work, vault, "other-reach", {"other_phone": "01632 960 002"})
    told = service.open_draft(work, vault).answers_of(key, NONE)
    assert told is not None
    assert told.other_phone == "01632 960 002"
    service.keep_page(work, vault, "other", {"has_other": "no", "other_name": ""})
    told = service.open_draft(work, vault).answers_of(key, NONE)
    assert told is not None
    assert (told.other_name, told.other_phone) == ("", "")
