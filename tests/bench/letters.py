"""A thousand letters, written, set, sealed and kept, against typst alone on the same layout with the same words."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import typst
from sqlalchemy import select
from ttf_opensans import TTF_BIN_FOLDER

from ehe_portal.core.printing import ACCESSIBLE
from ehe_portal.core.settings import ROOT
from ehe_portal.core.work import COMMAND, Scope, Work
from ehe_portal.letters import queries
from ehe_portal.letters.models import Goes
from ehe_portal.letters.service import Wanted, said_in, write_many
from ehe_portal.register.models import Child
from tests.bench.figures import Case, Different, Figure, compare, timed
from tests.bench.portals import Ground, Site

CHILDREN, LETTERS, ROUNDS = 1200, 1000, 5
KIND = "contact-lapsed"


def facts(today: date, number: int) -> dict[str, Any]:
    """What the letters of one round say; another round's say another day, so that none is known from before."""
    return {"due on": today - timedelta(days=number), "answer by": today + timedelta(days=14)}


def written(site: Site, how_many: int, number: int) -> tuple[float, list[dict[str, Any]]]:
    """Milliseconds of writing so many letters, each with its file in the vault and its rows; and what they say.

    The rows are rolled back, so that each round finds the same tables.
    """
    with site.app.app_context():
        work = site.house.work(COMMAND, Scope(everything=True), writing=True)
        with work.session:
            children = list(work.session.scalars(select(Child).order_by(Child.id).limit(how_many)))
            took = timed(lambda: write_all(work, children, facts(site.today, number)))
            said = [asdict(said_in(letter)) for child in children for letter in queries.letters_about(work, child.id)]
            work.session.rollback()
    if len(said) != how_many:
        raise Different(f"{len(said)} letters, not {how_many}")
    return took, said


def write_all(work: Work, children: list[Child], told: dict[str, Any]) -> None:
    """Write to the first parent of each."""
    queries.fetch_families(work, [child.id for child in children])
    write_many(work, KIND, [Wanted(child, child.carers[:1], told) for child in children], goes=Goes.POST)


def set_bare(said: list[dict[str, Any]]) -> float:
    """Milliseconds of setting the same letters by typst, which reads the layout and the fonts once."""
    layout = ROOT / "templates" / "letters" / "letter.typ"
    compiler = typst.Compiler(str(layout), font_paths=[str(TTF_BIN_FOLDER)], ignore_system_fonts=True)

    def setting() -> None:
        for one in said:
            inputs = {"said": json.dumps({**one, "large": False, "notify": False}), "picture": ""}
            compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=[ACCESSIBLE])

    return timed(setting)


def letters(ground: Ground, how_many: int = LETTERS) -> Figure:
    """Writing letters to so many families against setting them alone."""
    site = ground.site(CHILDREN)
    rounds: list[list[dict[str, Any]]] = []

    def ours() -> float:
        took, said = written(site, how_many, len(rounds) + 1)
        rounds.append(said)
        return took

    what = (
        f"{how_many:,} letters to as many families: their words put together, set by typst as PDF/UA-1, sealed and "
        "kept in the vault, with their rows on PostgreSQL, against typst alone setting other letters of the same kind"
    )
    _, others = written(site, how_many, 0)

    def baseline() -> float:
        for one in others:
            one["date"] += "."  # never the same words twice: typst remembers what it has set
        return set_bare(others)

    return compare(Case("letters", 1.5, 3, what), ours, baseline, ROUNDS)
