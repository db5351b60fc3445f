"""Registrations that wait to be checked: everyone's, for nobody has them yet."""

from sqlalchemy import null, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.models import Child, Registration, RegistrationState


def find(terms: Terms) -> AnySelect:
    """The oldest first."""
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            Registration.submitted_at.label("since"),
            Registration.id.label("id"),
            Registration.reference,
            null().label("adviser"),
        )
        .join_from(Registration, Child, Child.id == Registration.child_id)
        .where(here(terms, Registration.authority_id), Registration.state == RegistrationState.WAITING)
    )


def item(desk: Desk, row: Found) -> Item:
    """A family is told within some working days that its registration has been looked at."""
    sent_on = london_date(row.since)
    by = add_working_days(sent_on, desk.values.acknowledge_days)
    why = "Check a new registration"
    return an_item(row, by, why, {"reference": row.reference}, f"Sent {long_date(sent_on)}")


REGISTRATION = Kind(
    key="registration",
    title="Registrations to check",
    needs=Permission.REGISTRATION_CHECK,
    page="registrations.check",
    find=find,
    item=item,
    is_everyones=True,
    nothing="No registration waits to be checked.",
    colour="orange",
)
