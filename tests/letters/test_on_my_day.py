"""Letters to post on My day: one row, of one's own children and of those that one wrote, which leads to the pile."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import Work
from ehe_portal.letters import service as letters
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.service import by_notify
from ehe_portal.register.queries import visible_child
from tests.conftest import Clock
from tests.letters.conftest import LAPSED, NewWork
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]
Write = Callable[[Account, str], Letter]


def day(client: LintingClient, more: str = "") -> str:
    return " ".join(words_of(tree_of(client.get(f"/my-day{more}").text)).split())


@pytest.fixture
def other(work: Work, village: Village) -> Account:
    """An adviser who has none of the children."""
    return an_account(work, village.authority, Role.ADVISER, "kim@wessex.example", "Kim Reed")


@pytest.fixture
def write(village: Village, new_work: NewWork) -> Write:
    """Lets someone write a letter about a child that goes by post."""

    def make(account: Account, forename: str) -> Letter:
        with transaction(new_work(account), may_write=True) as work:
            child = visible_child(work, village[forename].reference)
            assert child is not None
            return letters.write(work, "contact-lapsed", child, [child.carers[0]], LAPSED, goes=Goes.POST)[0]

    return make


def test_ones_own_letters_are_one_row_that_leads_to_the_pile(
    client_as: ClientAs, village: Village, other: Account, write: Write, clock: Clock, new_work: NewWork
) -> None:
    adviser, manager = village.adviser, village.staff[Role.EHE_MANAGER]
    assert "Letters to post" not in day(client_as(adviser)), "no row where there is nothing"
    first = write(manager, "Ada")
    assert "1 letter to post" in day(client_as(adviser))
    assert 'href="/post"' in client_as(adviser).get("/my-day?kind=letters").text
    assert "to post" not in day(client_as(other)), "neither about their child nor written by them"
    clock.at += timedelta(days=3)
    write(other, "Ada")
    assert "2 letters to post, the oldest since 12 March 2026" in day(client_as(adviser))
    assert "1 letter to post" in day(client_as(other))
    assert "2 letters to post" in day(client_as(manager), "?whose=team&sort=date")
    with transaction(new_work(adviser), may_write=True) as work:
        letters.confirm_posted(work, [work.session.get_one(Letter, first.id)], work.today)
    assert "1 letter to post" in day(client_as(adviser))


def test_another_authoritys_letters_are_nobodys_here(
    client_as: ClientAs, village: Village, write: Write, new_work: NewWork
) -> None:
    write(village.adviser, "Ada")
    assert "to post" not in day(client_as(village.stranger[Role.EHE_MANAGER]), "?whose=team")


def test_what_notify_has_lies_on_no_pile(
    client_as: ClientAs, village: Village, write: Write, new_work: NewWork
) -> None:
    letter = write(village.adviser, "Ada")
    with transaction(new_work(village.adviser), may_write=True) as work:
        by_notify.give(work, [work.session.get_one(Letter, letter.id)], first_class=False)
    assert "Letters to post" not in day(client_as(village.adviser))
