"""Which clocks remind someone today, and whom of the family a reminder can reach."""

from collections.abc import Collection

from sqlalchemy import Select, exists, or_, select

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import ContactClock
from ehe_portal.contact.queries.histories import AnyRow, in_portions
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, FamilyWishes, Parent


def reminding(work: Work) -> Select[int]:
    """The running clocks, not lapsed, that remind someone today or should have on a day before."""
    found = select(ContactClock.id).where(
        ContactClock.is_running, ContactClock.lapsed_on.is_(None), ContactClock.remind_on <= work.today
    )
    if not work.scope.everything:
        found = found.where(ContactClock.authority_id == work.scope.authority_id)
    return found.order_by(ContactClock.remind_on, ContactClock.id)


def still_reminding(work: Work, clock_ids: Collection[int]) -> list[AnyRow]:
    """Those of these clocks that still remind someone, locked: whoever asks meanwhile waits, and then finds none."""
    clocks: list[AnyRow] = []
    for portion in in_portions(clock_ids):
        clocks += work.session.execute(
            reminding(work)
            .with_only_columns(*ContactClock.__table__.c)
            .where(ContactClock.id.in_(portion))
            .order_by(None)
            .order_by(ContactClock.id)
            .with_for_update(of=ContactClock)
        )
    return clocks


WITH_ACCOUNT = exists().where(
    Parent.child_id == Child.id,
    Parent.verified_at.is_not(None),
    Account.id == Parent.account_id,
    Account.is_active,
)


def wishes_of_reachable(
    work: Work, child_ids: Collection[int], on_paper: Collection[int]
) -> dict[int, list[ContactWay]]:
    """The children who have a verified parent with an account, or get letters (`on_paper`), and whose messages are not
    stopped; with the ways in which the family would like to be in contact, as far as they are known.
    """
    reachable: dict[int, list[ContactWay]] = {}
    for portion in in_portions(child_ids):
        for child_id, ways in work.session.execute(
            select(Child.id, FamilyWishes.ways)
            .outerjoin(FamilyWishes, FamilyWishes.child_id == Child.id)
            .where(
                Child.id.in_(portion),
                Child.messages_stopped_at.is_(None),
                or_(Child.id.in_(on_paper), WITH_ACCOUNT),
            )
            .order_by(Child.id)
        ):
            reachable[child_id] = [ContactWay(way) for way in ways or ()]
    return reachable
