"""Forms keep what was typed through errors, refusals and ended sittings; pages say what is wrong, and where."""

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask, g, render_template_string, request
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from ehe_portal.core.drafts import Copy, Kept
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk import ClockStrip, DateField, Form, Required, SearchForm, SubmitField, TextField
from ehe_portal.core.govuk.form import page_problems
from ehe_portal.core.govuk.words import clock_time, counted, days_away, london_time, long_date
from tests.core.visit_pages import FINE, VisitForm, by_id, links_of, make_app, message_of, posted_again, token
from tests.pages import XHTML, tree_of

TWO_FORMS = """
{% extends "core/public.html" %}
{% from "core/macros.html" import form_body %}
{% set title = "Two forms" %}
{% block content %}<h1>{{ title }}</h1>{{ form_body(one) }}{{ form_body(other) }}{% endblock %}
"""


class Find(SearchForm):
    """Filters of a list."""

    q = TextField("Name")
    since = DateField("Since")


@pytest.fixture
def app() -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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


def test_words_kept_from_a_sitting_that_ended_are_back(app: Flask) -> None:
    @app.before_request
    def park() -> None:
        if request.method == "GET":
            words = MultiDict([("notes", "We met"), ("happened_on-month", "Marchh"), ("seen", "declined")])
            at = datetime(2026, 3, 12, 12, tzinfo=UTC)
            g.kept_words = Kept(Copy("7K2M9QXR4T.1", "7K2M9QXR4T", at, at, words), (), parked=True)

    page = app.test_client().get("/visit").get_data(as_text=True)
    assert "We kept what you typed" in page
    assert "Your time on this page had run out" in page
    assert "There is a problem" not in page
    assert posted_again(page)["draft"] == "7K2M9QXR4T.1"
    assert posted_again(page)["notes"] == "We met"
    assert posted_again(page)["happened_on-month"] == "Marchh"
    assert posted_again(page)["seen"] == "declined"
    assert len(posted_again(page)["once"]) > 15


def test_a_password_is_never_shown_again(client: FlaskClient) -> None:
    page = client.post("/visit", data={**token(client), "password": "three random words"}).get_data(as_text=True)
    assert "three random words" not in page


def test_several_forms_stand_on_one_page(app: Flask, client: FlaskClient) -> None:
    class Note(Form):
        note = TextField("Note", [Required("Enter a note")])

    @app.get("/two")
    def two() -> str:
        return render_template_string(TWO_FORMS, one=Note(), other=Note(prefix="close"))

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
    assert places[2] == 97.0
    assert places[0] == 3.0
    assert places[1] < places[3] < places[2]


def test_the_clock_strip_stands_even_where_all_days_are_one() -> None:
    day = date(2027, 3, 3)
    strip = ClockStrip(today=day, since=day, due_on=day, grace_ends=day, contacted=False)
    assert strip.place(day) == "3.00%"
    assert "No contact yet" in strip.description


TODAY = date(2027, 3, 3)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (long_date(TODAY), "3 March 2027"),
        (long_date(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)), "1 July 2027"),
        (long_date(None), ""),
        (london_time(datetime(2027, 3, 3, 14, 30, tzinfo=UTC)), "3 March 2027, 2:30pm"),
        (london_time(datetime(2027, 7, 3, 11, 0, tzinfo=UTC)), "3 July 2027, midday"),
        (london_time(None), ""),
        (clock_time(time(9)), "9am"),
        (clock_time(time(0)), "midnight"),
        (clock_time(time(0, 5)), "12:05am"),
        (days_away(date(2027, 3, 15), TODAY), "in 12 days"),
        (days_away(date(2027, 3, 4), TODAY), "tomorrow"),
        (days_away(TODAY, TODAY), "today"),
        (days_away(date(2027, 3, 2), TODAY), "1 day overdue"),
        (days_away(date(2027, 3, 2), TODAY, "ago"), "yesterday"),
        (days_away(date(2027, 2, 22), TODAY), "9 days overdue"),
        (days_away(date(2027, 2, 22), TODAY, "ago"), "9 days ago"),
        (days_away(None, TODAY), ""),
        (counted(1, "child", "children"), "1 child"),
        (counted(1200, "file"), "1,200 files"),
    ],
)
def test_dates_and_distances_are_said_as_people_say_them(said: str, words: str) -> None:
    assert said == words
