"""Looks into one file that a stranger sent, in a process of its own that may use little and write nothing.

Started by `parent.py` as `python -m ehe_portal.core.files.child TASK LIMITS`. The file comes on standard input. The
answer goes to standard output: one line of JSON, then, for what is to be viewed, a new picture. Whatever happens
here (endless loop, memory eaten up, crash of a library in C) ends this process alone.
"""

import json
import resource
import sys
from contextlib import suppress
from io import BytesIO

from ehe_portal.core.files import documents
from ehe_portal.core.files.formats import PAGED, PICTURES, Problem


def be_modest(limits: dict[str, int]) -> None:
    """Let the system stop this process when it uses too much."""
    wanted = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: limits["processor"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for what, most in wanted.items():
        _, already = resource.getrlimit(what)
        ours = most if already == resource.RLIM_INFINITY else min(most, already)
        # Some systems know no limit of the address space; the others still hold there.
        with suppress(ValueError):
            resource.setrlimit(what, (ours, ours))


def inspect(content: bytes, limits: dict[str, int]) -> tuple[dict[str, object], bytes]:
    """What the file is, and the first thing that is wrong with it."""
    form = documents.form_of(content)
    if form is None:
        return {"problem": Problem.OTHER_KIND.name}, b""
    if form in PICTURES:
        # Pillow takes a while to load and documents do without.
        from ehe_portal.core.files import pictures

        problem, width, height = pictures.look_at(BytesIO(content), form, limits["pixels"])
        return {"form": form, "problem": problem and problem.name, "width": width, "height": height}, b""
    problem = documents.look_at(content, form)
    return {"form": form, "problem": problem and problem.name}, b""


def pages(content: bytes, limits: dict[str, int]) -> tuple[dict[str, object], bytes]:
    """How many pages a PDF has, or a text that is set as one."""
    found = as_pdf(content, limits)
    if isinstance(found, Problem):
        return {"problem": found.name}, b""
    from ehe_portal.core.files import pages

    return {"problem": None, "pages": pages.count(found)}, b""


def page(content: bytes, limits: dict[str, int]) -> tuple[dict[str, object], bytes]:
    """One page drawn as a JPEG: what it shows, and nothing that it does."""
    found = as_pdf(content, limits)
    if isinstance(found, Problem):
        return {"problem": found.name}, b""
    from ehe_portal.core.files import pages

    try:
        made, width, height = pages.drawn(found, limits["page"], limits["longest_side"])
    except pages.NotDrawn:
        return {"problem": Problem.DAMAGED.name}, b""
    return {"problem": None, "width": width, "height": height}, made


def as_pdf(content: bytes, limits: dict[str, int]) -> bytes | Problem:
    """A PDF as it is, a text set as one; or why no page can be made of this."""
    form = documents.form_of(content)
    if form not in PAGED:
        return Problem.OTHER_KIND
    problem = documents.look_at(content, form)
    if problem is not None or form == "pdf":
        return problem or content
    from ehe_portal.core.files import texts

    try:
        return texts.as_pdf(content, form, limits["pixels"])
    except texts.NotSet:
        return Problem.DAMAGED


def picture(content: bytes, limits: dict[str, int]) -> tuple[dict[str, object], bytes]:
    """The picture made anew as a JPEG, upright and without anything but what it shows."""
    from ehe_portal.core.files import pictures

    form = documents.form_of(content)
    if form not in PICTURES:
        return {"problem": Problem.OTHER_KIND.name}, b""
    problem, _, _ = pictures.look_at(BytesIO(content), form, limits["pixels"])
    if problem is not None:
        return {"problem": problem.name}, b""
    made, width, height = pictures.made_anew(BytesIO(content), form, limits["longest_side"])
    return {"form": form, "problem": None, "width": width, "height": height}, made


TASKS = {"inspect": inspect, "picture": picture, "pages": pages, "page": page}


def main() -> None:
    """Read, look, answer."""
    task, limits = TASKS[sys.argv[1]], json.loads(sys.argv[2])
    be_modest(limits)
    try:
        answer, made = task(sys.stdin.buffer.read(), limits)
    except MemoryError:
        answer, made = {"problem": Problem.UNPACKS_TOO_LARGE.name}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
