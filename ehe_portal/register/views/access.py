"""Who of a child's parents sees its page: invited, verified, ended by officers; answered by whoever was invited."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.forms import ButtonForm, ClaimForm, EndAccessForm, InviteForm, MatchForm, VerifyForm
from ehe_portal.register.models import AccessState, Child, Parent, ParentAccess

pages = Pages("access", __name__, url_prefix="/children/<string:reference>/access")
invited = Pages("invitation", __name__, url_prefix="/family/invitations/<string:invitation_reference>")


def back_to(parent: Parent) -> Any:
    """The page of all parents' access again."""
    return redirect(url_for("access.list_access", reference=parent.child.reference))


@pages.page("", needs=Permission.CHILD_READ, on=queries.visible_child)
def list_access(work: Work, child: Child) -> Any:
    """Each parent, whether they see the child's page, and how that came about."""
    history = queries.access_history(work, child.parents)
    people = {one.account_id for one in child.parents}
    for known in history.values():
        people |= {account for one in known for account in (one.account_id, one.begun_by_id, one.ended_by_id)}
    return render_template(
        "register/access.html",
        child=child,
        history=history,
        names=accounts.names_of(work, people),
        states=AccessState,
        open_states=queries.OPEN_ACCESS,
    )


@pages.page(
    "/<string:parent_reference>/invite",
    methods=["GET", "POST"],
    needs=Permission.PARENT_VERIFY,
    on=queries.visible_parent,
)
def invite(work: Work, parent: Parent) -> Any:
    """Invite a parent by mail."""
    form = InviteForm(version=parent.version)
    if form.validate_on_submit():
        with form.refusals():
            service.invite_parent(work, parent, version=form.version.data)
            flash("An invitation is on its way. Once it has been answered you can verify who it is.")
            return back_to(parent)
    return render_template("register/invite_parent.html", child=parent.child, parent=parent, form=form)


@pages.page(
    "/<string:parent_reference>/match",
    methods=["GET", "POST"],
    needs=Permission.PARENT_VERIFY,
    on=queries.visible_parent,
)
def match(work: Work, parent: Parent) -> Any:
    """Say that an account which exists is this parent's."""
    form = MatchForm(version=parent.version)
    if form.validate_on_submit():
        with form.refusals():
            service.match_parent(work, parent, form.email.data, version=form.version.data)
            flash("This parent now sees the child’s page, and has been told.")
            return back_to(parent)
    return render_template("register/match_parent.html", child=parent.child, parent=parent, form=form)


@pages.page(
    "/<string:parent_reference>/verify",
    methods=["GET", "POST"],
    needs=Permission.PARENT_VERIFY,
    on=queries.visible_parent,
)
def verify(work: Work, parent: Parent) -> Any:
    """Compare who answered an invitation with the record, and verify them."""
    access = queries.open_access(work, parent)
    form = VerifyForm(version=access.version if access else None)
    if form.validate_on_submit():
        with form.refusals():
            service.verify_parent(work, parent, version=form.version.data)
            flash("This parent now sees the child’s page, and has been told.")
            return back_to(parent)
    return render_template(
        "register/verify_parent.html",
        child=parent.child,
        parent=parent,
        access=access,
        account=work.session.get(Account, access.account_id) if access and access.account_id else None,
        form=form,
        claimed=access is not None and access.state is AccessState.CLAIMED,
    )


@pages.page(
    "/<string:parent_reference>/end", methods=["GET", "POST"], needs=Permission.PARENT_VERIFY, on=queries.visible_parent
)
def end(work: Work, parent: Parent) -> Any:
    """End a parent's access, or an invitation, at once."""
    form = EndAccessForm(version=parent.version)
    if form.validate_on_submit():
        with form.refusals():
            service.end_access(work, parent, form.why.data, version=form.version.data)
            flash("Ended. This parent no longer sees anything about the child.")
            return back_to(parent)
    return render_template("register/end_access.html", child=parent.child, parent=parent, form=form)


@invited.page("", methods=["GET", "POST"], needs=Permission.FAMILY_ANSWER, on=queries.own_invitation)
def answer(work: Work, access: ParentAccess) -> Any:
    """Say who the child is, and wait for an officer. Nothing about the child is shown here."""
    form = ClaimForm()
    if form.validate_on_submit():
        with form.refusals():
            named, born_on = form.child_named.data, form.child_born_on.data
            service.answer_invitation(work, access, claims=True, child_named=named, child_born_on=born_on)
            flash("Thank you. An officer will check this and write to you. Until then there is nothing to do.")
            return redirect(url_for("family.home"))
    return show(access, form)


def show(access: ParentAccess, form: ClaimForm) -> Any:
    """The page of an invitation."""
    return render_template(
        "register/answer_invitation.html",
        access=access,
        form=form,
        not_mine=ButtonForm(prefix="not-mine"),
        back_url=url_for("family.home"),
    )


@invited.page("/not-mine", methods=["POST"], needs=Permission.FAMILY_ANSWER, on=queries.own_invitation)
def not_mine(work: Work, access: ParentAccess) -> Any:
    """Say that one is not the parent who was meant."""
    form = ButtonForm(prefix="not-mine")
    if form.validate_on_submit():
        with form.refusals():
            service.answer_invitation(work, access, claims=False)
            flash("Thank you for telling us. You will not hear from us about this again.")
            return redirect(url_for("family.home"))
    return show(access, ClaimForm())
