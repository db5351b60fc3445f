"""Registrations to check: what the parent told us beside the records that may be the same child; accept or join."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Choice
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries, service
from ehe_portal.register.forms import AcceptForm, ButtonForm, JoinForm, LookUpForm
from ehe_portal.register.models import Child, Registration, RegistrationState
from ehe_portal.register.rules.answers import read_kept
from ehe_portal.register.rules.reading import Section, as_officers_read, read_back
from ehe_portal.register.views.side_by_side import side_by_side

pages = Pages("registrations", __name__, url_prefix="/registrations")
ACCEPTED = "Registration accepted. The family has been told."


@dataclass(frozen=True)
class Two:
    """A registration and a record that may be the same child."""

    registration: Registration
    other: Child


def registration_and_record(work: Work, reference: str, other_reference: str) -> Two | None:
    """A registration and another record, both in scope."""
    registration = queries.registration_to_check(work, reference)
    other = queries.visible_child(work, other_reference)
    if registration is None or other is None or registration.child_id == other.id:
        return None
    return Two(registration, other)


def accept_form(work: Work, registration: Registration) -> AcceptForm:
    """The form that accepts a registration; nobody has an account to be satisfied of where it was keyed in."""
    form = AcceptForm(prefix="accept", version=registration.version)
    offer_advisers(work, form)
    if registration.account_id is None:
        del form.satisfied
    return form


def offer_advisers(work: Work, form: AcceptForm | JoinForm) -> None:
    """Put the advisers who work here into a form's list."""
    form.adviser.choices = [Choice(adviser.reference, adviser.name) for adviser in accounts.advisers(work)]


@pages.page("", needs=Permission.REGISTRATION_CHECK)
def waiting(work: Work) -> Any:
    """The registrations that wait, the oldest first."""
    lines, how_many = queries.waiting_registrations(work)
    days = policy.in_force(work, work.scope.authority_id or 0, work.today).values.acknowledge_days
    return render_template(
        "register/waiting.html",
        lines=[(line, add_working_days(london_date(line.submitted_at), days)) for line in lines],
        how_many=how_many,
    )


@pages.page(
    "/<string:reference>",
    methods=["GET", "POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=queries.registration_to_check,
)
def check(work: Work, registration: Registration) -> Any:
    """One registration: what was typed, what it may double, and accepting it."""
    form = accept_form(work, registration)
    if form.validate_on_submit():
        with form.refusals():
            adviser = accounts.staff_by_reference(work, form.adviser.data)
            service.accept(work, registration, adviser, form.version.data or 0)
            flash("Registration accepted." if registration.account_id is None else ACCEPTED)
            return redirect(url_for("child.overview", reference=registration.child.reference))
    return show(work, registration, form)


def for_officers(sections: list[Section]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was told, as a heading with questions and answers in an officer's words."""
    return [
        (as_officers_read(part.heading), [(as_officers_read(row.question), row.answer) for row in part.rows])
        for part in sections
    ]


def account_of(work: Work, account_id: int | None) -> Account | None:
    """Someone who sent a registration, or keyed it in."""
    return work.session.get(Account, account_id) if account_id is not None else None


def show(work: Work, registration: Registration, form: AcceptForm, look_up: LookUpForm | None = None) -> Any:
    """The page of one registration."""
    child = registration.child
    answers = read_kept(registration.answers)
    waits = registration.state is RegistrationState.WAITING
    pairs = queries.undecided_pairs(work, child.id) if waits else []
    joined = work.session.get(Child, registration.joined_child_id) if registration.joined_child_id else None
    submission = registration.submission
    return render_template(
        "register/check.html",
        registration=registration,
        child=child,
        account=account_of(work, registration.account_id),
        submission=submission,
        keyed_by=getattr(account_of(work, submission.keyed_by_id), "name", None) if submission else None,
        together=queries.sent_together(work, registration),
        sections=for_officers(read_back(answers)) if answers else [],
        pairs=[(pair, side_by_side(child, pair.other)) for pair in pairs],
        different=ButtonForm(prefix="different"),
        form=form,
        look_up=look_up or LookUpForm(prefix="look-up"),
        waits=waits,
        joined=joined,
    )


@pages.page(
    "/<string:reference>/look-up",
    methods=["POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=queries.registration_to_check,
)
def look_up(work: Work, registration: Registration) -> Any:
    """Find a record by its reference, to see it beside the registration."""
    asked = LookUpForm(prefix="look-up")
    if asked.validate_on_submit():
        found = registration_and_record(work, registration.reference, asked.reference)
        if found is not None:
            return redirect(
                url_for("registrations.join", reference=registration.reference, other_reference=found.other.reference)
            )
        asked.refuse(Refusal("Enter the reference of another child on this register", "other"))
    return show(work, registration, accept_form(work, registration), asked)


@pages.page(
    "/<string:reference>/different/<string:other_reference>",
    methods=["POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=registration_and_record,
)
def different(work: Work, two: Two) -> Any:
    """Say that the registered child is another one than this record's."""
    service.decide_different(work, two.registration.child, two.other)
    flash("Noted: these are two different children.")
    return redirect(url_for("registrations.check", reference=two.registration.reference))


@pages.page(
    "/<string:reference>/join/<string:other_reference>",
    methods=["GET", "POST"],
    needs=Permission.REGISTRATION_CHECK,
    on=registration_and_record,
)
def join(work: Work, two: Two) -> Any:
    """Say that the registered child is one already known."""
    registration, other = two.registration, two.other
    form = JoinForm(version=registration.version)
    offer_advisers(work, form)
    if queries.open_episode(work, other.id) is not None:
        del form.adviser
    if not service.addresses_differ(registration.child, other):
        del form.take_address
    if registration.account_id is None:
        del form.satisfied
    if form.validate_on_submit():
        with form.refusals():
            chosen = form.adviser.data if "adviser" in form else None
            service.join(
                work,
                registration,
                other,
                adviser=accounts.staff_by_reference(work, chosen) if chosen else None,
                take_address="take_address" in form and form.take_address.data,
                version=form.version.data or 0,
            )
            told = "" if registration.account_id is None else " The family has been told."
            flash(f"The two records are now one.{told}")
            return redirect(url_for("child.overview", reference=other.reference))
    return render_template(
        "register/join.html",
        form=form,
        registration=registration,
        child=registration.child,
        other=other,
        compared=side_by_side(registration.child, other),
        back_url=url_for("registrations.check", reference=registration.reference),
    )
