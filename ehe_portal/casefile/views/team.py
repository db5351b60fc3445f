"""The team: who has how many children; moving children from adviser to adviser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile import service
from ehe_portal.casefile.forms.handing_over import TICKED, FilterForm, MoveForm, PickForm, ToWhomForm, with_load
from ehe_portal.casefile.queries import team as queries
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import counted
from ehe_portal.core.school_age import year_group, year_group_name
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register import service as registers
from ehe_portal.register.queries import TEAM, Chosen, Moving, MovingLine

pages = Pages("team", __name__, url_prefix="/team")
CHANGED = "Enter your choice again: some of these children were changed by someone else while you were reading"


@dataclass(frozen=True)
class Share:
    """What one adviser, or the team, would be given."""

    name: str
    warning: str
    has_now: int
    gets: int

    @property
    def will_have(self) -> int:
        """How many that makes."""
        return self.has_now + self.gets


@pages.page("", needs=Permission.EPISODE_ASSIGN)
def load(work: Work) -> Any:
    """Who has how many children, what needs them, and what is with nobody."""
    loads = queries.team_load(work)
    return render_template(
        "casefile/team.html",
        loads=loads,
        most=max([1, *(one.children for one in loads)]),
        visits=queries.visits_without_anyone(work),
        escalations=queries.escalations_without_anyone(work),
        team=TEAM,
        coming=[one for one in policy.versions(work, work.scope.authority_id or 0) if one.in_force_from > work.today],
    )


def offer_advisers(work: Work, form: ToWhomForm, without: int | None = None) -> list[Account]:
    """Offer the advisers of this authority, but for one; gives them."""
    advisers = [one for one in accounts.advisers(work) if one.id != without]
    loads = register.loads(work)
    labels = {one.id: with_load(one, loads, one.away_words(work.today)) for one in advisers}
    form.offer(advisers, labels, team_days(work))
    return advisers


def team_days(work: Work) -> int:
    """For how many working days the team may have a child."""
    authority = accounts.authority_in_scope(work)
    if authority is None:
        raise Refusal("Select an authority")
    return policy.in_force(work, authority.id, work.today).values.team_queue_days


def filters(work: Work) -> tuple[FilterForm, Chosen, dict[str, Any]]:
    """Which children the address asks for: as a form, as a question, and as it goes on in addresses."""
    form = FilterForm()
    # Those who have left may still have children, so all who have any are offered.
    having = [one for one in queries.team_load(work) if one.reference is not None]
    form.adviser.choices = [Choice(TEAM, "With the team"), *(Choice(one.reference, one.name) for one in having)]
    form.validate()
    kept = {
        "adviser": form.adviser.data,
        "tier": form.tier.data.value if form.tier.data else None,
        "year": form.year.data,
        "postcode": form.postcode.data.upper() or None,
    }
    prefixes = registers.postcode_prefixes(form.postcode.data)
    if form.postcode.data and not prefixes:
        form.postcode.refuse("Enter the beginning of a postcode, like BH or BH16")
    which = Chosen(
        adviser=form.adviser.data,
        tier=form.tier.data,
        prefixes=tuple(prefixes),
        year=int(form.year.data) if form.year.data else None,
    )
    return form, which, {name: value for name, value in kept.items() if value}


@pages.page("/move", methods=["GET", "POST"], needs=Permission.EPISODE_ASSIGN)
def move(work: Work) -> Any:
    """Choose children, and who should have them."""
    asked, which, kept = filters(work)
    lines = [] if asked.problems else register.moving_lines(work, which)
    how_many = register.how_many(work, which) if lines else 0
    form = PickForm(prefix="pick")
    form.offer_children([as_choice(one, work.today) for one in lines[: register.SHOWN]], how_many)
    offer_advisers(work, form)
    if form.validate_on_submit():
        ticked = form.child.data if form.which.data == TICKED else []
        return redirect(url_for("team.check", **kept, child=ticked, how=form.how.data, to=form.references()))
    return render_template(
        "casefile/move.html",
        filters=asked,
        kept=kept,
        form=form,
        how_many=how_many,
        shown=register.SHOWN,
    )


def as_choice(one: MovingLine, today: date) -> Choice:
    """A child to be ticked: the name, and what tells whether to."""
    year = year_group_name(year_group(one.date_of_birth, today))
    facts = (year, f"{one.tier.label} tier", one.postcode, one.adviser or "With the team")
    return Choice(one.reference, one.name, ", ".join(fact for fact in facts if fact))


@pages.page("/move/check", methods=["GET", "POST"], needs=Permission.EPISODE_ASSIGN)
def check(work: Work) -> Any:
    """Look at what would move to whom, and move it."""
    asked, which, kept = filters(work)
    ticked = tuple(request.args.getlist("child")[: register.SHOWN])
    wanted = request.args.getlist("to")
    advisers = [one for one in accounts.advisers(work) if one.reference in wanted]
    there = {one.id for one in advisers}
    if asked.problems or len(advisers) != len(set(wanted)) or (not advisers) != (request.args.get("how") == TEAM):
        return redirect(url_for("team.move", **kept))
    chosen = Chosen(which.adviser, which.tier, which.prefixes, which.year, ticked)
    children = [one for one in register.moving(work, chosen) if is_elsewhere(one, there)]
    if not children:
        flash("These children are with them already, or nobody matches.", "notice")
        return redirect(url_for("team.move", **kept))
    seal = register.seal_of(children)
    form = MoveForm(seal=seal)
    if form.validate_on_submit():
        with form.refusals():
            if form.seal.data != seal:
                form.seal.data, form.seal.typed = seal, None
                raise Refusal(CHANGED)
            moved = service.move(work, authority_of(work), children, advisers)
            flash(f"{counted(moved, 'child has', 'children have')} been moved. {told_whom(advisers)}")
            return redirect(url_for("team.load"))
    return render_template(
        "casefile/move_check.html",
        form=form,
        children=children,
        shares=shares(work, children, advisers),
        visits=len(service.visits_along(work, children)),
        back=url_for("team.move", **kept),
        team_days=team_days(work),
    )


def is_elsewhere(one: Moving, there: set[int]) -> bool:
    """Whether a child is with none of those who are to get them; for the team, whether anyone has them."""
    return one.adviser_id not in there if there else one.adviser_id is not None


def told_whom(advisers: Sequence[Account]) -> str:
    """Who hears of a move."""
    if not advisers:
        return "They are with the team."
    return "Each adviser is told by mail how many they were given, without names."


def authority_of(work: Work) -> int:
    """The authority whose children these are."""
    if work.scope.authority_id is None:
        raise Refusal("Select an authority")
    return work.scope.authority_id


def shares(work: Work, children: Sequence[Moving], advisers: Sequence[Account]) -> list[Share]:
    """Who would be given how many."""
    has_now, by_id = register.loads(work), {one.id: one for one in advisers}
    found = []
    for adviser_id, share in registers.share_out(work, children, advisers).items():
        adviser = by_id.get(adviser_id) if adviser_id is not None else None
        name = adviser.name if adviser else "The team"
        warning = warning_of(adviser, work.today) if adviser else ""
        found.append(Share(name, warning, has_now.get(adviser_id, 0), len(share)))
    return found


def warning_of(adviser: Account, today: date) -> str:
    """What to think of before children are given to someone; nothing where they are here."""
    if adviser.is_invited:
        return f"{adviser.name} has not accepted the invitation yet. Contacts may fall due before they do."
    away = adviser.away_words(today)
    return f"{adviser.name}: {away[0].lower()}{away[1:]}. Contacts may fall due meanwhile." if away else ""
