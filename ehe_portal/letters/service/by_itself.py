"""Letters that the portal makes by itself, as the authority's values say: on paper, to those without a page of their
own or who asked for paper.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, Protocol

from ehe_portal.core.days import add_working_days
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules
from ehe_portal.letters.models import Goes, Letter, LetterWishes
from ehe_portal.letters.rules import Facts
from ehe_portal.letters.service.writing import Wanted, address_of, write, write_many
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import RegistrationKeyedIn
from ehe_portal.register.models import Child, Parent

FIRST: Final = 1
"""The place of the parent with whom a child lives, as far as is known."""

BEFORE, AFTER = "contact-soon", "contact-lapsed"
"""The letters that remind a family of the day by which we would like to hear from it, before and once it has passed."""
AFTER_THE_DAY: Final = "family-after"
ANSWER_DAYS: Final = 10
"""Working days from the making of a letter to the day by which an answer would be welcome; nothing follows from it."""


def write_by_itself(work: Work, kind: str, child: Child, facts: Facts) -> list[Letter]:
    """Make the letter that follows from a deed, to those who get it on paper; to nobody while messages are stopped."""
    parents = [] if child.messages_stopped_at is not None else on_paper(work, child)
    return write(work, kind, child, parents, facts, goes=Goes.POST) if parents else []


def on_paper(work: Work, child: Child) -> list[Parent]:
    """The parents of a child who get letters on paper by themselves."""
    return by_paper(work, child, queries.wishes_of(work, [parent.id for parent in child.carers]))


def by_paper(work: Work, child: Child, wishes: Mapping[int, LetterWishes]) -> list[Parent]:
    """The same, where it is known how its parents would like letters.

    Of those whom no officer has verified only the first: nobody is sent what concerns a child because somebody else
    once named them.
    """
    whom = policy.in_force(work, child.authority_id, work.today).values.letters_by_itself
    return [
        parent
        for parent in child.carers
        if address_of(child, parent)
        and (parent.verified_at is not None or parent.position == FIRST)
        and rules.goes_by_itself(
            whom,
            has_account=parent.account_id is not None and parent.verified_at is not None,
            by_post=parent.id in wishes and wishes[parent.id].by_post,
        )
    ]


def acknowledge_keyed_in(work: Work, keyed: Sequence[RegistrationKeyedIn]) -> None:
    """Tell whoever registered a child on paper that it has come, and by when they hear from us."""
    for event in keyed:
        child = work.session.get_one(Child, event.child_id)
        days = policy.in_force(work, child.authority_id, event.received_on).values.acknowledge_days
        facts: Facts = {"received on": event.received_on, "answer by": add_working_days(event.received_on, days)}
        write_by_itself(work, "registration-received", child, facts)


class ReminderKind(Protocol):
    """Which reminder it is, as the room of contact has it."""

    @property
    def value(self) -> str: ...
    @property
    def is_for_family(self) -> bool: ...


class Reminded(Protocol):
    """What is read of a reminder: of which child and day, and how the family is reminded where it is not written to."""

    @property
    def child_id(self) -> int | None: ...
    @property
    def by_on(self) -> date: ...
    @property
    def kind(self) -> ReminderKind: ...
    @property
    def way(self) -> object | None: ...


def reached_on_paper(work: Work, child_ids: Collection[int]) -> set[int]:
    """Those of these children of whom a parent gets letters on paper by themselves, and may be sent any."""
    return set(families_on_paper(work, child_ids))


def families_on_paper(work: Work, child_ids: Collection[int]) -> dict[int, tuple[Child, list[Parent]]]:
    """The same with the parents whom letters go to. The ids are of what happened, or is about to."""
    held = queries.fetch_families(work, child_ids) if child_ids else []
    children = [one for one in held if isinstance(one, Child) and one.messages_stopped_at is None]
    wishes = queries.wishes_of(work, [parent.id for child in children for parent in child.carers])
    found = {child.id: (child, by_paper(work, child, wishes)) for child in children}
    return {child_id: family for child_id, family in found.items() if family[1]}


def write_reminders(work: Work, reminded: Sequence[Reminded]) -> None:
    """Remind those on paper whom no message reaches, of each date once for each reminder: what reminds is written down
    in the same transaction, and never twice."""
    told = [one for one in reminded if one.kind.is_for_family and one.way is None and one.child_id is not None]
    families = families_on_paper(work, {one.child_id for one in told if one.child_id is not None})
    wanted: dict[str, list[Wanted]] = {}
    for one in told:
        if (family := families.get(one.child_id or 0)) is None:
            continue
        facts: Facts = {"due on": one.by_on}
        kind = BEFORE
        if one.kind.value == AFTER_THE_DAY:
            kind, facts = AFTER, {**facts, "answer by": add_working_days(work.today, ANSWER_DAYS)}
        wanted.setdefault(kind, []).append(Wanted(*family, facts))
    for kind, letters in wanted.items():
        write_many(work, kind, letters, goes=Goes.POST)
