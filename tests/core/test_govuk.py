"""Fields read what people type, forms keep it, pages say what is wrong and where."""

from collections.abc import Callable, Iterator
from datetime import date, time
from enum import StrEnum
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template_string, request
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from ehe_portal.core import govuk
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk import (
    YES_NO,
    CheckboxesField,
    CheckboxField,
    Choice,
    ClockStrip,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    Length,
    Matches,
    MultiFileField,
    NumberField,
    OneOf,
    PasswordField,
    PhoneField,
    Postcode,
    RadiosField,
    Required,
    SameAs,
    SearchForm,
    SelectField,
    SubmitField,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)
from ehe_portal.core.govuk.field import MESSAGES_BEGIN
from ehe_portal.core.govuk.form import page_problems
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


class Find(SearchForm):
    """Filters of a list."""

    q = TextField("Name")
    since = DateField("Since")


@pytest.fixture
def app() -> Flask:
    made = Flask("pages", root_path=str(ROOT), template_folder="templates", static_folder="static")
    made.secret_key = "only for these tests"
    made.test_client_class = LintingClient
    CSRFProtect(made)
    govuk.init_app(made)
    frame = SimpleNamespace(
        **dict.fromkeys(
            "preferred_name age school_year status_label status_colour due_on due_words last_contact_on "
            "last_seen_words adviser_name warnings clock".split()
        ),
        reference="4TQ8ZK2M7R",
        name="Ada Fern",
        nav=[("Overview", "/overview", True)],
    )
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


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def asked(app: Flask) -> Iterator[Callable[..., VisitForm]]:
    """Makes the form that a POST of the given data leads to."""
    contexts = []

    def make(data: Any) -> VisitForm:
        context = app.test_request_context("/visit", method="POST", data=data)
        context.push()
        contexts.append(context)
        g.csrf_valid = True
        return VisitForm()

    yield make
    for context in reversed(contexts):
        context.pop()


def date_of(day: str, month: str, year: str) -> dict[str, str]:
    return {"happened_on-day": day, "happened_on-month": month, "happened_on-year": year}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("3", "9", "2026"), date(2026, 9, 3)),
        (("03", "09", "2026"), date(2026, 9, 3)),
        ((" 3 ", "\t9", " 2026\u200b"), date(2026, 9, 3)),
        (("3rd", "March", "2026"), date(2026, 3, 3)),
        (("21st", "march", "2026"), date(2026, 3, 21)),
        (("3", "Mar", "2026"), date(2026, 3, 3)),
        (("3", "Sept.", "2026"), date(2026, 9, 3)),
        (("3", "SEPTEMBER", "2026"), date(2026, 9, 3)),
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("٣", "٩", "٢٠٢٦"), date(2026, 9, 3)),
        (("3 March 2026", "", ""), date(2026, 3, 3)),
        (("3/9/2026", "", ""), date(2026, 9, 3)),
        (("2026-09-03", "", ""), date(2026, 9, 3)),
    ],
)
def test_dates_are_read_as_they_are_meant(
    asked: Callable[..., VisitForm], typed: tuple[str, str, str], meant: date
) -> None:
    form = asked({**OTHERWISE_FINE, **date_of(*typed)})
    assert form.validate(), form.errors
    assert form.happened_on.data == meant


