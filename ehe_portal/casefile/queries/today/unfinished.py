"""What an officer has begun to write and not finished: their own, whoever has the child."""

from dataclasses import replace

from sqlalchemy import null, select

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import NAME, Desk, Found, Item, Kind, Terms, an_item, here
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import london_date
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.govuk.words import london_time
from ehe_portal.register.models import Child


def find(terms: Terms) -> AnySelect | None:
    """The longest begun first; a draft is for its owner alone, so the team has none. Old ones are thrown away daily."""
    if terms.team:
        return None
    return (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            FormDraft.began_at.label("since"),
            FormDraft.id.label("id"),
            FormDraft.title,
            FormDraft.saved_at,
            FormDraft.path,
            FormDraft.reference,
            null().label("adviser"),
        )
        .join_from(FormDraft, Child, Child.reference == FormDraft.about)
        .where(here(terms, Child.authority_id), FormDraft.account_id == terms.whose, FormDraft.form.is_not(None))
    )


def item(_desk: Desk, row: Found) -> Item:
    """It goes on where it was begun, with this copy of its words."""
    begun = an_item(row, london_date(row.since), f"Finish: {row.title}", {}, f"Last saved {london_time(row.saved_at)}")
    return replace(begun, url=f"{row.path}?draft={row.reference}")


UNFINISHED = Kind(
    key="unfinished",
    title="Records to finish",
    needs=Permission.MY_DAY_READ,
    page=None,
    find=find,
    item=item,
    nothing="You have begun no record that is not finished.",
    date_word="Begun",
    late="ago",
    can_be_given=False,
    colour="purple",
)
