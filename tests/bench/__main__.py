"""`python -m tests.bench [NAME ...]`: all cases, or those whose names begin so; a table, and var/bench.json.

Exits 0 whatever the ratios are; 1 where a case could not be compared at all.
"""

import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from ehe_portal.core.settings import ROOT
from tests.bench import letters, lists, pages, sight, sweeps, uploads
from tests.bench.figures import Different, Figure
from tests.bench.portals import Ground, ground

CASES: dict[str, Callable[[Ground], Figure]] = {
    "sweep": sweeps.sweep,
    "sweep-growth": sweeps.sweep_growth,
    "sweep-idle": sweeps.sweep_idle,
    "sweep-million": sweeps.sweep_million,
    "sweep-million-growth": sweeps.sweep_million_growth,
    "child-page": pages.child_page,
    "my-day": lists.my_day,
    "worklist-growth": lists.worklist_growth,
    "sight-page": sight.sight_page,
    "register-list-growth": lists.register_list_growth,
    "register-django": lists.register_django,
    "upload-copy": uploads.upload_copy,
    "upload-save": uploads.upload_save,
    "upload-memory": uploads.upload_memory,
    "upload-phones": uploads.upload_phones,
    "letters": letters.letters,
}
KEPT = ROOT / "var" / "bench.json"


def main(asked: Sequence[str]) -> int:
    """Measure what is asked for."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    chosen = [name for name in CASES if not asked or any(name.startswith(one) for one in asked)]
    if not chosen:
        print(f"There is no such case. The cases are: {', '.join(CASES)}", file=sys.stderr)
        return 2
    versions = ", ".join(f"{package} {version(package)}" for package in ("flask", "sqlalchemy", "psycopg", "granian"))
    print(f"Python {platform.python_version()}, {versions}, {os.cpu_count()} processors", file=sys.stderr)
    figures, failures = measure(chosen)
    print(table(figures))
    for failure in failures:
        print(failure, file=sys.stderr)
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n", encoding="utf-8")
    return 1 if failures else 0


def measure(chosen: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """The figures of these cases, and what kept the others from having one."""
    figures, failures = [], []
    with ground() as here:
        for name in chosen:
            began = time.perf_counter()
            try:
                figures.append(CASES[name](here))
            except Different as different:
                failures.append(f"{name}: {different}")
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return figures, failures


def table(figures: Sequence[Figure]) -> str:
    """The figures as people read them."""
    lines = [("", "ours", "baseline", "ratio", "goal", "floor", "")]
    lines += [
        (
            each.name,
            f"{each.ours:.1f} {each.unit}",
            f"{each.baseline:.1f} {each.unit}",
            f"{each.ratio:.2f}",
            f"{each.goal:g}",
            f"{each.floor:g}",
            each.standing,
        )
        for each in figures
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rows = [
        line[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(line[1:-1], widths[1:-1], strict=True))
        + f"  {line[-1]}"
        for line in lines
    ]
    return "\n".join(row.rstrip() for row in rows) + "\n\n" + "\n".join(f"{each.name}: {each.what}" for each in figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
