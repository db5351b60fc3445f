"""The register as its file has it, and what an import needs to know."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Destination
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode, Parent
from ehe_portal.register.rules.rows import ParentRow, RegisterRow

PORTION: Final = 500  # ids in one statement; SQLite takes some thousands at most


def in_portions(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The values, a few hundred at a time."""
    listed = list(values)
    for start in range(0, len(listed), PORTION):
        yield listed[start : start + PORTION]


def staff_by_email(work: Work, authority_id: int) -> dict[str, tuple[int, bool]]:
    """An authority's staff: each one's id, and whether they are an adviser who works here now."""
    rows = work.session.execute(
        select(Account.email, Account.id, Account.role, Account.is_active)
        .where(Account.authority_id == authority_id, Account.role != Role.PARENT)
        .order_by(Account.email)
    )
    return {email: (id_, role is Role.ADVISER and is_active) for email, id_, role, is_active in rows}


def ids_by_ref(work: Work, authority_id: int, refs: Collection[str]) -> dict[str, int]:
    """Which of these references an authority's children have: its own, or without one the portal's."""
    known: dict[str, int] = {}
    for portion in in_portions(refs):
        # Two questions, for each has an index of its own, and one with an "or" would read the whole register.
        for column, unnamed in ((Child.reference, True), (Child.authority_ref, False)):
            found = select(column, Child.id).where(Child.authority_id == authority_id, column.in_(portion))
            if unnamed:
                found = found.where(Child.authority_ref.is_(None))
            known.update((ref, id_) for ref, id_ in work.session.execute(found.order_by(column)) if ref is not None)
    return known


def register_rows(work: Work, authority_id: int, child_ids: Collection[int] | None = None) -> dict[int, RegisterRow]:
    """Rows of the file by child: an authority's whole register, or these children. Each has its latest episode."""
    if child_ids is None:
        return rows_where(work, authority_id, None)
    found: dict[int, RegisterRow] = {}
    for portion in in_portions(child_ids):
        found.update(rows_where(work, authority_id, portion))
    return found


def rows_where(work: Work, authority_id: int, child_ids: Sequence[int] | None) -> dict[int, RegisterRow]:
    """Rows of the file for the children of an authority, or for these of them."""

    def limited(found: Any, model: Any, child_id: Any) -> Any:
        # One condition, so that its index is used: the ids were found within the authority.
        wanted = model.authority_id == authority_id if child_ids is None else child_id.in_(child_ids)
        return found.where(wanted).order_by(child_id, model.id)

    session = work.session
    addresses = {
        child_id: (line, postcode, uprn)
        for child_id, line, postcode, uprn in session.execute(
            limited(
                select(Address.child_id, Address.line, Address.postcode, Address.uprn).where(
                    Address.until_on.is_(None)
                ),
                Address,
                Address.child_id,
            )
        )
    }
    parents: dict[int, dict[int, ParentRow]] = {}
    for child_id, position, *parent in session.execute(
        limited(
            select(
                Parent.child_id,
                Parent.position,
                Parent.name,
                Parent.relationship_,
                Parent.responsibility,
                Parent.email,
                Parent.phone,
                Parent.address,
            ).where(Parent.until_on.is_(None)),
            Parent,
            Parent.child_id,
        )
    ):
        parents.setdefault(child_id, {})[position] = ParentRow(*parent)
    episodes = latest_episodes(session.execute(limited(episode_columns(), Episode, Episode.child_id)))
    children = session.execute(limited(child_columns(), Child, Child.id))
    return {
        child.id: a_row(child, addresses.get(child.id, ("", None, None)), episodes[child.id], parents.get(child.id, {}))
        for child in children
        if child.id in episodes
    }


def child_columns() -> Any:
    """What a row says of a child."""
    return select(
        Child.id,
        Child.reference,
        Child.authority_ref,
        Child.legal_forename,
        Child.legal_surname,
        Child.preferred_name,
        Child.date_of_birth,
        Child.sex,
        Child.upn,
        Child.nhs_number,
        Child.sen_status,
        Child.protected,
        Child.language,
    )


def episode_columns() -> Any:
    """What a row says of an episode."""
    return select(
        Episode.id,
        Episode.child_id,
        Episode.social_care,
        Episode.opened_on,
        Episode.arrangement,
        Episode.ehe_started_on,
        Episode.closed_on,
        Episode.destination,
        Episode.primary_reason,
        Episode.previous_school_type,
        Episode.tier,
        Account.email.label("adviser_email"),
    ).outerjoin(Account, Account.id == Episode.adviser_id)


def latest_episodes(episodes: Iterable[Any]) -> dict[int, Any]:
    """The open episode of each child, or else the one that closed last."""

    def place(episode: Any) -> tuple[Any, ...]:
        return (episode.closed_on is None, episode.closed_on or episode.opened_on, episode.id)

    latest: dict[int, Any] = {}
    for episode in episodes:
        known = latest.get(episode.child_id)
        if known is None or place(episode) > place(known):
            latest[episode.child_id] = episode
    return latest


def a_row(
    child: Any, address: tuple[str, str | None, str | None], episode: Any, parents: dict[int, ParentRow]
) -> RegisterRow:
    """One child as the file has it."""
    line, postcode, uprn = address
    return RegisterRow(
        child_ref=child.authority_ref or child.reference,
        legal_forename=child.legal_forename,
        legal_surname=child.legal_surname,
        preferred_name=child.preferred_name,
        date_of_birth=child.date_of_birth,
        sex=child.sex,
        upn=child.upn,
        nhs_number=child.nhs_number,
        address=line,
        postcode=postcode,
        uprn=uprn,
        sen_status=child.sen_status,
        social_care=episode.social_care,
        opened_on=episode.opened_on,
        arrangement=episode.arrangement,
        ehe_started_on=episode.ehe_started_on,
        closed_on=episode.closed_on,
        destination=episode.destination,
        primary_reason=episode.primary_reason,
        previous_school_type=episode.previous_school_type,
        tier=episode.tier,
        adviser_email=episode.adviser_email,
        parents=(parents.get(1), parents.get(2)),
        protected=child.protected,
        language=child.language,
    )


def exported_rows(work: Work, authority_id: int) -> list[RegisterRow]:
    """The whole file, by reference in code-point order. A record found to be another's duplicate is not in it."""
    rows = register_rows(work, authority_id).values()
    return sorted((row for row in rows if row.destination is not Destination.DUPLICATE), key=lambda row: row.child_ref)
