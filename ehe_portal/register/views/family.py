"""A parent registers children: a task list, one question a page, kept as they go, ending in check your answers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries, service
from ehe_portal.register.forms import ASKED, ButtonForm, SubmitForm
from ehe_portal.register.models import Submission
from ehe_portal.register.rules.answers import Answers, typed_answers
from ehe_portal.register.rules.questions import (
    CHILD_TASKS,
    FAMILY_TASKS,
    AskedPage,
    Task,
    asked_pages,
    first_missing,
    next_page,
    page_before,
    status,
    where_to_go_on,
)
from ehe_portal.register.rules.reading import Section, child_sections, family_sections
from ehe_portal.register.service import Draft

pages = Pages("registration", __name__, url_prefix="/family/register")


class DraftChild(NamedTuple):
    """One child of the registration that this account has begun."""

    draft: Draft
    key: str


def draft_child(work: Work, child_key: str) -> DraftChild | None:
    """A child of this account's own draft."""
    draft = service.open_draft(work, portal().vault)
    return DraftChild(draft, child_key) if child_key in draft.children else None


def required(work: Work) -> frozenset[str]:
    """The questions that must be answered, by the law that this account's authority works under today."""
    return policy.profile_in_force(work, work.actor.authority_id, work.today).required


def page_url(page: AskedPage, key: str | None, **more: Any) -> str:
    """The address of a page: of one child's, or of the family's."""
    endpoint = f"registration.{page.name.replace('-', '_')}"
    return url_for(endpoint, **more) if key is None else url_for(endpoint, child_key=key, **more)


