"""Fields read what people type, and say in plain words what will not do."""

from collections.abc import Callable, Iterator
from datetime import date, time
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from ehe_portal.core.govuk import (
    YES_NO,
    Form,
    Length,
    Matches,
    OneOf,
    PasswordField,
    RadiosField,
    Required,
    SameAs,
    SelectField,
    TextField,
)
from ehe_portal.core.govuk.field import MESSAGES_BEGIN
from tests.core.visit_pages import FINE, OTHERWISE_FINE, Seen, VisitForm, by_id, links_of, make_app, message_of, token
from tests.pages import tree_of


@pytest.fixture
def app() -> Flask:
    return make_app()


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
        shown = [by_id(text, f"happened_on-{part}").get("value", "") for part in ("day", "month", "year")]
        assert shown == [value.replace("\n", " ") for value in typed]


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
    app = Flask("pages")
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
    assert form.validate(), form.errors
    assert form[name].data == kept


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


@pytest.mark.parametrize("typed", ["", "x", "-3", "²", "9" * 30])
def test_a_version_that_is_none_is_none(asked: Callable[..., VisitForm], typed: str) -> None:
    assert asked({"version": typed}).version.data is None


def test_files_are_taken_as_files_only(asked: Callable[..., VisitForm]) -> None:
    files = [("files", (BytesIO(b"a"), "a.pdf")), ("files", (BytesIO(b""), "")), ("files", (BytesIO(b"b"), "b.pdf"))]
    form = asked(MultiDict([*files, ("report", (BytesIO(b"c"), "c.pdf")), ("report", (BytesIO(b"d"), "d.pdf"))]))
    assert [file.filename for file in form.files.data] == ["a.pdf", "b.pdf"]
    assert form.report.file is not None
    assert form.report.file.filename == "c.pdf"
    assert form.takes_files
    assert 'accept=".pdf"' in form.report()


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
    assert errors(password="short", again="other", colour="green", code="12345\n6") == [
        "password",
        "again",
        "colour",
        "code",
    ]
