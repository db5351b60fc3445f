"""Escalations: raised once, answered by people, closed by the rules. The village is that of 12 March 2026."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.models import Closing, Escalation, Reason, State, Triage
from ehe_portal.escalation.service import Decision, Ending
from ehe_portal.register.events import EpisodeClosed
from tests.escalation.conftest import DUE, about
from tests.village import Village, a_child

Lapse = Callable[..., None]
AsOfficer = Callable[[], Work]
Happened = Callable[[], list[str]]


def alerts(work: Work) -> int:
    return work.session.scalar(select(func.count(OutgoingMessage.id)).where(OutgoingMessage.topic == "escalation")) or 0


def steps(escalation: Escalation, work: Work) -> list[str]:
    work.session.flush()
    work.session.refresh(escalation)
    return [step.what for step in escalation.steps]


def decision(village: Village, kind: Triage = Triage.NO_INFORMATION, **more: Any) -> Decision:
    values = {"reasons": "No answer at the door", "owner": village.cme_officer, "next_on": date(2026, 3, 20)}
    return Decision(kind, **{**values, **more})


# Raising


def test_a_lapse_is_raised_with_what_the_authority_knows(
    work: Work, village: Village, lapse: Lapse, happened: Happened
) -> None:
    lapse(village["Esi"], last_attempt_on=date(2026, 1, 20))
    (one,) = work.session.scalars(select(Escalation))
    assert (one.reason, one.state, one.due_on) == (Reason.CONTACT_LAPSE, State.RAISED, DUE)
    assert (one.should_have_risen_on, one.raised_on) == (date(2026, 1, 30), date(2026, 3, 12))
    assert (one.last_attempt_on, one.social_care) == (date(2026, 1, 20), SocialCare.CP)
    assert (one.alerts, one.raised_by_id, one.words) == (1, None, None)
    assert alerts(work) == 2
    assert happened() == ["EscalationRaised"]


def test_the_same_lapse_is_raised_once(work: Work, village: Village, lapse: Lapse, happened: Happened) -> None:
    for _ in range(3):
        lapse(village["Ben"], village["Ben"])
    assert happened() == ["EscalationRaised"]


def test_the_database_itself_allows_no_second_one(work: Work, raised: Escalation) -> None:
    for due_on in (raised.due_on, date(2026, 2, 1)):  # neither the same lapse twice, nor two open ones
        with pytest.raises(IntegrityError), work.session.begin_nested():
            work.session.add(
                Escalation(
                    authority_id=raised.authority_id,
                    child_id=raised.child_id,
                    episode_id=raised.episode_id,
                    reason=Reason.CONTACT_LAPSE,
                    due_on=due_on,
                    raised_on=work.today,
                    raised_at=work.at,
                )
            )


def test_what_was_closed_is_opened_again_with_a_fresh_alert(
    work: Work, village: Village, lapse: Lapse, raised: Escalation, happened: Happened
) -> None:
    """The contact that had answered it was struck out."""
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    assert (raised.state, raised.closing) == (State.CLOSED, Closing.CONTACT)
    before = alerts(work)
    lapse(village["Ben"])
    assert (raised.state, raised.closing, raised.closed_at, raised.alerts) == (State.RAISED, None, None, 2)
    assert steps(raised, work) == ["The family has been in contact", "Open again: what answered it does not count"]
    assert alerts(work) == 2 * before
    assert happened() == ["EscalationRaised", "EscalationClosed", "EscalationRaised"]


def test_a_later_lapse_of_the_same_episode_is_one_of_its_own(
    work: Work, village: Village, lapse: Lapse, raised: Escalation
) -> None:
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    lapse(village["Ben"], due_on=date(2026, 2, 20))
    found = work.session.scalars(select(Escalation).order_by(Escalation.id)).all()
    assert [(one.due_on, one.state) for one in found] == [(DUE, State.CLOSED), (date(2026, 2, 20), State.RAISED)]


def test_a_lapse_beside_an_open_enquiry_joins_it(
    work: Work, village: Village, lapse: Lapse, raised: Escalation, as_officer: AsOfficer
) -> None:
    service.triage(as_officer(), raised, decision(village, Triage.WHEREABOUTS_UNKNOWN), raised.version)
    lapse(village["Ben"], due_on=date(2026, 3, 2))
    assert work.session.scalar(select(func.count(Escalation.id))) == 1
    assert (raised.state, raised.moved_due_on, raised.alerts) == (State.ENQUIRY, date(2026, 3, 2), 2)
    assert steps(raised, work)[-1] == "Contact lapsed again; it was due on 2 March 2026"


def test_a_date_that_moves_is_added_to_the_open_lapse(
    work: Work, village: Village, raised: Escalation, happened: Happened
) -> None:
    moved = SimpleNamespace(**about(village["Ben"]), due_on=date(2026, 2, 2))
    for _ in range(2):
        service.note_moved_due(work, [moved])
    assert (raised.due_on, raised.moved_due_on, raised.state) == (DUE, date(2026, 2, 2), State.RAISED)
    assert happened() == ["EscalationRaised", "EscalationDueMoved"]


def test_many_lapses_take_as_many_statements_as_a_few(work: Work, village: Village, lapse: Lapse) -> None:
    children = [
        a_child(work, village.authority, f"N{n}", "Quiet", date(2014, 1, 1), date(2025, 1, 6), adviser=village.adviser)
        for n in range(18)  # with more, they would become one digest
    ]
    for child in children:
        about(child)  # read beforehand
    counted: list[int] = []

    def count(*_: object) -> None:
        counted[-1] += 1

    event.listen(work.session.get_bind(), "before_cursor_execute", count)
    try:
        for some in (children[:4], children[4:]):
            counted.append(0)
            lapse(*some)
    finally:
        event.remove(work.session.get_bind(), "before_cursor_execute", count)
    assert counted[0] == counted[1] < 15
    assert work.session.scalar(select(func.count(Escalation.id))) == 18


# Concerns


def test_a_concern_is_told_at_once(work: Work, new_work: Any, village: Village, happened: Happened) -> None:
    work.session.commit()
    acting = new_work(village.adviser)
    one = service.raise_concern(acting, village["Esi"], "  A neighbour rang. ", danger_now=True)
    acting.session.commit()
    assert (one.reason, one.state, one.words, one.danger_now) == (
        Reason.CONCERN,
        State.RAISED,
        "A neighbour rang.",
        True,
    )
    assert (one.raised_by_id, one.social_care) == (village.adviser.id, SocialCare.CP)
    assert alerts(work) == 1


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 10_001])
def test_a_concern_needs_words(work: Work, village: Village, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        service.raise_concern(work, village["Ada"], words, danger_now=False)
    assert refused.value.field == "words"


def test_a_concern_stands_beside_a_lapse(work: Work, village: Village, raised: Escalation) -> None:
    service.raise_concern(work, village["Ben"], "A worry", danger_now=False)
    service.raise_concern(work, village["Ben"], "Another worry", danger_now=True)
    found = queries.open_about(work, village["Ben"].id)
    assert [one.words for one in found] == ["Another worry", None, "A worry"], "danger now comes first"


# Acknowledging and deciding


def test_acknowledging_is_a_named_persons(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer, happened: Happened
) -> None:
    service.acknowledge(as_officer(), raised)
    assert raised.state is State.ACKNOWLEDGED
    assert (raised.acknowledged_by_id, raised.acknowledged_at) == (village.cme_officer.id, work.at)
    assert steps(raised, work) == ["Acknowledged"]
    assert happened() == ["EscalationRaised", "EscalationAcknowledged"]
    with pytest.raises(Refusal, match="Someone has acknowledged this already"):
        service.acknowledge(as_officer(), raised)


@pytest.mark.parametrize("kind", list(Triage))
def test_a_decision_has_reasons_an_owner_and_a_next_date(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer, happened: Happened, kind: Triage
) -> None:
    service.triage(as_officer(), raised, decision(village, kind), raised.version)
    assert raised.state is (State.ENQUIRY if kind is Triage.WHEREABOUTS_UNKNOWN else State.TRIAGED)
    assert (raised.owner_id, raised.next_on) == (village.cme_officer.id, date(2026, 3, 20))
    assert raised.acknowledged_by_id == village.cme_officer.id
    work.session.refresh(raised)
    (step,) = raised.steps
    assert (step.decision, step.reasons, step.by_id) == (kind, "No answer at the door", village.cme_officer.id)
    assert happened() == ["EscalationRaised", "EscalationAcknowledged", "EscalationTriaged"]


def test_a_decision_may_be_made_anew_by_another(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer
) -> None:
    service.triage(as_officer(), raised, decision(village), raised.version)
    manager = village.staff[Role.CME_MANAGER]
    service.triage(as_officer(), raised, decision(village, Triage.WELFARE, owner=manager), raised.version)
    assert raised.owner_id == manager.id
    assert len(steps(raised, work)) == 2


def test_of_two_decisions_at_the_same_moment_the_second_is_told(
    village: Village, raised: Escalation, as_officer: AsOfficer
) -> None:
    seen = raised.version
    service.triage(as_officer(), raised, decision(village), seen)
    with pytest.raises(ChangedMeanwhile):
        service.triage(as_officer(), raised, decision(village, Triage.WELFARE), seen)
    with pytest.raises(ChangedMeanwhile):
        service.close(as_officer(), raised, Ending(Closing.NEXT_CONTACT, "Done", date(2026, 4, 1)), seen)


def test_an_owner_answers_escalations_here(village: Village, raised: Escalation, as_officer: AsOfficer) -> None:
    for owner in (village.adviser, village.staff[Role.AUDITOR], village.stranger[Role.CME_OFFICER]):
        with pytest.raises(Refusal) as refused:
            service.triage(as_officer(), raised, decision(village, owner=owner), raised.version)
        assert refused.value.field == "owner"


def test_nothing_is_decided_about_what_is_closed(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer
) -> None:
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    with pytest.raises(Refusal, match="This escalation has been closed"):
        service.acknowledge(as_officer(), raised)
    with pytest.raises(Refusal, match="This escalation has been closed"):
        service.triage(as_officer(), raised, decision(village), raised.version)
    with pytest.raises(Refusal, match="This escalation has been closed"):
        service.close(as_officer(), raised, Ending(Closing.NEXT_CONTACT, "Done", date(2026, 4, 1)), raised.version)


# Closing


@pytest.mark.parametrize("kind", [None, Triage.CONTACT_MADE, Triage.IN_ERROR])
def test_a_contact_closes_it_whatever_was_decided(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer, kind: Triage | None
) -> None:
    if kind is not None:
        service.triage(as_officer(), raised, decision(village, kind), raised.version)
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    assert (raised.state, raised.closing, raised.closed_by_id) == (State.CLOSED, Closing.CONTACT, None)


def test_an_enquiry_stays_for_its_owner_to_close(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer, lapse: Lapse
) -> None:
    service.triage(as_officer(), raised, decision(village, Triage.WHEREABOUTS_UNKNOWN), raised.version)
    with pytest.raises(Refusal, match="record the contact first"):
        service.close(as_officer(), raised, Ending(Closing.CONTACT, "They rang"), raised.version)
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    assert raised.state is State.ENQUIRY
    assert steps(raised, work)[-1] == "The family has been in contact"
    lapse(village["Ben"])  # the contact was struck out again: not answered after all
    with pytest.raises(Refusal):
        service.close(as_officer(), raised, Ending(Closing.CONTACT, "They rang"), raised.version)
    service.close_answered(work, [SimpleNamespace(**about(village["Ben"]), due_on=DUE)])
    service.close(as_officer(), raised, Ending(Closing.CONTACT, "They rang"), raised.version)
    assert (raised.state, raised.closing, raised.closed_by_id) == (
        State.CLOSED,
        Closing.CONTACT,
        village.cme_officer.id,
    )


@pytest.mark.parametrize(
    ("destination", "in_enquiry", "closes"),
    [
        (Destination.SCHOOL, False, True),
        (Destination.SCHOOL, True, True),
        (Destination.OVER_AGE, False, True),
        (Destination.OVER_AGE, True, False),
        (Destination.CME_ENQUIRY, False, False),
        (Destination.DUPLICATE, True, True),
    ],
)
def test_a_confirmed_destination_closes_it(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer, destination: Destination,
    in_enquiry: bool, closes: bool,
) -> None:  # fmt: skip
    if in_enquiry:
        service.triage(as_officer(), raised, decision(village, Triage.WHEREABOUTS_UNKNOWN), raised.version)
    service.close_with_destination(
        work, [EpisodeClosed(**about(village["Ben"]), closed_on=work.today, destination=destination)]
    )
    assert (raised.state is State.CLOSED) == closes
    assert raised.closing is (Closing.DESTINATION if closes else None)


def test_a_concern_outlives_the_episode(work: Work, village: Village) -> None:
    concern = service.raise_concern(work, village["Ben"], "A worry", danger_now=False)
    closed = EpisodeClosed(**about(village["Ben"]), closed_on=work.today, destination=Destination.SCHOOL)
    service.close_with_destination(work, [closed])
    assert concern.state is State.RAISED


def test_a_dated_next_contact_becomes_the_due_date(
    work: Work, village: Village, as_officer: AsOfficer, happened: Happened
) -> None:
    """The whole way: the sweep, the clock, the escalation and back."""
    from ehe_portal.contact import service as contact

    contact.lapse(work, list(work.session.scalars(contact_queries.overdue(work))))
    raised = queries.open_about(work, village["Ben"].id)[0]
    ending = Ending(Closing.NEXT_CONTACT, "They answered the door and agreed a date", date(2026, 4, 4))
    service.close(as_officer(), raised, ending, raised.version)
    assert (raised.state, raised.closing) == (State.CLOSED, Closing.NEXT_CONTACT)
    clock = contact_queries.clock_of(work, village["Ben"].id)
    assert clock is not None
    assert (clock.due_on, clock.lapsed_due_on) == (date(2026, 4, 7), None)  # the next working day after Easter
    assert happened()[-3:] == ["EscalationAcknowledged", "EscalationClosed", "NextContactSet"]


def test_a_next_contact_is_no_further_off_than_the_tier_allows(
    work: Work, village: Village, lapse: Lapse, as_officer: AsOfficer
) -> None:
    lapse(village["Esi"])  # close, and on a child protection plan
    (raised,) = queries.open_about(work, village["Esi"].id)
    assert service.possible_endings(work, raised) == ([Closing.NEXT_CONTACT], work.today + timedelta(weeks=6))
    with pytest.raises(Refusal, match="not after 23 April 2026") as refused:
        service.close(as_officer(), raised, Ending(Closing.NEXT_CONTACT, "Done", date(2026, 4, 24)), raised.version)
    assert refused.value.field == "next_contact_on"
    assert village["Esi"].episodes[0].tier is Tier.CLOSE


def test_a_concern_is_closed_when_it_has_been_decided_about(
    work: Work, village: Village, as_officer: AsOfficer
) -> None:
    concern = service.raise_concern(work, village["Ada"], "A worry", danger_now=False)
    answered = Ending(Closing.CONCERN_ANSWERED, "Seen at home, all is well")
    with pytest.raises(Refusal, match="record a decision about the concern first"):
        service.close(as_officer(), concern, answered, concern.version)
    service.triage(as_officer(), concern, decision(village, Triage.WELFARE), concern.version)
    service.close(as_officer(), concern, answered, concern.version)
    assert concern.state is State.CLOSED


def test_what_a_person_wrote_is_not_in_the_audit(
    work: Work, village: Village, raised: Escalation, as_officer: AsOfficer
) -> None:
    from ehe_portal.audit.models import AuditEntry

    service.triage(as_officer(), raised, decision(village, reasons="SECRET REASON"), raised.version)
    service.raise_concern(as_officer(), village["Ada"], "SECRET WORRY", danger_now=False)
    assert "SECRET" not in str(work.session.scalars(select(AuditEntry.details)).all())


# Scope


def test_an_escalation_is_found_by_its_own_authority_only(
    new_work: Any, work: Work, village: Village, raised: Escalation
) -> None:
    work.session.commit()
    assert queries.visible_escalation(new_work(village.cme_officer), raised.reference) is not None
    assert queries.visible_escalation(new_work(village.stranger[Role.CME_OFFICER]), raised.reference) is None
    assert queries.visible_escalation(new_work(village.parents["Ada"]), raised.reference) is None
    assert queries.open_about(new_work(village.stranger[Role.CME_OFFICER]), raised.child_id) == []
