"""What a family reads about what was served on it: what it asks, how to answer, what happens then. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ehe_portal.orders.rules.codes import Ground, StepCode


@dataclass(frozen=True)
class Plainly:
    """A document in plain words."""

    title: str
    says: str
    answer: str
    then: str


SHOW: Final = (
    "You choose how: in writing, with samples of work, in a call, or at a meeting in any place that suits you. "
    "The law sets no timetable, no curriculum and no hours. You do not have to let anyone in."
)
PICK: Final = (
    "Tell us which of the schools you would like, or apply to another school and tell us. You can still show us "
    "that the education is suitable."
)
ORDERED: Final = (
    "You can ask us to name another school that has offered a place, or to revoke the order because the education is "
    "suitable without it. If we say no, you can ask the Secretary of State for Education to look at it."
)
CONDITIONS: Final = {
    Ground.UNSUITABLE: "Condition A: it appears that the child is not receiving a suitable education, at school or "
    "otherwise",
    Ground.CARE: "Condition B: there are enquiries or there is action under section 47 of the Children Act 1989, or "
    "there was such action in the last five years; the child does not go to school regularly; and it would be in the "
    "child’s best interests to do so",
    Ground.FIRST: "Condition C: we asked for information for the register (section 436D(1)), and it was not given in "
    "time or was not correct",
    Ground.LATER: "Condition D: information about a registered child (section 436D(2)) was not given in time or was "
    "not correct",
}
"""The conditions of section 436H, as a preliminary notice has to state them (s.436H(10)(a))."""


def to_show(grounds: Collection[Ground], name: str) -> str:
    """What a preliminary notice requires a parent to satisfy the council of (s.436H(3))."""
    wanted = []
    if set(grounds) - {Ground.CARE}:
        wanted.append(f"that {name} is receiving a suitable education")
    if Ground.CARE in grounds:
        wanted.append(f"that {name} is receiving education that is in {name}’s best interests")
    return ", and ".join(wanted)


A_PERSON: Final = "A person reads what you send and decides. Nothing happens by itself when the day has passed."
REFERRED: Final = "If you do not agree, you can ask the Secretary of State for Education to look at it."

PLAINLY: Final = {
    StepCode.NOTICE: Plainly(
        "Notice about your child’s education",
        "From what we were shown or told, it looks as if the education may not be suitable. The law then asks us to "
        "write to you, so that you can show us that it is.",
        SHOW,
        f"If we are satisfied, it ends there. {A_PERSON}",
    ),
    StepCode.PRELIMINARY: Plainly(
        "Preliminary notice about your child’s education",
        "The notice says why we wrote, and what we ask you to show or tell us.",
        SHOW,
        f"If what the notice asks is met, it ends there. {A_PERSON}",
    ),
    StepCode.INTENTION: Plainly(
        "We intend to serve a school attendance order",
        "The notice names a school, and perhaps others, for you to choose from.",
        PICK,
        f"After the last day we may serve an order that names a school. {A_PERSON}",
    ),
    StepCode.NOMINATION: Plainly(
        "School nomination notice",
        "The notice names a school, and perhaps others, for you to choose from.",
        PICK,
        f"After that we may serve an order that names a school. {A_PERSON}",
    ),
    StepCode.ORDER: Plainly(
        "School attendance order",
        "The order asks you to register your child at the school that it names.",
        ORDERED,
        "Not doing what an order asks can be an offence, unless your child gets a suitable education in another way.",
    ),
    StepCode.AMEND: Plainly(
        "School attendance order: another school",
        "The order now names another school.",
        ORDERED,
        "Not doing what an order asks can be an offence, unless your child gets a suitable education in another way.",
    ),
    StepCode.REVOKE: Plainly(
        "School attendance order revoked",
        "The order no longer holds.",
        "You do not have to answer.",
        "Nothing more is asked of you because of the order.",
    ),
    StepCode.REFUSE_REVOCATION: Plainly(
        "School attendance order not revoked",
        "You asked us to revoke the order, and we decided not to. The letter says why.",
        REFERRED,
        "The order goes on.",
    ),
    StepCode.CONSENT: Plainly(
        "Consent to withdraw from school",
        "We consent to your child being educated at home.",
        f"You do not have to answer. {REFERRED}",
        "You can tell the school.",
    ),
    StepCode.REFUSE_CONSENT: Plainly(
        "Consent to withdraw from school refused",
        "We do not consent to your child leaving the school to be educated at home. The letter says why.",
        REFERRED,
        "You can also ask us again. We do not have to decide again until six months after the last application.",
    ),
    StepCode.REQUEST: Plainly(
        "Request for information",
        "The law asks us to keep a register up to date. The letter says what we ask you to tell us.",
        "In writing, here or by post, or in a call.",
        "We ask no more often than every three months.",
    ),
}
