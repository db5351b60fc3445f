"""Spreadsheets in and out: one reader and one writer for every CSV file that an authority brings or takes.

A file is UTF-8 (a BOM is accepted), comma-separated, quoted as RFC 4180 says, with a header row in any column order.
Reading goes in two steps. `read_sheet` settles what concerns the file and its header, and gives `Row`s whose cells
have no blanks around them and no guard before a formula. `Cells` then turns one row's cells into values with the
parsers below; what does not fit is noted with its line, column, value and what was expected, so that all bad rows
are listed at once:

    sheet = read_sheet(path, must=("child_ref",), may=("upn",))
    for row in counted(sheet.rows, "Reading"):
        cells = Cells(row, sheet.bad)
        reference = cells.must("child_ref", text(100))          # None where it is missing or bad: noted
        born = cells.may("date_of_birth", a_date, default=None)  # the default where the cell is empty or bad
    sheet.refuse_if_bad()

`BadFile` is a `Refusal`: `core.commands.command_work` shows it on standard error and exits with 2.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a return would be a formula to a spreadsheet: `write_sheet` puts
an apostrophe before it and `read_sheet` takes it away. A value that itself has apostrophes before such a character
gets one more, so that reading what was written always gives the same value.
"""

import csv
import difflib
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, TextIO, TypeVar

import click

from ehe_portal.core.errors import Refusal

T = TypeVar("T")
D = TypeVar("D")
E = TypeVar("E", bound=StrEnum)

MAX_BYTES: Final = 200 * 1024 * 1024
LONG: Final = 1000  # rows from which on progress is shown
SHOWN: Final = 80  # characters of a value that a complaint repeats
BROKEN: Final = "quotation marks in pairs round a cell, and doubled inside it (the rows after this line were not read)"
DATES: Final = "a date as YYYY-MM-DD or DD/MM/YYYY"

_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_NEEDS_GUARD: Final = re.compile(r"'*[=+\-@\t\r]")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS_BUT_LINES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class BadFile(Refusal):
    """A file cannot be taken in; the message has a line for each thing that is wrong with it."""


class Unexpected(ValueError):
    """A cell does not hold what its column asks for; the words say what was expected."""


@dataclass(frozen=True, slots=True, order=True)
class BadCell:
    """One thing wrong with one row. Without a column it concerns the whole row."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {shown(self.value)}: expected {self.expected}"


class Row(NamedTuple):
    """One row: the line of the file on which it begins (the header is line 1), and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A file that has been read: the columns it has, its rows, and what is wrong with them so far."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)

    def refuse_if_bad(self) -> None:
        """Raises `BadFile` with every complaint, in the order of the file."""
        if not self.bad:
            return
        rows = len({cell.line for cell in self.bad})
        summary = f"{rows:,} bad {'row' if rows == 1 else 'rows'}. Nothing was imported."
        raise BadFile("\n".join([*(str(cell) for cell in sorted(self.bad)), summary]))


