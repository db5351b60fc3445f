"""Messages about what families and officers answer each other: offers, comments, changes told of, parents' access."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.queries import Family
from ehe_portal.notices.service.invitations import (
    FAMILY_PAGE,
    STAFF_PAGE,
    InCalendars,
    has_entry,
    kept,
)
from ehe_portal.notices.service.makers import Left, tell_maker_answered
from ehe_portal.notices.service.writing import (
    FAMILY,
    AboutChild,
    mail_to,
    not_stopped,
    once_each,
    tell_families,
)
from ehe_portal.register import queries as register
from ehe_portal.register.events import (
    ChangeDecided,
    ChangeReported,
    InvitationAnswered,
    ParentAccessEnded,
    ParentInvited,
    ParentVerified,
)

Told = TypeVar("Told", bound=AboutChild)


class Recorded(AboutChild, Protocol):
    """What came of a visit was recorded."""

    @property
    def on_date(self) -> date: ...
    @property
    def contact_id(self) -> int: ...


class Answered(InCalendars, Protocol):
    """A family answered an offer."""

    @property
    def visit_id(self) -> int: ...
    @property
    def answer_id(self) -> int: ...
    @property
    def answer(self) -> str: ...


class Commented(AboutChild, Protocol):
    """A parent commented on a record."""

    @property
    def comment_id(self) -> int: ...


SETTLED: Final = {"accepted": "visit-confirmed", "cancelled": "visit-cancelled"}

# To families


def tell_visit_offered(work: Work, offered: Sequence[InCalendars]) -> None:
    """Tell verified parents that a visit or call is offered, and when; the place is on their own page only."""
    for template, choice in (("visit-offered", False), ("visit-times", True)):
        tell_of_visits(work, template, [(event, event.visit_id) for event in offered if event.choice is choice])


def tell_visit_changed(work: Work, changed: Sequence[InCalendars]) -> None:
    """Tell verified parents that something else is offered instead."""
    tell_of_rounds(work, "visit-changed", [event for event in changed if not event.choice])
    tell_of_rounds(work, "visit-times", [event for event in changed if event.choice])


def tell_visit_agreed(work: Work, agreed: Sequence[InCalendars]) -> None:
    """Tell verified parents that a time they suggested is taken."""
    tell_of_rounds(work, "visit-agreed", agreed)


def tell_visit_place(work: Work, confirmed: Sequence[InCalendars]) -> None:
    """Tell verified parents that the place of a visit has been confirmed; where it is stands on their own page only."""
    tell_of_rounds(work, "visit-place", confirmed)


def tell_of_rounds(work: Work, template: str, events: Sequence[InCalendars]) -> None:
    """Write to verified parents what may happen to one visit several times."""
    tell_of_visits(work, template, [(event, f"{event.visit_id}-{event.round}") for event in events])


def tell_visit_recorded(work: Work, recorded: Sequence[Recorded]) -> None:
    """Tell verified parents that what came of a visit is written down; what that is stands on their own page only."""
    tell_families(
        work,
        "visit-recorded",
        [(event, event.contact_id, {"on_date": event.on_date.isoformat()}) for event in recorded],
    )


def tell_visit_withdrawn(work: Work, withdrawn: Sequence[InCalendars]) -> None:
    """Tell verified parents that an offer no longer stands."""
    tell_of_visits(work, "visit-withdrawn", [(event, event.visit_id) for event in withdrawn])


def tell_visit_answered(work: Work, answered: Sequence[Answered]) -> None:
    """Tell every verified parent that a visit has been confirmed or cancelled, whoever of them did it; of another
    answer, which is on their own page only, where it takes an entry out of their calendars.
    """
    for answer, template in SETTLED.items():
        tell_of_visits(work, template, [(event, event.answer_id) for event in answered if event.answer == answer])
    others = [event for event in answered if event.answer not in SETTLED and has_entry(event)]
    tell_of_visits(work, "visit-answered", [(event, event.answer_id) for event in others])


def tell_visit_parted(work: Work, parted: Sequence[InCalendars]) -> None:
    """Send verified parents the entry of a visit about their child alone, who was part of another until now."""
    tell_of_visits(work, "visit-parted", [(event, event.visit_id) for event in parted if has_entry(event)])


def tell_visit_left(work: Work, left: Sequence[Left]) -> None:
    """Tell verified parents of a child who is no longer part of a visit: it is taken out of the calendars of those of
    whose children nobody stays; for the others it is brought up to date, unless another message does so. What stood
    in no calendar and had no times to choose from is on their own page only.
    """
    children = {child_id for event in left for child_id in (event.child_id, *event.staying) if child_id is not None}
    parents: dict[int, dict[int, Family]] = {}
    for family in queries.families(work, children, even_stopped=True):
        parents.setdefault(family.child_id, {})[family.account_id] = family
    stopped = register.stopped_children(work, children)
    rows = []
    for event in not_stopped(work, left):
        for account_id, family in parents.get(event.child_id or 0, {}).items():
            stays = [known[account_id] for one in event.staying if account_id in (known := parents.get(one, {}))]
            if not stays and (event.stood or event.choice):
                entry = kept(event, FAMILY_PAGE, Status.CANCELLED) if event.stood else None
                rows.append(row_of_left(work, event, family, entry))
            elif stays and has_entry(event) and not event.told and stays[0].child_id not in stopped:
                rows.append(row_of_left(work, event, stays[0], kept(event, FAMILY_PAGE)))
    outbox.put(work, once_each(rows))


def row_of_left(work: Work, event: Left, family: Family, entry: dict[str, Any] | None) -> dict[str, Any]:
    """What one parent is told, on the page of the child whom it still concerns."""
    return outbox.row(
        work,
        authority_id=family.authority_id,
        account_id=family.account_id,
        to=family.email,
        template="visit-parted",
        context={
            "child_reference": family.child_reference,
            "on_date": event.on_date.isoformat(),
            "entry": entry,
        },
        key=f"visit-parted-{event.visit_id}-{event.round}-{family.account_id}",
        topic=FAMILY,
        topic_id=family.child_id,
    )


def tell_of_visits(work: Work, template: str, told: Sequence[tuple[InCalendars, int | str]]) -> None:
    """Write to verified parents about visits, each with its entry for their calendar."""
    tell_families(
        work,
        template,
        [
            (event, number, {"on_date": event.on_date.isoformat(), "entry": kept(event, FAMILY_PAGE)})
            for event, number in told
        ],
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
    spoken_of = not_stopped(work, [event for event, _, _ in listed])
    rows = [
        mail_to(work, found[whose], template, {}, str(number), event.child_id)
        for event, whose, number in listed
        if whose in found and event in spoken_of
    ]
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
            topic=FAMILY,
            topic_id=event.child_id,
        )
        for event in not_stopped(work, invited)
        if event.access_id in addresses
    ]
    outbox.put(work, rows)


# To advisers


def tell_answered(work: Work, answered: Sequence[Answered]) -> None:
    """Tell the adviser that a family has answered an offer. Whoever makes the visit gets its entry: with that message,
    or by one of their own where somebody else is told.
    """
    told = rows_to_advisers(work, "offer", [(event, event.answer_id) for event in answered])
    reached = set()
    for event, row in told:
        if row["account_id"] == event.adviser_id:
            row["context"] = {**row["context"], "entry": kept(event, STAFF_PAGE)}
            reached.add(event.answer_id)
    outbox.put(work, once_each(row for _, row in told))
    tell_maker_answered(work, [event for event in answered if event.answer_id not in reached])


def tell_commented(work: Work, commented: Sequence[Commented]) -> None:
    """Tell the adviser that a parent has said something of a record."""
    tell_advisers(work, "comment", [(event, event.comment_id) for event in commented])


def tell_decision_commented(work: Work, commented: Sequence[Commented]) -> None:
    """Tell the adviser that a parent has said something of a decision."""
    tell_advisers(work, "decision", [(event, event.comment_id) for event in commented])


def tell_change_reported(work: Work, reported: Sequence[ChangeReported]) -> None:
    """Tell the adviser that a parent has told us of a change."""
    tell_advisers(work, "change", [(event, event.change_id) for event in reported])


def tell_invitation_answered(work: Work, answered: Sequence[InvitationAnswered]) -> None:
    """Tell the adviser that someone waits to be verified, or is not the parent who was meant."""
    tell_advisers(work, "invitation", [(event, event.access_id) for event in answered])


def tell_advisers(work: Work, what: str, told: Sequence[tuple[AboutChild, int]]) -> None:
    """Write to the adviser of each child; where a child has none, or they are away, to the EHE managers."""
    outbox.put(work, once_each(row for _, row in rows_to_advisers(work, what, told)))


def rows_to_advisers(work: Work, what: str, told: Sequence[tuple[Told, int]]) -> list[tuple[Told, dict[str, Any]]]:
    """The messages of `tell_advisers`, each with what it tells of."""
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
            rows.append((event, mail_to(work, person, "from-family", context, f"{what}-{number}")))
    return rows
