"""The kinds of letters: what each is called, whom it goes to, and what it may carry.

The words of each are in `templates/letters/<key>.txt`, its title on the first line. A room adds its own kinds here, as
data: a line below and a file of words.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ehe_portal.core.wordings import tidy


class Shown(StrEnum):
    """What a placeholder stands for: a line, a date, several paragraphs, or several things."""

    LINE = "line"
    DATE = "date"
    WORDS = "words"
    LIST = "list"


@dataclass(frozen=True)
class Placeholder:
    """One value that a letter carries: its name, the question by which an officer is asked for it, and an example.

    What is not required may be missing: then the paragraph or point that names it is left out.
    """

    name: str
    shown: Shown
    question: str
    example: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of letter. A `statutory` one is served under an Act, and goes on paper. One that is not `by_hand` is
    made by the deed that it tells of alone, and nobody can write it without that.
    """

    key: str
    title: str
    to: str
    placeholders: tuple[Placeholder, ...]
    statutory: bool = False
    by_hand: bool = True

    @property
    def known(self) -> tuple[Placeholder, ...]:
        """All that its words may name."""
        return (*self.placeholders, *OWN)

    def named(self, name: str) -> Placeholder | None:
        """One of its own placeholders by its name, however it is spelled."""
        return next((one for one in self.placeholders if one.name == tidy(name)), None)


def line(name: str, question: str, example: str, *, required: bool = False) -> Placeholder:
    """A value of one line."""
    return Placeholder(name, Shown.LINE, question, example, required)


def day(name: str, question: str, example: str, *, required: bool = False) -> Placeholder:
    """A date."""
    return Placeholder(name, Shown.DATE, question, example, required)


def words(name: str, question: str, example: str, *, required: bool = False) -> Placeholder:
    """Several paragraphs."""
    return Placeholder(name, Shown.WORDS, question, example, required)


def points(name: str, question: str, example: str, *, required: bool = False) -> Placeholder:
    """Several things, one on each line."""
    return Placeholder(name, Shown.LIST, question, example, required)


OWN: Final = (
    line("child", "", "Sam Carter"),
    line("first name", "", "Sam"),
    line("parent", "", "Alex Carter"),
    line("council", "", "Example Council"),
    line("adviser", "", "Robin Hale"),
    line("contact", "", "email home.education@example.org or ring 01234 567890"),
)
"""What every letter may name and nobody is asked for. Of a child whom no adviser has yet, `adviser` is missing."""

EACH_PARENT: Final = "A parent or carer"
INFORMED: Final = "A parent or carer whose child’s education was decided about"

KINDS: Final = {
    kind.key: kind
    for kind in (
        Kind("registration-received", "We have your registration", EACH_PARENT, (
            day("received on", "When did the registration come?", "3 March 2027", required=True),
            day("answer by", "By when will you answer?", "10 March 2027"),
        )),
        Kind("welcome", "Welcome, with rights and contacts", EACH_PARENT, ()),
        Kind("visit-offer", "Offer of a visit, meeting or call", EACH_PARENT, (
            line("what", "What do you offer?", "a meeting at the library", required=True),
            points("times", "Which times can the family choose from? Enter each on a line of its own",
                   "Tuesday 17 March 2027, 2pm", required=True),
            day("answer by", "By when would you like an answer?", "10 March 2027"),
        )),
        Kind("outcome", "Decision about the education", INFORMED, (
            day("decided on", "When was it decided?", "3 March 2027", required=True),
            line("outcome", "What was decided?", "The education appears to be suitable", required=True),
            words("reasons", "Why? Say it as you would to the family’s face",
                  "Sam reads every day and has built a weather station.", required=True),
            points("relied on", "What does the decision rest on? Enter each on a line of its own",
                   "Your written report of 1 March 2027"),
            words("advice", "What do you suggest? It is advice: nobody has to follow it",
                  "The library has a club for young scientists."),
            words("what next", "What happens next, and when?", "We will be in touch again in about a year.",
                  required=True),
        )),
        Kind("information-request", "Request for information", INFORMED, (
            words("what we need", "What would you like to know more about, and why?",
                  "We do not yet know how Sam learns to write.", required=True),
            day("answer by", "By which day would you like an answer?", "7 April 2027", required=True),
        )),
        Kind("contact-lapsed", "We would like to hear from you: first letter", EACH_PARENT, (
            day("due on", "By when did you plan to be in touch?", "17 March 2027", required=True),
            day("answer by", "By when would you like an answer?", "31 March 2027", required=True),
        )),
        Kind("contact-lapsed-again", "We would like to hear from you: second letter", EACH_PARENT, (
            day("due on", "By when did you plan to be in touch?", "17 March 2027", required=True),
            day("written on", "When did you write before?", "24 March 2027", required=True),
            day("answer by", "By when would you like an answer?", "14 April 2027", required=True),
        )),
    )
}  # fmt: skip
"""The letters that may be written and worded."""
