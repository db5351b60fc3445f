"""The invariant as a picture: where a child stands, how long since anyone was in contact, where its mark goes. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ehe_portal.core.codes import Code


class Stand(Code):
    """Where a child stands, in the order of the picture: what is nearest to being lost stands lowest."""

    OUT = "out", "Out of sight"
    UNANSWERED = "unanswered", "Lapsed, no alert open"
    LAPSED = "lapsed", "Lapsed, alert open"
    ENQUIRY = "enquiry", "Enquiry open"
    OVERDUE = "overdue", "Overdue, in days of grace"
    SOON = "soon", "Due within 4 weeks"
    CONTACT = "contact", "In contact"
    OTHER = "other", "Another arrangement"
    YOUNG = "young", "Not yet of school age"
    CLOSED = "closed", "Closed, destination confirmed"


DRAWN: Final = tuple(stand for stand in Stand if stand is not Stand.CLOSED)
"""Who has a mark: everyone but those whose destination someone confirmed."""

NEVER: Final = (Stand.OUT, Stand.UNANSWERED)
"""Where nobody may ever stand."""

SOON_DAYS: Final = 28


@dataclass(frozen=True)
class Band:
    """How long since the last contact, in days, both ends included; without `to` there is no end."""

    key: str
    label: str
    since: int
    to: int | None

    def days(self, today: date) -> tuple[date | None, date]:
        """The first and the last day of a last contact in this band; of the longest there is no first."""
        first = None if self.to is None else today - timedelta(days=self.to)
        return first, today - timedelta(days=self.since)


BANDS: Final = (
    Band("4-weeks", "Up to 4 weeks", 0, 28),
    Band("3-months", "4 weeks to 3 months", 29, 91),
    Band("6-months", "3 to 6 months", 92, 182),
    Band("9-months", "6 to 9 months", 183, 273),
    Band("12-months", "9 to 12 months", 274, 365),
    Band("15-months", "12 to 15 months", 366, 455),
    Band("18-months", "15 to 18 months", 456, 545),
    Band("longer", "Over 18 months", 546, None),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many children stand so, with the last contact, or without any the opening, on a day; None where neither is."""

    since_on: date | None
    stand: Stand
    children: int

    def days(self, today: date) -> int:
        """How many days ago that is. Where nobody knows it is as long as can be."""
        return BANDS[-1].since if self.since_on is None else max((today - self.since_on).days, 0)


def band_of(days: int) -> Band:
    """The band of a number of days, which is not negative."""
    return next(band for band in BANDS if band.to is None or days <= band.to)


def by_stand(counts: Iterable[Counted]) -> dict[Stand, int]:
    """How many children stand where, nobody included."""
    found: Counter[Stand] = Counter()
    for each in counts:
        found[each.stand] += each.children
    return {stand: found[stand] for stand in Stand}


def by_band(counts: Iterable[Counted], today: date) -> dict[str, dict[Stand, int]]:
    """How many children with a mark stand where in each band."""
    found: dict[str, Counter[Stand]] = {band.key: Counter() for band in BANDS}
    for each in counts:
        if each.stand is not Stand.CLOSED:
            found[band_of(each.days(today)).key][each.stand] += each.children
    return {key: {stand: theirs[stand] for stand in DRAWN} for key, theirs in found.items()}


# The picture: a column for each week since the last contact, one wide one for all that is longer. In a column the
# marks stand in rows, several to a row where there are many children, so that the picture keeps its shape.

WEEKS: Final = 78
LAST_IS_WIDE: Final = 4
COLUMN: Final = 12
HIGHEST: Final = 260
LOWEST: Final = 72
LEFT: Final = 4
WIDTH: Final = LEFT * 2 + COLUMN * (WEEKS + LAST_IS_WIDE)
SHARES: Final = (1, 2, 3, 4, 6)
"""Into how many a column may be divided; each divides its width without a rest."""


@dataclass(frozen=True)
class Mark:
    """The outline of a mark that fills a square: from a place `x` to the right and `y` down of its lower left corner,
    and back to that place. One that is nothing but a point is drawn as its line's end."""

    x: int
    y: int
    outline: str


