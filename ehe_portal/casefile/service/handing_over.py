"""Handing work over: some children to other advisers; all that someone has when they leave or do other work.

One transaction each, so that at no moment anything is with nobody: a child is with a named adviser, or with the team
from today, which may hold it for a few working days only (see contact-clock: the invariant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.service import StaffChange
from ehe_portal.contact import queries as contacts
from ehe_portal.contact import service as contact
from ehe_portal.contact.queries import VisitToCome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries as escalations
from ehe_portal.escalation import service as escalation
from ehe_portal.register import queries as children
from ehe_portal.register import service as register
from ehe_portal.register.queries import Moving


@dataclass(frozen=True)
class InHand:
    """What someone has: children, visits and calls to come, how many escalations they own and how many destinations
    that nobody has confirmed they find out about.
    """

    children: Sequence[Moving]
    visits: Sequence[VisitToCome]
    owned: int
    awaited: int

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.children or self.visits or self.owned or self.awaited)


def in_hand(work: Work, account: Account) -> InHand:
    """What someone in scope has now."""
    return InHand(
        children=children.held_by(work, account.id),
        visits=contacts.visits_to_come_of(work, account.id),
        owned=escalations.how_many_owned(work, account.id),
        awaited=children.how_many_awaited(work, account.id),
    )


def move(work: Work, authority_id: int, moving: Sequence[Moving], advisers: Sequence[Account]) -> int:
    """Give children to one adviser, in even shares to several, or with none to the team; how many changed hands.

    The visits and calls that their advisers have offered them go along. Raises `Refusal`.
    """
    visits = visits_along(work, moving)
    given = register.share_out(work, moving, advisers)
    moved = register.hand_over(work, authority_id, given)
    contact.hand_over_visits(work, authority_id, by_adviser(visits, adviser_of(given)))
    return moved


def visits_along(work: Work, moving: Sequence[Moving]) -> list[VisitToCome]:
    """The visits and calls to come that go along with these children: those that their advisers make.

    A visit that is about another child too, whom that adviser keeps, stays with the adviser.
    """
    before = {one.child_id: one.adviser_id for one in moving}
    made = [
        one
        for one in contacts.visits_to_come_about(work, list(before))
        if one.adviser_id is not None and one.adviser_id in {before.get(child_id) for child_id in one.child_ids}
    ]
    others = {child_id for one in made for child_id in one.child_ids} - set(before)
    kept = children.advisers_of(work, others)
    return [one for one in made if one.adviser_id not in {kept.get(child_id) for child_id in one.child_ids}]


def adviser_of(given: Mapping[int | None, Sequence[Moving]]) -> dict[int, int | None]:
    """Who has each child after a hand-over."""
    return {one.child_id: adviser_id for adviser_id, share in given.items() for one in share}


def by_adviser(visits: Sequence[VisitToCome], now: Mapping[int, int | None]) -> dict[int | None, list[VisitToCome]]:
    """Visits by who makes them now: whoever has the child; of several, the first whom somebody has."""
    given: dict[int | None, list[VisitToCome]] = {}
    for one in visits:
        named = [now[child_id] for child_id in one.child_ids if now.get(child_id) is not None]
        given.setdefault(named[0] if named else None, []).append(one)
    return given


def leave(
    work: Work,
    account: Account,
    wanted: StaffChange,
    version: int | None,
    advisers: Sequence[Account],
    owner: Account | None,
    finder: Account | None = None,
) -> int:
    """Hand over all that someone has, then change their account, in one go; how many children changed hands.

    `advisers` as in `move`; `owner` is who owns their escalations from now on, `finder` who finds out about the
    destinations that nobody has confirmed. Raises `Refusal`.
    """
    held = in_hand(work, account)
    if any(one.id == account.id for one in advisers):
        raise Refusal("Select another adviser: this one is leaving", "adviser")
    moved = move(work, account.authority_id, held.children, advisers)
    # What they have offered to children who are somebody else's goes to whoever has the child.
    left = contacts.visits_to_come_of(work, account.id)
    if left:
        now = children.advisers_of(work, {child_id for one in left for child_id in one.child_ids})
        contact.hand_over_visits(work, account.authority_id, by_adviser(left, now))
    if held.owned:
        if owner is None:
            raise Refusal("Select who owns their escalations from now on", "owner")
        escalation.hand_over_owned(work, account, owner)
    if held.awaited:
        if finder is None:
            raise Refusal("Select who finds out about their destinations from now on", "finder")
        register.hand_over_awaited(work, account, finder)
    accounts.change_staff(work, account, wanted, version)
    return moved