@pytest.mark.parametrize(
    ("typed", "words", "parts"),
    [
        (("", "", ""), "Enter the date", ("day", "month", "year")),
        (("  ", "\u200b", "\n"), "Enter the date", ("day", "month", "year")),
        (("3", "9", ""), "including a year", ("year",)),
        (("", "9", "2026"), "including a day", ("day",)),
        (("", "", "2026"), "including a day and a month", ("day", "month")),
        (("3", "9", "26"), "all 4 figures of the year", ("year",)),
        (("31", "2", "2026"), "a real date", ("day", "month", "year")),
        (("29", "2", "2027"), "a real date", ("day", "month", "year")),
        (("0", "9", "2026"), "a real date", ("day",)),
        (("32", "9", "2026"), "a real date", ("day",)),
        (("3", "13", "2026"), "a real date", ("month",)),
        (("3", "Marchh", "2026"), "a real date", ("month",)),
        (("3", "ma", "2026"), "a real date", ("month",)),
        (("3", "9", "0001"), "a real date", ("year",)),
        (("3", "9", "12026"), "a real date", ("year",)),
        (("3", "9", "9" * 5000), "a real date", ("year",)),
        (("9" * 5000, "9" * 5000, "2026"), "a real date", ("day", "month")),
        (("-3", "9", "2026"), "a real date", ("day",)),
        (("3.5", "9", "2026"), "a real date", ("day",)),
        (("²", "①", "2026"), "a real date", ("day", "month")),
        (("3\x00", "9", "2026"), "a real date", ("day",)),
        (("<b>", "9", "2026"), "a real date", ("day",)),
        (("31/2/2026", "", ""), "a real date", ("day", "month", "year")),
    ],
)
def test_what_is_no_date_is_answered_beside_the_part_that_is_wrong(
    client: FlaskClient, typed: tuple[str, str, str], words: str, parts: tuple[str, ...]
) -> None:
    page = client.post("/visit", data={**token(client), **OTHERWISE_FINE, **date_of(*typed)})
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert words in message_of(text, "happened_on")
    for part in ("day", "month", "year"):
        box = by_id(text, f"happened_on-{part}")
        assert ("govuk-input--error" in box.get("class")) == (part in parts), part
    assert links_of(text)[0] == f"#happened_on-{parts[0]}"
    if "\x00" not in "".join(typed):
        assert [by_id(text, f"happened_on-{part}").get("value", "") for part in ("day", "month", "year")] == [
            value.replace("\n", "") if value == "\n" else value for value in typed
        ]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"happened_on": "3"},
        {"happened_on-day": "3"},
        MultiDict([("happened_on-day", "3"), ("happened_on-day", "4"), ("happened_on-month", "")]),
        {"happened_on-day": (BytesIO(b"3"), "day.txt")},
        {"notes": (BytesIO(b"words"), "notes.txt"), "seen": (BytesIO(b"yes"), "seen.txt")},
        {"report": "not a file", "files": "not one either"},
        {"seen": "nonsense", "present": ["mother", "nobody"], "kind": "99"},
        MultiDict([("seen", "yes"), ("seen", "declined")]),
        {"version": "-1", "ticket": "\ud7ff\x00", "once": "../../etc"},
        {"lessons": "9" * 4000, "at": "9" * 4000, "phone": "+" * 400, "postcode": "é" * 400, "email": "@" * 4000},
        {"notes": "\x00", "way": "\u202e\ufffe", "email": "a@b\x1b.uk", "password": "\x07"},
    ],
)
def test_no_form_is_too_strange_to_answer(client: FlaskClient, data: Any) -> None:
    values = MultiDict(data)
    values.update(token(client))
    page = client.post("/visit", data=values)
    assert page.status_code == 200
    assert "There is a problem" in page.get_data(as_text=True)


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=40) for name in (*FINE, "way", "email", "at")}))
def test_any_text_is_kept_and_answered_without_hidden_characters(data: dict[str, str]) -> None:
    app = Flask("pages", root_path=str(ROOT), template_folder="templates")
    app.secret_key = "only for these tests"
    with app.test_request_context("/visit", method="POST", data=data):
        g.csrf_valid = True
        form = VisitForm()
        form.validate()
        drawn = Markup("").join(question() for question in form.questions())
        tree_of(f"<!DOCTYPE html><html lang=en><title>x</title><form>{drawn}</form></html>")
        for messages in form.errors.values():
            assert all(str(message).startswith(MESSAGES_BEGIN) for message in messages)
        assert "\x00" not in form.notes.data + form.way.data + form.email.data


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2:30pm", time(14, 30)),
        ("2.30 PM", time(14, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("14:30", time(14, 30)),
        ("09:05", time(9, 5)),
        ("9:05", time(9, 5)),
        ("02:30", time(2, 30)),
        ("1430", time(14, 30)),
        ("midday", time(12)),
        ("00:00", time(0)),
        ("", None),
    ],
)
def test_times_are_read_as_they_are_meant(asked: Callable[..., VisitForm], typed: str, meant: time | None) -> None:
    form = asked({**FINE, "at": typed})
    assert form.validate(), form.errors
    assert form.at.data == meant


