"""A parent's own messages with the council about one child."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.days import add_working_days
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work
from ehe_portal.messages import queries, service
from ehe_portal.messages.forms import WriteForm
from ehe_portal.messages.queries import Conversation
from ehe_portal.policy import queries as policy

pages = Pages("family_messages", __name__, url_prefix="/family/children/<string:reference>/messages")


@pages.page(
    "",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_MESSAGE,
    on=queries.family_conversation,
    drafts=lambda _ours: "Message",
)
def conversation(work: Work, ours: Conversation) -> Any:
    """What was written, in its order, and a place to write."""
    form = WriteForm()
    if form.validate_on_submit():
        with form.refusals():
            service.write_to_council(work, ours, form.words.data)
            flash("Your message has been sent.")
            return redirect(url_for("family_messages.conversation", reference=ours.child.reference))
    shown, more = queries.page_of(work, ours.thread, key_asked("before"))
    service.mark_read(work, shown, by_family=True)
    values = policy.in_force(work, ours.child.authority_id, work.today).values
    return render_template(
        "messages/family.html",
        ours=ours,
        child=ours.child,
        form=form,
        shown=shown,
        more=more,
        answer_by=add_working_days(work.today, values.confirm_writing_days),
    )
