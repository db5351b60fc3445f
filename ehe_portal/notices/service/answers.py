"""Messages about what families and officers answer each other: offers, comments, changes told of, parents' access."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import AboutChild, Offered, mail_to, tell_families
from ehe_portal.register.events import (
    ChangeDecided,
    ChangeReported,
    InvitationAnswered,
    ParentAccessEnded,
    ParentInvited,
    ParentVerified,
)


class Changed(Offered, Protocol):
    """Something else is offered in place of a visit, meeting or call."""

    @property
    def round(self) -> int: ...


class Answered(AboutChild, Protocol):
    """A family answered an offer."""

    @property
    def answer_id(self) -> int: ...


class Commented(AboutChild, Protocol):
    """A parent commented on a record."""

    @property
    def comment_id(self) -> int: ...


# To families


def tell_visit_changed(work: Work, changed: Sequence[Changed]) -> None:
    """Tell verified parents that something else is offered instead."""
    tell_families(
        work,
        "visit-changed",
        [(event, f"{event.visit_id}-{event.round}", {"on_date": event.on_date.isoformat()}) for event in changed],
    )


def tell_visit_withdrawn(work: Work, withdrawn: Sequence[Offered]) -> None:
    """Tell verified parents that an offer no longer stands."""
    tell_families(
        work,
        "visit-withdrawn",
        [(event, event.visit_id, {"on_date": event.on_date.isoformat()}) for event in withdrawn],
    )


def tell_change_decided(work: Work, decided: Sequence[ChangeDecided]) -> None:
    """Tell the parent who told us of a change that there is an answer; nobody else."""
    tell_accounts(work, "change-decided", [(event, event.account_id, event.change_id) for event in decided])


def tell_parent_verified(work: Work, verified: Sequence[ParentVerified]) -> None:
    """Tell a parent that they see the child's page from now on."""
    tell_accounts(work, "parent-verified", [(event, event.account_id, event.access_id) for event in verified])


def tell_access_ended(work: Work, ended: Sequence[ParentAccessEnded]) -> None:
    """Tell a parent whose access ended that it did, and whom to ask; not why."""
    lost = [(event, event.account_id, event.access_id) for event in ended if event.account_id is not None]
    tell_accounts(work, "access-ended", lost)


def tell_accounts(work: Work, template: str, told: Iterable[tuple[AboutChild, int, int]]) -> None:
    """Write to the holder of each account. `told`: the event, the account and the number of what it is about."""
    listed = list(told)
    found = queries.people(work, [account_id for _, account_id, _ in listed], work.today)
    rows = [mail_to(work, found[whose], template, {}, str(number)) for _, whose, number in listed if whose in found]
    outbox.put(work, rows)


def invite_parent(work: Work, invited: Sequence[ParentInvited]) -> None:
    """Send a parent the way to an invitation, at the address to which it was made out."""
    addresses = queries.invitations(work, [event.access_id for event in invited])
    rows = [
        outbox.row(
            work,
            authority_id=event.authority_id,
            to=addresses[event.access_id],
            template="parent-invited",
            context={"link_id": event.link_id},
            key=f"parent-invited-{event.access_id}",
        )
        for event in invited
        if event.access_id in addresses
    ]
    outbox.put(work, rows)


# To advisers


def tell_answered(work: Work, answered: Sequence[Answered]) -> None:
    """Tell the adviser that a family has answered an offer."""
    tell_advisers(work, "offer", [(event, event.answer_id) for event in answered])


def tell_commented(work: Work, commented: Sequence[Commented]) -> None:
    """Tell the adviser that a parent has said something of a record."""
    tell_advisers(work, "comment", [(event, event.comment_id) for event in commented])


def tell_change_reported(work: Work, reported: Sequence[ChangeReported]) -> None:
    """Tell the adviser that a parent has told us of a change."""
    tell_advisers(work, "change", [(event, event.change_id) for event in reported])


def tell_invitation_answered(work: Work, answered: Sequence[InvitationAnswered]) -> None:
    """Tell the adviser that someone waits to be verified, or is not the parent who was meant."""
    tell_advisers(work, "invitation", [(event, event.access_id) for event in answered])


def tell_advisers(work: Work, what: str, told: Sequence[tuple[AboutChild, int]]) -> None:
    """Write to the adviser of each child; where a child has none, or they are away, to the EHE managers."""
    about = {event.child_id: event.authority_id for event, _ in told if event.child_id and event.authority_id}
    advisers = queries.adviser_ids(work, set(about))
    people = queries.people(work, set(advisers.values()), work.today)
    managers = queries.staff_of(work, set(about.values()), {Role.EHE_MANAGER}, work.today)
    references = queries.child_references(work, set(about))
    rows = []
    for event, number in told:
        adviser = people.get(advisers.get(event.child_id or 0, 0))
        named = [adviser] if adviser and not adviser.away else []
        instead = [one for one in managers if one.authority_id == event.authority_id]
        for person in named or instead:
            context = {"what": what, "child_reference": references[event.child_id or 0]}
            rows.append(mail_to(work, person, "from-family", context, f"{what}-{number}"))
    outbox.put(work, rows)