@pages.page("", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def begin(work: Work) -> Any:
    """What registering is, what is asked, and the way in."""
    draft = service.open_draft(work, portal().vault)
    form = ButtonForm()
    if form.validate_on_submit():
        if draft.is_begun:
            return redirect(url_for("registration.tasks"))
        key = service.add_child(work, portal().vault)
        return redirect(url_for("registration.name", child_key=key))
    profile = policy.profile_in_force(work, work.actor.authority_id, work.today)
    return render_template("register/begin.html", draft=draft, form=form, profile=profile)


@pages.page("/tasks", needs=Permission.FAMILY_REGISTER)
def tasks(work: Work) -> Any:
    """What has been told and what has not, of each child and of the family."""
    draft = service.open_draft(work, portal().vault)
    if not draft.is_begun:
        # Back from a registration that has been sent.
        return redirect(url_for("registration.begin"))
    must = required(work)
    return render_template(
        "register/tasks.html",
        draft=draft,
        children=[(key, draft.name_of(key), lines_of(draft, key, must)) for key in draft.children],
        family=lines_of(draft, None, must),
        ready=first_gap(draft, must) is None,
        form=ButtonForm(),
    )


def lines_of(draft: Draft, key: str | None, must: frozenset[str]) -> list[tuple[Task, str, str]]:
    """The lines of the task list: each task with its status and where it leads."""
    kept = draft.pages_of(key)
    return [
        (task, status(task, kept, must).value, page_url(where_to_go_on(task, kept, must), key))
        for task in (FAMILY_TASKS if key is None else CHILD_TASKS)
    ]


def first_gap(draft: Draft, must: frozenset[str]) -> str | None:
    """The address of the first page that must be answered and has not been; None where all may be sent."""
    for key in draft.children:
        if (page := first_missing(CHILD_TASKS, draft.children[key], must)) is not None:
            return page_url(page, key)
    page = first_missing(FAMILY_TASKS, draft.family, must)
    return page_url(page, None) if page else None


@pages.page("/children", methods=["POST"], needs=Permission.FAMILY_REGISTER)
def add_child(work: Work) -> Any:
    """Another child of this family."""
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            return redirect(url_for("registration.name", child_key=service.add_child(work, portal().vault)))
        except Refusal as refusal:
            flash(refusal.message)
    return redirect(url_for("registration.tasks"))


@pages.page(
    "/children/<string:child_key>/remove",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_REGISTER,
    on=draft_child,
)
def remove_child(work: Work, child: DraftChild) -> Any:
    """Take a child out of what has not been sent yet."""
    form = ButtonForm()
    if form.validate_on_submit():
        service.remove_child(work, portal().vault, child.key)
        return redirect(url_for("registration.tasks"))
    return render_template("register/remove_child.html", form=form, name=child.draft.name_of(child.key))


def show_page(work: Work, task: Task, page: AskedPage, draft: Draft, key: str | None) -> Any:
    """One page of questions, of a child or of the family."""
    kept, must, asked = draft.pages_of(key), required(work), ASKED[page.name]
    if page not in asked_pages(task, kept, must):
        return redirect(url_for("registration.tasks"))
    form = asked.form(work.today, must, **typed_answers(kept.get(page.name, {})))
    checking = request.args.get("back") == "check"
    if form.validate_on_submit():
        with form.refusals():
            service.keep_page(work, portal().vault, page.name, form.answers(), key)
            kept = {**kept, page.name: service.plain_answers(form.answers())}
            after = next_page(task, page, kept, must)
            if checking and not (after and after.name not in kept and opens_a_page(page, after)):
                return redirect(url_for("registration.check_answers"))
            return redirect(page_url(after, key) if after else url_for("registration.tasks"))
    before = page_before(task, page, kept, must)
    back = page_url(before, key) if before else url_for("registration.tasks")
    return render_template(
        "register/page.html",
        form=form,
        asked=asked,
        task=task,
        who=draft.name_of(key) if key and len(draft.children) > 1 else None,
        back_url=url_for("registration.check_answers") if checking else back,
        same=addresses_of_others(draft, key) if page.name == "address" and key else [],
        child_key=key,
        same_form=ButtonForm(prefix="same"),
    )


def opens_a_page(page: AskedPage, after: AskedPage) -> bool:
    """Whether an answer on one page is what lets another be asked."""
    return page.name == "other" and after.name == "other-reach"


def addresses_of_others(draft: Draft, key: str) -> list[tuple[str, str, str]]:
    """Addresses that were typed for brothers and sisters: each with the key of one of them, and the child's name."""
    found: dict[str, tuple[str, str, str]] = {}
    for other, pages_ in draft.children.items():
        typed = typed_answers(pages_.get("address", {}))
        if other != key and typed.get("has_address"):
            line = ", ".join(
                typed[name] for name in ("address_line_1", "address_line_2", "town", "county", "postcode")
                if typed.get(name)
            )  # fmt: skip
            found.setdefault(line, (other, draft.name_of(other), line))
    return list(found.values())


class TwoChildren(NamedTuple):
    """Two children of one draft."""

    draft: Draft
    key: str
    other: str


def two_of_draft(work: Work, child_key: str, other_key: str) -> TwoChildren | None:
    """A child of this account's own draft, and another whose address has been typed."""
    draft = service.open_draft(work, portal().vault)
    both = child_key in draft.children and "address" in draft.children.get(other_key, {})
    return TwoChildren(draft, child_key, other_key) if both else None


@pages.page(
    "/children/<string:child_key>/same-address/<string:other_key>",
    methods=["POST"],
    needs=Permission.FAMILY_REGISTER,
    on=two_of_draft,
)
def same_address(work: Work, two: TwoChildren) -> Any:
    """Let a child live where a brother or sister lives."""
    if ButtonForm(prefix="same").validate_on_submit():
        service.keep_page(work, portal().vault, "address", dict(two.draft.children[two.other]["address"]), two.key)
    return redirect(url_for("registration.tasks"))


def child_view(task: Task, page: AskedPage) -> Callable[..., Any]:
    """The view of a page that is asked of each child."""

    def view(work: Work, child: DraftChild) -> Any:
        return show_page(work, task, page, child.draft, child.key)

    view.__name__ = page.name.replace("-", "_")
    return view


def family_view(task: Task, page: AskedPage) -> Callable[..., Any]:
    """The view of a page that is asked once."""

    def view(work: Work) -> Any:
        draft = service.open_draft(work, portal().vault)
        if not draft.is_begun:
            return redirect(url_for("registration.begin"))
        return show_page(work, task, page, draft, None)

    view.__name__ = page.name.replace("-", "_")
    return view


for asked_task in CHILD_TASKS:
    for asked_page in asked_task.pages:
        pages.page(
            f"/children/<string:child_key>/{asked_page.name}",
            methods=["GET", "POST"],
            needs=Permission.FAMILY_REGISTER,
            on=draft_child,
        )(child_view(asked_task, asked_page))
for asked_task in FAMILY_TASKS:
    for asked_page in asked_task.pages:
        pages.page(f"/{asked_page.name}", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)(
            family_view(asked_task, asked_page)
        )


@pages.page("/check", methods=["GET", "POST"], needs=Permission.FAMILY_REGISTER)
def check_answers(work: Work) -> Any:
    """Everything once more, with a way to change it; then it is sent."""
    draft = service.open_draft(work, portal().vault)
    must = required(work)
    if not draft.is_begun:
        # Back from a registration that has been sent.
        return redirect(url_for("registration.begin"))
    told = {key: draft.answers_of(key, must) for key in draft.children}
    whole = [answers for answers in told.values() if answers is not None]
    gap = first_gap(draft, must)
    if gap is not None or len(whole) < len(told):
        return redirect(gap or url_for("registration.tasks"))
    form = SubmitForm()
    if form.validate_on_submit():
        with form.refusals():
            submission = service.submit_registrations(work, whole)
            return redirect(url_for("registration.received", submission_reference=submission.reference))
    return render_template(
        "register/check_answers.html",
        form=form,
        sections=sections_of(draft, told),
        how_many=len(told),
        back_url=url_for("registration.tasks"),
    )


Card = tuple[str, list[tuple[str, str, str, str]], None]
"""A heading and its lines, each with where it is changed and what a screen reader says of that."""


def sections_of(draft: Draft, told: dict[str, Answers | None]) -> list[Card]:
    """The answers to check: of each child under its name, then of the family."""
    cards: list[Card] = []
    for key, answers in told.items():
        if answers is not None:
            cards += [card(part, key, f"{draft.name_of(key)}: ") for part in child_sections(answers)]
    first = next(answers for answers in told.values() if answers is not None)
    return [*cards, *(card(part, None, "") for part in family_sections(first))]


def card(part: Section, key: str | None, whose: str) -> Card:
    """One task's answers, each with a way to change it."""
    pages_ = {page.name: page for task in (*CHILD_TASKS, *FAMILY_TASKS) for page in task.pages}
    rows = [
        (row.question, row.answer, page_url(pages_[row.page], key, back="check"), f"{whose}{row.question.lower()}")
        for row in part.rows
    ]
    heading = f"{whose}{part.heading.lower()}" if whose else part.heading
    return (heading, rows, None)


@pages.page("/received/<string:submission_reference>", needs=Permission.FAMILY_REGISTER, on=queries.own_submission)
def received(work: Work, submission: Submission) -> Any:
    """It has arrived: a reference for each child, what happens next and by when."""
    values = policy.in_force(work, submission.authority_id, submission.received_on).values
    return render_template(
        "register/received.html",
        submission=submission,
        checked_by=add_working_days(submission.received_on, values.acknowledge_days),
    )
