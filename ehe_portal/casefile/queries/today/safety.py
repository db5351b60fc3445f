"""Coming and going safely: colleagues who are not back, and one's own visits from which one is expected back."""

from sqlalchemy import literal, null, select
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import CheckIn, CheckInAlarm, Visit
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import london_time
from ehe_portal.register.models import Child

GOES, TOLD = aliased(Account), aliased(Account)


def find_missed(terms: Terms) -> AnySelect:
    """What somebody was told of in this round, the longest missed first; for the team each check-in once."""
    found = (
        select(
            literal("").label("child"),
            GOES.name.label("name"),
            GOES.name.label("sort_name"),
            CheckIn.back_by_at.label("since"),
            CheckIn.id.label("id"),
            CheckIn.reference,
            (TOLD.name if terms.team else null()).label("adviser"),
        )
        .select_from(CheckIn)
        .join(Visit, Visit.id == CheckIn.visit_id)
        .join(GOES, GOES.id == Visit.adviser_id)
        .where(here(terms, CheckIn.authority_id), CheckIn.back_at.is_(None), CheckIn.rung > 0)
    )
    if terms.team:
        return found.join(TOLD, TOLD.id == CheckIn.colleague_id)
    return found.join(CheckInAlarm, CheckInAlarm.check_in_id == CheckIn.id).where(
        CheckInAlarm.account_id == terms.whose, CheckInAlarm.round == CheckIn.round
    )


def missed(_desk: Desk, row: Found) -> Item:
    """Who, and since when. The page says what to do; nothing here is about a child."""
    address = {"check_in_reference": row.reference}
    detail = f"Expected back by {london_time(row.since)}"
    return an_item(row, london_date(row.since), "Not back from a visit: act now", address, detail)


def find_going(terms: Terms) -> AnySelect | None:
    """One's own visits of today, and earlier ones from which one never said that one is back; the team has none."""
    if terms.team:
        return None
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            Visit.on_date.label("since"),
            Visit.id.label("id"),
            Visit.reference,
            CheckIn.back_by_at,
            null().label("adviser"),
        )
        .select_from(CheckIn)
        .join(Visit, Visit.id == CheckIn.visit_id)
        .join(Child, Child.id == Visit.child_id)
        .where(
            here(terms, CheckIn.authority_id),
            CheckIn.back_at.is_(None),
            Visit.adviser_id == terms.whose,
            Visit.on_date <= terms.today,
        )
    )


def going(_desk: Desk, row: Found) -> Item:
    """By when one is expected."""
    address = {"reference": row.child, "visit_reference": row.reference}
    why = "Coming and going: say when you have arrived and are back"
    return an_item(row, row.since, why, address, f"Expected back by {london_time(row.back_by_at)}")


MISSED = Kind(
    key="not-back",
    title="Colleagues who are not back",
    needs=Permission.MY_DAY_READ,
    page="check_ins.missed",
    find=find_missed,
    item=missed,
    nothing="Nobody is missed.",
    date_word="Expected",
    late="ago",
    can_be_given=False,
    colour="red",
    who="Colleague",
    tag="Not back",
)
GOING = Kind(
    key="going",
    title="Coming and going safely",
    needs=Permission.CONTACT_RECORD,
    page="going.one",
    find=find_going,
    item=going,
    nothing="Nobody expects you back from a visit.",
    date_word="On",
    late="ago",
    can_be_given=False,
    colour="blue",
)
