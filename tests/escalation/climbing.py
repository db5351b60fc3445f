"""What the stories about the ladder share."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.core.days import LONDON
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import EscalationRung, Triage
from ehe_portal.escalation.service import Decision
from tests.conftest import Clock
from tests.village import Village

d = date.fromisoformat
Lapse = Callable[..., None]
Run = Callable[..., None]
Heard = Callable[[], list[tuple[str, str, str]]]


def at(day: str, hour: int = 6) -> datetime:
    return datetime.combine(d(day), datetime.min.time().replace(hour=hour), LONDON)


def acting(new_work: Callable[..., Work], work: Work, who: Account, clock: Clock) -> Work:
    done = new_work(who)
    done.session.close()
    done.session, done.at = work.session, clock.at
    return done


def away(work: Work, account: Account, first: str, until: str | None = None) -> None:
    account.away_from, account.away_until = d(first), None if until is None else d(until)
    work.session.flush()


def gone(work: Work, *accounts: Account) -> None:
    for account in accounts:
        account.is_active = False
    work.session.flush()


def decided(village: Village, next_on: str, owner: Account | None = None) -> Decision:
    return Decision(Triage.NO_INFORMATION, "No answer", owner or village.cme_officer, d(next_on))


def rung_rows(work: Work) -> list[tuple[str, int, str, str, int]]:
    rows = work.session.scalars(select(EscalationRung).order_by(EscalationRung.id))
    return [(one.rung.value, one.alert, one.due_on.isoformat(), one.told_on.isoformat(), one.at_work) for one in rows]
