"""What each law lets a council do, step by step, as dated data: the files beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ehe_portal.orders.rules.codes import Document, Plan, Route, StepCode, Whose

FOLDER: Final = Path(__file__).parent
UNITS: Final = ("days", "school-days", "months")
ASKED: Final = frozenset(
    {
        "school",
        "excluded",
        "alternatives",
        "plan",
        "considered",
        "grounds",
        "appeared_on",
        "determined_on",
        "condition",
        "applied_on",
        "refusal",
    }
)
"""What a step may ask for besides reasons."""


@dataclass(frozen=True)
class Period:
    """So many days, school days or months. With `first` 0 it begins with the day from which it is counted, with 1 with
    the day after. `whose` is who has it to answer; `since` says from what the council's own time is counted: a day that
    was written down, or `period`, the last day of the answer before.
    """

    number: int
    unit: str
    section: str
    first: int = 0
    whose: Whose = Whose.COUNCIL
    since: str = ""

    @property
    def words(self) -> str:
        """How long it is, in words."""
        unit = self.unit.replace("-", " ")
        return f"{self.number} {unit.removesuffix('s') if self.number == 1 else unit}"


@dataclass(frozen=True)
class Edge:
    """What may come next. With `waits` not before the time to answer is over; `plan` and `plan_not` narrow it by what
    was written down about the child's EHC plan."""

    step: StepCode
    waits: bool = False
    plan: Plan | None = None
    plan_not: Plan | None = None

    def fits(self, plan: Plan) -> bool:
        """Whether it is open to a child with such a plan."""
        return (self.plan is None or self.plan is plan) and self.plan_not is not plan


@dataclass(frozen=True)
class Step:
    """One step. `letter` is the kind of letter that is made of it, `served` whom its document goes to; `answer` the
    time that they then have; `act` by when the council itself must have served it; `considers` all that the council has
    to consider before it."""

    code: StepCode
    section: str
    letter: str = ""
    asks: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    document: Document | None = None
    answer: Period | None = None
    act: Period | None = None
    next: tuple[Edge, ...] = ()
    ends: bool = False
    considers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """One route with its steps, and the `line` that it usually takes. `again` is how long after the last one another
    may begin, where that ended with `again_after`, if this is named; `yearly` within what time of the last one there is
    to be another. `electronic` is `consent`, or `any` where the law lets a document be served in any other effective
    way too. `lasts` is the section by which an order ends with compulsory school age, `penalty` what a court can do
    where it is broken."""

    code: Route
    name: str
    begins: StepCode
    rests_on: str
    electronic: str
    law: str
    steps: Mapping[StepCode, Step]
    line: tuple[StepCode, ...] = ()
    again: Period | None = None
    yearly: Period | None = None
    again_after: StepCode | None = None
    lasts: str = ""
    penalty: str = ""


@dataclass(frozen=True)
class Law:
    """What one law says of notices and orders, as it was read on a day."""

    code: str
    checked_on: date
    post_working_days: int
    ways: Mapping[Route, Way]


def a_period(said: dict[str, Any] | None, file: str) -> Period | None:
    """A period from its table. Raises ValueError for a unit that nobody counts."""
    if said is None:
        return None
    if said["unit"] not in UNITS:
        raise ValueError(f"{file}: a period is in {', '.join(UNITS)}")
    whose = Whose(said.get("whose", Whose.COUNCIL))
    return Period(**{**said, "whose": whose})


def an_edge(said: dict[str, Any]) -> Edge:
    """What may come next, from its table."""
    plans = {name: Plan(said[name]) for name in ("plan", "plan_not") if name in said}
    return Edge(StepCode(said["step"]), said.get("waits", False), **plans)


def a_step(said: dict[str, Any], file: str) -> Step:
    """A step from its table. Raises ValueError where it asks for what nobody can answer."""
    if not set(said.get("asks", ())) <= ASKED:
        raise ValueError(f"{file}: {said['code']} asks for something unknown")
    return Step(
        code=StepCode(said["code"]),
        section=said["section"],
        letter=said.get("letter", ""),
        asks=tuple(said.get("asks", ())),
        served=tuple(said.get("served", ())),
        document=Document(said["document"]) if "document" in said else None,
        answer=a_period(said.get("answer"), file),
        act=a_period(said.get("act"), file),
        next=tuple(an_edge(one) for one in said.get("next", ())),
        ends=said.get("ends", False),
        considers=tuple(said.get("considers", ())),
    )


def a_way(said: dict[str, Any], file: str) -> Way:
    """A route from its table. Raises ValueError where a step leads to none."""
    steps = {step.code: step for step in (a_step(one, file) for one in said["step"])}
    begins = StepCode(said["begins"])
    line = tuple(StepCode(one) for one in said["line"])
    if said["electronic"] not in ("consent", "any"):
        raise ValueError(f"{file}: electronic service is by consent, or any")
    named = {edge.step for step in steps.values() for edge in step.next} | {begins, *line}
    if not named <= set(steps):
        raise ValueError(f"{file}: {said['code']} leads to a step that is not there")
    return Way(
        code=Route(said["code"]),
        name=said["name"],
        begins=begins,
        rests_on=said["rests_on"],
        electronic=said["electronic"],
        law=said["law"],
        steps=steps,
        line=line,
        again=a_period(said.get("again"), file),
        yearly=a_period(said.get("yearly"), file),
        again_after=StepCode(said["again_after"]) if "again_after" in said else None,
        lasts=said.get("lasts", ""),
        penalty=said.get("penalty", ""),
    )


def read_law(file: Path) -> Law:
    """A law from its file. Raises ValueError where it is not one."""
    said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    ways = {way.code: way for way in (a_way(one, file.name) for one in said.pop("route"))}
    return Law(**said, ways=ways)


LAWS: Final = {law.code: law for law in map(read_law, sorted(FOLDER.glob("*.toml")))}
"""What each profile of the law (see the policy slice) says of notices and orders."""
