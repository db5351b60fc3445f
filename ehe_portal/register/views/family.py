"""A parent registers a child: a few short pages, kept as they go, ending in check your answers."""

from itertools import pairwise
from typing import Any, Final, NamedTuple

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries, service
from ehe_portal.register.forms import (
    AddressForm,
    ChildForm,
    EducationForm,
    OtherParentForm,
    StepForm,
    SubmitForm,
    YouForm,
)
from ehe_portal.register.models import Registration
from ehe_portal.register.rules.answers import first_missing, read_back, typed_step, whole

pages = Pages("registration", __name__, url_prefix="/family/register")


class Step(NamedTuple):
    """One page: its form, its heading, and what stands under that."""

    form: type[StepForm]
    title: str
    words: str = ""


STEPS: Final[dict[str, Step]] = {
    "child": Step(ChildForm, "Your child"),
    "address": Step(AddressForm, "Where your child lives"),
    "you": Step(YouForm, "About you", "We will write to you at the email address of your account."),
    "other-parent": Step(
        OtherParentForm,
        "Another parent or carer",
        "You can leave all of this page empty: you do not have to tell us about anyone else. We ask because another "
        "parent may like to hear from us too. If it would not be safe for someone to be contacted, leave them out.",
    ),
    "education": Step(EducationForm, "Education"),
}
NAMES: Final = tuple(STEPS)
NEXT: Final = dict(pairwise(NAMES))
BEFORE: Final = {step: before for before, step in pairwise(NAMES)}


def endpoint(step: str) -> str:
    """The page of a step, by name."""
    return "registration." + step.replace("-", "_")


def next_after(work: Work, step: str) -> str:
    """Where the answers of a page lead: back to the check where they came from there, else to the next page."""
    if request.args.get("back") == "check" or step not in NEXT:
        return url_for("registration.check_answers")
    return url_for(endpoint(NEXT[step]))


@pages.page("", needs=Permission.FAMILY_REGISTER)
def begin(work: Work) -> Any:
    """What registering is, what is asked, and the way in."""
    draft = service.draft_answers(work, portal().vault)
    missing = first_missing(draft)
    ready = missing is None
    first = url_for("registration.check_answers") if ready else url_for(endpoint(missing or NAMES[0]))
    return render_template("register/begin.html", begun=bool(draft), first=first)


def step_page(work: Work, step: str) -> Any:
    """One page of questions."""
    asked = STEPS[step]
    known = service.draft_answers(work, portal().vault).get(step, {})
    form = asked.form(work.today, **typed_step(known))
    if form.validate_on_submit():
        service.keep_draft(work, portal().vault, step, form.answers())
        return redirect(next_after(work, step))
    checking = request.args.get("back") == "check"
    before = url_for("registration.begin") if step == NAMES[0] else url_for(endpoint(BEFORE[step]))
    return render_template(
        "register/step.html",
        form=form,
        asked=asked,
        back_url=url_for("registration.check_answers") if checking else before,
        number=NAMES.index(step) + 1,
        steps=len(NAMES),
    )


@pages.page("/child", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def child(work: Work) -> Any:
    """The child."""
    return step_page(work, "child")


@pages.page("/address", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def address(work: Work) -> Any:
    """Where the child lives."""
    return step_page(work, "address")


@pages.page("/you", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def you(work: Work) -> Any:
    """The parent."""
    return step_page(work, "you")


@pages.page("/other-parent", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def other_parent(work: Work) -> Any:
    """Another parent, whom nobody has to name."""
    return step_page(work, "other-parent")


@pages.page("/education", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def education(work: Work) -> Any:
    """The education."""
    return step_page(work, "education")


@pages.page("/check", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def check_answers(work: Work) -> Any:
    """Everything once more, with a way to change it; then it is sent."""
    draft = service.draft_answers(work, portal().vault)
    missing = first_missing(draft)
    answers = whole(draft)
    if not draft:
        # Back from a registration that has been sent.
        return redirect(url_for("registration.begin"))
    if missing is not None or answers is None:
        return redirect(url_for(endpoint(missing or NAMES[0])))
    form = SubmitForm()
    if form.validate_on_submit():
        with form.refusals():
            registration = service.submit_registration(work, answers)
            return redirect(url_for("registration.received", reference=registration.reference))
    sections = [
        (section.heading, section.rows, url_for(endpoint(section.step), back="check")) for section in read_back(answers)
    ]
    return render_template(
        "register/check_answers.html", form=form, sections=sections, back_url=url_for(endpoint(NAMES[-1]))
    )


@pages.page("/received/<string:reference>", needs=Permission.FAMILY_REGISTER, on=queries.own_registration)
def received(work: Work, registration: Registration) -> Any:
    """It has arrived: the reference, what happens next and by when."""
    sent_on = london_date(registration.submitted_at)
    values = policy.in_force(work, registration.authority_id, sent_on).values
    return render_template(
        "register/received.html",
        registration=registration,
        checked_by=add_working_days(sent_on, values.acknowledge_days),
    )
