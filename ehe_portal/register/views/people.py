"""A child's details, addresses, carers and family: written down, put right and changed by officers."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Form
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms.people import (
    AddParentForm,
    ChangeParentForm,
    ConfirmAddressForm,
    CorrectAddressForm,
    DetailsForm,
    EndParentForm,
    FindFamilyForm,
    HouseholdForm,
    MoveForm,
    ProtectionForm,
)
from ehe_portal.register.models import Address, Child, HouseholdVerdict, Parent
from ehe_portal.register.queries import TwoChildren
from ehe_portal.register.rules.people import Whereabouts

pages = Pages("people", __name__, url_prefix="/children/<string:reference>/people")


def back_to(child: Child) -> Any:
    """The page of people and addresses again."""
    return redirect(url_for("child.people", reference=child.reference))


def show(template: str, child: Child, form: Form, **more: Any) -> Any:
    """A form about a child."""
    back = url_for("child.people", reference=child.reference)
    return render_template(template, child=child, form=form, back=back, **more)


def note_address(work: Work, child: Child) -> None:
    """Put down who opens a page on which a protected child's address stands."""
    if child.protected:
        note_reading(work, "protected-address", authority_id=child.authority_id, child_id=child.id)


@pages.page("/details", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def details(work: Work, child: Child) -> Any:
    """Put right or change what is known of the child."""
    form = DetailsForm.opened(child)
    if form.validate_on_submit():
        with form.refusals():
            service.change_details(work, child, form.details(), form.turn(), form.version.data or 0)
            flash("Details saved. What they said before can still be read.")
            return back_to(child)
    return show("register/people/details.html", child, form)


@pages.page("/move", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def move(work: Work, child: Child) -> Any:
    """The child lives somewhere else."""
    form = MoveForm(version=service.version_of(child.address), whereabouts=Whereabouts.ADDRESS)
    form.offer(queries.moving_along(work, child))
    if form.validate_on_submit() and form.from_on.data is not None:
        with form.refusals():
            service.move(
                work,
                child,
                form.place(),
                form.from_on.data,
                form.version.data or 0,
                form.others,
                outside=form.outside.data,
            )
            flash("The move has been written down. The earlier address can still be read.")
            return back_to(child)
    if form.changed_meanwhile:
        note_address(work, child)
    return show("register/people/move.html", child, form)


@pages.page(
    "/addresses/<string:address_reference>/correct",
    methods=["GET", "POST"],
    needs=Permission.CHILD_CHANGE,
    on=queries.visible_address,
)
def correct_address(work: Work, address: Address) -> Any:
    """Put right what was written down wrongly."""
    note_address(work, address.child)
    form = CorrectAddressForm.opened(address)
    if form.validate_on_submit() and form.from_on.data is not None:
        with form.refusals():
            service.correct_address(
                work, address, form.place(), form.from_on.data, form.version.data or 0, form.why.data
            )
            flash("The address has been put right. What it said before can still be read.")
            return back_to(address.child)
    return show("register/people/correct_address.html", address.child, form, address=address)


@pages.page(
    "/addresses/<string:address_reference>/confirm",
    methods=["GET", "POST"],
    needs=Permission.CHILD_CHANGE,
    on=queries.visible_address,
)
def confirm_address(work: Work, address: Address) -> Any:
    """Say that the child lives there, and when that was seen."""
    note_address(work, address.child)
    form = ConfirmAddressForm(version=address.version, confirmed_on=work.today)
    if form.validate_on_submit() and form.confirmed_on.data is not None:
        with form.refusals():
            service.confirm_address(work, address, form.confirmed_on.data, form.version.data or 0)
            flash("The address has been confirmed.")
            return back_to(address.child)
    return show("register/people/confirm_address.html", address.child, form, address=address)


@pages.page("/parents/new", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def add_parent(work: Work, child: Child) -> Any:
    """Add a parent or carer."""
    form = AddParentForm()
    form.place_hint(2 if child.parents else 1)
    if form.validate_on_submit():
        with form.refusals():
            service.add_parent(work, child, form.carer(), form.from_on.data)
            flash("The parent or carer has been added.")
            return back_to(child)
    return show("register/people/add_parent.html", child, form)


@pages.page(
    "/parents/<string:parent_reference>/change",
    methods=["GET", "POST"],
    needs=Permission.CHILD_CHANGE,
    on=queries.visible_parent,
)
def change_parent(work: Work, parent: Parent) -> Any:
    """Put right or change what is known of a parent or carer."""
    note_address(work, parent.child)
    form = ChangeParentForm.opened(parent)
    if form.validate_on_submit():
        with form.refusals():
            service.change_parent(work, parent, form.carer(), form.turn(), form.version.data or 0)
            flash("Saved. What was written down before can still be read.")
            return back_to(parent.child)
    return show("register/people/change_parent.html", parent.child, form, parent=parent)


@pages.page(
    "/parents/<string:parent_reference>/end",
    methods=["GET", "POST"],
    needs=Permission.CHILD_CHANGE,
    on=queries.visible_parent,
)
def end_parent(work: Work, parent: Parent) -> Any:
    """Someone is no longer a parent or carer of the child."""
    form = EndParentForm(version=parent.version, until_on=work.today)
    if form.validate_on_submit() and form.until_on.data is not None:
        with form.refusals():
            service.end_parent(work, parent, form.until_on.data, form.why.data, form.version.data or 0)
            flash("Noted. What is known of them can still be read.")
            return back_to(parent.child)
    return show("register/people/end_parent.html", parent.child, form, parent=parent)


@pages.page("/protection", methods=["GET", "POST"], needs=Permission.CHILD_PROTECT, on=queries.visible_child)
def protection(work: Work, child: Child) -> Any:
    """Hide where the child lives, or lift that."""
    form = ProtectionForm(version=child.version)
    form.offer([one for one in queries.linked_children(work, child) if one.protected is child.protected])
    if form.validate_on_submit():
        with form.refusals():
            protected = not child.protected
            service.set_protection(work, child, protected, form.why.data, form.version.data or 0, form.others)
            flash("Where the child lives is now hidden." if protected else "Where the child lives is no longer hidden.")
            return back_to(child)
    return show("register/people/protection.html", child, form)


@pages.page("/family", methods=["GET", "POST"], needs=Permission.CHILD_CHANGE, on=queries.visible_child)
def find_family(work: Work, child: Child) -> Any:
    """Name another child of the family."""
    form = FindFamilyForm()
    if form.validate_on_submit():
        with form.refusals():
            if queries.two_children(work, child.reference, form.reference) is None:
                raise Refusal("Enter the reference of another child on this register", "other")
            return redirect(url_for("people.household", reference=child.reference, other_reference=form.reference))
    return show("register/people/find_family.html", child, form)


@pages.page(
    "/family/<string:other_reference>",
    methods=["GET", "POST"],
    needs=Permission.CHILD_CHANGE,
    on=queries.two_children,
)
def household(work: Work, two: TwoChildren) -> Any:
    """Say whether two children belong to one family."""
    form = HouseholdForm(version=two.link.version if two.link else 0)
    if form.validate_on_submit() and (form.linked.data or form.apart.data):
        with form.refusals():
            verdict = HouseholdVerdict.LINKED if form.linked.data else HouseholdVerdict.APART
            service.decide_household(work, two.child, two.other, verdict, form.version.data or 0)
            flash("Linked as one family." if form.linked.data else "Noted: they are not one family.")
            return back_to(two.child)
    return show("register/people/household.html", two.child, form, other=two.other, link=two.link)
