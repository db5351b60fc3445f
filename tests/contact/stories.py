"""Small deeds of which the stories about contact are told."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import select

from ehe_portal.contact import queries, service
from ehe_portal.contact.models import Contact, ContactClock
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, SocialCare, Tier
from ehe_portal.core.work import Event, Work
from ehe_portal.escalation.events import NextContactSet
from ehe_portal.evidence.events import EvidenceSubmitted
from ehe_portal.evidence.models import Evidence
from ehe_portal.register.events import TierChanged
from ehe_portal.register.models import Child, Episode, EpisodeChange
from tests.pages import LintingClient

ClockOf = Callable[[Child], ContactClock]
On = Callable[[str], Work]
Told = list[Event]
E = TypeVar("E", bound=Event)

THERE = service.Check(persons_present="Ben and his mother")


def d(text: str) -> date:
    return date.fromisoformat(text)


def only(told: Told, kind: type[E]) -> E:
    found = [event for event in told if isinstance(event, kind)]
    assert len(found) == 1, told
    return found[0]


def kinds(told: Told) -> set[str]:
    return {type(event).__name__ for event in told}


def visit(day: str, **more: Any) -> service.Happened:
    values: dict[str, Any] = {
        "kind": ContactKind.HOME_VISIT,
        "outcome": ContactOutcome.HELD,
        "child_seen": ChildSeen.YES,
        "check": THERE,
    }
    return service.Happened(happened_on=d(day), **(values | more))


def letter(day: str, *, substantive: bool) -> service.Happened:
    return service.Happened(
        kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=d(day), substantive=substantive
    )


def attempt(day: str, outcome: ContactOutcome, kind: ContactKind = ContactKind.HOME_VISIT) -> service.Happened:
    return service.Happened(kind=kind, outcome=outcome, happened_on=d(day))


def sweep(work: Work) -> Sequence[int]:
    found = work.session.scalars(queries.overdue(work)).all()
    service.lapse(work, found)
    return found


def episode_of(work: Work, child: Child) -> Episode:
    return work.session.scalars(select(Episode).where(Episode.child_id == child.id)).one()


def plan(work: Work, child: Child, day: str) -> None:
    event = NextContactSet(
        authority_id=child.authority_id,
        child_id=child.id,
        episode_id=episode_of(work, child).id,
        next_contact_on=d(day),
    )
    service.plan_next(work, [event])


def change(work: Work, child: Child, tier: Tier, social_care: SocialCare) -> None:
    about: dict[str, Any] = {"authority_id": child.authority_id, "episode_id": episode_of(work, child).id}
    held: dict[str, Any] = {"from_on": work.today, "tier": tier, "social_care": social_care}
    work.session.add(EpisodeChange(**about, **held))
    work.session.flush()
    service.follow_changes(work, [TierChanged(child_id=child.id, **about, **held)])


def send(work: Work, child: Child, day: str) -> Contact:
    evidence = Evidence(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=None,
        sent_at=datetime.combine(d(day), time(9), UTC),
        sent_on=d(day),
    )
    work.session.add(evidence)
    work.session.flush()
    event = EvidenceSubmitted(
        authority_id=child.authority_id,
        child_id=child.id,
        evidence_id=evidence.id,
        account_id=None,
        sent_on=evidence.sent_on,
    )
    service.record_writing_sent_here(work, [event])
    return work.session.scalars(select(Contact).where(Contact.evidence_id == evidence.id)).one()


def text_of(client: LintingClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return " ".join(answer.get_data(as_text=True).replace("<wbr>", "").split())


def latest(work: Work, child: Child) -> Contact:
    found = select(Contact).where(Contact.child_id == child.id).order_by(Contact.id.desc()).limit(1)
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def day(prefix: str, on: str) -> dict[str, str]:
    """What a date's three boxes say."""
    year, month, number = on.split("-")
    return {f"{prefix}-day": number, f"{prefix}-month": month, f"{prefix}-year": year}


HELD = "/record/home-visit/held/2026-03-11"
CHECK = {
    "persons_present": "Ada and her father",
    "child_seen": "yes",
    "childs_words": "I like\nthe river",
    "education_seen": "Maps",
    "address_confirmed": "no",
    "summary": "We talked about maps",
    **day("agreed_next_on", "2026-06-01"),
}
WORRY = {"fact": "A bruise on the arm", "opinion": "Perhaps a fall", "source": "I saw it"}
