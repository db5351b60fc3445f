"""Writing the mails that follow from what happens.

A message names nobody and says nothing about a child: it carries a reference and a link. Each goes to one person.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from ehe_portal.accounts.events import LinkAsked, PasswordChosen, SignUpOfKnownAddress
from ehe_portal.accounts.models import MailLink
from ehe_portal.core import outbox
from ehe_portal.core.days import add_working_days
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.queries import Person
from ehe_portal.notices.service.texting import put_with_texts
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.events import ChildRegistered, ChildrenHandedOver, RecordsJoined, RegistrationAccepted

FAMILY = "family"
"""The topic of what goes to a family about a child, whose row is `topic_id`."""


class AboutChild(Protocol):
    """What every event about a child says. The rooms beside this one are known by the shape of their events only."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def child_id(self) -> int | None: ...


About = TypeVar("About", bound=AboutChild)


class Submitted(AboutChild, Protocol):
    """A family sent evidence."""

    @property
    def evidence_id(self) -> int: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def at_once(self) -> bool: ...


class Assessed(AboutChild, Protocol):
    """An officer decided about a child's education."""

    @property
    def assessment_id(self) -> int: ...


# To people who sign in


def send_link(work: Work, asked: Sequence[LinkAsked]) -> None:
    """Send each link that was asked for. The link itself is signed as the mail leaves; the outbox holds its number."""
    links = queries.links(work, [event.link_id for event in asked])
    outbox.put(work, [mail_with_link(work, link, f"link-{link.purpose.value}") for link in links])


def mail_with_link(work: Work, link: MailLink, template: str) -> dict[str, Any]:
    """One message to the address that a link is about."""
    return outbox.row(
        work,
        authority_id=link.authority_id,
        account_id=link.account_id,
        to=link.email,
        template=template,
        context={"link_id": link.id, "expires_at": link.expires_at.isoformat()},
        key=f"link-{link.id}",
    )


def tell_known_address(work: Work, asked: Sequence[SignUpOfKnownAddress]) -> None:
    """Tell the owner of an account that someone tried to sign up with their address."""
    found = queries.people(work, [event.account_id for event in asked], work.today)
    outbox.put(work, [mail_to(work, person, "known-address", {}, new_reference()) for person in found.values()])


def tell_password_chosen(work: Work, chosen: Sequence[PasswordChosen]) -> None:
    """Tell people that the password of their account is another now, in case it was not they who chose it."""
    found = queries.people(work, [event.account_id for event in chosen if not event.first], work.today)
    outbox.put(work, [mail_to(work, person, "password-chosen", {}, new_reference()) for person in found.values()])


def tell_children_handed_over(work: Work, handed: Sequence[ChildrenHandedOver]) -> None:
    """Tell each adviser once how many children were handed to them, unless they did it themselves."""
    found = queries.people(work, [event.adviser_id for event in handed], work.today)
    outbox.put(
        work,
        [
            mail_to(
                work, found[event.adviser_id], "children-handed-over", {"how_many": event.how_many}, new_reference()
            )
            for event in handed
            if event.adviser_id in found and event.adviser_id != work.actor.account_id
        ],
    )


# To families


def acknowledge_registration(work: Work, registered: Sequence[ChildRegistered]) -> None:
    """Give each parent a reference for each child they registered, and the day by which they hear from us.

    What was sent in one go is answered in one message.
    """
    registered = not_stopped(work, registered)
    found = queries.people(work, [event.account_id for event in registered], work.today)
    references = queries.registration_references(work, [event.registration_id for event in registered])
    sent: dict[int, list[int]] = {}
    children: dict[int, set[int | None]] = {}
    for event in registered:
        sent.setdefault(event.account_id, []).append(event.registration_id)
        children.setdefault(event.account_id, set()).add(event.child_id)
    rows = []
    for account_id, registration_ids in sent.items():
        person = found.get(account_id)
        if person is not None:
            values = policy.in_force(work, person.authority_id, work.today).values
            context = {
                "references": [references[registration_id] for registration_id in registration_ids],
                "answer_by": add_working_days(work.today, values.first_contact_days).isoformat(),
            }
            only = children[account_id].pop() if len(children[account_id]) == 1 else None
            rows.append(mail_to(work, person, "registration-received", context, str(registration_ids[0]), only))
    outbox.put(work, rows)


