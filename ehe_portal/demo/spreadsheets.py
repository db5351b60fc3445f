"""The council arrives with two spreadsheets, as every council does; they are taken in as any others would be."""

import csv
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ehe_portal.contact import service as contact
from ehe_portal.core.codes import Arrangement, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.demo.people import Adult
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stories import Line, Story
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register


def bring(work: Work, authority_id: int, told: Sequence[Story], advisers: Sequence[str], chance: random.Random) -> None:
    """Take in the children whom the council knew and the contacts that it had, as they were on the day of this work.

    `advisers` are the advisers' addresses. Each story gets its child's number.
    """
    with tempfile.TemporaryDirectory() as folder:
        register_file, contacts_file = Path(folder, "register.csv"), Path(folder, "contacts.csv")
        write(register_file, [register_row(story, advisers[story.adviser], work.today) for story in told])
        rows = [row for story in told for row in contact_rows(story, advisers[story.adviser], work.today, chance)]
        write(contacts_file, sorted(rows, key=lambda row: (row["happened_on"], row["child_ref"])))
        read = register.read_register(work, authority_id, register_file)
        register.import_register(work, authority_id, read.new, lambda _: None)
        contact.import_contacts(work, authority_id, contact.read_contacts(contacts_file))
    ids = register_queries.ids_by_ref(work, authority_id, [story.ref or "" for story in told])
    for story in told:
        story.child_id = ids[story.ref or ""]


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as a file: a cell that is empty in every row has no column."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def register_row(story: Story, adviser: str, today: date) -> dict[str, Any]:
    """One child with its episode. What ended since is not in it."""
    kid, home = story.kid, story.household.home
    row: dict[str, Any] = {
        "child_ref": story.ref,
        "legal_forename": kid.forename,
        "legal_surname": kid.surname,
        "preferred_name": kid.preferred or "",
        "date_of_birth": kid.born,
        "sex": kid.sex,
        "upn": kid.upn or "",
        "nhs_number": kid.nhs_number or "",
        "address": home.line,
        "postcode": home.postcode,
        "sen_status": kid.sen,
        "social_care": story.social_care,
        "opened_on": story.opened_on,
        "arrangement": story.arrangement,
        "ehe_started_on": story.opened_on - timedelta(days=5),
        "primary_reason": story.reason,
        "previous_school_type": story.school,
        "tier": story.tier,
        "adviser_email": adviser,
        "protected": "yes" if story.protected else "no",
        "language": story.household.language,
    }
    if story.closed_on is not None and story.closed_on <= today:
        row |= {"closed_on": story.closed_on, "destination": story.destination}
    for position, adult in enumerate(story.household.adults[:2], 1):
        row |= parent_cells(position, adult)
    return row


def parent_cells(position: int, adult: Adult) -> dict[str, Any]:
    """The cells about one adult."""
    return {
        f"parent{position}_name": adult.name,
        f"parent{position}_relationship": adult.relationship,
        f"parent{position}_responsibility": adult.responsibility,
        f"parent{position}_email": adult.email or "",
        f"parent{position}_phone": adult.phone or "",
        f"parent{position}_address": adult.address or "",
    }


def contact_rows(story: Story, adviser: str, today: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The contacts with one child's family up to a day."""
    if story.arrangement is not Arrangement.EHE:
        return
    for line in story.lines:
        if line.on < today:
            yield {
                "child_ref": story.ref,
                "happened_on": line.on,
                "kind": line.kind,
                "outcome": line.outcome,
                "substantive": said(line.substantive) if line.outcome is ContactOutcome.RECEIVED else "",
                "child_seen": line.seen or "",
                "agreed_next_on": line.agreed_next_on or "",
                "adviser_email": adviser,
                "summary": summary_of(line, story, chance),
            }


def said(answer: bool | None) -> str:
    """Yes or no."""
    return "yes" if answer else "no"


def summary_of(line: Line, story: Story, chance: random.Random) -> str:
    """A few words, as people put into a spreadsheet; often none."""
    told = words("contact")
    if line.outcome in (ContactOutcome.HELD, ContactOutcome.RECEIVED):
        choices = told["imported"].get(line.kind.value, [])
    else:
        choices = told["attempts"].get(line.outcome.value, [])
    if not choices or chance.random() < 0.3:
        return ""
    return str(chance.choice(choices)).format(name=story.kid.known_as, parent=story.parent)
