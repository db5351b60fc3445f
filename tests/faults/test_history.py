"""Random histories of a council, with crashes in the midst of anything, against a small model of the contact clock.

The model is in `model.py` and shares no code with the portal. What must hold is asked after every step.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase
from hypothesis import settings as running
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_histories
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service.staff import StaffChange, change_staff
from ehe_portal.casefile.queries import sight
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ClockHold, Contact, ContactClock
from ehe_portal.contact.rules import HoldReason
from ehe_portal.core import jobs
from ehe_portal.core.codes import ContactKind, ContactOutcome, SocialCare, Tier
from ehe_portal.core.jobs.claims import ClockJumped
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import JOBS, Scope, Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Child, Episode
from ehe_portal.register.service import assign, set_tier
from tests.contact.stories import visit
from tests.faults.crashing import Crashing
from tests.faults.model import FLOORS, ModelChild, ModelCouncil
from tests.faults.tally import Tally
from tests.village import a_child, an_account, an_authority

NIGHTLY = [job for job in schedule.JOBS if job.name in ("close-over-age", "follow-policy", "lapse-overdue-contact")]
SENDING = next(job for job in schedule.JOBS if job.name == "send-messages")
POLICY = {
    "annual": "interval_months_annual",
    "half-yearly": "interval_months_half_yearly",
    "close": "interval_weeks_close",
    "first": "first_contact_days",
    "reply": "reply_days",
}
"""What the model calls the values that histories change."""

steps_to_crash = st.none() | st.none() | st.integers(0, 15) | st.integers(0, 120)


class History(Crashing):
    """One council's history."""

    children = Bundle("children")

    def episode(self, work: Work, child: ModelChild) -> Episode:
        return work.session.scalars(select(Episode).where(Episode.child_id == child.id)).one()

    # What happens

    @initialize(target=children)
    def a_council(self) -> Any:
        found: dict[str, Any] = {}

        def build(work: Work) -> None:
            authority = an_authority(work, "838", "Wessex Council")
            found["authority"] = authority.id
            for name, role in (
                ("first", Role.CME_OFFICER), ("second", Role.CME_OFFICER), ("manager", Role.CME_MANAGER),
                ("head", Role.HEAD_OF_SERVICE), ("adviser", Role.ADVISER),
            ):  # fmt: skip
                found[name] = an_account(work, authority, role, f"{name}@wessex.example", name.title()).id

        assert self.done(build, None)
        self.authority_id = found.pop("authority")
        self.staff: dict[str, int] = found
        self.model = ModelCouncil(self.today)
        return multiple(*(self.register_one(9, ago, True, None) for ago in (3, 40, 390)))

    @rule(
        target=children,
        years=st.sampled_from([5, 9, 12]) | st.integers(4, 16),
        ago=st.integers(0, 30) | st.integers(0, 380),
        known=st.booleans(),
        steps=steps_to_crash,
    )
    def register(self, years: int, ago: int, known: bool, steps: int | None) -> ModelChild | None:
        return self.register_one(years, ago, known, steps)

    def register_one(self, years: int, ago: int, known: bool, steps: int | None) -> ModelChild | None:
        opened_on = self.today - timedelta(days=ago)
        child = ModelChild(born=date(opened_on.year - years, 5, 4), opened=opened_on, with_adviser=known)

        def deed(work: Work) -> None:
            authority = work.session.get_one(Authority, self.authority_id)
            adviser = work.session.get_one(Account, self.staff["adviser"]) if known else None
            made = a_child(
                work, authority, f"Child{len(self.model.children)}", "Byrne",
                child.born, opened_on, adviser=adviser,
            )  # fmt: skip
            child.id, child.reference = made.id, made.reference

        if self.done(deed, steps):
            self.model.registered(child)
            return child
        return None

    @rule(
        child=children,
        ago=st.integers(0, 3) | st.integers(0, 90),
        what=st.sampled_from(["effective", "reply", "attempt"]),
        steps=steps_to_crash,
    )
    def record(self, child: ModelChild | None, ago: int, what: str, steps: int | None) -> None:
        on = self.today - timedelta(days=ago)
        if child is None or child.closed or on < child.opened:
            return
        happened = {
            "effective": visit(on.isoformat()),
            "reply": contact.Happened(
                kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=on, substantive=False
            ),
            "attempt": contact.Happened(kind=ContactKind.HOME_VISIT, outcome=ContactOutcome.NO_ANSWER, happened_on=on),
        }[what]
        made: list[int] = []

        def deed(work: Work) -> None:
            made.append(contact.record_contact(work, work.session.get_one(Child, child.id), happened).id)

        if self.done(deed, steps):
            self.model.heard(child, made[-1], on, what)

    @rule(child=children, which=st.integers(0, 5), steps=steps_to_crash)
    def strike_out(self, child: ModelChild | None, which: int, steps: int | None) -> None:
        if child is None or child.closed or which >= len(child.contacts):
            return
        struck = child.contacts[which]

        def deed(work: Work) -> None:
            found = work.session.get_one(Contact, struck.id)
            contact.strike_out(work, found, "It was another child's", version=found.version)

        if self.done(deed, steps):
            self.model.struck_out(child, struck)

    @rule(
        child=children,
        tier=st.sampled_from(list(Tier)),
        status=st.sampled_from([SocialCare.NONE, SocialCare.CIN, SocialCare.CP]),
        steps=steps_to_crash,
    )
    def change_tier(self, child: ModelChild | None, tier: Tier, status: SocialCare, steps: int | None) -> None:
        if child is None or child.closed or tier.value not in FLOORS.get(status.value, FLOORS["none"]):
            return
        deed = lambda work: set_tier(work, self.episode(work, child), tier, status)  # noqa: E731
        if self.done(deed, steps):
            self.model.changed(child, tier.value, status.value)

    @rule(child=children, days=st.integers(1, 25) | st.integers(1, 70), steps=steps_to_crash)
    def hold(self, child: ModelChild | None, days: int, steps: int | None) -> None:
        """A manager holds a clock. What is kept is allowed by the page; the oracle says what it is worth."""
        if child is None or child.closed:
            return
        until = self.today + timedelta(days=days)
        holding = contact.Holding(until, HoldReason.BEREAVEMENT, "A grandmother died, says the mother")
        if self.done(lambda work: contact.hold_clock(work, work.session.get_one(Child, child.id), holding), steps):
            assert self.model.may_be_held(child, until)
            self.model.held(child, until)
            self.counts["holds"] += 1

    @rule(child=children, steps=steps_to_crash)
    def end_hold(self, child: ModelChild | None, steps: int | None) -> None:
        if child is None or child.closed or not child.holds:
            return

        def deed(work: Work) -> None:
            latest = select(ClockHold).where(ClockHold.child_id == child.id).order_by(ClockHold.id.desc()).limit(1)
            contact.end_hold(work, work.session.scalars(latest).one(), "They are back")

        if self.done(deed, steps):
            self.model.let_go(child)

    @rule(name=st.sampled_from(sorted(POLICY)), value=st.integers(2, 14), ahead=st.integers(0, 9), steps=steps_to_crash)
    def set_policy(self, name: str, value: int, ahead: int, steps: int | None) -> None:
        values = self.model.policies[-1][1] | {name: value}
        from_on = self.today + timedelta(days=ahead)
        wanted = PolicyValues(**{POLICY[name]: number for name, number in values.items() if name in POLICY})
        if self.done(lambda work: set_values(work, self.authority_id, wanted, from_on), steps):
            self.model.policies.append((from_on, values))

    @rule(child=children, steps=steps_to_crash)
    def give_to_adviser(self, child: ModelChild | None, steps: int | None) -> None:
        if child is None or child.closed:
            return

        def deed(work: Work) -> None:
            assign(work, self.episode(work, child), work.session.get_one(Account, self.staff["adviser"]))

        if self.done(deed, steps):
            child.with_adviser = True

    @rule(who=st.sampled_from(["first", "second", "manager"]), away=st.integers(0, 20), steps=steps_to_crash)
    def go_away(self, who: str, away: int, steps: int | None) -> None:
        until = self.today + timedelta(days=away)
        role = Role.CME_MANAGER if who == "manager" else Role.CME_OFFICER

        def deed(work: Work) -> None:
            account = work.session.get_one(Account, self.staff[who])
            change_staff(work, account, StaffChange(role, True, self.today, until), account.version)

        if self.done(deed, steps):
            self.model.away[who] = (self.today, until)

    @rule(days=st.integers(1, 3) | st.integers(1, 30), steps=steps_to_crash)
    def night(self, days: int, steps: int | None) -> None:
        """Days pass, and the portal does what it does by itself; or dies doing it, and comes back another day."""
        self.at += timedelta(days=days)
        self.model.today = self.today

        def deed() -> None:
            for job in NIGHTLY:
                report = jobs.run(job, self.house, self.today.isoformat())
                assert report.failed == 0

        self.model.slept(whole=self.survives(deed, steps))

    @precondition(lambda self: self.model.ever_slept)
    @rule(days=st.integers(93, 400) | st.integers(-30, -1))
    def clock_jumps(self, days: int) -> None:
        """By so many days, for a moment: nothing is done by a clock that cannot be right.

        Of a job that a crash kept from running lately, a day since it last ran can be right.
        """
        if self.model.slept_on <= self.today + timedelta(days=days) < self.today:
            return
        now = self.at
        self.at += timedelta(days=days)
        for job in NIGHTLY:
            if self.left is None:
                try:
                    jobs.run(job, self.house, self.today.isoformat())
                except ClockJumped:
                    continue
                raise AssertionError("a clock that cannot be right was believed")
        self.at = now

    @rule(mood=st.sampled_from(["kind", "refuses", "breaks"]), minutes=st.integers(1, 90), steps=steps_to_crash)
    def deliver(self, mood: str, minutes: int, steps: int | None) -> None:
        self.at += timedelta(minutes=minutes)
        if self.at.hour >= 22:
            self.at -= timedelta(hours=10)
        self.server.mood = mood
        self.survives(lambda: jobs.run(SENDING, self.house), steps)

    # What must hold

    @invariant()
    def every_clock_is_the_models(self) -> None:
        with self.reading() as session:
            clocks = {clock.child_id: clock for clock in session.scalars(select(ContactClock))}
        for child in self.model.children:
            clock = clocks[child.id]
            if not clock.is_running:
                self.model.ended(child)
            assert clock.is_running is not child.closed
            if not child.closed and self.model.follows(child):
                verdict = self.model.verdict(child)
                assert (clock.starts_on, clock.due_on, clock.grace_ends, clock.tier.value) == tuple(verdict), child

    @invariant()
    def every_lapse_has_its_escalation_and_no_other(self) -> None:
        with self.reading() as session:
            lapsed = set(session.scalars(select(ContactClock.child_id).where(ContactClock.lapsed_on.is_not(None))))
            found = session.execute(
                select(Escalation.child_id, Escalation.due_on, Escalation.state).where(
                    Escalation.reason == Reason.CONTACT_LAPSE
                )
            ).all()
        is_open = Counter(child_id for child_id, _, state in found if state is not State.CLOSED)
        assert set(is_open) == lapsed
        assert set(is_open.values()) <= {1}, "one open lapse an episode"
        assert set(Counter((child_id, due_on) for child_id, due_on, _ in found).values()) <= {1}
        self.model.judge(lapsed)

    @invariant()
    def each_alert_went_to_everyone_who_should_know(self) -> None:
        with self.reading() as session:
            rows = session.execute(select(Escalation.id, Escalation.alerts, Escalation.last_attempt_on)).all()
            alerts = {row[0]: row[1] for row in rows}
            tried = {row[0]: row[2] is not None for row in rows}
            told = Counter(
                session.scalars(select(OutgoingMessage.idempotency_key).where(OutgoingMessage.topic == "escalation"))
            )
            whose = {row[0]: row[1] for row in session.execute(select(Escalation.id, Escalation.child_id))}
        expected = set(told)
        assert set(told.values()) <= {1}
        for escalation_id, number in alerts.items():
            before = self.raised_before.get(escalation_id, 0)
            assert before <= number
            child = next(one for one in self.model.children if one.id == whose[escalation_id])
            for alert in range(before + 1, number + 1):
                # Where nobody tried, the EHE manager is told too: here is none, so it is the head of service.
                more = {"head"} if alert == number and not tried[escalation_id] else set()
                told_of = {
                    f"escalation-{escalation_id}-{alert}-{self.staff[who]}" for who in self.model.told(child) | more
                }
                found = {key for key in expected if key.startswith(f"escalation-{escalation_id}-{alert}-")}
                head = {f"escalation-{escalation_id}-{alert}-{self.staff['head']}"} if alert < number else set()
                assert found - head == told_of - head
            self.counts["lapses raised"] += number - before
            self.counts["alerts written"] += len(expected) - len(self.told_before)
            self.told_before = expected
        self.raised_before = alerts

    @invariant()
    def the_outbox_loses_nothing(self) -> None:
        with self.reading() as session:
            rows = session.execute(
                select(OutgoingMessage.idempotency_key, OutgoingMessage.message_id, OutgoingMessage.sent_at)
            ).all()
        now = {key: (message_id, sent_at) for key, message_id, sent_at in rows}
        for key, (message_id, sent_at) in self.sent_before.items():
            assert now[key][0] == message_id
            assert sent_at is None or now[key][1] == sent_at, "sent once is sent"
        for message_id, sent_at in now.values():
            assert sent_at is None or self.server.took[message_id] >= 1, "only what was taken counts as sent"
        self.sent_before = now

    @invariant()
    def every_child_is_in_one_state_or_is_counted(self) -> None:
        work = self.house.work(JOBS, Scope(everything=True), writing=False)
        with transaction(work, may_write=False):
            found = sight.examine(work)
        assert found.in_two_states == []
        assert found.lapsed_without_escalation == []
        assert set(found.in_no_state) == self.model.out_of_sight()


def test_whatever_happens_nobody_is_lost_and_nothing_doubled(
    portal_app: Flask, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    History.counts.clear()
    bounded = running(
        max_examples=30,
        stateful_step_count=25,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # making a failing history short takes minutes; it is bounded as it is
    )
    run_histories(lambda: History(portal_app, monkeypatch), settings=bounded)  # type: ignore[arg-type]
    for what in ("histories", "crashes survived", "lapses raised", "holds"):
        assert History.counts[what] > 10, "histories in which something happens"
    for what, number in History.counts.items():
        tally.add(what, number)
