"""Letters that the portal makes by itself, as the authority's values say: on paper, to those without a page of their
own or who asked for paper.
"""

from collections.abc import Sequence
from typing import Final

from ehe_portal.core.days import add_working_days
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.rules import Facts
from ehe_portal.letters.service.writing import address_of, write
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import RegistrationKeyedIn
from ehe_portal.register.models import Child, Parent

FIRST: Final = 1
"""The place of the parent with whom a child lives, as far as is known."""


def write_by_itself(work: Work, kind: str, child: Child, facts: Facts) -> list[Letter]:
    """Make the letter that follows from a deed, to those who get it on paper; to nobody while messages are stopped."""
    parents = [] if child.messages_stopped_at is not None else on_paper(work, child)
    return write(work, kind, child, parents, facts, goes=Goes.POST) if parents else []


def on_paper(work: Work, child: Child) -> list[Parent]:
    """The parents of a child who get letters on paper by themselves.

    Of those whom no officer has verified only the first: nobody is sent what concerns a child because somebody else
    once named them.
    """
    whom = policy.in_force(work, child.authority_id, work.today).values.letters_by_itself
    wishes = queries.wishes_of(work, [parent.id for parent in child.carers])
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
