"""Papers that families send: PDFs set by typst, texts as word processors write them. The same for a seed and day."""

import json
import random
import subprocess
from calendar import day_name
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from ehe_portal.core.files import FORMATS
from ehe_portal.core.files.texts import program
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.printing import PDF, compiler
from ehe_portal.demo.phrases import band, words

INKS: Final = ("#1f5a7a", "#6b2d5c", "#2f6b3a", "#8a4b12", "#3b3f8c", "#444444")

DAYS: Final = tuple(day_name)[:5]


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

    def diary(self, learner: Learner, form: str = "docx") -> Paper:
        """A term as it was, written in a word processor: `docx` or `odt`."""
        told = words("learning")
        subjects = told["subjects"][band(learner.year_group)]
        parts = [f"# {subject}\n\n{texts[-1].format(name=learner.name)}" for subject, texts in subjects.items()]
        week = [["", *DAYS], [":--"] * 6, *told["weeks"][band(learner.year_group)]]
        parts.insert(1, "# A week\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in week))
        opening = f"---\ntitle: {learner.name}’s term\n---\n\n{learner.by}, {long_date(learner.on)}"
        command = [program(), "--sandbox", "--from=markdown", f"--to={form}", "--output=-"]
        noon = datetime.combine(learner.on, time(12), UTC).timestamp()
        written = subprocess.run(
            command, input="\n\n".join([opening, *parts]).encode(), capture_output=True, check=True,
            env={"LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": f"{noon:.0f}"},
        )  # fmt: skip
        return Paper(f"Our term {learner.name}.{form}", FORMATS[form].media_type, written.stdout)

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
