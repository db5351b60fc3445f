"""Someone leaves or does other work: what they have goes to others in the same moment, or nothing happens at all."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import StaffChange
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import service
from ehe_portal.casefile.queries import sight
from ehe_portal.contact.models import Visit
from ehe_portal.core.codes import ContactKind, Destination
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, EscalationStep, Reason, State
from ehe_portal.register import service as register
from ehe_portal.register.models import Episode, PendingDestination
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def ida(work: Work, village: Village) -> Account:
    """One more adviser."""
    return an_account(work, village.authority, Role.ADVISER, "ida@wessex.example", "Ida Wessex")


@pytest.fixture
def admin(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.staff[Role.ADMINISTRATOR])


def a_visit(work: Work, village: Village, name: str, adviser: Account) -> Visit:
    """A visit on offer."""
    visit = Visit(
        authority_id=village.authority.id, child_id=village[name].id, kind=ContactKind.HOME_VISIT,
        on_date=work.today + timedelta(days=3), at_time=time(10, 30), adviser_id=adviser.id, offered_at=work.at,
    )  # fmt: skip
    work.session.add(visit)
    work.session.flush()
    return visit


def owned_by(work: Work, village: Village, owner: Account, state: State = State.ENQUIRY) -> Escalation:
    """An escalation that someone owns."""
    owned = Escalation(
        authority_id=village.authority.id, child_id=village["Cleo"].id, episode_id=None, reason=Reason.CONCERN,
        raised_on=work.today, raised_at=work.at, state=state, owner_id=owner.id, next_on=work.today,
        closed_at=work.at if state is State.CLOSED else None,
    )  # fmt: skip
    work.session.add(owned)
    work.session.flush()
    return owned


def read(page: str) -> str:
    return words_of(tree_of(page))


def with_the_adviser(work: Work, adviser: Account) -> int:
    found = select(Episode).where(Episode.adviser_id == adviser.id, Episode.closed_on.is_(None))
    return len(work.session.scalars(found).all())


def gone(account: Account, **changes: Any) -> StaffChange:
    known = {"role": account.role, "is_active": False, "away_from": None, "away_until": None}
    return StaffChange(**{**known, **changes})


def test_deactivating_an_adviser_leads_through_a_hand_over(
    admin: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    visit = a_visit(work, village, "Ada", village.adviser)
    leaver = village.adviser
    page = admin.submit(f"/staff/{leaver.reference}", {"is_active": "no"}, "Save changes").location
    words = read(admin.get(page).text)
    assert "Hand over 6 children" in words
    assert "Home visit on 15 March 2026 at 10:30am" in words
    assert "Byrne" not in words, "an administrator sees no child"
    filled = {"how": "one", "adviser": ida.reference}
    assert admin.submit(page, filled, "Hand over and change the account").location == "/staff"
    work.session.expire_all()
    assert not leaver.is_active
    assert (with_the_adviser(work, leaver), with_the_adviser(work, ida)) == (0, 6)
    assert visit.adviser_id == ida.id
    kinds = [
        kind
        for kind in work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
        if kind in ("StaffChanged", "EpisodeAssigned", "ChildrenHandedOver")
    ]
    assert kinds == ["EpisodeAssigned"] * 6 + ["ChildrenHandedOver", "StaffChanged"], "nothing was left for the team"


def test_a_new_role_does_too(admin: LintingClient, village: Village, ida: Account, work: Work) -> None:
    leaver = village.adviser
    page = admin.submit(
        f"/staff/{leaver.reference}", {"role": "ehe-manager", "is_active": "yes"}, "Save changes"
    ).location
    assert "will be EHE manager instead of EHE adviser" in read(admin.get(page).text)
    admin.submit(page, {"how": "evenly", "advisers": ida.reference}, "Hand over and change the account")
    work.session.expire_all()
    assert (leaver.role, leaver.is_active, with_the_adviser(work, ida)) == (Role.EHE_MANAGER, True, 6)


def test_to_the_team_nobody_is_out_of_sight(admin: LintingClient, village: Village, work: Work) -> None:
    before = sight.how_many_out_of_sight(work)
    admin.submit(f"/staff/{village.adviser.reference}/hand-over", {"how": "team"}, "Hand over and change the account")
    work.session.expire_all()
    assert not village.adviser.is_active
    assert sight.how_many_out_of_sight(work) == before
    with_team = select(Episode).where(Episode.adviser_id.is_(None), Episode.team_since == work.today)
    assert len(work.session.scalars(with_team).all()) == 6


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({}, "Select who should have these children"),
        ({"how": "one"}, "Select an adviser"),
        ({"how": "evenly"}, "Select the advisers to share among"),
    ],
)
def test_without_an_answer_nothing_changes(
    admin: LintingClient, village: Village, ida: Account, work: Work, filled: dict[str, str], message: str
) -> None:
    url = f"/staff/{village.adviser.reference}/hand-over"
    assert message in admin.submit(url, filled, "Hand over and change the account").text
    work.session.expire_all()
    assert village.adviser.is_active
    assert with_the_adviser(work, village.adviser) == 6


def test_a_leaver_is_not_offered_their_own_children(admin: LintingClient, village: Village, ida: Account) -> None:
    page = admin.get(f"/staff/{village.adviser.reference}/hand-over").text
    assert f'value="{ida.reference}"' in page
    assert f'value="{village.adviser.reference}"' not in page
    assert f'value="{village.stranger[Role.ADVISER].reference}"' not in page


def test_whoever_owns_escalations_names_who_owns_them_next(admin: LintingClient, village: Village, work: Work) -> None:
    officer, manager = village.cme_officer, village.staff[Role.CME_MANAGER]
    enquiry = owned_by(work, village, officer)
    closed = owned_by(work, village, officer, State.CLOSED)
    url = f"/staff/{officer.reference}/hand-over"
    words = read(admin.get(url).text)
    assert "1 open escalation or enquiry" in words
    assert "Who should have these children" not in words
    button = "Hand over and change the account"
    assert "Select who owns their escalations" in admin.submit(url, {}, button).text
    assert admin.submit(url, {"owner": manager.reference}, button).location == "/staff"
    work.session.expire_all()
    assert (enquiry.owner_id, enquiry.state, officer.is_active) == (manager.id, State.ENQUIRY, False)
    assert closed.owner_id == officer.id, "what is closed stays as it was"
    step = work.session.scalars(select(EscalationStep).where(EscalationStep.escalation_id == enquiry.id)).one()
    assert (step.what, step.owner_id) == ("Handed over", manager.id)
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EscalationHandedOver")).one()
    assert entry.child_id == village["Cleo"].id


def test_what_was_only_acknowledged_is_handed_over_too(admin: LintingClient, village: Village, work: Work) -> None:
    """Nobody has decided anything yet, so it has no owner: whoever acknowledged it has it in hand."""
    officer, manager = village.cme_officer, village.staff[Role.CME_MANAGER]
    held = owned_by(work, village, manager, State.ACKNOWLEDGED)
    held.owner_id, held.next_on, held.acknowledged_at, held.acknowledged_by_id = None, None, work.at, officer.id
    others = owned_by(work, village, manager, State.TRIAGED)
    others.acknowledged_at, others.acknowledged_by_id = work.at, officer.id
    work.session.flush()
    url, button = f"/staff/{officer.reference}/hand-over", "Hand over and change the account"
    assert "1 open escalation or enquiry" in read(admin.get(url).text)
    assert admin.submit(url, {"owner": manager.reference}, button).location == "/staff"
    work.session.expire_all()
    assert (held.state, held.acknowledged_by_id, held.owner_id) == (State.ACKNOWLEDGED, manager.id, None)
    assert held.holder_id == manager.id
    assert (others.acknowledged_by_id, others.owner_id) == (officer.id, manager.id), "it has an owner, who stays"


def test_an_owner_answers_escalations_and_is_somebody_else(work: Work, village: Village) -> None:
    officer = village.cme_officer
    owned_by(work, village, officer)
    for owner in (None, officer, village.adviser, village.stranger[Role.CME_MANAGER]):
        with pytest.raises(Refusal):
            service.leave(work, officer, gone(officer), officer.version, [], owner)


def awaited_by(work: Work, village: Village, name: str, owner: Account) -> PendingDestination:
    """A destination that someone is to find out about."""
    episode = village[name].episodes[0]
    next_on = work.today + timedelta(days=14)
    register.await_destination(
        work, episode, register.Awaited(Destination.SCHOOL, "Hillside has offered a place", owner, next_on)
    )
    kept = select(PendingDestination).where(PendingDestination.episode_id == episode.id)
    return work.session.scalars(kept.order_by(PendingDestination.id.desc())).first()  # type: ignore[return-value]


def owned_by_nobody_here(work: Work) -> int:
    """How many destinations are awaited by people who cannot sign in."""
    found = (
        select(PendingDestination.id)
        .join(Account, Account.id == PendingDestination.owner_id)
        .where(PendingDestination.settled_at.is_(None), Account.is_active.is_(False))
    )
    return len(work.session.scalars(found).all())


def test_whoever_finds_out_about_destinations_names_who_does_next(
    admin: LintingClient, client_as: ClientAs, village: Village, work: Work
) -> None:
    leaver, manager = village.staff[Role.CME_MANAGER], village.staff[Role.EHE_MANAGER]
    waiting = awaited_by(work, village, "Ada", leaver)
    settled = awaited_by(work, village, "Ben", leaver)
    register.give_up_destination(work, village["Ben"].episodes[0], "The family changed its mind")
    work.session.commit()
    url, button = f"/staff/{leaver.reference}/hand-over", "Hand over and change the account"
    words = read(admin.get(url).text)
    assert "Hand over destinations" in words
    assert "1 destination that nobody has confirmed yet" in words
    assert "Who owns their escalations" not in words
    assert "Hillside" not in words, "an administrator sees no child"
    assert "Select who finds out about their destinations" in admin.submit(url, {}, button).text
    seen_before = sight.examine(work)
    assert admin.submit(url, {"finder": manager.reference}, button).location == "/staff"
    work.session.expire_all()
    assert not leaver.is_active
    assert (waiting.owner_id, waiting.known, waiting.next_on) == (
        manager.id, "Hillside has offered a place", work.today + timedelta(days=14),
    )  # fmt: skip
    assert settled.owner_id == leaver.id, "what is over stays as it was"
    assert owned_by_nobody_here(work) == 0
    assert sight.examine(work) == seen_before, "nobody is out of sight who was not before"
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "DestinationHandedOver")).one()
    assert (entry.child_id, entry.details["owner_id"]) == (village["Ada"].id, manager.id)
    as_manager = client_as(manager)
    assert "Hillside has offered" in as_manager.get("/my-day?whose=mine").text
    told = read(as_manager.get(f"/children/{village['Ada'].reference}/chronology").text)
    assert "Destination: somebody else finds out more" in told
    assert f"Owner: {manager.name}" in told


def test_an_adviser_leaves_children_and_their_destinations(
    admin: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    """The children and what is awaited of them are two questions: the first may go to the team, the second may not."""
    waiting = awaited_by(work, village, "Ada", village.adviser)
    url, button = f"/staff/{village.adviser.reference}/hand-over", "Hand over and change the account"
    assert "1 destination that nobody has confirmed yet" in read(admin.get(url).text)
    page = admin.submit(url, {"how": "team"}, button).text
    assert "Select who finds out about their destinations" in page
    assert f'value="{village.adviser.reference}"' not in page
    assert f'value="{village.cme_officer.reference}"' not in page, "who could not write down what they found"
    admin.submit(url, {"how": "team", "finder": ida.reference}, button)
    work.session.expire_all()
    assert (waiting.owner_id, village.adviser.is_active, owned_by_nobody_here(work)) == (ida.id, False, 0)


def test_whoever_finds_out_next_works_here_and_is_somebody_else(work: Work, village: Village) -> None:
    leaver, stranger = village.staff[Role.CME_MANAGER], village.stranger[Role.EHE_MANAGER]
    awaited_by(work, village, "Ada", leaver)
    for finder in (None, leaver, village.cme_officer, stranger, village.parents["Ada"]):
        with pytest.raises(Refusal, match="Select"):
            service.leave(work, leaver, gone(leaver), leaver.version, [], None, finder)


def test_a_role_that_closes_no_episodes_hands_destinations_over(
    admin: LintingClient, village: Village, work: Work
) -> None:
    """A CME officer answers escalations as a manager does, but could not write down where a child went."""
    manager = village.staff[Role.CME_MANAGER]
    waiting = awaited_by(work, village, "Ada", manager)
    changed = {"role": Role.CME_OFFICER.value, "is_active": "yes"}
    page = admin.submit(f"/staff/{manager.reference}", changed, "Save changes").location
    finder = village.staff[Role.HEAD_OF_SERVICE]
    admin.submit(page, {"finder": finder.reference}, "Hand over and change the account")
    work.session.expire_all()
    assert (manager.role, waiting.owner_id) == (Role.CME_OFFICER, finder.id)


def test_a_visit_to_somebody_elses_child_goes_to_whoever_has_the_child(
    work: Work, village: Village, ida: Account
) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    visit = a_visit(work, village, "Ada", manager)
    with_team = a_visit(work, village, "Ivo", manager)
    service.leave(work, manager, gone(manager), manager.version, [], None)
    work.session.expire_all()
    assert visit.adviser_id == village.adviser.id
    assert with_team.adviser_id is None, "nobody has Ivo yet: it stands on the team's page"


def test_all_or_nothing(work: Work, village: Village, ida: Account, new_work: Callable[..., Work]) -> None:
    """The last step refuses: an account that changed meanwhile. What came before it must not be kept."""
    leaver = village.adviser
    mine = new_work()
    with pytest.raises(Refusal):
        service.leave(mine, leaver, gone(leaver), leaver.version + 1, [ida], None)
    mine.session.rollback()
    assert with_the_adviser(new_work(), leaver) == 6


def test_what_changed_while_one_was_reading_is_looked_at_again(
    admin: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    url, button = f"/staff/{village.adviser.reference}/hand-over", "Hand over and change the account"
    old = form_of(admin.get(url).text, button)[1]
    village["Ivo"].episodes[0].adviser_id = village.adviser.id
    work.session.commit()
    page = admin.post(url, data={**old, "how": "one", "adviser": ida.reference}).text
    assert "what they have in hand has changed while you were reading" in page
    assert "Hand over 7 children" in page
    assert admin.submit(url, {"how": "one", "adviser": ida.reference}, button).location == "/staff"


def test_an_account_that_changed_meanwhile_is_looked_at_again(
    admin: LintingClient, village: Village, work: Work
) -> None:
    leaver = village.adviser
    page = admin.submit(f"/staff/{leaver.reference}", {"is_active": "no"}, "Save changes").location
    away = StaffChange(leaver.role, True, date(2026, 3, 20), None)
    accounts.change_staff(work, leaver, away, leaver.version)
    work.session.commit()
    assert admin.get(page).location == f"/staff/{leaver.reference}"
    assert admin.post(page).status_code in (302, 400)
    work.session.expire_all()
    assert leaver.is_active


def test_the_last_administrator_is_not_handed_over(admin: LintingClient, village: Village, work: Work) -> None:
    own = village.staff[Role.ADMINISTRATOR]
    page = admin.submit(f"/staff/{own.reference}/hand-over", {}, "Change the account").text
    assert "Choose another administrator first" in page


def test_with_nothing_in_hand_the_page_says_so(admin: LintingClient, village: Village, work: Work) -> None:
    auditor = village.staff[Role.AUDITOR]
    page = admin.submit(f"/staff/{auditor.reference}", {"is_active": "no"}, "Save changes").location
    assert "There is nothing to hand over" in read(admin.get(page).text)
    assert admin.submit(page, {}, "Change the account").location == "/staff"
    work.session.expire_all()
    assert not auditor.is_active


def test_nobody_else_may(client_as: ClientAs, village: Village) -> None:
    url = f"/staff/{village.adviser.reference}/hand-over"
    for role in (Role.EHE_MANAGER, Role.HEAD_OF_SERVICE, Role.AUDITOR, Role.ADVISER):
        assert client_as(village.staff[role]).get(url).status_code == 403, role
    assert client_as(village.stranger[Role.ADMINISTRATOR]).get(url).status_code == 404
    stranger = f"/staff/{village.stranger[Role.ADVISER].reference}/hand-over"
    assert client_as(village.staff[Role.ADMINISTRATOR]).get(stranger).status_code == 404
