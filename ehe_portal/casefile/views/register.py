"""The register: every child of the authority; searched, filtered, in chosen columns, a hundred at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Response, current_app, flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import service
from ehe_portal.casefile.forms.lists import ButtonForm, FilterForm, FindForm, KeepForm
from ehe_portal.casefile.models import SavedList
from ehe_portal.casefile.queries import register as queries
from ehe_portal.casefile.queries import turning
from ehe_portal.core.csvfiles import rows_as_text
from ehe_portal.core.govuk import Choice
from ehe_portal.core.sealed import opened, sealed
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.register.queries import Search, understood

pages = Pages("register", __name__, url_prefix="/register")

PORTION = 1000  # rows of a file that are in memory at once


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list: as a form, for the query, and as it stands in other addresses."""

    filters: FilterForm
    wanted: queries.Wanted
    kept: dict[str, Any]


def asked_for(work: Work) -> Asked:
    """Read the address. What it asks for and there is not is left out."""
    filters = FilterForm(state="open", sort="name", columns=queries.BEGINS_WITH)
    advisers = {one.reference: one for one in accounts.advisers(work)}
    filters.adviser.choices = [
        Choice(queries.TEAM, "With the team"),
        *(Choice(reference, one.name) for reference, one in advisers.items()),
    ]
    token = request.args.get("search")
    search = search_in(work, token)
    wanted = filters.wanted(search, {reference: one.id for reference, one in advisers.items()})
    if not filters.columns.data:
        filters.columns.posted, filters.columns.data = None, list(queries.BEGINS_WITH)
    kept = filters.asked()
    return Asked(filters, wanted, kept | {"search": token} if search else kept)


def search_in(work: Work, token: str | None) -> Search | None:
    """What was searched for, which an address holds sealed."""
    words = opened(f"register-search:{work.scope.authority_id}", token)
    return None if words is None else understood(words)


def place_in(work: Work, wanted: queries.Wanted) -> turning.Key | None:
    """The place in the list that the address asks for."""
    return turning.understood(opened(purpose(work, wanted), request.args.get("from")), queries.orders(wanted))


def purpose(work: Work, wanted: queries.Wanted) -> str:
    """What places in this list are sealed for."""
    return f"register-place:{work.scope.authority_id}:{wanted.sort}"


@pages.page("", methods=["GET", "POST"], needs=Permission.REGISTER_READ)
def children(work: Work) -> Any:
    """The list, with its search box, filters, columns, and the lists that this officer keeps."""
    find = FindForm(prefix="find")
    if find.validate_on_submit():
        token = sealed(f"register-search:{work.scope.authority_id}", find.words.data)
        return redirect(url_for("register.children", search=token, state="all"))
    asked = asked_for(work)
    asked.filters.validate()
    page = queries.lines(work, asked.wanted, place_in(work, asked.wanted))

    def leads_to(key: turning.Key | None) -> str | None:
        if key is None:
            return None
        place = sealed(purpose(work, asked.wanted), turning.written(key))
        return url_for("register.children", **(asked.kept | {"from": place}))

    chosen = [queries.COLUMNS[key] for key in asked.wanted.columns]
    return render_template(
        "casefile/register.html",
        find=find,
        filters=asked.filters,
        search=asked.wanted.search,
        columns=chosen,
        lines=[(row, cells(row, chosen, work.today)) for row in page.rows],
        kept=asked.kept,
        filtered=bool(set(asked.kept) - {"sort", "columns"}),
        further=bool(set(asked.kept) & set(FilterForm.further)),
        lists=queries.own_lists(work),
        export=ButtonForm(prefix="export"),
        next_url=leads_to(page.after),
        prev_url=leads_to(page.before),
    )


def cells(row: turning.AnyRow, chosen: list[queries.Column], today: date) -> list[str | date | None]:
    """What a line says in the chosen columns."""
    return [column.cell(row, today) for column in chosen]


@pages.program("/export", methods=["POST"], needs=Permission.REGISTER_EXPORT)
def export(work: Work) -> Any:
    """The list as a file. That it was taken is on disk before any of it leaves; it is sent as it is read."""
    asked = asked_for(work)
    rows = queries.how_many(work, asked.wanted)
    service.note_export(work, rows, said(asked), asked.wanted.columns)
    name = f"register-{work.today:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return Response(file_of(app, work, asked.wanted, rows), mimetype="text/csv", headers=headers)


def said(asked: Asked) -> list[str]:
    """The filters as codes; of a search only that there was one."""
    codes = [f"{name}={value}" for name, value in asked.kept.items() if name not in ("columns", "search")]
    return [*codes, "search"] if asked.wanted.search else codes


def file_of(app: Flask, work: Work, wanted: queries.Wanted, most: int) -> Iterator[str]:
    """The file in portions, each read by itself: a long one holds neither memory nor a transaction.

    It never has more rows than were noted.
    """
    chosen = [queries.COLUMNS[key] for key in wanted.columns]
    yield rows_as_text([["Last name", "First name", *(column.label for column in chosen)]])
    key = None
    while most > 0:
        with app.app_context(), transaction(reading_as(work), may_write=False) as reading:
            page = queries.lines(reading, wanted, key, min(PORTION, most))
        most -= len(page.rows)
        yield rows_as_text(
            [row.legal_surname, row.legal_forename, *(as_text(cell) for cell in cells(row, chosen, work.today))]
            for row in page.rows
        )
        key = page.after
        if key is None:
            return


def reading_as(work: Work) -> Work:
    """A new piece of work, by the same person, that only reads."""
    return portal().work(work.actor, work.scope, writing=False)


def as_text(cell: str | date | None) -> str | None:
    """A cell as files have it: dates as 2027-03-03."""
    return cell.isoformat() if isinstance(cell, date) else cell


@pages.page("/lists/new", methods=["GET", "POST"], needs=Permission.REGISTER_READ)
def keep_list(work: Work) -> Any:
    """Keep the filters, columns and order of the address under a name; not what was searched for."""
    asked = asked_for(work)
    asked.kept.pop("search", None)
    form = KeepForm()
    if form.validate_on_submit():
        with form.refusals():
            kept = service.keep_list(work, form.name.data, asked.kept)
            flash(f"“{kept.name}” is kept among your lists.")
            return redirect(url_for("register.children", **asked.kept))
    return render_template("casefile/keep_list.html", form=form, back=url_for("register.children", **asked.kept))


@pages.page("/lists", needs=Permission.REGISTER_READ)
def lists(work: Work) -> Any:
    """The lists that this officer keeps, each to open or to delete."""
    return render_template("casefile/lists.html", lists=queries.own_lists(work), form=ButtonForm())


@pages.page(
    "/lists/<string:list_reference>/delete",
    methods=["POST"],
    needs=Permission.REGISTER_READ,
    on=queries.own_list,
)
def forget_list(work: Work, kept: SavedList) -> Any:
    """Delete one of the officer's own lists."""
    service.forget_list(work, kept)
    flash(f"“{kept.name}” is deleted.")
    return redirect(url_for("register.lists"))
