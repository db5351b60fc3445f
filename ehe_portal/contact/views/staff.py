"""Pages about contact with one child's family, for officers."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.contact import queries, rules, service
from ehe_portal.contact.forms import (
    AddendumForm,
    ConfirmForm,
    FirstForm,
    ObservationForm,
    OfferForm,
    SectionForm,
    SignForm,
    StrikeOutForm,
    form_for,
    known_answers,
    observation_of,
)
from ehe_portal.contact.models import Contact, Visit, VisitChild
from ehe_portal.contact.views.versions import both_versions, said_of, struck_out_now
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("contact", __name__, url_prefix="/children/<string:reference>/contact")


@dataclass(frozen=True)
class Entry:
    """A contact as the history shows it. `delay` is that of the authority, in working days, while writing waits."""

    title: str
    at: date
    by: str | None
    contact: Contact
    delay: int


@pages.page("", needs=Permission.CHILD_READ, on=visible_child)
def history(work: Work, child: Child) -> Any:
    """What was recorded, what is coming, and what waits for an officer's word."""
    contacts = queries.history(work, child.id)
    names = queries.names_of(work, [contact.adviser_id for contact in contacts])
    entries = [
        Entry(
            title=contact.title,
            at=contact.happened_on,
            by=names.get(contact.adviser_id or 0),
            contact=contact,
            delay=rules.days_of_authority_delay(contact.happened_on, work.today),
        )
        for contact in contacts
    ]
    past, upcoming = queries.past_visits(work, child.id), queries.upcoming_visits(work, child.id)
    begun = queries.unfinished(work, child.reference)
    return render_template(
        "contact/history.html",
        child=child,
        entries=entries,
        past=past,
        upcoming=upcoming,
        begun=begun,
        answered=queries.answers_unread(work, child.id),
    )


@pages.page("/offer", methods=["GET", "POST"], needs=Permission.CONTACT_OFFER, on=visible_child)
def offer_visit(work: Work, child: Child) -> Any:
    """Offer the family a visit, a meeting or a call."""
    form, warned = OfferForm(), []
    form.for_children(queries.companions(work, child))
    if form.validate_on_submit():
        with form.refusals():
            offer = form.offer()
            service.check_offer(work, [child], offer)
            warned = service.warnings_about(work, child, offer, work.actor.account_id)
            if form.hears(warned):
                visit = service.offer_visit(work, child, offer)
                flash(f"{visit.kind.label} offered. The family will be told.")
                return redirect(url_for("contact.history", reference=child.reference))
    return render_template("contact/offer.html", child=child, form=form, warned=warned)


@pages.page("/record", methods=["GET", "POST"], needs=Permission.CONTACT_RECORD, on=visible_child)
def record(work: Work, child: Child) -> Any:
    """Record a contact, first page: what kind, what came of it, when."""
    form = FirstForm(**known_already(work, child))
    if form.validate_on_submit() and form.happened_on.data is not None:
        with form.refusals():
            service.check_first(work, child, form.kind.data, form.outcome.data, form.happened_on.data)
            return redirect(
                url_for(
                    "contact.describe",
                    reference=child.reference,
                    kind=form.kind.data.value,
                    outcome=form.outcome.data.value,
                    happened_on=form.happened_on.data.isoformat(),
                    visit=form.visit.data or None,
                )
            )
    together = parts_of(work, child, form.visit.data)
    return render_template("contact/record.html", child=child, form=form, together=together)


def parts_of(work: Work, child: Child, visit_reference: str | None) -> list[VisitChild]:
    """The parts of a visit that is about several children, and stands to be recorded of this one."""
    visit = queries.offered_visit(work, child.id, visit_reference) if visit_reference else None
    parts = queries.visit_children(work, visit) if visit is not None else []
    return parts if len(parts) > 1 else []


def known_already(work: Work, child: Child) -> dict[str, Any]:
    """What the address says of a contact: the visit it came of, and the answers of someone who comes back to change
    them. What it says wrongly is left out.
    """
    known: dict[str, Any] = {}
    visit = queries.offered_visit(work, child.id, request.args.get("visit", ""))
    if visit is not None:
        known = {"visit": visit.reference, "kind": visit.kind, "happened_on": min(visit.on_date, work.today)}
    readers: dict[str, Callable[[str], Any]] = {
        "kind": ContactKind,
        "outcome": ContactOutcome,
        "happened_on": date.fromisoformat,
    }
    for name, read in readers.items():
        with suppress(KeyError, ValueError):
            known[name] = read(request.args[name])
    return known


@dataclass(frozen=True)
class Begun:
    """The answers of the first page, about a child in scope."""

    child: Child
    kind: ContactKind
    outcome: ContactOutcome
    happened_on: date