@pytest.mark.parametrize("typed", ["14", "2:30", "25:00", "13pm", "0am", "9:75", "half past two", "9:5", "²:30pm"])
def test_what_is_no_time_or_might_be_two_is_asked_again(asked: Callable[..., VisitForm], typed: str) -> None:
    form = asked({**FINE, "at": typed})
    assert not form.validate()
    assert form.at.errors[0].startswith("Enter")
    assert f'value="{typed}"' in form.at()


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("notes", "  two\r\nlines\u2028three \n", "two\nlines\nthree"),
        ("postcode", "co3 4ab", "CO3 4AB"),
        ("postcode", " SW1A1AA ", "SW1A 1AA"),
        ("email", " Jo.O'Neil+home@Example.co.uk ", "Jo.O'Neil+home@Example.co.uk"),
        ("phone", "+44 (0)7700 900-982", "+44 (0)7700 900-982"),
        ("phone", "01632 960001 ext 12", "01632 960001 ext 12"),
        ("lessons", "1 2", 12),
        ("lessons", "", None),
        ("password", "  three words \t", "  three words \t"),
    ],
)
def test_text_is_tidied_and_kept(asked: Callable[..., VisitForm], name: str, typed: str, kept: Any) -> None:
    form = asked({**FINE, name: typed})
    valid = form.validate()
    assert form[name].data == kept or name == "password"
    assert valid or name == "password", form.errors


def test_composed_and_decomposed_letters_are_the_same_name(asked: Callable[..., VisitForm]) -> None:
    assert asked({**FINE, "notes": "Zoe\u0308"}).notes.data == "Zoë"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("notes", "x" * 51),
        ("notes", "NUL \x00"),
        ("notes", "bell \x07"),
        ("notes", "\U0001ffff"),
        ("postcode", "CO3"),
        ("postcode", "CO3 4CI"),
        ("email", "jo"),
        ("email", "jo@localhost"),
        ("email", "jo..o@example.com"),
        ("email", "jo@example.com\nBcc: all@example.com"),
        ("email", "jo@exam ple.com"),
        ("email", "@example.com"),
        ("phone", "call me"),
        ("phone", "12345"),
        ("phone", "+44" * 30),
        ("lessons", "41"),
        ("lessons", "-1"),
        ("lessons", "1.5"),
        ("lessons", "²"),
    ],
)
def test_text_that_will_not_do_is_refused_in_words_that_say_what_to_do(
    client: FlaskClient, name: str, typed: str
) -> None:
    page = client.post("/visit", data={**token(client), **FINE, name: typed}).get_data(as_text=True)
    assert message_of(page, name).startswith("Enter")
    assert f"#{name}" in links_of(page)


def test_choices_hold_their_own_values(asked: Callable[..., VisitForm]) -> None:
    form = asked(MultiDict([*FINE.items(), ("present", "father"), ("present", "mother"), ("kind", "2")]))
    assert form.validate()
    assert form.seen.data is Seen.YES
    assert form.kind.data == 1  # the first of two that were posted
    assert form.present.data == ["mother", "father"]


