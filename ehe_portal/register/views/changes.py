"""Changes that a family tells us of: the family's questions, and an officer taking them up."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.govuk import Form
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import (
    CHANGE_FORMS,
    SetAsideForm,
    TakeUpAddressForm,
    TakeUpForm,
    TakeUpParentForm,
)
from ehe_portal.register.models import ChangeKind, ChangeState, Child, ReportedChange

telling = Pages("family_changes", __name__, url_prefix="/family/children/<string:reference>/changes")
pages = Pages("changes", __name__, url_prefix="/children/<string:reference>/changes")


@dataclass(frozen=True)
class About:
    """What a parent is about to tell us of, about a child of theirs."""

    child: Child
    kind: ChangeKind


def about(work: Work, reference: str, change_kind: str) -> About | None:
    """A kind of change, and a child of whom this account is a verified parent."""
    child = queries.verified_child(work, reference)
    if child is None or change_kind not in set(ChangeKind):
        return None
    return About(child, ChangeKind(change_kind))


@telling.page("/<string:change_kind>", methods=["GET", "POST"], needs=Permission.FAMILY_ANSWER, on=about)
def tell(work: Work, about: About) -> Any:
    """Tell us of a change."""
    back = url_for("family.changes", reference=about.child.reference)
    form = CHANGE_FORMS[about.kind]()
    if form.validate_on_submit():
        with form.refusals():
            from_on = form["from_on"].data if "from_on" in form else None
            service.report_change(work, about.child, about.kind, form.told(), from_on)
            flash("Thank you for telling us. An officer will read it, and you will see here what becomes of it.")
            return redirect(back)
    return render_template(
        "register/tell_change.html", child=about.child, kind=about.kind, kinds=ChangeKind, form=form, back_url=back
    )


@pages.page("", needs=Permission.CHILD_READ, on=queries.visible_child)
def list_changes(work: Work, child: Child) -> Any:
    """Everything that parents told us of, and what became of it."""
    changes = queries.changes_of(work, child.id)
    people = [one.account_id for one in changes] + [one.decided_by_id for one in changes]
    return render_template(
        "register/changes.html",
        child=child,
        changes=changes,
        names=accounts.names_of(work, people),
        states=ChangeState,
    )


def form_for(change: ReportedChange) -> Form | None:
    """What is asked when a change is taken up; None where that is done by closing the episode."""
    if change.kind is ChangeKind.ADDRESS:
        return TakeUpAddressForm(version=change.version, **TakeUpAddressForm.known(change))
    if change.kind is ChangeKind.NEW_PARENT:
        known: dict[str, Any] = {name: change.told.get(name) for name in TOLD_OF_PARENT}
        return TakeUpParentForm(version=change.version, **known)
    return TakeUpForm(version=change.version) if change.kind is ChangeKind.SOMETHING_ELSE else None


TOLD_OF_PARENT = ("name", "relationship", "email", "phone", "address")


@pages.page(
    "/<string:change_reference>",
    methods=["GET", "POST"],
    needs=Permission.CHANGE_TAKE_UP,
    on=queries.reported_change,
)
def take_up(work: Work, change: ReportedChange) -> Any:
    """Put a change on the record, or say what has been done about it."""
    form = form_for(change)
    if form is not None and form.validate_on_submit():
        with form.refusals():
            put_on_record(work, change, form)
            flash("Saved. The parent who told us sees what became of it.")
            return redirect(url_for("changes.list_changes", reference=change.child.reference))
    return render_template(
        "register/take_up_change.html",
        child=change.child,
        change=change,
        form=form,
        waits=change.state is ChangeState.WAITING,
        episode=queries.open_episode(work, change.child_id),
        names=accounts.names_of(work, [change.account_id, change.decided_by_id]),
    )


def put_on_record(work: Work, change: ReportedChange, form: Form) -> None:
    """Take up a change with what an officer filled in. Raises `Refusal`."""
    if isinstance(form, TakeUpAddressForm):
        service.take_up_address(work, change, *form.address(), form.answer.data, version=form.version.data)
    elif isinstance(form, TakeUpParentForm):
        service.take_up_parent(work, change, form.parent(), form.answer.data, version=form.version.data)
    elif isinstance(form, TakeUpForm):
        service.take_up(work, change, form.answer.data, version=form.version.data)


@pages.page(
    "/<string:change_reference>/set-aside",
    methods=["GET", "POST"],
    needs=Permission.CHANGE_TAKE_UP,
    on=queries.reported_change,
)
def set_aside(work: Work, change: ReportedChange) -> Any:
    """Leave the record as it is, and say why."""
    form = SetAsideForm(version=change.version)
    if form.validate_on_submit():
        with form.refusals():
            service.set_aside(work, change, form.answer.data, version=form.version.data)
            flash("Saved. The parent who told us sees why the record stays as it is.")
            return redirect(url_for("changes.list_changes", reference=change.child.reference))
    return render_template("register/set_aside_change.html", child=change.child, change=change, form=form)
