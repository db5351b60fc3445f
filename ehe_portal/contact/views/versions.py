"""What a record says now beside what someone wrote who had read an earlier version of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from ehe_portal.contact.models import Contact, Visit, VisitSlot
from ehe_portal.core.govuk import Field, Form
from ehe_portal.core.govuk.words import clock_time, long_date
from ehe_portal.register.models import Child


@dataclass(frozen=True)
class Both:
    """One line: what it is about, what the record says now, what was written here."""

    label: str
    now: str
    yours: str


def both_versions(form: Form, now: Mapping[str, str]) -> list[Both]:
    """What a record says now and what this form says, where somebody changed it meanwhile; else nothing.

    `now` is by the names of the form's fields; what stands under no field of it has its own label.
    """
    if not form.changed_meanwhile:
        return []
    return [Both(label_of(form, name), said, yours(form, name)) for name, said in now.items()]


def label_of(form: Form, name: str) -> str:
    """The question of a field, or the label itself."""
    return form[name].label.text if name in form else name


def yours(form: Form, name: str) -> str:
    """What was written in a field."""
    field: Any = form[name] if name in form else None  # noqa: SIM401 - a form is no mapping
    return field.in_words(request.form) if isinstance(field, Field) else ""


def offer_now(visit: Visit, slots: list[VisitSlot], beside: Child | None = None) -> dict[str, str]:
    """What an offer says, by the questions of its form; with `beside`, whom it is about beside that child too."""
    times = [(one.on_date, one.at_time) for one in slots] or [(visit.on_date, visit.at_time)]
    said = {
        "Where it stands": visit.state.label,
        "kind": visit.kind.label,
        "on_date": long_date(times[0][0]),
        "at_time": clock_time(times[0][1]),
    }
    for number, (on, at) in enumerate(times[1:], start=1):
        said[f"or_on_{number}"], said[f"or_at_{number}"] = long_date(on), clock_time(at)
    if beside is not None:
        others = [part.child.name for part in visit.children if part.child_id != beside.id]
        said["along"] = ", ".join(others) or "Nobody else"
    return said | {"minutes": str(visit.minutes), "place": visit.place or "", "note": visit.note or ""}


def said_of(contact: Contact) -> str:
    """What has been said of writing."""
    if contact.substantive is None:
        return "Not said yet"
    return "Yes" if contact.substantive else "No"


def struck_out_now(contact: Contact) -> str:
    """Why a contact is struck out, if it is."""
    return contact.struck_out_why or "Not struck out"
