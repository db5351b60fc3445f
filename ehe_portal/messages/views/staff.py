"""What families write, for officers: to read, and to answer."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.audit.service import note_reading
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages, key_asked
from ehe_portal.core.work import Work
from ehe_portal.messages import queries, service
from ehe_portal.messages.forms import NoAnswerForm, WriteForm
from ehe_portal.messages.queries import Conversation, Place
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("messages", __name__, url_prefix="/children/<string:reference>/messages")
ONE = "/with/<string:account_reference>"


@pages.page("", needs=Permission.MESSAGES_READ, on=visible_child)
def conversations(work: Work, child: Child) -> Any:
    """The parents with whom one can write; where there is only one, at once what was written."""
    found = queries.correspondents(work, child)
    if len(found) == 1:
        return redirect(address(found[0]))
    return render_template("messages/conversations.html", child=child, conversations=found)


@pages.page(ONE, needs=Permission.MESSAGES_READ, on=queries.conversation)
def conversation(work: Work, theirs: Conversation) -> Any:
    """What one parent and the council wrote, in its order, and a place to write."""
    return shown(work, theirs, WriteForm())


@pages.page(f"{ONE}/write", methods=["GET", "POST"], needs=Permission.MESSAGES_WRITE, on=queries.conversation)
def write(work: Work, theirs: Conversation) -> Any:
    """Write to a parent."""
    form = WriteForm()
    if form.validate_on_submit():
        with form.refusals():
            service.write_to_family(work, theirs, form.words.data, form.seen.data)
            flash(f"Your message has been sent. {theirs.account.name} is told by email that there is one.")
            return redirect(address(theirs))
    return shown(work, theirs, form)


@pages.page(f"{ONE}/no-answer", methods=["POST"], needs=Permission.MESSAGES_WRITE, on=queries.conversation)
def need_no_answer(work: Work, theirs: Conversation) -> Any:
    """Say that what a parent wrote asks for no answer."""
    form = NoAnswerForm(prefix="no-answer")
    if form.validate_on_submit():
        try:
            service.need_no_answer(work, theirs, form.seen.data)
            flash("This no longer waits for an answer.")
        except Refusal as refusal:
            flash(refusal.message, "notice")
    return redirect(address(theirs))


@pages.page("/<string:message_reference>", needs=Permission.MESSAGES_READ, on=queries.place_of)
def find(work: Work, place: Place) -> Any:
    """Lead to one message, where it stands in its conversation."""
    return redirect(
        url_for(
            "messages.conversation",
            reference=place.child_reference,
            account_reference=place.account_reference,
            before=place.before,
            _anchor=f"message-{place.message_reference}",
        )
    )


def address(theirs: Conversation) -> str:
    """Where a conversation is."""
    return url_for(
        "messages.conversation", reference=theirs.child.reference, account_reference=theirs.account.reference
    )


def shown(work: Work, theirs: Conversation, form: WriteForm) -> Any:
    """The page of a conversation. Each opening is put down in the access log before anything is shown."""
    messages, more = queries.page_of(work, theirs.thread, key_asked("before"))
    if messages and not form.seen.data:
        form.seen.data = messages[-1].message.reference
    done = NoAnswerForm(prefix="no-answer", seen=messages[-1].message.reference if messages else "")
    note_reading(work, "messages", authority_id=theirs.child.authority_id, child_id=theirs.child.id)
    service.mark_read(work, messages, by_family=False)
    return render_template(
        "messages/conversation.html",
        theirs=theirs,
        child=theirs.child,
        form=form,
        done=done,
        shown=messages,
        more=more,
    )
