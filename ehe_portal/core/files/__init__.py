"""Files that strangers send: what each really is, whether it may be taken, and a picture of it that is safe to show.

Content decides, not the name and not what the browser says. All unpacking happens in a child process with little
memory and time (`parent.py` starts it, `child.py` is it), which gets the content through a pipe: nothing is written
to disk in the clear, and a hostile file ends the child, not the portal.
"""

from dataclasses import dataclass

from ehe_portal.core.files.formats import ACCEPTED, FORMATS, Kind, Problem, about
from ehe_portal.core.files.names import content_disposition, safe_filename
from ehe_portal.core.files.parent import Content, Limits, ask

__all__ = [
    "ACCEPTED",
    "FORMATS",
    "Kind",
    "Limits",
    "NotShowable",
    "Picture",
    "Problem",
    "Verdict",
    "about",
    "content_disposition",
    "inspect",
    "page_for_viewing",
    "pages_in",
    "picture_for_viewing",
    "safe_filename",
]


@dataclass(frozen=True)
class Verdict:
    """What a file is, under which name it may be kept and shown, and why it is not taken, if it is not.

    Each of `problems` is a whole sentence for the person who chose the file. `width` and `height` are a picture's, in
    pixels, as stored.
    """

    kind: Kind | None
    media_type: str | None
    safe_filename: str
    problems: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None

    @property
    def fine(self) -> bool:
        """Whether the file may be taken."""
        return not self.problems


@dataclass(frozen=True)
class Picture:
    """A picture made anew as a JPEG; measures in pixels."""

    jpeg: bytes
    width: int
    height: int


class NotShowable(Exception):
    """No picture can be made of this; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def inspect(content: Content, filename: str | None, limits: Limits | None = None) -> Verdict:
    """What is this file really? `content` is a path, a stream or an iterable of bytes, `filename` its name so far."""
    answer = ask("inspect", content, limits or Limits())
    form = answer.form
    if form is None or answer.problem:
        problem = answer.problem or Problem.DAMAGED
        kind, media_type = (form.kind, form.media_type) if form else (None, None)
        return Verdict(kind, media_type, safe_filename(filename), (problem.value,))
    return Verdict(
        kind=form.kind,
        media_type=form.media_type,
        safe_filename=safe_filename(filename, form.endings),
        width=answer.width,
        height=answer.height,
    )


def picture_for_viewing(content: Content, limits: Limits | None = None) -> Picture:
    """A JPEG, PNG or HEIC made anew as a JPEG: upright, of `longest_side` at most, without place, time or owner.

    Raises `NotShowable`.
    """
    answer = ask("picture", content, limits or Limits())
    if answer.problem or answer.width is None or answer.height is None:
        raise NotShowable(answer.problem or Problem.DAMAGED)
    return Picture(answer.made, answer.width, answer.height)


def pages_in(content: Content, limits: Limits | None = None) -> int:
    """How many pages a PDF has, or a Word or OpenDocument text that is set anew. Raises `NotShowable`."""
    answer = ask("pages", content, limits or Limits())
    if answer.problem or answer.pages is None:
        raise NotShowable(answer.problem or Problem.DAMAGED)
    return answer.pages


def page_for_viewing(content: Content, page: int, limits: Limits | None = None) -> Picture:
    """One page, counted from 1, drawn as a JPEG of `longest_side`: nothing in it can run or lead anywhere.

    Raises `NotShowable`.
    """
    answer = ask("page", content, limits or Limits(longest_side=1600), page)
    if answer.problem or answer.width is None or answer.height is None:
        raise NotShowable(answer.problem or Problem.DAMAGED)
    return Picture(answer.made, answer.width, answer.height)
