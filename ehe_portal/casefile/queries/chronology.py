"""One child's whole story in one order: what was noted as it happened, and the contacts on the days they tell of."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, and_, or_, select, tuple_

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.accounts.queries import names_of
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import rules
from ehe_portal.casefile.rules import chronology as story
from ehe_portal.casefile.rules.chronology import Group, Place, Secret
from ehe_portal.contact.models import Contact, Visit
from ehe_portal.contact.queries import about_child
from ehe_portal.core.days import LONDON
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation
from ehe_portal.evidence.models import Evidence
from ehe_portal.notes.models import Note
from ehe_portal.register.models import Child

PAGE: Final = 50
MOST_PRINTED: Final = 5000
MAY_READ: Final = {
    Secret.SAFEGUARDING: Permission.SAFEGUARDING_READ,
    Secret.WHEREABOUTS: Permission.CHILD_READ_PROTECTED,
}
LOOKED_UP: Final[Mapping[str, Any]] = {
    "contact_id": Contact,
    "visit_id": Visit,
    "evidence_id": Evidence,
    "escalation_id": Escalation,
    "note_id": Note,
}
"""What the details of an entry name by its row, and what it is."""

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Asked:
    """Which part of the story: of one group, from a London date on, up to another, both included."""

    group: Group | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Happening:
    """One entry in words. `at` is a day where only that is known, or where it is all that may be said.

    `about` says to what it leads: what it is (`contact_id`, or an event's name) with its reference.
    """

    at: datetime | date
    title: str
    by: str | None = None
    detail: str = ""
    about: tuple[str, str | None] | None = None


@dataclass(frozen=True)
class Told:
    """A stretch of the story, the latest first, and the place from which it goes on, if there is more."""

    happenings: list[Happening]
    after: Place | None


def chronology(work: Work, child: Child, asked: Asked, place: Place | None = None, most: int = PAGE) -> Told:
    """A stretch of a child's story. The child has been found in scope; what the reader may not see is withheld.

    Whoever asks for one group is not told that something of it is withheld: that would say what it is about.
    """
    found = [*noted(work, child, asked, place, most + 1), *contacts(work, child, asked, place, most + 1)]
    found.sort(key=lambda one: one[0].order, reverse=True)
    shown = found[:most]
    known = Known.of(work, child, [row for where, row in shown if not where.of_contact])
    told = [of_contact(row) if where.of_contact else known.happening(row) for where, row in shown]
    return Told(
        [one for one in told if asked.group is None or one.title != story.WITHHELD],
        shown[-1][0] if len(found) > most else None,
    )


Found = tuple[Place, AnyRow]


def noted(work: Work, child: Child, asked: Asked, place: Place | None, most: int) -> Iterable[Found]:
    """What was noted as it happened, but for the contacts, which tell of themselves."""
    entry = AuditEntry
    found: Select[*tuple[Any, ...]] = (
        select(entry.id, entry.at, entry.kind, Account.name, entry.details)
        .outerjoin(Account, Account.id == entry.actor_id)
        .where(entry.child_id == child.id, entry.kind.not_in(story.AS_CONTACTS))
        .order_by(entry.at.desc(), entry.id.desc())
        .limit(most)
    )
    if asked.group is not None:
        found = found.where(entry.kind.in_(story.kinds_of(asked.group)))
    if asked.since is not None:
        found = found.where(entry.at >= begins(asked.since))
    if asked.until is not None:
        found = found.where(entry.at < begins(asked.until + timedelta(days=1)))
    if place is not None:
        same = entry.at <= place.at if place.of_contact else tuple_(entry.at, entry.id) < tuple_(place.at, place.id)
        found = found.where(same)
    for row in work.session.execute(found):
        yield Place(row.at, False, row.id), row


def contacts(work: Work, child: Child, asked: Asked, place: Place | None, most: int) -> Iterable[Found]:
    """Contacts and attempts, but for those that messages and evidence tell of."""
    if asked.group not in (None, Group.CONTACT):
        return
    found: Select[*tuple[Any, ...]] = (
        select(
            Contact.id,
            Contact.reference,
            Contact.happened_on,
            Contact.kind,
            Contact.outcome,
            Contact.child_seen,
            Contact.agreed_next_on,
            Contact.substantive,
            Contact.struck_out_at,
            Account.name,
        )
        .outerjoin(Account, Account.id == Contact.adviser_id)
        .where(Contact.child_id == child.id, Contact.message_id.is_(None), Contact.evidence_id.is_(None))
        .order_by(Contact.happened_on.desc(), Contact.id.desc())
        .limit(most)
    )
    if asked.since is not None:
        found = found.where(Contact.happened_on >= asked.since)
    if asked.until is not None:
        found = found.where(Contact.happened_on <= asked.until)
    if place is not None:
        day = story.last_midday_before(place.at)
        same_day = and_(Contact.happened_on == day + timedelta(days=1), Contact.id < place.id)
        earlier = Contact.happened_on <= day
        found = found.where(or_(earlier, same_day) if place.of_contact else earlier)
    for row in work.session.execute(found):
        yield Place(story.midday(row.happened_on), True, row.id), row


def begins(day: date) -> datetime:
    """The moment at which a day begins in London."""
    return datetime.combine(day, time(0), LONDON)


def of_contact(row: AnyRow) -> Happening:
    """A contact in words."""
    return Happening(
        row.happened_on,
        story.title_of_contact(row.kind, row.outcome),
        row.name,
        story.words_of_contact(row.child_seen, row.agreed_next_on, row.substantive, row.struck_out_at is not None),
        ("contact_id", row.reference),
    )


@dataclass(frozen=True)
class Known:
    """What is looked up once for all entries of a stretch: references, names, which notes are restricted."""

    references: Mapping[tuple[str, int], str]
    names: Mapping[int, str]
    restricted_notes: frozenset[int]
    protected: bool
    may_read: frozenset[Secret]

    @classmethod
    def of(cls, work: Work, child: Child, rows: Sequence[AnyRow]) -> "Known":
        """Look it all up: one statement for each table that the entries speak of."""
        references: dict[tuple[str, int], str] = {}
        restricted: set[int] = set()
        for name, table in LOOKED_UP.items():
            ids = {row.details[name] for row in rows if isinstance(row.details.get(name), int)}
            if not ids:
                continue
            more = [Note.restricted] if table is Note else []
            theirs = about_child(child.id) if table is Visit else table.child_id == child.id
            found = select(table.id, table.reference, *more).where(table.id.in_(ids), theirs)
            for one in work.session.execute(found.order_by(table.id)):
                references[name, one.id] = one.reference
                if more and one.restricted:
                    restricted.add(one.id)
        return cls(
            references,
            names_of(work, {row.details.get(role) for row in rows for role in rules.NAMED_PEOPLE}),
            frozenset(restricted),
            child.protected,
            frozenset(secret for secret, needs in MAY_READ.items() if permits(work.actor, needs)),
        )

    def happening(self, row: AnyRow) -> Happening:
        """An entry in words; of what is withheld its day, and nothing else."""
        secret = story.secret_of(
            row.kind, row.details, protected=self.protected, restricted_notes=self.restricted_notes
        )
        if secret is not None and secret not in self.may_read:
            return Happening(row.at.astimezone(LONDON).date(), story.WITHHELD)
        return Happening(
            row.at,
            story.title_of_event(row.kind, row.details),
            row.name,
            rules.detail_of(row.details, self.names),
            self.about(row),
        )

    def about(self, row: AnyRow) -> tuple[str, str | None]:
        """What an entry leads to: the row that it names, or else what such an event belongs to."""
        for name in LOOKED_UP:
            reference = self.references.get((name, row.details.get(name, 0)))
            if reference is not None:
                return name, reference
        if "message_id" in row.details and "reference" in row.details and row.kind.startswith("Message"):
            return "message_id", str(row.details["reference"])
        return "access_id" if "access_id" in row.details else story.group_of(row.kind).value, None


def written(place: Place) -> str:
    """A place as words."""
    return json.dumps([place.at.isoformat(), place.of_contact, place.id])


def understood(words: str | None) -> Place | None:
    """The place that was written; None where it is none."""
    if words is None:
        return None
    at, of_contact, row_id = json.loads(words)
    return Place(datetime.fromisoformat(at), bool(of_contact), int(row_id))
