"""The clocks of notices and orders that run in the whole authority, by their last day."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from ehe_portal.accounts.policy import Permission
from ehe_portal.core.web import LARGEST_KEY, Pages
from ehe_portal.core.work import Work
from ehe_portal.orders import queries
from ehe_portal.orders.forms import ClocksForm
from ehe_portal.orders.models import Whose

pages = Pages("order_clocks", __name__, url_prefix="/orders")


def place_asked() -> queries.Place | None:
    """From where the address says that the list goes on; None where it says nothing that could be."""
    day, _, number = request.args.get("after", "").partition(".")
    try:
        place = queries.Place(date.fromisoformat(day), int(number))
    except ValueError:
        return None
    return place if 0 < place.id <= LARGEST_KEY else None


@pages.page("", needs=Permission.ORDER_READ)
def running(work: Work) -> Any:
    """Every clock that runs: whose time it is, what it is for, and its last day."""
    form = ClocksForm()
    form.validate()
    whose: Whose | None = form.whose.data
    lines, after = queries.clocks(work, whose, place_asked())
    next_url = None
    if after is not None:
        place = f"{after.on.isoformat()}.{after.id}"
        next_url = url_for("order_clocks.running", whose=whose.value if whose else None, after=place)
    return render_template("orders/running.html", form=form, lines=lines, next_url=next_url, whose=Whose)
