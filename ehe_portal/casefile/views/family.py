"""A family's own pages: its children; and for each a short first page, with the rest beside it."""

from contextlib import suppress
from datetime import date
from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for

from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import family as queries
from ehe_portal.casefile.queries.story import story as sent_and_received
from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import ANSWERABLE, VisitState
from ehe_portal.contact.service import family_copy
from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.core.govuk.words import london_time, long_date
from ehe_portal.core.printing import PDF, printed
from ehe_portal.core.web import Pages, key_asked, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.queries import comments
from ehe_portal.orders import queries as orders
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
    ("Letters", "family_letters.list_letters"),
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
    """The children of this account, with what happens next and what waits; and invitations to see another."""
    children = queries.our_children(work)
    return render_template(
        "casefile/family_home.html",
        children=children,
        checked_by={ours.child.id: checked_by(work, ours) for ours in children},
        waiting={ours.child.id: offers_waiting(work, ours) for ours in children},
        invitations=register.own_invitations(work),
        invited=AccessState.INVITED,
    )


def checked_by(work: Work, ours: queries.Ours) -> date | None:
    """The day by which the registration of an account that is not verified yet is to be checked."""
    if ours.verified or ours.registration is None:
        return None
    received_on = london_date(ours.registration.submitted_at)
    values = policy.in_force(work, ours.child.authority_id, received_on).values
    return add_working_days(received_on, values.acknowledge_days)


def offers_waiting(work: Work, ours: queries.Ours) -> int:
    """How many visits and calls the family has been offered and has not answered."""
    if not (ours.verified and ours.is_open):
        return 0
    shown = queries.states_shown(work, ours, queries.standing_offers(work, ours))
    return sum(state is VisitState.OFFERED for state in shown.values())


@pages.page("/children/<string:reference>", needs=Permission.FAMILY_READ, on=queries.our_child)
def child(work: Work, ours: queries.Ours) -> Any:
    """Where things stand, what happens next and when, and what the family can do."""
    if not ours.verified:
        return page_on("casefile/family_waiting.html", ours, checked_by=checked_by(work, ours))
    standing = queries.standing_offers(work, ours) if ours.is_open else []
    decided = queries.decided(work, ours.child.id, most=1)
    reminders = contact.reminders_of_family(work, ours.child.id, most=1)
    return page_on(
        "casefile/family_child.html",
        ours,
        offers=standing,
        states=queries.states_shown(work, ours, standing),
        decision=decided[0] if decided else None,
        asked=queries.asked_with(ours, decided),
        comments=comments.of_decisions(work, [one.id for one in decided]),
        reminded=next((one for one in reminders if not ours.held_back(one.reminded_at)), None),
        offer_words=rules.OFFER_WORDS,
        served=orders.served_on_us(work, ours.child.id),
    )


@pages.page("/children/<string:reference>/notices", needs=Permission.FAMILY_READ, on=queries.verified_child)
def served(work: Work, ours: queries.Ours) -> Any:
    """What was served on this parent, in plain words: what it asks, until when, how to answer."""
    return page_on("casefile/family_served.html", ours, served=orders.served_on_us(work, ours.child.id))


@pages.page("/children/<string:reference>/visits", needs=Permission.FAMILY_READ, on=queries.verified_child)
def offers(work: Work, ours: queries.Ours) -> Any:
    """Every visit and call that was offered, what was answered, and what became of it."""
    made = contact.offers_made(work, ours.child.id)
    return page_on(
        "casefile/family_offers.html",
        ours,
        offers=made,
        states=queries.states_shown(work, ours, made),
        together=contact.children_shown(work, made),
        slots=contact.slots_on_offer(work, made),
        answerable=ANSWERABLE,
        offer_words=rules.OFFER_WORDS,
    )


@pages.page("/children/<string:reference>/decisions", needs=Permission.FAMILY_READ, on=queries.verified_child)
def decisions(work: Work, ours: queries.Ours) -> Any:
    """What this account sent about the education and what became of it; what was decided, why, and resting on what."""
    sent = queries.sent(work, ours.child.id)
    decided = queries.decided(work, ours.child.id)
    days = policy.in_force(work, ours.child.authority_id, work.today).values.confirm_writing_days
    return page_on(
        "casefile/family_decisions.html",
        ours,
        sent=sent,
        how_read=queries.how_read(work, ours, sent),
        names=contact.names_of(work, [one.keyed_in_by_id for one in sent]),
        read_by={one.id: add_working_days(one.sent_on, days) for one in sent},
        decisions=decided,
        asked=queries.asked_with(ours, decided),
        comments=comments.of_decisions(work, [one.id for one in decided]),
    )


@pages.page("/children/<string:reference>/records", needs=Permission.FAMILY_READ, on=queries.verified_child)
def records(work: Work, ours: queries.Ours) -> Any:
    """The family's own copy of every record of contact, the latest first."""
    found, more = queries.records(work, ours.child.id, key_asked("before"))
    said = {one.id: queries.said_in(one, ours.picture) for one in found}
    return page_on("casefile/family_records.html", ours, records=found, said=said, more=more)


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
        addenda=contact.addenda(work, ours.contact),
    )


@pages.page(
    "/children/<string:reference>/records/<string:contact_reference>/letter.pdf",
    needs=Permission.FAMILY_READ,
    on=queries.our_record,
)
def letter(work: Work, ours: queries.OurRecord) -> Any:
    """The family's copy of a signed record as a letter that can be printed and that a screen reader can read."""
    check = ours.contact.welfare_check
    copy = family_copy(check) if check else None
    if copy is None:
        back: dict[str, Any] = {"reference": ours.child.reference, "contact_reference": ours.contact.reference}
        return redirect(url_for("family.record", **back))
    authority = work.session.get_one(Authority, ours.child.authority_id)
    signer = contact.names_of(work, [copy.signed_by_id]).get(copy.signed_by_id or 0, authority.name)
    said = {
        "council": authority.name,
        "address": authority.contact_address or "",
        "email": authority.contact_email or "",
        "phone": authority.contact_phone or "",
        "printed_on": long_date(work.today),
        "child": ours.child.known_as,
        "title": f"{copy.kind.label} on {long_date(copy.happened_on)}",
        "signed": f"Signed by {signer}, {london_time(copy.signed_at)}",
        "outcome": ours.contact.outcome.label,
        "sections": [[heading, [list(row) for row in rows]] for heading, rows in copy.sections],
        "added": [[long_date(one.written_at), one.words] for one in contact.addenda(work, ours.contact)],
        "comments": [[long_date(one.said_at), one.words] for one, _ in contact.comments_on(work, ours.contact)],
    }
    response = make_response(printed(portal().settings.root / "templates" / "contact" / "family-copy.typ", said))
    response.mimetype = PDF
    response.headers["Content-Disposition"] = 'inline; filename="our-record.pdf"'
    return response


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
