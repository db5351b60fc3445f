"""Mails about an account's own address: another one asked for, confirmed; an account closed."""

from collections.abc import Sequence
from dataclasses import replace

from ehe_portal.accounts.events import AccountClosed, EmailChanged, NewEmailAsked
from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import mail_to, mail_with_link


def ask_new_address(work: Work, asked: Sequence[NewEmailAsked]) -> None:
    """Send the link to the new address, and tell the old one. A new address that has an account is told just that."""
    links = queries.links(work, [event.link_id for event in asked])
    taken = queries.addresses_taken(work, [link.email for link in links])
    rows = [
        mail_with_link(work, link, "new-email-taken" if link.email in taken else "link-new-email") for link in links
    ]
    found = queries.people(work, [event.account_id for event in asked], work.today)
    rows += [
        mail_to(work, found[event.account_id], "new-email-asked", {}, str(event.link_id))
        for event in asked
        if event.account_id in found
    ]
    outbox.put(work, rows)


def tell_email_changed(work: Work, changed: Sequence[EmailChanged]) -> None:
    """Tell both addresses, the old one that the account still has and the new one of the link."""
    links = {link.id: link for link in queries.links(work, [event.link_id for event in changed])}
    found = queries.people(work, [event.account_id for event in changed], work.today)
    rows = []
    for event in changed:
        old = found[event.account_id]
        for which, email in (("old", old.email), ("new", links[event.link_id].email)):
            about = f"{event.link_id}-{which}"
            rows.append(mail_to(work, replace(old, email=email), "email-changed", {}, about))
    outbox.put(work, rows)


def say_goodbye(work: Work, closed: Sequence[AccountClosed]) -> None:
    """Send each parent who closed their account one last message; nothing else leaves for them any more."""
    found = queries.people(work, [event.account_id for event in closed], work.today)
    outbox.withdraw(work, list(found))
    outbox.put(work, [mail_to(work, person, "account-closed", {}, "once") for person in found.values()])
