"""A form with one of every field, a page round it, and eyes to read what came back."""

from collections.abc import Callable
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect

from ehe_portal.core import govuk
from ehe_portal.core.govuk import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    MultiFileField,
    NumberField,
    PasswordField,
    PhoneField,
    Postcode,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)
from ehe_portal.core.settings import ROOT
from tests.pages import XHTML, LintingClient, tree_of, values_of

PAGE = """
{% extends "core/child.html" %}
{% from "core/macros.html" import form_page %}
{% set title = "Record a visit" %}
{% block content %}{{ form_page(form, title, "Save visit", "/somewhere") }}{% endblock %}
"""
OTHERWISE_FINE = {"seen": "yes", "notes": "We met", "kind": "1", "happened_on-day": "3", "happened_on-month": "3"}
FINE = {**OTHERWISE_FINE, "happened_on-year": "2026"}


class Seen(StrEnum):
    """Enums are choices as they are; this one has no labels of its own."""

    YES = "yes"
    DECLINED = "declined"


class VisitForm(Form):
    """One of everything."""

    version = VersionField()
    ticket = HiddenField()
    happened_on = DateField("Date", [Required("Enter the date")], what="the date of the visit", hint="Like 3 9 2026")
    at = TimeField("Time")
    kind = SelectField("Kind", [Required("Select the kind")], choices=[(1, "Home visit"), (2, "Call")])
    seen = RadiosField(
        "Was the child seen?",
        [Required("Select whether the child was seen")],
        choices=[Seen.YES, Choice(Seen.DECLINED, "Another way", "Lawful", reveals=("way", "way_on"))],
    )
    way = TextAreaField("Which way?", [Required("Enter the way")])
    way_on = DateField("On which day?", what="the day")
    present = CheckboxesField("Who was there?", choices=[("mother", "Mother"), ("father", "Father")])
    email = EmailField("Email")
    phone = PhoneField("Phone", autocomplete="tel")
    postcode = TextField("Postcode", [Postcode()], width="10")
    lessons = NumberField("Lessons", most=40)
    notes = TextAreaField("Notes", [Required("Enter what was discussed")], count=True, max_length=50)
    password = PasswordField()
    report = FileField("Report", accept=".pdf")
    files = MultiFileField("Files")
    agreed = CheckboxField("I have read it", hint="All of it")


def make_app() -> Flask:
    """An application of one page, which asks everything."""
    made = Flask("pages", root_path=str(ROOT), template_folder="templates", static_folder="static")
    made.secret_key = "only for these tests"
    made.test_client_class = LintingClient
    CSRFProtect(made)
    govuk.init_app(made)
    optional = ["preferred_name", "age", "school_year", "status_label", "status_colour", "due_on", "due_words"]
    optional += ["held_until", "last_contact_on", "last_seen_words", "adviser_name", "warnings", "order", "clock"]
    nav = [("Overview", "/overview", True)]
    frame = SimpleNamespace(**dict.fromkeys(optional), reference="4TQ8ZK2M7R", name="Ada Fern", nav=nav)
    made.context_processor(lambda: {"frame": frame, "authority_name": "Wessex Council"})

    @made.route("/visit", methods=["GET", "POST"])
    def visit() -> Any:
        form = VisitForm(version=4)
        if form.validate_on_submit():
            with form.refusals():
                refuse: Callable[[], None] | None = made.config.get("REFUSE")
                if refuse:
                    refuse()
                return "", 302, {"Location": "/done"}
        return render_template_string(PAGE, form=form)

    return made


def token(client: FlaskClient) -> dict[str, str]:
    """What a fresh page carries."""
    fields = posted_again(client.get("/visit").get_data(as_text=True))
    return {"csrf_token": fields["csrf_token"], "once": fields["once"]}


def posted_again(page: str) -> dict[str, Any]:
    """What the page's form would send."""
    forms = [values_of(form) for form in tree_of(page).iter(f"{XHTML}form") if form.get("method") == "post"]
    return next(said for said in forms if "once" in said)


def by_id(page: str, wanted: str) -> Any:
    return next(element for element in tree_of(page).iter() if element.get("id") == wanted)


def message_of(page: str, field: str) -> str:
    """The words beside a field."""
    return " ".join("".join(by_id(page, f"{field}-error").itertext()).split()).removeprefix("Error: ")


def links_of(page: str) -> list[str]:
    """Where the error summary leads."""
    summary = next(
        one for one in tree_of(page).iter(f"{XHTML}div") if "govuk-error-summary" in (one.get("class") or "")
    )
    return [link.get("href") for link in summary.iter(f"{XHTML}a")]
