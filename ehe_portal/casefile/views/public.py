"""Pages for everyone."""

from typing import Any

from flask import redirect, render_template, url_for

from ehe_portal.accounts.policy import Role
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy

pages = Pages("public", __name__)


@pages.page("/", needs=Anyone)
def start(work: Work) -> Any:
    """The start page; whoever has signed in goes to where they work."""
    if work.actor.role == Role.PARENT:
        return redirect(url_for("family.home"))
    if work.actor.role == Role.ADMINISTRATOR:
        return redirect(url_for("staff.list_staff"))
    if work.actor.role == Role.AUDITOR:
        return redirect(url_for("register.children"))
    if work.actor.role in (Role.CME_OFFICER, Role.CME_MANAGER):
        return redirect(url_for("queue.escalations"))
    if work.actor.signed_in:
        return redirect(url_for("my_day.today"))
    return render_template("casefile/start.html")


@pages.page("/what-the-law-asks", needs=Anyone)
def what_the_law_asks(work: Work) -> Any:
    """What the law asks of parents and of the council, and what it does not."""
    return render_template("casefile/what_the_law_asks.html")


@pages.page("/privacy", needs=Anyone)
def privacy(work: Work) -> Any:
    """What is kept, why and for how long."""
    return render_template("casefile/privacy.html")


@pages.page("/accessibility", needs=Anyone)
def accessibility(work: Work) -> Any:
    """What works, and whom to tell about what does not."""
    return render_template("casefile/accessibility.html")


@pages.page("/laws-and-help", needs=Anyone)
def laws_and_help(work: Work) -> Any:
    """Laws, guidance and places of help, from dated data."""
    return render_template("casefile/laws_and_help.html", sources=policy.sources())


@pages.page("/complaints", needs=Anyone)
def complaints(work: Work) -> Any:
    """How to complain: to the team, to the council, to someone independent."""
    return render_template("casefile/complaints.html", sources=policy.sources())


@pages.page("/help", needs=Anyone)
def help_(work: Work) -> Any:
    """How to get help."""
    return render_template("casefile/help.html")