def tell_registration_accepted(work: Work, accepted: Sequence[RegistrationAccepted | RecordsJoined]) -> None:
    """Tell each parent that their registration has been checked. Records that came in a file have none to tell."""
    told = [
        (event.registration_id, event.account_id, event.child_id)
        for event in not_stopped(work, accepted)
        if event.registration_id is not None and event.account_id is not None
    ]
    found = queries.people(work, [account_id for _, account_id, _ in told], work.today)
    references = queries.registration_references(work, [registration_id for registration_id, _, _ in told])
    outbox.put(
        work,
        [
            mail_to(
                work,
                found[account_id],
                "registration-accepted",
                {"reference": references[registration_id]},
                str(registration_id),
                child_id,
            )
            for registration_id, account_id, child_id in told
            if account_id in found
        ],
    )


def acknowledge_evidence(work: Work, submitted: Sequence[Submitted]) -> None:
    """Tell whoever sent evidence that it arrived, and by when it is looked at. Of what somebody else sent at once the
    parent has a mail already (`tell_statement_written`)."""
    sent = {
        event.evidence_id: (event.account_id, event.child_id)
        for event in not_stopped(work, submitted)
        if event.account_id is not None and not event.at_once
    }
    found = queries.people(work, [account_id for account_id, _ in sent.values()], work.today)
    rows = []
    for evidence_id, (account_id, child_id) in sent.items():
        if account_id in found:
            person = found[account_id]
            values = policy.in_force(work, person.authority_id, work.today).values
            context = {
                "sent_on": work.today.isoformat(),
                "answer_by": add_working_days(work.today, values.confirm_writing_days).isoformat(),
            }
            rows.append(mail_to(work, person, "evidence-received", context, str(evidence_id), child_id))
    outbox.put(work, rows)


def tell_education_assessed(work: Work, assessed: Sequence[Assessed]) -> None:
    """Tell verified parents that there is a decision; what it says is on their own page only."""
    tell_families(work, "education-assessed", [(event, event.assessment_id, {}) for event in assessed])


def not_stopped(work: Work, events: Iterable[About]) -> list[About]:
    """Those of these events of which the child's family may be told."""
    listed = list(events)
    stopped = register.stopped_children(work, {event.child_id for event in listed if event.child_id is not None})
    return [event for event in listed if event.child_id not in stopped]


def tell_families(work: Work, template: str, about: Iterable[tuple[AboutChild, int | str, dict[str, Any]]]) -> None:
    """Write to every verified parent of each child: `about` is the event, the row it is about, and what to say.

    What is about several children of a family is one message to each parent.
    """
    told = [(event.child_id, number, said) for event, number, said in about if event.child_id is not None]
    by_child: dict[int, list[queries.Family]] = {}
    for family in queries.families(work, {child_id for child_id, _, _ in told}):
        by_child.setdefault(family.child_id, []).append(family)
    rows = [
        outbox.row(
            work,
            authority_id=family.authority_id,
            account_id=family.account_id,
            to=family.email,
            template=template,
            context={"child_reference": family.child_reference, **said},
            key=f"{template}-{number}-{family.account_id}",
            topic=FAMILY,
            topic_id=family.child_id,
        )
        for child_id, number, said in told
        for family in by_child.get(child_id, ())
    ]
    put_with_texts(work, once_each(rows))


def once_each(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first of the messages that have one key."""
    first: dict[str, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["idempotency_key"], row)
    return list(first.values())


def mail_to(
    work: Work, person: Person, template: str, context: dict[str, Any], about: str, child_id: int | None = None
) -> dict[str, Any]:
    """One message to an account's holder; `about` keeps it apart from others of its kind.

    `child_id` is the child whose family it is for: so it can be stopped while it waits.
    """
    return outbox.row(
        work,
        authority_id=person.authority_id,
        account_id=person.account_id,
        to=person.email,
        template=template,
        context=context,
        key=f"{template}-{about}-{person.account_id}",
        topic=None if child_id is None else FAMILY,
        topic_id=child_id,
    )
