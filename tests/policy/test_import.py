"""A school calendar from a file: all of it or nothing, and every line that does not fit is named."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.csvfiles import BadFile
from ehe_portal.core.work import Work
from ehe_portal.policy.models import TermDate, TermKind
from ehe_portal.policy.rules import Stretch, new_lines, read_calendar
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
URL = "/settings/terms/import"
CSV = b"""kind,name,first_on,last_on
term,Autumn term,2026-09-02,2026-12-18
holiday,Autumn half term,26/10/2026,30/10/2026
"""


def ical(*events: str) -> bytes:
    said = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{one}\r\nEND:VEVENT\r\n" for number, one in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{said}END:VCALENDAR\r\n".encode()


def event(called: str, first: str, after: str, *more: str) -> str:
    days = f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}"
    return "\r\n".join([f"SUMMARY:{called}", days, *more])


TERMS = ical(
    event("Autumn term", "20260902", "20261219"),
    event("October half term", "20261026", "20261031"),
    event("INSET day", "20260901", "20260902"),
    event("Spring", "20270104", "20270327", "CATEGORIES:TERM"),
)


def test_a_csv_file_is_read() -> None:
    assert [(one.line, one.kind, one.name, one.first_on, one.last_on) for one in read_calendar("t.csv", CSV)] == [
        (2, TermKind.TERM, "Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
        (3, TermKind.HOLIDAY, "Autumn half term", date(2026, 10, 26), date(2026, 10, 30)),
    ]


def test_an_icalendar_file_is_read_and_its_end_is_the_day_after_the_last() -> None:
    assert [(one.kind, one.name, one.first_on, one.last_on) for one in read_calendar("t.ics", TERMS)] == [
        (TermKind.TERM, "Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
        (TermKind.HOLIDAY, "October half term", date(2026, 10, 26), date(2026, 10, 30)),
        (TermKind.HOLIDAY, "INSET day", date(2026, 9, 1), date(2026, 9, 1)),
        (TermKind.TERM, "Spring", date(2027, 1, 4), date(2027, 3, 26)),
    ]


def test_an_event_that_says_how_long_it_is_has_all_its_days_and_a_cancelled_one_none() -> None:
    """A term of one day instead of six weeks would end the ten school days of section 436N too late."""
    found = read_calendar(
        "t.ics",
        ical(
            "SUMMARY:Spring term\r\nDTSTART;VALUE=DATE:20270104\r\nDURATION:P40D",
            event("Summer term", "20270412", "20270722", "STATUS:CANCELLED"),
            "SUMMARY:INSET day\r\nDTSTART;VALUE=DATE:20270901",
        ),
    )
    assert [(one.name, one.first_on, one.last_on) for one in found] == [
        ("Spring term", date(2027, 1, 4), date(2027, 2, 12)),
        ("INSET day", date(2027, 9, 1), date(2027, 9, 1)),
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", ["the file is empty"]),
        (b"kind,name,first_on,last_on\n", ["there are no terms or holidays in it"]),
        (b"name,first_on,last_on\n", ["missing columns: kind", "with kind, name, first_on, last_on."]),
        (b"\xff\xfe", ["not UTF-8"]),
        (
            CSV + b"school,X,2026-13-01,\nterm,,2026-01-01,2026-01-02\n",
            [
                "line 4, column kind",
                "line 4, column first_on",
                "line 4, column last_on",
                "line 5, column name",
                "2 bad",
            ],
        ),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", ["no terms or holidays"]),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY", ["no iCalendar file that can be read"]),
        (
            ical(
                event("Sports day", "20260701", "20260702"),
                "SUMMARY:Autumn term\r\nDTSTART:20260902T090000Z",
                event("Summer term", "20270412", "20270722", "RRULE:FREQ=YEARLY"),
                event("Spring term", "20270104", "20270327", "RDATE;VALUE=DATE:20270401"),
                "SUMMARY:Autumn term\r\nDTSTART;VALUE=DATE:20260902\r\nDURATION:P9999999D",
            ),
            [
                "line 4, column SUMMARY: ",
                "line 10, column DTSTART",
                "line 15, column RRULE",
                "line 22, column RRULE",
                "line 29, column DTSTART",
            ],
        ),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_lines(raw: bytes, said: list[str]) -> None:
    with pytest.raises(BadFile) as refused:
        read_calendar("terms.csv", raw)
    for words in said:
        assert words in refused.value.message, refused.value.message


def test_what_is_there_is_left_and_what_overlaps_is_named() -> None:
    lines = read_calendar("t.csv", CSV)
    there = Stretch(TermKind.TERM, date(2026, 9, 2), date(2026, 12, 18))
    assert [one.line for one in new_lines(lines, [there])] == [3]
    with pytest.raises(BadFile, match=r"line 2, column first_on: .Autumn term.: expected other days: another term"):
        new_lines(lines, [Stretch(TermKind.TERM, date(2026, 12, 1), date(2026, 12, 20))])
    with pytest.raises(BadFile, match="line 4"):  # two lines of one file
        new_lines(read_calendar("t.csv", CSV + b"term,Again,2026-12-18,2026-12-19\n"), [])


def known(work: Work) -> list[str]:
    work.session.expire_all()
    return list(work.session.scalars(select(TermDate.name).order_by(TermDate.first_on)))


def test_an_administrator_looks_at_it_before_it_is_put_in(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    checked = client.submit(URL, {"file": [(io.BytesIO(TERMS), "terms.ics")]})
    page = checked.get_data(as_text=True)
    said = words_of(tree_of(page))
    assert "4 to be put in" in said
    assert "Autumn term Term 2 September 2026 18 December 2026" in said
    assert known(work) == []
    action, fields = form_of(page)
    done = client.post(action, data=fields)
    assert done.location == "/settings/terms"
    assert known(work) == ["INSET day", "Autumn term", "October half term", "Spring"]
    again = client.submit(URL, {"file": [(io.BytesIO(TERMS), "terms.ics")]})
    assert "0 to be put in; 4 in the calendar already" in words_of(tree_of(again.get_data(as_text=True)))


def test_mistakes_are_listed_and_nothing_is_put_in(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    said = words_of(tree_of(client.submit(URL).get_data(as_text=True)))
    assert "Upload a file" in said
    bad = CSV + b"term,Spring <term>,2027-04-01,2027-01-04\n"
    said = words_of(tree_of(client.submit(URL, {"file": [(io.BytesIO(bad), "t.csv")]}).get_data(as_text=True)))
    assert "Upload a file without the mistakes that are listed below" in said
    assert "line 4, column last_on: " in said
    assert "Spring <term>" in said
    large = client.submit(URL, {"file": [(io.BytesIO(b"x" * 300_000), "t.csv")]})
    assert "Upload a file of less than 256 kB" in words_of(tree_of(large.get_data(as_text=True)))
    assert known(work) == []


def test_what_no_longer_fits_when_it_is_confirmed_is_not_put_in(
    client_as: ClientAs, village: Village, work: Work
) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    page = client.submit(URL, {"file": [(io.BytesIO(CSV), "t.csv")]}).get_data(as_text=True)
    action, fields = form_of(page)
    work.session.add(
        TermDate(
            authority_id=village.authority.id, school_year=2026, kind=TermKind.TERM, name="Meanwhile",
            first_on=date(2026, 9, 7), last_on=date(2026, 10, 1),
        )
    )  # fmt: skip
    work.session.flush()
    for lines in (fields["lines"], "nonsense", "[[1]]"):
        answer = client.post(action, data={**fields, "once": f"x{len(lines)}" * 9, "lines": lines})
        assert answer.location == URL
    assert known(work) == ["Meanwhile"]


def test_only_who_may_change_settings_imports(client_as: ClientAs, village: Village) -> None:
    assert client_as(village.staff[Role.AUDITOR]).get(URL).status_code == 403
