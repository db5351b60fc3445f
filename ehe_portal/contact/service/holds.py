"""Holding a clock, and letting it go again."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.contact import queries, rules
from ehe_portal.contact.events import ClockHeld, HoldEnded
from ehe_portal.contact.models import ClockHold
from ehe_portal.contact.rules import Hold, HoldReason
from ehe_portal.contact.service.clocks import settle
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child


@dataclass(frozen=True)
class Holding:
    """Until when a clock is to be held, and why; `words` say more, for officers."""

    until_on: date
    reason: HoldReason
    words: str


def hold_clock(work: Work, child: Child, holding: Holding) -> ClockHold:
    """Hold the child's clock from today on. Raises `Refusal`. A hold that still runs gives way to the new one."""
    episode = child.episode
    clocks = queries.running_clocks(work, [episode.id]) if episode is not None else []
    if episode is None or not clocks:
        raise Refusal("There is no clock to hold: this child has no open episode of home education")
    if clocks[0].lapsed_on is not None:
        raise Refusal("This contact has lapsed. Its escalation can be closed with a dated next contact instead")
    if not holding.words.strip():
        raise Refusal("Enter what is known, and from whom", "words")
    earlier = queries.holds_of(work, episode.id)
    problem = rules.hold_problem(
        holding.until_on,
        [Hold(one.from_on, one.until_on, one.ended_on) for one in earlier],
        clocks[0].last_contact_on,
        today=work.today,
        protection_plan=episode.social_care is SocialCare.CP,
        may_hold_again=permits(work.actor, Permission.CLOCK_HOLD_AGAIN),
    )
    if problem is not None:
        raise Refusal(problem.message, problem.field)
    for running in earlier:
        if running.last_on >= work.today:
            running.ended_on, running.ended_by_id = work.today, work.actor.account_id
            running.ended_why = "Another hold took its place"
    hold = ClockHold(
        authority_id=child.authority_id,
        child_id=child.id,
        episode_id=episode.id,
        from_on=work.today,
        until_on=holding.until_on,
        reason=holding.reason,
        words=holding.words.strip(),
        set_at=work.at,
        set_by_id=work.actor.account_id,
    )
    work.session.add(hold)
    work.session.flush()
    work.publish(
        ClockHeld(
            authority_id=hold.authority_id,
            child_id=hold.child_id,
            episode_id=hold.episode_id,
            hold_id=hold.id,
            until_on=hold.until_on,
            reason=hold.reason,
        )
    )
    settle(work, [episode.id])
    return hold


def end_hold(work: Work, hold: ClockHold, why: str) -> None:
    """End a hold early: today is its last day, so that nobody is late overnight. Raises `Refusal`."""
    if not why.strip():
        raise Refusal("Enter why the hold ends", "why")
    if hold.last_on < work.today or hold.ended_on is not None:
        raise Refusal("This hold is over")
    hold.ended_on, hold.ended_by_id, hold.ended_why = work.today, work.actor.account_id, why.strip()
    work.session.flush()
    work.publish(
        HoldEnded(
            authority_id=hold.authority_id,
            child_id=hold.child_id,
            episode_id=hold.episode_id,
            hold_id=hold.id,
            last_on=work.today,
        )
    )
    settle(work, [hold.episode_id])
