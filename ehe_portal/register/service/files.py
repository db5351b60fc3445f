"""The register in from a spreadsheet and out to one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from ehe_portal.core.codes import Arrangement, Destination
from ehe_portal.core.csvfiles import BadCell, Sheet, counted, read_sheet, write_sheet
from ehe_portal.core.days import add_months
from ehe_portal.core.errors import Refusal
from ehe_portal.core.reference import new_reference
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Event, Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries
from ehe_portal.register.events import EpisodeClosed, EpisodeOpened
from ehe_portal.register.models import Address, Child, Episode, EpisodeChange, Parent
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.rules.rows import COLUMNS, MAY, MUST, Reader, RegisterRow, differing, repeated
from ehe_portal.register.service.doubles import find_doubles_of_many

CHANGED: Final = "The register was changed meanwhile. Nothing was imported: import the file again."
TEAM_NAME: Final = "Elective home education team"


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file that is right in every row: the rows that are new, and how many are on the register already."""

    new: list[RegisterRow]
    known: int


def read_register(work: Work, authority_id: int, path: Path) -> RegisterFile:
    """Read and check a file against an authority's register as it is. Raises `BadFile` with every bad row."""
    sheet = read_sheet(path, must=MUST, may=MAY)
    reader = Reader(work.today, sheet.bad)
    pairs = [(row, read) for row in counted(sheet.rows, "Reading") if (read := reader.read(row)) is not None]
    sheet.bad += repeated(sheet.rows)
    lines = {read.child_ref: row.line for row, read in reversed(pairs)}
    rows = {read.child_ref: read for _, read in reversed(pairs)}
    check_advisers(work, authority_id, sheet)
    known = queries.ids_by_ref(work, authority_id, list(rows))
    check_known(work, authority_id, sheet, {ref: (lines[ref], rows[ref]) for ref in known}, known)
    sheet.refuse_if_bad()
    return RegisterFile([read for _, read in pairs if read.child_ref not in known], len(known))


def check_advisers(work: Work, authority_id: int, sheet: Sheet) -> None:
    """Note the rows whose adviser is not one, whatever else is wrong with them; a closed episode may name someone who
    has left or changed role.
    """
    staff = queries.staff_by_email(work, authority_id)
    for row in sheet.rows:
        email = row.cells.get("adviser_email", "").lower()
        if not email:
            continue
        _, is_adviser = staff.get(email, (0, False))
        if email not in staff or not (is_adviser or row.cells.get("closed_on")):
            expected = "the email address of an adviser of this authority"
            sheet.bad.append(BadCell(row.line, "adviser_email", row.cells["adviser_email"], expected))


def check_known(
    work: Work, authority_id: int, sheet: Sheet, rows: dict[str, tuple[int, RegisterRow]], known: dict[str, int]
) -> None:
    """Note the rows of children on the register already that say otherwise than the register."""
    there = queries.register_rows(work, authority_id, list(known.values()))
    for ref, (line, row) in rows.items():
        current = there.get(known[ref])
        columns = sheet.columns if current is None else differing(current, row, sheet.columns)
        if columns:
            expected = "the values on the register, where this child is already: different in " + ", ".join(columns)
            sheet.bad.append(BadCell(line, "child_ref", ref, expected))


def import_register(work: Work, authority_id: int, rows: Sequence[RegisterRow], tell: Callable[[str], None]) -> int:
    """Put children on an authority's register, all or none; gives how many possible doubles were found.

    `tell` is given a line for each stage. Raises `Refusal` where one of them has come meanwhile.
    """
    if queries.ids_by_ref(work, authority_id, [row.child_ref for row in rows]):
        raise Refusal(CHANGED)
    tell(f"Keeping {len(rows):,} children")
    try:
        child_ids = keep_children(work, authority_id, rows)
    except IntegrityError:  # someone kept one of them between our looking and our writing
        raise Refusal(CHANGED) from None
    keep_families(work, authority_id, rows, child_ids)
    events = keep_episodes(work, authority_id, rows, child_ids)
    tell("Looking for possible doubles")
    found = find_doubles_of_many(work, authority_id, set(child_ids))
    tell("Starting contact clocks")
    work.publish(*events, *found)
    return len(found)


def keep_children(work: Work, authority_id: int, rows: Sequence[RegisterRow]) -> list[int]:
    """Write the children; gives their ids in the order of the rows."""
    values = []
    for row in rows:
        starts, ends = compulsory_school_age(row.date_of_birth)
        values.append(
            {
                "reference": new_reference(),
                "version": 1,
                "authority_id": authority_id,
                "authority_ref": row.child_ref,
                "legal_forename": row.legal_forename,
                "legal_surname": row.legal_surname,
                "preferred_name": row.preferred_name,
                "sort_name": sort_name(row.legal_forename, row.legal_surname, row.preferred_name),
                "date_of_birth": row.date_of_birth,
                "sex": row.sex,
                "upn": row.upn,
                "nhs_number": row.nhs_number,
                "sen_status": row.sen_status,
                "protected": row.protected,
                "language": row.language,
                "age_starts": starts,
                "age_ends": ends,
                "created_at": work.at,
            }
        )
    kept = work.session.scalars(insert(Child).returning(Child.id, sort_by_parameter_order=True), values)
    return list(kept)