def mark(stand: Stand, size: int) -> Mark:
    """Each state has a shape of its own; which is filled and which is not stands in the style sheet."""
    half = max(size // 2, 1)
    square = f"h{size}v-{size}h-{size}z"
    if stand in (Stand.CONTACT, Stand.OVERDUE):  # a dot, a square: the most common, so the shortest to write
        return Mark(half, -half, "h0")
    if stand is Stand.SOON:  # a lozenge
        return Mark(0, -half, f"l{half}-{half} {half} {half}-{half} {half}z")
    if stand in (Stand.LAPSED, Stand.OTHER):  # a triangle
        return Mark(0, 0, f"h{2 * half}l-{half}-{size}z")
    if stand is Stand.ENQUIRY:  # a triangle on its head
        return Mark(0, -size, f"h{2 * half}l-{half} {size}z")
    if stand is Stand.OUT:  # a cross
        return Mark(0, 0, f"l{size}-{size}m0 {size}l-{size}-{size}m0 {size}")
    if stand is Stand.UNANSWERED:  # a square with a line through it
        return Mark(0, 0, f"{square}l{size}-{size}m-{size} {size}")
    return Mark(0, -half, f"h{size}m-{size} 0")  # a line: nothing is due yet


@dataclass(frozen=True)
class Field:
    """The picture: the outlines of all marks of each state. `size` is that of a mark, `height` that of the picture."""

    outlines: dict[Stand, str]
    height: int
    size: int


def field_of(counts: Iterable[Counted], today: date) -> Field:
    """Lay out a mark for each child, those of a week together and in it by state."""
    weeks: dict[int, Counter[Stand]] = defaultdict(Counter)
    for each in counts:
        if each.stand is not Stand.CLOSED:
            weeks[min(each.days(today) // 7, WEEKS)][each.stand] += each.children
    crowds = {week: sum(theirs.values()) for week, theirs in weeks.items()}
    share = next((one for one in SHARES if height_of(crowds, one) <= HIGHEST), SHARES[-1])
    height, step = max(height_of(crowds, share), LOWEST), COLUMN // share
    size = step - max(step // 4, 1)
    marks = {stand: mark(stand, size) for stand in DRAWN}
    outlines: dict[Stand, list[str]] = {stand: [] for stand in DRAWN}
    for week, theirs in weeks.items():
        place = Column(LEFT + week * COLUMN, height - 2, step, in_a_row(week, share))
        stood = 0
        for stand in DRAWN:
            outlines[stand] += place.rows(marks[stand], stood, stood + theirs[stand])
            stood += theirs[stand]
    return Field({stand: "".join(parts) for stand, parts in outlines.items()}, height, size)


def in_a_row(week: int, share: int) -> int:
    """How many marks stand in a row of a week's column."""
    return share * LAST_IS_WIDE if week == WEEKS else share


def height_of(crowds: Mapping[int, int], share: int) -> int:
    """How high the picture is where columns are divided into so many."""
    return 4 + max((-(-crowd // in_a_row(week, share)) for week, crowd in crowds.items()), default=0) * COLUMN // share


@dataclass(frozen=True)
class Column:
    """Where the marks of one week stand: `left` and `base` are the lower left corner."""

    left: int
    base: int
    step: int
    in_a_row: int

    def rows(self, one: Mark, start: int, end: int) -> list[str]:
        """The marks from the place `start` up to, but not at, the place `end`, row by row."""
        found = []
        next_one = f"{one.outline}m{self.step} 0"
        while start < end:
            row, place = divmod(start, self.in_a_row)
            here = min(self.in_a_row - place, end - start)
            x, y = self.left + place * self.step + one.x, self.base - row * self.step + one.y
            found.append(f"M{x} {y}{next_one * (here - 1)}{one.outline}")
            start += here
        return found


AXIS: Final = tuple(
    (LEFT + days * COLUMN // 7, words)
    for days, words in (
        (0, "Now"),
        (91, "3 months"),
        (182, "6 months"),
        (274, "9 months"),
        (365, "A year"),
        (456, "15 months"),
        (546, "Over 18 months"),
    )
)
"""Where the words under the picture stand, and what they say."""


# What must be zero


@dataclass(frozen=True)
class Zero:
    """A count that must be 0: what is counted, what it means where it is not, and what to do then.

    Where `of_escalations` says so, the references beside it are those of escalations, otherwise of children.
    """

    key: str
    words: str
    meaning: str
    to_do: str
    of_escalations: bool = False


ZEROS: Final = (
    Zero(
        "no_state",
        "Children in no state",
        "They have no open episode with a clock and a named adviser, no enquiry, no other arrangement under review and "
        "no confirmed destination.",
        "Open each child: name an adviser, review the arrangement, or record where the child is.",
    ),
    Zero(
        "two_states",
        "Children in two states",
        "Two records of one child say different things.",
        "Open each child and close what is not so.",
    ),
    Zero(
        "unanswered",
        "Lapsed without an open escalation",
        "Contact has lapsed, and nobody has been asked to find out why.",
        "Run the sweep (flask jobs run lapse-overdue-contact), and tell whoever runs the portal.",
    ),
    Zero(
        "undelivered",
        "Alerts that cannot be delivered",
        "An alert was tried and has not left. It goes on being tried.",
        "Tell the officers yourself, then check their addresses and the mail server.",
        of_escalations=True,
    ),
    Zero(
        "nobody_told",
        "Escalations of which nobody was told",
        "There was nobody to alert when they were raised.",
        "Give someone the role of CME officer, and go through the queue now.",
        of_escalations=True,
    ),
    Zero(
        "with_team",
        "Episodes with the team for too long",
        "No adviser has been named within the days that the authority allows.",
        "Give each of these children an adviser.",
    ),
    Zero(
        "sweep_late",
        "Sweeps that are late",
        "What lapsed since the last sweep has not been noticed.",
        "Tell whoever runs the portal that the jobs do not run (flask jobs serve).",
    ),
    Zero(
        "sweep_failed",
        "Cases that the last sweep could not do",
        "They are tried again at the next sweep.",
        "Tell whoever runs the portal; until then look at what is overdue on the register.",
    ),
)


@dataclass(frozen=True)
class ZeroCount:
    """One of these counts today, and what it is about, as far as is listed."""

    zero: Zero
    count: int
    about: Sequence[str] = ()
