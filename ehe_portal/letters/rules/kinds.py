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

WHY: Final = words("reasons", "Why?", "We were shown a few pages of work from last spring.", required=True)
TIME: Final = (
    line("period", "How long is there to answer?", "15 days", required=True),
    day("posted on", "When is it posted?", "3 March 2027", required=True),
    day("served on", "When does it count as served if it is posted then?", "5 March 2027", required=True),
    day("last day", "What is then the last day to answer?", "19 March 2027", required=True),
)
SCHOOL: Final = line("school", "Which school does it name?", "Fordwell Academy", required=True)
OTHERS: Final = points("other schools", "Which other schools may be chosen instead?", "St Aldhelm’s School")
CONDITIONS: Final = points(
    "conditions", "Which conditions does it rest on?",
    "Condition A: it appears that the child is not receiving a suitable education, at school or otherwise",
    required=True,
)  # fmt: skip
TO_SHOW: Final = line(
    "what to show", "Of what does it ask to be satisfied?", "that Sam is receiving a suitable education", required=True
)
ON_A_PARENT: Final = "A parent or carer on whom it is served"


def under(section: str) -> Placeholder:
    """The section under which a document is, such as this one."""
    return line("section", "Under which section is it?", section, required=True)


def notice(key: str, title: str, section: str, *more: Placeholder, time: str = "") -> Kind:
    """A document under an Act, made by the step of a case that it tells of and by nothing else. `section` and `time`
    are the sections that its example quotes: the second gives the time to answer, if there is one."""
    timed = (line("time section", "Which section gives the time?", time, required=True), *TIME) if time else ()
    return Kind(key, title, ON_A_PARENT, (under(section), WHY, *timed, *more), statutory=True, by_hand=False)


NOTICES: Final = (
    notice("order-notice", "Notice to satisfy the council about the education", "section 437(1)",
           time="section 437(2)"),
    notice("order-preliminary", "Preliminary notice about the education", "section 436H", CONDITIONS, TO_SHOW,
           time="section 436H(10)(c)"),
    notice("order-intention", "Notice of intention to serve a school attendance order", "section 438", SCHOOL, OTHERS,
           time="section 438"),
    notice("order-nomination", "School nomination notice", "section 436L", SCHOOL, OTHERS, time="section 436L(3)"),
    notice("order-made", "School attendance order", "section 437(3)", SCHOOL),
    notice("order-amended", "School attendance order amended", "section 440", SCHOOL),
    notice("order-revoked", "School attendance order revoked", "section 442"),
    notice("order-not-revoked", "School attendance order not revoked", "section 442"),
    notice("order-request", "Request for information for the register", "section 436D", time="section 436D"),
    notice("order-consent", "Consent to withdraw from school", "section 434A"),
    notice("order-no-consent", "Consent to withdraw from school refused", "section 434A"),
    Kind("order-satisfied", "Satisfied about the education: nothing more is asked", ON_A_PARENT,
         (under("section 437(3)"), WHY),
         by_hand=False),
)  # fmt: skip
"""What is served in cases of notices and orders, and what tells of their good end."""

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
        Kind("contact-soon", "We would like to hear from you: before the day", EACH_PARENT, (
            day("due on", "By when would you like to hear from them?", "17 March 2027", required=True),
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
        *NOTICES,
    )
}  # fmt: skip
"""The letters that may be written and worded."""
