"""What other policy values would mean for families: before they are set, and while they have not begun to hold."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Authority
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.casefile.forms.effect import ConfirmForm
from ehe_portal.casefile.queries.effect import NAMED, affected_lines
from ehe_portal.contact import service as contact
from ehe_portal.core.web import Pages
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.policy import service as values
from ehe_portal.policy.models import PolicyValues, PolicyVersion

pages = Pages("effect", __name__, url_prefix="/settings/values")


def own_authority(work: Work) -> Authority | None:
    """The authority whose values these are."""
    return accounts.authority_in_scope(work)


def values_asked(latest: PolicyVersion) -> tuple[PolicyValues, date] | None:
    """The values and their day, as the address says them; what it leaves out is as in the latest version. None where
    it does not make sense.
    """
    try:
        other = {name: int(request.args[name]) for name in latest.values.as_json() if name in request.args}
        return PolicyValues(**{**latest.values.as_json(), **other}), date.fromisoformat(request.args["since"])
    except (KeyError, ValueError):
        return None


def shown(work: Work, authority_id: int, wanted: PolicyValues, since: date) -> dict[str, Any]:
    """What the page says of values: numbers for everyone, names for those who may read the register."""
    effect = contact.foresee(work, authority_id, wanted, since, NAMED)
    may_name = permits(work.actor, Permission.CHILD_READ)
    return {
        "effect": effect,
        "since": since,
        "lines": affected_lines(work, effect.affected) if may_name else [],
        "may_name": may_name,
    }


@pages.page("/new/effect", methods=["GET", "POST"], needs=Permission.SETTINGS_CHANGE, on=own_authority)
def preview(work: Work, authority: Authority) -> Any:
    """What the values that were filled in would mean; only from here they are set."""
    latest = policy.versions(work, authority.id)[-1]
    asked = values_asked(latest)
    if asked is None:
        return redirect(url_for("policy.set_values"))
    wanted, since = asked
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.refusals():
            values.set_values(work, authority.id, wanted, since, seen=request.args.get("seen", 0, type=int))
            flash("Values saved. Each child’s next date is worked out anew from the day on which they begin to hold.")
            return redirect(url_for("policy.versions"))
    return render_template("casefile/effect.html", form=form, **shown(work, authority.id, wanted, since))


@pages.page("/<string:since>/effect", needs=Permission.EPISODE_ASSIGN, on=policy.coming_version)
def coming(work: Work, version: PolicyVersion) -> Any:
    """What values that are still to come will mean, for a manager, with the names of those whose date comes forward."""
    return render_template(
        "casefile/effect.html",
        form=None,
        **shown(work, version.authority_id, version.values, version.in_force_from),
    )
