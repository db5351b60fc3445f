"""Someone leaves, or does other work: what they have in hand goes to others in the same moment."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission, Role
from ehe_portal.accounts.service import StaffChange
from ehe_portal.casefile import service
from ehe_portal.casefile.forms.handing_over import HandOverForm
from ehe_portal.casefile.service import InHand
from ehe_portal.casefile.views.team import offer_advisers
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import Choice
from ehe_portal.core.govuk.words import counted
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries as escalations
from ehe_portal.register import queries as register

pages = Pages("leaving", __name__, url_prefix="/staff/<string:reference>")
CHANGED = "Enter your choice again: what they have in hand has changed while you were reading"


def wanted_of(account: Account) -> StaffChange:
    """What their account is to say, as the address has it; without anything there, that they cannot sign in."""
    asked = request.args
    roles = {role.value: role for role in Role if role is not Role.PARENT}
    return StaffChange(
        role=roles.get(asked.get("role", ""), account.role),
        is_active=asked.get("is_active") == "yes",
        away_from=day_asked("away_from"),
        away_until=day_asked("away_until"),
    )


def day_asked(name: str) -> date | None:
    """A day in the address; None for none, or for what is no day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@pages.page("/hand-over", methods=["GET", "POST"], needs=Permission.STAFF_MANAGE, on=accounts.staff_by_reference)
def hand_over(work: Work, account: Account) -> Any:
    """Hand over all that someone has, and change their account with it."""
    if request.args.get("version", str(account.version)) != str(account.version):
        flash(
            "Someone changed this account meanwhile. Look at it again, and change what should be different.", "notice"
        )
        return redirect(url_for("staff.change_staff", reference=account.reference))
    wanted, held = wanted_of(account), service.in_hand(work, account)
    seal = register.seal_of(held.children)
    form = HandOverForm(version=account.version, seal=seal)
    advisers = offer_advisers(work, form, without=account.id)
    owners = [one for one in escalations.owners(work, account.authority_id) if one.id != account.id]
    form.owner.choices = [Choice(one.reference, named(one, work.today)) for one in owners]
    finders = [one for one in register.finders(work, account.authority_id) if one.id != account.id]
    form.finder.choices = [Choice(one.reference, named(one, work.today)) for one in finders]
    form.ask_only(children=bool(held.children), owned=bool(held.owned), awaited=bool(held.awaited))
    if form.validate_on_submit():
        with form.refusals():
            if form.seal.data != seal:
                form.seal.data, form.seal.typed = seal, None
                raise Refusal(CHANGED)
            given_to = form.references() if held.children else []
            owner = next((one for one in owners if held.owned and one.reference == form.owner.data), None)
            finder = next((one for one in finders if held.awaited and one.reference == form.finder.data), None)
            moved = service.leave(
                work,
                account,
                wanted,
                form.version.data,
                [one for one in advisers if one.reference in given_to],
                owner,
                finder,
            )
            flash(done(account, moved))
            return redirect(url_for("staff.list_staff"))
    return render_template(
        "casefile/hand_over.html",
        form=form,
        account=account,
        wanted=wanted,
        held=held,
        title=title_of(account, held),
    )


def named(owner: Account, today: date) -> str:
    """Someone who takes over, and whether they are away."""
    away = owner.away_words(today)
    return f"{owner.name}, {owner.role.label}" + (f" ({away[:1].lower()}{away[1:]})" if away else "")


def title_of(account: Account, held: InHand) -> str:
    """What the page is about."""
    if held.children:
        return f"Hand over {counted(len(held.children), 'child', 'children')}"
    if held.owned:
        return "Hand over escalations"
    return "Hand over destinations" if held.awaited else f"Change {account.name}’s account"


def done(account: Account, moved: int) -> str:
    """What has happened."""
    said = f"{account.name}’s account has been changed."
    return f"{said} {counted(moved, 'child has', 'children have')} been handed over." if moved else said