def begun(work: Work, reference: str, kind: str, outcome: str, happened_on: str) -> Begun | None:
    """What the first page's answers in an address say; None where they could not have been given."""
    child = visible_child(work, reference)
    if child is None:
        return None
    try:
        answers = Begun(child, ContactKind(kind), ContactOutcome(outcome), date.fromisoformat(happened_on))
        service.check_first(work, child, answers.kind, answers.outcome, answers.happened_on)
    except (ValueError, Refusal):
        return None
    return answers


@pages.page(
    "/record/<string:kind>/<string:outcome>/<string:happened_on>",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_RECORD,
    on=begun,
    drafts=lambda answers: f"{answers.kind.label} on {long_date(answers.happened_on)}",
)
def describe(work: Work, answers: Begun) -> Any:
    """Record a contact, second page: what the first page's answers ask for."""
    child = answers.child
    form = form_for(answers.kind, answers.outcome, visit=request.args.get("visit", ""))
    if form.validate_on_submit():
        with form.refusals():
            visit = queries.offered_visit(work, child.id, form.visit.data) if form.visit.data else None
            happened = form.happened(answers.kind, answers.outcome, answers.happened_on, visit)
            contact = service.record_contact(work, child, happened)
            flash(f"{contact.kind.label} recorded.")
            return redirect(after_recording(work, contact, visit))
    together = parts_of(work, child, form.visit.data)
    return render_template("contact/describe.html", child=child, form=form, answers=answers, together=together)


def after_recording(work: Work, contact: Contact, visit: Visit | None) -> str:
    """Where recording leads: to the next child of the visit of whom nothing is recorded, or to the record.

    What cannot wait leads to the record, where it says what to do now.
    """
    noted = any(one.cannot_wait for one in queries.observations(work, contact))
    following = queries.next_unrecorded(work, visit.id) if visit is not None and not noted else None
    if following is None or visit is None:
        return to_contact(contact)
    flash(f"Go on with {following.known_as}: the visit is about {following.known_as} too.")
    said: dict[str, Any] = {
        "visit": visit.reference,
        "kind": contact.kind.value,
        "happened_on": contact.happened_on.isoformat(),
    }
    return url_for("contact.record", reference=following.reference, **said)


@pages.page("/<string:contact_reference>", needs=Permission.CHILD_READ, on=queries.visible_contact)
def one(work: Work, contact: Contact) -> Any:
    """One contact with its welfare check; safeguarding observations for those who may read them."""
    may_read = permits(work.actor, Permission.SAFEGUARDING_READ)
    check = contact.welfare_check
    added = queries.addenda(work, contact)
    people = [contact.adviser_id, contact.recorded_by_id, contact.confirmed_by_id, contact.struck_out_by_id]
    people += [one.written_by_id for one in added]
    return render_template(
        "contact/one.html",
        child=contact.child,
        contact=contact,
        visit=queries.visit_of(work, contact),
        sections=sections_in_words(contact),
        observations=queries.observations(work, contact) if may_read else [],
        names=queries.names_of(work, [*people, check.signed_by_id if check else None]),
        addenda=added,
        delay=rules.days_of_authority_delay(contact.happened_on, work.today),
        form=SignForm(version=check.version) if check else None,
        answer=queries.answer_behind(work, contact),
        comments=queries.comments_on(work, contact),
    )


def sections_in_words(contact: Contact) -> list[tuple[rules.Section, list[tuple[str, str]]]]:
    """A welfare check for reading: each section with what is answered in it."""
    if contact.welfare_check is None:
        return []
    told = []
    for section, names in rules.sections_of(contact.kind, contact.outcome).items():
        said = service.said_in(contact, names)
        rows = [(rules.LABELS[name], rules.answer_in_words(name, value)) for name, value in said.items()]
        told.append((section, [(label, words) for label, words in rows if words is not None]))
    return told


@dataclass(frozen=True)
class Part:
    """One section of a welfare check in scope, with its fields."""

    contact: Contact
    section: rules.Section
    names: tuple[str, ...]

    @property
    def child(self) -> Child:
        """Whom it is about."""
        return self.contact.child


def part(work: Work, reference: str, check_reference: str, section: str) -> Part | None:
    """A section that a welfare check in scope has."""
    contact = queries.visible_check(work, reference, check_reference)
    if contact is None or section not in set(rules.Section):
        return None
    names = rules.sections_of(contact.kind, contact.outcome).get(rules.Section(section))
    return Part(contact, rules.Section(section), names) if names else None


