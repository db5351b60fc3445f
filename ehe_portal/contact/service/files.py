"""Contacts in from a spreadsheet and out to one; and who would lapse by when, if nobody were in contact."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from ehe_portal.contact import queries
from ehe_portal.contact.events import ContactsImported
from ehe_portal.contact.models import Contact
from ehe_portal.contact.rules import Hearing, classify, outcomes_of, valid_combination
from ehe_portal.contact.service.clocks import ALIKE, settle
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.csvfiles import Cells, Sheet, a_date, counted, long_text, one_of, read_sheet, text, yes_or_no
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.register import queries as register

MUST: Final = ("child_ref", "happened_on", "kind", "outcome")
MAY: Final = ("substantive", "child_seen", "agreed_next_on", "adviser_email", "summary")
FORECAST: Final = ("child_ref", "due_on", "grace_ends", "lapses_on")
AT_ONCE: Final = 10_000

Identity = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One row of contacts.csv that is right in itself. `defaulted`: `substantive` was left out where it is asked."""

    line: int
    child_ref: str
    happened_on: date
    kind: ContactKind
    outcome: ContactOutcome
    substantive: bool | None
    child_seen: ChildSeen | None
    agreed_next_on: date | None
    adviser_email: str | None
    summary: str | None
    defaulted: bool


