"""The demonstration's own pages: who can sign in, and every message as the mail server got it."""

from pathlib import Path
from typing import Any

from flask import Response, abort, render_template, request

from ehe_portal.core.web import Anyone, Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.demo import cast, mailbox, tour

pages = Pages("demo", __name__, url_prefix="/demo")


def folder() -> Path:
    """Where the mail server keeps its messages."""
    return portal().settings.var / "mailbox"


@pages.page("/accounts", needs=Anyone)
def accounts(work: Work) -> Any:
    """Who can sign in, each with a button that does it."""
    return render_template(
        "demo/accounts.html",
        groups=(("Staff", cast.STAFF), ("Parents", (*cast.PARENTS, cast.SECOND))),
        sign_in_words=cast.SIGN_IN_WORDS,
        signed_in=work.actor.signed_in,
    )


@pages.page("/stories", needs=Anyone)
def stories(work: Work) -> Any:
    """Where to see what, each with a button that opens it as somebody who may see it."""
    groups = {
        heading: [(stop, keys) for stop in stops if (keys := stop.find(work)) is not None]
        for heading, stops in tour.TOUR.items()
    }
    return render_template("demo/stories.html", groups=groups, sign_in_words=cast.SIGN_IN_WORDS)


@pages.page("/mailbox", needs=Anyone)
def messages(work: Work) -> Any:
    """Every message that the portal sent, the latest first."""
    before = request.args.get("before", type=int)
    shown, more = mailbox.listed(folder(), before)
    return render_template("demo/mailbox.html", messages=shown, more=more, before=before, today=work.today)


@pages.page("/mailbox/<int:number>", needs=Anyone)
def message(work: Work, number: int) -> Any:
    """One message; what looks like an address in it is a link."""
    kept = mailbox.opened(folder(), number)
    if kept is None:
        abort(404)
    return render_template("demo/message.html", message=kept, today=work.today)


@pages.page("/mailbox/<int:number>/letter.pdf", needs=Anyone)
def letter(work: Work, number: int) -> Any:
    """A letter as GOV.UK Notify got it."""
    kept = mailbox.opened(folder(), number)
    if kept is None or kept.letter is None:
        abort(404)
    return Response(kept.letter, mimetype=mailbox.PDF)


@pages.page("/mailbox/<int:number>/source", needs=Anyone)
def source(work: Work, number: int) -> Any:
    """One message exactly as it came."""
    kept = mailbox.opened(folder(), number)
    if kept is None:
        abort(404)
    return Response(kept.source, mimetype="text/plain")
