"""A council as the contact clock's page describes it: who should lapse, when, and who should hear of it.

Dates come from the deliberately naive calculation in tests/contact/oracle.py. To tell the model of something
new that moves dates, add it to `ModelChild` and to `ModelCouncil.story`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.contact import oracle

FLOORS = {
    "none": ("annual", "half-yearly", "close"),
    "cin": ("half-yearly", "close"),
    "lac": ("half-yearly", "close"),
    "cp": ("close",),
}
LONG_AGO = date(1900, 1, 1)


@dataclass
class ModelContact:
    """One contact, and whether it is effective."""

    id: int
    on: date
    effective: bool


@dataclass
class ModelChild:
    """One child, known since a day, at home since then."""

    born: date
    opened: date
    with_adviser: bool
    id: int = 0
    reference: str = ""
    closed: bool = False
    contacts: list[ModelContact] = field(default_factory=list)
    tiers: list[tuple[date, str, str]] = field(default_factory=list)
    holds: list[oracle.Hold] = field(default_factory=list)
    settled_on: date = LONG_AGO
    settled_under: int = 0
    is_lapsed: bool = False
    answered_after: date | None = None
    answered: bool = False
    may_close: bool = False
    must_reopen: bool = False

    @property
    def last_contact(self) -> date | None:
        return max((one.on for one in self.contacts if one.effective), default=None)


class ModelCouncil:
    """The council, and what may change about its lapses with the step that was taken last."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.children: list[ModelChild] = []
        self.policies: list[tuple[date, dict[str, int]]] = [(LONG_AGO, dict(oracle.DEFAULTS))]
        self.away: dict[str, tuple[date, date]] = {}
        self.ever_slept, self.slept_on = False, LONG_AGO
        self.swept = False

    # What happened

    def registered(self, child: ModelChild) -> None:
        self.children.append(child)
        self.settle(child)

    def settle(self, child: ModelChild) -> None:
        """Its clock has been worked out now, under the values that are known now."""
        child.settled_on, child.settled_under = self.today, len(self.policies)

    def heard(self, child: ModelChild, contact_id: int, on: date, what: str) -> None:
        before = child.last_contact
        if what != "attempt":
            child.contacts.append(ModelContact(contact_id, on, what == "effective"))
        self.settle(child)
        later = child.last_contact is not None and (before is None or child.last_contact > before)
        if child.is_lapsed and later and self.today <= self.verdict(child).grace_ends:
            child.may_close = True
            child.answered_after = before

    def struck_out(self, child: ModelChild, struck: ModelContact) -> None:
        child.contacts.remove(struck)
        self.settle(child)
        last = child.last_contact
        nothing_left = last is None or (child.answered_after is not None and last <= child.answered_after)
        child.must_reopen = child.answered and nothing_left

    def changed(self, child: ModelChild, tier: str, status: str) -> None:
        if (tier, status) == self.tiers_of(child)[-1][1:]:
            return
        child.tiers = [change for change in child.tiers if change[0] != self.today] + [(self.today, tier, status)]
        self.settle(child)

    def may_be_held(self, child: ModelChild, until: date) -> bool:
        """Whether a manager may hold a clock from today on: 60 days at most, 120 in a year, not twice in a row, never
        under a child protection plan or once it has lapsed.
        """
        one_day = timedelta(days=1)
        days = {self.today + number * one_day for number in range((until - self.today).days + 1)}
        if len(days) > 60 or child.is_lapsed or self.tiers_of(child)[-1][2] == "cp":
            return False
        for hold in child.holds:
            if child.last_contact is None or child.last_contact < hold.begun:
                return False
            last = min(hold.until, hold.given_up or hold.until)
            days |= {hold.begun + number * one_day for number in range((last - hold.begun).days + 1)}
        return sum(oracle.months_on(day, 12) > until for day in days) <= 120

    def held(self, child: ModelChild, until: date) -> None:
        self.end_running(child)
        child.holds.append(oracle.Hold(self.today, until, None))
        self.settle(child)

    def let_go(self, child: ModelChild) -> None:
        self.end_running(child)
        self.settle(child)

    def end_running(self, child: ModelChild) -> None:
        """Today is the last day of a hold that runs."""
        for number, hold in enumerate(child.holds):
            if min(hold.until, hold.given_up or hold.until) >= self.today:
                child.holds[number] = hold._replace(given_up=self.today)

    def slept(self, *, whole: bool) -> None:
        """A night has passed; `whole` if nothing crashed in it."""
        self.ever_slept = self.ever_slept or whole
        self.swept = whole
        self.slept_on = self.today if whole else self.slept_on
        for child in self.children:
            if whole:
                self.settle(child)
                child.closed = child.closed or oracle.school_age(child.born)[1] < self.today

    def ended(self, child: ModelChild) -> None:
        """Its clock has stopped, perhaps in a night that broke off: which only school age may do."""
        assert oracle.school_age(child.born)[1] < self.today
        child.closed = True

    # What follows

    def tiers_of(self, child: ModelChild) -> list[tuple[date, str, str]]:
        return [(child.opened, "annual", "unknown"), *child.tiers]

    def story(self, child: ModelChild) -> oracle.Story:
        """A child's history as the naive calculation takes it."""
        tiers = self.tiers_of(child)
        days = sorted({child.opened, *(day for day, _, _ in tiers), *(day for day, _ in self.policies)})
        held = []
        for day in days:
            _, tier, status = [change for change in tiers if change[0] <= max(day, child.opened)][-1]
            policy = [values for since, values in self.policies if since <= day][-1]
            held.append(oracle.Held(day, tier, status, policy))
        contacts = [oracle.Contact(one.on, one.effective, None) for one in child.contacts]
        return oracle.Story(child.opened, child.born, held, contacts, [], self.today, child.holds)

    def verdict(self, child: ModelChild) -> oracle.Verdict:
        return oracle.naive_clock(self.story(child))

    def follows(self, child: ModelChild) -> bool:
        """Whether the portal has had occasion to work this clock out since policy values last came into force."""
        return all(
            since <= child.settled_on and number < child.settled_under
            for number, (since, _) in enumerate(self.policies)
            if child.opened < since <= self.today
        )

    def told(self, child: ModelChild) -> set[str]:
        """Who is alerted today: the officers who are here, or else the manager, or else the head of service."""
        here = {who for who in ("first", "second", "manager") if not self.is_away(who)}
        officers = here & {"first", "second"} or here & {"manager"} or {"head"}
        return officers | ({"adviser"} if child.with_adviser else set())

    def is_away(self, who: str) -> bool:
        since, until = self.away.get(who, (LONG_AGO, LONG_AGO))
        return since <= self.today <= until

    def out_of_sight(self) -> set[str]:
        """Children of school age with the team for more than five working days, or past it and not closed yet."""
        found = set()
        for child in self.children:
            starts, ends = oracle.school_age(child.born)
            of_age = starts <= self.today <= ends
            too_long = not child.with_adviser and oracle.working_days_on(child.opened, 5) < self.today
            if of_age and too_long and not child.closed:
                found.add(child.reference)
        return found

    def judge(self, lapsed: set[int]) -> None:
        """Whether each lapse began and ended only for a reason, and whether the sweep found everyone."""
        for child in self.children:
            now = child.id in lapsed
            if child.closed:
                assert not now
            elif self.follows(child):
                verdict = self.verdict(child)
                late = verdict.grace_ends < self.today <= oracle.school_age(child.born)[1]
                assert now or not (self.swept and late), ("the sweep missed a child", child)
                assert now or not child.must_reopen, ("what answered the lapse was struck out", child)
                assert not now or child.is_lapsed or late or child.must_reopen, ("raised without a reason", child)
                assert now or not child.is_lapsed or child.may_close, ("closed without a reason", child)
            if child.is_lapsed and not now and not child.closed:
                child.answered = True
            if now:
                child.answered = False
            child.is_lapsed = now
            child.may_close = child.must_reopen = False
        self.swept = False
