"""What the stories about notices and orders share: people who act, a day to set, a decision to rest on."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.events import EducationAssessed
from ehe_portal.evidence.models import Assessment, DecisionState, Outcome
from ehe_portal.policy.models import PolicyValues, TermDate, TermKind
from ehe_portal.policy.rules.profiles import PROFILES, Profile
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Child
from tests.conftest import Clock, signed_in
from tests.village import Village

Acting = Callable[..., Work]
Decide = Callable[..., Assessment]


@pytest.fixture
def acting(house: Portal, work: Work, clock: Clock) -> Acting:
    """Work of one account on a day, in the session of the test."""

    def make(account: Account, on: date | None = None) -> Work:
        if on is not None:
            clock.at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        actor, scope = signed_in(account)
        made = house.work(actor, scope, writing=True)
        made.session.close()
        made.session = work.session
        return made

    return make


@pytest.fixture
def manager(village: Village) -> Account:
    return village.staff[Role.EHE_MANAGER]


@pytest.fixture
def decide(acting: Acting, manager: Account) -> Decide:
    """Lets a decision about a child's education stand."""

    def make(child: Child, outcome: Outcome = Outcome.UNSUITABLE, on: date | None = None) -> Assessment:
        work = acting(manager, on)
        made = Assessment(
            authority_id=child.authority_id,
            child_id=child.id,
            outcome=outcome,
            reasons="What was shown rests on very little.",
            decided_at=work.at,
            decided_by_id=manager.id,
            state=DecisionState.STANDS,
            stands_since=work.at,
        )
        work.session.add(made)
        work.session.flush()
        work.publish(
            EducationAssessed(
                authority_id=child.authority_id, child_id=child.id, assessment_id=made.id, outcome=outcome
            )
        )
        return made

    return make


@pytest.fixture
def terms(work: Work, village: Village) -> None:
    """Two terms with a half term and a holiday in between."""
    for name, first, last in (
        ("Spring, first half", date(2026, 1, 5), date(2026, 2, 13)),
        ("Spring, second half", date(2026, 2, 23), date(2026, 3, 27)),
        ("Summer, first half", date(2026, 4, 13), date(2026, 5, 22)),
        ("Summer, second half", date(2026, 6, 1), date(2026, 7, 21)),
    ):
        work.session.add(
            TermDate(
                authority_id=village.authority.id,
                school_year=2025,
                kind=TermKind.TERM,
                name=name,
                first_on=first,
                last_on=last,
            )
        )
    work.session.flush()


@pytest.fixture
def law_to_come(work: Work, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Act of 2026 has commenced, and the authority works under it."""
    known = PROFILES["cnis2026"]
    commenced = Profile(known.code, known.name, known.registration, known.required, commenced_on=date(2026, 3, 1))
    monkeypatch.setitem(PROFILES, "cnis2026", commenced)
    set_values(work, village.authority.id, PolicyValues(), work.today, "cnis2026")