@dataclass(frozen=True, slots=True)
class Cells:
    """Takes one row's cells one by one, noting in `bad` what does not fit."""

    row: Row
    bad: list[BadCell]

    def must(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The value of a cell that has to be there; None, and noted, where it is empty or does not fit."""
        if not self.row.cells.get(column):
            self.complain(column, "a value: this column cannot be empty")
            return None
        return self.may(column, parse, default=None)

    def may(self, column: str, parse: Callable[[str], T], *, default: D) -> T | D:
        """The value of a cell that may be left out; the default where it is empty, or noted as not fitting."""
        cell = self.row.cells.get(column, "")
        if not cell:
            return default
        try:
            return parse(cell)
        except Unexpected as unexpected:
            self.complain(column, str(unexpected))
            return default

    def complain(self, column: str, expected: str) -> None:
        """Note that this column's cell is not what was expected."""
        self.bad.append(BadCell(self.row.line, column, self.row.cells.get(column, ""), expected))


def shown(value: str) -> str:
    """A value as a complaint repeats it: in quotation marks, on one line, shortened if long."""
    if not value:
        return "(empty)"
    short = value if len(value) <= SHOWN else value[:SHOWN] + "…"
    return '"' + _CONTROLS.sub(lambda found: repr(found.group())[1:-1], short) + '"'


def guard(value: str) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    return "'" + value if _NEEDS_GUARD.match(value) else value


def unguard(cell: str) -> str:
    """The value that `guard` made this cell of."""
    return cell[1:] if _GUARDED.match(cell) else cell


def tidy(cell: str) -> str:
    """What a cell says: without its guard and without blanks around it."""
    return unguard(cell.strip()).strip()


# --- parsers of cells: each raises `Unexpected` ---


def a_date(cell: str) -> date:
    """A date written as YYYY-MM-DD or DD/MM/YYYY."""
    if found := _ISO.fullmatch(cell):
        year, month, day = found.groups()
    elif found := _BRITISH.fullmatch(cell):
        day, month, year = found.groups()
    else:
        raise Unexpected(DATES)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unexpected(f"{DATES}; there is no such day") from None


def one_of(codes: type[E]) -> Callable[[str], E]:
    """A parser for the codes of a list, written exactly as they are."""
    expected = "one of " + ", ".join(code.value for code in codes)

    def parse(cell: str) -> E:
        try:
            return codes(cell)
        except ValueError:
            raise Unexpected(expected) from None

    return parse


def yes_or_no(cell: str) -> bool:
    """`yes` or `no`."""
    if cell not in ("yes", "no"):
        raise Unexpected("yes or no")
    return cell == "yes"


def text(longest: int) -> Callable[[str], str]:
    """A parser for words on one line, in any script, of at most so many characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise Unexpected(f"at most {longest:,} characters; there are {len(cell):,}")
        if _CONTROLS.search(cell):
            raise Unexpected("one line, without control characters")
        return cell

    return parse


def long_text(longest: int) -> Callable[[str], str]:
    """A parser for words on any number of lines, of at most so many characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise Unexpected(f"at most {longest:,} characters; there are {len(cell):,}")
        if _CONTROLS_BUT_LINES.search(cell):
            raise Unexpected("words without control characters")
        return cell

    return parse


# --- reading ---


def read_sheet(path: Path, *, must: Collection[str], may: Collection[str]) -> Sheet:
    """Read a file whose header has all of `must` and nothing but `must` and `may`.

    Rows with too few or too many cells, or broken quoting, are noted in the sheet's `bad`; rows with nothing in them
    are passed over. Raises `BadFile` for what concerns the whole file.
    """
    return sheet_of(path, read_text(path), must=must, may=may)


def sheet_of(path: Path, content: str, *, must: Collection[str], may: Collection[str]) -> Sheet:
    """The same of a text that has been read; `path` is what it is called."""
    records = Records(content)
    header = next(records, None)
    if header is None:
        broken = f" ({records.problem.expected})" if records.problem else ""
        raise BadFile(f"{path.name}: the file is empty{broken}. Expected a header row naming the columns, then rows.")
    columns = check_header(path, header.cells, must, may)
    sheet = Sheet(columns)
    for line, cells in records:
        values = [tidy(cell) for cell in cells]
        if len(values) == len(columns):
            if any(values):
                sheet.rows.append(Row(line, dict(zip(columns, values, strict=True))))
        elif any(values):
            expected = f"{len(columns)} cells, as in the header; there are {len(values)}"
            sheet.bad.append(BadCell(line, "", ",".join(cells), expected))
    if records.problem:
        sheet.bad.append(records.problem)
    return sheet


def read_text(path: Path) -> str:
    """The whole file as text. Raises `BadFile` where it cannot be read or is no UTF-8 text."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile(
                f"{path.name}: the file is larger than {MAX_BYTES // 1024 // 1024} MB. Expected a smaller one."
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadFile(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise BadFile(f"{path}: this is a folder. Expected a CSV file.") from None
    except OSError as error:
        raise BadFile(f"{path}: the file cannot be read ({error.strerror}).") from None
    return as_text(path, raw)


def as_text(path: Path, raw: bytes) -> str:
    """Bytes as text. Raises `BadFile` where they are no UTF-8 text; `path` is what they are called."""
    try:
        decoded = raw.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path.name}: line {line} is not UTF-8 text. Expected CSV saved as UTF-8.") from None
    if "\0" in decoded:
        line = decoded.count("\n", 0, decoded.index("\0")) + 1
        raise BadFile(f"{path.name}: line {line} has a NUL character. Expected CSV saved as UTF-8 text.")
    return decoded


class Record(NamedTuple):
    """The line on which a record begins, and its cells as they were written."""

    line: int
    cells: list[str]


class Records(Iterator[Record]):
    """The records of a CSV text. It stops at broken quoting, of which `problem` then tells."""

    def __init__(self, text: str) -> None:
        # The columns say how long a cell may be; the module's own limit would end the reading at the first long one.
        csv.field_size_limit(MAX_BYTES)
        self.reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.problem: BadCell | None = None

    def __next__(self) -> Record:
        while True:
            line = self.reader.line_num + 1
            try:
                cells = next(self.reader)
            except csv.Error:
                self.problem = BadCell(line, "", "", BROKEN)
                raise StopIteration from None
            if cells:
                return Record(line, cells)


def check_header(path: Path, header: list[str], must: Collection[str], may: Collection[str]) -> tuple[str, ...]:
    """The column names of a header row. Raises `BadFile` naming what is unknown, missing, double or without a name."""
    names = [name.strip() for name in header]
    known = [*must, *may]
    problems = []
    if nameless := [str(place) for place, name in enumerate(names, 1) if not name]:
        problems.append(f"columns without a name: number {', '.join(nameless)}.")
    if unknown := sorted({name for name in names if name and name not in known}):
        problems.append(f"unknown columns: {', '.join(suggestion(name, known) for name in unknown)}.")
    if double := sorted(name for name, times in Counter(names).items() if times > 1 and name):
        problems.append(f"columns named more than once: {', '.join(shown(name) for name in double)}.")
    if missing := [name for name in must if name not in names]:
        problems.append(f"missing columns: {', '.join(missing)}.")
    if problems and len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        problems.append("columns are separated by commas.")
    if problems:
        besides = f"; it may have {', '.join(may)}" if may else ""
        problems.append(f"expected a header row with {', '.join(must)}{besides}.")
        raise BadFile("\n".join(f"{path.name}: {problem}" for problem in problems))
    return tuple(names)


def suggestion(name: str, known: Sequence[str]) -> str:
    """An unknown column's name, with the known one that it may have meant."""
    near = difflib.get_close_matches(name[:SHOWN].lower().replace(" ", "_"), known, n=1, cutoff=0.75)
    return f"{shown(name)} (is it {near[0]}?)" if near else shown(name)


def counted(rows: Sequence[T], doing: str) -> Iterator[T]:
    """The rows, one by one; for a long file it says on standard error, ten times, how far it has come."""
    total = len(rows)
    step = -(-total // 10)
    for done, row in enumerate(rows, 1):
        yield row
        if total >= LONG and (done % step == 0 or done == total):
            click.echo(f"{doing}: {done:,} of {total:,} rows", err=True)


# --- writing ---


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> int:
    """Write a file, its header first; gives the number of rows. None is an empty cell.

    The file appears whole or not at all, readable by its owner alone. Raises `BadFile` where it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe, a device: nothing to replace
            with path.open("w", encoding="utf-8", newline="") as open_file:
                return write_rows(open_file, columns, rows)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".export-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as open_file:
                written = write_rows(open_file, columns, rows)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadFile(f"{path}: the file cannot be written ({error.strerror}).") from None
    return written


def rows_as_text(rows: Iterable[Sequence[str | None]]) -> str:
    """Rows as a file has them, for one that is sent piece by piece. None is an empty cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guard(value or "") for value in row] for row in rows)
    return out.getvalue()


def write_rows(open_file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> int:
    """Write a header and rows to an open file; gives the number of rows."""
    writer = csv.writer(open_file)
    writer.writerow(columns)
    written = 0
    for row in rows:
        writer.writerow([guard(value or "") for value in row])
        written += 1
    return written