def test_yes_and_no_are_true_and_false(app: Flask) -> None:
    class Sure(Form):
        sure = RadiosField("Sure?", [Required("Select whether you are sure")], choices=YES_NO, inline=True)

    with app.test_request_context(method="POST", data={"sure": "no"}):
        g.csrf_valid = True
        form = Sure()
        assert form.validate()
        assert form.sure.data is False
        assert 'value="no" checked' in form.sure()
    with app.test_request_context():
        assert 'value="yes" checked' in Sure(sure=True).sure()


def test_choices_may_be_given_in_the_view(app: Flask) -> None:
    class Assign(Form):
        adviser = SelectField("Adviser", [Required("Select an adviser")])

    with app.test_request_context(method="POST", data={"adviser": "7"}):
        g.csrf_valid = True
        form = Assign()
        form.adviser.choices = [(7, "Priya Raman")]
        assert form.validate()
        assert form.adviser.data == 7


def test_what_a_choice_reveals_is_asked_only_with_it(asked: Callable[..., VisitForm]) -> None:
    form = asked({**FINE, "way": "left from before", "way_on-day": "99"})
    assert form.validate(), form.errors
    assert form.way.data == ""
    assert form.way_on.data is None
    form = asked({**FINE, "seen": "declined", "way": ""})
    assert not form.validate()
    assert list(form.errors) == ["way"]
    assert form.way not in form.questions()
    assert 'id="way"' in form.seen()


def test_text_under_a_choice_does_not_creep(client: FlaskClient) -> None:
    words = "one\n  two\n\nthree"
    data = {**token(client), **FINE, "notes": "", "seen": "declined", "way": words}
    page = client.post("/visit", data=data).get_data(as_text=True)
    assert "".join(by_id(page, "way").itertext()) == words


def test_every_problem_has_a_link_to_an_input_that_is_there(client: FlaskClient) -> None:
    page = client.post("/visit", data={**token(client), "seen": "declined"}).get_data(as_text=True)
    assert links_of(page) == ["#happened_on-day", "#kind", "#way", "#notes"]
    assert {by_id(page, link[1:]).tag.removeprefix(XHTML) for link in links_of(page)} == {"input", "select", "textarea"}
    title = next(tree_of(page).iter(f"{XHTML}title")).text
    assert title.strip().startswith("Error: Record a visit")
    assert "Reference" not in title


def test_a_fresh_page_shows_no_problem_and_every_field_has_its_label(client: FlaskClient) -> None:
    text = client.get("/visit").get_data(as_text=True)
    assert "There is a problem" not in text
    labels = {label.get("for") for label in tree_of(text).iter(f"{XHTML}label")}
    inputs = [one for one in tree_of(text).iter(f"{XHTML}input") if one.get("type") != "hidden"]
    assert {one.get("id") for one in inputs} <= labels
    assert "Email (optional)" in text
    assert "Notes (optional)" not in text


def test_a_refusal_goes_to_its_field_or_to_the_top(app: Flask, client: FlaskClient) -> None:
    def at_field() -> None:
        raise Refusal("Enter a date that is not in the future", field="happened_on")

    def at_top() -> None:
        raise Refusal("Choose another day: the office is closed")

    app.config["REFUSE"] = at_field
    page = client.post("/visit", data={**token(client), **FINE}).get_data(as_text=True)
    assert message_of(page, "happened_on") == "Enter a date that is not in the future"
    assert links_of(page) == ["#happened_on-day"]
    app.config["REFUSE"] = at_top
    page = client.post("/visit", data={**token(client), **FINE}).get_data(as_text=True)
    assert "Choose another day: the office is closed" in page
    assert links_of(page) == []


def test_other_errors_are_not_swallowed(app: Flask) -> None:
    with app.test_request_context(method="POST"), pytest.raises(KeyError), VisitForm().refusals():
        raise KeyError


