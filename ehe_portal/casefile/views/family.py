"""A family's own pages: its children; and for each a short first page, with the rest beside it."""

from contextlib import suppress
from datetime import date
from typing import Any, Final

from flask import render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import family as queries
from ehe_portal.casefile.queries.story import story as sent_and_received
from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import ANSWERABLE
from ehe_portal.contact.service import family_copy
from ehe_portal.core.days import add_working_days
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.models import AccessState, ChangeKind, ChangeState

pages = Pages("family", __name__, url_prefix="/family")

BESIDE: Final = (
    ("Where things stand", "family.child"),
    ("Visits and calls", "family.offers"),
    ("Evidence and decisions", "family.decisions"),
    ("Our record", "family.records"),
    ("Messages", "family_messages.conversation"),
    ("Sent and received", "family.story"),
    ("Tell us of a change", "family.changes"),
)
"""The pages on one child, in the order of the navigation beside them."""


def page_on(template: str, ours: queries.Ours, **more: Any) -> str:
    """One of the pages on a child, with the others beside it once the account is verified."""
    beside = [
        (words, url_for(endpoint, reference=ours.child.reference), "page" if request.endpoint == endpoint else None)
        for words, endpoint in BESIDE
    ]
    return render_template(template, ours=ours, beside=beside if ours.verified else [], **more)


@pages.page("", needs=Permission.FAMILY_READ)
def home(work: Work) -> Any:
    """The children of this account, and invitations to see another."""
    return render_template(
        "casefile/family_home.html",
        children=queries.our_children(work),
        invitations=register.own_invitations(work),
        invited=AccessState.INVITED,
    )


@pages.page("/children/<string:reference>", needs=Permission.FAMILY_READ, on=queries.our_child)
def child(work: Work, ours: queries.Ours) -> Any:
    """Where things stand, what happens next and when, and what the family can do."""
    if not ours.verified:
        return page_on("casefile/family_waiting.html", ours)
    decided = queries.decided(work, ours.child.id, most=1)
    return page_on(
        "casefile/family_child.html",
        ours,
        offers=queries.standing_offers(work, ours.child.id) if ours.is_open else [],
        decision=decided[0] if decided else None,
        offer_words=rules.OFFER_WORDS,
    )


@pages.page("/children/<string:reference>/visits", needs=Permission.FAMILY_READ, on=queries.verified_child)
def offers(work: Work, ours: queries.Ours) -> Any:
    """Every visit and call that was offered, and what was answered."""
    return page_on(
        "casefile/family_offers.html",
        ours,
        offers=contact.offers_made(work, ours.child.id),
        answerable=ANSWERABLE,
        offer_words=rules.OFFER_WORDS,
    )


@pages.page("/children/<string:reference>/decisions", needs=Permission.FAMILY_READ, on=queries.verified_child)
def decisions(work: Work, ours: queries.Ours) -> Any:
    """What this account sent about the education and what became of it; what was decided, why, and resting on what."""
    sent = queries.sent(work, ours.child.id)
    days = policy.in_force(work, ours.child.authority_id, work.today).values.confirm_writing_days
    return page_on(
        "casefile/family_decisions.html",
        ours,
        sent=sent,
        how_read=queries.how_read(work, sent),
        read_by={one.id: add_working_days(one.sent_on, days) for one in sent},
        decisions=queries.decided(work, ours.child.id),
    )


@pages.page("/children/<string:reference>/records", needs=Permission.FAMILY_READ, on=queries.verified_child)
def records(work: Work, ours: queries.Ours) -> Any:
    """The family's own copy of every record of contact, the latest first."""
    found, more = queries.records(work, ours.child.id, key_asked("before"))
    return page_on("casefile/family_records.html", ours, records=found, more=more)


@pages.page(
    "/children/<string:reference>/records/<string:contact_reference>",
    needs=Permission.FAMILY_READ,
    on=queries.our_record,
)
def record(work: Work, ours: queries.OurRecord) -> Any:
    """One record of contact, and what this account said of it."""
    return render_template(
        "casefile/family_record.html",
        ours=ours,
        contact=ours.contact,
        copy=family_copy(check) if (check := ours.contact.welfare_check) else None,
        answer=contact.answer_behind(work, ours.contact),
        comments=contact.comments_on(work, ours.contact),
    )


@pages.page("/children/<string:reference>/story", needs=Permission.FAMILY_READ, on=queries.verified_child)
def story(work: Work, ours: queries.Ours) -> Any:
    """Everything sent and received, in one order."""
    before = None
    with suppress(ValueError):
        before = date.fromisoformat(request.args.get("before", ""))
    entries, more = sent_and_received(work, ours.child.id, before)
    return page_on("casefile/family_story.html", ours, entries=entries, more=more)


@pages.page("/children/<string:reference>/changes", needs=Permission.FAMILY_READ, on=queries.verified_child)
def changes(work: Work, ours: queries.Ours) -> Any:
    """What the family can tell us of, what it told us, and what became of it."""
    return page_on(
        "casefile/family_changes.html",
        ours,
        kinds=ChangeKind,
        changes=register.changes_of(work, ours.child.id),
        waiting=ChangeState.WAITING,
    )
