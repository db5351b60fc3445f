"""The calendar: an adviser's week and month, the team's week, and the private address for calendars of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts import service as account_service
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.accounts.queries import Officer
from ehe_portal.casefile.forms.calendar import WhoseForm
from ehe_portal.casefile.queries import calendar as queries
from ehe_portal.casefile.queries.calendar import Booked, Fed
from ehe_portal.casefile.rules.calendar import Shown, Stretch, absence_words, asked_day, hours_words, stretch_of
from ehe_portal.contact.models import VisitState, status_of
from ehe_portal.core.govuk import Choice
from ehe_portal.core.invitations import Entry
from ehe_portal.core.invitations import feed as written_feed
from ehe_portal.core.mail import page_address
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import Work
from ehe_portal.notices import service as notices

pages = Pages("calendar", __name__, url_prefix="/calendar")
COLOURS = {
    VisitState.OFFERED: "blue",
    VisitState.ACCEPTED: "green",
    VisitState.ANOTHER_TIME: "yellow",
    VisitState.ANOTHER_WAY: "yellow",
}
FEED_NAME = "Home education visits"


@dataclass(frozen=True)
class Day:
    """One day of somebody's."""

    on: date
    absences: list[str]
    hours: str
    visits: list[Booked]


@dataclass(frozen=True)
class Row:
    """Somebody's days."""

    officer: Officer
    days: list[Day]


@pages.page("", needs=Permission.CALENDAR_READ)
def show(work: Work) -> Any:
    """Somebody's week or month, or for managers the team's week; the address says whose, which and when."""
    on = asked_day(request.args.get("on"), work.today)
    sees_others = permits(work.actor, Permission.EPISODE_ASSIGN)
    shown = asked_view(sees_others=sees_others)
    stretch = stretch_of(shown, on)
    everyone = seen_officers(work, stretch, sees_others=sees_others)
    chosen = everyone if shown is Shown.TEAM else [whose(work, everyone)]
    here = [one for one in chosen if one is not None]
    visits = queries.booked(work, [one.account.id for one in here], stretch.first, stretch.last)
    adviser = here[0].account.reference if here and shown is not Shown.TEAM else None
    form = WhoseForm(adviser=adviser)
    form.adviser.choices = [Choice(one.account.reference, one.account.name) for one in everyone]

    def leads_to(view: Shown, day: date) -> str:
        return url_for("calendar.show", view=view.value, on=day.isoformat(), adviser=asked_adviser(sees_others))

    return render_template(
        "casefile/calendar.html",
        shown=shown,
        views=[view for view in Shown if sees_others or view is not Shown.TEAM],
        stretch=stretch,
        month=on.month,
        on=on,
        rows=rows_of(here, stretch.days, visits),
        name=here[0].account.name if here else "",
        own=bool(here) and here[0].account.id == work.actor.account_id,
        form=form if sees_others and shown is not Shown.TEAM and everyone else None,
        adviser=adviser,
        leads_to=leads_to,
        colours=COLOURS,
    )


def asked_view(*, sees_others: bool) -> Shown:
    """What the address asks to see; managers begin with the team's week."""
    typed = request.args.get("view", "")
    begins_with = Shown.TEAM if sees_others and "adviser" not in request.args else Shown.WEEK
    asked = Shown(typed) if typed in set(Shown) else begins_with
    return asked if sees_others or asked is not Shown.TEAM else Shown.WEEK


def asked_adviser(sees_others: bool) -> str | None:
    """Whose calendar the address asks for, as it goes on in addresses."""
    return request.args.get("adviser") if sees_others else None


def seen_officers(work: Work, stretch: Stretch, *, sees_others: bool) -> list[Officer]:
    """Whose calendars someone may see: everyone's for managers, else one's own."""
    if sees_others:
        return accounts.officers_with_calendars(work, stretch.first, stretch.last)
    own = (
        None
        if work.actor.account_id is None
        else accounts.officer(work, work.actor.account_id, stretch.first, stretch.last)
    )
    return [] if own is None else [own]


def whose(work: Work, everyone: Sequence[Officer]) -> Officer | None:
    """Whose week or month is shown: whom the address names, oneself, or the first there is."""
    asked = request.args.get("adviser")
    found = [one for one in everyone if one.account.reference == asked]
    own = [one for one in everyone if one.account.id == work.actor.account_id]
    return next(iter([*found, *own, *everyone]), None)


def rows_of(people: Sequence[Officer], days: Sequence[date], visits: Sequence[Booked]) -> list[Row]:
    """The days of these people, with what stands in them."""
    booked: dict[tuple[int, date], list[Booked]] = {}
    for visit in visits:
        booked.setdefault((visit.adviser_id, visit.on_date), []).append(visit)
    return [
        Row(
            one,
            [
                Day(
                    on,
                    absence_words(on, one.hours, one.leave, away=one.account.is_away(on)),
                    hours_words(on, one.hours),
                    booked.get((one.account.id, on), []),
                )
                for on in days
            ],
        )
        for one in people
    ]


# For calendars of one's own


@pages.page("/feed/<string:token>.ics", needs=Anyone)
def feed(work: Work, token: str) -> Any:
    """The visits of whoever made this address: times and links, no names, no places."""
    found = accounts.feed_behind(work, token)
    if found is None:
        abort(404)
    behind, _ = found
    if accounts.was_read_too_often(work, behind):
        abort(429)
    account_service.note_feed_read(work, behind)
    answer = Response(
        written_feed(FEED_NAME, [entry_of(one) for one in queries.fed(work, behind)]), mimetype="text/calendar"
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'attachment; filename="visits.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def entry_of(one: Fed) -> Entry:
    """A visit as an entry; it has the same name as in an invitation by mail."""
    return Entry(
        uid=notices.uid_of(one.reference),
        sequence=one.version,
        status=status_of(one.state),
        summary=notices.summary_of(one.kind),
        on_date=one.on_date,
        at_time=one.at_time,
        minutes=one.minutes,
        link=page_address(notices.STAFF_PAGE, reference=one.child_reference, visit_reference=one.reference),
        stamped_at=one.offered_at,
    )