def test_the_once_value_stays_with_a_form_that_comes_back_and_is_new_on_a_fresh_page(client: FlaskClient) -> None:
    first, second = token(client)["once"], token(client)["once"]
    assert first != second
    page = client.post("/visit", data={**token(client), "once": first}).get_data(as_text=True)
    assert posted_again(page)["once"] == first
    page = client.post("/visit", data={**token(client), "once": '"><script>'}).get_data(as_text=True)
    assert posted_again(page)["once"] not in ("", '"><script>')


def test_after_a_change_by_someone_else_the_page_carries_the_version_of_now(app: Flask, client: FlaskClient) -> None:
    page = client.post("/visit", data={**token(client), **FINE, "version": "3", "notes": ""}).get_data(as_text=True)
    assert posted_again(page)["version"] == "3"

    def someone_else() -> None:
        raise ChangedMeanwhile

    app.config["REFUSE"] = someone_else
    page = client.post("/visit", data={**token(client), **FINE, "version": "3"}).get_data(as_text=True)
    assert posted_again(page)["version"] == "4"
    assert posted_again(page)["notes"] == "We met"


@pytest.mark.parametrize("typed", ["", "x", "-3", "²", "9" * 30])
def test_a_version_that_is_none_is_none(asked: Callable[..., VisitForm], typed: str) -> None:
    assert asked({"version": typed}).version.data is None


def test_words_kept_from_a_sitting_that_ended_are_back(app: Flask) -> None:
    @app.before_request
    def park() -> None:
        if request.method == "GET":
            g.parked_form = MultiDict([("notes", "We met"), ("happened_on-month", "Marchh"), ("seen", "declined")])

    page = app.test_client().get("/visit").get_data(as_text=True)
    assert "We kept what you typed" in page
    assert "There is a problem" not in page
    assert posted_again(page)["notes"] == "We met"
    assert posted_again(page)["happened_on-month"] == "Marchh"
    assert posted_again(page)["seen"] == "declined"
    assert len(posted_again(page)["once"]) > 15


def test_a_password_is_never_shown_again(client: FlaskClient) -> None:
    page = client.post("/visit", data={**token(client), "password": "three random words"}).get_data(as_text=True)
    assert "three random words" not in page


def test_files_are_taken_as_files_only(asked: Callable[..., VisitForm]) -> None:
    files = [("files", (BytesIO(b"a"), "a.pdf")), ("files", (BytesIO(b""), "")), ("files", (BytesIO(b"b"), "b.pdf"))]
    form = asked(MultiDict([*files, ("report", (BytesIO(b"c"), "c.pdf")), ("report", (BytesIO(b"d"), "d.pdf"))]))
    assert [file.filename for file in form.files.data] == ["a.pdf", "b.pdf"]
    assert form.report.file is not None
    assert form.report.file.filename == "c.pdf"
    assert form.takes_files
    assert 'accept=".pdf"' in form.report()


def test_several_forms_stand_on_one_page(app: Flask, client: FlaskClient) -> None:
    class Note(Form):
        note = TextField("Note", [Required("Enter a note")])

    @app.get("/two")
    def two() -> str:
        page = PAGE.replace("{{ form_page", "{{ form_body").replace('title, "Save visit", "/somewhere"', "")
        page = page.replace("form_page", "form_body").replace("{{ form_body(form, )", "<h1>{{ title }}</h1>{{ form_body(form)")
        return render_template_string(page.replace("{% endblock", "{{ form_body(other) }}{% endblock"), form=Note(), other=Note(prefix="close"))

    page = client.get("/two").get_data(as_text=True)
    assert {"note", "close-note"} <= {one.get("id") for one in tree_of(page).iter(f"{XHTML}input")}


def test_a_search_is_read_from_the_address(app: Flask) -> None:
    with app.test_request_context("/?q=fern&since-day=3&since-month=9&since-year=2026"):
        form = Find()
        assert form.validate()
        assert (form.q.data, form.since.data) == ("fern", date(2026, 9, 3))
        assert form.hidden() == ""
        assert "(optional)" not in form.q()
    with app.test_request_context("/?since-day=99"):
        form = Find()
        assert not form.validate()
        assert page_problems() == [{"text": form.since.errors[0], "href": "#since-month"}]


