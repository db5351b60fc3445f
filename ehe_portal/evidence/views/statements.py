"""A statement by somebody else: a parent asks for it, reads it and decides; whoever was asked writes it by a link.

Mail scanners open links: the link alone shows nothing of anybody. Who asks, and about whom, stands behind the button
of its page, and nothing else of the record ever does.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Form
from ehe_portal.core.links import read_visitor_link
from ehe_portal.core.transaction import transaction
from ehe_portal.core.uploads import takes_files
from ehe_portal.core.web import Anyone, Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules as sizes
from ehe_portal.evidence.forms.ways import AT_ONCE, AskForm, DecideForm, StatementForm, WaitForm
from ehe_portal.evidence.models import Statement, StatementState, WaitingFile
from ehe_portal.evidence.queries import statements as queries
from ehe_portal.evidence.rules import statements as rules
from ehe_portal.evidence.service import statements
from ehe_portal.evidence.views.arrivals import FIELD, arrivals, keep
from ehe_portal.register.models import Child

pages = Pages("family_statements", __name__, url_prefix="/family/children/<string:reference>/statements")
visitors = Pages("statements", __name__, url_prefix="/statement")
COLOURS = {
    StatementState.ASKED: "blue",
    StatementState.WRITTEN: "yellow",
    StatementState.SENT_ON: "green",
}


# For the parent who asks


@pages.page("", needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.own_child)
def list_statements(work: Work, child: Child) -> Any:
    """Whom this parent has asked, and what became of it."""
    return render_template(
        "evidence/statements.html", child=child, statements=queries.own_statements(work, child), colours=COLOURS
    )


@pages.page("/new", methods=["GET", "POST"], needs=Permission.FAMILY_SEND_EVIDENCE, on=queries.own_child)
def ask(work: Work, child: Child) -> Any:
    """Ask somebody to say something about the education."""
    form = AskForm()
    back = url_for("family_statements.list_statements", reference=child.reference)
    if form.validate_on_submit():
        with form.refusals():
            at_once = form.way.data == AT_ONCE
            statements.ask(work, child, statements.Wanted(form.asked_of.data, form.email.data, at_once))
            flash("We have sent them an email with a link. It works for 30 days.")
            return redirect(back)
    return render_template("evidence/ask_for_statement.html", form=form, child=child, back_url=back)


@pages.page(
    "/<string:statement_reference>",
    methods=["GET", "POST"],
    needs=Permission.FAMILY_SEND_EVIDENCE,
    on=queries.own_statement,
)
def one(work: Work, statement: Statement) -> Any:
    """Read what was written, and send it on or keep it back; or write again to somebody who has not answered."""
    back = url_for("family_statements.list_statements", reference=statement.child.reference)
    form: Form | None = None
    if statement.state is StatementState.WRITTEN:
        form = DecideForm()
    elif statement.state is StatementState.ASKED:
        form = WaitForm()
    if form is not None and form.validate_on_submit():
        with form.refusals():
            flash(done(work, statement, form))
            return redirect(back)
    return render_template(
        "evidence/statement.html",
        form=form,
        child=statement.child,
        statement=statement,
        colours=COLOURS,
        in_words=sizes.in_words,
        back_url=back,
    )


def done(work: Work, statement: Statement, form: Form) -> str:
    """Do what the button of a form says; what the parent is told of it. Raises `Refusal`."""
    pressed = next((field.short_name for field in form.buttons() if field.data), None)
    vault = portal().vault
    if pressed == "send_on":
        statements.send_on(work, statement)
        return "Sent to the council. Someone in the home education team will read it."
    if pressed == "keep_back":
        statements.keep_back(work, vault, statement)
        return "It has not been sent, and its words are deleted. The council has not seen it."
    if pressed == "again":
        statements.ask_again(work, statement)
        return "We have sent them a new link. The one before does not work any more."
    if pressed == "take_back":
        statements.take_back(work, vault, statement)
        return "Taken back. The link does not work any more."
    raise Refusal("Choose what you want to do")


# For whoever is asked


def before_files() -> None:
    """Keep the files of a statement before its form is handled, as those of a family are (see `arrivals`)."""
    if request.method != "POST" or request.endpoint != "statements.write":
        return
    files: list[FileStorage] = [file for file in request.files.getlist(FIELD) if file.filename]
    token = (request.view_args or {})["token"]
    if files and may_attach():
        house = portal()
        actor, scope = house.identify()

        def expect(work: Work, filename: str, media_type: str, size: int) -> WaitingFile | None:
            statement, _ = behind(work, token)
            return None if statement is None else statements.expect_file(work, statement, filename, media_type, size)

        keep(house, actor, scope, files, expect)


visitors.before_request(before_files)


def may_attach() -> bool:
    """Whether files of this request are taken in from somebody without an account: by a link that works, not too
    many bytes at once."""
    if request.endpoint != "statements.write" or not request.content_length:
        return False
    house = portal()
    with transaction(house.work(*house.identify(), writing=False), may_write=False) as work:
        _, state = behind(work, (request.view_args or {})["token"])
    return state is rules.LinkState.FRESH and request.content_length <= rules.LARGEST_SENDING


def behind(work: Work, token: str) -> tuple[Statement | None, rules.LinkState]:
    """What a link is about, and whether it still works; nothing where it never was one."""
    known = read_visitor_link(portal().settings.secret_key, token)
    statement = queries.behind_link(work, *known) if known is not None else None
    if statement is None:
        return None, rules.LinkState.OVER
    still_asked = queries.still_asked(work, statement)
    return statement, rules.link_state(statement.state, statement.ends_at, work.at, still_asked=still_asked)


def no_more(state: rules.LinkState) -> Any:
    """What a link shows that opens nothing: no name, no council, no word of what was written."""
    return render_template("evidence/statement_link_over.html", written=state is rules.LinkState.DONE)


@visitors.page("/<string:token>", methods=["GET", "POST"], needs=Anyone)
def begin(work: Work, token: str) -> Any:
    """What a link shows to whoever opens it, a mail scanner too: that somebody asks. Its button leads on."""
    statement, state = behind(work, token)
    if statement is None or state is not rules.LinkState.FRESH:
        return no_more(state)
    form = Form()
    if form.validate_on_submit():
        statements.note_opened(work, statement)
        return redirect(url_for("statements.write", token=token))
    name = work.session.get_one(Authority, statement.authority_id).name
    return render_template("evidence/statement_begin.html", form=form, council_name=name)


@visitors.page("/<string:token>/write", methods=["GET", "POST"], needs=Anyone)
@takes_files
def write(work: Work, token: str) -> Any:
    """Write what was asked for; the child's first name and who asks are all that is shown."""
    statement, state = behind(work, token)
    if statement is None or state is not rules.LinkState.FRESH:
        return no_more(state)
    if statement.opened_at is None:
        return redirect(url_for("statements.begin", token=token))
    form, arrived = StatementForm(), arrivals()
    whole = [file for file in statement.files if file.sha256 is not None]
    ticked = [file.reference for file in whole]
    if request.method == "POST":
        ticked = [*(form.keep.posted or []), *arrived.kept]
    form.offer(whole, ticked)
    if form.validate_on_submit():
        with form.refusals():
            if arrived.refusal:
                raise arrived.refusal
            said = statements.Said(form.name.data, form.how_known.data, form.words.data, tuple(ticked))
            statements.write(work, portal().vault, statement, said)
            return redirect(url_for("statements.thanks", token=token))
    elif arrived.refusal:
        form.refuse(arrived.refusal)
    return render_template(
        "evidence/statement_write.html",
        form=form,
        child=statement.child.known_as,
        asker=work.session.get_one(Account, statement.account_id).name,
        council_name=work.session.get_one(Authority, statement.authority_id).name,
        at_once=statement.at_once,
    )


@visitors.page("/<string:token>/thanks", needs=Anyone)
def thanks(work: Work, token: str) -> Any:
    """That it arrived; the words themselves are shown no more."""
    statement, state = behind(work, token)
    if statement is None or state is not rules.LinkState.DONE:
        return no_more(state)
    return render_template("evidence/statement_thanks.html", at_once=statement.at_once)
