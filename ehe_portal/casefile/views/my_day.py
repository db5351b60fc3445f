"""An officer's day, and what a manager does to several rows of it at once."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, Role, permits
from ehe_portal.casefile import service
from ehe_portal.casefile.forms.lists import GiveForm
from ehe_portal.casefile.queries import giving, turning
from ehe_portal.casefile.queries import today as queries
from ehe_portal.casefile.queries.child import load_by_adviser
from ehe_portal.casefile.views.frame import strip
from ehe_portal.core.govuk import Choice
from ehe_portal.core.sealed import opened, sealed
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

pages = Pages("my_day", __name__)

SORTS = {"urgency": "what cannot wait", "date": "date", "name": "name"}


@pages.page("/my-day", needs=Permission.MY_DAY_READ)
def today(work: Work) -> Any:
    """The worklist: an adviser's own, or with `?whose=team` everyone's, with which managers begin.

    All kinds with the first of each, or in one list by date or name; with `?kind=` the pages of one kind.
    """
    begins_with = "mine" if work.actor.role == Role.ADVISER else "team"
    whose = request.args.get("whose", begins_with)
    whose = whose if whose in ("mine", "team") else begins_with
    sort = request.args.get("sort", "urgency")
    sort = sort if sort in SORTS else "urgency"
    kinds = queries.kinds_of(work)
    desk = queries.desk(work, work.actor.account_id if whose == "mine" else None)
    kind = kinds.get(request.args.get("kind", ""))
    shown = all_kinds(desk, kinds, sort) if kind is None else one_kind(desk, kind, sort)
    gives = permits(work.actor, Permission.EPISODE_ASSIGN)
    return render_template(
        "casefile/my_day.html",
        **shown,
        kind=kind,
        whose=whose,
        sort=sort,
        sorts=SORTS,
        gives=gives,
        load=load_by_adviser(work) if gives and kind is None else [],
        too_many=queries.COUNTED,
        strip=strip,
        leads_to=leads_to,
        # What an address of this page says, but for what is the rule.
        asked={"whose": whose if whose != begins_with else None, "sort": sort if sort != "urgency" else None},
    )


def leads_to(kind: queries.Kind) -> Callable[[queries.Item], str]:
    """Gives the address that deals with each item of a kind; it is worked out once, then only filled in."""
    gaps: dict[tuple[str, ...], str] = {}

    def address(item: queries.Item) -> str:
        if kind.page is None:
            return item.url or ""
        names = tuple(item.address)
        if names not in gaps:
            asked: dict[str, Any] = {name: f"GAP{place}" for place, name in enumerate(names)}
            gaps[names] = url_for(kind.page, **asked)
        found = gaps[names]
        for place, reference in enumerate(item.address.values()):
            found = found.replace(f"GAP{place}", reference)
        return found

    return address


def all_kinds(desk: queries.Desk, kinds: dict[str, queries.Kind], sort: str) -> dict[str, Any]:
    """What the page of all kinds shows: by urgency under a heading for each, else in one list."""
    if sort == "urgency":
        return {"waiting": queries.day(desk, kinds), "pairs": []}
    waiting, pairs = queries.day_in_one(desk, kinds, sort)
    return {"waiting": waiting, "pairs": pairs}


def one_kind(desk: queries.Desk, kind: queries.Kind, sort: str) -> dict[str, Any]:
    """What a page of one kind shows, and where the pages beside it are."""
    by = "name" if sort == "name" else "date"
    purpose = f"my-day:{desk.work.scope.authority_id}:{kind.key}:{by}"
    key = turning.understood(opened(purpose, request.args.get("from")), queries.orders_of(desk, kind, by))
    page = queries.kind_page(desk, kind, by, key)

    def turns_to(key: turning.Key | None) -> str | None:
        if key is None:
            return None
        asked: dict[str, Any] = {name: request.args.get(name) for name in ("whose", "sort")}
        asked |= {"kind": kind.key, "from": sealed(purpose, turning.written(key))}
        return url_for("my_day.today", **asked)

    return {
        "waiting": [],
        "pairs": [],
        "items": page.items,
        "next_url": turns_to(page.after),
        "prev_url": turns_to(page.before),
    }


@pages.page("/my-day/give", methods=["GET", "POST"], needs=Permission.EPISODE_ASSIGN)
def give(work: Work) -> Any:
    """Give the children chosen on a list to an adviser: who they are, who has them now, who shall."""
    children = [one for one in giving.chosen(work, asked_children("child")) if one.version is not None]
    form = GiveForm(seen=" ".join(f"{one.reference}.{one.version}" for one in children))
    form.adviser.choices = [Choice(one.reference, one.name) for one in accounts.advisers(work)]
    if children and form.validate_on_submit():
        with form.refusals():
            adviser = accounts.staff_by_reference(work, form.adviser.data)
            given, left = service.give(work, form.versions({one.reference for one in children}), adviser)
            return redirect(url_for("my_day.given", adviser=form.adviser.data, given=given, left=left))
    return render_template("casefile/give.html", form=form, children=children)


@pages.page("/my-day/given", needs=Permission.EPISODE_ASSIGN)
def given(work: Work) -> Any:
    """What came of it, child by child, as it now is."""
    adviser = accounts.staff_by_reference(work, request.args.get("adviser", ""))
    return render_template(
        "casefile/given.html",
        adviser=adviser,
        given=giving.chosen(work, asked_children("given")),
        left=giving.chosen(work, asked_children("left")),
    )


def asked_children(name: str) -> list[str]:
    """The references that an address names."""
    return request.args.getlist(name)[: giving.MOST]