def keep_families(work: Work, authority_id: int, rows: Sequence[RegisterRow], child_ids: Sequence[int]) -> None:
    """Write where the children live and who cares for them."""
    addresses: list[dict[str, Any]] = []
    parents: list[dict[str, Any]] = []
    for row, child_id in zip(rows, child_ids, strict=True):
        whose = {"authority_id": authority_id, "child_id": child_id}
        lives = {"line": row.address, "postcode": row.postcode, "uprn": row.uprn, "from_on": row.opened_on}
        addresses.append({**whose, **lives})
        parents += [
            {
                **whose,
                "version": 1,
                "position": position,
                "name": parent.name,
                "relationship_": parent.relationship,
                "responsibility": parent.responsibility,
                "email": parent.email,
                "phone": parent.phone,
                "address": parent.address,
            }
            for position, parent in enumerate(row.parents, 1)
            if parent is not None
        ]
    work.session.execute(insert(Address), addresses)
    if parents:
        work.session.execute(insert(Parent), parents)


def keep_episodes(work: Work, authority_id: int, rows: Sequence[RegisterRow], child_ids: Sequence[int]) -> list[Event]:
    """Write the episodes with their first tier and social care status; gives the events to publish."""
    staff = queries.staff_by_email(work, authority_id)
    versions = policy.versions(work, authority_id)
    months = policy.in_force(work, authority_id, work.today).values.other_arrangement_review_months
    values = []
    for row, child_id in zip(rows, child_ids, strict=True):
        adviser_id = staff[row.adviser_email][0] if row.adviser_email else None
        other = row.arrangement is not Arrangement.EHE
        under = [version.id for version in versions if version.in_force_from <= row.opened_on]
        values.append(
            {
                "reference": new_reference(),
                "version": 1,
                "authority_id": authority_id,
                "child_id": child_id,
                "opened_on": row.opened_on,
                "arrangement": row.arrangement,
                "ehe_started_on": row.ehe_started_on,
                "closed_on": row.closed_on,
                "destination": row.destination,
                "primary_reason": row.primary_reason,
                "previous_school_type": row.previous_school_type,
                "tier": row.tier,
                "social_care": row.social_care,
                "adviser_id": adviser_id,
                "team_since": None if adviser_id else row.closed_on or work.today,
                "accepted_at": work.at,
                "service_name": TEAM_NAME if other else None,
                "review_on": add_months(work.today, months) if other else None,
                "opened_under_id": under[-1],
                "to_review_since": work.today if is_early(row, work.today) else None,
            }
        )
    episode_ids = list(
        work.session.scalars(insert(Episode).returning(Episode.id, sort_by_parameter_order=True), values)
    )
    settings = [
        {
            "authority_id": authority_id,
            "episode_id": episode_id,
            "from_on": row.opened_on,
            "tier": row.tier,
            "social_care": row.social_care,
        }
        for row, episode_id in zip(rows, episode_ids, strict=True)
    ]
    work.session.execute(insert(EpisodeChange), settings)
    return [*opened(authority_id, rows, child_ids, episode_ids), *ended(authority_id, rows, child_ids, episode_ids)]


def is_early(row: RegisterRow, today: date) -> bool:
    """Whether a row says that school age has ended an episode, and by the date of birth it has not: to be looked at."""
    return row.destination is Destination.OVER_AGE and compulsory_school_age(row.date_of_birth)[1] >= today


def opened(
    authority_id: int, rows: Sequence[RegisterRow], child_ids: Sequence[int], episode_ids: Sequence[int]
) -> Iterator[EpisodeOpened]:
    """What is said of every episode."""
    for row, child_id, episode_id in zip(rows, child_ids, episode_ids, strict=True):
        yield EpisodeOpened(
            authority_id=authority_id,
            child_id=child_id,
            episode_id=episode_id,
            opened_on=row.opened_on,
            imported=True,
        )


def ended(
    authority_id: int, rows: Sequence[RegisterRow], child_ids: Sequence[int], episode_ids: Sequence[int]
) -> Iterator[EpisodeClosed]:
    """What is said of those that had ended."""
    for row, child_id, episode_id in zip(rows, child_ids, episode_ids, strict=True):
        if row.closed_on and row.destination:
            yield EpisodeClosed(
                authority_id=authority_id,
                child_id=child_id,
                episode_id=episode_id,
                closed_on=row.closed_on,
                destination=row.destination,
            )


def export_register(work: Work, authority_id: int, path: Path) -> int:
    """Write an authority's register to a file, as import takes it; gives the number of rows. Raises `BadFile`."""
    return write_sheet(path, COLUMNS, (row.cells() for row in queries.exported_rows(work, authority_id)))
