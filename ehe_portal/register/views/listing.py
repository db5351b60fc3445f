"""The register: every child of the authority, by name; searched, filtered, a hundred at a time."""

import base64
import binascii
from typing import Any

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.govuk import Choice
from ehe_portal.core.vault import VaultDamaged
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.forms import ADVISERS_TEAM, FilterForm, FindForm
from ehe_portal.register.rules.search import Search, understood

pages = Pages("register", __name__, url_prefix="/register")

LONGEST_TOKEN = 2000


def sealed(work: Work, words: str) -> str:
    """What was searched for, as it may stand in an address: nobody can read it there, nor in a log."""
    token = portal().vault.seal(words.encode(), purpose(work))
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def opened(work: Work, token: str | None) -> Search | None:
    """What a token stands for; None where it is none of this authority's."""
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        sealed_words = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return understood(portal().vault.open_sealed(sealed_words, purpose(work)).decode())
    except (binascii.Error, ValueError, VaultDamaged):
        return None


def purpose(work: Work) -> str:
    """What searches of one authority are sealed for."""
    return f"register-search:{work.scope.authority_id}"


@pages.page("", methods=["GET", "POST"], needs=Permission.REGISTER_READ)
def children(work: Work) -> Any:
    """The list, with its search box and filters."""
    find = FindForm(prefix="find")
    if find.validate_on_submit():
        return redirect(url_for("register.children", search=sealed(work, find.words.data), state="all"))
    search = opened(work, request.args.get("search"))
    filters = FilterForm(state="open")
    advisers = accounts.advisers(work)
    filters.adviser.choices = [
        Choice(ADVISERS_TEAM, "With the team"),
        *(Choice(one.reference, one.name) for one in advisers),
    ]
    filters.validate()
    chosen = {
        "adviser": filters.adviser.data,
        "tier": filters.tier.data.value if filters.tier.data else None,
        "state": filters.state.data or "open",
    }
    wanted = queries.Wanted(
        search=search,
        adviser=filters.adviser.data,
        tier=filters.tier.data,
        state=chosen["state"],
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    page = queries.children_page(work, wanted)
    token = request.args["search"] if search else None
    kept = {name: value for name, value in (*chosen.items(), ("search", token)) if value}
    return render_template(
        "register/children.html",
        find=find,
        filters=filters,
        search=search,
        token=token,
        lines=page.lines,
        filtered=bool(search or chosen["adviser"] or chosen["tier"] or chosen["state"] != "open"),
        next_url=url_for("register.children", **kept, after=page.after) if page.after else None,
        prev_url=url_for("register.children", **kept, before=page.before) if page.before else None,
    )
