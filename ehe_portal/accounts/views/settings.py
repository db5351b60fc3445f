"""The authority's settings: all of them at a glance, its name and contact details, its colours, its logo."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.forms import ColoursForm, ContactForm, LogoForm, RemoveLogoForm
from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission
from ehe_portal.core.errors import Refusal
from ehe_portal.core.files import NotShowable, Picture, Problem, picture_for_viewing
from ehe_portal.core.uploads import spooled, takes_files
from ehe_portal.core.web import Pages, may_open, portal
from ehe_portal.core.work import Work

pages = Pages("settings", __name__, url_prefix="/settings")
MADE_ANEW = "ehe_portal.logo_made_anew"


def own_authority(work: Work) -> Authority | None:
    """The authority whose settings these are."""
    return queries.authority_in_scope(work)


@pages.page("", needs=Permission.SETTINGS_READ, on=own_authority)
def overview(work: Work, authority: Authority) -> Any:
    """Everything that an authority may set, with the way to each."""
    return render_template(
        "accounts/settings.html",
        authority=authority,
        logo=queries.logo_of(work, authority.id),
        ratio=ratio(authority.brand_colour, authority.brand_text_colour),
    )


def ratio(brand: str | None, text: str | None) -> str | None:
    """A contrast in words."""
    return f"{rules.contrast(brand, text):.1f} to 1" if brand and text else None


@pages.page("/contact", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def contact(work: Work, authority: Authority) -> Any:
    """Change what the authority is called and how it is reached."""
    form = ContactForm(obj=authority)
    if form.validate_on_submit():
        with form.refusals():
            service.set_contact(work, authority, form.wanted(), form.version.data)
            flash("Name and contact details saved. Pages and new messages show them from now on.")
            return redirect(url_for("settings.overview"))
    return render_template("accounts/contact.html", form=form, authority=authority)


@pages.page("/colours", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def colours(work: Work, authority: Authority) -> Any:
    """Change the colours of the header, if everyone can read what stands in it."""
    form = ColoursForm(obj=authority)
    if form.validate_on_submit():
        with form.refusals():
            service.set_colours(work, authority, form.brand_colour.data, form.brand_text_colour.data, form.version.data)
            flash("Colours saved.")
            return redirect(url_for("settings.overview"))
    return render_template("accounts/colours.html", form=form, authority=authority)


@pages.page("/logo", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
@takes_files
def logo(work: Work, authority: Authority) -> Any:
    """Change the logo, or take it away."""
    form = LogoForm(version=authority.version)
    if form.validate_on_submit():
        with form.refusals():
            service.set_logo(work, authority, picture_that_came(), form.version.data)
            flash("Logo saved.")
            return redirect(url_for("settings.overview"))
    removing = RemoveLogoForm(prefix="remove", version=authority.version)
    return render_template("accounts/logo.html", form=form, authority=authority, removing=removing)


@pages.page("/logo/remove", methods=["POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def remove_logo(work: Work, authority: Authority) -> Any:
    """Take the logo away."""
    form = RemoveLogoForm(prefix="remove", version=authority.version)
    if form.validate_on_submit():
        try:
            service.remove_logo(work, authority, form.version.data)
            flash("Logo removed.")
        except Refusal as refusal:
            flash(refusal.message, "notice")
    return redirect(url_for("settings.overview"))


@pages.before_request
def make_logo_anew() -> None:
    """Look into a logo that comes, and draw it anew, before any transaction begins that would wait for it."""
    house = portal()
    actor, _ = house.identify()
    if request.endpoint != "settings.logo" or request.method != "POST":
        return
    if not may_open(house, actor, Permission.SETTINGS_CHANGE):
        return
    file = request.files.get("logo")
    if file is not None and file.filename:
        request.environ[MADE_ANEW] = picture_in(spooled(file))


def picture_in(upload: Any) -> Picture | Problem:
    """The picture that was uploaded, or what is wrong with it."""
    if upload.problem:
        found: Problem = upload.problem
        return found
    upload.seek(0)
    try:
        return picture_for_viewing(upload, service.LOGO_LIMITS)
    except NotShowable as cannot:
        return cannot.problem


def picture_that_came() -> Picture:
    """The logo of this request, made anew. Raises `Refusal`."""
    found = request.environ.get(MADE_ANEW)
    if isinstance(found, Picture):
        return found
    if found is Problem.TOO_LARGE:
        raise Refusal("Upload a picture of less than 2 MB", "logo")
    if found in (Problem.DAMAGED, Problem.EMPTY, Problem.TOO_MANY_PIXELS, Problem.UNPACKS_TOO_LARGE):
        raise Refusal("Upload another picture: this one could not be opened", "logo")
    raise Refusal("Upload a PNG or JPEG picture", "logo")
