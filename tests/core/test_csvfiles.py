"""CSV files: what is read is what was written, and what is wrong is said with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.core import csvfiles
from ehe_portal.core.csvfiles import BadFile, Cells, Unexpected, guard, read_sheet, text, tidy, unguard, write_sheet

NASTY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
FORMULAS = st.builds("".join, st.tuples(st.text("'", max_size=3), st.sampled_from("=+-@\t\r"), NASTY))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def complaint(path: Path, content: str | bytes) -> str:
    with pytest.raises(BadFile) as refused:
        read_sheet(written(path, content), must=("a", "b"), may=("c",)).refuse_if_bad()
    return refused.value.message


@given(NASTY | FORMULAS)
def test_a_guarded_value_comes_back(value: str) -> None:
    assert unguard(guard(value)) == value
    assert guard(value)[:1] not in ("=", "+", "-", "@", "\t", "\r") or not value


@given(st.lists(st.lists((NASTY | FORMULAS).map(str.strip), min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    assert write_sheet(path, ("a", "b"), rows) == len(rows)
    sheet = read_sheet(path, must=("a", "b"), may=())
    tidied = [[tidy(guard(value)) for value in row] for row in rows]
    assert [list(row.cells.values()) for row in sheet.rows] == [row for row in tidied if any(row)]
    assert sheet.bad == []


def test_the_file_that_is_written(path: Path) -> None:
    write_sheet(path, ("a", "b"), [("=1", 'say "hi", all'), (None, "x\ny")])
    assert path.read_bytes() == b'a,b\r\n\'=1,"say ""hi"", all"\r\n,"x\ny"\r\n'


def test_a_mark_at_the_beginning_and_blanks_are_passed_over(path: Path) -> None:
    sheet = read_sheet(written(path, "\ufeff b , a\r\n 1 ,\u00a0'=2 \r\n\r\n , \r\n"), must=("a", "b"), may=())
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, {"b": "1", "a": "=2"})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "file.csv: the file is empty"),
        ("\n\n", "the file is empty"),
        ("a,b,d\n", 'unknown columns: "d"'),
        ("a,b,C\n", 'unknown columns: "C" (is it c?)'),
        ("a\n", "missing columns: b"),
        ("a,b,a\n", 'columns named more than once: "a"'),
        ("a,b,\n", "columns without a name: number 3"),
        ("a;b\n", "columns are separated by commas"),
        ("a,b\n1\n", 'line 2: "1": expected 2 cells, as in the header; there are 1'),
        ("a,b\n1,2,3\n", "there are 3"),
        ('a,b\n"1,2\n', "line 2: (empty): expected quotation marks in pairs"),
        ('a,b\n"1"x,2\n', "expected quotation marks in pairs"),
        ('a,b\n1,2\n3,"' + "x" * 200_000 + "\n5,6\n", "line 3: (empty): expected quotation marks in pairs"),
        (b"a,b\n1,2\n\xff,3\n", "line 3 is not UTF-8 text"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1 is not UTF-8 text"),
        ("a,b\n1,\0\n", "line 2 has a NUL character"),
    ],
)
def test_what_is_wrong_is_said(path: Path, content: str | bytes, said: str) -> None:
    assert said in complaint(path, content)


def test_a_huge_cell_does_not_keep_the_rows_after_it_from_being_read(path: Path) -> None:
    sheet = read_sheet(written(path, "a,b\n" + "x" * 200_000 + ",2\n3,4\n5\n"), must=("a", "b"), may=())
    assert Cells(sheet.rows[0], sheet.bad).must("a", text(100)) is None
    assert sheet.rows[1] == (3, {"a": "3", "b": "4"})
    assert [(bad.line, bad.column) for bad in sorted(sheet.bad)] == [(2, "a"), (4, "")]


def test_lines_are_those_of_the_file(path: Path) -> None:
    sheet = read_sheet(written(path, 'a,b\n"1\n1",2\n3,4\n5\n'), must=("a", "b"), may=())
    assert [row.line for row in sheet.rows] == [2, 4]
    assert [bad.line for bad in sheet.bad] == [5]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.csv", "there is no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(BadFile, match=said):
            read_sheet(path, must=("a",), may=())


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "file.csv"):
        with pytest.raises(BadFile, match="cannot be written"):
            write_sheet(path, ("a",), [])
    assert list(tmp_path.iterdir()) == []


def test_a_file_appears_whole_or_not_at_all(path: Path) -> None:
    written(path, "before")

    def rows() -> object:
        yield ("1",)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_sheet(path, ("a",), rows())  # type: ignore[arg-type]
    assert path.read_text() == "before"
    assert [file.name for file in path.parent.iterdir()] == ["file.csv"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2026-03-01", date(2026, 3, 1)), ("01/03/2026", date(2026, 3, 1)), ("29/02/2024", date(2024, 2, 29))],
)
def test_dates(cell: str, day: date) -> None:
    assert csvfiles.a_date(cell) == day


@pytest.mark.parametrize(
    "cell", ["1/3/2026", "2026-3-1", "29/02/2026", "2026-13-01", "03/2026", "٢٠٢٦-03-01", "01-03-2026", "0000-01-01"]
)
def test_what_is_no_date(cell: str) -> None:
    with pytest.raises(Unexpected):
        csvfiles.a_date(cell)


def test_other_parsers() -> None:
    assert csvfiles.yes_or_no("yes")
    assert csvfiles.text(3)("é’x") == "é’x"
    assert csvfiles.long_text(10)("a\nb\tc") == "a\nb\tc"
    for parse, cell in ((csvfiles.yes_or_no, "Yes"), (csvfiles.text(3), "abcd"), (csvfiles.text(9), "a\nb"),
                        (csvfiles.long_text(3), "abcd"), (csvfiles.long_text(9), "a\x07")):  # fmt: skip
        with pytest.raises(Unexpected):
            parse(cell)


def test_cells_note_what_does_not_fit(path: Path) -> None:
    sheet = read_sheet(written(path, "a,b,c\n,x,31/02/2020\n"), must=("a", "b"), may=("c",))
    cells = Cells(sheet.rows[0], sheet.bad)
    assert cells.must("a", csvfiles.text(9)) is None
    assert cells.must("b", csvfiles.text(9)) == "x"
    assert cells.may("c", csvfiles.a_date, default=None) is None
    with pytest.raises(BadFile) as refused:
        sheet.refuse_if_bad()
    assert refused.value.message.splitlines() == [
        "line 2, column a: (empty): expected a value: this column cannot be empty",
        'line 2, column c: "31/02/2020": expected a date as YYYY-MM-DD or DD/MM/YYYY; there is no such day',
        "1 bad row. Nothing was imported.",
    ]


def test_progress_is_shown_for_long_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(csvfiles.counted(range(10), "Reading")) == list(range(10))
    assert capsys.readouterr().err == ""
    assert len(list(csvfiles.counted(range(2500), "Reading"))) == 2500
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Reading: 250 of 2,500 rows"
    assert said[-1] == "Reading: 2,500 of 2,500 rows"
