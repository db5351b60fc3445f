"""Papers that families send: real PDFs, set by typst. The same for the same seed and day."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.printing import PDF, compiler
from ehe_portal.demo.phrases import band, words

INKS: Final = ("#1f5a7a", "#6b2d5c", "#2f6b3a", "#8a4b12", "#3b3f8c", "#444444")


@dataclass(frozen=True)
class Paper:
    """A file as a family sends it."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Learner:
    """Whom a paper is about, who wrote it and when."""

    name: str
    year_group: int
    by: str
    on: date


class Press:
    """Makes papers. `folder` holds the layouts."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance

    def report(self, learner: Learner) -> Paper:
        """A report with a part for each subject."""
        told = words("learning")["reports"]
        sections = [
            (subject, self.chance.choice(texts).format(name=learner.name))
            for subject, texts in words("learning")["subjects"][band(learner.year_group)].items()
        ]
        return self.printed(
            "report",
            learner,
            title=f"{learner.name}'s education at home",
            opening=self.chance.choice(told["openings"]).format(name=learner.name),
            sections=sections,
            closing=self.chance.choice(told["closings"]).format(name=learner.name),
        )

    def reading_log(self, learner: Learner) -> Paper:
        """A table of books with dates and remarks."""
        books = words("learning")["books"][band(learner.year_group)]
        day = learner.on - timedelta(days=self.chance.randint(3, 9))
        remarks = self.chance.sample(words("learning")["reports"]["remarks"], 10)
        rows = []
        for (title, writer), remark in zip(self.chance.sample(books, self.chance.randint(5, 8)), remarks, strict=False):
            rows.append((long_date(day), title, writer, remark))
            day -= timedelta(days=self.chance.randint(6, 24))
        opening = "The ones we remembered to write down, the latest first."
        return self.printed("reading-log", learner, title=f"What {learner.name} has read", opening=opening, rows=rows)

    def timetable(self, learner: Learner) -> Paper:
        """A week as it usually goes."""
        return self.printed(
            "timetable",
            learner,
            title=f"{learner.name}'s week",
            rows=words("learning")["weeks"][band(learner.year_group)],
            closing="It changes with the weather, with visits, and with what turns out to be interesting.",
        )

    def printed(self, layout: str, learner: Learner, **said: Any) -> Paper:
        """A layout with its words as a PDF; the words go in as data and cannot change the layout."""
        told = {**said, "by": learner.by, "date": long_date(learner.on), "ink": self.chance.choice(INKS)}
        content = compiler(self.folder / f"{layout}.typ").compile(
            format="pdf",
            sys_inputs={"said": json.dumps(told)},
            timestamp=int(datetime.combine(learner.on, time(12), UTC).timestamp()),
        )
        stem = {"report": "Report", "reading-log": "Reading list", "timetable": "Our week"}[layout]
        if not isinstance(content, bytes):
            raise TypeError(f"{layout}.typ was to make one PDF")
        return Paper(f"{stem} {learner.name}.pdf", PDF, content)
