"""The invariant as a picture and a number: that nobody fell through, any day; and what the next weeks ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, render_template, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.forms.lists import SightForm
from ehe_portal.casefile.queries import forecast, marks, zeros
from ehe_portal.casefile.queries import register as lists
from ehe_portal.casefile.rules import capacity
from ehe_portal.casefile.rules import sight as rules
from ehe_portal.casefile.rules.sight import BANDS, DRAWN, NEVER, Counted, Stand, ZeroCount
from ehe_portal.core.csvfiles import rows_as_text
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import counted
from ehe_portal.core.jobs import Job
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work

SAMPLE: Final = 9


@dataclass(frozen=True)
class Cell:
    """A number of children, and the address of the list of them; none where there is nobody to list."""

    children: int
    url: str | None


@dataclass(frozen=True)
class Line:
    """One row of the table beside the picture."""

    label: str
    cells: list[Cell]
    together: Cell


@dataclass(frozen=True)
class Proof:
    """The invariant as numbers: how many children of school age there are, where they stand, what must be zero."""

    children: int
    stands: dict[Stand, int]
    zeros: list[ZeroCount]

    @property
    def out_of_sight(self) -> int:
        """How many children nobody can be said to see."""
        return sum(one.count for one in self.zeros if one.zero.key in ("no_state", "two_states"))

    @property
    def is_well(self) -> bool:
        """Whether all that must be zero is."""
        return not any(one.count for one in self.zeros)


def proof_of(work: Work, counts: Sequence[Counted], sweep: Job) -> Proof:
    """The numbers of the whole authority."""
    stands = rules.by_stand(counts)
    found = zeros.must_be_zero(work, counts, sweep)
    two_states = next(one.count for one in found if one.zero.key == "two_states")
    return Proof(sum(stands.values()) - stands[Stand.YOUNG] - two_states, stands, found)


def asked_for(work: Work) -> tuple[SightForm, marks.Shown, dict[str, Any]]:
    """Whose marks the address asks for: as a form, for the query, and as it stands in other addresses."""
    form = SightForm()
    advisers = {one.reference: one for one in accounts.advisers(work)}
    form.adviser.choices = [
        Choice(lists.TEAM, "With the team"),
        *(Choice(reference, one.name) for reference, one in advisers.items()),
    ]
    form.validate()
    return form, form.shown({reference: one.id for reference, one in advisers.items()}), form.asked()


def show(work: Work, sweep: Job) -> Any:
    """The picture, the table, the counts that must be zero, and the forecast."""
    form, shown, kept = asked_for(work)
    everyone = marks.tally(work)
    proof = proof_of(work, everyone, sweep)
    counts = marks.tally(work, shown) if kept else everyone
    stands = rules.by_stand(counts)
    weeks = forecast.weeks(work, work.scope.authority_id or 0)
    return render_template(
        "casefile/in_sight.html",
        form=form,
        kept=kept,
        proof=proof,
        closed=Stand.CLOSED,
        young=Stand.YOUNG,
        field=rules.field_of(counts, work.today),
        stands=[
            (stand, Cell(stands[stand], listed(kept, stand))) for stand in DRAWN if stands[stand] or stand not in NEVER
        ],
        samples={stand: sample(stand) for stand in DRAWN},
        words=in_words(stands),
        table=table_of(counts, work, kept),
        columns=DRAWN,
        width=rules.WIDTH,
        axis=rules.AXIS,
        weeks=weeks,
        bars=capacity.bars(weeks),
        bar_week=capacity.BAR_WEEK,
        bar_height=capacity.BAR_HEIGHT,
        over=capacity.in_words(weeks),
    )


def sample(stand: Stand) -> str:
    """The outline of one mark by itself, for the key of the picture."""
    one = rules.mark(stand, SAMPLE)
    return f"M{one.x} {one.y}{one.outline}"


def listed(kept: dict[str, Any], stand: Stand | None, since: str | None = None) -> str:
    """The address of the register's list of those who stand so, of all with a mark where `stand` is None."""
    asked: dict[str, Any] = {"state": "all", "stand": lists.ANYONE if stand is None else stand.value, "since": since}
    return url_for("register.children", **(kept | {name: value for name, value in asked.items() if value}))


def table_of(counts: Sequence[Counted], work: Work, kept: dict[str, Any]) -> list[Line]:
    """The picture as a table: how many stand where in each band, and together."""
    bands = rules.by_band(counts, work.today)

    def cell(children: int, stand: Stand | None, since: str | None) -> Cell:
        return Cell(children, listed(kept, stand, since) if children else None)

    lines = [
        Line(
            band.label,
            [cell(bands[band.key][stand], stand, band.key) for stand in DRAWN],
            cell(sum(bands[band.key].values()), None, band.key),
        )
        for band in BANDS
    ]
    sums = {stand: sum(theirs[stand] for theirs in bands.values()) for stand in DRAWN}
    together = [cell(sums[stand], stand, None) for stand in DRAWN]
    return [*lines, Line("Together", together, cell(sum(sums.values()), None, None))]


def in_words(stands: dict[Stand, int]) -> str:
    """What the picture shows, for those who do not see it."""
    said = [f"{stand.label.lower()}: {stands[stand]:,}" for stand in DRAWN if stands[stand]]
    total = sum(stands[stand] for stand in DRAWN)
    if not total:
        return "No children."
    children = counted(total, "child", "children")
    return f"{children}, from left to right by weeks since the last contact. {'; '.join(said)}"


def statement(work: Work, sweep: Job) -> Any:
    """The same numbers on a sheet of paper, with the date and room for a name."""
    return render_template(
        "casefile/in_sight_statement.html",
        proof=proof_of(work, marks.tally(work), sweep),
        made_at=work.at,
        young=Stand.YOUNG,
    )


def counts_file(work: Work, sweep: Job) -> Any:
    """The numbers as a file: counts only, nobody's."""
    counts = marks.tally(work)
    proof, bands = proof_of(work, counts, sweep), rules.by_band(counts, work.today)
    rows = [["date", "count", "last_contact", "children"]]
    on = work.today.isoformat()
    rows += [[on, "children of compulsory school age", "", str(proof.children)]]
    rows += [[on, f"must be zero: {one.zero.words}", "", str(one.count)] for one in proof.zeros]
    rows += [[on, stand.value, band.key, str(bands[band.key][stand])] for stand in DRAWN for band in BANDS]
    rows += [[on, Stand.CLOSED.value, "", str(proof.stands[Stand.CLOSED])]]
    name = f"in-sight-{on}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(rows_as_text(rows), mimetype="text/csv", headers=headers)


def sight_pages(sweep: Job) -> Pages:
    """The pages; `sweep` is the job of which they say whether it is late."""
    pages = Pages("sight", __name__, url_prefix="/in-sight")

    @pages.page("", needs=Permission.SIGHT_READ)
    def in_sight(work: Work) -> Any:
        """The picture and the numbers."""
        return show(work, sweep)

    @pages.page("/statement", needs=Permission.SIGHT_READ)
    def printed(work: Work) -> Any:
        """The numbers on paper."""
        return statement(work, sweep)

    @pages.page("/counts.csv", needs=Permission.SIGHT_READ)
    def counts_csv(work: Work) -> Any:
        """The numbers as a file."""
        return counts_file(work, sweep)

    return pages
