"""An authority's values, by the day from which they hold; its schools' terms and holidays."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.csvfiles import BadFile
from ehe_portal.core.days import school_days_between
from ehe_portal.core.errors import Refusal
from ehe_portal.core.files.names import safe_filename
from ehe_portal.core.uploads import spooled, takes_files
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries, rules, service
from ehe_portal.policy.forms import ImportCheckedForm, ImportForm, PolicyForm, RemoveTermForm, TermForm
from ehe_portal.policy.models import SINCE_EVER, PolicyValues, PolicyVersion, TermDate, TermKind

pages = Pages("policy", __name__, url_prefix="/settings/values")
terms = Pages("terms", __name__, url_prefix="/settings/terms")
ALL_PAGES = (pages, terms)


def own_authority(work: Work) -> Authority | None:
    """The authority whose settings these are."""
    return accounts.authority_in_scope(work)


@dataclass(frozen=True)
class Shown:
    """One version of the values as the page lists it; `changes` are (what, unit, before, from then on)."""

    version: PolicyVersion
    standing: str
    by: str | None
    changes: list[tuple[str, str, int, int]]
    is_default: bool


def shown(versions: Sequence[PolicyVersion], today: date, names: dict[int, str]) -> list[Shown]:
    """Versions with where they stand and what each changed, the latest first."""
    current = max(one.in_force_from for one in versions if one.in_force_from <= today)
    found = []
    before: PolicyValues | None = None
    for version in versions:
        values = version.values
        coming = version.in_force_from > today
        standing = "To come" if coming else "In force" if version.in_force_from == current else "Past"
        changes = changed(before, values) if before is not None else []
        by = names.get(version.created_by_id or 0)
        found.append(Shown(version, standing, by, changes, version.in_force_from == SINCE_EVER))
        before = values
    return found[::-1]


def changed(before: PolicyValues, after: PolicyValues) -> list[tuple[str, str, int, int]]:
    """The values in which two versions differ."""
    return [
        (f"{group}: {named.label.lower()}", named.unit, getattr(before, name), getattr(after, name))
        for group, listed in rules.GROUPS.items()
        for name, named in listed.items()
        if getattr(before, name) != getattr(after, name)
    ]


def measured(number: int, unit: str) -> str:
    """ "1 working day", "5 working days": a value with its unit, which is in the plural."""
    one = " ".join(word.removesuffix("s") for word in unit.split())
    return f"{number} {one if number == 1 else unit}"


@pages.page("", needs=Permission.SETTINGS_READ, on=own_authority)
def versions(work: Work, authority: Authority) -> Any:
    """The values in force, those to come and those of the past."""
    known = queries.versions(work, authority.id)
    names = accounts.names_of(work, [version.created_by_id for version in known])
    return render_template(
        "policy/versions.html",
        versions=shown(known, work.today, names),
        withdrawn=queries.withdrawn_versions(work, authority.id),
        in_force=queries.in_force(work, authority.id, work.today).values,
        groups=rules.GROUPS,
        measured=measured,
    )


@pages.page("/new", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def set_values(work: Work, authority: Authority) -> Any:
    """Let other values hold from a day on."""
    latest = queries.versions(work, authority.id)[-1]
    known = {named.name: getattr(latest.values, named.name) for named in fields(PolicyValues)}
    form = PolicyForm(version=latest.number, **known)
    if form.validate_on_submit():
        with form.refusals():
            set_from, seen = form["in_force_from"].data, form.version.data or 0
            service.check_values(work, authority.id, set_from, seen=seen)
            other = {name: value for name, value in form.values().as_json().items() if value != known[name]}
            return redirect(url_for("effect.preview", since=set_from.isoformat(), seen=seen, **other))
    return render_template("policy/set_values.html", form=form, groups=rules.GROUPS, latest=latest)


@pages.page(
    "/<string:since>/withdraw", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=queries.coming_version
)
def withdraw(work: Work, version: PolicyVersion) -> Any:
    """Withdraw values before the day from which they would hold."""
    form = RemoveTermForm(version=version.number)
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw(work, version)
            flash("Withdrawn. These values will not hold.")
            return redirect(url_for("policy.versions"))
    return render_template("policy/withdraw.html", form=form, version=version)


@dataclass(frozen=True)
class SchoolYear:
    """One school year's calendar, and how many school days it has."""

    name: str
    dates: list[TermDate]
    school_days: int


def school_years(dates: Sequence[TermDate]) -> list[SchoolYear]:
    """A calendar year by year, the latest first."""
    calendar = queries.calendar_of(dates)
    found = []
    for year, of_year in groupby(dates, lambda one: one.school_year):
        before, last = date(year, 9, 1) - timedelta(days=1), date(year + 1, 8, 31)
        counted = school_days_between(before, last, *calendar)
        found.append(SchoolYear(rules.school_year_name(year), list(of_year), counted))
    return found


