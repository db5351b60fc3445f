"""Contacts and visits: a child's history, what is coming, and what goes into files."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import STANDING, Contact, SafeguardingObservation, Visit, VisitChild, WelfareCheck
from ehe_portal.contact.queries.histories import AnyRow, in_portions
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.db import BIG
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import let_through

MOST_HEARD = 30


def visible_contact(work: Work, reference: str, contact_reference: str) -> Contact | None:
    """A contact about a child, both in scope, with its welfare check."""
    found: Contact | None = work.session.scalar(
        in_scope(work, select(Contact), Contact)
        .join(Child, Child.id == Contact.child_id)
        .where(Contact.reference == contact_reference, Child.reference == reference)
        .options(joinedload(Contact.child), joinedload(Contact.welfare_check))
    )
    return found


def visible_check(work: Work, reference: str, check_reference: str) -> Contact | None:
    """A contact in scope that has a welfare check and was not struck out."""
    contact = visible_contact(work, reference, check_reference)
    return contact if contact is not None and contact.welfare_check and contact.struck_out_at is None else None


def family_record(work: Work, reference: str, contact_reference: str) -> Contact | None:
    """A record of which this family may have its copy, about a child of theirs."""
    found: Contact | None = work.session.scalar(
        in_scope(work, select(Contact), Contact)
        .join(Child, Child.id == Contact.child_id)
        .where(Contact.reference == contact_reference, Child.reference == reference, *for_family(work))
        .options(joinedload(Contact.child), joinedload(Contact.welfare_check))
    )
    return found


def for_family(work: Work) -> tuple[ColumnElement[bool], ...]:
    """Which records a family has its copy of: those that stand. What the other parent sent here is theirs alone, and
    messages stand by themselves, each parent's in a thread of their own. What was recorded while messages to the
    family are stopped is not shown until they are let go.
    """
    other_parent = exists().where(
        Account.id == Contact.recorded_by_id, Account.role == Role.PARENT, Account.id != work.scope.account_id
    )
    sent_here = Contact.recorded_by_id == work.scope.account_id
    known = or_(sent_here, let_through(Contact.child_id, Contact.recorded_at))
    return stands_for_family(), Contact.message_id.is_(None), ~other_parent, known


def stands_for_family() -> ColumnElement[bool]:
    """Whether a record has not been struck out, as far as the family may know."""
    return or_(Contact.struck_out_at.is_(None), ~let_through(Contact.child_id, Contact.struck_out_at))


def unsigned_records(work: Work, child_id: int) -> list[Contact]:
    """Records of a child who has been found in scope that an officer may still change, the earliest first."""
    found = select(Contact).join(WelfareCheck, WelfareCheck.contact_id == Contact.id)
    return list(
        work.session.scalars(
            found.where(Contact.child_id == child_id, WelfareCheck.signed_at.is_(None)).order_by(Contact.id)
        )
    )


def history(work: Work, child_id: int) -> list[Contact]:
    """Everything recorded about a child, the latest first; what was struck out is among it."""
    return list(
        work.session.scalars(
            in_scope(work, select(Contact), Contact)
            .where(Contact.child_id == child_id)
            .order_by(Contact.happened_on.desc(), Contact.id.desc())
            .options(selectinload(Contact.welfare_check))
        )
    )


# Built once, as the overview of every child asks it: writing it anew takes longer than asking it.
LATEST: Any = (
    select(Contact.reference, Contact.happened_on, Contact.kind, Contact.outcome)
    .where(
        Contact.authority_id == bindparam("authority_id", type_=BIG),
        Contact.child_id == bindparam("child_id", type_=BIG),
    )
    .order_by(Contact.happened_on.desc(), Contact.id.desc())
    .limit(bindparam("most", type_=Integer()))
)


def latest_contacts(work: Work, child_id: int, most: int) -> list[AnyRow]:
    """The last few that were recorded about a child of the officer's authority, struck out or not, the latest first.

    Each with its reference, happened_on, kind and outcome, and no more. Nothing for a family.
    """
    asked = {"authority_id": work.scope.authority_id, "child_id": child_id, "most": most}
    return list(work.session.execute(LATEST, asked))


def heard(work: Work, child_id: int) -> list[Contact]:
    """Contacts about a child at which something was shown or told about the education, the latest first.

    They were held, or are writing that an officer found to be about it. A reply such as "please write instead" tells
    nothing of it, and what came through the portal is evidence, with a page of its own.
    """
    return list(
        work.session.scalars(
            in_scope(work, select(Contact), Contact)
            .where(
                Contact.child_id == child_id,
                or_(
                    Contact.outcome == ContactOutcome.HELD,
                    and_(
                        Contact.outcome == ContactOutcome.RECEIVED,
                        Contact.substantive.is_(True),
                        Contact.evidence_id.is_(None),
                    ),
                ),
                Contact.struck_out_at.is_(None),
            )
            .order_by(Contact.happened_on.desc(), Contact.id.desc())
            .options(joinedload(Contact.welfare_check))
            .limit(MOST_HEARD)
        )
    )


def unfinished(work: Work, reference: str) -> list[FormDraft]:
    """What this account has begun to write about contact with a child and not finished, the latest first."""
    return list(
        work.session.scalars(
            select(FormDraft)
            .where(
                FormDraft.account_id == work.actor.account_id,
                FormDraft.about == reference,
                FormDraft.form.startswith("contact.", autoescape=True),
                FormDraft.kept_until > work.at,
            )
            .order_by(FormDraft.saved_at.desc(), FormDraft.id.desc())
        )
    )


def upcoming_visits(work: Work, child_id: int) -> list[Visit]:
    """Visits and calls that are to take place today or later, the next one first."""
    return _offered(work, child_id, Visit.on_date >= work.today)


def past_visits(work: Work, child_id: int) -> list[Visit]:
    """Visits and calls whose day is over and of which nothing is recorded yet, the earliest first.

    One that the family asked to have otherwise, or declined, was not to take place: nothing is to be recorded of it.
    """
    return _offered(work, child_id, Visit.on_date < work.today)


def _offered(work: Work, child_id: int, when: Any) -> list[Visit]:
    return list(
        work.session.scalars(
            in_scope(work, select(Visit), Visit)
            .where(about_child(child_id, unrecorded=True), Visit.state.in_(STANDING), when)
            .order_by(Visit.on_date, Visit.at_time, Visit.id)
        )
    )


def about_child(child_id: int, *, unrecorded: bool = False) -> ColumnElement[bool]:
    """Whether a visit is about this child; with `unrecorded`, and nothing is recorded of this child yet."""
    part = select(VisitChild.visit_id).where(VisitChild.child_id == child_id)
    return Visit.id.in_(part.where(VisitChild.contact_id.is_(None)) if unrecorded else part)


def offered_visit(work: Work, child_id: int, reference: str) -> Visit | None:
    """A visit or call that was offered to this child's family and still stands."""
    found: Visit | None = work.session.scalar(
        in_scope(work, select(Visit), Visit).where(
            Visit.reference == reference, about_child(child_id, unrecorded=True), Visit.state.in_(STANDING)
        )
    )
    return found


