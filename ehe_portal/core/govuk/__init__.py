"""The look: forms and pages made of the design system's components, under the council's own name.

A form says what is asked. `Required` and the other checks take the words shown beside the field; all begin with
Enter, Select, Upload or Choose. Without `Required` a field may be left empty, and its label says "(optional)".

    from ehe_portal.core.govuk import Choice, DateField, Form, RadiosField, Required, TextAreaField, VersionField

    class VisitForm(Form):
        version = VersionField()                                        # only where a record is changed
        happened_on = DateField("Date", [Required("Enter the date of the visit")], what="the date of the visit",
                                hint="For example, 3 9 2026")           # .data: date | None
        seen = RadiosField("Was the child seen?", [Required("Select whether the child was seen")],
                           choices=ChildSeen)                           # an enum, its members, Choice(...)s or tuples
        another_way = TextField("Which way?", [Required("Enter the way the parent chose")])
        notes = TextAreaField("Notes", max_length=5000, count=True)     # .data: str, "" when left empty

`Choice("declined", "Declined", reveals=("another_way",))` puts that field under the choice; it is asked only then, and
otherwise its data is empty. `form.adviser.choices = [...]` may be set in the view, before `validate_on_submit()`.

A view:

    form = VisitForm(version=visit.version)             # or VisitForm(obj=visit), VisitForm(happened_on=today)
    if form.validate_on_submit():
        with form.refusals():                           # a Refusal goes to its field, or to the top of the page
            service.record_visit(work, child, form.visit(), form.version.data)
            return redirect(url_for("contact.history", reference=child.reference))
    return render_template("contact/record.html", form=form, child=child)

A template (core/child.html, core/staff.html, core/family.html or core/public.html):

    {% extends "core/child.html" %}
    {% from "core/macros.html" import form_page %}
    {% set title = "Record a visit" %}                  {# the page's title; form_page shows it as the h1 #}
    {% block content %}
      {{ form_page(form, title, "Save visit") }}
    {% endblock %}

Or by hand, in whatever order: `<form method="post" novalidate>{{ form.hidden() }} {{ form.happened_on() }} ...
{{ govukButton({"text": "Save", "preventDoubleClick": true}) }}</form>`. The layouts put the error summary, "Error:"
in the title, messages of `flash("Visit recorded")` and "We kept what you typed" in their places by themselves.

Every template has the design system's macros by their own names, without import (`govukButton`, `govukTag`,
`govukSummaryList`, `govukTable`, ...), and the filters `long_date`, `london_time`, `clock_time`,
`days_away(today)`, `counted("child", "children")` and `language_name`.

Several forms on a page take a prefix: `CloseForm(prefix="close")`. A `SearchForm` reads the page's address (GET).
"""

from flask import Flask, url_for
from jinja2 import StrictUndefined
from werkzeug.routing import BuildError

from ehe_portal.core.govuk import components, words
from ehe_portal.core.govuk.choices import YES_NO, CheckboxesField, Choice, RadiosField, SelectField
from ehe_portal.core.govuk.dates import DateField, TimeField
from ehe_portal.core.govuk.field import Field
from ehe_portal.core.govuk.fields import (
    CheckboxField,
    EmailField,
    FileField,
    HiddenField,
    MultiFileField,
    NumberField,
    PasswordField,
    PhoneField,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.core.govuk.form import (
    Form,
    SearchForm,
    keeps_drafts,
    other_words,
    page_problems,
    words_brought_back,
)
from ehe_portal.core.govuk.strip import ClockStrip
from ehe_portal.core.govuk.validators import EmailAddress, Length, Matches, OneOf, Postcode, Required, SameAs
from ehe_portal.core.languages import language_name

__all__ = [
    "YES_NO",
    "CheckboxField",
    "CheckboxesField",
    "Choice",
    "ClockStrip",
    "DateField",
    "EmailAddress",
    "EmailField",
    "Field",
    "FileField",
    "Form",
    "HiddenField",
    "Length",
    "Matches",
    "MultiFileField",
    "NumberField",
    "OneOf",
    "PasswordField",
    "PhoneField",
    "Postcode",
    "RadiosField",
    "Required",
    "SameAs",
    "SearchForm",
    "SelectField",
    "SubmitField",
    "TextAreaField",
    "TextField",
    "TimeField",
    "VersionField",
    "init_app",
]


def init_app(app: Flask) -> None:
    """Give the application's templates the macros, filters and strictness that they count on."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.filters.update(
        long_date=words.long_date,
        london_time=words.london_time,
        clock_time=words.clock_time,
        days_away=words.days_away,
        counted=words.counted,
        breakable=words.breakable,
        language_name=language_name,
    )
    environment.globals.update(
        components.macros(),
        page_problems=page_problems,
        words_brought_back=words_brought_back,
        keeps_drafts=keeps_drafts,
        other_words=other_words,
        url_if_there=url_if_there,
    )


def url_if_there(endpoint: str) -> str | None:
    """The address of a page that this application may not have: error pages are drawn whatever was registered."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None
