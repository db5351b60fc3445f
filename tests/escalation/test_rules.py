"""The rules of escalations, as tables."""

from datetime import date, timedelta

import pytest

from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.escalation.rules import (
    LONGEST_WORDS,
    Closing,
    Intervals,
    Known,
    OnLapse,
    Problem,
    Reason,
    Standing,
    State,
    Triage,
    closing_problem,
    endings,
    latest_next_contact,
    on_lapse,
    state_after,
    triage_problem,
)

TODAY = date(2026, 3, 12)
DUE, EARLIER = date(2026, 2, 2), date(2025, 2, 3)


def known(due_on: date, state: State, *, answered: bool = False) -> Known:
    return Known(due_on, state, answered)


@pytest.mark.parametrize(
    ("earlier", "deed"),
    [
        ([], OnLapse.RAISE),
        ([known(EARLIER, State.CLOSED)], OnLapse.RAISE),
        ([known(DUE, State.CLOSED)], OnLapse.REOPEN),
        ([known(EARLIER, State.CLOSED), known(DUE, State.CLOSED)], OnLapse.REOPEN),
        ([known(DUE, State.RAISED)], OnLapse.NOTHING),
        ([known(DUE, State.ENQUIRY)], OnLapse.NOTHING),
        ([known(DUE, State.ENQUIRY, answered=True)], OnLapse.ADD),
        ([known(EARLIER, State.ENQUIRY)], OnLapse.ADD),
        ([known(EARLIER, State.TRIAGED), known(DUE, State.CLOSED)], OnLapse.ADD),
    ],
)
def test_a_lapse_meets_what_is_there(earlier: list[Known], deed: OnLapse) -> None:
    found, which = on_lapse(DUE, earlier)
    assert found is deed
    assert (which in earlier) == (deed in (OnLapse.REOPEN, OnLapse.ADD))
    if deed is OnLapse.REOPEN:
        assert which == known(DUE, State.CLOSED)


def test_no_decision_closes_anything() -> None:
    assert {decision: state_after(decision) for decision in Triage} == {
        Triage.WHEREABOUTS_UNKNOWN: State.ENQUIRY,
        **dict.fromkeys(set(Triage) - {Triage.WHEREABOUTS_UNKNOWN}, State.TRIAGED),
    }


@pytest.mark.parametrize(
    ("state", "reasons", "next_on", "field"),
    [
        (State.RAISED, "Because", TODAY, None),
        (State.ENQUIRY, "Because", TODAY + timedelta(days=92), None),
        (State.CLOSED, "Because", TODAY, ""),
        (State.RAISED, " \n", TODAY, "reasons"),
        (State.RAISED, "x" * (LONGEST_WORDS + 1), TODAY, "reasons"),
        (State.RAISED, "Because", TODAY - timedelta(days=1), "next_on"),
        (State.RAISED, "Because", TODAY + timedelta(days=93), "next_on"),
        (State.RAISED, "Because", None, "next_on"),
    ],
)
def test_what_a_decision_needs(state: State, reasons: str, next_on: date | None, field: str | None) -> None:
    problem = triage_problem(state, reasons, next_on, TODAY)
    assert (problem.field if problem else None) == field


def standing(
    reason: Reason = Reason.CONTACT_LAPSE,
    state: State = State.RAISED,
    *,
    answered: bool = False,
    destination: Destination | None = None,
    episode: bool = True,
) -> Standing:
    return Standing(reason, state, answered, episode and destination is None, destination)


@pytest.mark.parametrize(
    ("at", "possible"),
    [
        (standing(), [Closing.NEXT_CONTACT]),
        (standing(state=State.ENQUIRY), [Closing.NEXT_CONTACT]),
        (standing(state=State.ENQUIRY, answered=True), [Closing.CONTACT, Closing.NEXT_CONTACT]),
        (standing(state=State.ENQUIRY, destination=Destination.OVER_AGE), [Closing.DESTINATION]),
        (standing(state=State.ENQUIRY, destination=Destination.CME_ENQUIRY), []),
        (standing(state=State.CLOSED), []),
        (standing(Reason.CONCERN), []),
        (standing(Reason.CONCERN, State.ACKNOWLEDGED), []),
        (standing(Reason.CONCERN, State.TRIAGED), [Closing.CONCERN_ANSWERED]),
        (standing(Reason.CONCERN, State.ENQUIRY), [Closing.CONCERN_ANSWERED]),
        (standing(Reason.CONCERN, State.TRIAGED, episode=False), [Closing.CONCERN_ANSWERED]),
    ],
)
def test_how_an_escalation_may_end(at: Standing, possible: list[Closing]) -> None:
    assert endings(at) == possible
    for closing in Closing:
        problem = closing_problem(at, closing, "Done", TODAY + timedelta(days=1), TODAY, TODAY + timedelta(days=365))
        assert (problem is None) == (closing in possible)


@pytest.mark.parametrize(
    ("reasons", "next_contact_on", "field"),
    [
        ("Spoke to the school", TODAY + timedelta(days=1), None),
        ("Spoke to the school", TODAY + timedelta(days=42), None),
        ("", TODAY + timedelta(days=1), "reasons"),
        ("x" * (LONGEST_WORDS + 1), TODAY + timedelta(days=1), "reasons"),
        ("Spoke to the school", None, "next_contact_on"),
        ("Spoke to the school", TODAY, "next_contact_on"),
        ("Spoke to the school", TODAY + timedelta(days=43), "next_contact_on"),
    ],
)
def test_a_dated_next_contact_silences_nobody(reasons: str, next_contact_on: date | None, field: str | None) -> None:
    latest = TODAY + timedelta(days=42)
    problem = closing_problem(standing(), Closing.NEXT_CONTACT, reasons, next_contact_on, TODAY, latest)
    assert (problem.field if problem else None) == field


def test_the_latest_day_is_said() -> None:
    problem = closing_problem(standing(), Closing.NEXT_CONTACT, "Done", date(2036, 1, 1), TODAY, date(2027, 3, 12))
    assert problem == Problem("next_contact_on", "Enter a date of the next contact that is not after 12 March 2027")


@pytest.mark.parametrize(
    ("tier", "social_care", "latest"),
    [
        (Tier.ANNUAL, SocialCare.NONE, date(2027, 3, 12)),
        (Tier.ANNUAL, SocialCare.UNKNOWN, date(2027, 3, 12)),
        (Tier.ANNUAL, SocialCare.CIN, date(2026, 9, 12)),
        (Tier.ANNUAL, SocialCare.LAC, date(2026, 9, 12)),
        (Tier.ANNUAL, SocialCare.CP, date(2026, 4, 23)),
        (Tier.HALF_YEARLY, SocialCare.NONE, date(2026, 9, 12)),
        (Tier.HALF_YEARLY, SocialCare.CP, date(2026, 4, 23)),
        (Tier.CLOSE, SocialCare.NONE, date(2026, 4, 23)),
        (Tier.CLOSE, SocialCare.CIN, date(2026, 4, 23)),
    ],
)
def test_how_far_ahead_a_next_contact_may_be(tier: Tier, social_care: SocialCare, latest: date) -> None:
    assert latest_next_contact(TODAY, tier, social_care, Intervals(12, 6, 6)) == latest


def test_every_code_has_its_words() -> None:
    for codes in (Reason, State, Triage, Closing):
        labels = [code.label for code in codes]
        assert len(set(labels)) == len(labels)