def hold(work: Work, contact: Contact) -> None:
    """Read a contact in scope and its check once more, and let nobody else change them until this work ends."""
    work.session.execute(select(Contact.id).where(Contact.id == contact.id).with_for_update())
    work.session.refresh(contact)
    if contact.welfare_check is not None:
        work.session.refresh(contact.welfare_check)


def visit_of(work: Work, contact: Contact) -> Visit | None:
    """The visit that a contact came of, if it was offered here."""
    return work.session.get(Visit, contact.visit_id) if contact.visit_id is not None else None


def observations(work: Work, contact: Contact) -> list[SafeguardingObservation]:
    """The safeguarding observations of a contact, for those who may read them."""
    return list(
        work.session.scalars(
            in_scope(work, select(SafeguardingObservation), SafeguardingObservation)
            .where(SafeguardingObservation.contact_id == contact.id)
            .order_by(SafeguardingObservation.id)
        )
    )


def names_of(work: Work, account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these accounts, for showing who did what on a page that is itself in scope."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    rows = work.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)).order_by(Account.id))
    return dict(rows.all())


def in_scope(
    work: Work, found: Select[Any], model: type[Contact] | type[Visit] | type[SafeguardingObservation]
) -> Select[Any]:
    """Rows of the scope's authority, or of the children whose verified parent the account is."""
    if work.scope.everything:
        return found
    if work.scope.authority_id is not None:
        return found.where(model.authority_id == work.scope.authority_id)
    own = own_children(work)
    if own is None:
        return found.where(false())
    if model is Visit:
        return found.where(Visit.id.in_(select(VisitChild.visit_id).where(VisitChild.child_id.in_(own))))
    return found.where(model.child_id.in_(own))


def own_children(work: Work) -> Select[int] | None:
    """The children whose verified parent the scope's account is; None where the scope is no family's."""
    if work.scope.account_id is None:
        return None
    return select(Parent.child_id).where(Parent.account_id == work.scope.account_id, Parent.verified_at.is_not(None))


# For files. Commands see every authority; these are about one, or about children of one.


KEPT_IN_FILES = (
    Contact.id,
    Contact.child_id,
    Contact.happened_on,
    Contact.kind,
    Contact.outcome,
    Contact.substantive,
    Contact.child_seen,
    Contact.agreed_next_on,
    Contact.adviser_id,
    Contact.summary,
    Contact.confirmed_by_id,
)


def authority_held(work: Work, authority_id: int) -> int:
    """The authority, of whose contacts nobody else can import any until this work ends; other work goes on."""
    held = select(Authority.id).where(Authority.id == authority_id).with_for_update(key_share=True)
    return work.session.scalars(held).one()


def contacts_known(work: Work, child_ids: Iterable[int]) -> Iterator[AnyRow]:
    """All contacts of these children as plain rows, also those struck out: an import must not bring them back."""
    for portion in in_portions(child_ids):
        yield from work.session.execute(
            select(*KEPT_IN_FILES)
            .where(Contact.child_id.in_(portion))
            .order_by(Contact.child_id, Contact.happened_on, Contact.id)
        )


def contacts_to_export(work: Work, authority_id: int) -> Iterator[tuple[str, AnyRow]]:
    """An authority's contacts that stand, with the child's reference: by reference in code-point order, then date."""
    children = work.session.execute(
        select(func.coalesce(Child.authority_ref, Child.reference), Child.id)
        .where(Child.authority_id == authority_id)
        .order_by(Child.id)
    )
    # Sorted here and not by the database, whose collation may have an order of its own.
    ordered = sorted(children.all())
    for start in range(0, len(ordered), 500):
        portion = ordered[start : start + 500]
        rows: dict[int, list[AnyRow]] = {}
        for row in work.session.execute(
            select(*KEPT_IN_FILES, Account.email)
            .outerjoin(Account, Account.id == Contact.adviser_id)
            .where(Contact.child_id.in_([child_id for _, child_id in portion]), Contact.struck_out_at.is_(None))
            .order_by(Contact.child_id, Contact.happened_on, Contact.id)
        ):
            rows.setdefault(row.child_id, []).append(row)
        for child_ref, child_id in portion:
            for row in rows.get(child_id, ()):
                yield child_ref, row