@dataclass(frozen=True, slots=True)
class ContactFile:
    """A file that has been read: the rows that are right in themselves, and the sheet with what is wrong so far."""

    sheet: Sheet
    rows: list[ContactRow]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found and did: rows in the file, those that were new, and those where `substantive` was left
    out and taken as yes (written reports) or no (letters, emails).
    """

    rows: int
    new: int
    taken_as_yes: int
    taken_as_no: int


# Reading


def read_contacts(path: Path) -> ContactFile:
    """Read contacts.csv as far as that needs no database. Raises `BadFile` for what concerns the whole file."""
    sheet = read_sheet(path, must=MUST, may=MAY)
    rows = []
    for row in counted(sheet.rows, "Reading"):
        read = read_contact(Cells(row, sheet.bad))
        if read is not None:
            rows.append(read)
    return ContactFile(sheet, rows)


KIND, OUTCOME, SEEN = one_of(ContactKind), one_of(ContactOutcome), one_of(ChildSeen)
REFERENCE, EMAIL, SUMMARY = text(100), text(254), long_text(10_000)


def read_contact(cells: Cells) -> ContactRow | None:
    """One row; None where it cannot be, and then why is noted."""
    noted = len(cells.bad)
    child_ref = cells.must("child_ref", REFERENCE)
    happened_on = cells.must("happened_on", a_date)
    kind = cells.must("kind", KIND)
    outcome = cells.must("outcome", OUTCOME)
    substantive = cells.may("substantive", yes_or_no, default=None)
    child_seen = cells.may("child_seen", SEEN, default=None)
    agreed_next_on = cells.may("agreed_next_on", a_date, default=None)
    adviser_email = cells.may("adviser_email", EMAIL, default=None)
    summary = cells.may("summary", SUMMARY, default=None)
    if child_ref is None or happened_on is None or kind is None or outcome is None:
        return None
    if not valid_combination(kind, outcome):
        fitting = ", ".join(code.value for code in ContactOutcome if code in outcomes_of(kind))
        cells.complain("outcome", f"one of {fitting} where the kind is {kind.value}")
    defaulted = outcome is ContactOutcome.RECEIVED and not cells.row.cells.get("substantive")
    if substantive is not None and outcome is not ContactOutcome.RECEIVED:
        cells.complain("substantive", "nothing, unless the outcome is received")
    if defaulted:
        substantive = kind is ContactKind.WRITTEN_REPORT
    if agreed_next_on is not None:
        if agreed_next_on <= happened_on:
            cells.complain("agreed_next_on", "a date later than happened_on")
        if classify(kind, outcome, substantive) is not Hearing.EFFECTIVE:
            cells.complain("agreed_next_on", "nothing, unless the contact was held or is substantive writing received")
    if len(cells.bad) > noted:
        return None
    return ContactRow(
        line=cells.row.line,
        child_ref=child_ref,
        happened_on=happened_on,
        kind=kind,
        outcome=outcome,
        substantive=substantive,
        child_seen=child_seen,
        agreed_next_on=agreed_next_on,
        adviser_email=adviser_email.lower() if adviser_email else None,
        summary=summary,
        defaulted=defaulted,
    )


# Keeping


def import_contacts(work: Work, authority_id: int, file: ContactFile, *, keep: bool = True) -> Imported:
    """Keep those contacts of a file that are not here yet; without `keep`, only say how many these are.

    Rows alike are separate contacts: of each, as many are added as the file has more than the portal. All or
    nothing: raises `BadFile` with every bad row. Clocks are worked out anew, but the sweep alone judges who lapsed.
    """
    if keep:
        # Two imports of one file at the same moment would both find its contacts missing.
        queries.authority_held(work, authority_id)
    refs = register.ids_by_ref(work, authority_id, {row.cells["child_ref"] for row in file.sheet.rows})
    staff = {email: account_id for email, (account_id, _) in register.staff_by_email(work, authority_id).items()}
    check_rows(work, file, refs, staff)
    known = Known(work, set(refs.values()))
    new = []
    for row in file.rows:
        values = {
            "child_id": refs[row.child_ref],
            "happened_on": row.happened_on,
            "kind": row.kind,
            "outcome": row.outcome,
            "substantive": row.substantive,
            "child_seen": row.child_seen,
            "agreed_next_on": row.agreed_next_on,
            "adviser_id": staff[row.adviser_email] if row.adviser_email else None,
            "summary": row.summary,
        }
        if not known.take(values):
            new.append(values)
    if keep and new:
        keep_contacts(work, authority_id, new)
    defaulted = [row.substantive for row in file.rows if row.defaulted]
    return Imported(len(file.rows), len(new), defaulted.count(True), defaulted.count(False))


def check_rows(work: Work, file: ContactFile, refs: dict[str, int], staff: dict[str, int]) -> None:
    """Note what only the database and the calendar can tell, of rows with other faults too. Raises `BadFile` where
    anything is wrong with the file.
    """
    days = {row.line: row.happened_on for row in file.rows}
    for row in file.sheet.rows:
        cells = Cells(row, file.sheet.bad)
        if row.line in days and days[row.line] > work.today:
            cells.complain("happened_on", f"a date not after today, {work.today}")
        if row.cells["child_ref"] and row.cells["child_ref"] not in refs:
            cells.complain("child_ref", "the reference of a child on the register")
        email = row.cells.get("adviser_email", "").lower()
        if email and email not in staff:
            cells.complain("adviser_email", "the email address of a member of staff")
    file.sheet.refuse_if_bad()


class Known:
    """The contacts that are here already, as a bag from which the rows of a file are taken one by one.

    One that was struck out counts: importing must not bring it back. One of which an officer has said whether it is
    substantive counts whatever the file says of that: the officer knew more.
    """

    def __init__(self, work: Work, child_ids: set[int]) -> None:
        self.bag: Counter[Identity] = Counter()
        for contact in queries.contacts_known(work, child_ids):
            confirmed = contact.confirmed_by_id is not None
            self.bag[identity(contact._asdict(), confirmed=confirmed)] += 1

    def take(self, values: dict[str, Any]) -> bool:
        """Whether this contact is here already; then it is taken out of the bag."""
        for confirmed in (False, True):
            alike = identity(values, confirmed=confirmed)
            if self.bag[alike] > 0:
                self.bag[alike] -= 1
                return True
        return False


def identity(values: dict[str, Any], *, confirmed: bool) -> Identity:
    """What makes two contacts alike in a file: writing that waits to be confirmed is exported as not substantive."""
    received = values["outcome"] is ContactOutcome.RECEIVED
    substantive: object = "confirmed" if confirmed else bool(values["substantive"])
    effective = values["outcome"] is ContactOutcome.HELD or (received and values["substantive"] and not confirmed)
    return (
        values["child_id"],
        values["happened_on"],
        values["kind"],
        values["outcome"],
        substantive if received else None,
        values["child_seen"],
        values["agreed_next_on"] if effective else None,
        values["adviser_id"],
        values["summary"],
    )


def keep_contacts(work: Work, authority_id: int, new: list[dict[str, Any]]) -> None:
    """Write new contacts, say for which children, and work out their clocks."""
    for start in range(0, len(new), AT_ONCE):
        rows = [
            {
                **values,
                "authority_id": authority_id,
                "reference": new_reference(),
                "version": 1,
                "recorded_at": work.at,
                "recorded_by_id": work.actor.account_id,
            }
            for values in new[start : start + AT_ONCE]
        ]
        work.session.execute(insert(Contact), rows, execution_options=ALIKE)
    counts = Counter(values["child_id"] for values in new)
    work.publish(
        *(
            ContactsImported(authority_id=authority_id, child_id=child_id, count=count)
            for child_id, count in sorted(counts.items())
        )
    )
    settle(work, queries.running_episodes(work, counts))


# Out


def exported_contacts(work: Work, authority_id: int) -> Iterator[tuple[str | None, ...]]:
    """The rows of contacts.csv for an authority, as `MUST + MAY`. What was struck out is left out.

    Writing that waits to be confirmed is `no`: as that it counts.
    """
    for child_ref, contact in queries.contacts_to_export(work, authority_id):
        received = contact.outcome is ContactOutcome.RECEIVED
        effective = classify(contact.kind, contact.outcome, contact.substantive) is Hearing.EFFECTIVE
        yield (
            child_ref,
            contact.happened_on.isoformat(),
            contact.kind.value,
            contact.outcome.value,
            ("yes" if contact.substantive else "no") if received else None,
            contact.child_seen.value if contact.child_seen else None,
            contact.agreed_next_on.isoformat() if contact.agreed_next_on and effective else None,
            contact.email,
            contact.summary,
        )


# Forecast


@dataclass(frozen=True, slots=True, order=True)
class Foreseen:
    """An episode whose contact lapses on a day, if nobody is in contact from now on."""

    lapses_on: date
    child_ref: str
    due_on: date
    grace_ends: date

    def cells(self) -> tuple[str, ...]:
        """The row of the forecast's file, as `FORECAST`."""
        return self.child_ref, self.due_on.isoformat(), self.grace_ends.isoformat(), self.lapses_on.isoformat()


def forecast(work: Work, authority_id: int, *, as_of: date, since: date, until: date) -> list[Foreseen]:
    """Whose contact lapses from `since` to `until`, both included, as known on `as_of`; by day, then by reference.

    Worked out from the histories, not from the clocks that are kept: it lets these be checked.
    """
    episode_ids = queries.forecast_episodes(work, authority_id, as_of)
    foreseen = []
    for history in queries.histories(work, episode_ids):
        answer = history.clock(as_of)
        if since <= answer.lapses_on <= min(until, history.age_ends):
            foreseen.append(Foreseen(answer.lapses_on, history.child_ref, answer.due_on, answer.grace_ends))
    return sorted(foreseen)
