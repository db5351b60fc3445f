"""What makes a wording fit a kind of letter, and how it and its values become a letter.

A wording is plain text. A line that begins with `# ` is a heading, one that begins with `* ` a point of a list; all
else is paragraphs, with a blank line between them. Placeholders are written `((like this))`. A value is put in last:
nothing in it is taken for a mark or a placeholder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.wordings import filled, placeholders_problem, tidy, used, written
from ehe_portal.letters.rules.kinds import Kind, Placeholder, Shown

LONGEST_TITLE: Final = 150
LONGEST_BODY: Final = 10_000
LONGEST_FACT: Final = 20_000
HEADING, TEXT, POINT, LIST = "heading", "text", "point", "list"
MARKS: Final = (("# ", HEADING), ("* ", POINT))

Fact = str | date | Sequence[str]
Facts = Mapping[str, Fact]
Block = tuple[str, str | list[str]]
"""A part of a letter: what it is, and its words; of a list its points."""


@dataclass(frozen=True)
class Words:
    """The wording of a letter: its title and its body, both with placeholders."""

    title: str
    body: str


def problem(kind: Kind, words: Words) -> tuple[str, str] | None:
    """Why a wording does not fit a kind of letter, as (field, what to do); None if it does."""
    if not words.title.strip():
        return "title", "Enter a title"
    if len(words.title) > LONGEST_TITLE or "\n" in words.title:
        return "title", f"Enter a title of one line and {LONGEST_TITLE} characters or fewer"
    if len(words.body) > LONGEST_BODY:
        return "body", f"Enter a letter of {LONGEST_BODY:,} characters or fewer"
    known = [one.name for one in kind.known]
    for field, text in (("title", words.title), ("body", words.body)):
        if wrong := placeholders_problem(text, known):
            return field, wrong
    optional = {one.name for one in kind.known if not one.required and one.name in used(words.title)}
    if optional & {one.name for one in kind.placeholders}:
        return "title", f"Enter {written(min(optional))} in the letter only: it may be missing, and every title is said"
    for one in kind.placeholders:
        if one.required and one.name not in used(words.body):
            return "body", f"Enter {written(one.name)} somewhere in the letter: its reader needs it"
    return None


def facts_problem(kind: Kind, facts: Facts) -> tuple[str, str] | None:
    """Why a letter of a kind cannot be made of these values, as (name, what to do); None if it can.

    Raises ValueError for a name that the kind does not have: no person types one.
    """
    for name in facts:
        if kind.named(name) is None:
            raise ValueError(f"a letter of the kind {kind.key} carries no {name}")
    for one in kind.placeholders:
        value = said(one, facts.get(one.name))
        if one.required and not value:
            return one.name, f"Enter an answer to “{one.question}”"
        if len(value) > LONGEST_FACT:
            return one.name, f"Enter {LONGEST_FACT:,} characters or fewer for “{one.question}”"
    return None


def said(placeholder: Placeholder, fact: Fact | None) -> str:
    """A value as one text: a date in words, several things one a line; "" where there is none."""
    if fact is None:
        return ""
    if isinstance(fact, date):
        return long_date(fact)
    lines = [fact] if isinstance(fact, str) else list(fact)
    if placeholder.shown in (Shown.LINE, Shown.DATE):
        return " ".join(" ".join(lines).split())
    if placeholder.shown is Shown.LIST:
        return "\n".join(point for each in lines for line in each.splitlines() if (point := " ".join(line.split())))
    return "\n".join(lines).replace("\r\n", "\n").strip()


def composed(kind: Kind, words: Words, values: Mapping[str, str]) -> tuple[str, list[Block]]:
    """The title and the parts of a letter. `values` are texts, as `said` makes them, by placeholder.

    A part that names a value which is missing is left out, and so is a heading that nothing follows.
    """
    lists = {one.name for one in kind.known if one.shown is Shown.LIST}
    inline = {name: in_a_row(value.split("\n")) if name in lists else value for name, value in values.items()}
    parts: list[tuple[str, str]] = []
    for mark, text in marked(words.body):
        if all(values.get(name) for name in used(text)):
            parts += spread(mark, text, values, lists) or [(mark, filled(text, inline))]
    return " ".join(filled(words.title, inline).split()), together(parts)


def marked(body: str) -> Iterator[tuple[str, str]]:
    """The parts of a wording, each with what it is; points stand alone."""
    paragraph: list[str] = []
    for line in [*body.replace("\r\n", "\n").split("\n"), ""]:
        mark = next(((kind, line[len(sign) :].strip()) for sign, kind in MARKS if line.startswith(sign)), None)
        if (mark or not line.strip()) and paragraph:
            yield TEXT, "\n".join(paragraph)
            paragraph = []
        if mark:
            yield mark
        elif line.strip():
            paragraph.append(line.strip())


def spread(mark: str, text: str, values: Mapping[str, str], lists: set[str]) -> list[tuple[str, str]]:
    """The parts that a value becomes which stands alone: a paragraph for each of its own, a point for each thing."""
    names = used(text)
    if len(names) != 1 or mark == HEADING or tidy(text.strip().removeprefix("((").removesuffix("))")) not in names:
        return []
    name = names.pop()
    if name in lists:
        return [(POINT, point) for point in values[name].split("\n")]
    if mark == POINT:
        return []
    paragraphs = (part.strip() for part in values[name].split("\n\n"))
    return [(TEXT, part) for part in paragraphs if part]


def together(parts: Sequence[tuple[str, str]]) -> list[Block]:
    """Parts as blocks: points that follow each other are one list, and no heading is without anything under it."""
    blocks: list[Block] = []
    for mark, text in parts:
        if mark in (HEADING, TEXT):
            if mark == HEADING and blocks and blocks[-1][0] == HEADING:
                blocks.pop()
            blocks.append((mark, text))
        elif blocks and isinstance(blocks[-1][1], list):
            blocks[-1][1].append(text)
        else:
            blocks.append((LIST, [text]))
    if blocks and blocks[-1][0] == HEADING:
        blocks.pop()
    return blocks


def in_a_row(points: Sequence[str]) -> str:
    """Several things within a sentence: "a, b and c"."""
    *rest, last = points
    return f"{', '.join(rest)} and {last}" if rest else last