@terms.page("", needs=Permission.SETTINGS_READ, on=own_authority)
def list_terms(work: Work, authority: Authority) -> Any:
    """The school calendar."""
    return render_template("policy/terms.html", years=school_years(queries.term_dates(work, authority.id)))


@terms.page("/new", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def add_term(work: Work, authority: Authority) -> Any:
    """Add a term or a holiday."""
    form = TermForm()
    if form.validate_on_submit():
        with form.refusals():
            added = service.add_term_date(work, authority.id, form.wanted())
            flash(f"{added.name} has been added.")
            return redirect(url_for("terms.list_terms"))
    return render_template("policy/add_term.html", form=form)


MOST_BYTES = 256 * 1024


@terms.page("/import", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
@takes_files
def import_terms(work: Work, authority: Authority) -> Any:
    """Read a school calendar from a file, and show what would be put in. Nothing is kept yet."""
    form = ImportForm()
    wrong: list[str] = []
    if form.validate_on_submit():
        try:
            lines = rules.read_calendar(*named_bytes(form))
            fresh = service.new_in(work, authority.id, lines)
        except BadFile as bad:
            wrong = bad.message.splitlines()
            form.refuse(Refusal("Upload a file without the mistakes that are listed below. Nothing was put in", "file"))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            checked = ImportCheckedForm()
            checked.carry(written(fresh))
            return render_template("policy/import_check.html", form=checked, fresh=fresh, there=len(lines) - len(fresh))
    return render_template("policy/import.html", form=form, wrong=wrong, columns=rules.COLUMNS)


def named_bytes(form: ImportForm) -> tuple[str, bytes]:
    """The name and content of the file that came. Raises `Refusal`."""
    file = form.file.file
    upload = None if file is None else spooled(file)
    if file is None or upload is None or upload.problem or upload.size > MOST_BYTES:
        raise Refusal("Upload a file of less than 256 kB", "file")
    upload.seek(0)
    return safe_filename(file.filename), upload.read()


def written(lines: Sequence[rules.Line]) -> str:
    """Lines as they travel with the page on which they are looked at."""
    return json.dumps([[one.line, one.kind, one.name, f"{one.first_on}", f"{one.last_on}"] for one in lines])


def understood(words: str) -> list[rules.Line]:
    """The lines that travelled. Raises `Refusal` where they are not whole."""
    try:
        return [
            rules.Line(int(line), TermKind(kind), str(name), date.fromisoformat(first), date.fromisoformat(last))
            for line, kind, name, first, last in json.loads(words)
        ]
    except (TypeError, ValueError):
        raise Refusal("Upload the file again") from None


@terms.page("/import/checked", methods=["POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def import_checked(work: Work, authority: Authority) -> Any:
    """Put in what was looked at: all of it, or nothing."""
    form = ImportCheckedForm()
    if form.validate_on_submit():
        try:
            number = service.import_terms(work, authority.id, understood(form.lines.data))
        except Refusal:
            work.abandoned = True
        else:
            flash(f"{number} put into the school calendar.")
            return redirect(url_for("terms.list_terms"))
    flash("Upload the file again: it no longer fits. Nothing was put in.", "notice")
    return redirect(url_for("terms.import_terms"))


@terms.page(
    "/<string:reference>", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=queries.visible_term_date
)
def change_term(work: Work, term: TermDate) -> Any:
    """Change a term or holiday, or take it out."""
    form = TermForm(obj=term)
    if form.validate_on_submit():
        with form.refusals():
            service.change_term_date(work, term, form.wanted(), form.version.data)
            flash(f"{term.name} has been changed.")
            return redirect(url_for("terms.list_terms"))
    removing = RemoveTermForm(prefix="remove", version=term.version)
    return render_template("policy/change_term.html", form=form, term=term, removing=removing)


@terms.page(
    "/<string:reference>/remove", methods=["POST"], needs=Permission.SETTINGS_CHANGE, on=queries.visible_term_date
)
def remove_term(work: Work, term: TermDate) -> Any:
    """Take a term or holiday out of the calendar."""
    form = RemoveTermForm(prefix="remove")
    if form.validate_on_submit():
        with form.refusals():
            service.remove_term_date(work, term, form.version.data)
            flash(f"{term.name} has been removed.")
            return redirect(url_for("terms.list_terms"))
    if form.form_errors:
        flash("Someone changed this term or holiday meanwhile. Look at it again.", "notice")
    return redirect(url_for("terms.change_term", reference=term.reference))