def test_buttons_of_its_own_say_which_was_pressed(app: Flask) -> None:
    class Two(Form):
        save = SubmitField("Save")
        stop = SubmitField("Stop", classes="govuk-button--warning")

    with app.test_request_context(method="POST", data={"stop": "yes"}):
        form = Two()
        assert (form.save.data, form.stop.data) == (False, True)
        assert form.questions() == []
        assert 'name="stop"' in form.buttons()[1]()


@pytest.mark.parametrize("check", [Required, lambda words: Matches("x", words), lambda words: OneOf("x", words)])
def test_a_message_that_does_not_say_what_to_do_is_a_mistake(check: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="begins with one of"):
        check("This field is required")


def test_checks_compare(app: Flask) -> None:
    class Choose(Form):
        password = PasswordField("Password", [Length(12, message="Enter 12 characters or more")], new=True)
        again = PasswordField("Again", [SameAs("password", "Enter the same password again")])
        colour = TextField("Colour", [OneOf(("red", "blue"), "Enter red or blue")])
        code = TextField("Code", [Matches(r"[0-9]{6}", "Enter the 6 figures")])

    def errors(**data: str) -> list[str]:
        with app.test_request_context(method="POST", data=data):
            g.csrf_valid = True
            form = Choose()
            form.validate()
            return list(form.errors)

    assert errors(password="three random words", again="three random words", colour="red", code="123456") == []
    assert errors(password="short", again="other", colour="green", code="12345\n6") == ["password", "again", "colour", "code"]


def test_the_clock_strip_says_in_words_what_it_shows() -> None:
    strip = ClockStrip(
        today=date(2027, 3, 3), since=date(2026, 2, 22), due_on=date(2027, 2, 22), grace_ends=date(2027, 3, 8)
    )
    assert strip.title == "Contact clock: next contact due 9 days overdue"
    assert strip.description == (
        "Last contact 22 February 2026. Next contact due 22 February 2027. Grace until 8 March 2027. "
        "Lapses on 9 March 2027. Today is 3 March 2027."
    )
    places = [float(strip.place(on).rstrip("%")) for _, _, on in strip.marks]
    assert places == sorted(places[:2]) + [97.0] + places[3:]
    assert places[0] == 3.0
    assert places[1] < places[3] < places[2]


def test_the_clock_strip_stands_even_where_all_days_are_one() -> None:
    day = date(2027, 3, 3)
    strip = ClockStrip(today=day, since=day, due_on=day, grace_ends=day, contacted=False)
    assert strip.place(day) == "3.00%"
    assert "No contact yet" in strip.description


def token(client: FlaskClient) -> dict[str, str]:
    """What a fresh page carries."""
    fields = posted_again(client.get("/visit").get_data(as_text=True))
    return {"csrf_token": fields["csrf_token"], "once": fields["once"]}


def posted_again(page: str) -> dict[str, Any]:
    """What the page's form would send."""
    return values_of(next(form for form in tree_of(page).iter(f"{XHTML}form") if form.get("method") == "post"))


def by_id(page: str, wanted: str) -> Any:
    return next(element for element in tree_of(page).iter() if element.get("id") == wanted)


def message_of(page: str, field: str) -> str:
    """The words beside a field."""
    return " ".join("".join(by_id(page, f"{field}-error").itertext()).split()).removeprefix("Error: ")


def links_of(page: str) -> list[str]:
    """Where the error summary leads."""
    summary = next(one for one in tree_of(page).iter(f"{XHTML}div") if "govuk-error-summary" in (one.get("class") or ""))
    return [link.get("href") for link in summary.iter(f"{XHTML}a")]
