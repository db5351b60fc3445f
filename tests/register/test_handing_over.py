"""Sharing children out among advisers, and giving many of them away in one go."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event as events_of
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.codes import Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Episode
from ehe_portal.register.queries import Chosen
from ehe_portal.register.rules import handing_over as rules
from tests.village import Village, a_child, an_account

HOUSEHOLDS = st.lists(st.integers(1, 5), max_size=30).map(
    lambda sizes: [list(range(sum(sizes[:at]), sum(sizes[:at]) + size)) for at, size in enumerate(sizes)]
)


@given(HOUSEHOLDS, st.dictionaries(st.integers(1, 9), st.integers(0, 400), min_size=1, max_size=5))
def test_shares_are_even_and_families_stay_together(households: list[list[int]], have_now: dict[int, int]) -> None:
    shares = rules.spread(households, have_now)
    assert shares.keys() == have_now.keys()
    given_away = sorted(episode for share in shares.values() for episode in share)
    assert given_away == sorted(episode for household in households for episode in household)
    sizes = [len(share) for share in shares.values()]
    assert max(sizes) - min(sizes) <= max(map(len, households), default=0)
    for household in households:
        assert any(set(household) <= set(share) for share in shares.values())


def test_of_equal_shares_the_larger_goes_to_whoever_has_fewer() -> None:
    assert rules.spread([[1], [2], [3]], {7: 100, 8: 20}) == {8: [1, 3], 7: [2]}
    with pytest.raises(ValueError, match="nobody"):
        rules.spread([[1]], {})


@pytest.mark.parametrize(
    ("typed", "prefixes"),
    [
        ("BH16", ["BH16 "]),
        (" bh16 ", ["BH16 "]),
        ("BH16 6", ["BH16 6"]),
        ("BH16 6AA", ["BH16 6AA"]),
        ("", []),
        ("BHX", []),
        ("%", []),
        ("1", []),
        ("BH16 6AAA", []),
        ("BH\u0661", []),
    ],
)
def test_the_beginning_of_a_postcode(typed: str, prefixes: list[str]) -> None:
    assert rules.postcode_prefixes(typed) == prefixes


def test_two_letters_are_an_area_and_no_other_that_begins_so() -> None:
    assert rules.postcode_prefixes("bh") == [f"BH{figure}" for figure in range(10)]
    assert rules.postcode_prefixes("B") == [f"B{figure}" for figure in range(10)]


# Doing it


@pytest.fixture
def others(work: Work, village: Village) -> list[Account]:
    """Two more advisers."""
    return [
        an_account(work, village.authority, Role.ADVISER, f"{name.lower()}@wessex.example", f"{name} Wessex")
        for name in ("Ida", "Jon")
    ]


def of(work: Work, adviser: Account) -> list[int]:
    found = select(Episode.child_id).where(Episode.adviser_id == adviser.id, Episode.closed_on.is_(None))
    return sorted(work.session.scalars(found))


def entries(work: Work, kind: str) -> list[AuditEntry]:
    return list(work.session.scalars(select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.id)))


def test_an_advisers_children_go_to_others_and_each_chronology_says_so(
    work: Work, village: Village, others: list[Account]
) -> None:
    before = queries.held_by(work, village.adviser.id)
    given_to = service.share_out(work, before, others)
    assert service.hand_over(work, village.authority.id, given_to) == len(before) > 4
    work.session.expire_all()
    assert of(work, village.adviser) == []
    assert sorted([*of(work, others[0]), *of(work, others[1])]) == sorted(one.child_id for one in before)
    assigned = entries(work, "EpisodeAssigned")
    assert sorted(entry.child_id or 0 for entry in assigned) == sorted(one.child_id for one in before)
    moved = work.session.scalars(select(Episode).where(Episode.id == before[0].episode_id)).one()
    assert (moved.version, moved.given_on, moved.team_since) == (before[0].version + 1, date(2026, 3, 12), None)


def test_each_new_adviser_gets_one_mail_that_names_nobody(work: Work, village: Village, others: list[Account]) -> None:
    given_to = service.share_out(work, queries.held_by(work, village.adviser.id), others)
    service.hand_over(work, village.authority.id, given_to)
    mails = work.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.template == "children-handed-over").order_by(OutgoingMessage.id)
    ).all()
    assert {mail.to_address: mail.context for mail in mails} == {
        other.email: {"how_many": len(given_to[other.id])} for other in others
    }
    assert len(mails) == 2


def test_whoever_hands_over_to_themselves_gets_no_mail(
    work: Work, village: Village, others: list[Account], new_work: Callable[..., Work]
) -> None:
    own = new_work(others[0])
    service.hand_over(own, village.authority.id, {others[0].id: queries.held_by(own, village.adviser.id)})
    assert own.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.template == "children-handed-over")
    ).all() == []  # fmt: skip


def test_to_the_team_from_today_on(work: Work, village: Village) -> None:
    before = queries.held_by(work, village.adviser.id)
    service.hand_over(work, village.authority.id, service.share_out(work, before, []))
    work.session.expire_all()
    found = work.session.scalars(select(Episode).where(Episode.id.in_([one.episode_id for one in before]))).all()
    assert {(one.adviser_id, one.team_since, one.given_on) for one in found} == {(None, date(2026, 3, 12), None)}
    assert entries(work, "ChildrenHandedOver") == []


def test_what_has_changed_meanwhile_is_not_moved(work: Work, village: Village, others: list[Account]) -> None:
    before = queries.held_by(work, village.adviser.id)
    seal = queries.seal_of(before)
    service.set_tier(work, village["Ada"].episodes[0], Tier.HALF_YEARLY, village["Ada"].episodes[0].social_care)
    assert queries.seal_of(queries.held_by(work, village.adviser.id)) != seal
    with pytest.raises(ChangedMeanwhile):
        service.hand_over(work, village.authority.id, {others[0].id: before})


@pytest.mark.parametrize("wrong", ["elsewhere", "other role", "gone"])
def test_children_go_only_to_an_adviser_who_works_here(work: Work, village: Village, wrong: str) -> None:
    to = {
        "elsewhere": village.stranger[Role.ADVISER],
        "other role": village.staff[Role.EHE_MANAGER],
        "gone": an_account(work, village.authority, Role.ADVISER, "gone@wessex.example", "Gone"),
    }[wrong]
    to.is_active = wrong != "gone"
    work.session.flush()
    with pytest.raises(Refusal, match="Select an adviser who works here now"):
        service.hand_over(work, village.authority.id, {to.id: queries.held_by(work, village.adviser.id)})


def test_no_child_of_another_authority_is_moved(work: Work, village: Village, others: list[Account]) -> None:
    theirs = queries.moving(work, Chosen(references=(village.children["Zoe"].reference,)))
    assert len(theirs) == 1
    with pytest.raises(ChangedMeanwhile):
        service.hand_over(work, village.authority.id, {others[0].id: theirs})


def test_hundreds_are_moved_in_a_few_statements(work: Work, village: Village, others: list[Account]) -> None:
    for number in range(60):
        a_child(work, village.authority, f"Kid{number}", "Many", date(2015, 1, 1), date(2025, 9, 1), adviser=others[0])
    moving = queries.held_by(work, others[0].id)
    statements: list[Any] = []

    def count(*said: Any) -> None:
        statements.append(said[2])

    events_of.listen(work.session.connection(), "before_cursor_execute", count)
    service.hand_over(work, village.authority.id, {others[1].id: moving})
    events_of.remove(work.session.connection(), "before_cursor_execute", count)
    assert len(moving) == 60
    assert len(statements) < 12, statements


# Who is meant


def chosen(work: Work, **which: Any) -> list[str]:
    lines = queries.moving_lines(work, Chosen(**which))
    assert len(lines) == queries.how_many(work, Chosen(**which)) == len(queries.moving(work, Chosen(**which)))
    return [line.name.split()[0] for line in lines]


def test_who_is_chosen(work: Work, village: Village, new_work: Callable[..., Work]) -> None:
    here = new_work(village.staff[Role.EHE_MANAGER])
    everyone = ["Ada", "Ben", "Cleo", "Esi", "Finn", "Gil", "Ivo"]
    assert chosen(here) == everyone
    assert chosen(here, adviser=village.adviser.reference) == everyone[:-1]
    assert chosen(here, adviser="team") == ["Ivo"]
    assert chosen(here, adviser=village.stranger[Role.ADVISER].reference) == []
    assert chosen(here, tier=Tier.CLOSE) == ["Esi"]
    assert chosen(here, year=6) == ["Ada"]
    assert chosen(here, year=6, tier=Tier.CLOSE) == []
    assert chosen(here, prefixes=("BH16 ",)) == everyone
    assert chosen(here, prefixes=("BH1 ",)) == []
    assert chosen(here, references=(village["Ben"].reference, village.children["Zoe"].reference)) == ["Ben"]