@pages.page(
    "/<string:check_reference>/check/<string:section>",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_RECORD,
    on=part,
    drafts=lambda part: f"{part.section.label}: {part.contact.kind.label}, {long_date(part.contact.happened_on)}",
)
def section(work: Work, part: Part) -> Any:
    """Complete or change one section of a welfare check."""
    contact = part.contact
    said = service.said_in(contact, part.names)
    form = SectionForm(as_read=rules.as_read(said), **known_answers(said))
    form.keep_only(part.section, part.names, contact.kind)
    if form.validate_on_submit():
        with form.refusals():
            service.save_section(work, contact, part.section, form.answers(), as_read=form.as_read.data)
            flash(f"Saved: {part.section.label.lower()}. Sign the record when it is finished.")
            return redirect(to_contact(contact))
    now = service.said_in(contact, part.names) if form.changed_meanwhile else None
    if now is not None:
        form.as_read.typed = rules.as_read(now)
    rows = [(rules.LABELS[name], rules.answer_in_words(name, value)) for name, value in (now or {}).items()]
    return render_template("contact/section.html", child=contact.child, part=part, form=form, now=rows)


def to_contact(contact: Contact) -> str:
    """The address of a contact's own page."""
    return url_for("contact.one", reference=contact.child.reference, contact_reference=contact.reference)


@pages.page(
    "/<string:check_reference>/sign",
    methods=["POST"],
    needs=Permission.CONTACT_RECORD,
    on=queries.visible_check,
)
def sign(work: Work, contact: Contact) -> Any:
    """Sign a welfare check."""
    form = SignForm()
    if form.validate_on_submit():
        try:
            service.sign(work, contact, version=form.version.data)
        except Refusal as refusal:
            flash(f"{refusal.message.rstrip('.')}. It was not signed.", "notice")
        else:
            flash("Signed. The family may read its copy.")
    return redirect(to_contact(contact))


@pages.page(
    "/<string:check_reference>/add",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_RECORD,
    on=queries.visible_check,
    drafts=lambda contact: f"Addition to a record: {contact.kind.label}, {long_date(contact.happened_on)}",
)
def add(work: Work, contact: Contact) -> Any:
    """Add to a signed record, or put something right."""
    form = AddendumForm()
    if form.validate_on_submit():
        with form.refusals():
            service.add_to_record(work, contact, form.words.data, for_family=form.for_family.data)
            flash("Added. It stands under the record from now on.")
            return redirect(to_contact(contact))
    elif request.method == "GET" and (contact.welfare_check is None or contact.welfare_check.signed_at is None):
        return redirect(to_contact(contact))
    return render_template("contact/add.html", child=contact.child, contact=contact, form=form)


@pages.page(
    "/<string:contact_reference>/safeguarding",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_RECORD,
    on=queries.visible_contact,
    drafts=lambda contact: f"Safeguarding: {contact.kind.label}, {long_date(contact.happened_on)}",
)
def observe(work: Work, contact: Contact) -> Any:
    """Add a safeguarding observation to a contact."""
    form = ObservationForm()
    if form.validate_on_submit():
        with form.refusals():
            service.note_observation(work, contact, observation_of(form) or service.Observation(fact=""))
            flash("Safeguarding note added. The family does not see it.")
            return redirect(to_contact(contact))
    return render_template("contact/observe.html", child=contact.child, contact=contact, form=form)


@pages.page(
    "/<string:contact_reference>/confirm",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_CONFIRM,
    on=queries.visible_contact,
)
def confirm_writing(work: Work, contact: Contact) -> Any:
    """Say whether writing received tells about the child's education."""
    back = url_for("contact.one", reference=contact.child.reference, contact_reference=contact.reference)
    if contact.message_id is not None:
        back = url_for("messages.find", reference=contact.child.reference, message_reference=contact.reference)
    form = ConfirmForm(obj=contact)
    if form.validate_on_submit():
        with form.refusals():
            service.confirm_writing(work, contact, form.substantive.data, version=form.version.data)
            flash("Your answer is recorded, and the date of the next contact is worked out anew.")
            return redirect(back)
    elif request.method == "GET" and (contact.outcome is not ContactOutcome.RECEIVED or contact.struck_out_at):
        return redirect(back)
    both = both_versions(form, {"substantive": said_of(contact), "Struck out": struck_out_now(contact)})
    return render_template("contact/confirm.html", child=contact.child, contact=contact, form=form, both=both)


@pages.page(
    "/<string:contact_reference>/strike-out",
    methods=["GET", "POST"],
    needs=Permission.CONTACT_STRIKE_OUT,
    on=queries.visible_contact,
)
def strike_out(work: Work, contact: Contact) -> Any:
    """Strike out a contact that was recorded in error."""
    back = url_for("contact.one", reference=contact.child.reference, contact_reference=contact.reference)
    form = StrikeOutForm(version=contact.version)
    if form.validate_on_submit():
        with form.refusals():
            service.strike_out(work, contact, form.why.data, version=form.version.data)
            flash("The contact has been struck out.")
            return redirect(back)
    elif request.method == "GET" and contact.struck_out_at:
        return redirect(back)
    both = both_versions(form, {"About the child’s education": said_of(contact), "why": struck_out_now(contact)})
    return render_template("contact/strike_out.html", child=contact.child, contact=contact, form=form, both=both)
